"""Mending by hand: the quarantine written out, edited, read again; both passes add up."""

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarthan.files import sha256_of
from smarthan.trial_data import TRIAL_TABLES, Trial, TrialRefused, make_trial, read_trial
from smarthan.trial_data.mending.quarantine_files import LEADING, escape, unescape

Write = Callable[..., Path]
DAY = dt.date(2026, 6, 30)


@pytest.fixture
def mend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mend") / "quarantine"


def edit(path: Path, **columns: str | Callable[[dict[str, str]], str]) -> None:
    """Set cells of every row of a mended file."""
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row |= {name: value if isinstance(value, str) else value(row) for name, value in columns.items()}
    save(path, rows)


def save(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def same_tables(left: Trial, right: Trial) -> bool:
    return all(left[name].equals(right[name]) for name in TRIAL_TABLES)


def check_passes(trial: Trial) -> None:
    for _, lines in trial.ledger.groupby("table"):
        assert (lines["read"] == lines["accepted"] + lines["quarantined"]).all()
    summary = trial.summary().set_index("table")
    for name in trial.ledger["table"].unique():
        assert summary.loc[name, "accepted"] == len(trial[name])
        out = trial.quarantine.loc[trial.quarantine["table"].eq(name), "line"]
        assert summary.loc[name, "quarantined"] == out.nunique()


def test_a_clean_trial_writes_nothing(write_small_trial: Write, mend: Path) -> None:
    assert read_trial(write_small_trial(), day=DAY).write_quarantine(mend) == []
    assert not mend.exists()


def test_rows_are_written_as_they_stood_with_what_is_wrong(write_small_trial: Write, mend: Path) -> None:
    folder = write_small_trial(locations=("L4,B2,D2,ihd,,0,0,2.8,1", "L4,B2,D2,idh,, 0,0,2.8,1"))
    files = read_trial(folder, day=DAY).write_quarantine(mend)
    assert [path.name for path in files] == ["locations.csv", "paths.csv", "measurements.csv"]
    (row,) = rows_of(files[0])
    assert list(row) == [*LEADING, *TRIAL_TABLES["locations"].names]
    assert [row[name] for name in ("file", "line", "codes", "suggestion")] == [
        "locations.csv",
        "5",
        "category_unknown",
        "ihd",
    ]
    assert "'idh' is not one of elec_meter" in row["what_is_wrong"]
    assert (row["x_m"], row["z_m"], row["mount"]) == (" 0", "2.8", "")


def test_a_mended_parent_brings_its_children_back(write_small_trial: Write, mend: Path) -> None:
    folder = write_small_trial(locations=("L4,B2,D2,ihd,", "L4,B2,D2,idh,"))
    before = {path.name: sha256_of(path) for path in folder.glob("*.csv")}
    read_trial(folder, day=DAY).write_quarantine(mend)
    for child in ("paths", "measurements"):
        (mend / f"{child}.csv").unlink()
    edit(mend / "locations.csv", kind="ihd")
    trial = read_trial(folder, day=DAY, mended=mend)
    assert trial.quarantine.empty
    assert trial["locations"]["location_id"].tolist() == ["L1", "L2", "L3", "L4"]
    second = trial.ledger[trial.ledger["pass"].eq(2)].set_index("table")
    counted = ["read", "accepted", "quarantined", "returned", "lost"]
    assert second.loc["locations", counted].tolist() == [1, 1, 0, 0, 0]
    assert second.loc["measurements", counted].tolist() == [0, 0, 0, 2, 0]
    assert trial.notes[["code", "column", "original", "severity"]].to_numpy().tolist() == [
        ["cell_mended", "kind", "idh", "repair"]
    ]
    check_passes(trial)
    assert before == {path.name: sha256_of(path) for path in folder.glob("*.csv")}


def test_what_is_handed_back_faulty_stays_out_and_can_be_mended_further(write_small_trial: Write, mend: Path) -> None:
    folder = write_small_trial(paths=("CH-IHD,2.9,0,0,1", "CH-IHD,far,many,0,1"))
    read_trial(folder, day=DAY).write_quarantine(mend)
    edit(mend / "paths.csv", distance_m="2.9")
    once = read_trial(folder, day=DAY, mended=mend)
    check_passes(once)
    assert once.quarantine.loc[once.quarantine["table"].eq("paths"), "original"].tolist() == ["many"]
    next_round = mend.with_name("again")
    once.write_quarantine(next_round)
    assert rows_of(next_round / "paths.csv")[0]["distance_m"] == "2.9"
    edit(next_round / "paths.csv", walls_light="0")
    assert read_trial(folder, day=DAY, mended=next_round).quarantine.empty


def test_a_further_round_keeps_what_was_mended_already(write_small_trial: Write, mend: Path) -> None:
    folder = write_small_trial(paths=("CH-IHD,2.9", "CH-IHD,far"), surveyors=("2025-01-06\n", "2025-01-06\nV9,,soon\n"))
    read_trial(folder, day=DAY).write_quarantine(mend)
    edit(mend / "paths.csv", distance_m="2.9")
    once = read_trial(folder, day=DAY, mended=mend)
    once.write_quarantine(mend.with_name("again"))
    (kept,) = rows_of(mend.with_name("again") / "paths.csv")
    assert (kept["distance_m"], kept["codes"], kept["what_is_wrong"]) == ("2.9", "", "accepted as mended")
    assert same_tables(read_trial(folder, day=DAY, mended=mend.with_name("again")), once)


def test_a_row_can_be_left_out(write_small_trial: Write, small_trial: dict[str, str], mend: Path) -> None:
    twice = small_trial["paths"] + "P2,L3,L4,CH-IHD,7,0,0,1\n"
    folder = write_small_trial(paths=twice)
    read_trial(folder, day=DAY).write_quarantine(mend)
    rows = rows_of(mend / "paths.csv")
    assert [row["codes"] for row in rows] == ["duplicate_conflict"] * 2
    rows[1]["decision"] = "Drop"
    save(mend / "paths.csv", rows)
    trial = read_trial(folder, day=DAY, mended=mend)
    assert trial.quarantine[["line", "code", "original"]].to_numpy().tolist() == [
        [4, "row_dropped", "P2,L3,L4,CH-IHD,7,0,0,1,,,,,,,"]
    ]
    assert trial["paths"]["distance_m"].tolist() == [5.1, 2.9]
    check_passes(trial)
    trial.write_quarantine(mend.with_name("again"))
    assert [row["decision"] for row in rows_of(mend.with_name("again") / "paths.csv")] == ["drop"]
    assert same_tables(read_trial(folder, day=DAY, mended=mend.with_name("again")), trial)


def test_children_of_a_row_left_out_go_with_it(write_small_trial: Write, mend: Path) -> None:
    folder = write_small_trial(paths=("CH-IHD,2.9", "CH-IHD,far"))
    read_trial(folder, day=DAY).write_quarantine(mend)
    (mend / "measurements.csv").unlink()
    edit(mend / "paths.csv", decision="drop")
    trial = read_trial(folder, day=DAY, mended=mend)
    assert trial.quarantine["code"].tolist() == ["row_dropped", "parent_rejected", "parent_rejected"]
    check_passes(trial)


@pytest.mark.parametrize("cut", ["short", "long"])
def test_a_record_that_could_not_be_read_is_laid_out_and_mended_in_its_place(
    write_small_trial: Write, mend: Path, cut: str
) -> None:
    whole = "L3,B2,D2,comms_hub,porch,0,0,0,0\n"
    broken = whole.replace(",0\n", "\n") if cut == "short" else whole.replace("\n", ",left\n")
    clean = read_trial(write_small_trial(), day=DAY)
    folder = write_small_trial(locations=(whole, broken))
    faulty = read_trial(folder, day=DAY)
    faulty.write_quarantine(mend)
    untouched = read_trial(folder, day=DAY, mended=mend)
    assert same_tables(untouched, faulty)
    (row,) = rows_of(mend / "locations.csv")
    assert (row["location_id"], row["z_m"], row["codes"]) == ("L3", "0", f"row_{cut}")
    assert ("left over after the last column: 'left'" in row["what_is_wrong"]) is (cut == "long")
    edit(mend / "locations.csv", floor_no="0", decision="take")
    trial = read_trial(folder, day=DAY, mended=mend)
    assert same_tables(trial, clean)
    check_passes(trial)
    trial.write_quarantine(mend.with_name("again"))
    assert same_tables(read_trial(folder, day=DAY, mended=mend.with_name("again")), clean)


def test_personal_text_stays_withheld_and_is_not_lost(write_small_trial: Write, mend: Path) -> None:
    header = "stratum_id,archetype,meter_class,n_buildings,n_premises,source,ref_date,certainty\n"
    rows = "S1,semi,in_dwelling,1000,1000,ok,2011-03-27,n\nS2,semi,porch,few,9,call 07700 900123,2011-03-27,n\n"
    folder = write_small_trial(frame=header + rows)
    read_trial(folder, day=DAY).write_quarantine(mend)
    assert "900123" not in (mend / "frame.csv").read_text()
    assert rows_of(mend / "frame.csv")[0]["source"] == "(withheld)"
    edit(mend / "frame.csv", n_buildings="9")
    trial = read_trial(folder, day=DAY, mended=mend)
    assert trial["frame"]["stratum_id"].tolist() == ["S1", "S2"] or "required_missing" not in set(
        trial.quarantine["code"]
    )
    assert set(trial.notes["code"]) >= {"personal_text", "cell_mended"}
    assert "900123" not in trial.notes.to_csv() + trial.quarantine.to_csv()


def test_a_record_beside_a_personal_column_shows_nothing(write_small_trial: Write, mend: Path) -> None:
    text = "surveyor_id,org,training_date,name\nV1,Survey Co,2025-01-06,Jo Canary\nV2,Survey Co,Jo Canary\n"
    read_trial(write_small_trial(surveyors=text), day=DAY).write_quarantine(mend)
    assert "Canary" not in (mend / "surveyors.csv").read_text()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"line": "77"}, "line 2: '77' is no place of a row of paths.csv"),
        ({"line": "2"}, "line 2: '2' is the place of a row that was accepted; remove the row here"),
        ({"file": "other.csv"}, "'other.csv' is no file that paths came from, that is paths.csv"),
        ({"decision": "perhaps"}, "'perhaps' is no decision; write drop or take"),
    ],
    ids=["nowhere", "accepted", "file", "decision"],
)
def test_a_mended_row_without_a_place_is_refused(
    write_small_trial: Write, mend: Path, change: dict[str, str], words: str
) -> None:
    folder = write_small_trial(paths=("CH-IHD,2.9", "CH-IHD,far"))
    read_trial(folder, day=DAY).write_quarantine(mend)
    edit(mend / "paths.csv", **change)
    with pytest.raises(TrialRefused, match=r"paths.csv") as caught:
        read_trial(folder, day=DAY, mended=mend)
    assert words in str(caught.value)


