"""Personal data planted in every place comes out nowhere: no table, message, log, notebook, picture or workbook."""

import base64
import contextlib
import gzip
import io
import logging
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from tests.canaries import ALL, EXTRA, IDENTITY, WRITTEN, find_canaries, find_in_folder, plant
from tests.disclosed_pack import (
    COUNTS,
    EXACT,
    THRESHOLD,
    find_bare_shares,
    find_small_counts,
    find_telling_shares,
    intervals_of,
    narrowest_of,
    read_pack,
    read_records,
)
from tests.workbook_files import Cell, formula, parts_of, sheet_xml
from tests.workbook_files import pack as pack_parts

import smarthan.personal
from smarthan.analysis import housing_stock, path_success
from smarthan.files import write_csv
from smarthan.report import make_report
from smarthan.tables import FileRefused
from smarthan.trial_data import (
    Trial,
    TrialRefused,
    building_profile,
    building_shares,
    frame_coverage,
    item_missingness,
    join_identity,
    make_trial,
    missing_groups,
    outcomes,
    read_identity,
    read_trial,
    readings_by_instrument,
    response_balance,
    response_rates,
    stock_coverage,
    surveyor_funnel,
    weights_summary,
)

REPORT = """[pack]
name = "canary"
title = "Canaries"
organisation = "A body"
as_of = 2026-11-02
[inputs]
trial = "trial"
"""


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smarthan.personal, "_known", set())


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("canaries")
    make_trial(folder / "trial", seed=9, buildings_per_stratum=12)
    plant(folder / "trial")
    (folder / "report.toml").write_text(REPORT, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def trial(inputs: Path) -> Trial:
    return read_trial(inputs / "trial")


def shown(folder: Path, **frames: pd.DataFrame) -> dict[str, set[str]]:
    for name, frame in frames.items():
        write_csv(frame, folder / f"{name}.csv")
    return find_in_folder(folder)


def test_every_string_was_planted_and_met(inputs: Path, trial: Trial) -> None:
    planted = set().union(*find_in_folder(inputs).values())
    assert planted == set(ALL)
    # The reader met them: it dropped the columns, withheld the cells and set the rows aside.
    met = set(trial.notes["code"]) | set(trial.quarantine["code"])
    assert {"personal_column", "personal_text", "row_long", "number_format", "category_unknown"} <= met
    dropped = trial.notes.loc[trial.notes["code"].eq("personal_column"), "table"]
    assert len(dropped) >= len(EXTRA)  # the generator plants headers of its own


def test_the_files_to_be_mended_show_none(trial: Trial, tmp_path: Path) -> None:
    written = trial.write_quarantine(tmp_path / "to_mend")
    assert len(written) > 3
    assert find_in_folder(tmp_path / "to_mend") == {}


def test_no_table_and_no_account_of_the_trial_shows_one(trial: Trial, tmp_path: Path) -> None:
    accounts = {"quarantine": trial.quarantine, "notes": trial.notes, "ledger": trial.ledger}
    told = {"findings": trial.findings(), "summary": trial.summary()}
    assert shown(tmp_path, **trial.tables, **accounts, **told) == {}
    assert find_canaries((trial._repr_html_() + repr(trial)).encode()) == set()


def test_no_description_shows_one(trial: Trial, tmp_path: Path) -> None:
    tables = {
        "profile": building_profile(trial),
        "shares": building_shares(trial),
        "response": response_rates(trial),
        "outcomes": outcomes(trial),
        "items": item_missingness(trial),
        "frame": frame_coverage(trial),
        "stock": stock_coverage(trial, housing_stock()),
        "missing": missing_groups(trial),
        "balance": response_balance(trial),
        "weights": weights_summary(trial),
        "surveyors": surveyor_funnel(trial, path_success(trial)),
        "instruments": readings_by_instrument(trial),
    }
    assert shown(tmp_path, **tables) == {}


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_command_line_shows_none(inputs: Path, tmp_path: Path, form: str) -> None:
    words = ["check", "trial", str(inputs / "trial"), "--format", form, "--rejects", str(tmp_path / "rejects.csv")]
    done = subprocess.run([str(Path(sys.executable).with_name("smarthan")), *words], capture_output=True, check=False)
    assert done.returncode == 1, done.stderr.decode()
    assert (tmp_path / "rejects.csv").stat().st_size > 0
    assert find_canaries(done.stdout + done.stderr) == set()
    assert find_in_folder(tmp_path) == {}


def test_identity_is_read_joined_and_logged_without_showing_one(
    inputs: Path, trial: Trial, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        identity = read_identity(inputs / "trial" / "identity.csv").frame
        # A dwelling that was accepted; the one planted for may lie in a building that was not.
        identity["dwelling_id"] = trial["dwellings"]["dwelling_id"].iloc[-1]
        joined = join_identity(trial["dwellings"], identity, on="dwelling_id").frame
    assert len(identity) == 1
    assert find_canaries(joined.to_csv().encode()) >= set(IDENTITY.values())
    assert "identity joined on dwelling_id" in caplog.text
    with pytest.raises(smarthan.personal.PersonalRefused) as refusal:
        write_csv(joined.rename(columns=dict.fromkeys(IDENTITY, "x")), tmp_path / "out.csv")
    assert find_canaries((caplog.text + str(refusal.value)).encode()) == set()
    assert list(tmp_path.iterdir()) == []
    write_csv(smarthan.personal.drop_personal(joined), tmp_path / "out.csv")
    assert find_in_folder(tmp_path) == {}


@pytest.mark.parametrize(
    "text",
    [
        "dwelling_id,{names}\nD1,{cells},{cells}\n",  # too many cells
        "dwelling_id,{names}\nD1,{swapped}\n",  # numbers and words in each other's columns
        ",{names}\n,{cells}\n",  # a heading without a name, a row without a key
        "dwelling_id,{names}\nD1,{cells}\nD1,{swapped}\nD1,{cells}\n",  # conflicting rows
        "{cells}\n{cells}\n",  # no heading
        'dwelling_id,{names}\n"D1,{cells}\n',  # a quotation mark that never ends
        "dwelling_id;{names}\nD1;{cells}\n",
        "dwelling_id,{names}\nD1,{cells}\x00\n",
        "{cells}\ndwelling_id,{names}\nD1,{cells}\n",  # a line above the heading
        'dwelling_id,{names}\nD1,"{cells}\n{cells}"\n',
    ],
    ids=["long", "swapped", "no key", "conflict", "no heading", "open quote", "semicolons", "NUL", "titles", "lines"],
)
def test_a_broken_identity_file_tells_none(tmp_path: Path, text: str) -> None:
    cells = list(IDENTITY.values())
    path = tmp_path / "identity.csv"
    path.write_text(
        text.format(names=",".join(IDENTITY), cells=",".join(cells), swapped=",".join(reversed(cells))), "utf-8"
    )
    told = ""
    with contextlib.suppress(FileRefused):
        try:
            read = read_identity(path)
            told = read.quarantine.to_csv() + read.notes.to_csv() + read.ledger.to_csv()
            assert len(read.quarantine) or len(read.notes)
        except FileRefused as refused:
            told = str(refused) + repr(refused)
            raise
    assert told
    assert find_canaries(told.encode()) == set()


CELLS = tuple(IDENTITY.values())


def write_identity(path: Path, rows: list[list[Cell]], after: str = "", sheet: str = "Identity") -> Path:
    """Write a workbook with one sheet."""
    path.write_bytes(pack_parts(parts_of({sheet: sheet_xml(rows, after=after)})))
    return path


def test_an_identity_sheet_is_read_and_tagged_like_a_file(tmp_path: Path) -> None:
    names, cells = ["dwelling_id", *IDENTITY], ["D1", *IDENTITY.values()]
    read = read_identity(write_identity(tmp_path / "who.xlsx", [[*names], [*cells]]))
    (tmp_path / "who.csv").write_text(",".join(names) + "\n" + ",".join(f'"{cell}"' for cell in cells) + "\n", "utf-8")
    from_file = read_identity(tmp_path / "who.csv")
    assert len(read.frame) == 1
    assert read.frame.equals(from_file.frame)
    assert read.frame.attrs == from_file.frame.attrs
    assert read.ledger["file"].item().endswith("who.xlsx!Identity")


@pytest.mark.parametrize(
    ("rows", "after", "sheet"),
    [
        ([["dwelling_id", *IDENTITY], ["D1", *IDENTITY.values(), *IDENTITY.values()]], "", "identity"),
        (
            [["dwelling_id", *IDENTITY], ["D1", *[formula(f'"{c}"', c, "str") for c in IDENTITY.values()]]],
            "",
            "identity",
        ),
        ([["dwelling_id", *IDENTITY], ["D1", *IDENTITY.values()], [None, *IDENTITY.values()]], "", "identity"),
        (
            [["dwelling_id", *IDENTITY], ["D1", *IDENTITY.values()], ["D2", *IDENTITY.values()]],
            '<mergeCells><mergeCell ref="A2:H3"/></mergeCells>',
            "identity",
        ),
        ([list(IDENTITY.values()), list(IDENTITY.values())], "", "identity"),
        ([["dwelling_id", *IDENTITY], ["D1", *IDENTITY.values()]], "", next(iter(IDENTITY.values()))[:31]),
        ([[*IDENTITY.values()], ["dwelling_id", *IDENTITY], ["D1", *IDENTITY.values()]], "", "identity"),
    ],
    ids=["long", "formulas", "no key", "merged", "no heading", "sheet name", "line above"],
)
def test_a_broken_identity_sheet_tells_none(tmp_path: Path, rows: list[list[Cell]], after: str, sheet: str) -> None:
    try:
        read = read_identity(write_identity(tmp_path / "who.xlsx", rows, after, sheet))
        told = read.quarantine.to_csv() + read.notes.to_csv() + read.ledger.to_csv()
        assert len(read.quarantine)
    except FileRefused as refused:
        told = str(refused) + repr(refused)
        assert "withheld" in told
    assert find_canaries(told.encode()) == set()


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module")
def pack(inputs: Path, tmp_path_factory: pytest.TempPathFactory, said: list[str]) -> Path:
    out = tmp_path_factory.mktemp("made") / "pack"
    made = make_report(inputs, out, only="02", fast=True, progress=lambda done, total, words: said.append(words))
    assert made.published
    return made.folder


def test_the_report_on_the_trial_shows_none(pack: Path, said: list[str]) -> None:
    names = {path.suffix for path in pack.rglob("*") if path.is_file()}
    assert names >= {".html", ".xlsx", ".csv", ".svg", ".png", ".ipynb", ".json"}
    assert find_canaries(" ".join(said).encode()) == set()
    assert find_in_folder(pack.parent) == {}


def test_every_table_of_the_report_passed_disclosure_control(pack: Path) -> None:
    tables, records = read_pack(pack), read_records(pack)
    assert set(records) == set(tables)
    assert all(record["method"] != "none" for name, record in records.items() if name not in EXACT)
    assert sum(int(str(record.get("cells_suppressed", 0))) for record in records.values()) > 5
    for name, table in tables.items():
        assert find_small_counts(name, table) == []
        assert find_bare_shares(name, table) == []
        assert find_telling_shares(name, table) == []


def test_no_hidden_count_of_the_report_can_be_worked_out(pack: Path) -> None:
    tables, widths = read_pack(pack), []
    for name, label in (("frame_coverage", "building_type"), ("building_profile", "archetype"),
                        ("weights", "building_type")):  # fmt: skip
        widths += [narrowest_of(tables[name], label, column) for column in COUNTS & set(tables[name])]
    # What the tables by stratum hide, the table by type does not add up to: the strata of a type stand for it.
    strata = tables["weights"].set_index("building_type")["dwellings"]
    types = tables["building_profile"].set_index("archetype")["dwellings_responding"]
    for kind, total in types[types.ne("suppressed")].items():
        widths += [
            high - low for low, high in intervals_of(strata[strata.index.str.startswith(str(kind))].tolist(), total)
        ]
    assert min(widths) >= THRESHOLD
    records = [record["narrowest_interval"] for record in read_records(pack).values() if "narrowest_interval" in record]
    assert min(float(str(width)) for width in records if width is not None) >= THRESHOLD


def test_the_workbook_the_page_and_the_words_say_suppressed_too(pack: Path) -> None:
    tables = read_pack(pack)
    hidden = sum(int(table.eq("suppressed").to_numpy().sum()) for table in tables.values())
    with zipfile.ZipFile(pack / "tables.xlsx") as packed:
        strings = packed.read("xl/sharedStrings.xml").decode()
        cells = "".join(packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/worksheets/"))
    place = re.findall(r"<si><t[^>]*>(.*?)</t></si>", strings).index("suppressed")
    assert cells.count(f"<v>{place}</v>") == hidden > 0
    assert (pack / "report.html").read_text().count('<td class="number">suppressed</td>') > 0
    words = "\n".join(path.read_text() for path in pack.glob("charts/*.txt"))
    assert "Suppressed: " in words
    assert words.count("Disclosure control: ") == len(list(pack.glob("charts/*.txt")))


def test_a_pack_that_tells_of_few_is_caught() -> None:
    few = pd.DataFrame({"building_type": ["A", "B", "All homes"], "dwellings": ["5", "12", "20"]})
    assert find_small_counts("t", few) == ["t: dwellings is '5'", "t: dwellings is '12'"]
    alone = pd.DataFrame({"building_type": ["A", "B", "All homes"], "dwellings": ["suppressed", "20", "25"]})
    assert narrowest_of(alone, "building_type", "dwellings") == pytest.approx(8)
    bare = pd.DataFrame({"estimate": ["1", "1"], "n": ["20", "60"]})
    assert find_bare_shares("t", bare) == ["t: estimate is 1 of 20"]


@pytest.mark.slow
def test_the_report_on_reach_shows_none(inputs: Path, tmp_path: Path) -> None:
    assert make_report(inputs, tmp_path / "pack", only="03", fast=True).published
    assert find_in_folder(tmp_path) == {}
    tables = read_pack(tmp_path / "pack")
    assert set(read_records(tmp_path / "pack")) == set(tables)
    assert [found for name, table in tables.items() for found in find_small_counts(name, table)] == []
    assert [found for name, table in tables.items() for found in find_bare_shares(name, table)] == []
    assert [found for name, table in tables.items() for found in find_telling_shares(name, table)] == []


def leak(path: Path, canary: str) -> None:
    """Write a string as a careless writer would, into whatever the name asks for."""
    text = f"a,b\n{canary},1\n"
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/sharedStrings.xml", f"<t>{canary}</t>")
    elif path.suffix == ".html":
        picture = base64.b64encode(f"<svg><!-- {canary} -->{' ' * 200}</svg>".encode()).decode()
        path.write_text(f'<img src="data:image/svg+xml;base64,{picture}">')
    elif path.suffix == ".png":
        from PIL import Image
        from PIL.PngImagePlugin import PngInfo

        facts = PngInfo()
        facts.add_text("Title", canary, zip=True)
        Image.new("RGB", (4, 4)).save(path, pnginfo=facts)
    elif path.suffix == ".parquet":
        pd.DataFrame({"a": [canary] * 500}).to_parquet(path)
    else:
        path.write_text(text.upper().replace(" ", "  "))


@pytest.mark.parametrize("canary", [IDENTITY["address"], IDENTITY["uprn"], WRITTEN["a postcode in free text"]])
@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "t.xlsx", "t.html", "t.png", "t.parquet"])
def test_a_leaking_writer_is_caught(tmp_path: Path, name: str, canary: str) -> None:
    leak(tmp_path / name, canary)
    assert find_in_folder(tmp_path) == {name: {canary}}


def test_a_leaking_reader_is_caught(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Without the step that withholds them, the account shows what was written in the wrong place.
    monkeypatch.setattr("smarthan.trial_data.reading.withhold_from_account", lambda problems: problems)
    trial = read_trial(inputs / "trial")
    assert shown(tmp_path, quarantine=trial.quarantine) != {}


def test_names_of_files_are_searched(tmp_path: Path) -> None:
    (tmp_path / IDENTITY["address"]).mkdir()
    assert find_in_folder(tmp_path) == {IDENTITY["address"]: {IDENTITY["address"]}}
    assert find_canaries(io.BytesIO(b"").read()) == set()


@pytest.mark.parametrize("table", ["dwellings", "visits"])
def test_a_trial_file_without_a_heading_is_refused_without_showing_one(
    inputs: Path, tmp_path: Path, table: str
) -> None:
    make_trial(tmp_path, seed=9, buildings_per_stratum=2)
    (tmp_path / f"{table}.csv").write_text(f"{WRITTEN['a postcode in free text']},1,2\n", encoding="utf-8")
    with pytest.raises(TrialRefused, match="header_not_found") as refusal:
        read_trial(tmp_path)
    assert find_canaries(f"{refusal.value!r} {refusal.value}".encode()) == set()


@pytest.mark.parametrize(
    ("key", "is_personal"),
    [
        ("a.person@canary.example", True),
        ("B1 2AB", True),
        ("0770 090 0461", True),
        ("+447700900461", True),
        ("B12AB", False),
        ("01632960123", False),
        ("flat 3, block 2", False),
    ],
)
def test_an_identifier_is_personal_where_it_cannot_be_taken_for_one_made_up(
    write_small_trial: Callable[..., Path], small_trial: dict[str, str], key: str, is_personal: bool
) -> None:
    cell = f'"{key}"'
    changed = {
        name: small_trial[name].replace("B2", cell) for name in ("buildings", "dwellings", "visits", "locations")
    }
    trial = read_trial(write_small_trial(**changed))
    assert (key in trial["buildings"]["building_id"].tolist()) is not is_personal
    told = trial.quarantine.to_csv() + trial.notes.to_csv()
    assert (key in told) is False
    # B2 names a building, stands in a dwelling and a visit, and in two locations.
    assert int(trial.quarantine["code"].eq("personal_text").sum()) == (5 if is_personal else 0)
