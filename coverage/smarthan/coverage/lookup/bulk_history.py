"""What earlier releases said of terminated postcodes, for many questions: each distinct postcode is sought once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from smarthan.coverage.index.locations import Ints
from smarthan.coverage.postcodes.arrow_text import take_texts
from smarthan.coverage.postcodes.parsing import parse_postcodes

from . import statuses as st
from .answer_table import STATUS
from .bulk_finding import Found, find_cells
from .history import History, Last, tell_last

# Of the last release that held a terminated postcode, as `CoverageAnswer.last_held` has it.
LAST = ("last_release_id", "last_as_of", "last_state", "last_likelihood", "last_wan_technology")


class LastHeld:
    """The terminated postcodes among many questions.

    Parameters
    ----------
    found : Found
        Where the questions lead.
    history : History or None
        The earlier releases; None where there are none to look at.

    Attributes
    ----------
    rows : int64 array
        The questions.
    """

    def __init__(self, found: Found, history: History | None) -> None:
        self._size, self._text, self._history = len(found.answer), found.text, history
        terminated = found.table.column("status") == STATUS[st.TERMINATED]
        wanted = history is not None and terminated.any()
        self.rows: Ints = np.flatnonzero(terminated[found.answer]) if wanted else np.zeros(0, dtype=np.int64)

    def column(self, name: str) -> Any:
        """Return one of `LAST` for all questions, missing where no release held the postcode."""
        at, told = self.told
        values = [last.held and last.held[name.removeprefix("last_")] for last in told]
        if name == "last_as_of":
            days = np.full(self._size, np.datetime64("NaT"), dtype="datetime64[us]")
            days[self.rows] = np.array(values, dtype="datetime64[us]")[at]
            return days
        kept, words = pd.factorize(pd.Series(values, dtype="str"))
        codes = np.full(self._size, -1, dtype=np.int8 if len(words) < 128 else np.int32)
        codes[self.rows] = kept[at]
        return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(words), validate=False)

    @cached_property
    def told(self) -> tuple[Ints, list[Last]]:
        """What is told of each distinct postcode, and which of these each of `rows` gets."""
        if not len(self.rows) or self._history is None:
            return self.rows, []
        spelt = pa.chunked_array([take_texts(self._text, self.rows)]).dictionary_encode().combine_chunks()
        codes = parse_postcodes(spelt.dictionary.to_pandas().astype("str"))["postcode"]
        at, postcodes = pd.factorize(codes)
        number = spelt.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        return at[number].astype(np.int64), _tell_each(self._history, pd.Series(postcodes, dtype="str"))


def _tell_each(history: History, postcodes: pd.Series) -> list[Last]:
    """Go back release by release until each postcode was met, or there is no release left."""
    nothing = len(postcodes)  # the place that stands for no release
    met = np.full(len(postcodes), nothing, dtype=np.int64)
    left = np.arange(len(postcodes))
    earlier = []
    for place, mapped in enumerate(history.each_earlier()):
        earlier.append(mapped)
        unit = np.frombuffer(mapped.arrays.raw("unit"), dtype=np.uint32)
        held: npt.NDArray[np.bool_] = unit[find_cells(mapped.arrays, postcodes.iloc[left])] > 0
        met[left[held]], left = place, left[~held]
        if not len(left):
            break
    never = tell_last(None, "", history.damaged_until(None))
    return [
        never if place == nothing else tell_last(earlier[place], postcode, history.damaged_until(place))
        for postcode, place in zip(postcodes.tolist(), met.tolist(), strict=True)
    ]
