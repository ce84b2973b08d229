"""What can be wrong with an input: one table of rule codes, and the error that refuses a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["file", "row", "null", "flag", "repair"]

ECHO_IN_FILE = 200  # characters of foreign text kept in a quarantine file
ECHO_IN_MESSAGE = 64  # characters of foreign text shown in a message


@dataclass(frozen=True)
class Rule:
    """One rule code: how severe a breach is, and what the rule says."""

    code: str
    severity: Severity
    about: str


# Stable words: users filter on them. Rooms add their own with `register`; none is ever renamed.
_SHARED: tuple[tuple[str, Severity, str], ...] = (
    ("file_missing", "file", "the file or folder is not there"),
    ("file_unreadable", "file", "the file cannot be opened or is of another format"),
    ("file_encoding", "file", "the bytes are not UTF-8"),
    ("file_nul", "row", "a NUL byte stands in the row"),
    ("file_truncated", "file", "the file ends in padding or is cut"),
    ("file_quotes", "file", "a quote opens and never closes"),
    ("file_empty", "file", "there is no data row"),
    ("file_too_large", "file", "the file is larger than the limit"),
    ("file_delimiter", "file", "the columns are not separated by commas"),
    ("file_systematic", "flag", "more than half of the rows break one rule: a column may be shifted or swapped"),
    ("file_many_faults", "flag", "the faults are so many that rows are listed under their first one only"),
    ("file_row_limit", "flag", "the file has just as many lines as a spreadsheet holds: rows may have been lost"),
    ("header_missing", "file", "a required column is absent"),
    ("header_duplicate", "file", "two columns have one name"),
    ("header_not_found", "file", "no header row was found"),
    ("header_unknown", "flag", "a column nobody declared was dropped"),
    ("header_spelling", "repair", "a column name differs in case, blanks or is a known alias"),
    ("sheet_missing", "file", "a sheet that must be there is not"),
    ("sheet_ambiguous", "file", "two sheets have one name but for case and blanks"),
    ("sheet_hidden", "flag", "the sheet, or rows or columns of it, are hidden; they were read"),
    ("zip_invalid", "file", "the archive, or a part of it, is not whole"),
    ("zip_encrypted", "file", "the archive, or a member of it, needs a password"),
    ("zip_duplicate", "file", "two members of the archive have one name"),
    ("zip_size", "file", "the archive unpacks to more than is allowed"),
    ("zip_macro", "flag", "the workbook holds macros; they were not run"),
    ("zip_external", "flag", "the workbook holds links to elsewhere; they were not followed"),
    ("zip_path", "flag", "the archive holds names that lead out of it; they were not extracted"),
    ("xml_doctype", "file", "the document has a document type definition, which may hide other text or files"),
    ("row_far", "row", "the row lies beyond the last row of a sheet"),
    ("row_short", "row", "the row has fewer cells than the header"),
    ("row_long", "row", "the row has more cells than the header"),
    ("row_quotes", "row", "a quote stands where none may"),
    ("row_encoding", "row", "the row's bytes are not UTF-8"),
    ("cell_error", "row", "a spreadsheet's error stands in the cell"),
    ("cell_formula", "row", "the cell is a formula or a link, or its text starts like a formula"),
    ("cell_merged", "row", "the cell lies under merged cells: its own value cannot be known"),
    ("cell_type", "row", "the cell is of another kind than its column: what it shows cannot be known"),
    ("formula_value", "flag", "numbers are the last values of formulas"),
    ("cell_too_long", "row", "the cell is longer than allowed"),
    ("required_missing", "row", "a required cell is empty"),
    ("number_format", "row", "the cell is not a plain number"),
    ("unit_in_cell", "row", "a unit stands in a number cell"),
    ("decimal_comma", "row", "a comma stands in a number"),
    ("sentinel", "row", "a code word for 'missing' stands where a value is expected"),
    ("value_range", "row", "the value lies outside the allowed range"),
    ("category_unknown", "row", "the word is not in the list"),
    ("category_spelling", "repair", "case or outer blanks of a listed word differ"),
    ("boolean_format", "row", "the cell is neither true nor false"),
    ("date_format", "row", "the date is not YYYY-MM-DD"),
    ("date_ambiguous", "row", "day and month cannot be told apart"),
    ("date_range", "row", "the date lies outside the allowed range"),
    ("time_zone", "row", "the time states no zone"),
    ("id_mangled", "row", "a spreadsheet has changed the identifier"),
    ("id_format", "row", "the identifier has characters that none may have"),
    ("duplicate", "row", "the row repeats another row exactly"),
    ("duplicate_conflict", "row", "rows with one key disagree"),
    ("orphan", "row", "the row it refers to does not exist"),
    ("parent_rejected", "row", "the row it refers to is in quarantine"),
    ("personal_text", "null", "free text held personal data and was withheld"),
    ("personal_column", "flag", "a column that looks personal was dropped unread"),
)

RULES: dict[str, Rule] = {code: Rule(code, severity, about) for code, severity, about in _SHARED}


def register(code: str, severity: Severity, about: str) -> Rule:
    """Add a room's own rule code to the table and return it.

    Parameters
    ----------
    code : str
        A stable word; users filter on it.
    severity : {"file", "row", "null", "flag", "repair"}
        What a breach does.
    about : str
        What the rule says.

    Returns
    -------
    Rule

    Raises
    ------
    ValueError
        When the code is already listed with another meaning.

    Examples
    --------
    >>> register("required_missing", "row", "a required cell is empty").severity
    'row'
    """
    rule = Rule(code, severity, about)
    if RULES.setdefault(code, rule) != rule:
        raise ValueError(f"rule code '{code}' is already listed as: {RULES[code].about}")
    return rule


def clip(value: object, limit: int = ECHO_IN_MESSAGE) -> str:
    """Return foreign text fit to be shown: control characters as `\\xNN`, cut at `limit` characters.

    Parameters
    ----------
    value : object
        Text from a file or an argument.
    limit : int
        Most characters kept.

    Returns
    -------
    str

    Examples
    --------
    >>> clip("a\\tb"), clip("x" * 70)[-20:]
    ('a\\\\x09b', 'xxxxx... (70 in all)')
    """
    text = str(value)
    shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[:limit])
    return shown if len(text) <= limit else f"{shown}... ({len(text)} in all)"


class FileRefused(ValueError):
    """A whole file cannot be used: nothing of it was accepted.

    Attributes
    ----------
    path : str
        The file as the caller named it.
    code : str
        A rule code of severity `file`.
    """

    def __init__(self, path: object, code: str, message: str) -> None:
        self.path, self.code = str(path), code
        super().__init__(f"{path}: {message} ({code})")
