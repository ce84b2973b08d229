"""`smarthan lookup`: one postcode, several, or a file. A single look-up needs the standard library only."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.commands.outcome import DONE, SET_ASIDE, Outcome, Refused

if TYPE_CHECKING:
    from smarthan.coverage import CoverageAnswer

_EXAMPLES = """\
examples:
  smarthan lookup "SW1A 1AA"
  smarthan lookup "EH1 1YZ" PH41 --format json         a postcode, and a whole outward code
  smarthan lookup "EH1 1YZ" --as-of 2027-01-01         as the answer stands on that day
  smarthan lookup --file sites.csv --column postcode --out answered.csv

A bare look-up asks --matrix, else the environment variable SMARTHAN_MATRIX, else ./releases, else the
demonstration release, which is synthetic and says so. Exit code: 0 every question was answered (also with
"not covered" or "unknown"), 1 something was not a postcode, 2 the command was refused."""

# Statuses that mean the question itself was malformed: they are set aside, not answered.
MALFORMED = frozenset({"BAD_FORMAT", "BAD_UPRN", "EMPTY"})


def read_arguments(given: Sequence[str]) -> argparse.Namespace:
    """Return the parsed arguments; print help or a refusal and exit where that is the answer."""
    parser = argparse.ArgumentParser(
        prog="smarthan lookup",
        description="Look postcodes up in the WAN coverage matrix.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("postcodes", nargs="*", metavar="POSTCODE", help="a postcode, sector or outward code")
    parser.add_argument("--uprn", metavar="N", help="a unique property reference number: 1 to 12 digits")
    parser.add_argument("--matrix", metavar="PATH", help="a release folder, a release file, or a release store")
    parser.add_argument("--as-of", type=_day, metavar="DATE", help="the day asked, YYYY-MM-DD (default: today)")
    parser.add_argument("--format", choices=["text", "json", "csv"], default="text")
    parser.add_argument("--file", metavar="IN", help="a portfolio: csv, csv.gz or parquet")
    parser.add_argument("--column", metavar="NAME", help="the column of the portfolio that holds the postcode")
    parser.add_argument("--uprn-column", metavar="NAME", help="the column that holds the UPRN, if there is one")
    parser.add_argument("--out", metavar="OUT", help="where the answered portfolio goes: csv, csv.gz or parquet")
    asked = parser.parse_args(list(given))
    _check_combination(parser, asked)
    return asked


def _day(text: str) -> dt.date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise argparse.ArgumentTypeError(f"'{text[:64]}' is not a date written YYYY-MM-DD, such as 2026-11-02")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day of the calendar") from None


def _check_combination(parser: argparse.ArgumentParser, asked: argparse.Namespace) -> None:
    if asked.file:
        if asked.postcodes or asked.uprn:
            parser.error("give postcodes, or --file, not both")
        if not asked.column or not asked.out:
            parser.error("--file needs --column NAME (where the postcodes are) and --out OUT (where answers go)")
        return
    if asked.column or asked.out or asked.uprn_column:
        parser.error("--column, --uprn-column and --out belong to --file IN")
    if not asked.postcodes and asked.uprn is None:
        parser.error('nothing to look up: give a postcode such as "SW1A 1AA", a --uprn, or a --file')
    if asked.uprn is not None and len(asked.postcodes) > 1:
        parser.error("--uprn goes with one postcode at most")


def answer(asked: argparse.Namespace, *, say: Callable[[str], None]) -> Outcome:
    """Answer the question; `say` tells the person what takes long."""
    if asked.file:
        return _answer_file(asked)
    answers = _ask(asked, say)
    documents = [given.to_dict() for given in answers]
    code = SET_ASIDE if any(given.status in MALFORMED for given in answers) else DONE
    if asked.format == "csv":
        return Outcome(_as_csv(documents), code=code)
    text = "\n\n".join(str(given) for given in answers)
    return Outcome(text, documents[0] if len(documents) == 1 else documents, code=code)


def _ask(asked: argparse.Namespace, say: Callable[[str], None]) -> list[CoverageAnswer]:
    named = asked.matrix or os.environ.get("SMARTHAN_MATRIX")
    if named and Path(named).is_file():
        return _ask_file(asked, named, say)
    from smarthan.coverage.lookup.cold import lookup_each
    from smarthan.coverage.releases.store import needs_demonstration

    if needs_demonstration(asked.matrix):
        say("Making the synthetic demonstration releases in your cache folder: about 25 seconds, once.")
    return lookup_each(
        asked.postcodes or [None],
        uprn=asked.uprn,
        matrix=asked.matrix,
        as_of=asked.as_of,
        today=dt.date.today(),
        suggest=True,
        say=say,
    )


def _ask_file(asked: argparse.Namespace, named: str, say: Callable[[str], None]) -> list[CoverageAnswer]:
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
    return [read.matrix.lookup(key, asked.uprn, day, suggest=True) for key in asked.postcodes or [None]]


def _as_csv(documents: list[dict[str, Any]]) -> str:
    import csv
    import io

    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(documents[0]), lineterminator="\n")
    writer.writeheader()
    for document in documents:
        cells = {k: json.dumps(v) if isinstance(v, dict | list) else v for k, v in document.items()}
        writer.writerow(
            {k: f"'{v}" if isinstance(v, str) and v[:1] in "=+-@\t\r" and v else v for k, v in cells.items()}
        )
    return out.getvalue().rstrip("\n")


def _answer_file(asked: argparse.Namespace) -> Outcome:
    from smarthan.commands.portfolios import answer_portfolio

    source, target = Path(asked.file), Path(asked.out)
    if target.suffixes[-1:] not in ([".csv"], [".parquet"]) and target.suffixes[-2:] != [".csv", ".gz"]:
        raise Refused(f"--out {target}: the name must end in .csv, .csv.gz or .parquet")
    if target.is_dir():
        raise Refused(f"--out {target}: is a folder; name a file")
    if not target.resolve().parent.is_dir():
        raise Refused(f"--out {target}: the folder {target.parent} does not exist; make it first")
    return answer_portfolio(
        source, target, column=asked.column, uprn_column=asked.uprn_column, matrix=asked.matrix, as_of=asked.as_of
    )
