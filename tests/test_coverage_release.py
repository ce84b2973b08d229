"""The facts of a release, the words of states and statuses, the groups of technologies."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from smarthan.coverage import Release
from smarthan.coverage.lookup.states import STATES, row_state, state_words
from smarthan.coverage.lookup.statuses import STATUSES, WORDS
from smarthan.coverage.lookup.weighing import Unit, divide_premises, location_state
from smarthan.coverage.releases.columns import CSP_REGIONS, WAN_GROUPS
from smarthan.coverage.releases.release import is_release_id, parse_day
from smarthan.coverage.releases.technologies import read_technologies
from smarthan.settings import SettingsError


def test_release_survives_json() -> None:
    release = Release("2026-11", "DCC_FILE", as_of=dt.date(2026, 11, 2), row_count=3, synthetic=True)
    assert Release.from_dict(release.to_dict()) == release


def test_a_release_does_not_change_and_shows_its_facts() -> None:
    release = Release("2026-11", as_of=dt.date(2026, 11, 2))
    with pytest.raises(AttributeError, match="with_facts"):
        release.as_of = None
    with pytest.raises(TypeError):
        Release("a", colour="red")  # type: ignore[call-arg]
    other = release.with_facts(note="x")
    assert other != release
    assert release != "2026-11"
    assert {release, Release("2026-11", as_of=dt.date(2026, 11, 2)), other} == {release, other}
    assert "as_of=datetime.date(2026, 11, 2)" in repr(release)


@pytest.mark.parametrize("name", ["", ".", "..", "-a", "a/b", "a b", "a\n", "é", "a" * 65])
def test_a_name_that_could_leave_its_folder_is_none(name: str) -> None:
    assert not is_release_id(name)
    assert is_release_id("a" * 64)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"release_id": "a/b"}, "letters, digits"),
        ({"release_id": ""}, "letters, digits"),
        ({"release_id": "a", "source": "HEARSAY"}, "not one of DCC_FILE"),
        ({"release_id": "a", "as_of": "2026-02-30"}, "write it as YYYY-MM-DD"),
        ({"release_id": "a", "asof": "2026-11-02"}, "asof is not known"),
        ({"release_id": "a", "synthetic": "yes"}, "must be bool"),
        ({"release_id": "a", "row_count": True}, "must be int"),
    ],
)
def test_wrong_facts_are_named(facts: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Release.from_dict(facts)


@pytest.mark.parametrize("text", ["2026-1-2", "02/11/2026", "20261102", "2026-11-02T00:00", "x", ""])
def test_only_plain_days_are_read(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        parse_day(text)


def test_days_may_be_dates_or_times() -> None:
    assert parse_day(dt.datetime(2026, 11, 2, 23, 59)) == dt.date(2026, 11, 2)
    with pytest.raises(TypeError, match="a date or text"):
        parse_day(20261102)


@pytest.mark.parametrize(
    ("available", "anticipated", "code", "state"),
    [
        (True, None, "I0", "COVERED"),
        (True, dt.date(2020, 1, 1), "I0", "COVERED"),
        (False, dt.date(2026, 11, 2), "I0", "PLANNED"),
        (False, dt.date(2026, 11, 1), "I0", "OVERDUE"),
        (False, None, "I0", "NOT_CONFIRMED"),
        (None, None, "E62", "ERROR"),
        (True, None, "E62", "ERROR"),
    ],
)
def test_state_of_a_row(available: bool | None, anticipated: dt.date | None, code: str, state: str) -> None:
    assert row_state(available, anticipated, code, dt.date(2026, 11, 2)) == state


def test_every_state_and_status_has_words() -> None:
    assert all(state_words(state, dt.date(2026, 1, 1), "E62") for state in (*STATES, "MIXED", None))
    assert set(WORDS) <= set(STATUSES)


def test_technologies_are_grouped_by_the_file(tmp_path: Path) -> None:
    shipped = read_technologies()
    assert set(shipped.groups.values()) <= set(WAN_GROUPS)
    assert set(shipped.regions) <= set(CSP_REGIONS)
    (tmp_path / "t.toml").write_text('[groups]\n"Semaphore" = "OPTICAL"\n')
    with pytest.raises(SettingsError, match="OPTICAL"):
        read_technologies(tmp_path / "t.toml")


def test_premises_are_counted_once() -> None:
    whole = Unit(True, "COVERED", 10, 6, "PLANNED")
    own = [Unit(False, "COVERED", None, 0, "NOT_CONFIRMED"), Unit(False, "NOT_CONFIRMED", 2, 0, "NOT_CONFIRMED")]
    # one and two premises speak for themselves; of the seven others five are covered and two planned
    assert divide_premises([whole, *own]) == {"COVERED": 6, "PLANNED": 2, "NOT_CONFIRMED": 2}
    assert location_state([whole]) == "MIXED"
    assert location_state([Unit(True, "PLANNED", 10, 0, "PLANNED")]) == "PLANNED"
