"""A release written and read back is the same release, in every format."""

import datetime as dt
import gzip
import json
import os
import tomllib
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarthan.coverage import CoverageMatrix, Release, read_matrix, write_matrix
from smarthan.coverage.duis.facets import FLAT_REGIONS
from smarthan.coverage.releases import writing
from smarthan.coverage.releases.columns import CSP_REGIONS, LIKELIHOODS, LOCATION_KINDS, MATRIX, WAN_GROUPS

AS_OF = dt.date(2026, 11, 2)
FORMATS = ("m.csv", "m.csv.gz", "m.parquet", "m")
DERIVED = ["location_kind", "wan_group", "release_id"]
ROW = {"postcode": "LL57 2DG", "csp_region": "Central", "available": True, "wan_technology": "Cellular"}
ROW |= {"likelihood": "Medium"}


def make(*records: dict[str, Any], **facts: Any) -> CoverageMatrix:
    """Return a matrix from rows as dicts, typed as a reader types them; what is left out is missing."""
    blank: dict[str, Any] = {**dict.fromkeys(MATRIX.names), "region_code": "I0"}
    frame = pd.DataFrame([{**blank, **record} for record in records])
    kinds = ["UPRN" if r.get("uprn") else "ADDRESS" if r.get("address_identifier") else "POSTCODE" for r in records]
    for name in ("postcode", "address_identifier", "uprn", "info"):
        frame[name] = frame[name].astype("object").where(frame[name].notna(), None).astype("str")
    for name in ("region_code", "wan_technology", "auxiliary"):
        words = frame[name].astype("object").where(frame[name].notna(), None).astype("str").astype("category").cat
        frame[name] = words.rename_categories(words.categories.astype("str"))
    lists = {"csp_region": CSP_REGIONS, "likelihood": LIKELIHOODS}
    for name, listed in lists.items():
        frame[name] = pd.Categorical(frame[name], categories=list(listed), ordered=name == "likelihood")
    frame = frame.astype({"available": "boolean", "premises": "Int32", "premises_available": "Int32"})
    frame["anticipated"] = pd.to_datetime(frame["anticipated"]).astype("datetime64[us]")
    frame.insert(0, "release_id", pd.Categorical(["r1"] * len(frame)))
    frame["location_kind"] = pd.Categorical(kinds, categories=list(LOCATION_KINDS))
    frame["wan_group"] = pd.Categorical([None] * len(frame), categories=list(WAN_GROUPS))
    return CoverageMatrix(
        frame,
        Release("r1", **{"as_of": AS_OF, "source": "DCC_FILE", "schema_version": "1", **facts}, row_count=len(frame)),
    )


def assert_same(again: CoverageMatrix, matrix: CoverageMatrix, without: tuple[str, ...] = ()) -> None:
    """Hold the rows (but what is derived) and the facts (but the hash of the file) against each other."""
    dropped = [*DERIVED, *without]
    pd.testing.assert_frame_equal(again.rows.drop(columns=dropped), matrix.rows.drop(columns=dropped))
    assert again.release.with_facts(sha256="") == matrix.release.with_facts(sha256="")


FACTS = {
    "published": dt.date(2026, 11, 3),
    "received_at": "2026-11-03T09:00:00Z",
    "schema_version": "5.4",
    "licence": 'Quoted "text", \\ and \x7f, é',
    "note": "two\nlines",
    "complete": False,
    "synthetic": True,
}
RICH = (
    {**ROW, "auxiliary": "Aerial T1", "info": 'a "quoted", text\r\nof \ttwo lines'},
    {**ROW, "csp_region": "4G Central", "available": False, "anticipated": dt.date(2027, 3, 31), "info": "- dash"},
    {**ROW, "postcode": "M1 1AE", "address_identifier": "Flat 1, <2> & 'x'", "info": "\t tab and blanks  "},
    {**ROW, "postcode": None, "uprn": "100012345678", "csp_region": "Unknown", "info": "'-already"},
    {"postcode": "M1 1AF", "csp_region": "North", "region_code": "E62"},
    {**ROW, "postcode": "M1 1AG", "info": "\r", "auxiliary": "é"},
)


