"""The account of rows: rules applied to working rows, duplicates, and counts that must add up."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.tables import RULES, Field, FileRefused, Rows, Table, clip, empty_ledger, empty_problems, register
from smarthan.tables.accounting import LEDGER_COLUMNS, Source
from smarthan.tables.findings import PROBLEM_COLUMNS, Problem

TABLE = Table(
    "things",
    "Things.",
    (
        Field("id", "identifier", "Key.", required=True),
        Field("n", "integer", "A count.", low=0),
        Field("owner", "text", "A person.", personal=True),
    ),
    key=("id",),
)


def rows_of(*cells: tuple[str, str, str], problems: tuple[Problem, ...] = ()) -> Rows:
    text = pd.DataFrame(cells, columns=["id", "n", "owner"], dtype="str")
    n = len(cells) + sum(RULES[p.code].severity == "row" for p in problems)
    source = Source("things.csv", "0" * 64, 1, "csv", "utf-8", records=n, parsed=n)
    return Rows.from_text(TABLE, source, text, np.arange(2, len(cells) + 2), problems)


def test_accepted_rows_are_typed_and_counted() -> None:
    done = rows_of(("a", "1", ""), ("b", "", "")).finish()
    assert done.frame["n"].tolist() == [1, pd.NA]
    assert done.frame.dtypes["n"] == "Int64"
    line = done.ledger.iloc[0]
    assert (line["read"], line["accepted"], line["quarantined"], line["codes"]) == (2, 2, 0, "")


def test_a_row_that_breaks_three_rules_has_three_lines_and_counts_once() -> None:
    rows = rows_of(("a", "x", "Jo"), ("b", "1", ""))
    rows.reject(np.array([True, False]), "orphan", "id", "'{value}' stands nowhere")
    rows.reject(np.array([True, False]), "date_range", "n", "too late")
    done = rows.finish()
    assert done.quarantine[["line", "key", "code"]].to_numpy().tolist() == [
        [2, "a", "orphan"],
        [2, "a", "date_range"],
        [2, "a", "number_format"],
    ]
    assert done.quarantine["message"].iloc[0] == "'a' stands nowhere"
    assert done.ledger["quarantined"].item() == 1
    assert done.frame["id"].tolist() == ["b"]


def test_nulls_flags_and_repairs_keep_the_row_and_are_noted() -> None:
    rows = rows_of(("a", "1", ""), (" b", "2", ""))
    rows.empty(np.array([True, False]), "personal_text", "owner", "withheld")
    rows.flag(np.array([True, True]), "header_unknown", "n", "odd {value}")
    done = rows.finish()
    assert done.quarantine.empty
    assert done.notes["severity"].value_counts().to_dict() == {"flag": 2, "null": 1, "repair": 1}
    line = done.ledger.iloc[0]
    assert (line["nulled_cells"], line["flagged_rows"], line["repaired_cells"]) == (1, 2, 1)


def test_an_emptied_cell_is_missing_in_the_accepted_row() -> None:
    rows = rows_of(("a", "1", ""), ("b", "2", ""))
    rows.empty(rows.frame["n"].eq(1), "sentinel", "n", "'{value}' stands for missing")
    done = rows.finish()
    assert done.frame["n"].isna().tolist() == [True, False]
    assert done.notes["original"].tolist() == ["1"]


def test_personal_cells_are_shown_nowhere() -> None:
    rows = rows_of(("a", "1", "Jo Smith"), ("b", "2", "=Jo Smith"))
    rows.flag(np.array([True, True]), "header_unknown", "owner", "odd '{value}'")
    done = rows.finish()
    assert "Smith" not in done.quarantine.to_csv() + done.notes.to_csv()


def test_a_whole_record_of_a_table_with_personal_columns_is_withheld() -> None:
    short = Problem("row_short", 9, "", "z,Jo Smith", "has 2 cells, the header has 3")
    done = rows_of(("a", "1", ""), problems=(short,)).finish()
    assert done.quarantine[["line", "original"]].to_numpy().tolist() == [[9, ""]]
    assert done.ledger["read"].item() == 2


def test_an_unlisted_rule_code_is_refused() -> None:
    with pytest.raises(KeyError, match="no_such_rule"):
        rows_of(("a", "1", "")).reject(np.array([True]), "no_such_rule", "id", "")


def test_counts_that_do_not_add_up_are_never_reported() -> None:
    rows = rows_of(("a", "1", ""))
    rows.source = replace(rows.source, records=2)
    with pytest.raises(AssertionError, match="2 records"):
        rows.finish()


def test_duplicates_keep_the_first_and_conflicts_keep_none() -> None:
    rows = rows_of(("a", "1", ""), ("a", "1", ""), ("b", "1", ""), ("b", "2", ""), ("c", "1", ""), ("b", "1", ""))
    rows.reject_duplicates()
    done = rows.finish()
    assert done.frame["id"].tolist() == ["a", "c"]
    assert done.quarantine[["line", "code"]].to_numpy().tolist() == [
        [3, "duplicate"],
        [4, "duplicate_conflict"],
        [5, "duplicate_conflict"],
        [7, "duplicate_conflict"],
    ]


KEYS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("12"), st.just("")), max_size=8)


@settings(max_examples=60, deadline=None)
@given(KEYS, st.randoms(use_true_random=False))
def test_shuffling_rows_changes_nothing_but_their_order(cells: list[tuple[str, str, str]], random: object) -> None:
    shuffled = list(cells)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    results = []
    for order in (cells, shuffled):
        rows = rows_of(*order)
        rows.reject_duplicates()
        done = rows.finish()
        results.append((sorted(done.frame["id"]), sorted(done.quarantine["code"]), done.ledger["codes"].item()))
        assert done.ledger["accepted"].item() + done.ledger["quarantined"].item() == len(cells)
    assert results[0] == results[1]


def test_empty_accounts_have_the_columns_of_full_ones() -> None:
    done = rows_of(("a", "x", "")).finish()
    assert list(done.quarantine) == list(PROBLEM_COLUMNS) == list(empty_problems())
    assert list(done.ledger) == list(LEDGER_COLUMNS) == list(empty_ledger())


def test_foreign_text_is_clipped_and_harmless() -> None:
    done = rows_of(("a", "x" * 300, ""), ("b", "\x1b[31mred", "")).finish()
    assert done.quarantine["original"].str.len().max() < 230
    assert done.quarantine["original"].iloc[1] == "\\x1b[31mred"
    assert clip("a\tb") == "a\\x09b"


def test_a_code_keeps_its_meaning() -> None:
    with pytest.raises(ValueError, match="already listed"):
        register("orphan", "flag", "something else")


def test_a_refusal_names_file_and_code() -> None:
    refused = FileRefused("a.csv", "file_empty", "holds nothing")
    assert (str(refused), refused.path, refused.code) == ("a.csv: holds nothing (file_empty)", "a.csv", "file_empty")


def test_beyond_a_limit_a_row_is_listed_once_and_counted_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smarthan.tables.accounting.LISTED", 3)
    done = rows_of(*[("", "x", "") for _ in range(6)], ("a", "1", "")).finish()
    line = done.ledger.iloc[0]
    assert (line["read"], line["accepted"], line["quarantined"]) == (7, 1, 6)
    assert set(done.quarantine["line"]) == set(range(2, 8))
    assert len(done.quarantine) < 12
    assert "required_missing 6" in line["codes"]
    assert "number_format 6" in line["codes"]
    assert "file_many_faults" in done.notes["code"].tolist()
