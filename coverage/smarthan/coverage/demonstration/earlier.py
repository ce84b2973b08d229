"""An earlier release of which a demonstration release is the successor, made from it by known changes taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarthan.coverage.matrix import CoverageMatrix
from smarthan.coverage.postcodes.faults import WHOLE
from smarthan.coverage.postcodes.fixed_text import fix_width, sort_key
from smarthan.coverage.reference.tables import terminated_postcodes
from smarthan.coverage.releases.release import Release

from .release_file import NOTE

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

EARLIER_DAY = dt.date(2026, 5, 1)
# Postcodes that change from the earlier release to the later, over all of Great Britain. Assumed, after the churn of a
# half-year in Code-Point Open (0.2 % added and 0.13 % removed a quarter; osm-search/Nominatim issue 4160).
CHURN = {
    "added": 7_000,
    "removed": 4_500,
    "gained": 900,
    "lost": 250,
    "planned_to_covered": 1_200,
    "slipped": 400,
    "advanced": 150,
    "technology": 600,
    "auxiliary": 500,
}
_POSTCODES = 1_743_049  # of the later release, to which CHURN belongs
_RUN = 8  # neighbours that change together; assumed
_LATELY = 202_101  # a postcode withdrawn in or after this month, or nobody knows when, was in a matrix of 2026; assumed


@dataclass(frozen=True)
class Earlier:
    """An earlier release and how it differs from its successor.

    Attributes
    ----------
    matrix : CoverageMatrix
        The earlier release.
    churn : DataFrame
        One line a postcode that changes: postcode, change (a key of `CHURN`), in the words of the later release:
        `added` is only in that, `removed` only in the earlier. No postcode changes in two ways; besides these only a
        plan whose day passes between the two becomes overdue.
    """

    matrix: CoverageMatrix
    churn: pd.DataFrame


def make_earlier(matrix: CoverageMatrix, *, seed: int = 1, as_of: dt.date = EARLIER_DAY) -> Earlier:
    """Return a release that a demonstration release succeeds.

    Parameters
    ----------
    matrix : CoverageMatrix
        A release made by `make_release`.
    seed : int, default 1
        Draws which postcodes change.
    as_of : date, default 2026-05-01
        The day the earlier release describes.

    Returns
    -------
    Earlier
        As many changes of each kind as `CHURN` says for all of Great Britain, for fewer postcodes in proportion.

    Notes
    -----
    Removed postcodes are really terminated ones of the reference, with the coverage of a neighbour.
    """
    draw = _Draw(matrix, np.random.default_rng([seed, 2]))
    rows = draw.change_rows(as_of)
    counts = draw.count()
    release = _describe(matrix.release, counts, as_of, seed, len(rows))
    rows["release_id"] = pd.Categorical.from_codes(np.zeros(len(rows), np.int8), categories=[release.release_id])
    churn = pd.DataFrame([(p, change) for change, names in draw.chosen.items() for p in names])
    return Earlier(CoverageMatrix(rows, release), churn.set_axis(["postcode", "change"], axis=1))


def _describe(later: Release, counts: dict[str, int], day: dt.date, seed: int, n_rows: int) -> Release:
    words = ", ".join(f"{count:,} {change.replace('_', ' ')}" for change, count in counts.items())
    return later.with_facts(
        release_id=f"synthetic-{day.isoformat()}-seed{seed}",
        as_of=day,
        published=day,
        row_count=n_rows,
        sha256="",
        note=f"{NOTE} Made from {later.release_id}, which differs from it by known changes: {words} postcodes.",
    )


class _Draw:
    """Draws postcodes of the later release that change, each once, and takes their changes back."""

    def __init__(self, matrix: CoverageMatrix, rng: np.random.Generator) -> None:
        self.rows, self.rng, self.day = matrix.rows, rng, matrix.release.as_of
        self.key = sort_key(fix_width(self.rows["postcode"]))
        self.chosen: dict[str, list[str]] = {}
        alone = np.ones(len(self.key) + 1, dtype=bool)
        alone[1:-1] = self.key[1:] != self.key[:-1]
        self.share = int(alone[:-1].sum()) / _POSTCODES
        self.free: Mask = alone[:-1] & alone[1:] & self._is_plain()
        self.covered = self.rows["available"].fillna(False).to_numpy(bool)
        self.planned = ~self.covered & (self.rows["anticipated"] > np.datetime64(self.day)).to_numpy()
        self.bare = self.rows["auxiliary"].isna().to_numpy()

    def _is_plain(self) -> Mask:
        """Whether a row is a postcode's answer of a legacy region, for all of its premises alike."""
        rows = self.rows
        reached, premises = (rows[name].fillna(-1).to_numpy(np.int64) for name in ("premises_available", "premises"))
        legacy = rows["csp_region"].isin(["North", "Central", "South"]).to_numpy()
        told = rows["available"].notna().to_numpy() & (rows["location_kind"] == "POSTCODE").to_numpy()
        return legacy & told & ((reached == 0) | (reached == premises))

    def count(self) -> dict[str, int]:
        """Return how many postcodes were drawn for each change."""
        return {change: len(names) for change, names in self.chosen.items()}

    def change_rows(self, as_of: dt.date) -> pd.DataFrame:
        """Return the rows as they were before the changes."""
        covered, weak = self.covered, (self.rows["likelihood"] == "Low").to_numpy()
        open_end = ~covered & self.rows["anticipated"].isna().to_numpy()
        mesh = self.rows["wan_group"].isin(["CELLULAR_2G3G", "CELLULAR_MESH"]).to_numpy()
        edited = self.rows.copy()
        drawn: dict[str, tuple[Mask, Callable[[pd.DataFrame, Ints], None]]] = {
            "gained": (covered & weak & self.bare, _uncover),
            "lost": (open_end & self.bare, _cover),
            "planned_to_covered": (covered & weak & self.bare, self._plan_between(as_of)),
            "slipped": (self.planned, _move_plans(-1)),
            "advanced": (self.planned, _move_plans(+1)),
            "technology": (covered & mesh & ~weak, _swap_mesh),
            "auxiliary": (covered, _swap_aerials),
        }
        for change, (eligible, take_back) in drawn.items():
            take_back(edited, self._pick(change, eligible))
        added = self._pick("added", covered)
        clones = self._clone_neighbours()
        return pd.concat([edited.drop(index=added), clones], ignore_index=True)

    def _pick(self, change: str, eligible: Mask) -> Ints:
        """Draw rows in runs of neighbours: coverage comes and goes by sites, not by postcodes."""
        at = np.flatnonzero(eligible & self.free)
        run = np.arange(len(at)) // _RUN
        turn = self.rng.permutation(int(run.max(initial=0)) + 1)[run]
        picked = np.sort(at[np.argsort(turn, kind="stable")[: self._number(change)]])
        self.free[picked] = False
        self.chosen[change] = self.rows["postcode"].iloc[picked].tolist()
        return picked

    def _number(self, change: str) -> int:
        return max(1, round(CHURN[change] * self.share))

    def _plan_between(self, as_of: dt.date) -> Callable[[pd.DataFrame, Ints], None]:
        """Make a covered row a plan for a day between the two releases."""

        def take_back(rows: pd.DataFrame, at: Ints) -> None:
            _uncover(rows, at)
            last = np.datetime64(self.day or as_of, "D").astype(np.int64)
            days = self.rng.integers(np.datetime64(as_of, "D").astype(np.int64), last + 1, len(at))
            _put(rows, "anticipated", at, days.astype("datetime64[D]").astype("datetime64[us]"))

        return take_back

    def _clone_neighbours(self) -> pd.DataFrame:
        """Return rows of terminated postcodes: each as its live neighbour in the same sector."""
        ended = terminated_postcodes()
        lately = ended["doterm"].isna() | (ended["doterm"] >= _LATELY).fillna(False)
        names = ended.loc[lately, "postcode"]
        codes = names[names.str.fullmatch(WHOLE.pattern)].to_numpy(dtype=object)
        codes = codes[self.rng.permutation(len(codes))]
        beside = np.searchsorted(self.key, sort_key(fix_width(pd.Series(codes, dtype="str")))) - 1
        neighbours = self.rows["postcode"].take(np.maximum(beside, 0)).to_numpy(dtype=object)
        same = [a[:-2] == b[:-2] for a, b in zip(codes, neighbours, strict=True)]
        good = np.flatnonzero(np.array(same, dtype=bool) & (beside >= 0) & self.free[beside])
        good = np.sort(good[: self._number("removed")])
        self.chosen["removed"] = codes[good].tolist()
        clones = self.rows.iloc[beside[good]]
        return clones.assign(postcode=pd.array(codes[good], dtype=self.rows["postcode"].dtype))


