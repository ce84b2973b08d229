"""From the verdict to the rows: each line named is the line in the file."""

import csv
import re
from dataclasses import replace
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import pytest

from smarthan.analysis import Appraisal, Simulation, sample_appraisal
from smarthan.analysis.appraisal.parts import InputFile
from smarthan.findings import assessors_of, gates_of, information_of, matrix_of, swings_of, switches_of, trace_of
from smarthan.findings.consultation import reasons_in_words
from smarthan.findings.rows import cell_in_words, evidence_in_words, rows_in_words

FOLDER = files("smarthan.analysis") / "data" / "demonstration_appraisal"


@pytest.fixture(scope="module")
def appraisal() -> Appraisal:
    return sample_appraisal()


@pytest.fixture(scope="module")
def simulation(appraisal: Appraisal) -> Simulation:
    return appraisal.simulate(4096, seed=1)


def lines_of(row: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", row)]


@pytest.fixture(scope="module")
def written() -> list[list[str]]:
    """The file as its lines: the first is line 1."""
    return list(csv.reader((FOLDER / "scores.csv").read_text(encoding="utf-8").splitlines()))


def test_the_rows_of_every_cell_hold_its_option_and_criterion(appraisal: Appraisal, written: list[list[str]]) -> None:
    for (option, criterion), judged in appraisal.cells.items():
        for line in lines_of(rows_in_words(appraisal, judged)):
            assert written[line - 1][:2] == [option, criterion]


def test_each_reason_names_rows_that_say_what_it_says(
    appraisal: Appraisal, simulation: Simulation, written: list[list[str]]
) -> None:
    table = trace_of(appraisal, simulation, simulation.value_of_information().decide()).table
    labels = {cell_in_words(appraisal, o, c): [o, c] for o, c in appraisal.cells}
    for row in table.to_dict("records"):
        held = [written[line - 1] for line in lines_of(row["row"])]
        assert [cells[:2] for cells in held] == [labels[row["what"]]] * len(held)
        assert all(cells[2].replace("_", " ") in row["assessor"] for cells in held)
        assert all(f"[{cells[11]}]" in row["evidence"] for cells in held)
    out = table[table["reason"].eq("Out: fails a must-have")]
    assert [written[line - 1][3] for row in out["row"] for line in lines_of(row)] == ["no"]
    listed = table["reason"].str.extract("^(.+) listed: ")[0].dropna().unique().tolist()
    assert listed == ["ZigBee 868 MHz", "ZigBee dual-band hub", "Narrowband PLC (G3 or PRIME)"]


def test_points_ahead_are_weight_times_difference_of_value(appraisal: Appraisal, simulation: Simulation) -> None:
    table = trace_of(appraisal, simulation, simulation.value_of_information().decide()).table
    first = table[table["reason"].str.startswith("ZigBee 868 MHz listed")].iloc[0]
    points = appraisal.score().contributions().pivot(index="option", columns="criterion", values="contribution")
    ahead = (points.loc["zb868"] - points.loc["bbplc"]).max()
    assert f"{ahead:.1f} points ahead of Broadband PLC" in first["reason"]


def test_every_table_of_cells_names_their_rows(appraisal: Appraisal, simulation: Simulation) -> None:
    found = [*matrix_of(appraisal), gates_of(appraisal), switches_of(appraisal), swings_of(appraisal),
             assessors_of(appraisal, simulation), information_of(appraisal, simulation)]  # fmt: skip
    for finding in found:
        assert finding.table["row"].str.fullmatch(r"scores\.csv lines? [\d, and]+").all(), finding.name


def test_evidence_that_nobody_named_is_said_in_words(appraisal: Appraisal) -> None:
    assert evidence_in_words(appraisal, appraisal.cells["lpwan", "reach_flat"]) == "none named"


def test_a_workbook_is_named_by_its_sheet_and_row(appraisal: Appraisal) -> None:
    book = replace(appraisal, sources=(InputFile("appraisal.xlsx", "0" * 64, 1, 243),))
    assert rows_in_words(book, book.cells["zb868", "capex"]) == "appraisal.xlsx sheet scores rows 22 and 23"


def test_a_verdict_to_consult_names_the_weights_that_decide(appraisal: Appraisal) -> None:
    torn = replace(appraisal, max_regret=0.01, max_shortlist=1, trials=())
    simulation = torn.simulate(4096, seed=1)
    decision = simulation.value_of_information().decide()
    assert decision.verdict == "consult"
    rows = trace_of(torn, simulation, decision).table
    weights = rows[rows["row"].str.startswith("weights.csv")]
    lines = (FOLDER / "weights.csv").read_text(encoding="utf-8").splitlines()
    assert len(weights) == 6  # two criteria, three sets
    for row in weights.to_dict("records"):
        assessor, _, swing = lines[lines_of(row["row"])[0] - 1].split(",")[:3]
        assert (assessor.replace("_", " "), swing) == (row["assessor"], row["says"].partition(" (")[0])


def test_names_are_put_only_where_a_reason_lists_them(appraisal: Appraisal) -> None:
    options = tuple(replace(o, id="a", label="Option A") if o.id == "zb868" else o for o in appraisal.options)
    decision: Any = SimpleNamespace(reasons=("Shortlist a, dual: at worst a point is lost; the best, a, loses it.",))
    said = reasons_in_words(replace(appraisal, options=options), decision)
    assert said == ["Shortlist Option A, ZigBee dual-band hub: at worst a point is lost; the best, Option A, loses it."]
