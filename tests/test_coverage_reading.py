"""A release read: every row accepted, or in quarantine with its place and reason."""

import gzip
import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smarthan.coverage import MatrixRead, read_installs, read_matrix
from smarthan.coverage.releases.columns import INSTALLS, MATRIX
from smarthan.tables import RULES, FileRefused

HEADER = (
    "postcode,uprn,address_identifier,csp_region,region_code,available,anticipated,wan_technology,likelihood,"
    "premises,premises_available"
)
GOOD = "SW1A 1AA,,,South,I0,true,,Cellular,High,20,20"


def read(tmp_path: Path, *lines: str, header: str = HEADER, as_of: str | None = "2026-11-02") -> MatrixRead:
    path = tmp_path / "matrix.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return read_matrix(path, as_of=as_of)


# The rule a row breaks, and the column it is told of.
BROKEN = [
    ("postcode_partial", "postcode", "SW1A,,,South,,true,,Cellular,,,"),
    ("postcode_inward_letter", "postcode", "SW1A 1AC,,,South,,true,,Cellular,,,"),
    ("postcode_outside_gb", "postcode", "BT1 1AA,,,South,,true,,Cellular,,,"),
    ("postcode_non_geographic", "postcode", "GIR 0AA,,,South,,true,,Cellular,,,"),
    ("postcode_looks_like_number", "postcode", "12345,,,South,,true,,Cellular,,,"),
    ("postcode_too_long", "postcode", "SW1A 1AA SW1A 1AA,,,South,,true,,Cellular,,,"),
    ("cell_formula", "postcode", "=1+1,,,South,,true,,Cellular,,,"),
    ("sentinel", "postcode", "null,,,South,,true,,Cellular,,,"),
    ("no_key", "postcode", ",,,South,,true,,Cellular,,,"),
    ("uprn_format", "uprn", "M1 1AE,1.0E+11,,South,,true,,Cellular,,,"),
    ("uprn_format", "uprn", "M1 1AE,0,,South,,true,,Cellular,,,"),
    ("category_unknown", "csp_region", "M1 1AE,,,Souht,,true,,Cellular,,,"),
    ("required_missing", "csp_region", "M1 1AE,,,,,true,,Cellular,,,"),
    ("category_unknown", "likelihood", "M1 1AE,,,South,,true,,Cellular,Hi,,"),
    ("boolean_format", "available", "M1 1AE,,,South,,yes,,Cellular,,,"),
    ("available_null", "available", "M1 1AE,,,South,,,,Cellular,,,"),
    ("available_without_technology", "wan_technology", "M1 1AE,,,South,,true,,,,,"),
    ("required_missing", "wan_technology", "M1 1AE,,,South,,false,,,,,"),
    ("date_format", "anticipated", "M1 1AE,,,South,,false,31 March,Cellular,,,"),
    ("date_ambiguous", "anticipated", "M1 1AE,,,South,,false,01/02/2027,Cellular,,,"),
    ("date_range", "anticipated", "M1 1AE,,,South,,false,2042-01-01,Cellular,,,"),
    ("cell_too_long", "wan_technology", f"M1 1AE,,,South,,true,,{'x' * 31},,,"),
    ("number_format", "premises", "M1 1AE,,,South,,true,,Cellular,,many,"),
    ("value_range", "premises", "M1 1AE,,,South,,true,,Cellular,,-1,"),
    ("premises_order", "premises_available", "M1 1AE,,,South,,true,,Cellular,,3,4"),
    ("row_short", "", "M1 1AE,,,South"),
]


@pytest.mark.parametrize(("code", "column", "line"), BROKEN, ids=[f"{c}-{k}" for k, (c, _, _) in enumerate(BROKEN)])
def test_a_broken_row_is_quarantined_and_the_good_one_kept(tmp_path: Path, code: str, column: str, line: str) -> None:
    found = read(tmp_path, GOOD, line)
    assert found.matrix.rows["postcode"].tolist() == ["SW1A 1AA"]
    told = found.quarantine.iloc[0]
    assert (told["code"], told["column"], told["line"]) == (code, column, 3)
    ledger = found.ledger.iloc[0]
    assert (ledger["read"], ledger["accepted"], ledger["quarantined"]) == (2, 1, 1)
    assert ledger["independent_count"] == 2


def test_an_error_row_needs_neither_coverage_nor_technology(tmp_path: Path) -> None:
    found = read(tmp_path, "M1 1AE,,,North,E62,,,,,,")
    assert found.quarantine.empty
    assert found.matrix.lookup("M1 1AE").state == "ERROR"


