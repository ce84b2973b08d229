"""The register: what is set aside and why, what is open and since when, and what it bears on."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from smarthan.analysis import known_links, read_register, register_changes, sample_appraisal, sample_register
from smarthan.analysis.registers.declared import REGISTER
from smarthan.tables import FileRefused

DAY = "2026-03-31"
HEADER = "id,kind,title,area,owner_group,raised,due,status,closed,priority,links"
GOOD = "G1,gap,Riser loss unknown,building,architecture,2026-01-10,2026-03-01,open,,high,criterion:capex"


def write(folder: Path, *rows: str) -> Path:
    path = folder / "register.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ("X,gap,t,a,project,2026-02-10,,closed,2026-01-01,low,", "date_order", "closed on '2026-01-01', before it was"),
        ("X,gap,t,a,project,2026-02-10,2026-02-01,open,,low,", "date_order", "due on '2026-02-01', before it was"),
        ("X,gap,t,a,project,2026-02-10,,open,2026-03-01,low,", "status_conflict", "yet it is not closed"),
        ("X,gap,t,a,project,2026-02-10,,closed,,low,", "status_conflict", "give it in column closed"),
        ("X,gap,t,a,project,2026-04-01,,open,,low,", "date_range", "'2026-04-01' lies after the day asked"),
        ("X,gap,t,a,project,2026-02-10,,closed,2026-04-01,low,", "date_range", "lies after the day asked, 2026-03-31"),
        ("X,gap,t,a,project,2026-02-10,,open,,low,capex", "link_form", "'capex' is no list of links"),
        ("X,gap,t,a,project,2026-02-10,,open,,low,village:x", "link_form", "kinds option, criterion, technology"),
        ("X,worry,t,a,project,2026-02-10,,open,,low,", "category_unknown", "'worry'"),
        ("X,gap,,a,project,2026-02-10,,open,,low,", "required_missing", ""),
        ("X,gap,t,a,project,10/02/2026,,open,,low,", "date_ambiguous", ""),
    ],
)
def test_a_faulty_row_is_set_aside_with_its_reason(tmp_path: Path, row: str, code: str, words: str) -> None:
    register = read_register(write(tmp_path, GOOD, row), day=DAY)
    assert register.table["id"].tolist() == ["G1"]
    assert code in register.quarantine["code"].tolist()
    assert any(words in message for message in register.quarantine["message"])
    assert register.ledger[["read", "accepted", "quarantined"]].iloc[0].tolist() == [2, 1, 1]


def test_rows_of_one_id_that_disagree_are_all_set_aside_and_an_equal_one_counts_once(tmp_path: Path) -> None:
    other = GOOD.replace("Riser loss unknown", "Another gap")
    same = GOOD.replace("G1", "G2")
    register = read_register(write(tmp_path, GOOD, other, same, same), day=DAY)
    assert register.table["id"].tolist() == ["G2"]
    assert register.quarantine["code"].value_counts().to_dict() == {"duplicate_conflict": 2, "duplicate": 1}


def test_a_day_that_cannot_be_read_is_told_once_not_as_a_missing_day_of_closing(tmp_path: Path) -> None:
    register = read_register(write(tmp_path, GOOD, "X,gap,t,a,project,2026-02-10,,closed,March,low,"), day=DAY)
    assert register.quarantine["code"].tolist() == ["date_format"]


def test_a_link_to_nothing_is_named_and_its_row_kept(tmp_path: Path) -> None:
    known = known_links(sample_appraisal(), coverage_areas=["PH41"])
    rows = [
        GOOD,
        GOOD.replace("G1", "G2").replace("criterion:capex", "option:zb24; criterion:nonsense;coverage_area:EH1"),
    ]
    register = read_register(write(tmp_path, *rows), day=DAY, known=known)
    assert len(register.table) == 2
    assert register.notes[["line", "code"]].values.tolist() == [[3, "link_unknown"]] * 2
    assert sorted(register.notes["message"]) == [
        "links to coverage_area 'EH1', which does not exist",
        "links to criterion 'nonsense', which does not exist",
    ]


def test_kinds_of_link_that_cannot_be_judged_are_not(tmp_path: Path) -> None:
    assert read_register(write(tmp_path, GOOD), day=DAY, known={"option": ["zb24"]}).notes.empty


def test_personal_data_in_a_note_is_withheld_and_the_row_stays(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text(f"{HEADER},note\n{GOOD},ring 020 7946 0018\n")
    register = read_register(path, day=DAY)
    assert register.table["note"].isna().all()
    assert register.notes["code"].tolist() == ["personal_text"]
    assert "7946" not in register.notes.to_csv()


def test_overdue_counts_days_and_due_today_is_not_overdue(tmp_path: Path) -> None:
    today = GOOD.replace("G1", "G2").replace("2026-03-01", "2026-03-31")
    register = read_register(write(tmp_path, GOOD, today), day=DAY)
    assert register.overdue()[["id", "days_overdue"]].values.tolist() == [["G1", 30]]


def test_counts_by_a_column_add_up_and_an_unknown_column_is_refused() -> None:
    register = sample_register()
    for column in ("owner_group", "area", "kind", "priority", "status"):
        counts = register.by(column)
        assert counts["entries"].sum() == len(register.table)
        assert (counts["live"] + counts["ended"] == counts["entries"]).all()
    with pytest.raises(ValueError, match="'colour' is none of owner_group, area"):
        register.by("colour")


def test_ages_have_every_band_and_add_up_to_what_is_live() -> None:
    register = sample_register()
    ages = register.ageing()
    assert ages["entries"].sum() == len(register.live)
    assert ages.groupby("owner_group").size().eq(4).all()


def test_ages_change_band_on_the_day_after_thirty(tmp_path: Path) -> None:
    rows = [GOOD.replace("2026-01-10", day).replace("G1", f"on{day[-2:]}") for day in ("2026-03-01", "2026-02-28")]
    ages = read_register(write(tmp_path, *rows), day=DAY).ageing("kind")
    assert ages["entries"].tolist() == [1, 1, 0, 0]


def test_a_schedule_takes_priorities_first_keeps_to_capacity_and_says_what_is_left(tmp_path: Path) -> None:
    rows = [
        GOOD.replace("G1", name).replace("2026-03-01", due).replace(",high,", f",{priority},")
        for name, due, priority in [
            ("low_early", "2026-04-01", "low"),
            ("high_late", "2026-09-01", "high"),
            ("high_early", "2026-04-20", "high"),
            ("high_none", "", "high"),
            ("medium", "2026-04-05", "medium"),
        ]
    ]
    register = read_register(write(tmp_path, *rows), day=DAY)
    plan = register.schedule(["2026-06-01", dt.date(2026, 4, 10)], capacity=2)
    assert plan["id"].tolist() == ["high_early", "high_late", "high_none", "medium", "low_early"]
    assert plan["meeting"].dt.strftime("%m-%d").tolist()[:4] == ["04-10", "04-10", "06-01", "06-01"]
    assert plan["note"].tolist() == ["", "", "", "", "no meeting left"]
    assert plan.set_index("id")["late"].to_dict() == {
        "high_early": False,
        "high_late": False,
        "high_none": False,
        "medium": True,
        "low_early": True,
    }


@pytest.mark.parametrize(
    ("meetings", "capacity", "words"),
    [
        ([], 1, "name the day of at least one"),
        (["2026-03-30"], 1, "2026-03-30 lies before the day asked, 2026-03-31"),
        (["2026-04-01", "2026-04-01"], 1, "a day stands twice"),
        (["2026-04-01"], 0, "0 entries a meeting; give 1 or more"),
    ],
)
def test_meetings_that_cannot_be_are_refused(tmp_path: Path, meetings: list[str], capacity: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_register(write(tmp_path, GOOD), day=DAY).schedule(meetings, capacity=capacity)


def test_closed_entries_bear_on_nothing(tmp_path: Path) -> None:
    closed = GOOD.replace("G1", "G2").replace("open,", "closed,2026-02-01")
    register = read_register(write(tmp_path, GOOD, closed), day=DAY)
    assert register.open_on("criterion") == {"capex": ("G1",)}
    assert register.links()[["id", "link_kind", "target"]].values.tolist() == [["G1", "criterion", "capex"]]


def test_what_changed_between_two_versions(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    before = read_register(write(tmp_path / "a", GOOD, GOOD.replace("G1", "G2")), day=DAY)
    moved = GOOD.replace("2026-03-01", "2026-04-01").replace("open,", "in_progress,")
    after = read_register(write(tmp_path / "b", moved, GOOD.replace("G1", "G3")), day=DAY)
    changes = register_changes(before, after)
    assert changes[["id", "change", "before", "after"]].values.tolist() == [
        ["G3", "added", "", "Riser loss unknown"],
        ["G2", "removed", "Riser loss unknown", ""],
        ["G1", "due", "2026-03-01", "2026-04-01"],
        ["G1", "status", "open", "in_progress"],
    ]
    assert changes["days"].dropna().tolist() == [31]


def test_a_workbook_reads_as_the_csv_does(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "lists.xlsx") as book:
        sheet = book.add_worksheet("register")
        for number, line in enumerate([HEADER, GOOD]):
            for column, cell in enumerate(line.split(",")):
                if cell:
                    sheet.write_string(number, column, cell)
    read = read_register(tmp_path / "lists.xlsx", day=DAY)
    pd.testing.assert_frame_equal(read.table, read_register(write(tmp_path, GOOD), day=DAY).table)


def test_what_cannot_be_used_as_a_whole_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"holds no register.csv"):
        read_register(tmp_path)
    (tmp_path / "register.csv").write_text("id,kind\nG1,gap\n")
    with pytest.raises(FileRefused, match="has no column title, area, owner_group"):
        read_register(tmp_path)
    with xlsxwriter.Workbook(tmp_path / "other.xlsx") as book:
        book.add_worksheet("notes")
    with pytest.raises(FileRefused, match="has no sheet register"):
        read_register(tmp_path / "other.xlsx")
    with pytest.raises(ValueError, match="'soon' is not a day"):
        read_register(tmp_path, day="soon")


def test_the_demonstration_says_synthetic_and_has_no_fault() -> None:
    register = sample_register()
    assert register.synthetic
    assert register.quarantine.empty
    assert "SYNTHETIC" in repr(register)
    assert register.overdue().attrs["synthetic"]
    assert "SYNTHETIC" in register._repr_html_()
    known = known_links(sample_appraisal())
    unknown = register.links()
    for kind, targets in known.items():
        assert set(unknown.loc[unknown["link_kind"].eq(kind), "target"]) <= set(targets)


def test_required_columns_are_those_that_must_be_there() -> None:
    assert [field.name for field in REGISTER.fields if field.required] == [
        field.name for field in REGISTER.fields if not field.optional_column
    ]
