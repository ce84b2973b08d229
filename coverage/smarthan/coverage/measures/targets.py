"""Coverage held against published targets: met, not met, or cannot say."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from smarthan.settings import Key, load_toml

from .aggregation import ROLLUPS, roll_up

if TYPE_CHECKING:
    from smarthan.coverage.matrix import CoverageMatrix

SHIPPED = Path(__file__).parent / "targets.toml"
_MODEL = {
    "target": Key(
        "list",
        required=True,
        items=Key(
            "table",
            keys={
                "id": Key("text", required=True),
                "scope": Key("text", required=True),
                "name": Key("text"),
                "threshold": Key("number", required=True, low=0, high=1),
                "source": Key("text", required=True),
                "status": Key("text", required=True, allowed=("published", "secondary", "illustrative")),
            },
        ),
    )
}


def target_check(
    matrix: CoverageMatrix, targets: str | os.PathLike[str] | None = None, *, as_of: dt.date | None = None
) -> pd.DataFrame:
    """Hold the covered share of premises against targets.

    Parameters
    ----------
    matrix : CoverageMatrix
    targets : path, optional
        A TOML file of `[[target]]` tables: id, scope ("GB", or a roll-up such as "region_family"), name (which key of
        it), threshold (0 to 1), source, status. None takes the published targets shipped.
    as_of : date, optional
        The day asked.

    Returns
    -------
    DataFrame
        One row a target: id, scope, name, threshold, share, share_lower, share_upper (0 to 1), denominator, basis,
        short (premises still to be covered), verdict (met, not met, cannot say), source, status. The verdict is "cannot
        say" when locations without an answer could turn it.

    Raises
    ------
    SettingsError
        When the file cannot be used.
    ValueError
        When a scope or a name is not known.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> target_check(sample_matrix())["id"].tolist()
    ['gb-2014', 'north']
    """
    wanted = load_toml(Path(targets) if targets is not None else SHIPPED, _MODEL)["target"]
    table = pd.DataFrame([_check_one(matrix, target, as_of) for target in wanted])
    table.attrs = matrix.release_attrs
    return table


def _check_one(matrix: CoverageMatrix, target: dict[str, Any], as_of: dt.date | None) -> dict[str, Any]:
    found = _scope(matrix, target, as_of)
    threshold = float(target["threshold"])
    low, high = found["share_lower"], found["share_upper"]
    verdict = "met" if low >= threshold else "not met" if high < threshold else "cannot say"
    return {
        "id": target["id"],
        "scope": target["scope"],
        "name": target.get("name", target["scope"]),
        "threshold": threshold,
        "share": found["share_covered"],
        "share_lower": low,
        "share_upper": high,
        "denominator": found["weight"],
        "basis": found["basis"],
        "short": max(0, round(threshold * found["weight"] - found["covered"])),
        "verdict": verdict,
        "source": target["source"],
        "status": target["status"],
    }


def _scope(matrix: CoverageMatrix, target: dict[str, Any], as_of: dt.date | None) -> pd.Series:
    scope = target["scope"]
    if scope == "GB":
        return _total(roll_up(matrix, "country", as_of=as_of))
    if scope not in ROLLUPS:
        raise ValueError(f"target {target['id']}: scope {scope!r} is neither GB nor one of {', '.join(ROLLUPS)}")
    table = roll_up(matrix, scope, as_of=as_of)
    rows = table[table[scope].eq(target.get("name", ""))]
    if rows.empty:
        known = ", ".join(table[scope].head(12))
        raise ValueError(f"target {target['id']}: name {target.get('name')!r} is not a {scope}; such as {known}")
    return rows.iloc[0]


def _total(table: pd.DataFrame) -> pd.Series:
    """The sum over all rows, its shares weighted."""
    total = table[["weight", "covered"]].sum()
    whole = total["weight"]
    return pd.Series(
        {
            "weight": whole,
            "covered": total["covered"],
            "basis": table["basis"].iloc[0],
            "share_covered": total["covered"] / whole,
            "share_lower": (table["share_lower"] * table["weight"]).sum() / whole,
            "share_upper": (table["share_upper"] * table["weight"]).sum() / whole,
        }
    )
