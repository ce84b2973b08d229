"""A portfolio beside the matrix: every row kept, in order, with its answer in words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from smarthan.coverage.matrix import CoverageMatrix

KEPT = (
    *("status", "state", "words", "resolution", "degraded", "multi_region", "csp_region", "wan_technology"),
    *(
        "likelihood",
        "auxiliary",
        "anticipated",
        "days",
        "share",
        "release_id",
        "as_of",
        "asked_on",
        "synthetic",
        "notes",
    ),
)


def join_portfolio(
    frame: pd.DataFrame,
    matrix: CoverageMatrix,
    *,
    postcode: str,
    uprn: str | None = None,
    as_of: dt.date | str | None = None,
) -> pd.DataFrame:
    """Add what the matrix says to each row of a portfolio.

    Parameters
    ----------
    frame : DataFrame
        Any columns, any index; it is not changed.
    matrix : CoverageMatrix
    postcode, uprn : str
        Columns with the keys.
    as_of : date or str, optional
        The day asked; the release's own by default.

    Returns
    -------
    DataFrame
        The same rows, order, index and columns, with columns ``cov_…`` after them: cov_status, cov_state, cov_words
        and so on. `attrs` holds what the frame's held and the summary: the release, the counts per status and state
        (status_counts, state_counts), how many were answered from the postcode for want of their UPRN (degraded), the
        share without an answer (share_unanswered), and `unmatched`: one dict for each row whose status is not OK (row:
        its index label, position: which row it is from 0, key, uprn, status, words), all JSON values.

    Raises
    ------
    KeyError
        When a key column is absent.
    TypeError
        When `frame` is no table.
    ValueError
        When the frame holds a ``cov_`` column already, a key column twice, or one column is named for both keys.

    Notes
    -----
    One answer a row: rows are never multiplied, and a missing key meets no other missing key.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> sites = pd.DataFrame({"site": ["a", "b"], "pc": ["SW1A 1AA", None]}, index=[7, 9])
    >>> joined = join_portfolio(sites, sample_matrix(), postcode="pc")
    >>> joined["cov_status"].tolist(), [rest["row"] for rest in joined.attrs["unmatched"]]
    (['OK', 'EMPTY'], [9])
    """
    keys = [name for name in (postcode, uprn) if name is not None]
    check_portfolio(frame, keys)
    answers = matrix.lookup_many(frame[postcode], frame[uprn] if uprn is not None else None, as_of)
    kept = answers[[name for name in KEPT if name in answers]].add_prefix("cov_")
    # By position: an index that repeats a label would multiply rows if joined.
    joined = pd.concat([frame.reset_index(drop=True), kept.reset_index(drop=True)], axis=1).set_axis(frame.index)
    joined.attrs = {**frame.attrs, **answers.attrs, **_account(frame, keys, answers)}
    return joined


def check_portfolio(frame: pd.DataFrame, keys: list[str]) -> None:
    """Refuse a portfolio that lacks a key column, has one twice, or has cov_ columns already; as `join_portfolio`."""
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"frame: {type(frame).__name__} given; a table with a column of postcodes is needed")
    for name in keys:
        if name not in frame:
            raise KeyError(f"the portfolio has no column '{name}'; it has {', '.join(map(str, frame.columns))}")
        if not isinstance(frame[name], pd.Series):
            raise ValueError(f"the portfolio has more than one column '{name}'; rename all but one")
    if len(set(keys)) < len(keys):
        raise ValueError(f"postcode and uprn are both '{keys[0]}'; name two columns")
    taken = [name for name in frame if str(name).startswith("cov_")]
    if taken:
        raise ValueError(f"the portfolio has columns {', '.join(taken)} already; rename or drop them first")


class Unmatched(list[dict[str, Any]]):
    """Records that nobody changes: pandas copies `attrs` deeply at each step, and a million of them would stall it."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Unmatched:
        return self


def _account(frame: pd.DataFrame, keys: list[str], answers: pd.DataFrame) -> dict[str, object]:
    rest = np.flatnonzero(answers["status"].ne("OK").to_numpy())
    asked = [[_as_json(value) for value in frame[name].iloc[rest]] for name in keys]
    columns = {
        "row": [_as_json(label) for label in frame.index[rest]],
        "position": rest.tolist(),
        "key": asked[0],
        **({"uprn": asked[1]} if len(keys) > 1 else {}),
        "status": answers["status"].iloc[rest].astype("str").tolist(),
        "words": answers["words"].iloc[rest].astype("str").tolist(),
    }
    records = Unmatched(dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True))
    # attrs go into Parquet metadata as JSON: records, never a table.
    return {
        "degraded": int(answers["degraded"].sum()),
        "unmatched": records,
        "share_unanswered": len(rest) / len(answers) if len(answers) else 0.0,
    }


def _as_json(value: Any) -> Any:
    """A label or key as a JSON value: whole numbers and text as they are, the missing as null, others as text."""
    if isinstance(value, str | bool) or value is None:
        return value
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, tuple):
        return [_as_json(part) for part in value]
    return None if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)
