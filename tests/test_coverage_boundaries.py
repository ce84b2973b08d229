"""The boundaries that ship: valid, side by side, labelled, and around the postcodes they were made from."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from smarthan.coverage import boundaries, lad_table
from smarthan.coverage.geography import polygons
from smarthan.coverage.geography.boundary_file import FOLDER, LAND, SHEET, encode_boundaries, read_boundaries
from smarthan.coverage.geography.levels import LABEL, LEVELS
from smarthan.coverage.geography.making import code_postcodes, make_boundaries
from smarthan.coverage.reference.sheet import read_checked, read_sheet

SHIPPED = [level.name for level in LEVELS.values() if level.shipped]
COUNTS = {"area": 120, "outward": 2849, "lad": 350, "region": 11, "country": 3}
# Share of postcodes inside their own polygon, as measured: the rest share a point that another area owns.
INSIDE = {"area": 0.9985, "outward": 0.99, "lad": 0.999, "region": 0.9999, "country": 0.9999}

each_shipped = pytest.mark.parametrize("level", SHIPPED)


@pytest.fixture(scope="module")
def coded() -> pd.DataFrame:
    """Every postcode, and its code on every level."""
    return code_postcodes()


@pytest.fixture(scope="module")
def located(coded: pd.DataFrame) -> pd.DataFrame:
    """Every postcode with a location."""
    return coded[coded["easting"].notna()]


def shapes_of(level: str) -> np.ndarray:
    # Through WKB, so that no geometry keeps the grid on which it was snapped: overlay would hide slivers on it.
    return shapely.from_wkb(shapely.to_wkb(np.asarray(boundaries(level).geometry.array)))


@each_shipped
def test_each_level_has_its_areas_sorted_and_counted(level: str, coded: pd.DataFrame) -> None:
    frame = boundaries(level)
    assert list(frame.columns) == ["code", "name", "geometry", "n_postcodes"]
    assert frame.crs.to_epsg() == 27700
    assert len(frame) == COUNTS[level]
    assert frame["code"].is_unique
    assert frame["code"].is_monotonic_increasing
    listed = int(frame["n_postcodes"].sum()) + sum(frame.attrs["without_polygon"].values())
    assert listed == coded[level].notna().sum()


@each_shipped
def test_polygons_are_valid_and_share_their_edges(level: str) -> None:
    shapes = shapes_of(level)
    assert shapely.is_valid(shapes).all()
    assert set(shapely.get_type_id(shapes)) <= {shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON}
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = first < second
    assert shapely.area(shapely.intersection(shapes[first[pairs]], shapes[second[pairs]])).sum() < 1000
    assert shapely.coverage_is_valid(shapes)


@each_shipped
def test_postcodes_lie_inside_their_own_polygon(level: str, located: pd.DataFrame) -> None:
    frame = boundaries(level)
    place = pd.Index(frame["code"]).get_indexer(located[level].cat.categories)[located[level].cat.codes]
    order = np.argsort(place, kind="stable")
    xy = located[["easting", "northing"]].to_numpy(float)[order]
    ends = np.searchsorted(place[order], np.arange(len(frame) + 1))
    inside = 0
    for number, shape in enumerate(np.asarray(frame.geometry.array)):
        shapely.prepare(shape)
        inside += shapely.intersects_xy(shape, xy[ends[number] : ends[number + 1]]).sum()
    assert inside / len(located) >= INSIDE[level]


@each_shipped
def test_label_licence_and_gaps_are_said(level: str) -> None:
    said = boundaries(level).attrs
    assert said["label"] == LABEL
    assert LABEL.startswith("approximate: nearest-postcode zones, not Royal Mail or administrative boundaries")
    assert [line.split(" ")[0] for line in said["licence"]] == ["Contains", "Contains", "Source:"]
    assert said["synthetic"] is False
    assert len(said["without_polygon"]) == (22 if level == "outward" else 0)
    assert not set(said["without_polygon"]) & set(boundaries(level)["code"])


def test_districts_regions_and_countries_have_their_names() -> None:
    lads = lad_table().sort_values("lad25cd")
    assert boundaries("lad")["name"].tolist() == lads["name"].tolist()
    assert set(boundaries("region")["name"]) == set(lads["region"])
    assert boundaries("country")["name"].tolist() == ["England", "Scotland", "Wales"]
    assert boundaries("outward").set_index("code").loc["LL57", "name"] == "LL57"


def test_the_caller_gets_a_table_of_his_own() -> None:
    mine = boundaries("country")
    mine.loc[0, "name"] = "changed"
    assert boundaries("country").loc[0, "name"] == "England"


@pytest.mark.parametrize("level", ["town", "", "LAD", None, ["lad"]])
def test_another_level_is_refused_with_those_there_are(level: object) -> None:
    with pytest.raises(ValueError, match="is not one of area, country, lad, outward, region, sector"):
        boundaries(level)  # type: ignore[arg-type]


def test_the_sheet_describes_what_ships_and_what_it_was_made_from() -> None:
    sheet = read_sheet(FOLDER, SHEET)
    assert set(sheet["files"]) == {path.name for path in FOLDER.iterdir() if path.name != SHEET}
    assert {"source", "vintage", "licence", "licence_name", "made_by", "land_sha256"} <= sheet.keys()
    # Boundaries of other postcodes than those that ship would mislead: build both, or neither.
    assert sheet["postcodes_sha256"] == read_sheet()["files"]["postcodes.parquet"]["sha256"]
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2_100_000


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / SHEET).write_bytes((FOLDER / SHEET).read_bytes())
    (tmp_path / "area.parquet").write_bytes(b"other")
    with pytest.raises(ValueError, match=r"build boundaries"):
        read_checked("area.parquet", tmp_path, SHEET)


def test_a_file_gives_back_what_was_written_and_the_same_bytes() -> None:
    regions = boundaries("region")
    data = encode_boundaries(regions)
    assert data == encode_boundaries(regions)
    again = read_boundaries(data)
    assert again.equals(regions)
    assert again.attrs == regions.attrs


def small_reference() -> pd.DataFrame:
    """Four sectors of two outward codes on a square of land; one postcode has no location."""
    sectors = pd.Series(["AB1 1", "AB1 2", "AB2 1", "AB2 2", "AB2 3"])
    frame = pd.DataFrame(
        {
            "postcode": sectors + "AA",
            "easting": pd.array([1000, 3000, 1000, 3000, None], dtype="Int32"),
            "northing": pd.array([1000, 1000, 3000, 3000, None], dtype="Int32"),
            "country": pd.Categorical(["S"] * 5),
            "lad25cd": pd.Categorical(["S12000033"] * 4 + [None]),
            "area": pd.Categorical(["AB"] * 5),
            "outward": pd.Categorical(sectors.str[:3]),
            "sector": pd.Categorical(sectors),
        }
    )
    frame.attrs = {"licence": ["one", "two", "three"], "vintage": "of the test"}
    return frame


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smarthan.coverage.geography.making.postcode_reference", small_reference)


@pytest.mark.usefixtures("small")
def test_a_coarser_level_is_the_sum_of_the_finer() -> None:
    land = shapely.MultiPolygon([shapely.box(0, 0, 4000, 4000)])
    made = make_boundaries(LEVELS, land)
    assert list(made) == list(LEVELS)
    assert made["sector"].area.tolist() == [4e6] * 4
    assert made["outward"].area.tolist() == [8e6, 8e6]
    assert made["area"].area.tolist() == made["country"].area.tolist() == [16e6]
    assert made["sector"].attrs["without_polygon"] == {"AB2 3": 1}
    assert made["outward"]["n_postcodes"].tolist() == [2, 3]
    assert made["country"]["name"].tolist() == ["Scotland"]


@pytest.mark.usefixtures("small")
def test_a_level_can_be_made_alone() -> None:
    land = shapely.MultiPolygon([shapely.box(0, 0, 4000, 4000)])
    assert list(make_boundaries(["area"], land)) == ["area"]


@pytest.mark.usefixtures("small")
def test_sectors_are_made_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTHAN_CACHE", str(tmp_path))
    square = gpd.GeoDataFrame({"code": ["GB"]}, geometry=[shapely.MultiPolygon([shapely.box(0, 0, 4000, 4000)])])
    square.attrs = {"label": LABEL}
    monkeypatch.setattr(polygons, "read_checked", lambda name, *_: encode_boundaries(square.set_crs(27700)))
    polygons._read_level.cache_clear()
    assert not polygons.is_at_hand("sector")
    assert boundaries("sector")["code"].tolist() == ["AB1 1", "AB1 2", "AB2 1", "AB2 2"]
    assert polygons.is_at_hand("sector")
    assert [path.name for path in tmp_path.rglob("*.parquet")] == ["sector.parquet"]
    polygons._read_level.cache_clear()


@pytest.mark.slow
def test_the_country_has_its_sectors() -> None:
    land = read_boundaries(read_checked(LAND, FOLDER, SHEET))["geometry"].item()
    sectors = make_boundaries(["sector"], land)["sector"]
    assert len(sectors) == 10_599
    assert len(sectors.attrs["without_polygon"]) == 279
    assert shapely.coverage_is_valid(np.asarray(sectors.geometry.array))
