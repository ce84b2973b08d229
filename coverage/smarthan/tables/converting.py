"""From text cells to typed cells, with the rule each bad cell breaks. Nothing is guessed, rescaled or negated."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarthan.tables.cells import Coded, encode, spread_typed
from smarthan.tables.fields import Field, typed_column

Mask = npt.NDArray[np.bool_]

_NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?"
_WITH_UNIT = r"[+-]?[0-9]+([.,][0-9]+)?\s*[^\d,.\s][^\d,.]{0,12}"
_INTEGER = r"[+-]?[0-9]{1,18}"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
# Universal time, or an offset of at most 14 hours: none is larger (IANA time zone database).
_ZONE = r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])"
_NO_ZONE = r"(\s?[A-Za-z][A-Za-z_/]{0,40}|\s?[+-][0-9]{1,2}(:?[0-9]{2})?)?"
_SENTINELS = frozenset(
    [
        *("nan", "n/a", "na", "null", "none", "nil", "-", "--", "?", "unknown"),
        *("-999", "-9999", "-999.0", "-9999.0", "9.97e36"),
    ]
)
_ERROR_CELL = r"#(REF|VALUE|NAME|DIV/0|NUM|NULL|N/A|GETTING_DATA|SPILL|CALC|FIELD|BLOCKED|UNKNOWN)[!?]?"
_SUGGESTED = 200  # distinct unknown words of a column that get a suggestion
_MANGLED = re.compile(
    r"[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+"  # 1.2E+05
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9:]+)?|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"
    r"|[0-9]{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(-[0-9]{2,4})?"
)
# Zero-width and direction characters hide in identifiers; full-width digits and look-alikes are not ASCII either.
# No fault of an identifier begins with a letter, holds a digit and else only visible ASCII and single blanks, or is a
# plain number.
_ORDINARY_ID = r"^(?:[A-Za-z](?: ?[!-~])*[0-9](?: ?[!-~])*|[0-9]+)$"
_IDENTIFIER = re.compile(r"[!-~]+( [!-~]+)*", re.ASCII)


@dataclass(frozen=True)
class Breach:
    """Cells of one column that break one rule."""

    mask: Mask
    code: str
    message: str
    severity: str = "row"
    suggest: str = ""


def convert(field: Field, text: pd.Series) -> tuple[pd.Series, list[Breach]]:
    """Return a column in its declared dtype, and the rules its cells break.

    Parameters
    ----------
    field : Field
        The declaration.
    text : Series of str
        Cells as they stand in the file; '' is empty.

    Returns
    -------
    tuple of (Series, list of Breach)
        A cell that breaks a rule is missing in the series. Rows are counted by the caller.

    Examples
    --------
    >>> column, breaches = convert(Field("n", "integer", "A count.", low=0), pd.Series(["3", "x", "-1"], dtype="str"))
    >>> column.tolist(), [b.code for b in breaches]
    ([3, <NA>, -1], ['number_format', 'value_range'])
    """
    column, breaches = convert_coded(field, encode(pa.chunked_array(pa.array(text))))
    return column.set_axis(text.index), breaches


def convert_coded(field: Field, coded: Coded) -> tuple[pd.Series, list[Breach]]:
    """Return what `convert` does, from a column's words and codes: each word is judged once."""
    words = coded.words
    if not field.required and words.eq("").all():
        faults: list[Breach] = []
        typed = typed_column(field, pd.Series([None] * len(words), dtype="str"))
    else:
        typed, faults = _convert_distinct(field, words)
        typed = typed_column(field, typed)
    typed = spread_typed(typed, coded.codes)
    found = [replace(fault, mask=coded.spread(fault.mask)) for fault in faults]
    return typed, [breach for breach in found if breach.mask.any()]


def _convert_distinct(field: Field, words: pd.Series) -> tuple[pd.Series, list[Breach]]:
    empty = words.str.strip().eq("").to_numpy(dtype=bool)
    breaches = [Breach(empty, "required_missing", f"{field.name} is empty; it is required")] if field.required else []
    long = words.str.len().gt(field.max_length).to_numpy(dtype=bool)
    if long.any():
        breaches.append(Breach(long, "cell_too_long", f"is longer than {field.max_length} characters"))
    error = ~long & words.str.lstrip().str.startswith("#").to_numpy(dtype=bool)
    if error.any():
        error &= words.str.strip().str.fullmatch(_ERROR_CELL).to_numpy(dtype=bool)
        breaches.append(Breach(error, "cell_error", "'{value}' is a spreadsheet's error; restore the value"))
    typed, faults = _CONVERTERS[field.kind](field, words, ~empty & ~long & ~error)
    return typed, breaches + [f for f in faults if f.mask.any()]


def _text(field: Field, words: pd.Series, use: Mask) -> tuple[pd.Series, list[Breach]]:
    if field.verbatim:
        return words.where(use), []
    formula = use & words.str.match(r"[=+@]").to_numpy(dtype=bool)
    kept = words.where(use & ~formula)
    return kept, [Breach(formula, "cell_formula", "'{value}' starts like a spreadsheet formula")]


