"""A portfolio beside the matrix: every row kept, in order, with its answer in words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from smarthan.coverage.matrix import CoverageMatrix

_KEPT = (
    *("status", "state", "words", "resolution", "degraded", "multi_region", "csp_region", "wan_technology"),
    *("likelihood", "auxiliary", "anticipated", "days", "share", "release_id", "as_of", "asked_on", "synthetic"),
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
        The same rows, order, index and columns, with cov_ columns after them: cov_status, cov_state, cov_words and so
        on. `attrs` holds the release, the counts per status and state, the share without an answer, and `unmatched`:
        one dict for each row whose status is not OK (row: its index label, key, status, words).

    Raises
    ------
    KeyError
        When a key column is absent.
    ValueError
        When the frame holds a cov_ column already.

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
    for name in filter(None, (postcode, uprn)):
        if name not in frame:
            raise KeyError(f"the portfolio has no column '{name}'; it has {', '.join(map(str, frame.columns))}")
    taken = [name for name in frame if str(name).startswith("cov_")]
    if taken:
        raise ValueError(f"the portfolio has columns {', '.join(taken)} already; rename or drop them first")
    answers = matrix.lookup_many(frame[postcode], frame[uprn] if uprn else None, as_of)
    kept = answers[[name for name in _KEPT if name in answers]].add_prefix("cov_")
    joined = pd.concat([frame, kept], axis=1)
    joined.attrs = {**answers.attrs, **_account(frame[postcode], answers)}
    return joined


def _account(keys: pd.Series, answers: pd.DataFrame) -> dict[str, object]:
    rest = answers["status"].ne("OK").to_numpy()
    unmatched = pd.DataFrame(
        {
            "row": answers.index[rest],
            "key": keys[rest].astype("str").to_numpy(),
            "status": answers["status"][rest].astype("str").to_numpy(),
            "words": answers["words"][rest].astype("str").to_numpy(),
        }
    )
    # attrs go into Parquet metadata as JSON: records, never a table.
    return {"unmatched": unmatched.to_dict("records"), "share_unanswered": float(rest.mean()) if len(rest) else 0.0}
