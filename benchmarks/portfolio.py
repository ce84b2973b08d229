"""A messy premises portfolio: real postcodes, written as people write them, the same rows for every contender.

Rows are drawn in blocks, each from `[SEED, block]`, so that the first ten of thirty million rows are always the same.

No row has a blank at a wrong place. The quickest normalising of some engines takes every blank away, and so reads
"SW11 AA" as SW1 1AA; the peers may do that here, and all rows can still be compared.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from smarthan.coverage import terminated_postcodes

SEED = 20261102
BLOCK = 1_000_000
VERSION = 1  # part of the file name: raise it whenever a row would be drawn differently

# Shares in a portfolio, assumed: the first four forms have a fast path in any sensible parser, the others (7.5 %) none.
FORMS = {
    "canonical": 0.700,
    "lower case": 0.090,
    "no blank": 0.100,
    "lower case, no blank": 0.035,
    "outer blanks": 0.026,
    "two blanks inside": 0.016,
    "tab or line end": 0.007,
    "no-break space": 0.008,
    "one letter wrong": 0.0025,
    "0 for O, I for 1": 0.0025,
    "outward code alone": 0.001,
    "sector alone": 0.001,
    "outside Great Britain": 0.002,
    "missing": 0.003,
    "a word for missing": 0.001,
    "terminated": 0.003,
    "unknown": 0.002,
}
_ELSEWHERE = ("BT1 1AA", "BT48 6DQ", "JE2 3QA", "GY1 1AA", "IM1 1AA", "BFPO 61", "GIR 0AA", "XM4 5HQ")
_WORDS = ("", " ", "N/A", "null", "None", "unknown", "-", "TBC")
_NO_BREAK = "\u00a0"


def write_portfolio(path: Path, live: pd.Series, rows: int) -> None:
    """Write a Parquet file with one column, `postcode`, drawn from live postcodes."""
    names, ended = _as_text(live), _as_text(terminated_postcodes()["postcode"])
    with pq.ParquetWriter(path, pa.schema([("postcode", pa.string())])) as file:
        for block, start in enumerate(range(0, rows, BLOCK)):
            drawn = draw_block(names, ended, block, min(BLOCK, rows))
            file.write_table(pa.table({"postcode": drawn.slice(0, rows - start)}))


def _as_text(column: pd.Series) -> pa.Array:
    return pa.chunked_array(pa.array(column, from_pandas=True)).cast(pa.string()).combine_chunks()


def draw_block(live: pa.Array, ended: pa.Array, block: int, rows: int = BLOCK) -> pa.Array:
    """Return the rows of one block of a portfolio."""
    random = np.random.default_rng([SEED, block])
    form = random.choice(len(FORMS), size=rows, p=list(FORMS.values()))
    order = np.argsort(form, kind="stable")
    counts = np.bincount(form, minlength=len(FORMS))
    drawn = live.take(pa.array(random.integers(len(live), size=rows)))
    parts, start = [], 0
    for name, count in zip(FORMS, counts.tolist(), strict=True):
        some = drawn.slice(start, count)
        parts.append(_write_as(name, some, ended, random).cast(pa.string()))
        start += count
    back = np.empty(rows, dtype=np.int64)
    back[order] = np.arange(rows)
    return pa.concat_arrays(parts).take(pa.array(back))


def _write_as(form: str, text: pa.Array, ended: pa.Array, random: np.random.Generator) -> pa.Array:
    """Return canonical postcodes in one of the `FORMS`."""
    if form in _WHOLE_COLUMN:
        return _WHOLE_COLUMN[form](text)
    if form == "missing":
        return pa.nulls(len(text), pa.string())
    if form == "terminated":
        return ended.take(pa.array(random.integers(len(ended), size=len(text))))
    choose = _ONE_BY_ONE[form]
    return pa.array([choose(one, random) for one in text.to_pylist()], pa.string())


def _outer_blanks(text: str, random: np.random.Generator) -> str:
    before, after = ((0, 1), (0, 2), (1, 0), (1, 1))[random.integers(4)]
    return " " * before + text + " " * after


def _tab_or_line_end(text: str, random: np.random.Generator) -> str:
    return ("\t{}", "{}\t", "{}\r\n", "{}\n")[random.integers(4)].format(text)


def _no_break(text: str, random: np.random.Generator) -> str:
    return (text.replace(" ", _NO_BREAK), text + _NO_BREAK, _NO_BREAK + text)[random.integers(3)]


def _one_wrong(text: str, random: np.random.Generator) -> str:
    """One character replaced by another, or lost or doubled before the inward code; what that gives stands there."""
    at = int(random.integers(len(text)))
    ways = 3 if at < len(text) - 3 else 1
    new = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[random.integers(36)], "", text[at] * 2)[random.integers(ways)]
    return text[:at] + new + text[at + 1 :]


def _look_alike(text: str, random: np.random.Generator) -> str:
    inward = text[-3].translate(str.maketrans("01", "OI")) + text[-2:]
    return text[:-3].replace("O", "0").replace("1", "I") + (inward if random.integers(2) else text[-3:])


def _unknown(text: str, random: np.random.Generator) -> str:
    """Another unit of the sector, whether it exists or not."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return text[:-2] + letters[random.integers(20)] + letters[random.integers(20)]


_WHOLE_COLUMN = {
    "canonical": lambda text: text,
    "lower case": pc.ascii_lower,
    "no blank": lambda text: pc.replace_substring(text, " ", ""),
    "lower case, no blank": lambda text: pc.replace_substring(pc.ascii_lower(text), " ", ""),
    "two blanks inside": lambda text: pc.replace_substring(text, " ", "  "),
    "outward code alone": lambda text: pc.utf8_rtrim(pc.utf8_slice_codeunits(text, 0, -3), " "),
    "sector alone": lambda text: pc.utf8_slice_codeunits(text, 0, -2),
}
_ONE_BY_ONE = {
    "outer blanks": _outer_blanks,
    "tab or line end": _tab_or_line_end,
    "no-break space": _no_break,
    "one letter wrong": _one_wrong,
    "0 for O, I for 1": _look_alike,
    "outside Great Britain": lambda text, random: _ELSEWHERE[random.integers(len(_ELSEWHERE))],
    "a word for missing": lambda text, random: _WORDS[random.integers(len(_WORDS))],
    "unknown": _unknown,
}