def test_all_that_is_wrong_with_a_folder_is_told_at_once(write_small_trial: Write, mend: Path) -> None:
    folder = write_small_trial(paths=("CH-IHD,2.9", "CH-IHD,far"))
    read_trial(folder, day=DAY).write_quarantine(mend)
    save(mend / "paths.csv", rows_of(mend / "paths.csv") * 2)
    (mend / "pathz.csv").write_text("a\n1\n")
    lines = (mend / "measurements.csv").read_text().splitlines()
    (mend / "measurements.csv").write_text("\n".join([lines[0], lines[1] + ",extra", lines[2] + ",extra"]))
    with pytest.raises(TrialRefused, match="for 3 reasons") as caught:
        read_trial(folder, day=DAY, mended=mend)
    assert [problem.code for problem in caught.value.problems] == ["row_long", "mended_twice", "mended_place"]
    assert "line 2: has 29 cells, the header has 28 (and 1 more); mend the line" in str(caught.value)


def test_a_lost_column_a_changed_delivery_and_no_folder_are_refused(write_small_trial: Write, mend: Path) -> None:
    folder = write_small_trial(paths=("CH-IHD,2.9", "CH-IHD,far"))
    read_trial(folder, day=DAY).write_quarantine(mend)
    text = (mend / "paths.csv").read_text()
    (mend / "paths.csv").write_text(text.replace("walls_heavy", "walls_h", 1))
    with pytest.raises(TrialRefused, match="has no column walls_heavy; keep every column"):
        read_trial(folder, day=DAY, mended=mend)
    (mend / "paths.csv").write_text(text)
    with (folder / "paths.csv").open("a") as stream:
        stream.write("P3,L3,L4,CH-IHD,2.9,0,0,1\n")
    with pytest.raises(TrialRefused, match=r"paths.csv has changed since the quarantine was written") as caught:
        read_trial(folder, day=DAY, mended=mend)
    assert {problem.code for problem in caught.value.problems} == {"mended_stale"}
    (mend / "delivery.json").write_text("[")
    with pytest.raises(TrialRefused, match="delete it if the delivery has not changed"):
        read_trial(folder, day=DAY, mended=mend)
    (mend / "delivery.json").unlink()
    assert read_trial(folder, day=DAY, mended=mend).ledger["pass"].tolist() == [1] * 9 + [2] * 9
    with pytest.raises(TrialRefused, match="is no folder"):
        read_trial(folder, day=DAY, mended=mend / "nowhere")


