"""Not-spots: postcodes without coverage that hang together, with what they hold and how far cover is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.coverage.lookup.states import ERROR, MIXED, NOT_CONFIRMED, OVERDUE, PLANNED, STATES
from smarthan.coverage.reference.tables import postcode_reference
from smarthan.coverage.releases.release import parse_day

from .clusters import cluster_points
from .nearest import CoveredPoints
from .placed import CAVEAT, Bools, Floats, Ints, Placed, place_postcodes, text_of

if TYPE_CHECKING:
    from smarthan.coverage.matrix import CoverageMatrix

UNCOVERED = (PLANNED, OVERDUE, NOT_CONFIRMED)
_MIXED = len(STATES)


def not_spots(
    matrix: CoverageMatrix,
    *,
    within_m: float = 1000.0,
    states: Sequence[str] = UNCOVERED,
    as_of: dt.date | str | None = None,
) -> pd.DataFrame:
    """Return the clusters of postcodes without coverage, most premises first.

    Parameters
    ----------
    matrix : CoverageMatrix
    within_m : float
        Two postcodes at most this far apart [m, more than 0] belong to one not-spot, and so does what hangs together
        through others.
    states : sequence of {"PLANNED", "OVERDUE", "NOT_CONFIRMED"}
        What counts as without coverage; by default all three. A postcode of which coverage reaches a part (MIXED)
        counts with its other premises.
    as_of : date or str, optional
        The day asked; the release's own by default.

    Returns
    -------
    DataFrame
        One row a not-spot: not_spot (1, 2 ...), premises (those without coverage; missing when the release states no
        premises at all), postcodes, of them planned, overdue, not_confirmed and mixed, premises_unknown (postcodes
        whose premises are not known), easting and northing (centre, weighted by premises [m, EPSG:27700]), across_m
        (diameter of the least circle that holds its postcodes), area_km2 (of their convex hull; 0 for fewer than
        three), postcode (that with most premises), lad and region (where most of the premises are), nearest_covered
        (the covered postcode nearest to any of its postcodes) and nearest_m. `attrs` says what is not in the table:
        `without_location` and `not_answered`, each with its locations and premises.

    Raises
    ------
    ValueError, TypeError
        When within_m is not a positive number, a state is none of the three, or as_of is not a day.

    Notes
    -----
    Sorted by premises, then postcodes, then the first of its postcodes. Every postcode without coverage that has a
    location is in exactly one not-spot: these are the clusters of DBSCAN with `min_samples=1`. A row that did not
    answer (ERROR) is no not-spot, and neither is a location whose only rows are of no region (`Unknown`, `SMETS1`).
    Distances are straight lines and say nothing of radio.

    References
    ----------
    Ester, Kriegel, Sander and Xu, "A density-based algorithm for discovering clusters", KDD-96.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> spots = not_spots(sample_matrix())
    >>> bool(spots["premises"].is_monotonic_decreasing), spots.attrs["synthetic"]
    (True, True)
    """
    check_metres(within_m, "within_m")
    found = find_uncovered(matrix, states, parse_day(as_of))
    spots = _describe(found.placed, found, cluster_points(found.placed.xy[found.row], within_m))
    spots.attrs = {**matrix.release_attrs, **found.left_out, "within_m": float(within_m), "caveat": CAVEAT}
    return spots


def not_spot_cells(
    matrix: CoverageMatrix,
    *,
    cell_m: float = 3000.0,
    states: Sequence[str] = UNCOVERED,
    as_of: dt.date | str | None = None,
) -> pd.DataFrame:
    """Return how many premises without coverage stand in each square of the National Grid that has any.

    Parameters
    ----------
    matrix : CoverageMatrix
    cell_m : float
        Side of a square [m, more than 0].
    states, as_of
        As in `not_spots`.

    Returns
    -------
    DataFrame
        One row a square, from south to north, then west to east: easting and northing (its south-west corner, [m],
        EPSG:27700), premises (those without coverage; missing when none of its postcodes has a known number) and
        postcodes. `attrs` as in `not_spots`.

    Raises
    ------
    ValueError, TypeError
        As in `not_spots`.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> cells = not_spot_cells(sample_matrix())
    >>> bool((cells["easting"] % 3000 == 0).all())
    True
    """
    check_metres(cell_m, "cell_m")
    found = find_uncovered(matrix, states, parse_day(as_of))
    corner = found.placed.xy[found.row] // cell_m
    cells, number = np.unique(corner[:, ::-1], axis=0, return_inverse=True)
    number = number.reshape(-1)
    known = found.placed.located.knows_total[found.row] & ~np.isnan(found.premises)
    premises = np.bincount(number, weights=np.where(known, found.premises, 0), minlength=len(cells))
    some = np.bincount(number, weights=known, minlength=len(cells)) > 0
    table = pd.DataFrame(
        {
            "easting": (cells[:, 1] * cell_m).round().astype(np.int64),
            "northing": (cells[:, 0] * cell_m).round().astype(np.int64),
            "premises": pd.Series(premises.round(), dtype="Int64").where(some),
            "postcodes": np.bincount(number, minlength=len(cells)),
        }
    )
    table.attrs = {**matrix.release_attrs, **found.left_out, "cell_m": float(cell_m)}
    return table


@dataclass(frozen=True)
class Uncovered:
    """Postcodes without coverage that have a place.

    Attributes
    ----------
    placed : Placed
        All postcodes of the release.
    row : int array
        Which of them, in alphabetical order.
    premises : float array
        Premises without coverage of each; NaN when the release states no premises at all.
    left_out : dict
        What has no place or did not answer.
    """

    placed: Placed
    row: Ints
    premises: Floats
    left_out: dict[str, dict[str, int | None]]


def find_uncovered(matrix: CoverageMatrix, states: Sequence[str], day: dt.date | None) -> Uncovered:
    """Return the postcodes of a release that are without coverage, in whole or in part.

    Raises
    ------
    ValueError
        When a state is none of `UNCOVERED`.
    """
    if isinstance(states, str) or not len(states) or any(state not in UNCOVERED for state in states):
        raise ValueError(f"states: {states!r} given; a list of one or more of {', '.join(UNCOVERED)} is needed")
    placed = place_postcodes(matrix, day)
    some, premises = _without(placed, states)
    row = np.flatnonzero(some[: len(placed.postcode)] & placed.has_place)
    row = row[np.argsort(placed.postcode[row], kind="stable")]
    return Uncovered(placed, row, premises[row], _count_left_out(placed, some, premises))


def check_metres(value: object, name: str) -> None:
    """Refuse what is not a distance above 0.

    Raises
    ------
    TypeError, ValueError
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise TypeError(f"{name}: {type(value).__name__} given; a distance in metres is needed, such as 1000")
    if not 0 < value < np.inf:
        raise ValueError(f"{name}: {value} given; a distance in metres above 0 is needed, such as 1000")


