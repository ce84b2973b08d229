"""The request to technology providers: what is asked, what comes back, what of it counts, and what was left empty."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.provider_forms import ANSWERS, CLAIMS, DOCUMENT, WHO, fill

from smarthan.analysis import (
    Appraisal,
    ProviderResponses,
    add_judgements,
    copy_appraisal,
    read_appraisal,
    read_request,
    sample_appraisal,
    write_appraisal_template,
    write_demonstration_appraisal,
    write_request,
)
from smarthan.analysis.providers.responses import FILES
from smarthan.tables import FileRefused

APPRAISAL = sample_appraisal()
ASKED = len(APPRAISAL.options) * (len(APPRAISAL.criteria) + len(APPRAISAL.gates))


def read(path: Path, **changes: Any) -> ProviderResponses:
    return read_request(fill(path / "acme.xlsx", APPRAISAL, **changes), APPRAISAL)


def review(responses: ProviderResponses, folder: Path, **said: str) -> Path:
    """Write the claims out, say the same of each, and return the file."""
    file = responses.write(folder) / "claims.csv"
    frame = pd.read_csv(file, dtype="str", keep_default_na=False)
    frame.assign(**said).to_csv(file, index=False)
    return file


def test_the_form_asks_every_option_on_everything(tmp_path: Path) -> None:
    form = write_request(tmp_path / "form.xlsx", APPRAISAL)
    again = write_request(tmp_path / "again.xlsx", APPRAISAL)
    assert form.read_bytes() == again.read_bytes()
    with pytest.raises(FileExistsError):
        write_request(form, APPRAISAL)
    with pytest.raises(ValueError, match="nbpcl is not an option; known: zb24"):
        write_request(tmp_path / "x.xlsx", APPRAISAL, options=["nbpcl"])
    with zipfile.ZipFile(form) as packed:
        text = "".join(packed.read(name).decode() for name in packed.namelist())
    for words in ("SYNTHETIC", "0 to 120, less is better", "Which spectrum", '"none,minor', "laboratory (shown in"):
        assert words in text.replace("building_work,new_cable,minor,none", "none,minor")
    for mark in ('hidden="1"', 'state="hidden"', "<definedName", "<mergeCell ", "<f>", "<hyperlink"):
        assert mark not in text


def test_claims_are_read_and_every_row_is_accounted_for(tmp_path: Path) -> None:
    responses = read(tmp_path)
    claims = responses.claims.set_index(["option", "criterion"])
    assert len(claims) == len(CLAIMS)
    assert set(claims["state"]) == {"received"}
    assert claims.loc[("zb868", "capex"), ["best", "low", "high", "document"]].tolist() == [16.5, 14, 21, "D1"]
    assert claims.loc[("zb868", "reach_flat"), ["n", "k"]].tolist() == [50, 42]
    assert claims.loc[("zb868", "maturity"), ["level", "cell"]].tolist() == ["product", "claims!A36"]
    assert responses.quarantine.empty
    ledger = responses.ledger.set_index("table")
    assert (ledger["read"] == ledger["accepted"] + ledger["quarantined"]).all()
    assert (ledger["read"] == ledger["independent_count"]).all()
    assert ledger.loc["claims", "read"] == ASKED
    assert ledger.loc["claims", "file"] == "acme.xlsx!claims"
    assert responses.notes["code"].tolist() == ["claim_undocumented"]
    assert responses.synthetic
    assert responses.claims.attrs["synthetic"]
    assert responses.answers[["option", "topic", "document"]].to_numpy().tolist() == [["zb868", "spectrum", "D1"]]
    assert "synthetic data" in responses._repr_html_()


def test_only_accepted_claims_become_rows(tmp_path: Path) -> None:
    responses = read(tmp_path)
    assert responses.scores.empty
    assert responses.evidence.empty
    file = review(responses, tmp_path / "out", state="accepted", reviewer="panel", reason="seen", confidence="medium")
    frame = pd.read_csv(file, dtype="str", keep_default_na=False)
    frame.loc[frame["criterion"].eq("capex"), "state"] = "disputed"
    frame.loc[frame["criterion"].eq("margin"), "state"] = "rejected"
    frame.loc[frame["criterion"].eq("maturity"), "quality"] = "medium"
    frame.to_csv(file, index=False)
    reviewed = read_request(tmp_path / "acme.xlsx", APPRAISAL, reviews=file)
    assert reviewed.quarantine.empty
    assert reviewed.summary().to_numpy().tolist() == [
        ["acme", 5, 0, 3, 1, 1, len(reviewed.unanswered().query("provider == 'acme'"))]
    ]
    scores = reviewed.scores.set_index("criterion")
    assert set(scores.index) == {"reach_flat", "maturity", "app"}
    assert scores.loc["reach_flat", ["assessor", "n", "k", "evidence", "confidence"]].tolist() == [
        "acme", "50", "42", "acme_D1", "medium",
    ]  # fmt: skip
    assert scores.loc["app", "evidence"] == "acme_answer"
    assert "accepted by panel: seen" in scores.loc["maturity", "note"]
    evidence = reviewed.evidence.set_index("id")
    assert set(evidence["kind"]) == {"claim"}
    assert evidence.loc["acme_D1", ["date", "quality", "owner"]].tolist() == ["2013-01-31", "low", "Acme Radio Ltd"]
    assert evidence.loc["acme_D1", "where"].startswith("sheet.pdf p.2; acme.xlsx#sha256=")
    assert len(reviewed.providers.loc[0, "sha256"]) == 64


@pytest.mark.parametrize("form", ["folder", "mine.xlsx"])
def test_accepted_claims_are_taken_up_by_the_appraisal(tmp_path: Path, form: str) -> None:
    file = review(read(tmp_path), tmp_path / "out", state="accepted", reviewer="panel")
    reviewed = read_request(tmp_path / "acme.xlsx", APPRAISAL, reviews=file)
    source = write_demonstration_appraisal(tmp_path / "source")
    if form.endswith("xlsx"):
        source = copy_appraisal(source, tmp_path / "source.xlsx")
    taken = read_appraisal(add_judgements(source, tmp_path / form, reviewed))
    assert not taken.problems()["severity"].eq("error").any()
    judged = {one.criterion: one for one in taken.judgements if one.assessor == "acme"}
    assert set(judged) == {criterion for _, criterion in CLAIMS}
    assert (judged["margin"].best, judged["capex"].low, judged["reach_flat"].k) == (-3, 14, 42)
    assert {one.kind for one in taken.evidence if one.id.startswith("acme_")} == {"claim"}
    assert len(taken.cells["zb868", "capex"]) == 3
    assert taken.cells["zb24", "capex"] == APPRAISAL.cells["zb24", "capex"]


def test_what_is_written_can_be_pasted_into_the_files(tmp_path: Path) -> None:
    file = review(read(tmp_path), tmp_path / "out", state="accepted", reviewer="panel")
    reviewed = read_request(tmp_path / "acme.xlsx", APPRAISAL, reviews=file)
    with pytest.raises(FileExistsError, match=r"holds claims\.csv"):
        reviewed.write(tmp_path / "out")
    folder = reviewed.write(tmp_path / "out", replace=True)
    assert {path.name for path in folder.iterdir()} == set(FILES)
    source = write_demonstration_appraisal(tmp_path / "source")
    for name in ("scores.csv", "evidence.csv"):
        lines = (folder / name).read_text().splitlines()
        assert lines[0] == (source / name).read_text().splitlines()[0]
        with open(source / name, "a") as stream:
            stream.write("\n".join(lines[1:]) + "\n")
    assert "acme" in {one.assessor for one in read_appraisal(source).judgements}
    assert read_request(tmp_path / "acme.xlsx", APPRAISAL, reviews=folder / "claims.csv").scores.equals(reviewed.scores)


def test_what_was_not_answered_is_listed(tmp_path: Path) -> None:
    wrong = {("zb868", "power"): {"best": 99}}
    unanswered = read(tmp_path, claims={**CLAIMS, **wrong}).unanswered()
    ours = unanswered[unanswered["option"].eq("zb868")]
    asked = set(ours.loc[ours["kind"].eq("claim"), "asked"])
    every = {*(c.id for c in APPRAISAL.criteria), *(g.id for g in APPRAISAL.gates)}
    assert asked == every - {criterion for _, criterion in CLAIMS} - {"power"}  # set aside is answered
    assert set(ours.loc[ours["kind"].eq("question"), "asked"]) == {"architecture", "protocols", "hardware", "cost"}
    assert ours.set_index("asked").loc["install", "unit"] == "minute"
    others = unanswered[unanswered["provider"].eq("")]
    assert others["option"].tolist() == [option.id for option in APPRAISAL.options if option.id != "zb868"]


def test_a_topic_and_a_criterion_of_one_name_are_two_questions(tmp_path: Path) -> None:
    appraisal = read_appraisal(write_appraisal_template(tmp_path / "mine"))
    claims = {("wire", "cost"): {"best": 30}}
    form = fill(tmp_path / "acme.xlsx", appraisal, claims=claims, answers={}, documents=())
    unanswered = read_request(form, appraisal).unanswered().query("option == 'wire' and asked == 'cost'")
    assert unanswered["kind"].tolist() == ["question"]


FAULTS: dict[str, tuple[tuple[str, str], dict[str, Any], str, str]] = {
    "outside": (("zb24", "capex"), {"best": 160}, "score_outside", "160 is outside the agreed range 0 to 120 GBP"),
    "word unknown": (("zb24", "maturity"), {"level": "prodct"}, "level_unknown", "Nearest: product"),
    "word for a number": (("zb868", "capex"), {"level": "cheap"}, "level_unknown", "a number in GBP is asked"),
    "number for a word": (("zb868", "maturity"), {"best": 3}, "level_unknown", "but a word is asked"),
    "gate not known": (("zb24", "app"), {"level": "unknown"}, "level_unknown", "not one of yes, no"),
    "order": (("dual", "capex"), {"best": 20, "low": 30, "high": 40}, "order", "best 20 does not lie from low 30"),
    "low alone": (("rep", "capex"), {"best": 20, "low": 10}, "order", "low and high belong together"),
    "no best": (("tp", "capex"), {"low": 10, "high": 20}, "order", "give best too"),
    "k above n": (("zb24", "reach_flat"), {"n": 10, "k": 11}, "counts", "k 11 is above n 10"),
    "n alone": (("zb868", "reach_flat"), {"n": 10}, "counts", "belong together"),
    "counts of money": (("eth", "capex"), {"n": 10, "k": 5}, "counts", "but capex is asked in GBP"),
    "half a count": (("tp", "reach_flat"), {"n": 10.5, "k": 5}, "number_format", "not a plain number"),
    "unit in a cell": (("moca", "capex"), {"best": "16 GBP"}, "unit_in_cell", "write the number alone"),
    "no such option": (("zb686", "capex"), {"best": 16}, "claim_unasked", "Nearest: zb868"),
    "no such criterion": (("zb868", "capx"), {"best": 16}, "claim_unasked", "Nearest: capex"),
    "no such document": (("wifi", "capex"), {"best": 16, "document": "D9"}, "document_unknown", "D9"),
    "asked in another unit": (("lpwan", "capex"), {"best": 16, "unit": "kGBP"}, "unit_changed", "capex is in GBP now"),
}  # fmt: skip


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> ProviderResponses:
    """Return the answer with every fault in it, each at a place of its own."""
    return read(tmp_path_factory.mktemp("faulty"), claims={place: cells for place, cells, _, _ in FAULTS.values()})


@pytest.mark.parametrize("name", FAULTS)
def test_a_claim_that_cannot_be_used_is_set_aside_with_its_cell(faulty: ProviderResponses, name: str) -> None:
    place, _, code, words = FAULTS[name]
    fault = faulty.quarantine[faulty.quarantine["key"].eq("|".join(place))]
    assert fault["code"].tolist() == [code]
    assert words in fault["message"].item()
    assert fault["line"].item().startswith("claims!")


def test_nothing_faulty_becomes_a_claim(faulty: ProviderResponses) -> None:
    assert faulty.claims.empty
    assert faulty.ledger.set_index("table").loc["claims", "quarantined"] == len(FAULTS)
    assert not faulty.unanswered().query("asked == 'capex' and option in ['zb24', 'lpwan']").size


def test_claims_that_rest_on_a_faulty_document_wait_for_it(tmp_path: Path) -> None:
    responses = read(tmp_path, documents=({**DOCUMENT, "title": ""},))
    assert set(responses.quarantine["code"]) == {"required_missing", "parent_rejected"}
    assert responses.claims["criterion"].tolist() == ["app"]


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "another appraisal": ({"about": {"appraisal": "other"}}, "request_unknown", "asks for the appraisal 'other'"),
    "another format": ({"about": {"format": "smarthan-request/9"}}, "request_unknown", "is no form of"),
    "no sheet": ({"without": ("claims",)}, "sheet_missing", "no sheet claims; found guide, about"),
    "nobody": ({"who": {}}, "provider_form", "is empty"),
    "odd name": ({"who": {**WHO, "provider": "Acme Ltd"}}, "provider_form", "may hold only a to z"),
    "no date": ({"who": {**WHO, "date": ""}}, "provider_form", "date is empty"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_form_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    changes, code, words = REFUSED[name]
    with pytest.raises(FileRefused, match=words) as caught:
        read(tmp_path, **changes)
    assert caught.value.code == code


def test_of_a_folder_the_other_forms_count(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="holds no returned form"):
        read_request(tmp_path, APPRAISAL)
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    (tmp_path / "~$acme.xlsx").write_bytes(b"a lock")
    with pytest.raises(FileRefused, match=r"broken\.xlsx"):
        read_request(tmp_path, APPRAISAL)
    fill(tmp_path / "acme.xlsx", APPRAISAL)
    fill(
        tmp_path / "beta.xlsx",
        APPRAISAL,
        who={**WHO, "provider": "beta"},
        claims={("tp", "capex"): {"best": 50}},
        answers={},
    )
    responses = read_request(tmp_path, APPRAISAL)
    assert responses.claims["provider"].value_counts().to_dict() == {"acme": 5, "beta": 1}
    refused = responses.notes[responses.notes["code"].eq("form_refused")]
    assert refused["file"].tolist() == ["broken.xlsx"]
    assert set(responses.unanswered()["provider"]) == {"acme", "beta", ""}


def test_forms_of_one_provider_that_disagree_are_set_aside(tmp_path: Path) -> None:
    fill(tmp_path / "a.xlsx", APPRAISAL)
    fill(tmp_path / "b.xlsx", APPRAISAL, claims={**CLAIMS, ("zb868", "capex"): {"best": 30}})
    responses = read_request(tmp_path, APPRAISAL)
    codes = responses.quarantine.groupby(["code", "file"], observed=True).size().to_dict()
    assert codes == {
        ("duplicate_conflict", "a.xlsx!claims"): 1,
        ("duplicate_conflict", "b.xlsx!claims"): 1,
        ("duplicate", "b.xlsx!claims"): 4,
    }
    assert "capex" not in set(responses.claims["criterion"])


def test_nothing_of_a_person_gets_out(tmp_path: Path) -> None:
    who = {**WHO, "organisation": "Zebedee Quux", "is_person": "yes"}
    answers = {("zb868", "cost"): {"answer": "ask zebedee@quux.example"}, **ANSWERS}
    claims = {**CLAIMS, ("zb868", "noise"): {"best": 0.99, "note": "call 07700 900123", "document": "07700 900123"}}
    file = review(
        read(tmp_path, who=who, answers=answers, claims=claims), tmp_path / "out", state="accepted", reviewer="panel"
    )
    responses = read_request(tmp_path / "acme.xlsx", APPRAISAL, reviews=file)
    responses.write(tmp_path / "again")
    told = "".join(path.read_text() for path in (tmp_path / "again").iterdir()) + responses._repr_html_()
    told += responses.notes.to_string() + responses.providers.to_string()
    for canary in ("Zebedee", "Quux", "zebedee@quux", "900123"):
        assert canary not in told
    assert responses.notes["code"].tolist().count("personal_text") == 3
    assert set(responses.evidence["owner"]) == {"acme"}


def test_reviews_without_effect_are_told(tmp_path: Path) -> None:
    file = review(read(tmp_path), tmp_path / "out", state="accepted", reviewer="panel")
    frame = pd.read_csv(file, dtype="str", keep_default_na=False).set_index("criterion")
    frame.loc["maturity", "reviewer"] = ""
    frame.loc["app", "state"] = "agreed"
    frame = pd.concat([frame.reset_index(), frame.loc[["margin"]].assign(option="tp").reset_index()])
    frame.to_csv(file, index=False)
    changed = {**CLAIMS, ("zb868", "capex"): {**CLAIMS["zb868", "capex"], "best": 17}}
    fill(tmp_path / "acme.xlsx", APPRAISAL, claims=changed)
    responses = read_request(tmp_path / "acme.xlsx", APPRAISAL, reviews=file)
    codes = dict(zip(responses.quarantine["key"], responses.quarantine["code"], strict=True))
    assert codes == {
        "acme|zb868|maturity": "required_missing",
        "acme|zb868|app": "category_unknown",
        "acme|zb868|capex": "claim_changed",
        "acme|tp|margin": "orphan",
    }
    states = responses.claims.set_index("criterion")["state"].to_dict()
    assert states == {
        "capex": "received",
        "maturity": "received",
        "app": "received",
        "reach_flat": "accepted",
        "margin": "accepted",
    }
    with pytest.raises(FileRefused, match="file_missing"):
        read_request(tmp_path / "acme.xlsx", APPRAISAL, reviews=tmp_path / "none.csv")


def test_rows_of_invented_data_enter_no_real_appraisal(tmp_path: Path) -> None:
    source = write_demonstration_appraisal(tmp_path / "source")
    toml = source / "appraisal.toml"
    toml.write_text(toml.read_text().replace("synthetic = true", "synthetic = false"))
    with pytest.raises(ValueError, match="the rows are synthetic and the appraisal is not"):
        add_judgements(source, tmp_path / "out", read(tmp_path))
    assert not (tmp_path / "out").exists()


def test_a_stated_miss_gives_way_to_a_score_and_never_the_reverse(tmp_path: Path) -> None:
    claims = {("lpwan", "reach_flat"): {"n": 20, "k": 5}}
    file = review(read(tmp_path, claims=claims), tmp_path / "out", state="accepted", reviewer="panel")
    reviewed = read_request(tmp_path / "acme.xlsx", APPRAISAL, reviews=file)
    source = write_demonstration_appraisal(tmp_path / "source")
    taken: Appraisal = read_appraisal(add_judgements(source, tmp_path / "taken", reviewed))
    assert [one.assessor for one in taken.cells["lpwan", "reach_flat"]] == ["acme"]
    assert (tmp_path / "taken" / "appraisal.toml").read_text() == (source / "appraisal.toml").read_text()
    missing = type(
        "Rows",
        (),
        {
            "scores": reviewed.scores.assign(n="", k="", assessor="other"),
            "evidence": reviewed.evidence,
            "synthetic": True,
        },
    )()
    again = read_appraisal(add_judgements(tmp_path / "taken", tmp_path / "again", missing))
    assert [one.assessor for one in again.cells["lpwan", "reach_flat"]] == ["acme"]


def test_the_date_of_the_form_is_kept(tmp_path: Path) -> None:
    responses = read(tmp_path, who={**WHO, "date": dt.date(2013, 6, 1)})
    assert responses.providers.loc[0, ["provider", "date", "file"]].tolist() == ["acme", "2013-06-01", "acme.xlsx"]