def test_no_mending_is_written_over(write_small_trial: Write, mend: Path) -> None:
    trial = read_trial(write_small_trial(paths=("CH-IHD,2.9", "CH-IHD,far")), day=DAY)
    trial.write_quarantine(mend)
    with pytest.raises(ValueError, match="holds something already"):
        trial.write_quarantine(mend)


def test_a_mended_row_can_push_an_accepted_one_out_and_the_ledger_says_so(write_small_trial: Write, mend: Path) -> None:
    folder = write_small_trial(paths=("P2,L3,L4,CH-IHD,2.9", "P2,L3,L4,CH-IHD,far"))
    read_trial(folder, day=DAY).write_quarantine(mend)
    edit(mend / "paths.csv", path_id="P1", distance_m="2.9")
    with pytest.raises(
        TrialRefused, match=r"none of its 2 rows can be accepted \(cell_mended 2; duplicate_conflict 2\)"
    ):
        read_trial(folder, day=DAY, mended=mend)


CELLS = st.text(st.sampled_from("=+-@'\t\r\n,\"ab1. é"), max_size=6)


@given(CELLS)
def test_an_escaped_cell_runs_nowhere_and_comes_back(cell: str) -> None:
    assert unescape(escape(cell)) == cell
    assert not escape(cell).startswith(("=", "@", "\t", "\r"))


