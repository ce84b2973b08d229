"""Areas of a release: what adds up thousands of postcodes, worked out once for a day and beside the loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smarthan.coverage.postcodes.rules import parse_postcode

from .refusals import Refusal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import pandas as pd

    from smarthan.coverage import CoverageAnswer

    from .holder import Served
    from .workplace import Workplace

# The grain that a table by each key needs; every other key is as coarse as AREA.
GRAIN_OF = {"sector": "POSTCODE", "outward": "OUTWARD"}
_WHOLE = 17  # a longer text is no part of a postcode, nor a whole one
_WEIGHTS = ("weight", "covered", "planned", "overdue", "not_confirmed", "error")


async def answer_key(
    work: Workplace, served: Served, text: str | None, uprn: str | None, day: dt.date
) -> CoverageAnswer:
    """Return what a release says of one key; a part of a postcode, which may take 50 ms, beside the loop."""
    if parse_postcode(text).kind != "PARTIAL":
        return served.answer(text, uprn, day)
    key = (text, uprn, day)
    found: CoverageAnswer | None = served.parts.get(key)
    return found or served.parts.put(key, await work.work(lambda: served.answer(text, uprn, day)))


def refuse_parts(served: Served, texts: Sequence[str | None], day: dt.date, most: int) -> None:
    """Refuse a list with more parts of postcodes than can be added up in passing.

    Raises
    ------
    Refusal
        TOO_LARGE.
    """
    parts = {text for text in texts if text and len(text) < _WHOLE and parse_postcode(text).kind == "PARTIAL"}
    fresh = sum(served.parts.get((text, None, day)) is None for text in parts)
    if fresh > most:
        words = f"{fresh:,} outward codes and sectors in one request; {most} may be asked at once, or all by /v1/rollup"
        raise Refusal("TOO_LARGE", words)


async def roll_up(work: Workplace, served: Served, by: tuple[str, ...], day: dt.date) -> pd.DataFrame:
    """Return a roll-up of a release.

    Raises
    ------
    Refusal
        BAD_PARAMETER, when `by` is not known.
    """
    found = served.tables.get((by, day))
    if found is not None:
        return found

    def run() -> Any:
        return served.matrix.rollup(list(by), as_of=day)

    try:
        return served.tables.put((by, day), await work.work(run))
    except ValueError as error:
        raise Refusal("BAD_PARAMETER", str(error)) from None


def describe_release(served: Served, day: dt.date) -> dict[str, Any]:
    """Return which release answers, of which day it is, and the day asked, as JSON values."""
    as_of = served.release.as_of
    return {
        "release_id": served.release.release_id,
        "as_of": as_of.isoformat() if as_of else None,
        "asked_on": day.isoformat(),
    }


def grain_of(by: tuple[str, ...]) -> str:
    """Return the grain that a table by some keys needs.

    Examples
    --------
    >>> grain_of(("region",)), grain_of(("region", "outward"))
    ('AREA', 'OUTWARD')
    """
    return max((GRAIN_OF.get(name, "AREA") for name in by), key=("AREA", "OUTWARD", "POSTCODE").index, default="AREA")


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as JSON values: None where one is missing, days as YYYY-MM-DD."""
    days = {name: table[name].dt.strftime("%Y-%m-%d") for name in table.select_dtypes("datetime")}
    plain = table.assign(**days).astype(object)
    return plain.where(plain.notna(), None).to_dict("records")


def without_premises(table: pd.DataFrame) -> pd.DataFrame:
    """Return a roll-up without its counts of premises, for a role that may not see them; the shares stay."""
    return table.drop(columns=[name for name in _WEIGHTS if name in table])
