"""Rows in the form in which spreadsheets write them, taken apart many at a time; whatever else stands there is expat's.

The form is narrow on purpose: no entity, no formula, no text in several pieces, no name without its place. What fits
it means the same to expat, which reads all of it once more for its well-formedness (`count_rows`).
"""

from __future__ import annotations

import re

# No markup, no entity, and no character that XML puts into another form or does not know.
_TEXT = r"[^<&\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]"
_ROW = r'<row r="([0-9]{1,9})"((?: [a-zA-Z][a-zA-Z0-9]*(?::[a-zA-Z]+)?="[^"<&\x00-\x1f]*")*)/?>'
_CELL = (
    r'<c r="([A-Z]{1,3})([0-9]{1,9})"((?: s="[0-9]{1,6}")?(?: t="[a-zA-Z]{1,10}")?)'
    rf'(?:/>|></c>|>(?:<v>|<is><t(?: xml:space="preserve")?>)({_TEXT}+)(?:</v>|</t></is>)</c>)'
)
_TOKENS = re.compile(f"{_ROW}|{_CELL}")
_WHOLE = _ROW.replace("/?>", rf"(?:/>|>(?:{_CELL})*+</row>)")
_USUAL = re.compile("(?:" + re.sub(r"\((?!\?)", "(?:", _WHOLE) + ")*+")

_PAIR = re.compile(' ([^=]+)="([^"]*)"')
Token = tuple[str, str, str, str, str, str]


def take_apart(block: bytes) -> list[Token] | None:
    """Return the rows and cells of whole rows; None where anything in them is not in the usual form.

    Returns
    -------
    list of tuple of str
        Row number and further attributes; or letters, row number, attributes and content of a cell.

    Examples
    --------
    >>> take_apart(b'<row r="2"><c r="A2" t="s"><v>0</v></c></row>')
    [('2', '', '', '', '', ''), ('', '', 'A', '2', ' t="s"', '0')]
    >>> take_apart(b'<row r="2"><c r="A2"><v>1</v><!-- no more --></c></row>') is None
    True
    """
    try:
        text = block.decode()
    except UnicodeDecodeError:
        return None
    return _TOKENS.findall(text) if _USUAL.fullmatch(text) else None


def attributes_of(text: str) -> dict[str, str]:
    """Return the attributes of a row or cell.

    Examples
    --------
    >>> attributes_of(' s="3" t="n"')
    {'s': '3', 't': 'n'}
    """
    return dict(_PAIR.findall(text))


def count_starts(block: bytes) -> int:
    """Return how many start tags stand in a block of the usual form."""
    return block.count(b"<") - block.count(b"</")