def _without(placed: Placed, states: Sequence[str]) -> tuple[Bools, Floats]:
    """Return which locations are without coverage, in whole or in part, and their premises without it."""
    located = placed.located
    columns = sorted({STATES.index(state) for state in states})
    weight = np.zeros(len(located.state))
    for column in columns:
        weight += located.weight_by_state[:, column]
    some = np.isin(located.state, columns) | ((located.state == _MIXED) & (weight > 0))
    of_region = (located.region_bits & ~np.uint8(located.no_region_bits)) != 0
    return some & of_region, weight if located.mapped.has_premises else np.full(len(weight), np.nan)


def _count_left_out(placed: Placed, some: Bools, premises: Floats) -> dict[str, dict[str, int | None]]:
    """Count what no not-spot can hold: uncovered locations without a place, and those that did not answer."""
    away = some.copy()
    away[: len(placed.postcode)] &= ~placed.has_place
    error = placed.located.state == STATES.index(ERROR)
    unanswered = placed.located.weight_by_state[:, STATES.index(ERROR)].astype(np.float64)
    stated = placed.located.mapped.has_premises

    def tell(which: Bools, weight: Floats) -> dict[str, int | None]:
        return {"locations": int(which.sum()), "premises": int(weight[which].sum()) if stated else None}

    return {"without_location": tell(away, premises), "not_answered": tell(error, unanswered)}