@pytest.mark.parametrize("name", FORMATS)
def test_a_release_reads_back_as_it_was(tmp_path: Path, name: str) -> None:
    matrix = make(*(row for row in RICH if row.get("info") != "\r"), **FACTS)
    written = write_matrix(matrix, tmp_path / name)
    found = read_matrix(written)
    assert written == tmp_path / name
    assert found.quarantine.empty
    assert_same(found.matrix, matrix)


@pytest.mark.parametrize("name", FORMATS[:3])
def test_premises_and_the_postcode_of_a_uprn_are_kept_by_tables(tmp_path: Path, name: str) -> None:
    matrix = make({**ROW, "premises": 20, "premises_available": 7}, {**ROW, "uprn": "7", "premises": 0})
    assert_same(read_matrix(write_matrix(matrix, tmp_path / name)).matrix, matrix)


def test_what_duis_has_no_place_for_is_left_out_with_a_warning(tmp_path: Path) -> None:
    matrix = make({**ROW, "premises": 20, "premises_available": 20}, {**ROW, "uprn": "7", "address_identifier": "1"})
    with pytest.warns(
        UserWarning, match="premises of 1 rows, .*postcode of 1 UPRN rows, address_identifier of 1 UPRN"
    ) as told:
        write_matrix(matrix, tmp_path / "m")
    assert Path(told[0].filename).name == Path(__file__).name
    again = read_matrix(tmp_path / "m").matrix
    assert_same(again, make(ROW, {**ROW, "uprn": "7", "postcode": None}))


@pytest.mark.parametrize("shape", ["list", "flat"])
def test_one_location_is_one_document_in_either_shape(tmp_path: Path, shape: Any) -> None:
    matrix = make({**ROW, "info": "x"}, **FACTS)
    path = write_matrix(matrix, tmp_path / "m.xml", shape=shape)
    assert_same(read_matrix(path).matrix, matrix)
    text = path.read_text(encoding="utf-8")
    assert ("DSPWANMatrixResponse" in text) is (shape == "list")
    assert text.startswith("<!-- SYNTHETIC: ")
    path.with_name("m.xml.release.toml").unlink()
    release = read_matrix(path).matrix.release
    assert (release.as_of, release.synthetic, release.source) == (AS_OF, True, "DUIS_12_1")


def test_a_folder_of_flat_documents_reads_back(tmp_path: Path) -> None:
    matrix = make(*({**ROW, "postcode": f"M1 1A{letter}", "csp_region": "North"} for letter in "ABDEFG"))
    folder = write_matrix(matrix, tmp_path / "november", shape="flat")
    assert [path.name for path in sorted(folder.iterdir())] == [f"{k}-M1-1A{x}.xml" for k, x in enumerate("ABDEFG", 1)]
    assert_same(read_matrix(folder).matrix, matrix)


def test_equal_releases_give_equal_bytes(tmp_path: Path) -> None:
    matrix = make(*RICH, **FACTS)
    for name in FORMATS:
        (tmp_path / "a").mkdir(exist_ok=True)
        (tmp_path / "b").mkdir(exist_ok=True)
        first, second = (write_matrix(matrix, tmp_path / folder / name) for folder in ("a", "b"))
        files = sorted(first.iterdir()) if first.is_dir() else [first]
        others = sorted(second.iterdir()) if second.is_dir() else [second]
        assert [f.read_bytes() for f in files] == [f.read_bytes() for f in others]


def test_csv_holds_the_columns_of_the_data_model_and_no_live_formula(tmp_path: Path) -> None:
    matrix = make({**ROW, "info": "-2+3"}, {**ROW, "postcode": "M1 1AE", "info": "plain"})
    path = write_matrix(matrix, tmp_path / "m.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines == [
        ",".join(MATRIX.names),
        "LL57 2DG,,,Central,I0,true,,Cellular,Medium,,'-2+3,,",
        "M1 1AE,,,Central,I0,true,,Cellular,Medium,,plain,,",
    ]
    assert tomllib.loads((tmp_path / "m.csv.release.toml").read_text("utf-8"))["escaped_formulas"] is True
    assert_same(read_matrix(path).matrix, matrix)


def test_an_apostrophe_is_taken_off_only_where_the_writer_says_that_it_put_one(tmp_path: Path) -> None:
    path = write_matrix(make({**ROW, "info": "-2+3"}), tmp_path / "m.csv")
    path.with_name("m.csv.release.toml").unlink()
    assert read_matrix(path).matrix.rows["info"].tolist() == ["'-2+3"]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", ["=1+1", "+44 20", "@here", "'=1", "''+1"])
