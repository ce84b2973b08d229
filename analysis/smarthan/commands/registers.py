"""The three lists on the command line: checked, and their blank workbook written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from smarthan.commands.checks import report_account
from smarthan.commands.outcome import Outcome, Refused


def check_list(
    kind: str,
    path: Path,
    *,
    rejects: Path | None = None,
    as_of: dt.date | None = None,
    appraisal: Path | None = None,
) -> Outcome:
    """Read a list and report its account; with an appraisal, what links name is held against it.

    Parameters
    ----------
    kind : {"register", "comments", "responses"}
    path : Path
        A CSV file, a workbook or a folder.
    rejects : Path, optional
        Where the quarantine goes as CSV.
    as_of : date, optional
        The day asked of a register; today when not given.
    appraisal : Path, optional
        Whose options and criteria the links of a register, and the options of responses, may name.

    Returns
    -------
    Outcome
        Code 0 when no row is in quarantine, else 1.
    """
    from smarthan.analysis import known_links, read_appraisal, read_comments, read_register, read_responses

    known = known_links(read_appraisal(appraisal)) if appraisal else None
    if kind == "register":
        register = read_register(path, day=as_of, known=known)
        found = report_account(kind, path, register.ledger, register.quarantine, register.notes, rejects=rejects)
        overdue = len(register.overdue())
        return _add(found, f"{register}; {overdue} overdue", {"live": len(register.live), "overdue": overdue})
    if kind == "comments":
        comments = read_comments(path)
        found = report_account(kind, path, comments.ledger, comments.quarantine, comments.notes, rejects=rejects)
        return _add(found, repr(comments), {"synthetic": comments.synthetic})
    responses = read_responses(path, options=known["option"] if known else None)
    found = report_account(kind, path, responses.ledger, responses.quarantine, responses.notes, rejects=rejects)
    return _add(found, repr(responses), {"synthetic": responses.synthetic})


def _add(found: Outcome, line: str, more: dict[str, object]) -> Outcome:
    assert isinstance(found.document, dict)
    return Outcome(f"{found.text}\n{line}", found.document | more, found.notes, found.code)


def make_template(file: Path, *, force: bool) -> Outcome:
    """Write the blank workbook and say what to do with it."""
    from smarthan.analysis import write_register_template

    try:
        written = write_register_template(file, replace=force)
    except (FileExistsError, ValueError) as error:
        hint = "; add --force to write over it" if isinstance(error, FileExistsError) else ""
        raise Refused(f"{error}{hint}") from None
    text = f"{written}: sheets register, comments, responses. Filled in: smarthan check register {written}"
    return Outcome(text, {"file": str(written)})