def test_no_code_means_success(tmp_path: Path) -> None:
    assert read(tmp_path, "M1 1AE,,,North,,true,,4G,,,").matrix.rows["region_code"].tolist() == ["I0"]


def test_equal_rows_are_kept_once(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, GOOD, GOOD.replace("SW1A 1AA", "sw1a1aa"))
    assert len(found.matrix.rows) == 1
    assert found.quarantine["code"].tolist() == ["duplicate", "duplicate"]


def test_rows_that_disagree_lose_both(tmp_path: Path) -> None:
    found = read(
        tmp_path, GOOD, "M1 1AE,,,North,,true,,4G,,,", "m11ae,,,North,,false,,4G,,,", "M1 1AE,,,South,,true,,4G,,,"
    )
    assert found.quarantine["code"].tolist() == ["duplicate_conflict", "duplicate_conflict"]
    assert found.quarantine["line"].tolist() == [3, 4]
    assert found.matrix.lookup("M1 1AE").regions == ("South",)


def test_uprn_is_compared_without_leading_zeros(tmp_path: Path) -> None:
    found = read(tmp_path, "M1 1AE,7,,North,,true,,4G,,,", "M1 1AE,007,,North,,true,,4G,,,")
    assert found.quarantine["code"].tolist() == ["duplicate"]


def test_a_uprn_under_two_postcodes_is_believed_under_neither(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, "M1 1AE,7,,North,,true,,4G,,,", "M1 1AF,7,,South,,true,,4G,,,")
    assert found.quarantine["code"].tolist() == ["uprn_postcodes", "uprn_postcodes"]


def test_flags_and_repairs_are_told_and_kept(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "m1 1ae,,,north,,True,2027-01-01,4G,high,3,0",
        "M1 1AE,,,South,,true,,Semaphore,,,",
    )
    assert found.quarantine.empty
    codes = set(found.notes["code"])
    assert codes >= {"key_spelling", "category_spelling", "available_with_date", "available_premises"}
    assert codes >= {"region_technology", "technology_unmapped"}
    assert found.matrix.rows["wan_group"].tolist() == ["CELLULAR_4G", "OTHER"]
    assert len(found.matrix.rows) == 2


def test_duis_names_in_any_order_are_accepted(tmp_path: Path) -> None:
    header = "WANTechnology,CSPRegion,CoverageAvailability,PostCode,ConnectivityLikelihood"
    found = read(tmp_path, "Cellular,Central,true,LL57 2DG,Medium", header=header)
    assert found.matrix.lookup("LL57 2DG").state == "COVERED"
    assert set(found.notes["code"]) == {"header_spelling"}


def test_missing_column_refuses_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="no column available"):
        read(tmp_path, "M1 1AE,North,4G", header="postcode,csp_region,wan_technology")


def test_no_usable_row_refuses_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="no row can be used"):
        read(tmp_path, "SW1A,,,South,,true,,Cellular,,,")


@pytest.mark.parametrize(("name", "words"), [("m.xml", "not a DUIS Response"), ("m.xlsx", "save the sheet as CSV")])
def test_other_formats_are_refused_in_words(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / name).write_text("<x/>")
    with pytest.raises(FileRefused, match=words):
        read_matrix(tmp_path / name)


def test_release_is_named_after_the_file(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, as_of=None)
    release = found.matrix.release
    assert release.release_id == f"matrix-{release.sha256[:8]}"
    assert (release.as_of, release.row_count) == (None, 1)


def test_facts_beside_the_file_are_read_and_overridden(tmp_path: Path) -> None:
    beside = tmp_path / "matrix.csv.release.toml"
    beside.write_text('release_id = "2026-11"\nas_of = 2026-11-01\nsource = "DCC_FILE"\nsynthetic = true\n')
    found = read(tmp_path, GOOD, as_of=None).matrix.release
    assert (found.release_id, str(found.as_of), found.source, found.synthetic) == (
        "2026-11",
        "2026-11-01",
        "DCC_FILE",
        True,
    )
    assert str(read(tmp_path, GOOD).matrix.release.as_of) == "2026-11-02"


def test_bad_facts_refuse_the_file(tmp_path: Path) -> None:
    (tmp_path / "matrix.csv.release.toml").write_text('asof = "2026-11-01"\n')
    with pytest.raises(ValueError, match="as_of"):
        read(tmp_path, GOOD)
    (tmp_path / "matrix.csv.release.toml").write_text('release_id = "a/b"\n')
    with pytest.raises(FileRefused, match="release_facts"):
        read(tmp_path, GOOD)


