"""Reading a trial: the folder, the account of every row, and the laws that hold whatever a file holds."""

import csv
import datetime as dt
import io
import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from smarthan.trial_data import TRIAL_TABLES, Trial, TrialRefused, make_trial, read_identity, read_trial
from smarthan.trial_data.declared import REQUIRED_TABLES

Write = Callable[..., Path]
DAY = dt.date(2026, 6, 30)


def test_a_clean_trial_is_accepted_whole(write_small_trial: Write, small_trial: dict[str, str]) -> None:
    trial = read_trial(write_small_trial(), day=DAY)
    assert trial.quarantine.empty
    assert trial.notes.empty
    assert {name: len(frame) for name, frame in trial.tables.items()} == {
        **{name: text.count("\n") - 1 for name, text in small_trial.items()},
        "wiring": 0,
        "noise": 0,
    }
    assert [trial[name].columns.tolist() for name in TRIAL_TABLES] == [t.names for t in TRIAL_TABLES.values()]
    assert trial.summary().iloc[-1].to_dict()["accepted"] == 18


def test_tables_have_the_declared_types(write_small_trial: Write) -> None:
    trial = read_trial(write_small_trial(), day=DAY)
    for name, table in TRIAL_TABLES.items():
        expected = {f: str(d) for f, d in table.empty().dtypes.items()}
        assert {f: str(d) for f, d in trial[name].dtypes.items()} == expected


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("buildings", "B1,", "SYN-B1,"),
        ("visits", "complete,1.0\nT2", "complete,SYNTHETIC-1\nT2"),
    ],
    ids=["identifier", "protocol"],
)
def test_any_mark_of_synthetic_data_is_enough(write_small_trial: Write, table: str, old: str, new: str) -> None:
    assert not read_trial(write_small_trial(), day=DAY).synthetic
    trial = read_trial(write_small_trial(**{table: (old, new)}), day=DAY)
    assert trial.synthetic
    assert trial["paths"].attrs == {"table": "paths", "synthetic": True}
    assert "synthetic" in trial._repr_html_()


def test_the_synthetic_file_is_enough(write_small_trial: Write) -> None:
    folder = write_small_trial()
    (folder / "synthetic.json").write_text("{}")
    assert read_trial(folder, day=DAY).synthetic


def test_all_missing_tables_are_named_at_once_with_what_was_found(write_small_trial: Write) -> None:
    folder = write_small_trial(paths=None, visits=None)
    with pytest.raises(TrialRefused, match=r"has no file visits.csv, paths.csv; found buildings.csv, dwellings.csv"):
        read_trial(folder, day=DAY)


def test_all_unusable_files_are_told_at_once(write_small_trial: Write) -> None:
    folder = write_small_trial(paths="a;b\n1;2\n", visits="visit_id\nT1\n", buildings="")
    with pytest.raises(TrialRefused, match="for 3 reasons") as caught:
        read_trial(folder, day=DAY)
    assert {p.code for p in caught.value.problems} == {"file_empty", "header_not_found", "header_missing"}
    assert all(p.path.endswith(".csv") for p in caught.value.problems)


def test_a_path_that_is_no_trial_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "trial.xlsx").write_bytes(b"PK")
    with pytest.raises(TrialRefused, match=r"trial.xlsx: is cut short.*file_truncated"):
        read_trial(tmp_path / "trial.xlsx")
    (tmp_path / "paths.csv").write_text("")
    with pytest.raises(TrialRefused, match="give the folder"):
        read_trial(tmp_path / "paths.csv")
    with pytest.raises(TrialRefused, match="does not exist"):
        read_trial(tmp_path / "nowhere")


def test_two_files_of_one_table_are_refused(write_small_trial: Write) -> None:
    folder = write_small_trial()
    (folder / "Paths.csv").write_text("")
    with pytest.raises(TrialRefused, match=r"Paths.csv and paths.csv hold one table"):
        read_trial(folder, day=DAY)


def test_a_stray_table_is_noted_and_identity_is_never_opened(write_small_trial: Write) -> None:
    folder = write_small_trial()
    (folder / "wirings.csv").write_text("wiring_id\nW1\n")
    # A folder under that name cannot be read: opening it would raise.
    (folder / "identity.csv").mkdir()
    trial = read_trial(folder, day=DAY)
    assert trial.notes[["file", "code"]].to_numpy().tolist() == [["wirings.csv", "file_unknown"]]


