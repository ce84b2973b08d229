"""The difference of two releases, to be read in a notebook, on a terminal or by a program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from smarthan.coverage.matrix import CoverageMatrix

from .comparison import CHANGES, SIDE_STATES, Comparison, Ints, compare
from .listing import describe_changed
from .nets import net_by
from .sanity import ChurnLimits, check_churn, days_between
from .sides import locations_of, premises_of
from .telling import as_html, as_text


def diff(before: CoverageMatrix, after: CoverageMatrix, *, limits: ChurnLimits | None = None) -> ReleaseDiff:
    """Return what changed from one release to another.

    Parameters
    ----------
    before, after : CoverageMatrix
        Two full releases, the earlier first.
    limits : ChurnLimits, optional
        How much change is an alarm.

    Returns
    -------
    ReleaseDiff

    Raises
    ------
    ValueError
        When either release is no full one: what a delta does not list is not removed.
    TypeError
        When either is no `CoverageMatrix`.

    Notes
    -----
    A location is a postcode with all its rows, or a UPRN without a postcode, as in `roll_up`; each is in its state on
    its *own* release's day, so that a plan may become overdue though nobody touched its row. Technology, likelihood
    and auxiliary equipment are those of the best row, and are compared where both releases answered. Slipped and
    advanced compare the anticipated day where the best rows are planned or overdue in both. Weights are premises where
    both releases state them, else locations: never a mixture. Keys are sorted in both releases, so that one is laid
    beside the other in one pass.

    `diff(b, a)` mirrors `diff(a, b)`: added and removed, gained and lost, slipped and advanced change places.

    References
    ----------
    Code of Practice for Statistics, on planned revisions and corrections that are explained.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> matrix = sample_matrix()
    >>> print(diff(matrix, matrix).is_empty)
    True
    """
    for name, matrix in (("before", before), ("after", after)):
        if not isinstance(matrix, CoverageMatrix):
            raise TypeError(f"{name}: {type(matrix).__name__} given; open the release first, with open_matrix(path)")
        if not matrix.release.complete:
            raise ValueError(
                f"{name}: release {matrix.release.release_id} holds only what changed; a difference needs full releases"
            )
    weighed = before.mapped.has_premises and after.mapped.has_premises
    found = compare(locations_of(before, weighed=weighed), locations_of(after, weighed=weighed))
    return ReleaseDiff(found, limits or ChurnLimits(), "premises" if weighed else "postcodes")


@dataclass(frozen=True)
class Change:
    """One kind of change, and the locations it befell.

    Attributes
    ----------
    name, words : str
        Which change, and what it means.
    count : int
        Locations.
    """

    name: str
    words: str
    at: Ints
    found: Comparison

    @property
    def count(self) -> int:
        """Locations it befell."""
        return len(self.at)

    def __len__(self) -> int:
        return len(self.at)

    @property
    def premises_before(self) -> float:
        """Weight of these locations in the earlier release."""
        return self._sum("before", "premises")

    @property
    def premises_after(self) -> float:
        """Weight of these locations in the later release."""
        return self._sum("after", "premises")

    @property
    def premises(self) -> float:
        """Weight of these locations: in the later release, or in the earlier where they are no longer in it."""
        return self.premises_before if self.name == "removed" else self.premises_after

    @property
    def covered_change(self) -> float:
        """Covered weight of these locations in the later release less that in the earlier."""
        return self._sum("after", "covered") - self._sum("before", "covered")

    @property
    def list(self) -> pd.DataFrame:
        """The locations, in the order of their keys, with what each release says."""
        return describe_changed(self.found, self.at)

    def _sum(self, side: str, what: str) -> float:
        at = getattr(self.found, f"at_{side}")[self.at]
        total = getattr(getattr(self.found, side), what)[at[at >= 0]].sum()
        return total.item()

    def __repr__(self) -> str:
        return f"<{self.name}: {self.count:,} locations, {self.words}>"


class ReleaseDiff:
    """What changed between two releases; made by `diff`.

    Attributes
    ----------
    before, after : Release
        The facts of both.
    basis : str
        What weights count: premises, or postcodes where either release states no premises.
    days : int or None
        From the day of the one to that of the other.
    synthetic : bool
        Whether either release is made up.
    added, removed, gained, lost, planned_to_covered, planned_to_overdue, slipped, advanced, technology, likelihood, \