def _put(rows: pd.DataFrame, name: str, at: Ints, values: object) -> None:
    rows.iloc[at, rows.columns.get_loc(name)] = values


def _uncover(rows: pd.DataFrame, at: Ints) -> None:
    _put(rows, "available", at, False)
    _put(rows, "premises_available", at, 0)


def _cover(rows: pd.DataFrame, at: Ints) -> None:
    _put(rows, "available", at, True)
    _put(rows, "premises_available", at, rows["premises"].iloc[at].array)


def _move_plans(quarters: int) -> Callable[[pd.DataFrame, Ints], None]:
    """Plans stand at the ends of quarters: move them by some."""

    def take_back(rows: pd.DataFrame, at: Ints) -> None:
        months = rows["anticipated"].iloc[at].to_numpy("datetime64[M]") + 3 * quarters + 1
        ends = months.astype("datetime64[D]") - np.timedelta64(1, "D")
        _put(rows, "anticipated", at, ends.astype("datetime64[us]"))

    return take_back


def _swap_mesh(rows: pd.DataFrame, at: Ints) -> None:
    """Where mesh is named now it was not before, and the other way round."""
    was_mesh = (rows["wan_group"].iloc[at] == "CELLULAR_MESH").to_numpy()
    for name, plain, mesh in (
        ("wan_technology", "Cellular", "Cellular + mesh"),
        ("wan_group", "CELLULAR_2G3G", "CELLULAR_MESH"),
    ):
        rows[name] = _with_words(rows[name], at, np.where(was_mesh, plain, mesh))


def _swap_aerials(rows: pd.DataFrame, at: Ints) -> None:
    """Where an aerial is needed now none was before, and the other way round."""
    had = rows["auxiliary"].iloc[at].notna().to_numpy()
    rows["auxiliary"] = _with_words(rows["auxiliary"], at, np.where(had, "", "Aerial T1"))


def _with_words(column: pd.Series, at: Ints, words: NDArray[np.object_]) -> pd.Series:
    """Return a column of categories with other words in some places."""
    codes = column.cat.codes.to_numpy().copy()
    codes[at] = column.cat.categories.get_indexer(pd.Index(words, dtype=object))
    return pd.Series(pd.Categorical.from_codes(codes, dtype=column.dtype), index=column.index)