PLACES = st.lists(st.tuples(st.sampled_from(["paths", "locations", "visits"]), st.integers(0, 400), CELLS), max_size=4)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PLACES)
def test_nothing_mended_gives_the_same_trial(
    write_small_trial: Write, small_trial: dict[str, str], tmp_path_factory: pytest.TempPathFactory, places: list
) -> None:
    texts = dict(small_trial)
    for table, at, put in places:
        head, body = texts[table].split("\n", 1)
        at %= len(body)
        texts[table] = f"{head}\n{body[:at]}{put}{body[at:]}"
    folder = write_small_trial()
    for table, text in texts.items():
        (folder / f"{table}.csv").write_bytes(text.encode())
    try:
        trial = read_trial(folder, day=DAY)
    except TrialRefused:
        return
    mend = tmp_path_factory.mktemp("mend")
    trial.write_quarantine(mend)
    again = read_trial(folder, day=DAY, mended=mend)
    assert same_tables(trial, again)
    assert again.quarantine.equals(trial.quarantine)
    assert again.notes.equals(trial.notes)
    check_passes(again)


def test_mended_with_the_true_rows_the_trial_equals_its_clean_twin(tmp_path: Path) -> None:
    clean, faulty, mend = (tmp_path / name for name in ("clean", "faulty", "mend"))
    make_trial(clean, seed=4, buildings_per_stratum=4, size_premises=3000, errors=False)
    make_trial(faulty, seed=4, buildings_per_stratum=4, size_premises=3000, errors=_row_errors())
    trial = read_trial(faulty, day=DAY)
    for path in trial.write_quarantine(mend):
        lines = rows_of(clean / path.name)
        rows = rows_of(path)
        for row in rows:
            number = int(row["line"]) - 2
            if number < len(lines):
                row |= lines[number] | {"decision": "take"}
            else:
                row["decision"] = "drop"  # a copy that the clean twin does not have
        save(path, rows)
    again = read_trial(faulty, day=DAY, mended=mend)
    assert len(trial.quarantine) > 20
    assert same_tables(again, read_trial(clean, day=DAY))
    check_passes(again)
    assert set(again.quarantine["code"]) == {"row_dropped"}


def _row_errors() -> dict[str, int]:
    codes = (
        *("path_self", "storeys_floor", "weight_range", "date_ambiguous", "cell_formula", "cell_too_long"),
        *("id_mangled", "orphan", "required_missing", "number_format", "unit_in_cell", "decimal_comma"),
        *("category_unknown", "date_format", "time_zone", "packets_order", "rssi_below_floor", "band_technology"),
        *("duplicate", "duplicate_conflict", "row_short", "row_long", "path_two_buildings", "conflict_fixed_property"),
    )
    return dict.fromkeys(codes, 1)


def test_the_summary_of_two_passes_is_that_of_the_last(write_small_trial: Write, mend: Path) -> None:
    folder = write_small_trial(paths=("CH-IHD,2.9", "CH-IHD,far"))
    read_trial(folder, day=DAY).write_quarantine(mend)
    edit(mend / "paths.csv", distance_m="2.9")
    total = read_trial(folder, day=DAY, mended=mend).summary().iloc[-1]
    assert total[["read", "accepted", "quarantined", "repaired_cells"]].tolist() == [18, 18, 0, 1]