def _identifier(field: Field, words: pd.Series, use: Mask) -> tuple[pd.Series, list[Breach]]:
    """Judge identifiers; only the few that do not look ordinary are looked at one by one."""
    ordinary = pc.match_substring_regex(pa.chunked_array(pa.array(words)), _ORDINARY_ID).to_numpy()
    odd = np.flatnonzero(~(ordinary & use))
    if not len(odd):
        return words, []
    typed, faults = _odd_identifier(words.iloc[odd], use[odd])
    if not typed.equals(words.iloc[odd]):
        words = words.copy()
        words.iloc[odd] = typed.array
    spread = [np.zeros(len(words), dtype=np.bool_) for _ in faults]
    for mask, fault in zip(spread, faults, strict=True):
        mask[odd[fault.mask]] = True
    return words, [replace(fault, mask=mask) for mask, fault in zip(spread, faults, strict=True)]


def _odd_identifier(words: pd.Series, use: Mask) -> tuple[pd.Series, list[Breach]]:
    trimmed = words.str.strip(" \t\r\n\u00a0")
    formula = use & trimmed.str.match(r"[=+@-]").to_numpy(dtype=bool)
    sentinel = use & ~formula & trimmed.str.casefold().isin(_SENTINELS).to_numpy(dtype=bool)
    mangled = use & ~formula & ~sentinel & trimmed.map(lambda w: bool(_MANGLED.fullmatch(w))).to_numpy(dtype=bool)
    plain = trimmed.map(lambda w: bool(_IDENTIFIER.fullmatch(w))).to_numpy(dtype=bool)
    strange = use & ~formula & ~sentinel & ~mangled & ~plain
    good = use & ~formula & ~sentinel & ~mangled & ~strange
    spaced = good & (trimmed != words).to_numpy(dtype=bool)
    return trimmed.where(good), [
        Breach(formula, "cell_formula", "'{value}' starts like a spreadsheet formula"),
        Breach(sentinel, "sentinel", "'{value}' is a word for missing, not an identifier"),
        Breach(mangled, "id_mangled", "'{value}' was changed by a spreadsheet; restore the identifier"),
        Breach(strange, "id_format", "'{value}' holds a character no identifier may have"),
        Breach(spaced, "category_spelling", "outer blanks of '{value}' were dropped", "repair"),
    ]


def _category(field: Field, words: pd.Series, use: Mask) -> tuple[pd.Series, list[Breach]]:
    if not field.allowed:
        return _text(field, words, use)
    by_fold = {word.casefold(): word for word in field.allowed}
    exact = words.isin(field.allowed).to_numpy(dtype=bool)
    folded = words.str.strip().str.casefold().map(by_fold)
    known = folded.notna().to_numpy(dtype=bool)
    unknown = use & ~known
    breaches = [Breach(use & known & ~exact, "category_spelling", "'{value}' was read as the listed word", "repair")]
    if unknown.any():
        breaches += _unknown_words(field, words, unknown)
    return folded.where(use & known), breaches


def _unknown_words(field: Field, words: pd.Series, unknown: Mask) -> Iterator[Breach]:
    """Yield the words that are not listed, together where they have the same nearest listed word."""
    near = {word: _nearest(word, field.allowed) for word in words[unknown].unique()[:_SUGGESTED]}
    hints = np.array([near.get(word, "") for word in words[unknown].tolist()], dtype=object)
    for hint in sorted(set(hints), reverse=True):
        mask = unknown.copy()
        mask[unknown] = hints == hint
        yield Breach(mask, "category_unknown", f"'{{value}}' is not {field.expectation}", suggest=hint)


def _nearest(word: str, allowed: tuple[str, ...]) -> str:
    by_fold = {known.casefold(): known for known in allowed}
    close = difflib.get_close_matches(word.strip().casefold()[:64], by_fold, n=1)
    return by_fold[close[0]] if close else ""


def _words(field: Field, words: pd.Series, use: Mask) -> tuple[pd.Series, list[Breach]]:
    parts = words.map(lambda cell: [part.strip() for part in cell.split(";") if part.strip()])
    good = use & parts.map(lambda found: bool(found) and set(found) <= set(field.allowed)).to_numpy(dtype=bool)
    ordered = parts.map(lambda found: ";".join(word for word in field.allowed if word in found))
    return ordered.where(good), [
        Breach(use & ~good, "category_unknown", f"'{{value}}' is not a ;-list of {', '.join(field.allowed)}")
    ]


