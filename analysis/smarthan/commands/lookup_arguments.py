"""The arguments of `smarthan lookup`, with their help and their refusals."""

from __future__ import annotations

import argparse
import datetime as dt
import re
from collections.abc import Sequence

from smarthan.commands.lookups import FORMATS, Asked

_EXAMPLES = """\
examples:
  smarthan lookup "SW1A 1AA"
  smarthan lookup "EH1 1YZ" PH41 --format json         a postcode, and a whole outward code
  smarthan lookup "EH1 1YZ" --as-of 2027-01-01         as the answer stands on that day
  smarthan lookup --file sites.csv --column postcode --out answered.csv

A bare look-up asks --matrix, else the environment variable SMARTHAN_MATRIX, else ./releases, else the
demonstration release, which is synthetic and says so. Exit code: 0 every question was answered (also with
"not covered" or "unknown"), 1 something was not a postcode, 2 the command was refused."""


def read_arguments(given: Sequence[str]) -> Asked:
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
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--file", metavar="IN", help="a portfolio: csv, csv.gz or parquet")
    parser.add_argument("--column", metavar="NAME", help="the column of the portfolio that holds the postcode")
    parser.add_argument("--uprn-column", metavar="NAME", help="the column that holds the UPRN, if there is one")
    parser.add_argument("--out", metavar="OUT", help="where the answered portfolio goes: csv, csv.gz or parquet")
    asked = parser.parse_args(list(given), namespace=Asked())
    _check_combination(parser, asked)
    return asked


def _day(text: str) -> dt.date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise argparse.ArgumentTypeError(f"'{text[:64]}' is not a date written YYYY-MM-DD, such as 2026-11-02")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day of the calendar") from None


def _check_combination(parser: argparse.ArgumentParser, asked: Asked) -> None:
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
