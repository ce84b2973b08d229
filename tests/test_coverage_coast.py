"""The land: parts that hold a postcode, grown, and a disc around what lies off it."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from smarthan.coverage import boundaries
from smarthan.coverage.build import boundary_files, coast
from smarthan.coverage.build.__main__ import main
from smarthan.coverage.build.coast import fetch_land, make_land


def square(west: float, south: float) -> list[list[float]]:
    return [[west, south], [west, south + 0.1], [west + 0.1, south + 0.1], [west + 0.1, south], [west, south]]


@pytest.fixture
def topojson(tmp_path: Path) -> Path:
    """Three squares of land: one near Oxford, one in Ireland, one far from Great Britain."""
    arcs = [square(-1.3, 51.7), square(-8.0, 53.0), square(100.0, 0.0)]
    land = {"type": "MultiPolygon", "arcs": [[[0]], [[1]], [[2]]]}
    document = {
        "type": "Topology",
        "objects": {"land": {"type": "GeometryCollection", "geometries": [land]}},
        "arcs": arcs,
    }
    (tmp_path / "land-10m.json").write_text(json.dumps(document))
    return tmp_path / "land-10m.json"


# In the Oxford square (about 448 to 455 km east, 200 to 211 km north), and out at sea.
POINTS = np.array([[450_000.0, 205_000.0], [300_000.0, 1_000_000.0]])


def test_land_is_where_postcodes_stand(topojson: Path) -> None:
    land = make_land(topojson, POINTS)
    west, east = sorted(shapely.get_parts(land), key=lambda part: shapely.bounds(part)[0])
    assert shapely.area(west) == pytest.approx(np.pi * 500**2, rel=0.05)
    assert shapely.bounds(west) == pytest.approx([299_500, 999_500, 300_500, 1_000_500], abs=30)
    assert shapely.contains_xy(land, POINTS).all()
    assert shapely.area(east) == pytest.approx(7_500 * 11_700, rel=0.02)  # 0.1 degree, grown by 300 m on each side
    assert shapely.is_valid(land)


def test_a_postcode_left_in_the_sea_stops_the_build(topojson: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coast, "ISLAND_M", 0.1)
    with pytest.raises(ValueError, match="1 postcodes lie on no land"):
        make_land(topojson, POINTS)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "land.json").write_text("not json")
    with pytest.raises(ValueError, match="not the TopoJSON of world-atlas"):
        make_land(tmp_path / "land.json", POINTS)
    with pytest.raises(FileNotFoundError):
        make_land(tmp_path / "absent.json", POINTS)


def test_without_npm_the_way_out_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coast.shutil, "which", lambda _: None)
    with pytest.raises(OSError, match=r"npm is not on the path.*--land"):
        fetch_land(tmp_path)


def write_npm(folder: Path, script: str) -> str:
    path = folder / "npm"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_npm_that_fails_or_brings_another_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = write_npm(tmp_path, "echo no network >&2; exit 1")
    monkeypatch.setattr(coast.shutil, "which", lambda _: npm)
    with pytest.raises(OSError, match="failed: no network"):
        fetch_land(tmp_path)
    write_npm(tmp_path, "mkdir package && echo x > package/land-10m.json && tar czf w.tgz package")
    with pytest.raises(ValueError, match=r"sha256 is .*expected 9b9f58"):
        fetch_land(tmp_path)


def test_the_file_expected_is_brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = write_npm(tmp_path, "mkdir package && printf x > package/land-10m.json && tar czf w.tgz package")
    monkeypatch.setattr(coast.shutil, "which", lambda _: npm)
    monkeypatch.setattr(coast, "SHA256", "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")
    assert fetch_land(tmp_path).read_bytes() == b"x"


def test_the_build_writes_its_sheet_last_and_twice_the_same(
    topojson: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    country = boundaries("country")
    monkeypatch.setattr(boundary_files, "make_land", lambda *_: country.geometry.iloc[0])
    monkeypatch.setattr(boundary_files, "make_boundaries", lambda *_: {"country": country})
    for name in ("one", "two"):
        main(["boundaries", "--land", str(topojson), "--out", str(tmp_path / name)])
    files = {path.name for path in (tmp_path / "one").iterdir()}
    assert files == {"boundaries.toml", "land.parquet", "country.parquet"}
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_what_stops_a_build_is_said_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["boundaries", "--land", str(tmp_path / "absent.json"), "--out", str(tmp_path)])
    assert "absent.json" in capsys.readouterr().err
