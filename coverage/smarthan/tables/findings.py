"""What was found wrong, kept column-wise: a faulty file may break a rule in millions of rows, and each has its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast, overload

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.types import union_categoricals

from smarthan.tables.problems import RULES, clip

PROBLEM_COLUMNS = ["table", "file", "line", "key", "column", "code", "severity", "original", "message", "suggestion"]
_ODD = "[^ -~]"  # whatever `clip` may have to write otherwise
Codes = npt.NDArray[np.signedinteger]
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


@dataclass
class Room:
    """How many breaches may still be listed one by one; what is read of one workbook shares one."""

    left: int

    def take(self, count: int) -> bool:
        """Return whether so many more may be listed; where they may not, none may from now on."""
        fits = count <= self.left
        self.left = self.left - count if fits else 0
        return fits


@dataclass(frozen=True)
class Batch:
    """Breaches of one rule in one column.

    Attributes
    ----------
    code, column, severity, suggestion : str
        Of all of them.
    line : array
        Place of each.
    original, message, key : Array of text (plain or coded), or str
        The text as it stood, what is said of it, the row's key cells; of each, or one text for all.
    """

    code: str
    column: str
    severity: str
    line: npt.NDArray[np.generic]
    original: pa.Array | str
    message: pa.Array | str
    suggestion: str = ""
    key: pa.Array | str = ""

    def __len__(self) -> int:
        return len(self.line)

    def problem(self, number: int) -> Problem:
        """Return one breach."""
        original, message = (t if isinstance(t, str) else t[number].as_py() for t in (self.original, self.message))
        line = self.line[number].item() if hasattr(self.line[number], "item") else self.line[number]
        return Problem(self.code, line, self.column, original, message, self.suggestion)


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


def clip_all(texts: pa.Array | str, limit: int) -> pa.Array | str:
    """Return `clip` of each text; only texts that need it cost anything."""
    if isinstance(texts, str):
        return clip(texts, limit)
    if pa.types.is_dictionary(texts.type):
        return pa.DictionaryArray.from_arrays(texts.indices, clip_all(texts.dictionary, limit))
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
    coded = shown if pa.types.is_dictionary(shown.type) else shown.dictionary_encode()
    parts: list[object] = []
    for words in message.split("{value}"):
        parts += [pa.scalar(words, pa.large_string()), coded.dictionary]
    filled = pc.binary_join_element_wise(*parts[:-1], pa.scalar("", pa.large_string()))
    return pa.DictionaryArray.from_arrays(coded.indices, filled)


def withhold(batch: Batch) -> Batch:
    """Return a batch that shows no original text."""
    return replace(batch, original="")


def code_type(count: int) -> pa.DataType:
    """Return the smallest type that holds the codes of a number of words; 1, 2 or 4 bytes."""
    return pa.int8() if count < 128 else pa.int16() if count < 32_768 else pa.int32()


@dataclass(frozen=True)
class Places:
    """Where a sheet's columns stand, so that a row and a column name a cell: `Sheet!B7`."""

    sheet: str
    letters: Mapping[str, str]

    def name(self, rows: npt.NDArray[np.generic], codes: Codes, columns: pd.Index) -> pd.api.extensions.ExtensionArray:
        """Return the place of each breach: a cell, the row's first named cell, or the sheet where it has no row."""
        first = next(iter(self.letters.values()), "A")
        starts = pd.array([f"{self.sheet}!{self.letters.get(name, first)}" for name in columns], dtype="str")
        cells = starts.take(codes) + pd.array(rows.astype(np.int64).astype("str"), dtype="str")
        whole = rows == 0
        if whole.any():
            cells[whole] = self.sheet
        return cells


def tabulate(batches: Sequence[Batch], table: str, file: str, places: Places | None = None) -> pd.DataFrame:
    """Return batches as one table, in the order of lines, columns and codes; a sheet's lines become its cells."""
    batches = [batch for batch in batches if len(batch)]
    sizes = [len(batch) for batch in batches]
    lines = np.concatenate([b.line for b in batches]) if batches else np.zeros(0, dtype=np.int64)
    words = {name: _repeat([getattr(b, name) for b in batches], sizes) for name in ("column", "code", "severity")}
    order = _order(lines, words["column"][0], words["code"][0])
    words |= {"table": _repeat([table], [len(lines)]), "file": _repeat([file], [len(lines)])}
    columns: dict[str, object] = {}
    for name in PROBLEM_COLUMNS:
        if name == "line":
            lines = lines if order is None else lines[order]
            columns[name] = lines.astype(np.int64, copy=False) if lines.dtype.kind in "iu" else lines
            if places is not None:
                codes, listed = words["column"]
                columns[name] = places.name(lines, codes if order is None else codes[order], listed)
            continue
        codes, listed = words[name] if name in words else _gather([getattr(b, name) for b in batches], sizes)
        codes = codes if order is None else codes[order]
        columns[name] = pd.Categorical.from_codes(codes, categories=listed, validate=False)
    return pd.DataFrame(columns, copy=False)


