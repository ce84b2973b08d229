"""Responses to DUIS 12.1 read as a release: both shapes, one file or a folder, every row accounted for."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from smarthan.coverage import MatrixRead, ReleaseStore, open_matrix, read_matrix
from smarthan.coverage.duis import gathering
from smarthan.coverage.lookup.answering import answer_one
from smarthan.coverage.releases.store import open_place
from smarthan.tables import RULES, FileRefused, Limits
from smarthan.tables.findings import Problem, Problems

DATA = Path(__file__).parent / "data" / "duis"
LIST, FLAT = ((DATA / f"response_{shape}.xml").read_text(encoding="utf-8") for shape in ("list", "flat"))
ONE = LIST.replace("LL57 2DG", "M1 1AE")  # the same answers for another postcode

Read = Callable[..., MatrixRead]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that writes texts as files of a folder and reads it; one text is read as a file."""

    def write_and_read(*texts: str | bytes) -> MatrixRead:
        folder = tmp_path / "responses"
        folder.mkdir(exist_ok=True)
        for number, text in enumerate(texts):
            path = folder / f"{number:03d}.xml"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        found = read_matrix(folder / "000.xml" if len(texts) == 1 else folder)
        hold_account(found, folder)
        return found

    return write_and_read


def hold_account(found: MatrixRead, folder: Path) -> None:
    """Hold the account of every file against a count of our own: of start tags in its text."""
    for line in found.ledger.itertuples():
        text = (folder / Path(line.file).name).read_text(encoding="utf-8")
        counted = text.count("DSPWANMatrixResponse>") // 2 or text.count("DSPWANMatrix>") // 2
        assert line.read == line.independent_count == line.accepted + line.quarantined == counted
        assert line.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert found.ledger["accepted"].sum() == len(found.matrix.rows)


def test_the_list_shape_gives_a_row_a_region(read: Read) -> None:
    found = read(LIST)
    rows = found.matrix.rows.set_index("csp_region")
    assert found.quarantine.empty
    assert rows["region_code"].to_dict() == {"North": "E62", "Central": "I0", "4G Central": "I0"}
    assert rows.loc["4G Central", "anticipated"] == pd.Timestamp("2027-03-31")
    assert rows.loc["Central", ["available", "wan_technology", "likelihood", "auxiliary"]].tolist() == [
        *(True, "Cellular", "Medium", "Aerial T1")
    ]
    assert pd.isna(rows.loc["North", "available"])
    answer = found.matrix.lookup("LL57 2DG")
    assert (answer.state, answer.regions) == ("COVERED", ("North", "Central", "4G Central"))


def test_the_flat_shape_gives_one_row_with_the_code_of_success(read: Read) -> None:
    row = read(FLAT).matrix.rows.iloc[0]
    assert row[["uprn", "csp_region", "region_code", "available", "wan_technology", "likelihood"]].tolist() == [
        *("7", "North", "I0", False, "LRR", "Low")
    ]
    assert pd.isna(row["postcode"])


@pytest.mark.parametrize("version", ["5.0", "5.1", "5.3", "5.4", "9.9", "odd", ""])
def test_the_elements_decide_never_the_version(read: Read, version: str) -> None:
    assert len(read(FLAT.replace('"5.1"', f'"{version}"')).matrix) == 1
    assert len(read(LIST.replace('"5.4"', f'"{version}"')).matrix) == 3


def test_the_release_is_dated_by_the_response_and_says_what_it_is(read: Read) -> None:
    release = read(LIST).matrix.release
    assert (release.source, release.as_of, release.schema_version) == ("DUIS_12_1", dt.date(2026, 11, 2), "5.4")
    assert (release.complete, release.synthetic, release.note) == (False, False, "")


def test_a_document_that_says_synthetic_makes_a_synthetic_release(read: Read) -> None:
    assert read(f"<!-- SYNTHETIC: made up -->\n{LIST}").matrix.release.synthetic
    assert not read(LIST.replace("<sr:Body>", "<sr:Body><!-- SYNTHETIC -->")).matrix.release.synthetic


def test_any_prefix_or_a_default_namespace_is_accepted(read: Read) -> None:
    expected = read(LIST).matrix.rows.drop(columns="release_id")
    for text in (
        LIST.replace("sr:", "x:").replace("xmlns:sr", "xmlns:x"),
        LIST.replace("sr:", "").replace(":sr=", "="),
    ):
        pd.testing.assert_frame_equal(read(text).matrix.rows.drop(columns="release_id"), expected)