def _describe(placed: Placed, found: Uncovered, cluster: Ints) -> pd.DataFrame:
    stated = bool(placed.located.mapped.has_premises)
    weight = found.premises if stated else np.ones(len(found.row))
    total = np.bincount(cluster, weights=weight)
    size = np.bincount(cluster)
    order = np.lexsort((np.arange(len(size)), -size, -total))  # clusters are numbered by their first postcode
    columns: dict[str, Any] = {
        "premises": pd.array(total.round(), dtype="Int64") if stated else pd.array([pd.NA] * len(size), dtype="Int64"),
        "postcodes": size,
        **_count_states(placed, found, cluster, len(size)),
        **_measure_extent(placed.xy[found.row], cluster, weight, total),
        "postcode": text_of(placed.postcode[found.row[_leaders(cluster, weight)]]),
        **_name_places(placed, found.row, cluster, weight),
        **_find_cover(placed, found.row, cluster),
    }
    table = pd.DataFrame(columns).iloc[order].reset_index(drop=True)
    table.insert(0, "not_spot", np.arange(1, len(table) + 1))
    return table


def _count_states(placed: Placed, found: Uncovered, cluster: Ints, n: int) -> dict[str, Ints]:
    state = placed.state[found.row]
    counts = {
        name.lower(): np.bincount(cluster[state == code], minlength=n)
        for name, code in ((*((s, STATES.index(s)) for s in UNCOVERED), (MIXED, _MIXED)))
    }
    return counts | {"premises_unknown": np.bincount(cluster[~placed.located.knows_total[found.row]], minlength=n)}


def _measure_extent(xy: Floats, cluster: Ints, weight: Floats, total: Any) -> dict[str, Any]:
    import shapely

    # A not-spot whose premises are all unknown has its plain middle as its centre.
    share = np.where(total[cluster] > 0, weight, 1.0)
    whole = np.bincount(cluster, weights=share)
    centre = [np.bincount(cluster, weights=share * xy[:, axis]) / whole for axis in (0, 1)]
    order = np.argsort(cluster, kind="stable")
    points = shapely.multipoints(shapely.points(xy[order]), indices=cluster[order]) if len(xy) else np.zeros(0, object)
    return {
        "easting": centre[0].round().astype(np.int64),
        "northing": centre[1].round().astype(np.int64),
        "across_m": (2 * shapely.minimum_bounding_radius(points)).round(1),
        "area_km2": (shapely.area(shapely.convex_hull(points)) / 1e6).round(6),
    }


def _leaders(group: Ints, weight: Any) -> Ints:
    """Return the place of the greatest weight in each group; of equals the first."""
    order = np.lexsort((np.arange(len(group)), -weight, group))
    return order[np.append(True, np.diff(group[order]) > 0)[: len(order)]]


def _name_places(placed: Placed, row: Ints, cluster: Ints, weight: Floats) -> dict[str, npt.NDArray[Any]]:
    """Return the district and the region that hold most of each not-spot's premises; of equals the first by name."""
    live = postcode_reference()
    named = {}
    for column in ("lad", "region"):
        words = live[column].cat
        code = words.codes.to_numpy()[placed.reference_row[row]].astype(np.int64)
        n = len(words.categories) + 1
        pair, at = np.unique(cluster * n + code + 1, return_inverse=True)
        held = np.bincount(at, weights=weight, minlength=len(pair))
        best = pair[_leaders(pair // n, held)] % n - 1
        named[column] = pd.Categorical.from_codes(best, categories=words.categories).astype("str")
    return named


def _find_cover(placed: Placed, row: Ints, cluster: Ints) -> dict[str, Any]:
    postcode, distance = CoveredPoints.of(placed).find(placed.xy[row])
    nearest = np.lexsort((postcode, distance, cluster))
    nearest = nearest[np.append(True, np.diff(cluster[nearest]) > 0)[: len(nearest)]]
    return {"nearest_covered": text_of(postcode[nearest]), "nearest_m": distance[nearest].round(1)}
