"""Would another method change the shortlist? TOPSIS and PROMETHEE II of a kept library, reported as agreement only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .crosscheck import promethee2, topsis
from .values import Floats, additive_value, normalise_weights

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal

_METHODS = ("TOPSIS", "PROMETHEE II")
_NEEDED = "the cross-check by other methods needs pymcdm: pip install 'smarthan[crosscheck]'"
_FIRST = 3  # assumed: how many options are compared where neither a shortlist nor max_shortlist says
_EVEN = 1e-9  # scores nearer than this share a rank: rounding of doubles, not a preference


@dataclass(frozen=True)
class CrossCheck:
    """Whether other methods agree with the additive model on the same points and weights.

    They are a check and never the answer: both depend on which options are listed, which the additive model on agreed
    ranges does not.

    Attributes
    ----------
    library : str
        Name and version of the library that computed them.
    first : int
        How many options a shortlist holds here.
    table : DataFrame
        method, weight_set, leader, same_leader, on_shortlist (whether its leader is on the given shortlist; missing
        where none was given), rank_correlation (Spearman, with the additive ranks), shortlist (its first options),
        same_shortlist (as the additive model's first), difference (the most by which the library's number and our own
        for an option differ).
    ranks : DataFrame
        option, weight_set, and the rank by each method.
    """

    library: str
    first: int
    table: pd.DataFrame
    ranks: pd.DataFrame = field(repr=False)

    @property
    def agrees(self) -> bool:
        """Whether every method has the same first options as the additive model for every weight set."""
        return bool(self.table["same_shortlist"].all())

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return f"{self.in_words()}\n{self.table.round(3).to_string(index=False)}"

    def in_words(self) -> str:
        """Return the answer in a sentence."""
        count, same = len(self.table), int(self.table["same_shortlist"].sum())
        leaders = int(self.table["same_leader"].sum())
        least = self.table["rank_correlation"].min()
        return (
            f"Of {count} comparisons with other methods ({self.library}), {same} have the same first {self.first} "
            f"options and {leaders} the same leader; the rank correlation is at least {least:.2f}. "
            f"{'Another method would not change them.' if same == count else 'Another method would change some.'} "
            "This is a check, not the answer."
        )

    def _repr_html_(self) -> str:
        from smarthan.analysis.record.markup import show_table

        return show_table(self.table, self.in_words(), formats={"difference": ".1e"})


def cross_check(appraisal: Appraisal, shortlist: Sequence[str] | None = None) -> CrossCheck:
    """Return whether TOPSIS and PROMETHEE II would change the first options of an appraisal.

    Parameters
    ----------
    appraisal : Appraisal
    shortlist : sequence of str, optional
        The options chosen; its length says how many first options are compared. None takes `max_shortlist`, else 3.

    Returns
    -------
    CrossCheck

    Raises
    ------
    ImportError
        When the extra `crosscheck` is not installed.
    ValueError
        When the shortlist names what is no option in the running, there are fewer than two options in the running, or
        no set states single weights.

    Notes
    -----
    Compared are the options not out at a gate, at their best estimates in points on the agreed scales. A criterion
    that weighs nothing, or on which every option has 0 points, tells no method anything and is left out. PROMETHEE II
    with the usual preference counts that one option is better, not by how much, so it often differs from the other two.
    The library's own checks of the table are switched off: they warn of every option that is best or worst throughout.

    References
    ----------
    `topsis` and `promethee2`; the library: Kizielewicz, B., Shekhovtsov, A. and Salabun, W. (2023), pymcdm, SoftwareX
    22, doi:10.1016/j.softx.2023.101368.

    Examples
    --------
    >>> from smarthan.analysis import sample_appraisal
    >>> check = cross_check(sample_appraisal(), ["zb868", "dual", "nbplc"])
    >>> check.table.loc[check.table["weight_set"] == "panel", ["method", "leader", "same_shortlist"]].values.tolist()
    [['TOPSIS', 'nbplc', False], ['PROMETHEE II', 'eth', False]]
    """
    running = [o.id for o in appraisal.options if appraisal.gate_states[o.id].answer != "no"]
    unknown = [name for name in shortlist or () if name not in running]
    if unknown:
        raise ValueError(f"shortlist: {', '.join(unknown)} is no option in the running; those are {', '.join(running)}")
    sets = {each.assessor: np.array(each.weights) for each in appraisal.weight_sets if each.weights is not None}
    if len(running) < 2 or not sets:
        raise ValueError(f"{appraisal.id}: a comparison needs two options in the running and one set of single weights")
    first = min(len(shortlist or ()) or appraisal.max_shortlist or _FIRST, len(running))
    places = [place for place, option in enumerate(appraisal.options) if option.id in running]
    rows, ranks = [], []
    for name, weights in sets.items():
        compared = list(_compare(appraisal.best_values[places], weights))
        additive = compared[0][1]
        ranked = {method: _rank(scores) for method, scores, _ in compared}
        ranks.append(pd.DataFrame({"option": running, "weight_set": name, **ranked}))
        for method, scores, difference in compared[1:]:
            row = _agreement(running, additive, scores, first, shortlist)
            rows.append({"method": method, "weight_set": name, **row, "difference": difference})
    table = pd.DataFrame(rows).astype(dict.fromkeys(("method", "weight_set", "leader", "shortlist"), "str"))
    joined = pd.concat(ranks, ignore_index=True).astype({"option": "str", "weight_set": "str"})
    return CrossCheck(_library_name(), first, appraisal.stamp(table), appraisal.stamp(joined))


def _compare(values: Floats, weights: Floats) -> Iterator[tuple[str, Floats, float]]:
    """Yield the additive totals, then each other method's numbers with how far our own are from the library's."""
    telling = (weights > 0) & (values > 0).any(axis=0)
    yield "Additive", additive_value(values, weights), 0.0
    if not telling.any():
        raise ValueError("no criterion with a weight gives any option a point, so there is nothing to compare")
    table, shares = values[:, telling], normalise_weights(weights[telling])
    for method, theirs in zip(_METHODS, _ask_library(table, shares), strict=True):
        ours = (topsis if method == "TOPSIS" else promethee2)(table, shares, ["max"] * len(shares))
        yield method, theirs, float(np.abs(theirs - ours).max())


def _ask_library(table: Floats, shares: Floats) -> tuple[Floats, Floats]:
    try:
        from pymcdm.methods import PROMETHEE_II, TOPSIS  # type: ignore[import-untyped]
        from pymcdm.normalizations import vector_normalization  # type: ignore[import-untyped]
    except ImportError as error:
        raise ImportError(_NEEDED) from error
    types = np.ones(len(shares))
    with np.errstate(invalid="ignore"):  # options alike on everything stand at no distance from either ideal: 0 / 0
        closeness = np.asarray(TOPSIS(vector_normalization)(table, shares, types, validation=False), dtype=np.float64)
    flows = np.asarray(PROMETHEE_II("usual")(table, shares, types, validation=False), dtype=np.float64)
    return np.where(np.isnan(closeness), 0.5, closeness), flows


def _library_name() -> str:
    from importlib.metadata import version

    return f"pymcdm {version('pymcdm')}"


def _rank(scores: Floats) -> np.ndarray:
    """Return ranks, 1 for the best; scores alike up to rounding share the best of their ranks."""
    return np.asarray(1 + (scores[None, :] > scores[:, None] + _EVEN).sum(axis=1), dtype=np.int64)


def _agreement(
    names: list[str], additive: Floats, scores: Floats, first: int, shortlist: Sequence[str] | None
) -> dict[str, object]:
    own, other = ([names[p] for p in np.argsort(-_tidy(each), kind="stable")] for each in (additive, scores))
    return {
        "leader": other[0],
        "same_leader": other[0] == own[0],
        "on_shortlist": None if shortlist is None else other[0] in shortlist,
        "rank_correlation": _correlate(_rank(additive), _rank(scores)),
        "shortlist": ", ".join(other[:first]),
        "same_shortlist": set(other[:first]) == set(own[:first]),
    }


def _tidy(scores: Floats) -> Floats:
    return np.asarray(np.round(scores / _EVEN) * _EVEN)


def _correlate(one: np.ndarray, other: np.ndarray) -> float:
    """Return Spearman's correlation of two rankings; missing where one ranks all options alike."""
    ranked = [pd.Series(each).rank().to_numpy() for each in (one, other)]
    if any(np.ptp(each) == 0 for each in ranked):
        return float("nan")
    return float(np.corrcoef(*ranked)[0, 1])