auxiliary, region, restated, other : Change
        Each with `count`, `premises` and `list`.

    Examples
    --------
    >>> from smarthan.coverage import diff, sample_matrix
    >>> same = diff(sample_matrix(), sample_matrix())
    >>> same.gained.count, same.alarm, len(same.revisions_note) > 3
    (0, False, True)
    """

    added: Change
    removed: Change
    gained: Change
    lost: Change
    planned_to_covered: Change
    planned_to_overdue: Change
    slipped: Change
    advanced: Change
    technology: Change
    likelihood: Change
    auxiliary: Change
    region: Change
    restated: Change
    other: Change

    def __init__(self, found: Comparison, limits: ChurnLimits, basis: str) -> None:
        self._found, self.limits, self.basis = found, limits, basis
        self.before, self.after = found.before.matrix.release, found.after.matrix.release
        self.days = days_between(self.before.as_of, self.after.as_of)
        self.synthetic = self.before.synthetic or self.after.synthetic
        self.changes = {name: Change(name, words, found.found[name], found) for name, words in CHANGES.items()}
        self.__dict__.update(self.changes)

    @property
    def is_empty(self) -> bool:
        """Whether the two releases say the same of every location, each on its own day."""
        return not len(self._found.at_before)

    @property
    def n_changed(self) -> int:
        """Locations that changed in anything, added and removed ones among them."""
        return len(self._found.at_before)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row a change: locations, premises before and after, and by how much their covered premises changed."""
        rows = [
            (c.name, c.words, c.count, c.premises_before, c.premises_after, c.covered_change)
            for c in self.changes.values()
        ]
        columns = ["change", "words", "locations", "premises_before", "premises_after", "covered_change"]
        return self._label(pd.DataFrame(rows, columns=columns))

    @cached_property
    def revisions_note(self) -> pd.DataFrame:
        """Every pair of an earlier and a later state that occurs: locations, and their premises before and after.

        The counts add to the locations of either release. A location that one release lacks is ABSENT there.
        """
        old, new = np.nonzero(self._found.revisions[0])
        sums = self._found.revisions[:, old, new]
        kind = "int64" if self.basis == "premises" else "float64"
        return self._label(
            pd.DataFrame(
                {
                    "state_before": [SIDE_STATES[k] for k in old],
                    "state_after": [SIDE_STATES[k] for k in new],
                    "locations": sums[0].astype("int64"),
                    "premises_before": sums[1].astype(kind),
                    "premises_after": sums[2].astype(kind),
                }
            )
        )

    @cached_property
    def sanity(self) -> pd.DataFrame:
        """What was measured beside the limits: check, value, limit, unit, alarm, and words that tell a person.

        A value is missing, and no alarm, where there is nothing to compare: no weight, or no postcode before. What is
        an alarm here, `ReleaseStore.publish` refuses, or warns of where it is only postcodes added or removed.
        """
        return self._label(check_churn(self._found, self.limits, self.days))

    @property
    def alarm(self) -> bool:
        """Whether any check of `sanity` is beyond its limit."""
        return bool(self.sanity["alarm"].any())

    @property
    def totals(self) -> dict[str, Any]:
        """Locations, weight and covered weight of both releases, and the covered share of each (0 to 1).

        Locations of no region are left out of weights, as in a roll-up.
        """
        totals: dict[str, Any] = {}
        for name, side in (("before", self._found.before), ("after", self._found.after)):
            totals[name] = {
                "locations": len(side),
                "weight": side.weight,
                "covered": side.covered_weight,
                "share_covered": side.share_covered,
            }
        return totals

    def net(self, by: str = "area") -> pd.DataFrame:
        """Return the change of covered premises per area.

        Parameters
        ----------
        by : str
            area, outward, sector, lad, region or country.

        Returns
        -------
        DataFrame
            One row a key of either release: locations, weight and covered, each before and after, net (covered after
            less before), more and less (covered premises at the locations where there are more, and fewer: net = more
            - less), share_before, share_after (0 to 1) and points (percentage points between them). It equals the
            difference of the two releases' roll-ups.

        Raises
        ------
        ValueError
            When `by` is not one of these.
        """
        return self._label(net_by(self._found, by, whole=self.basis == "premises"))

    def listed(self) -> pd.DataFrame:
        """Return every changed location once, with `changes`, the names of what befell it."""
        every = np.arange(self.n_changed)
        table = describe_changed(self._found, every)
        names = np.full(self.n_changed, "", dtype=object)
        for change in self.changes.values():
            names[change.at] += f"; {change.name}"
        table.insert(0, "changes", pd.Series(names, dtype="str").str.removeprefix("; "))
        return self._label(table)

    def by_premises(self) -> ReleaseDiff:
        """Return the difference of the single premises: each UPRN or address that has a row of its own.

        A premises is found again by its UPRN, also under another postcode; by postcode and address where it has none.
        They are parts of the locations of this difference: their weights are not to be added to its own.
        """
        weighed = self.basis == "premises"
        sides = [premises_of(side.matrix, weighed=weighed) for side in (self._found.before, self._found.after)]
        return ReleaseDiff(compare(sides[0], sides[1]), self.limits, self.basis)

    def to_dict(self, by: str | None = None) -> dict[str, Any]:
        """Return the difference as JSON values, without the lists of locations.

        Parameters
        ----------
        by : str, optional
            Adds the net change per area, as `net(by)` gives it.
        """
        document: dict[str, Any] = {
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
            "days": self.days,
            "basis": self.basis,
            "synthetic": self.synthetic,
            "totals": self.totals,
            "changes": self.summary.to_dict("records"),
            "revisions": self.revisions_note.to_dict("records"),
            "alarm": self.alarm,
            "sanity": _as_records(self.sanity),
        }
        if by is not None:
            document["net"] = _as_records(self.net(by))
        return document

    def __str__(self) -> str:
        return as_text(self)

    def __repr__(self) -> str:
        made_up = ", SYNTHETIC" if self.synthetic else ""
        pair = f"{self.before.release_id} to {self.after.release_id}"
        return f"<ReleaseDiff {pair}, {self.n_changed:,} locations changed{made_up}>"

    def _repr_html_(self) -> str:
        return as_html(self)

    def _label(self, table: pd.DataFrame) -> pd.DataFrame:
        table.attrs = {
            "synthetic": self.synthetic,
            "before": self.before.release_id,
            "after": self.after.release_id,
            "basis": self.basis,
        }
        return table


def _as_records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows of a table as JSON values, None where a value is missing."""
    return table.astype(object).where(table.notna(), None).to_dict("records")
