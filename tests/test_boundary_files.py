"""`smarthan coverage boundaries`: files for map programs, labelled, the same twice."""

import json
from pathlib import Path

import geopandas as gpd
import pytest

from smarthan.commands.boundary_files import write_boundary_file
from smarthan.commands.outcome import Refused
from smarthan.coverage.geography.boundary_file import read_boundaries


@pytest.mark.parametrize(("name", "crs"), [("r.gpkg", 27700), ("r.geojson", 4326)])
def test_a_map_program_reads_it(tmp_path: Path, name: str, crs: int) -> None:
    outcome = write_boundary_file("region", tmp_path / name)
    read = gpd.read_file(tmp_path / name)
    assert len(read) == 11
    assert read.crs.to_epsg() == crs
    assert {"code", "name", "n_postcodes", "geometry"} == set(read.columns)
    assert "approximate" in outcome.text
    assert outcome.text.count("Contains") == 2
    assert isinstance(outcome.document, dict)
    assert outcome.document["crs"] == f"EPSG:{crs}"
    assert outcome.code == 0


def test_geoparquet_carries_everything(tmp_path: Path) -> None:
    write_boundary_file("country", tmp_path / "c.parquet")
    assert read_boundaries((tmp_path / "c.parquet").read_bytes()).attrs["label"].startswith("approximate")
    assert len(gpd.read_parquet(tmp_path / "c.parquet")) == 3


@pytest.mark.parametrize("name", ["c.gpkg", "c.geojson", "c.parquet"])
def test_label_and_licence_stand_in_the_file_and_it_is_the_same_twice(tmp_path: Path, name: str) -> None:
    write_boundary_file("country", tmp_path / name)
    first = (tmp_path / name).read_bytes()
    assert b"Contains Royal Mail data" in first
    assert b"approximate: nearest-postcode zones" in first
    write_boundary_file("country", tmp_path / name)
    assert (tmp_path / name).read_bytes() == first


def test_geojson_says_what_has_no_polygon(tmp_path: Path) -> None:
    write_boundary_file("outward", tmp_path / "o.GEOJSON")
    document = json.loads((tmp_path / "o.GEOJSON").read_text())
    assert document["without_polygon"]["EC4P"] == 44
    assert document["type"] == "FeatureCollection"


@pytest.mark.parametrize("name", ["c.shp", "c", "folder/c.gpkg"])
def test_another_ending_or_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="--out"):
        write_boundary_file("country", tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_another_level_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="level: 'town' is not one of"):
        write_boundary_file("town", tmp_path / "c.gpkg")


def test_a_wait_is_told_beforehand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smarthan.coverage.geography.polygons.is_at_hand", lambda _: False)
    said: list[str] = []
    write_boundary_file("country", tmp_path / "c.gpkg", say=said.append)
    assert len(said) == 1
    assert "half a minute" in said[0]
