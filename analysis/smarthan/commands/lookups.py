"""`smarthan lookup`: one postcode, several, or a file.

A single look-up needs the standard library only, and little of it: what is imported here decides how long it takes.
"""

from __future__ import annotations

import datetime as dt
import os

from smarthan.commands.outcome import DONE, SET_ASIDE, Outcome
from smarthan.coverage.lookup.statuses import MALFORMED
from smarthan.coverage.releases.release import parse_day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from smarthan.coverage import CoverageAnswer

FORMATS = ("text", "json", "csv")


class Asked:
    """What `smarthan lookup` was asked; `smarthan.commands.lookup_arguments` says what each means."""

    def __init__(self) -> None:
        self.postcodes: list[str] = []
        self.uprn: str | None = None
        self.matrix: str | None = None
        self.as_of: dt.date | None = None
        self.format = "text"
        self.file: str | None = None
        self.column: str | None = None
        self.uprn_column: str | None = None
        self.out: str | None = None


def read_usual(given: Sequence[str]) -> Asked | None:
    """Return the usual arguments read, None for whatever needs the full reading: help, files, anything amiss.

    Examples
    --------
    >>> read_usual(["SW1A 1AA", "--format", "json"]).format, read_usual(["--help"])
    ('json', None)
    """
    asked, rest = Asked(), list(given)
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            asked.postcodes.append(word)
        elif not rest or rest[0].startswith("-") or not _take_option(asked, word, rest.pop(0)):
            return None
    alone = asked.uprn is None or len(asked.postcodes) <= 1
    return asked if alone and (asked.postcodes or asked.uprn is not None) else None


def _take_option(asked: Asked, name: str, value: str) -> bool:
    if name == "--format" and value in FORMATS:
        asked.format = value
    elif name == "--matrix":
        asked.matrix = value
    elif name == "--uprn":
        asked.uprn = value
    elif name == "--as-of":
        try:
            asked.as_of = parse_day(value)
        except ValueError:
            return False
    else:
        return False
    return True


def answer(asked: Asked, *, say: Callable[[str], None]) -> Outcome:
    """Answer the question; `say` tells the person what takes long."""
    if asked.file:
        from smarthan.commands.portfolios import answer_file

        return answer_file(asked)
    answers = _ask(asked, say)
    code = SET_ASIDE if any(given.status in MALFORMED for given in answers) else DONE
    if asked.format == "text":
        return Outcome("\n\n".join(str(given) for given in answers), code=code)
    documents = [given.to_dict() for given in answers]
    if asked.format == "csv":
        return Outcome(_as_csv(documents), code=code)
    return Outcome("", documents[0] if len(documents) == 1 else documents, code=code)


def _ask(asked: Asked, say: Callable[[str], None]) -> list[CoverageAnswer]:
    named = asked.matrix or os.environ.get("SMARTHAN_MATRIX")
    if named and os.path.isfile(named):
        return _ask_file(asked, named, say)
    from smarthan.coverage.lookup.cold import lookup_each
    from smarthan.coverage.releases.store import needs_demonstration

    if needs_demonstration(asked.matrix):
        say("Making the synthetic demonstration releases in your cache folder: about 25 seconds, once.")
    return lookup_each(
        list(asked.postcodes) or [None],
        uprn=asked.uprn,
        matrix=asked.matrix,
        as_of=asked.as_of,
        today=dt.date.today(),
        suggest=True,
        say=say,
    )


def _ask_file(asked: Asked, named: str, say: Callable[[str], None]) -> list[CoverageAnswer]:
    """Read a release file and ask it; a row in quarantine answers nothing, and that is not what the operator said."""
    from smarthan.coverage import read_matrix

    read = read_matrix(named)
    ledger = read.ledger.iloc[0]
    if ledger["quarantined"]:
        say(
            f"{named}: {ledger['quarantined']:,} of {ledger['read']:,} rows are in quarantine and answer nothing; "
            f"see: smarthan check coverage {named}"
        )
    day = asked.as_of or dt.date.today()
    keys: list[str | None] = list(asked.postcodes) or [None]
    return [read.matrix.lookup(key, asked.uprn, day, suggest=True) for key in keys]


def _as_csv(documents: list[dict[str, Any]]) -> str:
    import csv
    import io
    import json

    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(documents[0]), lineterminator="\n")
    writer.writeheader()
    for document in documents:
        cells = {k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in document.items()}
        writer.writerow(
            {k: f"'{v}" if isinstance(v, str) and v[:1] in "=+-@\t\r" and v else v for k, v in cells.items()}
        )
    return out.getvalue().rstrip("\n")