def test_gzip_and_parquet_give_the_same_rows(tmp_path: Path) -> None:
    lines = [HEADER, GOOD, "M1 1AE,7,1 X ST,North,,false,2027-03-31,4G,Low,,", "LL57 2DG,,,North,E62,,,,,,"]
    text = "\n".join(lines) + "\n"
    (tmp_path / "m.csv").write_text(text)
    (tmp_path / "m.csv.gz").write_bytes(gzip.compress(text.encode()))
    first = read_matrix(tmp_path / "m.csv", as_of="2026-11-02", release_id="r").matrix
    packed = read_matrix(tmp_path / "m.csv.gz", as_of="2026-11-02", release_id="r").matrix
    first.rows.drop(columns=["release_id", "location_kind", "wan_group"]).to_parquet(tmp_path / "m.parquet")
    parquet = read_matrix(tmp_path / "m.parquet", as_of="2026-11-02", release_id="r").matrix
    pd.testing.assert_frame_equal(packed.rows, first.rows)
    pd.testing.assert_frame_equal(parquet.rows, first.rows)


def write_parquet(path: Path, **columns: pa.Array) -> Path:
    base = {"postcode": pa.array(["SW1A 1AA"]), "csp_region": pa.array(["South"]), "available": pa.array([True])}
    base |= {"wan_technology": pa.array(["Cellular"])}
    facts = {b"smarthan.release": json.dumps({"release_id": "p1", "as_of": "2026-11-02", "synthetic": True}).encode()}
    pq.write_table(pa.table({**base, **columns}).replace_schema_metadata(facts), path)
    return path


def test_parquet_metadata_gives_the_release(tmp_path: Path) -> None:
    matrix = read_matrix(write_parquet(tmp_path / "m.parquet")).matrix
    assert (matrix.release.release_id, matrix.release.synthetic, matrix.rows.attrs["synthetic"]) == ("p1", True, True)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("postcode", pa.array([12345])),
        ("postcode", pa.array([b"SW1A 1AA"])),
        ("uprn", pa.array([100.0])),
        ("available", pa.array([1])),
        ("premises", pa.array([[1]])),
    ],
    ids=["number postcode", "bytes postcode", "float uprn", "number boolean", "list"],
)
def test_parquet_columns_of_another_type_are_refused(tmp_path: Path, name: str, column: pa.Array) -> None:
    with pytest.raises(FileRefused, match=f"column {name} is"):
        read_matrix(write_parquet(tmp_path / "m.parquet", **{name: column}))


def test_parquet_floats_that_are_whole_count_premises(tmp_path: Path) -> None:
    matrix = read_matrix(write_parquet(tmp_path / "m.parquet", premises=pa.array([3.0]))).matrix
    assert matrix.rows["premises"].tolist() == [3]


@pytest.mark.parametrize("cut", [0, 3, 100], ids=["empty", "mark only", "cut"])
def test_cut_parquet_is_refused(tmp_path: Path, cut: int) -> None:
    path = write_parquet(tmp_path / "m.parquet")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(FileRefused, match="Parquet"):
        read_matrix(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    for name in ("none.csv", "none.parquet"):
        with pytest.raises(FileRefused, match="does not exist"):
            read_matrix(tmp_path / name)


def test_installs_keep_their_account(tmp_path: Path) -> None:
    path = tmp_path / "installs.csv"
    path.write_text(
        "install_id,report,installed_at,postcode,uprn\n"
        "a,8.14.1,2026-11-05,sw1a1aa,\nb,8.14.9,2026-11-05,SW1A 1AA,\nc,8.14.2,2026-11-05,,\nd,8.14.2,2026-11-05,,42\n"
    )
    found = read_installs(path)
    assert found.frame["install_id"].tolist() == ["a", "d"]
    assert found.quarantine["code"].tolist() == ["category_unknown", "no_key"]
    assert found.frame["postcode"].iloc[0] == "SW1A 1AA"


def test_every_declared_column_has_a_sentence() -> None:
    for table in (MATRIX, INSTALLS):
        assert all(field.about.endswith(".") for field in table.fields)


def test_rules_of_this_room_are_in_the_one_table() -> None:
    assert {code for code, _, _ in BROKEN} <= set(RULES)