def _order(lines: npt.NDArray[np.generic], columns: Codes, codes: Codes) -> npt.NDArray[np.int64] | None:
    """Return the order of lines, columns and codes; None where it is kept already."""
    places = cast(Codes, lines if lines.dtype.kind in "iu" else pd.factorize(lines, sort=True)[0])
    if bool((places[1:] > places[:-1]).all()):
        return None
    # One number for all three sorts in a third of the memory of three keys; lines, columns and codes are few enough.
    rank = places.astype(np.int64)
    for part in (columns, codes):
        rank *= int(part.max(initial=0)) + 1
        rank += part
    return np.argsort(rank, kind="stable")


def _repeat(words: list[str], sizes: list[int]) -> tuple[Codes, pd.Index]:
    """Return each word as many times as its batch has breaches, as codes and an alphabetical list."""
    listed = sorted(set(words))
    of_batch = np.array([listed.index(word) for word in words], dtype=np.int8 if len(listed) < 128 else np.int32)
    return np.repeat(of_batch, sizes), pd.Index(listed, dtype="str")


def _gather(parts: list[pa.Array | str], sizes: list[int]) -> tuple[Codes, pd.Index]:
    """Return the texts of batches, each an array or one text for all, as codes and a list."""
    if all(isinstance(part, str) for part in parts):
        return _repeat([str(part) for part in parts], sizes)
    if len(parts) == 1 and isinstance(parts[0], pa.DictionaryArray):
        whole = [_code(parts[0], sizes[0])]
    else:
        chunks = [_code(part, size) for part, size in zip(parts, sizes, strict=True)]
        whole = pa.chunked_array(chunks, _CODED).unify_dictionaries().chunks
        del chunks
    words = whole[0].dictionary
    smallest = code_type(len(words))
    return np.concatenate([chunk.indices.cast(smallest).to_numpy() for chunk in whole]), _index(words)


def _code(part: pa.Array | str, size: int) -> pa.DictionaryArray:
    """Return texts as words and codes; `unify_dictionaries` needs each word once."""
    if isinstance(part, str):
        return pa.DictionaryArray.from_arrays(pa.array(np.zeros(size, np.int32)), pa.array([part], pa.large_string()))
    if not pa.types.is_dictionary(part.type):
        return part.dictionary_encode()
    once = part.dictionary.dictionary_encode()
    codes = once.indices.to_numpy()[part.indices.to_numpy()].astype(np.int32, copy=False)
    return pa.DictionaryArray.from_arrays(pa.array(codes), once.dictionary)


def _index(words: pa.Array) -> pd.Index:
    return pd.Index(pd.array(pa.chunked_array([words], pa.large_string()), dtype="str"))


def empty_problems() -> pd.DataFrame:
    """Return a quarantine (or notes) table with no line.

    Returns
    -------
    DataFrame
        table, file, line, key, column, code, severity, original, message, suggestion.
    """
    return tabulate([], "", "")


def stack_problems(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return quarantine (or notes) tables as one, whose texts are still categories: each text is kept once."""
    filled = [table for table in tables if len(table)]
    if not filled:
        return empty_problems()
    if len(filled) == 1:
        return filled[0].astype(dict.fromkeys(set(PROBLEM_COLUMNS) - {"line"}, "category")).reset_index(drop=True)
    columns: dict[str, object] = {"line": pd.concat([table["line"] for table in filled], ignore_index=True)}
    for name in set(PROBLEM_COLUMNS) - {"line"}:
        columns[name] = union_categoricals([table[name].astype("category") for table in filled])
    return pd.DataFrame({name: columns[name] for name in PROBLEM_COLUMNS}, copy=False)


def as_text(problems: pd.DataFrame) -> pd.DataFrame:
    """Return a quarantine (or notes) table whose categories are plain text, so that such tables can be stacked."""
    return cast(pd.DataFrame, problems.astype(dict.fromkeys(set(PROBLEM_COLUMNS) - {"line"}, "str")))
