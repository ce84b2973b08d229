"""`smarthan check trial`: every row of a survey's delivery accounted for, what is wrong with it, and what to do."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.commands.checks import records
from smarthan.commands.opened import refuse_input
from smarthan.commands.outcome import DONE, SET_ASIDE, Outcome, Refused
from smarthan.commands.trial_words import describe_trial
from smarthan.files import write_csv

if TYPE_CHECKING:
    import pandas as pd

    from smarthan.trial_data import Trial

LISTED = 1_000  # lines of quarantine and of notes in the JSON document; all stand in the --rejects file
_PATIENCE_S, _REMINDER_S = 2.0, 10.0


def check_trial(
    path: Path,
    *,
    rejects: Path | None = None,
    mended: Path | None = None,
    quarantine: Path | None = None,
    day: str | None = None,
    say: Callable[[str], None] = lambda words: None,
) -> Outcome:
    """Read a trial and report its account.

    Parameters
    ----------
    path : Path
        A folder of CSV files or a workbook.
    rejects : Path, optional
        Where the whole quarantine goes as one CSV file, a line a breach.
    mended : Path, optional
        A folder of quarantined rows that a person edited.
    quarantine : Path, optional
        A new folder for the quarantined rows, to be edited.
    day : str, optional
        The day asked, YYYY-MM-DD; today when not given.
    say : function
        Is told that a long reading goes on.

    Returns
    -------
    Outcome
        Code 0 when no row is in quarantine, else 1.

    Raises
    ------
    Refused
        When a target cannot be written to; nothing is read then.
    """
    from smarthan.trial_data import read_trial

    asked = _read_day(day)
    _check_targets(path, rejects, mended, quarantine)
    stage = [f"reading {path}"]

    def move_on(done: int, total: int, table: str) -> None:
        stage[0] = f"reading {path}: {done} of {total} tables, now {table}"

    with tell_of_waiting(say, lambda: stage[0]):
        trial = read_trial(path, day=asked, mended=mended, progress=move_on)
    files = trial.write_quarantine(quarantine) if quarantine else []
    if rejects:
        write_csv(trial.quarantine, rejects)
    document = _document(path, trial) | {
        "day": asked.isoformat(),
        "rejects": str(rejects) if rejects else None,
        "mended": str(mended) if mended else None,
        "quarantine_files": [str(file) for file in files],
    }
    text = describe_trial(path, trial, rejects=rejects, mended=mended, files=files)
    return Outcome(text, document, code=SET_ASIDE if document["quarantined"] else DONE)


def _read_day(day: str | None) -> dt.date:
    if day is None:
        return dt.datetime.now(dt.UTC).date()
    try:
        return dt.date.fromisoformat(day)
    except ValueError:
        raise Refused(f"--as-of {day}: is not a day; write YYYY-MM-DD") from None


def _check_targets(path: Path, rejects: Path | None, mended: Path | None, quarantine: Path | None) -> None:
    inputs = [path, mended] if mended else [path]
    for option, target in (("--rejects", rejects), ("--quarantine", quarantine)):
        if target is None:
            continue
        refuse_input(target, option, inputs)
        if not target.resolve().parent.is_dir():
            raise Refused(f"{option} {target}: the folder {target.parent} does not exist; make it first")
    if quarantine is None:
        return
    if quarantine.exists() and (not quarantine.is_dir() or any(quarantine.iterdir())):
        raise Refused(f"--quarantine {quarantine}: holds something already; name a new folder")
    if path.is_dir() and quarantine.resolve().is_relative_to(path.resolve()):
        raise Refused(f"--quarantine {quarantine}: lies in the trial's folder; name one beside it")


def _document(path: Path, trial: Trial) -> dict[str, Any]:
    total = trial.summary().iloc[-1]
    return {
        "kind": "trial",
        "path": str(path),
        "synthetic": trial.synthetic,
        "read": int(total["read"]),
        "accepted": int(total["accepted"]),
        "quarantined": int(total["quarantined"]),
        "summary": records(trial.summary()),
        "ledger": records(trial.ledger),
        "codes": _count(trial.quarantine),
        "notes": _count(trial.notes),
        "quarantine_lines": records(trial.quarantine.head(LISTED)),
        "quarantine_lines_left_out": max(len(trial.quarantine) - LISTED, 0),
        "note_lines": records(trial.notes.head(LISTED)),
        "note_lines_left_out": max(len(trial.notes) - LISTED, 0),
    }


def _count(problems: pd.DataFrame) -> dict[str, int]:
    return {str(code): int(number) for code, number in problems["code"].value_counts().sort_index().items()}


@contextmanager
def tell_of_waiting(say: Callable[[str], None], words: Callable[[], str]) -> Iterator[None]:
    """Say what goes on when it takes more than two seconds, and every ten seconds again."""
    over, began = threading.Event(), time.monotonic()

    def wait() -> None:
        pause = _PATIENCE_S
        while not over.wait(pause):
            say(f"{words()} ... {time.monotonic() - began:.0f} s")
            pause = _REMINDER_S

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
