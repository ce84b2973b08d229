"""Which rows of a table lie under ranges of cells: merged ones, hyperlinks, formulas that fill a range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from smarthan.tables.accounting import Rows
from smarthan.tables.workbook.places import Area

_NAMED = 1000  # ranges that a message of their own names; further ones share one


@dataclass(frozen=True)
class Cover:
    """What lies over cells: rule code, words, the kinds of column that it spoils (all but `but` where none are given).

    `skip_first` leaves the upper left cell of a range alone: it holds what the others were merged into.
    """

    code: str
    words: str
    kinds: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    skip_first: bool = False

    def spoils(self, kind: str) -> bool:
        """Return whether it spoils a column of a kind."""
        return kind in self.kinds if self.kinds else kind not in self.but


Found = tuple[str, npt.NDArray[np.int64], str]


def covered(rows: Rows, numbers: Mapping[str, int], areas: Sequence[Area], cover: Cover) -> Iterator[Found]:
    """Yield column, positions and message of rows that lie under ranges.

    Parameters
    ----------
    rows : Rows
        Working rows; `line` holds row numbers in order.
    numbers : mapping of str to int
        Column number of each declared column that is there.
    areas : sequence of Area
        The ranges.
    cover : Cover
        What they are.
    """
    lines = np.asarray(rows.line, dtype=np.int64)
    columns = {n: name for name, n in numbers.items() if cover.spoils(rows.table.by_name[name].kind)}
    rest: dict[str, list[npt.NDArray[np.int64]]] = {}
    named = 0
    for area in areas:
        for column, at in _under(area, lines, columns, cover):
            if named < _NAMED:
                yield (
                    column,
                    at,
                    f"the cell {cover.words} {area.reference}" if cover.skip_first or cover.but else _say(cover),
                )
                named += 1
            else:
                rest.setdefault(column, []).append(at)
    for column, parts in rest.items():
        yield column, np.concatenate(parts), f"the cell {cover.words} of a range"


def _say(cover: Cover) -> str:
    return f"the cell {cover.words}; write its text alone"


def _under(
    area: Area, lines: npt.NDArray[np.int64], columns: Mapping[int, str], cover: Cover
) -> Iterator[tuple[str, npt.NDArray[np.int64]]]:
    first, last = np.searchsorted(lines, [area.top, area.bottom + 1])
    if first == last:
        return
    for number, name in columns.items():
        if not area.left <= number <= area.right:
            continue
        at = np.arange(first, last)
        if cover.skip_first and number == area.left:
            at = at[lines[at] != area.top]
        if len(at):
            yield name, at
