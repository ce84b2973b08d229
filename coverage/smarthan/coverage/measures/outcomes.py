"""The prediction held against what installers found: how often a covered home turned out to have no WAN."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from smarthan.coverage.lookup.states import COVERED, MIXED
from smarthan.coverage.matrix import CoverageMatrix
from smarthan.intervals import check_level, cluster_interval

from .install_cases import NOT_COVERED, prepare_cases

if TYPE_CHECKING:
    from .predictions import Store

# Of what each kind of prediction is told; a likelihood on a location that is not covered predicts nothing.
_PLACES = ("technology", "region_family", "generation", "region", "premise_type", "location")
GROUPS = {COVERED: ("likelihood", *_PLACES), MIXED: (), NOT_COVERED: ("state", *_PLACES)}
BANDS = ("High", "Medium", "Low")
_EXCEPTIONS = {
    "without obstructions": ("obstructed",),
    "without missing aerials": ("aerial_missing",),
    "without either": ("obstructed", "aerial_missing"),
}


@dataclass(frozen=True)
class Accuracy:
    """How the predictions fared, of one release or of each that was in force.

    Attributes
    ----------
    table : DataFrame
        prediction (COVERED, MIXED: part of the postcode, or NOT COVERED), by (all; without obstructions, without
        missing aerials, without either; likelihood, state, technology, region_family, generation, region: both,
        premise_type, location), group, n (premises), failures, successes, failure_rate, low, high (0 to 1), method,
        clusters, reason. For COVERED the failure rate is the inaccurate prediction rate.
    set_aside : DataFrame
        reason, installs: reports that were counted and not used. With `n` of the three "all" they add to the reports.
    order_kept : bool
        Whether success falls from High to Medium to Low, as the words promise.
    order_words : str
        The same with its numbers, or why it cannot be judged.
    releases : DataFrame
        release_id, installs: which release was in force for how many.
    level : float
        Confidence level of the intervals.
    """

    table: pd.DataFrame
    set_aside: pd.DataFrame
    order_kept: bool
    order_words: str = ""
    releases: pd.DataFrame | None = None
    level: float = 0.95

    def __str__(self) -> str:
        lines = [f"{row.prediction}, {row.by}: {_rate_words(row)}" for row in self._shown().itertuples()]
        aside = [f"set aside: {row.installs:,} {row.reason}" for row in self.set_aside.itertuples() if row.installs]
        made_up = ["SYNTHETIC."] if self.table.attrs.get("synthetic") else []
        return "\n".join([*made_up, *lines, self.order_words, *aside])

    def _repr_html_(self) -> str:
        heads = ("Prediction", "Of which", "Premises", "No WAN found", "Rate", f"{self.level:.0%} interval", "Method")
        rows = [
            (row.prediction, f"{row.by}: {row.group}", f"{row.n:,}", f"{row.failures:,}", *_interval_cells(row))
            for row in self.table.itertuples()
        ]
        made_up = "<p><strong>SYNTHETIC</strong></p>" if self.table.attrs.get("synthetic") else ""
        top = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in heads)
        body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
        caption = "<caption>Predictions held against installs</caption>"
        table = f"<table>{caption}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
        aside = "; ".join(f"{row.installs:,} {row.reason}" for row in self.set_aside.itertuples() if row.installs)
        told = f"<p>{html.escape(self.order_words)}</p><p>Set aside: {html.escape(aside or 'none')}.</p>"
        return made_up + table + told

    def _shown(self) -> pd.DataFrame:
        return self.table[self.table["by"].isin(("all", *_EXCEPTIONS))]


def accuracy(matrix: CoverageMatrix | Store, installs: pd.DataFrame, *, level: float = 0.95) -> Accuracy:
    """Hold predictions against install outcomes.

    Parameters
    ----------
    matrix : CoverageMatrix or ReleaseStore
        One release, or a store: then each install is held against the release in force on its day.
    installs : DataFrame
        As `read_installs(...).frame` gives them: install_id, report (8.14.1 found the WAN, 8.14.2 did not),
        installed_at, postcode; uprn, address_identifier, building_id, install_type, aerial_install, location,
        premise_type and the obstruction checks where known.
    level : float
        Confidence level of the intervals.

    Returns
    -------
    Accuracy

    Raises
    ------
    TypeError
        When `installs` is no table.
    KeyError
        When a needed column is absent.
    ValueError
        When the level is no share, or a store holds no dated release.

    Notes
    -----
    The unit is the premises: its first install (by UPRN, else postcode and address). Premises in one building are not
    independent, so intervals take the building as the cluster where it is known, else the postcode; a plain Wilson
    interval stands only where every cluster holds one premises, and the method stands beside each. Set aside and
    counted, in this order: reports that are neither of the two, by their code, 8.14.1 reports whose type says that
    no WAN was found, reports without a day, installs before the (first) release's day, later installs at the same
    premises, locations that the release does not answer.
    A likelihood on a location that is not covered predicts nothing. A plan whose day is before the install is OVERDUE.
    MIXED, an answer for part of a postcode, is no prediction for one premises and stands apart.

    Only a failure (8.14.2) states obstructions: leaving obstructed cases out leaves out failures alone, so that the
    rate without them is a lower bound. An aerial is missing where the release asks for one and none was installed.

    References
    ----------
    DCC Performance Measurement Methodology, March 2018: inaccurate coverage database prediction, over attempted
    communications hub installations less allowed exceptions.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> installs = pd.DataFrame({
    ...     "install_id": ["a", "b"], "report": ["8.14.1", "8.14.2"], "postcode": ["SW1A 1AA", "EH1 1YZ"],
    ...     "installed_at": pd.to_datetime(["2026-11-05"] * 2)})
    >>> accuracy(sample_matrix(), installs).table.loc[0, ["n", "failures"]].tolist()
    [2, 1]
    """
    check_level(level)
    cases, aside = prepare_cases(matrix, installs)
    lines = [line for prediction in GROUPS for line in _lines(cases, prediction, level)]
    table = pd.DataFrame(lines)
    kept, words = _judge_order(table)
    releases = cases["release_id"].value_counts(sort=False).rename_axis("release_id").reset_index(name="installs")
    made_up = bool(cases["synthetic"].any() or installs.attrs.get("synthetic"))
    table.attrs = {"synthetic": made_up, "release_id": "; ".join(releases["release_id"])}
    if isinstance(matrix, CoverageMatrix):
        table.attrs = {**matrix.release_attrs, "synthetic": made_up or matrix.release.synthetic}
    set_aside = pd.DataFrame({"reason": list(aside), "installs": list(aside.values())})
    return Accuracy(table, set_aside, kept, words, releases, level)


def _lines(cases: pd.DataFrame, prediction: str, level: float) -> Iterator[dict[str, object]]:
    chosen = cases[cases["prediction"].eq(prediction)]
    yield _line(chosen, prediction, "all", "all", level)
    if prediction == COVERED:
        for words, flags in _EXCEPTIONS.items():
            yield _line(chosen[~chosen[list(flags)].any(axis=1)], prediction, words, "all", level)
    for by in GROUPS[prediction]:
        for group, part in chosen.groupby(by, observed=True):
            yield _line(part, prediction, by, str(group), level)


def _line(part: pd.DataFrame, prediction: str, by: str, group: str, level: float) -> dict[str, object]:
    interval = cluster_interval(part["failed"].to_numpy(), part["cluster"].to_numpy(), level=level)
    failures = int(part["failed"].sum())
    return {
        "prediction": prediction,
        "by": by,
        "group": group,
        "n": len(part),
        "failures": failures,
        "successes": len(part) - failures,
        "failure_rate": interval.proportion,
        "low": interval.low,
        "high": interval.high,
        "method": interval.method,
        "clusters": interval.n_clusters,
        "reason": interval.reason,
    }


def _judge_order(table: pd.DataFrame) -> tuple[bool, str]:
    rates = table[table["prediction"].eq(COVERED) & table["by"].eq("likelihood")].set_index("group")["failure_rate"]
    stated = [(word, 1 - rates[word]) for word in BANDS if word in rates.index]
    told = ", ".join(f"{word} {share:.1%}" for word, share in stated)
    if len(stated) < 2:
        return True, "Whether success follows the likelihood cannot be judged: fewer than two bands were installed."
    if all(before >= after for (_, before), (_, after) in pairwise(stated)):
        return True, f"Success falls with the likelihood, as its words promise: {told}."
    return False, f"FLAG: success does not fall with the likelihood, as its words promise: {told}."


def _rate_words(row: Any) -> str:
    if not row.n:
        return "no install"
    rate, interval, method = _interval_cells(row)
    return f"{row.failures:,} of {row.n:,} premises found no WAN, {rate} ({interval}; {method})"


def _interval_cells(row: Any) -> tuple[str, str, str]:
    if not row.n:
        return "", "", row.reason
    interval = "no interval" if pd.isna(row.low) else f"{row.low:.2%} to {row.high:.2%}"
    clusters = f"{row.clusters:,} buildings or postcodes"
    return f"{row.failure_rate:.2%}", interval, row.reason or f"{row.method}, {clusters}"
