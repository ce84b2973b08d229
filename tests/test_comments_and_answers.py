"""Comments tallied, like wordings offered, and answers to a consultation counted without telling on anyone."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthan.analysis import (
    judge_agreement,
    read_comments,
    read_responses,
    sample_comments,
    sample_responses,
    similar_texts,
)

ANSWERS = "respondent,respondent_type,question,option,stance,text,confidential"


def write(folder: Path, *rows: str) -> Path:
    path = folder / "responses.csv"
    path.write_text("\n".join([ANSWERS, *rows]) + "\n", encoding="utf-8")
    return path


def test_tallies_add_up_and_open_comments_come_first() -> None:
    comments = sample_comments()
    for by in ("respondent", "document", "kind"):
        tally = comments.tally(by)
        assert tally["comments"].sum() == 200
        assert (tally[["clarify", "change", "out_of_scope"]].sum(axis=1) == tally["comments"]).all()
        assert (tally["answered"] + tally["open"] == tally["comments"]).all()
    answers = comments.answers()
    assert answers["answered"].tolist() == sorted(answers["answered"], reverse=True)
    assert set(answers["note"]) == {"", "no place given", "no milestone given"}
    with pytest.raises(ValueError, match="'colour' is none of respondent, document, kind"):
        comments.tally("colour")


def test_comments_with_a_respondent_that_is_an_address_are_set_aside_unseen(tmp_path: Path) -> None:
    path = tmp_path / "comments.csv"
    path.write_text(
        "id,respondent,document,comment,kind\n1,a@b.org,Design,Fine,clarify\n2,Body,Design,write to a@b.org,clarify\n"
    )
    comments = read_comments(path)
    assert comments.table["comment"].isna().tolist() == [True]
    assert comments.quarantine["code"].tolist() == ["personal_text"]
    assert "a@b.org" not in comments.quarantine.to_csv() + comments.notes.to_csv()


def test_like_wordings_are_grouped_and_unlike_ones_left_out() -> None:
    said = pd.Series(
        {
            "a": "Please state the frequency band in which the hub must operate.",
            "b": "We think: please state the frequency band in which the hub must operate",
            "c": "The standing power of the hub should have an upper limit",
            "d": None,
            "e": "  ",
        }
    )
    found = similar_texts(said)
    assert sorted(found["id"]) == ["a", "b"]
    assert found["similarity"].max() == 1
    assert found["confirmed"].eq("").all()


@pytest.mark.parametrize(
    "texts", [pd.Series([], dtype="str"), pd.Series(["alone"]), pd.Series([None, " "], dtype="str")]
)
def test_nothing_to_compare_gives_no_group(texts: pd.Series) -> None:
    assert similar_texts(texts).empty


def test_texts_too_short_for_letters_are_no_fault() -> None:
    assert similar_texts(pd.Series(["?", "!"])).empty


def test_odd_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="threshold: 0 is out of range"):
        similar_texts(pd.Series(["a", "b"]), threshold=0)
    with pytest.raises(ValueError, match="names 'x' twice"):
        similar_texts(pd.Series(["a", "b"], index=["x", "x"]))


def test_the_demonstration_groups_its_themes() -> None:
    groups = sample_comments().similar()
    assert groups["group"].nunique() in range(8, 12)
    assert len(groups) > 190


# Each threshold of the rule, from both sides.
@pytest.mark.parametrize(
    ("agree", "disagree", "answered", "word"),
    [
        (0, 0, 0, "nobody answered"),
        (4, 0, 4, "too few answered"),
        (5, 0, 5, "agreement"),
        (0, 5, 5, "disagreement"),
        (40, 2, 50, "strong agreement"),
        (2, 40, 50, "strong disagreement"),
        (11, 10, 10 + 11, "divided"),
        (55, 45, 100, "weak agreement"),
        (54, 45, 100, "divided"),
        (45, 55, 100, "weak disagreement"),
        (13, 3, 100, "weak agreement"),
        (12, 3, 100, "no clear view"),
        (60, 30, 100, "agreement"),
        (59, 30, 100, "weak agreement"),
        (4, 1, 10, "weak agreement"),
        (0, 0, 20, "no clear view"),
        (25, 25, 100, "divided"),
        (24, 24, 100, "no clear view"),
    ],
)
def test_the_word_follows_the_stated_rule(agree: int, disagree: int, answered: int, word: str) -> None:
    assert judge_agreement(agree, disagree, answered).word == word


def test_the_interval_is_that_of_bonett_and_price() -> None:
    found = judge_agreement(12, 7, 24)
    p, q = 13 / 26, 8 / 26
    half = 1.959964 * np.sqrt((p + q - (p - q) ** 2) / 26)
    assert (found.net, found.lower, found.upper) == pytest.approx((5 / 24, p - q - half, p - q + half), abs=1e-6)


@pytest.mark.parametrize(("agree", "disagree", "answered"), [(-1, 0, 4), (3, 3, 5)])
def test_counts_that_do_not_add_up_are_refused(agree: int, disagree: int, answered: int) -> None:
    with pytest.raises(ValueError, match="do not add up"):
        judge_agreement(agree, disagree, answered)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_turning_the_question_round_turns_the_answer_round(agree: int, disagree: int, neutral: int) -> None:
    there = judge_agreement(agree, disagree, agree + disagree + neutral)
    back = judge_agreement(disagree, agree, agree + disagree + neutral)
    if agree + disagree + neutral:
        assert (there.net, there.lower) == pytest.approx((-back.net, -back.upper))
        assert -1 <= there.lower <= there.upper <= 1
    words = {"agreement": "disagreement", "disagreement": "agreement"}
    assert back.word == " ".join(words.get(part, part) for part in there.word.split())


def test_the_interval_covers_a_truth_that_answers_are_drawn_from() -> None:
    rng = np.random.default_rng(7)
    for chances in ([0.4, 0.3, 0.3], [0.85, 0.1, 0.05], [0.2, 0.75, 0.05]):
        draws = rng.multinomial(20, chances, size=2_000)
        found = [judge_agreement(int(a), int(d), 20) for a, _, d in draws]
        covered = np.mean([f.lower <= chances[0] - chances[2] <= f.upper for f in found])
        assert 0.93 <= covered <= 0.995


def test_counts_of_a_question_add_up_to_all_respondents() -> None:
    tally = sample_responses().tally()
    counts = tally[["strongly_agree", "agree", "neutral", "disagree", "strongly_disagree"]].sum(axis=1)
    assert (counts == tally["answered"]).all()
    assert (counts + tally["no_stance"] + tally["not_answered"] == tally["respondents"]).all()
    assert tally["respondents"].nunique() == 1


def test_an_answer_without_stance_is_not_neutral(tmp_path: Path) -> None:
    tally = read_responses(write(tmp_path, "A,supplier,Q1,,neutral,,false", "B,supplier,Q1,,,words,false")).tally()
    assert tally[["neutral", "no_stance", "answered", "option"]].values.tolist() == [[1, 1, 1, "(none)"]]


def test_what_is_said_twice_or_by_two_kinds_of_body_is_set_aside(tmp_path: Path) -> None:
    rows = [
        "A,supplier,Q1,m,agree,,false",
        "A,supplier,Q1,m,disagree,,false",
        "B,supplier,Q1,,agree,,false",
        "B,supplier,Q1,,agree,,false",
        "C,network,Q1,m,agree,,false",
        "C,supplier,Q2,m,agree,,false",
    ]
    responses = read_responses(write(tmp_path, *rows))
    assert responses.public["respondent"].tolist() == ["B"]
    assert sorted(responses.quarantine["code"]) == ["duplicate", *["duplicate_conflict"] * 4]


def test_questions_and_options_that_do_not_exist_are_named(tmp_path: Path) -> None:
    rows = ["A,supplier,Q1,m,agree,,false", "A,supplier,Q9,x,agree,,false"]
    notes = read_responses(write(tmp_path, *rows), questions={"Q1": "Who decides?"}, options=["m"]).notes
    assert sorted(notes["message"]) == ["option 'x' does not exist", "question 'Q9' does not exist"]


def test_nothing_said_in_confidence_is_shown_anywhere(tmp_path: Path) -> None:
    rows = [f"Body {n},supplier,Q1,m,agree,Reason common to all of us here,false" for n in range(20)]
    rows += [
        "Secret body,supplier,Q1,m,disagree,A most secret reason,true",
        "Secret body,supplier,Q2,m,thoroughly_secret,A most secret reason,true",
        "Secret body,supplier,Q1,m",
    ]
    responses = read_responses(write(tmp_path, *rows))
    shown = [
        *(responses.tally(), responses.by_type(), responses.differences(), responses.silent(), responses.themes()),
        *(responses.public, responses.quarantine, responses.notes),
    ]
    written = "".join(table.to_csv() for table in shown) + repr(responses) + responses._repr_html_()
    assert "ecret" not in written
    assert responses.tally()["answered"].tolist() == [21]


def test_a_small_group_is_hidden_and_cannot_be_worked_out_from_the_totals(tmp_path: Path) -> None:
    rows = [f"S{n},supplier,Q1,m,{'agree' if n < 30 else 'disagree'},,false" for n in range(50)]
    rows += [f"N{n},network,Q1,m,{'agree' if n < 2 else 'disagree'},,false" for n in range(14)]
    table = read_responses(write(tmp_path, *rows)).by_type().set_index(["respondent_type", "side"])
    assert pd.isna(table.loc[("network", "agree"), "respondents"])
    # All who agree stand in the tally, so the suppliers' number would give the networks' away.
    assert pd.isna(table.loc[("supplier", "agree"), "respondents"])
    assert table.loc[("supplier", "total"), "respondents"] == 50


def test_types_apart_are_told_and_small_ones_left_out(tmp_path: Path) -> None:
    rows = [f"S{n},supplier,Q1,m,agree,,false" for n in range(12)]
    rows += [f"N{n},network,Q1,m,disagree,,false" for n in range(12)]
    rows += [f"A{n},academic,Q1,m,disagree,,false" for n in range(3)]
    rows += [f"S{n},supplier,Q2,m,agree,,false" for n in range(12)]
    found = read_responses(write(tmp_path, *rows)).differences()
    assert found[["question", "most", "least", "gap", "apart"]].values.tolist() == [
        ["Q1", "supplier", "network", 2.0, True]
    ]


def test_who_did_not_answer_is_named_only_where_they_may_be(tmp_path: Path) -> None:
    rows = ["A,supplier,Q1,m,agree,,false", "B,supplier,Q2,m,agree,,false", "C,supplier,Q2,m,agree,,true"]
    silent = read_responses(write(tmp_path, *rows)).silent()
    assert silent[["question", "silent", "named", "in_confidence"]].values.tolist() == [
        ["Q1", 2, "B", 1],
        ["Q2", 1, "A", 0],
    ]


def test_a_threshold_below_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="threshold: 0 respondents; give 1 or more"):
        read_responses(write(tmp_path, "A,supplier,Q1,m,agree,,false"), threshold=0)
