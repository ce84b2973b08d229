"""Findings by place: captions that `show_chart` takes, figures that add up, licences and gaps named."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from smarthan.charts import draw_area_map, draw_grid_map
from smarthan.charts.bundle import Facts, check_facts
from smarthan.coverage import CoverageMatrix, boundaries, not_spots, read_matrix, sample_matrix
from smarthan.findings import (
    MAP_BREAKS,
    MAP_CLASSES,
    SPOT_BREAKS,
    SPOT_CELL_M,
    SPOT_CLASSES,
    Finding,
    lad_map_of,
    not_spot_map_of,
    not_spots_of,
    outward_map_of,
)

FINDINGS = {
    "outward": outward_map_of,
    "lad": lad_map_of,
    "spots": not_spots_of,
    "spot_map": not_spot_map_of,
}


@pytest.fixture(scope="module")
def matrix() -> CoverageMatrix:
    return sample_matrix()


@pytest.fixture(scope="module")
def found(matrix: CoverageMatrix) -> dict[str, Finding]:
    return {name: make(matrix) for name, make in FINDINGS.items()}


def problems_of(finding: Finding) -> list[str]:
    said: dict[str, Any] = {"alt": "", **(finding.caption if finding.alt else finding.table_caption)}
    words = {name: said[name] for name in ("name", "title", "subtitle", "alt", "source", "n", "method")}
    kind = "chart" if finding.alt else "table"
    facts = Facts(kind=kind, notes=tuple(said["notes"]), level=2, synthetic=True, **words)
    return list(check_facts(facts, finding.table))


@pytest.mark.parametrize("name", list(FINDINGS))
def test_each_can_be_shown_and_says_what_it_is(found: dict[str, Finding], name: str) -> None:
    finding = found[name]
    assert problems_of(finding) == []
    assert finding.table.attrs["synthetic"] is True
    assert [line.split(" ")[0] for line in finding.notes[-3:]] == ["Contains", "Contains", "Source:"]


def test_maps_are_labelled_approximate_and_name_what_is_not_drawn(found: dict[str, Finding]) -> None:
    for name in ("outward", "lad"):
        assert found[name].notes[0].startswith("Boundaries are approximate: nearest-postcode zones")
    (undrawn,) = [note for note in found["outward"].notes if note.startswith("Not drawn")]
    assert undrawn.count("(") == 22
    assert "EC4P" in undrawn
    assert not any(note.startswith("Not drawn") for note in found["lad"].notes)
    assert "approximate" in found["spot_map"].notes[0]


def test_the_maps_can_be_drawn(found: dict[str, Finding]) -> None:
    named: dict[str, Any] = {"value": "share", "classes": MAP_CLASSES, "breaks": MAP_BREAKS, "darkest_first": True}
    draw_area_map(found["outward"].table, boundaries("outward"), key="outward", **named)
    draw_area_map(found["lad"].table, boundaries("lad"), key="lad", shape_key="name", **named)
    draw_grid_map(
        found["spot_map"].table,
        easting="easting",
        northing="northing",
        value="without",
        classes=SPOT_CLASSES,
        breaks=SPOT_BREAKS,
        cell_m=SPOT_CELL_M,
        land=boundaries("country"),
    )


def test_the_figures_of_maps_and_not_spots_add_up(matrix: CoverageMatrix, found: dict[str, Finding]) -> None:
    spots = not_spots(matrix)
    assert found["spot_map"].table["without"].sum() == spots["premises"].sum()
    assert found["spots"].table["premises"].tolist() == spots["premises"].head(15).tolist()
    away = {name: spots.attrs[name]["premises"] for name in ("without_location", "not_answered")}
    assert found["outward"].table["without"].sum() == spots["premises"].sum() + away["without_location"]
    assert found["outward"].table["unanswered"].sum() == away["not_answered"]


def test_a_release_without_premises_is_told_in_postcodes(tmp_path: Path) -> None:
    header = "postcode,csp_region,available,wan_technology,likelihood\n"
    (tmp_path / "m.csv").write_text(header + "SW1A 1AA,South,false,Cellular,Low\nLL57 2DG,Central,true,Cellular,High\n")
    matrix = read_matrix(tmp_path / "m.csv", as_of="2026-11-02", release_id="r").matrix
    assert not_spots_of(matrix).title == "1 not-spots; the largest 1 hold 1 postcodes"
    assert not_spots_of(matrix).table.columns.is_unique
    finding = not_spot_map_of(matrix)
    assert finding.title == "1 postcodes without coverage stand in 1 squares"
    assert finding.table["without"].tolist() == [1]
    assert outward_map_of(matrix).subtitle == "Covered share of postcodes by outward code, Great Britain"
    assert problems_of(finding) == []


def test_areas_without_premises_have_no_share(tmp_path: Path) -> None:
    header = "postcode,csp_region,available,wan_technology,likelihood,premises,premises_available\n"
    rows = "SW1A 1AA,South,true,Cellular,Low,0,0\nLL57 2DG,Central,true,Cellular,High,5,5\n"
    (tmp_path / "m.csv").write_text(header + rows)
    table = lad_map_of(read_matrix(tmp_path / "m.csv", as_of="2026-11-02", release_id="r").matrix).table
    assert pd.isna(table.set_index("lad").loc["City of Westminster", "share"])