def test_a_table_without_one_good_row_is_refused_with_the_reason(write_small_trial: Write) -> None:
    folder = write_small_trial(instruments=("2025-01-10", "10 January"))
    with pytest.raises(TrialRefused) as caught:
        read_trial(folder, day=DAY)
    assert "instruments.csv: none of its 1 rows can be accepted (date_format 1); the first: line 2" in str(caught.value)


@pytest.mark.parametrize("table", REQUIRED_TABLES)
@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("short", "none of its"),
        (",,,,,,,,,,,,,,,,", "none of its"),
        ('a"b"c', "none of its"),
        ("\x00", "line 2 holds a NUL byte"),
        ('"', "line 2 has a quote that opens"),
    ],
    ids=["short", "long", "quotes inside", "nul", "quote"],
)
def test_a_table_of_damaged_records_alone_is_refused(
    write_small_trial: Write, small_trial: dict[str, str], table: str, row: str, words: str
) -> None:
    header = small_trial[table].split("\n")[0]
    folder = write_small_trial(**{table: f"{header}\n{row}\n" + "x\n" * (row == "\x00")})
    with pytest.raises(TrialRefused, match=f"{table}.csv: {words}"):
        read_trial(folder, day=DAY)


def test_one_byte_that_is_not_utf8_refuses_its_file_by_line(
    write_small_trial: Write, small_trial: dict[str, str]
) -> None:
    folder = write_small_trial()
    text = small_trial["surveyors"].replace("Survey Co", "Caf\u00e9") + "V9,XX,\n"
    (folder / "surveyors.csv").write_bytes(text.encode().replace(b"XX", b"\xff"))
    with pytest.raises(TrialRefused, match=r"surveyors.csv: line 3 holds bytes that are not UTF-8.*file_encoding"):
        read_trial(folder, day=DAY)


def test_more_than_half_the_rows_breaking_one_rule_is_said(
    write_small_trial: Write, small_trial: dict[str, str]
) -> None:
    rows = "".join(f"V{n + 2},Org,{n:02d}/13/2025\n" for n in range(30))
    trial = read_trial(write_small_trial(surveyors=small_trial["surveyors"] + rows), day=DAY)
    assert trial.notes[["table", "code"]].to_numpy().tolist() == [["surveyors", "file_systematic"]]


def test_the_account_does_not_depend_on_where_the_folder_stands(write_small_trial: Write, tmp_path: Path) -> None:
    folder = write_small_trial(paths=("CH-IHD,2.9", "CH-IHD,far"))
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for path in folder.glob("*.csv"):
        (moved / path.name).write_bytes(path.read_bytes())
    first, second = read_trial(folder, day=DAY), read_trial(moved, day=DAY)
    assert first.ledger.to_csv() == second.ledger.to_csv()
    assert first.quarantine.to_csv() == second.quarantine.to_csv()
    assert first.quarantine["file"].unique().tolist() == ["paths.csv", "measurements.csv"]


def test_flagged_evidence_can_be_left_out_with_what_hangs_on_it(write_small_trial: Write) -> None:
    trial = read_trial(write_small_trial(paths=("CH-IHD,2.9", "CH-IHD,29")), day=DAY)
    assert trial.notes["code"].tolist() == ["distance_xyz"]
    without = trial.without_flagged()
    assert without["paths"]["path_id"].tolist() == ["P1"]
    assert without["measurements"]["measurement_id"].tolist() == ["M1"]
    assert len(trial["measurements"]) == 3
    assert without["buildings"].equals(trial["buildings"])


def test_findings_count_what_was_found(write_small_trial: Write) -> None:
    trial = read_trial(write_small_trial(paths=("CH-IHD,2.9", "CH-IHD,far")), day=DAY)
    found = trial.findings().set_index(["table", "code"])["lines"].to_dict()
    assert found == {("measurements", "parent_rejected"): 2, ("paths", "number_format"): 1}
    with pytest.raises(KeyError, match="a trial has no table 'path'"):
        trial["path"]


def test_identity_is_read_apart_and_says_that_it_is_personal(tmp_path: Path) -> None:
    path = tmp_path / "identity.csv"
    path.write_text(
        "building_id,dwelling_id,uprn,contact,latitude\nB1,,10001,Jo Canary,51\n,,10002,Al Canary,77\nB2,x\n"
    )
    read = read_identity(path)
    assert read.frame.attrs["personal"] == ("address", "contact", "latitude", "longitude", "mpan", "postcode", "uprn")
    assert read.frame["contact"].tolist() == ["Jo Canary"]
    assert "Canary" not in read.quarantine.to_csv()
    assert "10002" not in read.quarantine.to_csv()
    assert read.ledger["quarantined"].item() == 2


