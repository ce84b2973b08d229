"""A release in figures, and two releases side by side, as publishing needs them: counts, no lists."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from smarthan.coverage.index.location_keys import location_postcodes
from smarthan.coverage.index.locations import ALL_STATES
from smarthan.coverage.lookup.states import COVERED, STATES
from smarthan.coverage.postcodes.fixed_text import sort_key

if TYPE_CHECKING:
    from smarthan.coverage.matrix import CoverageMatrix


@dataclass(frozen=True)
class Summary:
    """A release in figures, on its own day.

    Attributes
    ----------
    locations : int
        Postcodes, and premises without one.
    rows_by_state : dict of str to int
        Rows in each state that occurs.
    basis : str
        What is weighed: premises, or postcodes where the release states no premises.
    share_covered : float or None
        Share of the weight covered [0 to 1]; None where there is no weight.
    """

    locations: int
    rows_by_state: dict[str, int]
    basis: str
    share_covered: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values, the share to six decimals."""
        share = None if self.share_covered is None else round(self.share_covered, 6)
        return {**asdict(self), "share_covered": share}


@dataclass(frozen=True)
class Comparison:
    """Two releases side by side, postcode by postcode, each on its own day.

    Attributes
    ----------
    before : int
        Postcodes of the earlier release.
    added, removed : int
        Postcodes that only the later, or only the earlier, holds.
    moved : list of (str, str, int)
        State before, state after, and how many postcodes; every pair that occurs, also of equal states.
    """

    before: int
    added: int
    removed: int
    moved: list[tuple[str, str, int]]


def summarise(matrix: CoverageMatrix) -> Summary:
    """Return a release in figures."""
    located = matrix.locations()
    rows = np.bincount(located.row_state, minlength=len(STATES))
    weight = located.weight_by_state.sum(axis=0)
    total = float(weight.sum())
    return Summary(
        locations=len(located.groups) - 1,
        rows_by_state={state: int(count) for state, count in zip(STATES, rows, strict=True) if count},
        basis=located.basis,
        share_covered=float(weight[STATES.index(COVERED)]) / total if total else None,
    )


def compare_releases(before: CoverageMatrix, after: CoverageMatrix) -> Comparison:
    """Return two releases side by side.

    Parameters
    ----------
    before, after : CoverageMatrix
        The earlier and the later release; premises without a postcode are left out.
    """
    old_keys, old_states = _read_states(before)
    new_keys, new_states = _read_states(after)
    at = np.minimum(np.searchsorted(old_keys, new_keys), max(len(old_keys) - 1, 0))
    both = old_keys[at] == new_keys if len(old_keys) else np.zeros(len(new_keys), dtype=bool)
    kept = int(both.sum())
    size = len(ALL_STATES)
    pairs = np.bincount(old_states[at[both]].astype(np.int64) * size + new_states[both], minlength=size * size).tolist()
    moved = [(ALL_STATES[n // size], ALL_STATES[n % size], count) for n, count in enumerate(pairs) if count]
    return Comparison(len(old_keys), len(new_keys) - kept, len(old_keys) - kept, moved)


def _read_states(matrix: CoverageMatrix) -> tuple[npt.NDArray[Any], npt.NDArray[np.int8]]:
    """Return the postcodes of a release as sorted numbers, and the state of each."""
    keys = sort_key(location_postcodes(matrix.mapped))
    return keys, matrix.locations().state[: len(keys)]


def describe_comparison(compared: Comparison, name: str) -> str:
    """Return a comparison as Markdown: what was added and removed, and every change of state, equal ones too."""
    lines = [
        f"Compared with release {name}, postcode by postcode, each state as of its release's own day.",
        "",
        f"Postcodes added: {compared.added:,}; removed: {compared.removed:,}.",
        "",
        "| before | after | postcodes |",
        "|---|---|---:|",
        *(f"| {old} | {new} | {count:,} |" for old, new, count in compared.moved),
    ]
    return "\n".join(lines)
