"""Words in place of a level: taken as the protocol says, quarantined where it says nothing."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from smarthan.trial_data import Trial, read_trial

Write = Callable[..., Path]
WORDS = {"1.0": {"Saturated": "at_ceiling", ">90": "at_floor"}}


def read(folder: Path, **options: object) -> Trial:
    return read_trial(folder, day=pd.Timestamp("2025-06-30").date(), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(("word", "status"), [("saturated", "at_ceiling"), (" >90", "at_floor")])
@pytest.mark.parametrize("said", ["", "the same"])
def test_a_word_becomes_the_status_that_the_protocol_gives(
    write_small_trial: Write, word: str, status: str, said: str
) -> None:
    folder = write_small_trial(measurements=("-72,observed", f"{word},{status if said else ''}"))
    trial = read(folder, instrument_words=WORDS)
    assert trial.quarantine.empty
    reading = trial["measurements"].iloc[1]
    assert pd.isna(reading["rssi_dbm"])
    assert reading["rssi_status"] == status
    assert set(zip(trial.notes["code"], trial.notes["severity"], trial.notes["original"], strict=True)) == {
        ("sentinel", "null", word),
        (f"rssi_{status}", "flag", word),
    }


def test_a_word_that_contradicts_the_status_is_quarantined(write_small_trial: Write) -> None:
    folder = write_small_trial(measurements=("-72,observed", "saturated,observed"))
    assert read(folder, instrument_words=WORDS).quarantine["code"].tolist() == ["rssi_status_conflict"]


@pytest.mark.parametrize(("words", "code"), [({"2.0": WORDS["1.0"]}, "sentinel"), (None, "number_format")])
def test_a_word_that_the_visits_protocol_does_not_explain_is_quarantined(
    write_small_trial: Write, words: object, code: str
) -> None:
    folder = write_small_trial(measurements=("-72,observed", "saturated,at_ceiling"))
    assert read(folder, instrument_words=words).quarantine["code"].tolist() == [code]


def test_a_meaning_is_the_floor_or_the_ceiling(write_small_trial: Write) -> None:
    with pytest.raises(ValueError, match="'low' means 'quiet'; it must be at_floor or at_ceiling"):
        read(write_small_trial(), instrument_words={"1.0": {"low": "quiet"}})