def test_text_is_joined_across_comments_and_cdata_and_instructions_are_passed_over(read: Read) -> None:
    text = LIST.replace("Aerial T1", "Ae<!-- a & b -->ri<![CDATA[al <T]]><?go on?>1")
    assert "Aerial <T1" in read(text).matrix.rows["auxiliary"].tolist()


def test_a_signature_is_passed_over_unread(read: Read) -> None:
    signature = '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><any a="1">text<x/></any></ds:Signature>'
    assert len(read(LIST.replace("</sr:Response>", f"{signature}</sr:Response>")).matrix) == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_a_declared_encoding_is_honoured(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "m.xml"
    declared = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    text = f'<?xml version="1.0" encoding="{declared}"?>{LIST.replace("Aerial T1", "Äerial")}'
    path.write_bytes(text.encode(encoding))
    found = read_matrix(path)
    assert "Äerial" in found.matrix.rows["auxiliary"].tolist()
    assert found.ledger["encoding"].tolist() == [declared]


ROW = "<sr:ConnectivityLikelihood>Medium</sr:ConnectivityLikelihood>"
# What breaks the first of three rows: rule, column, old text, new text.
BROKEN = [
    ("element_repeated", "likelihood", ROW, ROW + ROW),
    (
        "element_repeated",
        "csp_region",
        "<sr:CSPRegion>Central</sr:CSPRegion>",
        "<sr:CSPRegion>Central</sr:CSPRegion>" * 2,
    ),
    ("group_broken", "likelihood", ROW, ""),
    ("group_broken", "available", "<sr:CoverageAvailability>true</sr:CoverageAvailability>", ""),
    ("group_broken", "wan_technology", "<sr:WANTechnology>Cellular</sr:WANTechnology>", ""),
    ("group_broken", "region_code", "<sr:CSPRegionResponseCode>I0</sr:CSPRegionResponseCode>", ""),
    ("group_broken", "csp_region", "<sr:CSPRegion>Central</sr:CSPRegion>", ""),
    ("group_broken", "wan_technology", ROW, ""),
    ("required_missing", "available", ">true<", "><"),
    ("required_missing", "wan_technology", ">Cellular<", "><"),
    ("required_missing", "likelihood", ">Medium<", "><"),
    ("required_missing", "region_code", "<sr:CSPRegionResponseCode>I0<", "<sr:CSPRegionResponseCode><"),
    ("required_missing", "csp_region", ">Central<", "><"),
    ("boolean_format", "available", ">true<", ">TRUE<"),
    ("boolean_format", "available", ">true<", ">\u00a0true<"),
    ("boolean_format", "available", ">true<", ">yes<"),
    ("category_unknown", "csp_region", ">Central<", ">central<"),
    ("category_unknown", "csp_region", ">Central<", ">Central <"),
    ("category_unknown", "csp_region", ">Central<", ">East<"),
    ("category_unknown", "likelihood", ">Medium<", ">medium<"),
    ("category_unknown", "likelihood", ">Medium<", ">Hi<"),
    ("cell_too_long", "wan_technology", ">Cellular<", f">{'x' * 31}<"),
    ("cell_too_long", "auxiliary", "Aerial T1", "x" * 51),
    ("cell_too_long", "auxiliary", "Aerial T1", "x" * 40_000),
    ("cell_formula", "wan_technology", ">Cellular<", ">=1+1<"),
    (
        "available_null",
        "available",
        LIST[LIST.index("<sr:CoverageAvailability>true") : LIST.index("</sr:DSPWANMatrixR")],
        "",
    ),
]


@pytest.mark.parametrize(("code", "column", "old", "new"), BROKEN, ids=[f"{c}-{k}" for k, (c, *_) in enumerate(BROKEN)])
def test_a_broken_row_is_quarantined_and_the_others_kept(
    read: Read, code: str, column: str, old: str, new: str
) -> None:
    assert old in LIST
    if code == "group_broken" and column == "wan_technology" and old == ROW:
        old, new = (
            "<sr:WANTechnology>Cellular</sr:WANTechnology>" + ROW,
            ROW + "<sr:WANTechnology>Cellular</sr:WANTechnology>",
        )
    found = read(LIST.replace(old, new, 1))
    told = found.quarantine[["code", "column", "line"]].drop_duplicates().to_records(index=False).tolist()
    assert (code, column, 5) in told
    assert {line for _, _, line in told} == {5}
    assert found.matrix.rows["csp_region"].tolist() == ["North", "4G Central"]


@pytest.mark.parametrize(("text", "value"), [("1", True), (" 0\n", False), ("\ttrue ", True), ("false", False)])
def test_booleans_of_xml_are_read_without_a_remark(read: Read, text: str, value: bool) -> None:
    found = read(LIST.replace(">true<", f">{text}<"))
    assert found.matrix.rows.loc[found.matrix.rows["csp_region"].eq("Central"), "available"].tolist() == [value]
    assert found.notes.empty


@pytest.mark.parametrize("zone", ["Z", "+00:00", "-14:00"])
def test_a_zone_of_a_date_is_dropped_and_told(read: Read, zone: str) -> None:
    found = read(LIST.replace("2027-03-31", f"2027-03-31{zone}"))
    assert found.matrix.rows["anticipated"].dropna().tolist() == [pd.Timestamp("2027-03-31")]
    assert found.notes[["code", "original", "line"]].to_numpy().tolist() == [["date_zone", f"2027-03-31{zone}", 6]]


def test_a_date_out_of_range_shows_its_original_text(read: Read) -> None:
    told = read(LIST.replace("2027-03-31", "2062-03-31Z")).quarantine.iloc[0]
    assert (told["code"], told["original"]) == ("date_range", "2062-03-31Z")


# What breaks the key, and with it every row of the response.
KEYS = [
    ("postcode_length", "LL57 2DG", "M11AE"),
    ("postcode_length", "LL57 2DG", "LL57  2DG"),
    ("postcode_length", "LL57 2DG", "LL57"),
    ("postcode_character", "LL57 2DG", "LL57-2DG"),
    ("postcode_outside_gb", "LL57 2DG", "BT1 1AA"),
    ("required_missing", "LL57 2DG", ""),
    ("cell_too_long", "<sr:AddressIdentifier>", "<sr:AddressIdentifier>" + "x" * 31),
    ("group_broken", "<sr:AddressIdentifier></sr:AddressIdentifier>", ""),
    ("group_broken", "<sr:PartialAddress>", "<sr:UPRN>7</sr:UPRN><sr:PartialAddress>"),
    ("element_repeated", "<sr:AddressIdentifier>", "<sr:AddressIdentifier/><sr:AddressIdentifier>"),
    ("group_broken", "<sr:PostCode>LL57 2DG</sr:PostCode><sr:AddressIdentifier></sr:AddressIdentifier>", ""),
]


@pytest.mark.parametrize(("code", "old", "new"), KEYS, ids=[f"{c}-{k}" for k, (c, *_) in enumerate(KEYS)])
def test_a_broken_key_quarantines_all_rows_of_its_response(read: Read, code: str, old: str, new: str) -> None:
    assert old in LIST
    found = read(LIST.replace(old, new, 1), ONE)
    assert found.ledger["quarantined"].tolist() == [3, 0]
    assert code in set(found.quarantine["code"])
    assert set(found.matrix.rows["postcode"]) == {"M1 1AE"}


@pytest.mark.parametrize("uprn", ["0", "1" * 13, "x", "", "1.0E+11"])
def test_a_broken_uprn_quarantines_its_row(read: Read, uprn: str) -> None:
    found = read(FLAT.replace(">7<", f">{uprn}<"), ONE)
    assert found.ledger["quarantined"].tolist() == [1, 0]
    assert set(found.quarantine["code"]) & {"uprn_format", "required_missing"}


@pytest.mark.parametrize("uprn", ["007", "+7", " 7 ", "0" * 20 + "7"])
def test_another_spelling_of_a_uprn_is_put_right_and_told(read: Read, uprn: str) -> None:
    found = read(FLAT.replace(">7<", f">{uprn}<"))
    assert found.matrix.rows["uprn"].tolist() == ["7"]
    assert found.notes[["code", "original"]].to_numpy().tolist() == [["key_spelling", uprn]]


def test_a_spaceless_postcode_of_six_characters_is_put_right_and_told(read: Read) -> None:
    found = read(LIST.replace("LL57 2DG", "ll572dg"))
    assert set(found.matrix.rows["postcode"]) == {"LL57 2DG"}
    assert found.notes["code"].tolist() == ["key_spelling"] * 3


@pytest.mark.parametrize("region", ["4G North", "4G Central", "4G South"])
def test_the_flat_shape_knows_no_4g_region(read: Read, region: str) -> None:
    found = read(FLAT.replace(">North<", f">{region}<"), ONE)
    assert found.quarantine[["code", "column"]].to_numpy().tolist() == [["category_unknown", "csp_region"]]


def test_a_matrix_without_any_answer_is_one_broken_row(read: Read) -> None:
    start, end = LIST.index("<sr:DSPWANMatrixResponse>"), LIST.index("</sr:DSPWANMatrix>")
    found = read(LIST[:start] + LIST[end:], ONE)
    assert found.ledger["quarantined"].tolist() == [1, 0]
    assert "group_broken" in set(found.quarantine["code"])


BARE = (
    LIST[: LIST.index("<sr:DSPWANMatrix>")].replace(">I0<", ">E120101<")
    + "</sr:ResponseMessage></sr:Body></sr:Response>"
)


def test_a_response_without_matrix_is_noted_with_its_code(read: Read) -> None:
    found = read(BARE, ONE)
    assert found.notes[["code", "column", "original", "line"]].to_numpy().tolist() == [
        ["no_matrix", "region_code", "E120101", 2]
    ]
    assert found.ledger[["read", "accepted", "codes"]].to_numpy().tolist() == [[0, 0, "no_matrix 1"], [3, 3, ""]]
    assert found.ledger["flagged_rows"].tolist() == [0, 0]


def test_nothing_but_responses_without_matrix_is_refused_with_their_codes(read: Read) -> None:
    with pytest.raises(FileRefused, match="E120101 x 2"):
        read(BARE, BARE)


def test_a_folder_keeps_one_ledger_line_a_file_and_each_problem_at_its_place(read: Read) -> None:
    bad = "\n\n" + LIST.replace(">Medium<", ">Hi<").replace("LL57 2DG", "LL57 2DH")
    found = read(LIST, bad, ONE.replace("2027-03-31", "2027-03-31Z"), FLAT)
    assert found.ledger["file"].map(lambda name: Path(name).name).tolist() == [f"00{k}.xml" for k in range(4)]
    assert found.ledger[["read", "accepted", "quarantined", "repaired_cells"]].to_numpy().tolist() == [
        *([3, 3, 0, 0], [3, 2, 1, 0], [3, 3, 0, 1], [1, 1, 0, 0])
    ]
    assert found.ledger["codes"].tolist() == ["", "category_unknown 1", "date_zone 1", ""]
    told, noted = found.quarantine.iloc[0], found.notes.iloc[0]
    assert (Path(told["file"]).name, told["line"], told["original"]) == ("001.xml", 7, "Hi")
    assert (Path(noted["file"]).name, noted["line"]) == ("002.xml", 6)


def test_duplicates_are_found_across_files(read: Read) -> None:
    found = read(LIST, LIST, LIST.replace(">true<", ">false<"))
    central = found.quarantine[found.quarantine["code"].eq("duplicate_conflict")]
    assert central["file"].map(lambda name: Path(name).name).tolist() == ["000.xml", "001.xml", "002.xml"]
    assert found.ledger["quarantined"].tolist() == [1, 3, 3]
    assert found.matrix.rows["csp_region"].tolist() == ["North", "4G Central"]


def test_the_files_of_a_folder_are_read_in_name_order_and_others_are_left_alone(tmp_path: Path) -> None:
    for name, text in (("b.XML", ONE), ("a.xml", LIST), ("readme.txt", "x")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = read_matrix(tmp_path)
    assert found.ledger["file"].map(lambda name: Path(name).name).tolist() == ["a.xml", "b.XML"]
    lines = "".join(
        f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in (("a.xml", LIST), ("b.XML", ONE))
    )
    assert found.matrix.release.sha256 == hashlib.sha256(lines.encode()).hexdigest()


def test_a_folder_is_dated_by_its_latest_response_and_says_from_when_they_are(read: Read) -> None:
    release = read(LIST, ONE.replace("2026-11-02T", "2026-11-05T"), FLAT).matrix.release
    assert (release.as_of, release.schema_version) == (dt.date(2026, 11, 5), "5.1, 5.4")
    assert "2026-11-02 to 2026-11-05" in release.note


def test_every_refused_file_of_a_folder_is_named_at_once(read: Read) -> None:
    with pytest.raises(FileRefused, match=r"2 of 3 files cannot be used.*000\.xml: .*cut short.*002\.xml: .*DOCTYPE"):
        read(LIST[:500], ONE, f"<!DOCTYPE x>{LIST}")
    with pytest.raises(FileRefused, match=r"8 of 8 files .*; and 3 more \(xml_doctype\)"):
        read(*[f"<!DOCTYPE x>{LIST}"] * 8)


def test_facts_beside_a_folder_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "november"
    folder.mkdir()
    (folder / "a.xml").write_text(LIST, encoding="utf-8")
    (tmp_path / "november.release.toml").write_text('release_id = "2026-11"\ncomplete = true\n', encoding="utf-8")
    for path in (folder, f"{folder}/"):
        release = read_matrix(path).matrix.release
        assert (release.release_id, release.complete, release.source) == ("2026-11", True, "DUIS_12_1")
    assert read_matrix(folder, as_of="2026-11-09").matrix.release.as_of == dt.date(2026, 11, 9)


def test_a_link_out_of_the_folder_is_refused_and_one_within_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "responses"
    folder.mkdir()
    (tmp_path / "outside.xml").write_text(LIST, encoding="utf-8")
    (folder / "a.xml").write_text(LIST, encoding="utf-8")
    (folder / "b.xml").symlink_to(folder / "a.xml")
    assert read_matrix(folder).ledger["quarantined"].tolist() == [0, 3]
    (folder / "c.xml").symlink_to(tmp_path / "outside.xml")
    with pytest.raises(FileRefused, match=r"c\.xml: is a link out of its folder"):
        read_matrix(folder)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="does not exist"):
        read_matrix(tmp_path / "none.xml")
    (tmp_path / "sub.xml").mkdir()
    with pytest.raises(FileRefused, match="is a folder"):
        read_matrix(tmp_path / "sub.xml")
    with pytest.raises(FileRefused, match=r"sub\.xml: is no ordinary file"):
        read_matrix(tmp_path)


def test_limits_on_rows_and_bytes_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.xml"
    path.write_text(LIST, encoding="utf-8")
    with pytest.raises(FileRefused, match="more than 2 rows"):
        read_matrix(path, limits=Limits(rows=2))
    monkeypatch.setattr(gathering, "LARGEST_BYTES", 100)
    with pytest.raises(FileRefused, match=r"1,625 bytes; at most 100"):
        read_matrix(path)


def test_no_usable_row_names_file_and_line(read: Read) -> None:
    with pytest.raises(FileRefused, match=r"no row can be used. 000\.xml line 5: .*; 001\.xml line 5"):
        read(FLAT.replace(">North<", ">4G North<"), FLAT.replace(">North<", ">4G South<"))


def test_the_codes_raised_here_stand_in_the_one_table() -> None:
    assert {code for code, *_ in (*BROKEN, *KEYS)} <= set(RULES)


def test_what_concerns_a_whole_folder_stands_under_its_name(tmp_path: Path) -> None:
    for name, text in (("a.xml", LIST), ("b.xml", ONE.replace("2027-03-31", "2027-03-31Z"))):
        (tmp_path / name).write_text(text, encoding="utf-8")
    rows, _ = gathering.open_duis_rows(tmp_path)
    rows.problems = Problems.of([*rows.problems, Problem("file_systematic", 0, "", "", "all of it")])
    found = rows.finish()
    assert [(Path(row.file).name, row.line) for row in found.notes.itertuples()] == [(tmp_path.name, 0), ("b.xml", 6)]
    assert found.ledger["codes"].tolist() == ["", "date_zone 1"]


def test_a_folder_of_responses_answers_questions(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(LIST, encoding="utf-8")
    (tmp_path / "b.xml").write_text(ONE, encoding="utf-8")
    for place in (tmp_path, tmp_path / "a.xml"):
        assert open_matrix(place).lookup("LL57 2DG").state == "COVERED"
        assert answer_one(open_place(place).mapped, "LL57 2DG").state == "COVERED"


def test_responses_are_published_once_they_are_said_to_be_complete(tmp_path: Path) -> None:
    folder = tmp_path / "responses"
    folder.mkdir()
    (folder / "a.xml").write_text(LIST, encoding="utf-8")
    store = ReleaseStore(tmp_path / "store")
    with pytest.raises(ValueError, match="complete is false"):
        store.publish(folder)
    store.publish(folder, facts={"complete": True})
    assert set(store.open().lookup("LL57 2DG").regions) == {"North", "Central", "4G Central"}


def test_a_count_that_does_not_add_up_is_a_fault_of_the_program(tmp_path: Path) -> None:
    for name, text in (("a.xml", LIST), ("b.xml", ONE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    rows, _ = gathering.open_duis_rows(tmp_path)
    first, second = rows.files
    rows.files = [replace(first, records=2), replace(second, records=4)]
    with pytest.raises(AssertionError, match=r"a\.xml: 2 records, 3 \+ 0"):
        rows.finish()


def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Iterator[bytes]:
        raise OSError(5, "Input/output error")
        yield b""

    path = tmp_path / "a.xml"
    path.write_text(LIST, encoding="utf-8")
    with pytest.raises(FileRefused, match="cannot be opened: File name too long"):
        read_matrix(tmp_path / f"{'x' * 300}.xml")
    monkeypatch.setattr(gathering, "_blocks", fail)
    with pytest.raises(FileRefused, match="cannot be read: Input/output error"):
        read_matrix(path)
