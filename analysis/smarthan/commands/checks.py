"""`smarthan check`: what is wrong with an input, before anything relies on it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd

from smarthan.commands.note_words import note_lines
from smarthan.commands.opened import refuse_input
from smarthan.commands.outcome import DONE, REFUSED, SET_ASIDE, Outcome, Refused
from smarthan.files import write_csv
from smarthan.personal import refuse_personal

LISTED = 1_000  # lines of quarantine and of notes in a JSON document
_UNDATED = "It states no day, so planned dates were not judged by it (date_range): add --as-of YYYY-MM-DD."
SHOWN = 20  # lines of detail on a terminal; everything stands in the --rejects file


def check_coverage(path: Path, *, rejects: Path | None = None, as_of: dt.date | None = None) -> Outcome:
    """Read a coverage release and report its account; `as_of` is its day, where it states none or a wrong one."""
    from smarthan.coverage import read_matrix

    read = read_matrix(path, as_of=as_of)
    found = _report_account("coverage", path, read.ledger, read.quarantine, read.notes, rejects=rejects)
    assert isinstance(found.document, dict)
    release = read.matrix.release
    day = {"as_of": release.as_of.isoformat() if release.as_of else None, "synthetic": release.synthetic}
    text = found.text if release.as_of else f"{found.text}\n{_UNDATED}"
    return Outcome(text, found.document | day, found.notes, found.code)


def check_appraisal(path: Path, *, rejects: Path | None = None) -> Outcome:
    """Read an appraisal, a folder or a workbook, and report its problems."""
    from smarthan.analysis import AppraisalError, read_appraisal

    try:
        problems = read_appraisal(path).problems()
    except AppraisalError as error:
        problems = error.problems
    errors = int((problems["severity"] == "error").sum())
    _write_rejects(problems, rejects, path)
    document = {
        "kind": "appraisal",
        "path": str(path),
        "usable": errors == 0,
        "errors": errors,
        "warnings": len(problems) - errors,
        "problems": records(problems),
    }
    lines = [
        f"{path}: {errors} errors, {len(problems) - errors} warnings",
        *_some([f"  {describe_problem(row)}" for row in problems.itertuples()]),
        "Usable." if errors == 0 else "Not usable until the errors are mended.",
    ]
    return Outcome("\n".join(lines), document, code=REFUSED if errors else DONE)


def describe_problem(row: Any) -> str:
    """Return one problem of an appraisal in a line: severity, file, line or cell, option, criterion, what is wrong."""
    line = "" if pd.isna(row.line) or row.line == "" else f" {row.line}"
    place = f"{Path(str(row.file)).name}" + (line if isinstance(row.line, str) else line.replace(" ", " line "))
    cell = ", ".join(str(part) for part in (row.option, row.criterion) if isinstance(part, str) and part)
    return f"{row.severity}: {place}{f' ({cell})' if cell else ''}: {row.message} ({row.code})"


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table as JSON-ready records, missing cells as null.

    Examples
    --------
    >>> records(pd.DataFrame({"a": [1.0, float("nan")]}))
    [{'a': 1.0}, {'a': None}]
    """
    refuse_personal(frame, to="JSON")
    text = frame.to_json(orient="records", date_format="iso", force_ascii=False)
    return list(json.loads(text))


def _report_account(
    kind: str,
    path: Path,
    ledger: pd.DataFrame,
    quarantine: pd.DataFrame,
    notes: pd.DataFrame,
    *,
    rejects: Path | None,
) -> Outcome:
    _write_rejects(quarantine, rejects, path)
    read, accepted, aside = (int(ledger[name].sum()) for name in ("read", "accepted", "quarantined"))
    document = {
        "kind": kind,
        "path": str(path),
        "read": read,
        "accepted": accepted,
        "quarantined": aside,
        "ledger": records(ledger),
        "codes": {str(k): int(v) for k, v in quarantine["code"].value_counts().sort_index().items()},
        "notes": {str(k): int(v) for k, v in notes["code"].value_counts().sort_index().items()},
        "rejects": str(rejects) if rejects else None,
        "quarantine_lines": records(quarantine.head(LISTED)),
        "quarantine_lines_left_out": max(len(quarantine) - LISTED, 0),
        "note_lines": records(notes.head(LISTED)),
        "note_lines_left_out": max(len(notes) - LISTED, 0),
    }
    lines = [
        f"{path}: {read:,} rows read = {accepted:,} accepted + {aside:,} quarantined",
        *_some(_ledger_lines(ledger)),
        *map(_say, quarantine.head(SHOWN).itertuples()),
        *([f"  ... and {len(quarantine) - SHOWN:,} more"] if len(quarantine) > SHOWN else []),
        *note_lines(notes),
    ]
    if aside:
        lines.append(f"Quarantine written to {rejects}" if rejects else "Add --rejects FILE for the whole quarantine.")
    return Outcome("\n".join(lines), document, code=SET_ASIDE if aside else DONE)


def _ledger_lines(ledger: pd.DataFrame) -> list[str]:
    """Return one line a table; of many files of one table, one line a file, those with something to tell first."""
    many = len(ledger) > 1 and ledger["table"].nunique() == 1
    if many:
        ledger = ledger.loc[ledger["codes"].eq("").sort_values(kind="stable").index]
    names = [Path(row.file).name if many else row.table for row in ledger.itertuples()]
    wide = max(14, *(len(name) + 1 for name in names[:SHOWN]))
    return [
        f"  {name:<{wide}}{row.read:>11,} read{row.accepted:>12,} accepted{row.quarantined:>9,} quarantined"
        f"{row.nulled_cells:>8,} emptied{row.flagged_rows:>8,} flagged{row.repaired_cells:>8,} repaired"
        for name, row in zip(names, ledger.itertuples(), strict=True)
    ]


def _say(row: Any) -> str:
    where = f", column {row.column}" if row.column else ""
    hint = f" Nearest: {row.suggestion}." if row.suggestion else ""
    place = f"cell {row.line}" if isinstance(row.line, str) else f"line {row.line}"
    return f"  {Path(row.file).name}: {place}{where}: {row.message} ({row.code}); row quarantined.{hint}"


def _some(lines: list[str]) -> list[str]:
    rest = len(lines) - SHOWN
    return lines if rest <= 0 else [*lines[:SHOWN], f"  ... and {rest:,} more"]


def _write_rejects(table: pd.DataFrame, rejects: Path | None, source: Path) -> None:
    if rejects is None:
        return
    refuse_input(rejects, "--rejects", [source])
    if not rejects.resolve().parent.is_dir():
        raise Refused(f"--rejects {rejects}: the folder {rejects.parent} does not exist; make it first")
    write_csv(table, rejects)
