"""The nearest covered postcode: how far, in a straight line, and nothing more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.coverage.lookup.states import MIXED, STATES
from smarthan.coverage.lookup.statuses import UNKNOWN_POSTCODE, WORDS, describe_format
from smarthan.coverage.postcodes.fixed_text import fix_width, sort_key
from smarthan.coverage.postcodes.parsing import parse_postcodes
from smarthan.coverage.postcodes.rules import Postcode
from smarthan.coverage.reference.tables import terminated_postcodes
from smarthan.coverage.releases.release import parse_day

from .placed import CAVEAT, Floats, Ints, Placed, find_live, place_postcodes, places_of, text_of

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

    from smarthan.coverage.matrix import CoverageMatrix

NOTHING = "no distance: nothing is covered in this release"
_PARTIAL = {"outward": "an outward code", "sector": "a sector"}
_STATE_WORDS = np.array([*STATES, MIXED, None], dtype=object)  # code -1, not in the release, takes the last


@dataclass(frozen=True)
class CoveredPoints:
    """Where the covered postcodes of a release stand.

    Attributes
    ----------
    tree : cKDTree or None
        None when nothing is covered.
    postcode : bytes array
        The postcode of each point of the tree.
    """

    tree: cKDTree | None
    postcode: npt.NDArray[np.bytes_]

    @classmethod
    def of(cls, placed: Placed) -> CoveredPoints:
        """Gather the covered postcodes that have a place."""
        from scipy.spatial import cKDTree

        row = np.flatnonzero(placed.covered & placed.has_place)
        # Neither balanced nor compact: built in half the time, and as quick to ask for the nearest.
        tree = cKDTree(placed.xy[row], balanced_tree=False, compact_nodes=False) if len(row) else None
        return cls(tree, placed.postcode[row])

    def find(self, xy: Floats) -> tuple[npt.NDArray[np.bytes_], Floats]:
        """Return the nearest covered postcode of each point and its distance [m].

        Parameters
        ----------
        xy : float array
            Easting and northing [m], whole numbers; no NaN.

        Returns
        -------
        postcode : bytes array
            Of several at exactly the same distance the first by alphabet; empty when nothing is covered.
        distance : float array
            NaN when nothing is covered.
        """
        if self.tree is None or not len(xy):
            return np.zeros(len(xy), dtype="S8"), np.full(len(xy), np.nan)
        distance, at = self.tree.query(xy, k=[1, 2])
        best = self.postcode[at[:, 0]]
        # Whole metres have exact squares, so equal distances are equal to the last bit.
        tied = np.flatnonzero(distance[:, 0] == distance[:, 1])
        for asked, ring in zip(tied, self.tree.query_ball_point(xy[tied], distance[tied, 0] + 0.01), strict=True):
            squares = ((self.tree.data[ring] - xy[asked]) ** 2).sum(axis=1)
            best[asked] = min(self.postcode[ring][squares == squares.min()].tolist())
        return best, distance[:, 0]


def nearest_covered(
    matrix: CoverageMatrix, postcodes: Iterable[object], *, as_of: dt.date | str | None = None
) -> pd.DataFrame:
    """Return the nearest covered postcode of each postcode, in a straight line.

    Parameters
    ----------
    matrix : CoverageMatrix
    postcodes : Series, array or list of str
        Any postcodes of Great Britain, in the release or not.
    as_of : date or str, optional
        The day asked, which decides the state; the release's own by default.

    Returns
    -------
    DataFrame
        Same length, order and index as the input: postcode (canonical; missing where the text is none), state (of the
        postcode itself in this release; missing where it is not in it), nearest_covered, distance_m (straight line;
        missing where there is no answer, never 0 for that) and words. `attrs` holds the release and the caveat.

    Raises
    ------
    TypeError, ValueError
        When one text is given instead of a column, or as_of is not a day.

    Notes
    -----
    A postcode that is covered is its own nearest, at 0 m (without a distance where its location is not known). Of
    several covered postcodes at exactly the same distance the first by alphabet is named: tens of thousands of
    postcodes share their point with another. A postcode covered in part (MIXED) is not offered as cover. The distance
    is context and never an answer: it says nothing of radio.

    References
    ----------
    Coordinates: OS Code-Point Open, Open Government Licence v3.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> near = nearest_covered(sample_matrix(), ["SW1A 1AA", "EC4P 4GP", "BT1 1AA"])
    >>> near["distance_m"].tolist()
    [0.0, nan, nan]
    >>> near["words"].tolist()[2]
    'outside Great Britain: Northern Ireland is not in the GB programme'
    """
    placed = place_postcodes(matrix, parse_day(as_of))
    read = parse_postcodes(postcodes)
    usable = read["kind"].eq("GEOGRAPHIC").to_numpy()
    own = fix_width(read["postcode"].where(usable))
    row, held = find_live(own), _find_held(placed, own)
    xy = places_of(row)
    name, distance = np.zeros(len(read), dtype="S8"), np.full(len(read), np.nan)
    covered, has_place = np.append(placed.covered, False)[held], ~np.isnan(xy[:, 0])
    name[covered], distance[covered & has_place] = own[covered], 0.0
    asked = np.flatnonzero(~covered & has_place)
    name[asked], distance[asked] = CoveredPoints.of(placed).find(xy[asked]) if len(asked) else (b"", np.nan)
    answer = pd.DataFrame(
        {
            "postcode": read["postcode"].where(usable),
            "state": pd.Series(_STATE_WORDS[np.append(placed.state, -1)[held]], index=read.index, dtype="str"),
            "nearest_covered": text_of(name).set_axis(read.index),
            "distance_m": distance.round(1),
        }
    )
    answer["words"] = _say(read, row, covered, answer)
    answer.attrs = {**matrix.release_attrs, "caveat": CAVEAT}
    return answer


def _find_held(placed: Placed, own: npt.NDArray[np.bytes_]) -> Ints:
    """Return the place of each postcode in the release, -1 where it is not in it."""
    held, asked = sort_key(placed.postcode), sort_key(own)
    if not len(held):
        return np.full(len(asked), -1)
    order = np.argsort(held, kind="stable")  # nearly sorted as it is: quick
    at = order[np.minimum(np.searchsorted(held, asked, sorter=order), len(held) - 1)]
    return np.where(held[at] == asked, at, -1)


def _say(read: pd.DataFrame, row: Ints, covered: npt.NDArray[np.bool_], answer: pd.DataFrame) -> pd.Series:
    found = answer["distance_m"].notna().to_numpy()
    words = pd.Series("covered itself", index=answer.index, dtype="str")
    metres = pd.Series([f"{metres:,.0f} m" for metres in answer["distance_m"]], index=answer.index, dtype="str")
    far = answer["nearest_covered"] + " is the nearest covered postcode, " + metres + " away in a straight line"
    words = words.mask(found & ~covered, far)
    words = words.mask(~found & covered, "covered itself; no distance: its location is not known")
    missing = np.flatnonzero(~found & ~covered)
    words.iloc[missing] = [_explain(read.iloc[place], int(row[place])) for place in missing]
    return words


def _explain(read: pd.Series, row: int) -> str:
    """Return in words why a postcode has no nearest."""
    kind, postcode = str(read["kind"]), read["postcode"]
    if kind == "PARTIAL":
        return f"no distance: a whole postcode is needed, this is {_PARTIAL[str(read['problem'])]}"
    if kind != "GEOGRAPHIC":
        position = None if pd.isna(read["position"]) else int(read["position"])
        return describe_format(Postcode(None, kind, problem=str(read["problem"]), position=position))
    if row >= 0:
        return "no distance: live, but without a location" if np.isnan(places_of(np.array([row]))[0, 0]) else NOTHING
    ended = terminated_postcodes()["postcode"]
    at = int(ended.searchsorted(postcode))
    if at < len(ended) and ended.iloc[at] == postcode:
        return "no distance: withdrawn by Royal Mail, its location is not kept"
    return WORDS[UNKNOWN_POSTCODE]
