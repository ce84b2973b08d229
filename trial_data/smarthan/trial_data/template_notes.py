"""What the blank workbook says on its first sheet, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from .declared import OPTIONAL_TABLES, TRIAL_TABLES

_HOW = (
    "Each sheet holds one table: one row a thing, one column a fact. The name of a sheet and the names in its first row"
    " must stay as they are; the columns may stand in any order.",
    "A column whose name is bold on a shade is required: a row without it is set aside. The others may stay empty.",
    "An empty cell means that the value is missing. Where u is on the list it means: looked for and not known.",
    "Choose a cell to read what belongs there and in which unit. Many cells offer a list to choose from.",
    "Identifiers are text, such as B0012. They are yours to make, and each names one thing only. Fill the sheets from"
    " left to right, for later ones refer to earlier ones: a dwelling names its building, a path its two locations.",
    "Write numbers without units and with a full stop, days as 2026-11-02, times in universal time with Z, such as"
    " 2026-11-02T09:30:00Z (in summer that is one hour behind the clock).",
    "Do not merge cells, add titles above the first row, or put sums below the last one. Paste values, not formulas.",
)
_JUDGED = (
    "Refused: a sheet is missing, or one of its required columns is. Nothing is read until that is mended.",
    "Set aside (in quarantine): the row cannot be used as it stands, for example because a required cell is empty, a"
    " word is not on the list, an identifier stands twice, or the row it refers to does not exist. Rows that refer to"
    " a row set aside are set aside with it.",
    "Emptied: one measured value is impossible (out of its range, a code such as -999, a lost sign). The row stays.",
    "Flagged: the row is kept as it is, and somebody should look at it, for example at a distance that may be in feet.",
    "Repaired: only capitals and blanks around a listed word, an identifier or a column name. All repairs are listed.",
    "No row is lost: rows read are rows accepted plus rows set aside. Rows set aside can be written out, mended by hand"
    " and read again.",
)
_PERSONAL = (
    "No name, address, postcode, telephone number, e-mail address, UPRN or MPAN belongs in this workbook, in no column"
    " and in no remark. They belong in the identity file, a CSV file of its own that is kept apart and never read with"
    " this workbook. Free text in which one is found is withheld. Surveyors stand under a pseudonym.",
)


def say_notes() -> Iterator[tuple[str, str]]:
    """Yield the lines of the notes sheet, each as the name of its format and its words.

    Examples
    --------
    >>> next(say_notes())
    ('title', 'Building characterisation trial: how to fill this workbook in')
    """
    yield "title", "Building characterisation trial: how to fill this workbook in"
    yield from (("words", line) for line in _HOW)
    yield "heading", "Personal data"
    yield from (("words", line) for line in _PERSONAL)
    yield "heading", "What happens to what you write"
    yield from (("words", line) for line in _JUDGED)
    yield "heading", "The sheets"
    for table in TRIAL_TABLES.values():
        optional = " This sheet may stay empty or be deleted." if table.name in OPTIONAL_TABLES else ""
        yield "words", f"{table.name}: {table.about}{optional}"
