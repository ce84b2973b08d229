"""Reading an appraisal: the shipped one as it stands, and every fault told with its place and its mend."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarthan.analysis import (
    Appraisal,
    AppraisalError,
    read_appraisal,
    sample_appraisal,
    write_demonstration_appraisal,
)

EXAMPLE = Path(__file__).parent / "data" / "cases" / "scoring" / "example_appraisal"
EXPECTED = json.loads((EXAMPLE / "expected.json").read_text())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "appraisal"))


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new))


def refuse(folder: Path) -> pd.DataFrame:
    with pytest.raises(AppraisalError) as caught:
        read_appraisal(folder)
    problems = caught.value.problems
    assert list(problems) == ["severity", "code", "file", "line", "option", "criterion", "message"]
    return problems[problems["severity"] == "error"].reset_index(drop=True)


def test_the_example_is_read_whole() -> None:
    appraisal, counts = read_appraisal(EXAMPLE), EXPECTED["counts"]
    assert len(appraisal.options) == counts["options"]
    assert len(appraisal.criteria) == counts["criteria"]
    assert len(appraisal.gates) == counts["gates"]
    assert len(appraisal.weight_sets) == counts["weight_sets"]
    assert len(appraisal.evidence) == counts["evidence"]
    gates = {gate.id for gate in appraisal.gates}
    on_gates = sum(one.criterion in gates for one in appraisal.judgements)
    assert (on_gates, len(appraisal.judgements) - on_gates) == (counts["gate_rows"], counts["score_rows"])
    assert appraisal.trials[0].delay_cost == 900_000
    assert set(appraisal.problems()["severity"]) == {"warning"}


def test_the_toml_file_itself_may_be_named() -> None:
    assert read_appraisal(EXAMPLE / "appraisal.toml").id == read_appraisal(EXAMPLE).id


def test_the_shipped_appraisal_says_that_it_is_synthetic(tmp_path: Path) -> None:
    written = read_appraisal(write_demonstration_appraisal(tmp_path / "new"))
    shipped = sample_appraisal()
    assert shipped.synthetic
    assert written.judgements == shipped.judgements
    for table in (shipped.matrix(), shipped.score().table, shipped.gates(), shipped.problems(), shipped.dominance()):
        assert table.attrs["synthetic"] is True
    assert "synthetic" in shipped._repr_html_()
    assert shipped.options[2].trial == ("zigbee_2g4", "zigbee_sub")


def test_the_matrix_shows_units_words_means_and_what_is_missing() -> None:
    appraisal = read_appraisal(EXAMPLE)
    matrix = appraisal.matrix()
    assert matrix.loc["zb868", "capex"] == pytest.approx(20.5)
    assert matrix.loc["zb868", "reach_flat"] == pytest.approx(31.5 / 41)
    assert matrix.loc["tp", "maturity"] == "product"
    assert np.isnan(matrix.loc["lpwan", "reach_flat"])
    assert matrix.attrs["unit"]["capex"] == "GBP"
    assert matrix.attrs["evidence"]["capex"]["zb868"] == "E03, E04"
    values = appraisal.matrix(values=True)
    assert values.loc["lpwan", "reach_flat"] == 50
    assert values.to_numpy().min() >= 0
    assert values.to_numpy().max() <= 100


def test_gates_are_listed_and_answered() -> None:
    appraisal = read_appraisal(EXAMPLE)
    assert [gate.id for gate in appraisal.gates] == ["app", "security", "lawful", "gas"]
    table = appraisal.gates()
    assert len(table) == 48
    answers = table[table["answer"] != "yes"].set_index(["option", "gate"])
    assert answers["answer"].to_dict() == {
        ("moca", "security"): "unknown",
        ("wifi", "gas"): "unknown",
        ("wmbus", "app"): "unknown",
        ("lpwan", "app"): "no",
    }
    for option, gates in EXPECTED["exact"]["gate_unknown"].items():
        for gate, chance in gates.items():
            assert answers.loc[(option, gate), "chance"] == chance


TOML, SCORES, WEIGHTS, REGISTER = "appraisal.toml", "scores.csv", "weights.csv", "evidence.csv"
ROW = "bbplc,capex,supplier_b,,46,34,60,triangular,,,,E04,medium,\n"
FAULTS = [
    (SCORES, ROW, ROW.replace("46", "460").replace("60,t", "600,t"), "score_outside", "460 GBP is outside.*0 to 120"),
    (SCORES, "tp,noise,panel,,0.998,,,,,,,E06,low,\n", "", "score_missing_row", r"no row for \(tp, noise\): add one"),
    (SCORES, "zb868,maturity,panel,field", "zb868,maturity,panel,prodct", "level_unknown", "Nearest: product"),
    (SCORES, "zb868,capex,supplier_b", "zb868,capex,supplier_a", "duplicate_conflict", "on line 22 already"),
    (SCORES, ROW, ROW + ROW, "duplicate", "keep one of the rows"),
    (SCORES, ROW, ROW.replace("34", "50"), "order", "low 50 is above best 46"),
    (SCORES, ROW, ROW.replace("60,t", "40,t"), "order", "best 46 is above high 40"),
    (SCORES, ROW, ROW.replace("34", ""), "order", "low and high belong together"),
    (SCORES, "beta,12,10", "beta,12,13", "counts", "k 13 is above n 12"),
    (SCORES, "beta,12,10", "beta,12,", "counts", "n and k belong together"),
    (SCORES, "beta,12,10", "beta,12.5,10", "counts", "whole numbers"),
    (SCORES, ROW, ROW.replace(",46,", ",46 GBP,"), "number_format", "46 GBP"),
    (SCORES, ROW, ROW.replace(",46,", ",nan,"), "number_format", "plain number"),
    (SCORES, ROW, ROW.replace(",46,", ",1e999,"), "number_format", "plain number"),
    (SCORES, ROW, ROW.replace("bbplc", "bplc"), "id_unknown", "Nearest: nbplc"),
    (SCORES, ROW, ROW.replace("capex", "capx"), "id_unknown", "Nearest: capex"),
    (SCORES, ROW, ROW.replace("supplier_b", ""), "required_missing", "names no assessor"),
    (SCORES, ROW, ROW.replace("triangular", "trapezium"), "category_unknown", "pert, triangular"),
    (SCORES, ROW, ROW.replace("medium", "quite"), "category_unknown", "high, medium, low"),
    (SCORES, ROW, ROW.replace("E04", "E40"), "evidence_unknown", "is not in evidence.csv"),
    (SCORES, ROW, ROW.replace(",,46", ",field,46"), "level_unknown", "is a word, but capex is measured in GBP"),
    (SCORES, ROW, ROW.replace(",\n", ",,\n"), "row_long", "15 cells"),
    (SCORES, "unknown,,,,,,,0.7", "unknown,,,,,,,1", "gate_p", "between 0 and 1"),
    (SCORES, "unknown,,,,,,,0.7", "perhaps,,,,,,,", "level_unknown", "allowed: yes, no, unknown"),
    (SCORES, "zb24,app,panel,yes", "zb24,app,panel,no", "baseline_gate", "must pass every gate"),
    (WEIGHTS, "panel,power,15,", "panel,power,-15,", "weight_negative", "-15. A swing is 0 or more"),
    (WEIGHTS, "panel,power,15,", "panel,power,inf,", "weight_nan", '"inf"'),
    (WEIGHTS, "panel,power,15,,", "panel,power,,3,", "weight_kind", "mixes swing and rank"),
    (WEIGHTS, "panel,power,15,,", "panel,power,15,3,", "weight_kind", "one of swing, rank, weight"),
    (WEIGHTS, "panel,power,15", "panel,capex,15", "weight_twice", "capex is weighed twice"),
    (WEIGHTS, "panel,power,15", "panel,powr,15", "id_unknown", "Nearest: power"),
    (REGISTER, "E14,Gate", "E13,Gate", "id_twice", "E13.* stands twice"),
    (REGISTER, "2013-04-25", "25/04/2013", "date_format", "not a date such as"),
    (REGISTER, "survey,2013-04-25", "rumour,2013-04-25", "category_unknown", "measurement, model"),
    (TOML, "smarthan-appraisal/1", "smarthan-appraisal/2", "format_version", "Use a later program"),
    (TOML, 'unit = "GBP", better = "low", range = [0, 120]', 'unit = "GBP", better = "low", range = [120, 0]',
     "range_reversed", "from the lower to the higher"),
    (TOML, 'better = "low", range = [0, 120], value = "linear"', 'better = "low", value = "linear"',
     "range_missing", "no range"),
    (TOML, "[3, 40], [10, 75]", "[10, 40], [3, 75]", "value_points", "strictly increasing"),
    (TOML, "[[0.8, 0], [0.95, 60]", "[[0.7, 0], [0.95, 60]", "value_points", "span exactly the range"),
    (TOML, "[0, 40], [20, 90]", "[0, 95], [20, 90]", "value_points", "rise from 0 to 100"),
    (TOML, '{id = "minor", value = 70', '{id = "none", value = 70', "id_twice", "a word stands twice"),
    (TOML, '{id = "none", value = 100', '{id = "none", value = 90', "scale_ends", "the best 100"),
    (TOML, 'scale = "hub_fit"', 'scale = "hub_fitt"', "id_unknown", "Nearest: hub_fit"),
    (TOML, '{id = "eth",', '{id = "tp",', "id_twice", "unique across options"),
    (TOML, '{id = "life",', '{id = "Life!",', "id_form", "a to z"),
    (TOML, 'baseline  = "zb24"', 'baseline  = "zb25"', "baseline_missing", "Nearest: zb24"),
    (TOML, 'baseline  = "zb24"', "", "baseline_missing", "no baseline"),
    (TOML, 'synthetic = true', 'synthetic = "yes"', "key_type", "true or false"),
    (TOML, "high   = 0.05", "high   = nan", "number_not_finite", "finite"),
    (TOML, "max_regret = 0.9", "max_regrets = 0.9", "key_unknown", "Nearest: max_regret"),
    (TOML, "price_base   = 2013", "price_bas    = 2013", "key_unknown", "Nearest: price_base"),
    (TOML, "icc = 0.3", "icc_ = 0.3", "key_unknown", "Nearest: icc"),
    (TOML, "premises     = 1300000", "premises     = 0", "value_range", "1 or more"),
    (TOML, 'criterion    = "capex"', 'criterion    = "noise"', "money_criterion", "linear value"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"), FAULTS, ids=[f"{f[3]}-{n}" for n, f in enumerate(FAULTS)]
)
def test_each_fault_is_told_with_its_place(folder: Path, file: str, old: str, new: str, code: str, words: str) -> None:
    line = (folder / file).read_text()[: (folder / file).read_text().index(old)].count("\n") + 1
    change(folder, file, old, new)
    problems = refuse(folder)
    told = problems[(problems["code"] == code) & problems["message"].str.contains(words)]
    assert len(told) == 1, problems.to_string()
    assert told["file"].item() == file
    if told["line"].notna().item():
        assert abs(told["line"].item() - line) <= 1  # a repeated row is told at the second, a table at its head


def test_problems_of_all_files_are_told_together(folder: Path) -> None:
    change(folder, SCORES, ROW, ROW.replace(",46,", ",460,").replace(",60,", ",600,"))
    change(folder, WEIGHTS, "panel,power,15,", "panel,power,-15,")
    change(folder, REGISTER, "E14,Gate", "E13,Gate")
    change(folder, TOML, 'better = "low", range = [0, 240]', 'better = "low", range = [240, 0]')
    problems = refuse(folder)
    assert set(problems["file"]) == {SCORES, WEIGHTS, REGISTER, TOML}
    assert {"score_outside", "weight_negative", "id_twice", "range_reversed"} <= set(problems["code"])
    with pytest.raises(AppraisalError, match=r"scores.csv line 89 \(bbplc, capex\): 460 GBP"):
        read_appraisal(folder)


@pytest.mark.parametrize("name", [TOML, SCORES, WEIGHTS, REGISTER])
def test_a_file_that_is_not_there_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    problems = refuse(folder)
    assert problems.loc[0, ["file", "code"]].tolist() == [name, "file_missing"]


def test_a_folder_that_is_not_there_misses_all_four_files(tmp_path: Path) -> None:
    assert set(refuse(tmp_path / "none")["file"]) == {TOML, SCORES, WEIGHTS, REGISTER}


def test_a_header_without_a_needed_column_is_refused(folder: Path) -> None:
    change(folder, SCORES, "option,criterion,assessor", "option,criteron,assessor")
    assert refuse(folder).loc[0, "code"] == "header_missing"


def test_a_score_outside_may_be_clipped_and_is_reported(folder: Path) -> None:
    change(folder, TOML, 'outside = "refuse"', 'outside = "clip"')
    change(folder, SCORES, ROW, ROW.replace(",46,", ",460,").replace(",60,", ",600,"))
    problems = read_appraisal(folder).problems()
    clipped = problems[problems["code"] == "score_clipped"]
    assert clipped[["severity", "option", "criterion"]].values.tolist() == [["warning", "bbplc", "capex"]]


def test_an_appraisal_may_refuse_missing_scores(folder: Path) -> None:
    change(folder, TOML, 'scores  = "widest"', 'scores  = "refuse"')
    problems = refuse(folder)
    assert problems[["code", "option", "criterion"]].values.tolist() == [["score_missing", "lpwan", "reach_flat"]]


def test_a_published_appraisal_needs_evidence_for_every_score(folder: Path) -> None:
    change(folder, SCORES, "supplier_b,,46,34,60,triangular,,,,E04", "supplier_b,,46,34,60,triangular,,,,")
    assert "evidence_missing" in set(read_appraisal(folder).problems()["code"])
    change(folder, TOML, 'status    = "draft"', 'status    = "published"')
    problems = refuse(folder)
    assert problems[["option", "criterion"]].values.tolist() == [["bbplc", "capex"], ["lpwan", "reach_flat"]]


def test_old_evidence_and_unlisted_weights_warn(folder: Path) -> None:
    change(folder, REGISTER, "2013-04-25", "2003-04-25")
    change(folder, WEIGHTS, "panel,power,15,,,,,\n", "")
    problems = read_appraisal(folder).problems()
    assert {"evidence_old", "weight_unlisted"} <= set(problems["code"])
    change(folder, TOML, 'status    = "draft"', 'status    = "agreed"')
    assert refuse(folder)["code"].tolist() == ["weight_unlisted"]


def test_weights_may_be_ranks_direct_or_grouped(folder: Path) -> None:
    ids = [criterion.id for criterion in read_appraisal(folder).criteria]
    header = "assessor,criterion,swing,rank,weight,low,high,note\n"
    rows = [f"ranker,{name},,{place},,,,\n" for place, name in enumerate(ids, 1)]
    rows += [f"direct,{name},,,{1 if name == 'capex' else 0},,,\n" for name in ids]
    rows += [f"bounds,{name},,,,0,1,\n" for name in ids]
    groups = ["Reach", "Cost", "Cost/Running", "Consumer", "Delivery", "Longevity"]
    rows += [f"grouped,{name},10,,,,,\n" for name in [*ids, *(f"group:{group}" for group in groups)]]
    (folder / WEIGHTS).write_text(header + "".join(rows))
    appraisal = read_appraisal(folder)
    assert [(each.assessor, each.kind) for each in appraisal.weight_sets] == [
        ("ranker", "rank"), ("direct", "weight"), ("bounds", "interval"), ("grouped", "swing"),
    ]  # fmt: skip
    assert appraisal.weights_of("ranker")[1][0] == pytest.approx(sum(1 / i for i in range(1, 17)) / 16)
    assert appraisal.weights_of("direct")[1][ids.index("capex")] == 1
    grouped = dict(zip(ids, appraisal.weights_of("grouped")[1], strict=True))
    assert grouped["power"] == pytest.approx(0.2 / 3 / 2)
    assert grouped["reach_house"] == pytest.approx(0.2 / 4)


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ("a,{},,,0.05,,,\n", "weight_sum"),
        ("a,{},0,,,,,\n", "weight_all_zero"),
        ("a,{},,0,,,,\n", "weight_negative"),
        ("a,{},,,,0.9,0.95,\n", "weight_sum"),
        ("a,{},,,,0.9,0.1,\n", "order"),
    ],
)
def test_sets_that_cannot_add_up_are_refused(folder: Path, weights: str, code: str) -> None:
    ids = [criterion.id for criterion in read_appraisal(folder).criteria]
    rows = "".join(weights.format(name) for name in ids)
    (folder / WEIGHTS).write_text("assessor,criterion,swing,rank,weight,low,high,note\n" + rows)
    assert refuse(folder)["code"].tolist() == [code]


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ("nobody", "known: panel, consumer_body, supplier, 'mean'"),
        ({"capx": 1}, "capx is no criterion"),
        ({"capex": -1}, "negative"),
        ({"capex": 0}, "all 0"),
    ],
)
def test_weights_that_are_not_there_are_refused(weights: object, words: str) -> None:
    appraisal: Appraisal = sample_appraisal()
    with pytest.raises(ValueError, match=words):
        appraisal.score(weights)  # type: ignore[arg-type]