@pytest.mark.parametrize("column", ["info", "auxiliary"])
def test_free_text_that_starts_a_formula_comes_back_verbatim(tmp_path: Path, name: str, column: str, text: str) -> None:
    matrix = make({**ROW, column: text}, {**ROW, "postcode": "M1 1AE"})
    found = read_matrix(write_matrix(matrix, tmp_path / name))
    assert found.quarantine.empty
    assert_same(found.matrix, matrix)


@pytest.mark.parametrize("start", "=+@-")
def test_no_cell_of_a_written_csv_starts_a_formula(tmp_path: Path, start: str) -> None:
    matrix = make({**ROW, "info": f"{start}1", "auxiliary": f"{start}2"})
    line = write_matrix(matrix, tmp_path / "m.csv").read_text("utf-8").splitlines()[1]
    assert [cell for cell in line.split(",") if cell.startswith(tuple("=+@-"))] == []
    assert (f"'{start}1" in line, f"'{start}2" in line) == (True, True)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("start", "=+@")
def test_a_technology_that_starts_a_formula_is_written_and_quarantined_on_reading(
    tmp_path: Path, name: str, start: str
) -> None:
    matrix = make({**ROW, "wan_technology": f"{start}1"}, {**ROW, "postcode": "M1 1AE"})
    found = read_matrix(write_matrix(matrix, tmp_path / name))
    assert found.quarantine[["code", "column", "original"]].to_numpy().tolist() == [
        ["cell_formula", "wan_technology", f"{start}1"]
    ]
    assert found.matrix.rows["postcode"].tolist() == ["M1 1AE"]


def test_gzip_has_no_time_inside(tmp_path: Path) -> None:
    packed = write_matrix(make(ROW), tmp_path / "m.csv.gz").read_bytes()
    assert packed[4:8] == b"\0\0\0\0"
    assert gzip.decompress(packed) == write_matrix(make(ROW), tmp_path / "m.csv").read_bytes()


def test_parquet_is_sorted_packed_and_says_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "ROW_GROUP", 2)
    matrix = make(*({**ROW, "postcode": f"M1 1A{letter}"} for letter in "GFEDB"), **FACTS)
    file = pq.ParquetFile(write_matrix(matrix, tmp_path / "m.parquet"))
    assert file.metadata.num_row_groups == 3
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert file.read(["postcode"])["postcode"].to_pylist() == [f"M1 1A{letter}" for letter in "BDEFG"]
    assert json.loads(file.schema_arrow.metadata[b"smarthan.release"]) == matrix.release.to_dict()
    assert 50_000 <= 131_072 <= 131_072


def test_old_facts_never_stand_beside_new_data(tmp_path: Path) -> None:
    for name in ("m.csv", "m.parquet"):
        beside = tmp_path / f"{name}.release.toml"
        beside.write_text('release_id = "old"\n', encoding="utf-8")
        assert read_matrix(write_matrix(make(ROW), tmp_path / name)).matrix.release.release_id == "r1"


