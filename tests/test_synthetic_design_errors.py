"""Errors in the design and in headers: found by the reader, and made only as many as were asked for."""

import datetime as dt
from pathlib import Path

import pytest

from smarthan.trial_data import make_trial, read_trial
from smarthan.trial_data.synthetic.error_kinds import DESIGN_CODES, HEADER_CODES

DAY = dt.date(2025, 12, 31)
PLANTED = dict.fromkeys((*DESIGN_CODES, *HEADER_CODES), 2)


def test_each_is_found_at_the_place_of_the_manifest(tmp_path: Path) -> None:
    truth = make_trial(tmp_path, seed=3, buildings_per_stratum=6, size_premises=20_000, errors=PLANTED)
    trial = read_trial(tmp_path, day=DAY)
    assert trial.quarantine.empty
    found = set(zip(trial.notes["file"], trial.notes["line"].astype(int), trial.notes["code"], strict=True))
    planted = set(zip(truth.errors["file"], truth.errors["line"], truth.errors["code"], strict=True))
    assert planted <= found
    assert found - planted <= {("frame.csv", line, "stratum_certainty") for line in range(2, 10)}
    assert "as told" not in trial.notes.to_csv()


def test_more_headers_than_there_are_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="of header_spelling asked for, but only 14 columns of noise"):
        make_trial(tmp_path, seed=3, buildings_per_stratum=2, size_premises=1_000, errors={"header_spelling": 99})
