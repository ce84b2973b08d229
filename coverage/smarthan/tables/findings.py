"""What was found wrong, kept column-wise: a faulty file may break a rule in millions of rows, and each has its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast, overload

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarthan.tables.problems import RULES, clip

PROBLEM_COLUMNS = ["table", "file", "line", "key", "column", "code", "severity", "original", "message", "suggestion"]
# Columns that repeat few words are categories.
_REPEATED = ("table", "file", "column", "code", "severity", "message", "suggestion")
_ODD = "[^ -~]"  # whatever `clip` may have to write otherwise
_CODED = pa.dictionary(pa.int32(), pa.large_string())


@dataclass(frozen=True)
class Problem:
    """One breach of one rule at one place; `line` is a physical line, or `Sheet!A3` in a workbook."""

    code: str
    line: int | str
    column: str
    original: str
    message: str
    suggestion: str = ""


@dataclass(frozen=True)
class Batch:
    """Breaches of one rule in one column.

    Attributes
    ----------
    code, column, severity, suggestion : str
        Of all of them.
    line : array
        Place of each.
    original : LargeStringArray
        Text of each, as it stood.
    message : Array of text, or str
        Of each, or of all.
    key : LargeStringArray or None
        Key cells of each row; None for whole records.
    """

    code: str
    column: str
    severity: str
    line: npt.NDArray[np.generic]
    original: pa.Array
    message: pa.Array | str
    suggestion: str = ""
    key: pa.Array | None = None

    def __len__(self) -> int:
        return len(self.line)

    def problem(self, number: int) -> Problem:
        """Return one breach."""
        message = self.message if isinstance(self.message, str) else self.message[number].as_py()
        line = self.line[number].item() if hasattr(self.line[number], "item") else self.line[number]
        return Problem(self.code, line, self.column, self.original[number].as_py(), message, self.suggestion)


class Problems(Sequence[Problem]):
    """What a reader found before any cell was typed: a sequence of `Problem`, stored in batches."""

    def __init__(self, batches: Iterable[Batch] = ()) -> None:
        self.batches = tuple(batch for batch in batches if len(batch))

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> Problems:
        """Return problems that were listed one by one, in batches."""
        if isinstance(problems, Problems):
            return problems
        same: dict[tuple[str, str, str], list[Problem]] = {}
        for problem in problems:
            same.setdefault((problem.code, problem.column, problem.suggestion), []).append(problem)
        return cls(_batch(found) for found in same.values())

    def __add__(self, other: Sequence[Problem]) -> Problems:
        return Problems((*self.batches, *Problems.of(other).batches))

    def __len__(self) -> int:
        return sum(map(len, self.batches))

    def __iter__(self) -> Iterator[Problem]:
        return (batch.problem(number) for batch in self.batches for number in range(len(batch)))

    @overload
    def __getitem__(self, number: int) -> Problem: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Problem]: ...
    def __getitem__(self, number: int | slice) -> Problem | Sequence[Problem]:
        return list(self)[number]


def _batch(problems: list[Problem]) -> Batch:
    first = problems[0]
    return Batch(
        first.code,
        first.column,
        RULES[first.code].severity,
        np.array([p.line for p in problems]),
        pa.array([p.original for p in problems], pa.large_string()),
        pa.array([p.message for p in problems], pa.large_string()),
        first.suggestion,
    )


def clip_all(texts: pa.Array, limit: int) -> pa.Array:
    """Return `clip` of each text; only texts that need it cost anything."""
    odd = pc.or_(pc.match_substring_regex(texts, _ODD), pc.greater(pc.utf8_length(texts), limit))
    if not pc.any(odd).as_py():
        return texts
    coded = texts.filter(odd).dictionary_encode()
    clipped = pa.array([clip(text, limit) for text in coded.dictionary.to_pylist()], texts.type)
    return pc.replace_with_mask(texts, odd, clipped.take(coded.indices))


def fill_message(message: str, shown: pa.Array) -> pa.Array | str:
    """Return a message with each text in the place of `{value}`."""
    if "{value}" not in message:
        return message
    parts: list[object] = []
    for words in message.split("{value}"):
        parts += [pa.scalar(words, pa.large_string()), shown]
    return pc.binary_join_element_wise(*parts[:-1], pa.scalar("", pa.large_string()))


def withhold(batch: Batch) -> Batch:
    """Return a batch that shows no original text."""
    return replace(batch, original=_repeat("", len(batch)))


def tabulate(batches: Sequence[Batch], table: str, file: str) -> pd.DataFrame:
    """Return batches as one table, in the order of lines, columns and codes."""
    batches = [batch for batch in batches if len(batch)]
    sizes = [len(batch) for batch in batches]
    count = sum(sizes)
    frame = pd.DataFrame(
        {
            "table": _spread([table], [count]),
            "file": _spread([file], [count]),
            "line": np.concatenate([b.line for b in batches]) if batches else np.zeros(0, dtype=np.int64),
            "key": _texts([b.key if b.key is not None else _repeat("", len(b)) for b in batches]),
            **{name: _spread([getattr(b, name) for b in batches], sizes) for name in ("column", "code", "severity")},
            "original": _texts([b.original for b in batches]),
            "message": _messages(batches),
            "suggestion": _spread([b.suggestion for b in batches], sizes),
        }
    )[PROBLEM_COLUMNS]
    if frame["line"].dtype.kind in "iu":
        frame["line"] = frame["line"].astype(np.int64)
    return _in_order(frame)


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    line = frame["line"].to_numpy()
    places = line if line.dtype.kind in "iu" else pd.factorize(line, sort=True)[0]
    columns, codes = (frame[name].cat.codes.to_numpy() for name in ("column", "code"))
    if bool((places[1:] > places[:-1]).all()):
        return frame
    return frame.take(np.lexsort((codes, columns, places))).reset_index(drop=True)


def _repeat(text: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.large_string()), count)


def _texts(parts: list[pa.Array]) -> pd.Series:
    return pd.Series(pd.array(pa.chunked_array(parts, pa.large_string()), dtype="str"))


def _spread(words: list[str], sizes: list[int]) -> pd.Categorical:
    """Return each word as many times as its batch has breaches."""
    listed = sorted(set(words))
    codes = np.array([listed.index(word) for word in words], dtype=np.int16)
    return pd.Categorical.from_codes(np.repeat(codes, sizes), categories=pd.Index(listed, dtype="str"))


def _messages(batches: Sequence[Batch]) -> pd.Categorical:
    parts = []
    for batch in batches:
        if isinstance(batch.message, str):
            codes = pa.array(np.zeros(len(batch), dtype=np.int32))
            parts.append(pa.DictionaryArray.from_arrays(codes, pa.array([batch.message], pa.large_string())))
        elif pa.types.is_dictionary(batch.message.type):
            parts.append(batch.message)
        else:
            parts.append(batch.message.dictionary_encode())
    whole = pa.chunked_array(parts, _CODED).unify_dictionaries()
    words = whole.chunk(0).dictionary if parts else pa.array([], pa.large_string())
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in whole.chunks]) if parts else np.zeros(0, np.int32)
    return pd.Categorical.from_codes(codes, categories=pd.Index(words.to_pandas(), dtype="str"))


def empty_problems() -> pd.DataFrame:
    """Return a quarantine (or notes) table with no line.

    Returns
    -------
    DataFrame
        table, file, line, key, column, code, severity, original, message, suggestion.
    """
    frame = tabulate([], "", "")
    return frame.astype({name: pd.CategoricalDtype(pd.Index([], dtype="str")) for name in ("table", "file")})


def as_text(problems: pd.DataFrame) -> pd.DataFrame:
    """Return a quarantine (or notes) table whose repeated words are plain text, so that such tables can be stacked."""
    return cast(pd.DataFrame, problems.astype(dict.fromkeys(_REPEATED, "str")))
