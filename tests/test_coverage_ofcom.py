"""Ofcom's mobile file: blanks, sums, row accounts, and archives that are not what they should be."""

import io
import struct
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.coverage import OfcomRead, read_ofcom_mobile
from smarthan.coverage.ofcom.archive import is_zip
from smarthan.coverage.ofcom.families import PATTERN, compile_pattern, find_families
from smarthan.tables import FileRefused, Limits

OUT = [f"4G_prem_out_{n}" for n in range(5)]
IN = [f"4G_prem_in_{n}" for n in range(5)]
HEADER = ",".join(["laua", "laua_name", "prem_count", *OUT, *IN])
ROWS = [
    "W06000002,Gwynedd,60000,2.5,1.5,3,13,80,10,20,30,40,0",
    "E06000001,Hartlepool,45000,,,,,100,,,,,",
]


def write(folder: Path, *rows: str, header: str = HEADER, name: str = "202409_mobile_laua_r01.csv") -> Path:
    (folder / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return folder / name


def family(read: OfcomRead, laua: str, place: str = "out") -> pd.DataFrame:
    return read.frame[read.frame["laua"].eq(laua) & read.frame["place"].eq(place)]


def test_the_tidy_table_can_be_checked_by_eye(tmp_path: Path) -> None:
    read = read_ofcom_mobile(write(tmp_path, *ROWS))
    assert list(read.frame.columns) == [
        *("laua", "laua_name", "prem_count", "tech", "basis", "place", "operators", "percent", "at_least_one"),
    ]
    gwynedd = family(read, "W06000002")
    assert gwynedd["percent"].tolist() == [2.5, 1.5, 3, 13, 80]
    assert gwynedd["at_least_one"].tolist() == [97.5] * 5
    assert gwynedd[["tech", "basis", "place"]].drop_duplicates().values.tolist() == [["4G", "prem", "out"]]
    assert family(read, "W06000002", "in")["at_least_one"].tolist() == [90] * 5
    assert read.frame["laua"].drop_duplicates().tolist() == ["E06000001", "W06000002"]
    assert read.frame.attrs["period"] == "2024-09"
    assert read.frame.attrs["licence"] == ["Contains information licensed by the Office of Communications"]


def test_blank_is_nothing_inside_a_family_and_no_data_when_all_are(tmp_path: Path) -> None:
    read = read_ofcom_mobile(write(tmp_path, *ROWS))
    out, inside = family(read, "E06000001"), family(read, "E06000001", "in")
    assert out["percent"].tolist() == [0, 0, 0, 0, 100]
    assert out["at_least_one"].tolist() == [100] * 5
    assert inside[["percent", "at_least_one"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("cells", "fine"),
    [
        ("2.5,1.5,3,13,80", True),
        ("2.5,1.5,3,13,79.9", True),  # five cells rounded to tenths may miss by a quarter
        ("2.5,1.5,3,13,79.7", False),
        ("20,20,20,20,22", True),
        ("20,20,20,20,23", False),
        ("20.004,20.001,20.001,20.001,20.001", True),
        ("20.02,20,20,20,20", True),
        ("20.03,20,20,20,20", False),
        ("0,0,0,0,0", False),
        (",,,,0", False),
    ],
)
def test_a_family_adds_to_a_hundred_within_rounding(tmp_path: Path, cells: str, fine: bool) -> None:
    read = read_ofcom_mobile(write(tmp_path, ROWS[0], f"E06000001,Hartlepool,45000,{cells},,,,,"))
    assert read.quarantine["code"].tolist() == ([] if fine else ["operator_shares"])
    assert len(family(read, "E06000001")) == (5 if fine else 0)


def test_totals_and_remarks_below_the_table_are_set_aside_and_counted(tmp_path: Path) -> None:
    remark = f"Source: Ofcom{',' * 12}"
    rows = [*ROWS, "Total,,105000,2,0,0,0,98,,,,,", remark, "e06000002,x,1,0,0,0,0,100,,,,,"]
    read = read_ofcom_mobile(write(tmp_path, *rows))
    assert read.quarantine["code"].tolist() == ["laua_format"] * 3
    assert read.quarantine["line"].tolist() == [4, 5, 6]
    account = read.ledger.iloc[0]
    assert (account["read"], account["accepted"], account["quarantined"]) == (5, 2, 3)


def test_cells_that_are_no_shares_and_rows_that_are_not_whole(tmp_path: Path) -> None:
    rows = [*ROWS, "E06000002,x,1,101,0,0,0,-1,,,,,", "E06000003,y,1,n/a,0,0,0,100,,,,,", "E06000004,z"]
    read = read_ofcom_mobile(write(tmp_path, *rows))
    assert {"value_range", "row_short"} <= set(read.quarantine["code"])
    assert set(read.frame["laua"]) == {"E06000001", "W06000002"}
    account = read.ledger.iloc[0]
    assert account["read"] == account["accepted"] + account["quarantined"] == 5


def test_an_authority_stated_twice(tmp_path: Path) -> None:
    same = read_ofcom_mobile(write(tmp_path, *ROWS, ROWS[1]))
    assert same.quarantine["code"].tolist() == ["duplicate"]
    other = read_ofcom_mobile(write(tmp_path, *ROWS, "E06000001,Hartlepool,45000,1,0,0,0,99,,,,,"))
    assert other.quarantine["code"].tolist() == ["duplicate_conflict"] * 2


def test_names_of_older_files_and_other_techs(tmp_path: Path) -> None:
    header = "LAUA,laua_name,prem_count,4G_geo_out_None,4G_geo_out_1,4G_geo_out_2,4G_geo_out_3,4G_geo_out_All,"
    header += ",".join(f"5G_very_high_confidence_prem_out_{n}" for n in range(5)) + ",remark"
    read = read_ofcom_mobile(
        write(tmp_path, "S12000017,Highland,130000,30,20,20,20,10,50,10,10,10,20,x", header=header)
    )
    named = read.frame[["tech", "basis", "at_least_one"]].drop_duplicates().values.tolist()
    assert named == [["4G", "geo", 70.0], ["5G_very_high_confidence", "prem", 50.0]]
    assert set(read.notes["code"]) == {"header_unknown"}


def test_a_family_that_lacks_a_number_is_left_out_and_noted(tmp_path: Path) -> None:
    header = f"{HEADER},3G_prem_out_0,3G_prem_out_2"
    read = read_ofcom_mobile(write(tmp_path, f"{ROWS[0]},50,50", header=header))
    assert set(read.frame["tech"]) == {"4G"}
    assert set(read.notes["code"]) == {"operator_columns", "header_unknown"}
    assert "has columns for 0, 2 operators" in read.notes["message"].str.cat()


def test_three_operators_and_a_byte_order_mark(tmp_path: Path) -> None:
    header = "\ufefflaua," + ",".join(OUT[:4])
    read = read_ofcom_mobile(write(tmp_path, "E06000001,1,2,3,94", header=header))
    assert read.frame["operators"].tolist() == [0, 1, 2, 3]
    assert read.frame["laua_name"].isna().all()
    assert read.ledger["encoding"].item() == "utf-8-sig"


def test_the_pattern_is_the_users_to_change(tmp_path: Path) -> None:
    header = "laua,share4G.0,share4G.1"
    pattern = r"(?P<basis>share)(?P<tech>4G)(?P<place>\.)(?P<operators>[0-9])"
    read = read_ofcom_mobile(write(tmp_path, "E06000001,5,95", header=header), pattern=pattern)
    assert read.frame["percent"].tolist() == [5, 95]


@pytest.mark.parametrize("pattern", ["(", "(?P<tech>x)", ""])
def test_a_pattern_that_cannot_serve_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern: "):
        read_ofcom_mobile(write(tmp_path, *ROWS), pattern=pattern)


@pytest.mark.parametrize(
    ("header", "rows", "code"),
    [
        ("code,4G_prem_out_0,4G_prem_out_1", ["E06000001,5,95"], "header_missing"),
        ("laua,laua_name", ["E06000001,x"], "header_missing"),
        ("laua,4G_prem_out_0", ["E06000001,5"], "header_missing"),
        ("laua,4G_prem_out_0,4G_prem_out_None,4G_prem_out_1", ["E06000001,5,5,95"], "header_missing"),
        (HEADER, ["Total,,1,0,0,0,0,100,,,,,"], "file_empty"),
        (HEADER, [], "file_empty"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, header: str, rows: list[str], code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_ofcom_mobile(write(tmp_path, *rows, header=header))
    assert refused.value.code == code


def zip_up(folder: Path, members: dict[str, bytes], name: str = "202409_mobile_coverage_r01.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return folder / name


TEXT = "\n".join([HEADER, *ROWS, ""]).encode()
MEMBER = "202409_mobile_coverage/202409_mobile_laua_r01.csv"


def test_the_archive_gives_what_the_file_gives(tmp_path: Path) -> None:
    others = {"about.txt": b"x", "202409_mobile_pcon_r01.csv": b"y", "__MACOSX/._mobile_laua.csv": b"z", "folder/": b""}
    path = zip_up(tmp_path, {MEMBER: TEXT, **others})
    packed, plain = read_ofcom_mobile(path), read_ofcom_mobile(write(tmp_path, *ROWS))
    pd.testing.assert_frame_equal(packed.frame, plain.frame)
    assert packed.ledger["file"].item() == f"{path}: {MEMBER}"
    assert packed.ledger["format"].item() == "zip"
    assert list(tmp_path.rglob("*laua*")) == [tmp_path / "202409_mobile_laua_r01.csv"]  # nothing was unpacked


@pytest.mark.parametrize(
    ("archive", "member", "period"),
    [
        ("202305_mobile_coverage_r01.zip", "mobile_laua.csv", "2023-05"),
        ("download.zip", "202409_mobile_laua.csv", "2024-09"),
        ("202313_x.zip", "laua.csv", None),
    ],
)
def test_the_period_is_that_of_a_name(tmp_path: Path, archive: str, member: str, period: str | None) -> None:
    assert read_ofcom_mobile(zip_up(tmp_path, {member: TEXT}, name=archive)).frame.attrs["period"] == period


def test_an_archive_by_any_name_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    path = zip_up(tmp_path, {MEMBER: TEXT}, name="download")
    assert is_zip(path)
    assert len(read_ofcom_mobile(path).frame) == 20
    assert not is_zip(tmp_path / "absent")


@pytest.mark.parametrize(
    ("members", "code", "words"),
    [
        ({}, "zip_member", "only nothing"),
        ({"a.txt": b"x"}, "zip_member", "only a.txt"),
        ({MEMBER: TEXT, "old/2023_laua.csv": TEXT}, "zip_member", "several CSV files .*2023_laua.csv"),
        ({MEMBER: b"laua," + b"0" * 80_000_000}, "zip_size", "packs .* to 1"),
        ({MEMBER: b""}, "file_empty", "no record"),
    ],
)
def test_archives_that_do_not_hold_the_one_file(
    tmp_path: Path, members: dict[str, bytes], code: str, words: str
) -> None:
    with pytest.raises(FileRefused, match=words) as refused:
        read_ofcom_mobile(zip_up(tmp_path, members))
    assert refused.value.code == code


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = zip_up(tmp_path, {MEMBER: TEXT})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(MEMBER.upper(), TEXT)
    with pytest.raises(FileRefused, match="twice") as refused:
        read_ofcom_mobile(path)
    assert refused.value.code == "zip_duplicate"


def test_an_archive_beyond_the_budget_is_refused(tmp_path: Path) -> None:
    path = zip_up(tmp_path, {MEMBER: TEXT, "big.csv": b"x" * 5000})
    with pytest.raises(FileRefused, match="unpacks to") as refused:
        read_ofcom_mobile(path, limits=Limits(file_bytes=5000))
    assert refused.value.code == "zip_size"


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = zip_up(tmp_path, {MEMBER: TEXT})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1  # the flag of the central directory
    path.write_bytes(data)
    with pytest.raises(FileRefused, match="password") as refused:
        read_ofcom_mobile(path)
    assert refused.value.code == "zip_encrypted"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"not a zip",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(struct.pack("<I", zipfile.crc32(TEXT)), b"\0\0\0\0"),  # type: ignore[attr-defined]
        lambda data: data[:60] + b"\xff" * 40 + data[100:],
    ],
    ids=["no zip", "cut short", "wrong checksum", "garbled"],
)
def test_a_damaged_archive_is_refused(tmp_path: Path, damage: object) -> None:
    path = zip_up(tmp_path, {MEMBER: TEXT})
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(FileRefused, match="fetch it again") as refused:
        read_ofcom_mobile(path)
    assert refused.value.code == "zip_invalid"


def test_a_missing_archive_or_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.zip").mkdir()
    for name, code in (("none.zip", "file_missing"), ("none.csv", "file_missing"), ("folder.zip", "file_unreadable")):
        with pytest.raises(FileRefused) as refused:
            read_ofcom_mobile(tmp_path / name)
        assert refused.value.code == code


def test_a_file_of_nothing_but_wrong_sums_is_answered_quickly(tmp_path: Path) -> None:
    header = "laua,4G_prem_out_0,4G_prem_out_1"
    rows = [f"E{n:08d},{n % 90},{n % 7}.{n % 1000:03d}" for n in range(3000)]
    with pytest.raises(FileRefused, match="do not add to 100"):
        read_ofcom_mobile(write(tmp_path, *rows, header=header))


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=5, max_size=5).filter(lambda v: sum(v) > 0))
def test_at_least_one_is_the_sum_of_all_but_none(weights: list[int]) -> None:
    shares = np.array(weights) / sum(weights) * 100
    text = HEADER + "\nE06000001,x,1," + ",".join(f"{v:.10f}" for v in shares) + ",,,,,\n"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(MEMBER, text)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(stream.getvalue())
        out = family(read_ofcom_mobile(path), "E06000001")
    assert out["at_least_one"].tolist() == pytest.approx([out["percent"].iloc[1:].sum()] * 5, abs=1e-6)


def test_families_of_any_case_meet() -> None:
    found = find_families(["4g_PREM_out_0", "4G_prem_out_1", "4G_prem_OUT_all", "laua"], compile_pattern(PATTERN))
    assert found.families[0].columns == ("4g_PREM_out_0", "4G_prem_out_1", "4G_prem_OUT_all")
    assert found.faults == ()
