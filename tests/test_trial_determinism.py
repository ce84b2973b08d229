"""A trial read elsewhere gives the same bytes: time zone, language and hash seed change nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smarthan.files import sha256_of
from smarthan.trial_data import make_trial

READ = """
import sys
from pathlib import Path
import datetime as dt
from smarthan.analysis import path_success
from smarthan.files import write_csv
from smarthan.trial_data import missing_groups, read_trial, response_balance, surveyor_funnel, weights_summary
trial = read_trial(sys.argv[1], day=dt.date(2025, 12, 31))
tables = {**trial.tables, "quarantine": trial.quarantine, "notes": trial.notes, "ledger": trial.ledger}
tables |= {"found": trial.findings(), "missing": missing_groups(trial), "balance": response_balance(trial)}
tables |= {"weights": weights_summary(trial), "funnel": surveyor_funnel(trial, path_success(trial))}
for name, table in tables.items():
    write_csv(table, Path(sys.argv[2]) / f"{name}.csv")
"""
PLACES = {
    "London": {"TZ": "Europe/London", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    "Chatham": {"TZ": "Pacific/Chatham", "LC_ALL": "C", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "4242"},
}


@pytest.fixture(scope="module")
def hashes(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    folder = tmp_path_factory.mktemp("trial")
    make_trial(folder, seed=4, buildings_per_stratum=5)
    found = []
    for name, place in PLACES.items():
        out = tmp_path_factory.mktemp(name)
        command = [sys.executable, "-c", READ, str(folder), str(out)]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, **place})
        found.append({path.name: sha256_of(path) for path in sorted(out.iterdir())})
    return found


def test_the_tables_read_are_the_same_bytes(hashes: list[dict[str, str]]) -> None:
    assert len(hashes[0]) == 19
    assert hashes[0] == hashes[1]


def test_something_was_set_aside_so_that_accounts_are_compared_too(hashes: list[dict[str, str]]) -> None:
    empty = hashes[0]["quarantine.csv"]
    assert len({empty, hashes[0]["notes.csv"], hashes[0]["ledger.csv"]}) == 3


def test_generating_is_the_same_bytes_too(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make_trial(tmp_path / name, seed=4, buildings_per_stratum=2)
    first, second = ({p.name: sha256_of(p) for p in (tmp_path / name).iterdir()} for name in ("a", "b"))
    assert first == second