@pytest.mark.parametrize(
    ("records", "facts", "name", "words"),
    [
        ([ROW], {}, "m.xlsx", r"write \.csv"),
        ([ROW, {**ROW, "postcode": "M1 1AE"}], {}, "m.xml", "the matrix has 2; name a folder"),
        ([ROW], {"as_of": None}, "m", "has no as_of"),
        ([{**ROW, "likelihood": None}], {}, "m", "LL57 2DG: Central: ConnectivityLikelihood is absent"),
        ([{**ROW, "info": "a\x0bb"}], {}, "m", r"AdditionalInformation holds U\+000B"),
        ([{**ROW, "info": "a\0b"}], {}, "m.csv", "column info holds a NUL"),
        ([{**ROW, "info": "x" * 251}], {}, "m", "longer than 250"),
        ([{**ROW, "region_code": "E1", "available": None, "likelihood": None}], {}, "m", "all or nothing"),
        (
            [{**ROW, "likelihood": None, "postcode": f"M1 1A{x}"} for x in "ABDEFGH"],
            {},
            "m",
            "7 locations .*; and 2 more",
        ),
    ],
)
def test_what_a_format_cannot_carry_is_refused_and_nothing_is_written(
    tmp_path: Path, records: list[dict[str, Any]], facts: dict[str, Any], name: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        write_matrix(make(*records, **facts), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([ROW, {**ROW, "csp_region": "4G Central"}], "holds one region, here are 2"),
        ([{**ROW, "csp_region": "4G Central"}], "not 4G Central"),
        ([{"postcode": "M1 1AE", "csp_region": "North", "region_code": "E62"}], "no place for code E62"),
    ],
)
def test_the_flat_shape_is_refused_where_it_cannot_be(tmp_path: Path, rows: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(ValueError, match=rf"\(flat shape\).*{words}"):
        write_matrix(make(*rows), tmp_path / "m", shape="flat")


def test_a_folder_is_never_overwritten(tmp_path: Path) -> None:
    write_matrix(make(ROW), tmp_path / "m")
    with pytest.raises(FileExistsError, match="exists already"):
        write_matrix(make(ROW), tmp_path / "m")


def test_a_matrix_without_rows_is_not_written(tmp_path: Path) -> None:
    matrix = make(ROW)
    empty = CoverageMatrix(matrix.rows.head(0), matrix.release)
    with pytest.raises(ValueError, match="no row"):
        write_matrix(empty, tmp_path / "m.csv")


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_matrix(make(ROW), tmp_path / "m.csv")
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_matrix(make({**ROW, "postcode": "M1 1AE"}), path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["m.csv"]
    monkeypatch.setattr(os, "sync", fail)
    with pytest.raises(OSError, match="No space"):
        write_matrix(make(ROW), tmp_path / "folder")
    assert [entry.name for entry in tmp_path.iterdir()] == ["m.csv"]


words = st.text(
    st.sampled_from("ab 0é,;\"'&<>-=+@\t\n\r|\\]")
    | st.characters(exclude_categories=("Cs", "Cc"), max_codepoint=0x2FFF)
)


def free(most: int) -> st.SearchStrategy[str]:
    """Free text that a reader accepts: not blank, and no start of a formula that is quarantined."""
    return words.map(lambda text: text[:most]).filter(lambda text: text.strip() != "" and text[0] not in "=+@")


@st.composite
def matrices(draw: st.DrawFn, *, flat: bool) -> CoverageMatrix:
    """Small releases of every kind of location, without what DUIS has no place for."""
    keys = st.tuples(st.sampled_from(["LL57 2DG", "M1 1AE", "N1P 1AA"]), st.none() | free(30), st.just(None))
    uprns = st.tuples(st.none(), st.none(), st.sampled_from(["7", "100012345678"]))
    records = []
    for postcode, address, uprn in draw(st.lists(keys | uprns, min_size=1, max_size=5, unique=True)):
        regions = st.lists(st.sampled_from(FLAT_REGIONS if flat else CSP_REGIONS), min_size=1, max_size=3, unique=True)
        for region in draw(regions)[: 1 if flat else 3]:
            place: dict[str, Any] = {
                "postcode": postcode,
                "address_identifier": address,
                "uprn": uprn,
                "csp_region": region,
            }
            if not flat and draw(st.integers(0, 3)) == 0:
                records.append({**place, "region_code": draw(st.sampled_from(["E62", "E120101"]))})
                continue
            records.append(
                {
                    **place,
                    "available": draw(st.booleans()),
                    "anticipated": draw(st.none() | st.dates(dt.date(2022, 1, 1), dt.date(2040, 1, 1))),
                    "wan_technology": draw(free(30)),
                    "likelihood": draw(st.sampled_from(LIKELIHOODS)),
                    "auxiliary": draw(st.none() | free(50)),
                    "info": draw(st.none() | free(250)),
                }
            )
    return make(*records)


@pytest.mark.parametrize("name", [*FORMATS, "flat"])
@given(data=st.data())
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=8
)
def test_any_release_reads_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    matrix = data.draw(matrices(flat=name == "flat"))
    path = tmp_path_factory.mktemp("any") / name
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = read_matrix(write_matrix(matrix, path, shape="flat" if name == "flat" else "list"))
    assert found.quarantine.empty, found.quarantine[["code", "original"]].to_numpy().tolist()
    assert_same(found.matrix, matrix)
