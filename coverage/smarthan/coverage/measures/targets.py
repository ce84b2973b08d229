"""Coverage held against published targets: met, not met, or cannot say."""

from __future__ import annotations

import datetime as dt
import math
import os
from fractions import Fraction
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
                "basis": Key("text", allowed=("premises", "postcodes")),
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
        it), threshold (0 to 1), basis (premises, the default, or postcodes), source, status. None takes the published
        targets shipped.
    as_of : date, optional
        The day asked.

    Returns
    -------
    DataFrame
        One row a target: id, scope, name, threshold, share, share_lower, share_upper (0 to 1), denominator, basis (of
        the release), short (how many more of the denominator must be covered to stand exactly on the target or above:
        a whole number of premises), verdict (met, not met, cannot say), reason (why it cannot be said, else empty),
        source, status.

    Raises
    ------
    TypeError
        When `targets` is no path.
    SettingsError
        When the file cannot be used.
    ValueError
        When a scope or a name is not known, or an id stands twice.

    Notes
    -----
    Met: covered even when every location without an answer is counted as not covered. Not met: not even when they are
    all counted as covered. Else it cannot be said, as where nothing is weighed or the target is of another basis. A
    share exactly on the threshold meets it. Thresholds are read as the decimal numbers they are written as, so that no
    rounding of binary numbers decides.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> target_check(sample_matrix())["id"].tolist()
    ['gb-2014', 'north']
    """
    if targets is not None and not isinstance(targets, str | os.PathLike):
        raise TypeError(f"targets: {type(targets).__name__} given; the path of a TOML file, or None, is needed")
    path = Path(targets) if targets is not None else SHIPPED
    wanted = load_toml(path, _MODEL)["target"]
    ids = [target["id"] for target in wanted]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise ValueError(f"{path}: id {', '.join(twice)} stands twice; each target needs its own")
    rolled: dict[str, pd.DataFrame] = {}
    for target in wanted:
        scope = "country" if target["scope"] == "GB" else target["scope"]
        if scope not in ROLLUPS:
            raise ValueError(f"target {target['id']}: scope {scope!r} is neither GB nor one of {', '.join(ROLLUPS)}")
        if scope not in rolled:
            rolled[scope] = roll_up(matrix, scope, as_of=as_of)
    table = pd.DataFrame([_check_one(target, rolled) for target in wanted])
    table.attrs = matrix.release_attrs
    return table


def _check_one(target: dict[str, Any], rolled: dict[str, pd.DataFrame]) -> dict[str, Any]:
    found = _find_scope(target, rolled)
    threshold = Fraction(str(target["threshold"]))
    weight, covered, unknown = found["weight"], found["covered"], found["unknown"]
    whole = weight + unknown
    upper = covered + found["error"] + unknown
    basis = target.get("basis", "premises")
    verdict, reason = "cannot say", "locations without an answer could turn it"
    if not weight:
        reason = "nothing is weighed here"
    elif basis != found["basis"]:
        reason = f"the target is of {basis}, the release weighs {found['basis']}"
    elif covered >= threshold * whole:
        verdict, reason = "met", ""
    elif upper < threshold * whole:
        verdict, reason = "not met", ""
    return {
        "id": target["id"],
        "scope": target["scope"],
        "name": target.get("name", target["scope"]),
        "threshold": float(threshold),
        "share": _share(covered, weight),
        "share_lower": _share(covered, whole),
        "share_upper": _share(upper, whole),
        "denominator": found["denominator"],
        "basis": found["basis"],
        "short": max(0, math.ceil(threshold * weight - covered)),
        "verdict": verdict,
        "reason": reason,
        "source": target["source"],
        "status": target["status"],
    }


def _share(part: Fraction, whole: Fraction) -> float:
    return float(part / whole) if whole else math.nan


def _find_scope(target: dict[str, Any], rolled: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Return the exact sums over the rows a target is of: weight, covered, error, and what unknown premises may be."""
    scope = target["scope"]
    if scope == "GB":
        return _add(rolled["country"])
    table = rolled[scope]
    rows = table[table[scope].eq(target.get("name", ""))]
    if rows.empty:
        known = ", ".join(table[scope].head(12))
        raise ValueError(f"target {target['id']}: name {target.get('name')!r} is not a {scope}; such as {known}")
    return _add(rows)


def _add(rows: pd.DataFrame) -> dict[str, Any]:
    sums = {name: sum((_exact(value) for value in rows[name]), Fraction(0)) for name in ("weight", "covered", "error")}
    unknown = Fraction(0)
    for row in rows.itertuples():
        # As in a roll-up: a location with unknown premises enters the bounds with the mean of its group.
        unknown += row.weight_missing * _exact(row.weight) / max(row.locations - row.weight_missing, 1)
    return {**sums, "unknown": unknown, "denominator": rows["weight"].sum(), "basis": rows["basis"].iloc[0]}


def _exact(value: float) -> Fraction:
    """A weight as a fraction: premises are whole numbers; parts of a postcode are parts of at most some thousands."""
    return Fraction(float(value)).limit_denominator(1_000_000)