@pytest.fixture(scope="module")
def clean_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean")
    make_trial(folder, seed=3, buildings_per_stratum=6, errors=False)
    return folder


def test_a_clean_synthetic_trial_loses_no_row(clean_folder: Path) -> None:
    trial = read_trial(clean_folder, day=DAY)
    assert trial.quarantine.empty
    assert set(trial.notes["code"]) <= {"stratum_certainty", "stratum_single_psu"}
    assert trial.synthetic


def test_every_error_of_the_manifest_is_found_at_its_place_and_no_other_row_is_lost(tmp_path: Path) -> None:
    truth = make_trial(tmp_path, seed=5, buildings_per_stratum=25)
    trial = read_trial(tmp_path, day=DAY)
    found = pd.concat([trial.quarantine, trial.notes])
    places = set(zip(found["file"], found["line"], found["code"], strict=True))
    errors = truth.errors
    planted = set(zip(errors["file"], errors["line"], errors["code"], strict=True))
    assert planted - places == set()
    out = set(zip(trial.quarantine["file"], trial.quarantine["line"], trial.quarantine["code"], strict=True))
    assert out - planted == set()


def test_shuffled_rows_give_the_same_trial_in_another_order(tmp_path: Path) -> None:
    make_trial(tmp_path, seed=5, buildings_per_stratum=12)
    before = read_trial(tmp_path, day=DAY)
    for path in sorted(tmp_path.glob("*.csv")):
        header, *rows = path.read_text().splitlines(keepends=True)
        random.Random(7).shuffle(rows)
        path.write_text(header + "".join(rows))
    after = read_trial(tmp_path, day=DAY)
    for name, table in TRIAL_TABLES.items():
        left, right = (t[name].sort_values(list(table.key), ignore_index=True) for t in (before, after))
        pd.testing.assert_frame_equal(left, right)
    for one, other in ((before.quarantine, after.quarantine), (before.notes, after.notes)):
        told, again = (t[["table", "key", "column", "code", "severity"]].astype("str") for t in (one, other))
        assert sorted(told.to_numpy().tolist()) == sorted(again.to_numpy().tolist())
    counted = ["table", "read", "accepted", "quarantined", "nulled_cells", "flagged_rows", "codes"]
    assert before.ledger[counted].equals(after.ledger[counted])


CHANGES = st.sampled_from(["", "x", '"', ",", "\n", "\r", "-999", "\x00", "=1", "\u00e9", "9", "B1", "Z"])
PLACES = st.tuples(st.sampled_from(REQUIRED_TABLES), st.floats(0, 1), st.integers(0, 3), CHANGES)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PLACES, min_size=1, max_size=4))
def test_whatever_is_broken_every_row_is_accounted_for(
    write_small_trial: Write, small_trial: dict[str, str], places: list[tuple[str, float, int, str]]
) -> None:
    texts = dict(small_trial)
    for table, where, cut, put in places:
        at = int(where * len(texts[table]))
        texts[table] = texts[table][:at] + put + texts[table][at + cut :]
    folder = write_small_trial()
    for table, text in texts.items():
        (folder / f"{table}.csv").write_bytes(text.encode())
    try:
        trial = read_trial(folder, day=DAY)
    except TrialRefused:
        event("refused")
        return
    check_account(trial, texts)


def check_account(trial: Trial, texts: dict[str, str]) -> None:
    ledger = trial.ledger.set_index("table")
    for table, text in texts.items():
        line = ledger.loc[table]
        assert line["read"] == line["accepted"] + line["quarantined"]
        assert line["accepted"] == len(trial[table])
        out = trial.quarantine[trial.quarantine["table"].eq(table)]
        assert line["quarantined"] == out["line"].nunique()
        if not out["code"].eq("row_quotes").any():
            assert line["read"] == sum(bool(row) for row in csv.reader(io.StringIO(text, newline=""))) - 1
        for parent in TRIAL_TABLES[table].parents:
            keys = trial[parent.table][parent.key]
            assert trial[table][parent.column].dropna().isin(keys).all()
