"""Names of the parts of a stacked bar, written over the first bar, so that a reader needs no key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .style import INK, INK_SOFT, SMALL_TEXT_PT

# 12 pt letters of our font are 0.1 in wide on average, and a stacked bar's axis about 6.3 in long beside its labels.
LETTER_IN, AXIS_IN = 0.1, 6.3
# Height of a line of labels [rows of the chart].
LINE = 0.52


def find_levels(starts: Sequence[float], words: Sequence[str], length: float) -> list[int] | None:
    """Return on which line over the bar each name stands, 0 nearest; None where two lines hold them not all.

    Parameters
    ----------
    starts : sequence of float
        Left ends of the parts, rising.
    words : sequence of str
    length : float
        Of the whole axis, in the unit of `starts`.

    Examples
    --------
    >>> find_levels([0, 30, 34], ["Reach", "Cost", "Consumer"], 85)
    [0, 0, 1]
    >>> find_levels([0, 1, 2], ["A long name", "Another long name", "A third one"], 85) is None
    True
    """
    letter = length * LETTER_IN / AXIS_IN
    ends, levels = [-np.inf, -np.inf], []
    for start, word in zip(starts, words, strict=True):
        free = [level for level in (0, 1) if ends[level] <= start]
        if not free:
            return None
        levels.append(free[0])
        ends[free[0]] = start + letter * (len(word) + 1.5)
    return levels


def name_parts(ax: Any, widths: np.ndarray, words: Sequence[str]) -> bool:
    """Write each part's name over its start in the first bar; say whether there was room.

    Parameters
    ----------
    ax : Axes
        With its limits set, first row on top.
    widths : array of float
        Of the parts of the first bar; a part of no width has no place to be named.
    words : sequence of str
    """
    starts = np.concatenate([[0.0], np.cumsum(widths)[:-1]])
    low, high = ax.get_xlim()
    levels = find_levels(starts.tolist(), words, high - low)
    if levels is None or (widths <= 0).any() or starts[-1] + _length(words[-1], high - low) > high:
        return False
    for start, word, level in zip(starts, words, levels, strict=True):
        at = -0.5 - LINE * level
        if level:
            ax.vlines(start, at, -0.36, color=INK_SOFT, lw=0.8, zorder=2)
        ax.text(start, at, f" {word}" if level else word, va="bottom", ha="left", size=SMALL_TEXT_PT, color=INK)
    ax.set_ylim(ax.get_ylim()[0], -0.5 - LINE * (max(levels) + 1))
    return True


def _length(word: str, axis: float) -> float:
    return axis * LETTER_IN / AXIS_IN * len(word)
