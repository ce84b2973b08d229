"""A coverage matrix split into responses to DUIS 12.1, one a location, and what DUIS has no place for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pandas as pd

from .documents import DuisResponse, Shape
from .writing import FLAT_VERSION, LIST_VERSION, SYNTHETIC_NOTE, region_of, write_time

if TYPE_CHECKING:
    from smarthan.coverage.matrix import CoverageMatrix

SHOWN = 5
_COLUMNS = (
    *("location_kind", "postcode", "address_identifier", "uprn", "csp_region", "region_code", "available"),
    *("anticipated", "wan_technology", "likelihood", "auxiliary", "info"),
)


def split_responses(matrix: CoverageMatrix, *, shape: Shape = "list") -> Iterator[tuple[str, DuisResponse]]:
    """Give the response of each location of a matrix, with a name fit for a file.

    Parameters
    ----------
    matrix : CoverageMatrix
        Its release must have a day: that of each ResponseDateTime.
    shape : {"list", "flat"}
        flat holds one region of the first five, with code I0.

    Yields
    ------
    tuple of (str, DuisResponse)

    Raises
    ------
    ValueError
        Once all locations have been tried: those that the schemas cannot carry, and why.
    """
    release = matrix.release
    if release.as_of is None:
        raise ValueError("the release has no as_of, and a DUIS response must have a day; give as_of when reading it")
    blank = DuisResponse(
        responded_at=write_time(release.as_of),
        shape=shape,
        schema_version=LIST_VERSION if shape == "list" else FLAT_VERSION,
        notes=(SYNTHETIC_NOTE,) if release.synthetic else (),
    )
    unfit: list[str] = []
    for key, rows in groupby(_plain_rows(matrix.rows), key=_location):
        try:
            response = dataclasses.replace(blank, regions=tuple(map(region_of, rows)), **_echo(key))
        except ValueError as error:
            unfit.append(f"{' '.join(part for part in key if part)}: {error}")
            continue
        yield _file_name(key), response
    if unfit:
        more = f"; and {len(unfit) - SHOWN:,} more" if len(unfit) > SHOWN else ""
        raise ValueError(
            f"{len(unfit):,} locations cannot be written as DUIS 12.1 ({shape} shape): {'; '.join(unfit[:SHOWN])}{more}"
        )


def find_left_out(rows: pd.DataFrame) -> list[str]:
    """Return, in words, what a matrix holds that DUIS has no place for.

    Examples
    --------
    >>> find_left_out(pd.DataFrame({"uprn": ["7", None], "postcode": ["M1 1AE", None], "premises": [3, None]}))
    ['premises of 1 rows', 'postcode of 1 UPRN rows']
    """
    of_uprn = rows["uprn"].notna()
    held = {name: rows[name].notna() for name in ("premises", "premises_available") if name in rows}
    lost = {name: rows[name].notna() & of_uprn for name in ("postcode", "address_identifier") if name in rows}
    said = [f"{name} of {int(mask.sum()):,} rows" for name, mask in held.items() if mask.any()]
    return said + [f"{name} of {int(mask.sum()):,} UPRN rows" for name, mask in lost.items() if mask.any()]


def _plain_rows(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Give each row with plain values: None where missing, dates as dates."""
    plain = rows[list(_COLUMNS)].astype({"anticipated": "object"})
    columns = [plain[name].astype("object").where(plain[name].notna(), None).tolist() for name in _COLUMNS]
    for values in zip(*columns, strict=True):
        row = dict(zip(_COLUMNS, values, strict=True))
        if row["anticipated"] is not None:
            row["anticipated"] = row["anticipated"].date()
        yield row


def _location(row: dict[str, Any]) -> tuple[str, str, str]:
    if row["uprn"]:
        return "", "", row["uprn"]
    return row["postcode"], row["address_identifier"] or "", ""


def _echo(key: tuple[str, str, str]) -> dict[str, Any]:
    postcode, address, uprn = key
    return {"uprn": uprn} if uprn else {"postcode": postcode, "address_identifier": address}


def _file_name(key: tuple[str, str, str]) -> str:
    """Return the part of a file name that a person can read; an address may hold what no name may."""
    postcode, _, uprn = key
    return f"uprn-{uprn}" if uprn else postcode.replace(" ", "-")
