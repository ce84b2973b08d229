"""A terminated postcode is answered with the last rows of the last release that held it, and they are marked."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from smarthan.coverage import ReleaseStore
from smarthan.coverage.lookup.cold import lookup_one
from smarthan.coverage.releases.current import open_member
from smarthan.coverage.releases.opening import Opened

GONE, LIVE = "AB1 0AA", "LL57 2DG"  # AB1 was recoded; the reference knows its codes as terminated


@pytest.fixture
def store(publish: Callable[..., Path]) -> Path:
    publish("2026-02-02", f"{GONE},false,2026-03-31", f"{LIVE},true,")
    publish("2026-05-01", f"{GONE},true,", f"{LIVE},true,")
    return publish("2026-11-02", f"{LIVE},true,", "LL57 2DH,true,")


def test_the_last_rows_are_given_and_marked(store: Path) -> None:
    answer = ReleaseStore(store).open().lookup(GONE)
    assert (answer.status, answer.state, answer.best, answer.release_id) == ("TERMINATED", None, None, "2026-11-02")
    assert "withdrawn by Royal Mail in 1996-06" in answer.words
    (row,) = answer.rows
    assert (row["historical"], row["state"], row["words"]) == (True, "COVERED", "historical, covered")
    assert "of release 2026-05-01 of 2026-05-01" in answer.notes[-1]
    assert "historical, covered" in str(answer)
    assert "historical, covered" in answer._repr_html_()
    assert json.loads(json.dumps(answer.to_dict()))["rows"][0]["historical"] is True


def test_cold_and_warm_give_the_same(store: Path) -> None:
    assert lookup_one(GONE, matrix=store) == ReleaseStore(store).open().lookup(GONE)


def test_only_releases_up_to_the_one_asked_count(store: Path, publish: Callable[..., Path]) -> None:
    publish("2026-08-03", f"{LIVE},true,", backfill=True)
    between = ReleaseStore(store).open("2026-09-01").lookup(GONE)
    assert (between.release_id, between.rows[0]["state"]) == ("2026-08-03", "COVERED")
    publish("2026-01-05", f"{LIVE},true,", backfill=True)
    first = ReleaseStore(store).open("2026-01-31").lookup(GONE)
    assert (first.status, first.rows) == ("TERMINATED", ())
    assert first.notes[-1] == "no earlier release of this store held it"


def test_a_release_that_holds_it_answers_as_ever(store: Path) -> None:
    answer = ReleaseStore(store).open("2026-03-01").lookup(GONE)
    assert (answer.status, answer.state) == ("OK", "PLANNED")
    assert "historical" not in answer.rows[0]


def test_a_damaged_earlier_release_is_passed_over(store: Path) -> None:
    (store / "releases" / "2026-05-01" / "matrix.parquet").write_bytes(b"")
    answer = ReleaseStore(store).open().lookup(GONE)
    assert answer.rows[0]["state"] == "PLANNED"
    assert "of release 2026-02-02" in answer.notes[-2]
    assert answer.notes[-1] == "release 2026-05-01 is damaged: what it said of it is not known"


def test_only_damage_that_could_hide_something_is_named(store: Path) -> None:
    (store / "releases" / "2026-02-02" / "matrix.parquet").write_bytes(b"")
    matrix = ReleaseStore(store).open()
    assert "damaged" in matrix.lookup("AB1 0AB").notes[-1]
    assert matrix.lookup(GONE) == lookup_one(GONE, matrix=store)
    assert "damaged" not in matrix.lookup(GONE).notes[-1]


def test_a_lone_release_has_no_history(store: Path) -> None:
    lone = shutil.copytree(store / "releases" / "2026-11-02", store.parent / "lone")
    answer = lookup_one(GONE, matrix=lone)
    assert (answer.status, answer.rows, answer.notes) == ("TERMINATED", (), ())


def test_history_is_opened_only_as_far_as_it_is_asked(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def count(place: str, name: str) -> Opened:
        opened.append(name)
        return open_member(place, name)

    matrix = ReleaseStore(store).open()
    monkeypatch.setattr("smarthan.coverage.releases.current.open_member", count)
    for postcode in (LIVE, "LL57", "SW1A 1AA", "QQ1 1AA", "BT1 1AA"):
        matrix.lookup(postcode)
    assert opened == []
    for _ in range(2):
        matrix.lookup(GONE)
    assert opened == ["2026-05-01"]
    for _ in range(2):
        assert matrix.lookup("AB1 0AB").rows == ()
    assert opened == ["2026-05-01", "2026-02-02"]
    assert matrix.lookup(GONE).rows[0]["state"] == "COVERED"


def test_in_bulk_the_status_is_the_same_and_the_state_stays_empty(store: Path) -> None:
    table = ReleaseStore(store).open().lookup_many([GONE, LIVE])
    assert table["status"].tolist() == ["TERMINATED", "OK"]
    assert table["state"].isna().tolist() == [True, False]