def _number(field: Field, words: pd.Series, use: Mask) -> tuple[pd.Series, list[Breach]]:
    pattern = _INTEGER if field.kind == "integer" else _NUMBER
    trimmed = words.str.strip()
    sentinel = use & trimmed.str.casefold().isin(_SENTINELS | set(field.sentinels)).to_numpy(dtype=bool)
    good = use & ~sentinel & trimmed.str.fullmatch(pattern).to_numpy(dtype=bool)
    values = pd.to_numeric(trimmed.where(good), errors="coerce").astype("float64")
    finite = np.isfinite(values.to_numpy())
    bad = use & ~sentinel & ~(good & finite)
    outside = good & finite & ~_within(field, values)
    missing = "null" if field.breach == "null" and not field.required else "row"
    breaches = [Breach(sentinel, "sentinel", "'{value}' stands for missing", missing), *_number_faults(trimmed, bad)]
    breaches.append(Breach(outside, "value_range", f"{{value}} is not {field.expectation}", missing))
    # A value out of range stays typed where its row is quarantined anyway, and is emptied where the row stays.
    kept = good & finite & ~(outside if missing == "null" else np.zeros_like(outside))
    if field.kind == "integer":
        return _exact_integers(trimmed, kept), breaches
    return values.where(kept), breaches


def _exact_integers(trimmed: pd.Series, kept: Mask) -> pd.Series:
    numbers = pd.array([int(word) if use else pd.NA for word, use in zip(trimmed, kept, strict=True)], dtype="Int64")
    return pd.Series(numbers)


def _within(field: Field, values: pd.Series) -> Mask:
    low = -np.inf if field.low is None else field.low
    high = np.inf if field.high is None else field.high
    return values.between(low, high).to_numpy(dtype=bool)


def _number_faults(trimmed: pd.Series, bad: Mask) -> Iterator[Breach]:
    if not bad.any():
        return
    comma = bad & trimmed.str.fullmatch(r"[+-]?[0-9]+,[0-9]+").to_numpy(dtype=bool)
    unit = bad & ~comma & trimmed.str.fullmatch(_WITH_UNIT).to_numpy(dtype=bool)
    yield Breach(comma, "decimal_comma", "'{value}' holds a comma; write a full stop")
    yield Breach(unit, "unit_in_cell", "'{value}' holds a unit; write the number alone")
    yield Breach(bad & ~comma & ~unit, "number_format", "'{value}' is not a plain number")


def _boolean(field: Field, words: pd.Series, use: Mask) -> tuple[pd.Series, list[Breach]]:
    folded = words.str.strip().str.casefold().map({"true": True, "false": False})
    known = folded.notna().to_numpy(dtype=bool)
    exact = words.isin(["true", "false"]).to_numpy(dtype=bool)
    return folded.astype("boolean").where(use & known), [
        Breach(use & known & ~exact, "category_spelling", "'{value}' was read as true or false", "repair"),
        Breach(use & ~known, "boolean_format", "'{value}' is neither true nor false"),
    ]


def _date(field: Field, words: pd.Series, use: Mask) -> tuple[pd.Series, list[Breach]]:
    trimmed = words.str.strip()
    shaped = use & trimmed.str.fullmatch(_DATE).to_numpy(dtype=bool)
    values = pd.to_datetime(trimmed.where(shaped), format="%Y-%m-%d", errors="coerce")
    good = shaped & _is_in_calendar(values)
    if not (use & ~good).any():
        return values.where(good), []
    ambiguous = use & ~good & _is_ambiguous(trimmed)
    return values.where(good), [
        Breach(ambiguous, "date_ambiguous", "'{value}': day and month cannot be told apart; write YYYY-MM-DD"),
        Breach(use & ~good & ~ambiguous, "date_format", "'{value}' is not a date written YYYY-MM-DD"),
    ]


def _is_in_calendar(values: pd.Series) -> Mask:
    """Return which times exist for Python and ISO 8601 too: pandas also takes the years 0 and 10000."""
    return values.dt.year.between(1, 9999).to_numpy(dtype=bool)


def _is_ambiguous(trimmed: pd.Series) -> Mask:
    parts = trimmed.str.extract(r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-][0-9]{2,4}(?:[ T].{0,40})?$").astype("float64")
    return (parts[0].le(12) & parts[1].le(12)).to_numpy(dtype=bool)


def _datetime(field: Field, words: pd.Series, use: Mask) -> tuple[pd.Series, list[Breach]]:
    trimmed = words.str.strip()
    zoned = use & trimmed.str.fullmatch(_TIME + _ZONE).to_numpy(dtype=bool)
    naive = use & ~zoned & trimmed.str.fullmatch(_TIME + _NO_ZONE).to_numpy(dtype=bool)
    values = pd.to_datetime(trimmed.where(zoned), format="ISO8601", errors="coerce", utc=True)
    good = zoned & _is_in_calendar(values)
    if not (use & ~good).any():
        return values.where(good), []
    ambiguous = use & ~good & ~naive & _is_ambiguous(trimmed)
    bad = use & ~good & ~naive & ~ambiguous
    return values.where(good), [
        Breach(naive, "time_zone", "'{value}' states no zone that exists; write universal time with Z"),
        Breach(ambiguous, "date_ambiguous", "'{value}': day and month cannot be told apart; write YYYY-MM-DDTHH:MMZ"),
        Breach(bad, "date_format", "'{value}' is not a time such as 2026-11-02T09:30:00Z"),
    ]


_CONVERTERS: dict[str, Callable[[Field, pd.Series, Mask], tuple[pd.Series, list[Breach]]]] = {
    "text": _text,
    "identifier": _identifier,
    "category": _category,
    "words": _words,
    "integer": _number,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
}
