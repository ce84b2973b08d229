"""What a request carries, read strictly: JSON, a form, a file sent with a form, a list of postcodes.

Whatever is wrong is one sentence and a code. A body is at most 64 KiB, so each of these may look at all of it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from .refusals import Refusal, shorten

MOST_FIELDS = 8  # of a form
# Names under which the column of postcodes may stand: those of a release, and what people write.
POSTCODE_NAMES = frozenset({"postcode", "post_code", "postal_code", "pcds", "pcd", "postcode_space"})
UPRN_NAME = "uprn"
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([0-9A-Za-z\'()+_,./:=?-]{1,70}))(?:;|$)')
_NAME = re.compile(rb'content-disposition: *form-data *;(?:.*;)? *name="([a-z_]{1,32})"', re.IGNORECASE)


def read_json(body: bytes, depth: int) -> Any:
    """Return the value of a JSON body.

    Raises
    ------
    Refusal
        BAD_JSON: no UTF-8, no JSON, NaN, or a key twice in one object. TOO_DEEP: nested beyond `depth`.

    Examples
    --------
    >>> read_json(b'{"a": [1]}', 2)
    {'a': [1]}
    """
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_refuse_twice, parse_constant=_refuse_constant)
    except RecursionError:
        raise _too_deep(depth) from None
    except UnicodeDecodeError as error:
        raise Refusal("BAD_JSON", f"the body is not UTF-8 (byte {error.start + 1})") from None
    except ValueError as error:  # a JSONDecodeError, or an integer of thousands of digits
        words = getattr(error, "msg", "a number has too many digits")
        position = error.pos + 1 if isinstance(error, json.JSONDecodeError) else None
        raise Refusal("BAD_JSON", f"the body is not JSON: {words}", position=position) from None
    level: list[Any] = [found]
    for _ in range(depth):
        level = [item for part in level if isinstance(part, dict | list) for item in _items(part)]
    if any(isinstance(part, dict | list) for part in level):
        raise _too_deep(depth)
    return found


def _items(part: dict[str, Any] | list[Any]) -> list[Any]:
    return list(part.values()) if isinstance(part, dict) else part


def _too_deep(depth: int) -> Refusal:
    return Refusal("TOO_DEEP", f"the body is nested deeper than {depth} levels")


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refusal("BAD_JSON", f"the key {shorten(twice)} stands twice in one object")
    return found


def _refuse_constant(word: str) -> NoReturn:
    raise Refusal("BAD_JSON", f"the body is not JSON: {word} is no number")


def read_form(body: bytes, content_type: str) -> dict[str, bytes]:
    """Return the fields of a form, encoded either way that browsers do.

    Raises
    ------
    Refusal
        BAD_BODY.
    """
    if content_type.split(";")[0].strip().lower() == "multipart/form-data":
        return _read_multipart(body, content_type)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:  # not ASCII, no UTF-8 behind the escapes, too many fields
        raise Refusal("BAD_BODY", "the form is not encoded as a browser encodes it") from None
    return _as_fields([(name, value.encode()) for name, value in pairs])


def _read_multipart(body: bytes, content_type: str) -> dict[str, bytes]:
    found = _BOUNDARY.search(content_type)
    mark = b"\r\n--" + (found[1] or found[2]).encode("latin-1") if found else b"\r\n--"
    parts = (b"\r\n" + body).split(mark)
    if found is None or len(parts) < 2 or parts[0] or not parts[-1].startswith(b"--") or len(parts) > MOST_FIELDS + 2:
        raise Refusal("BAD_BODY", "the form is not cut into parts as its header says")
    pairs = []
    for part in parts[1:-1]:
        head, gap, value = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if not gap or name is None:
            raise Refusal("BAD_BODY", "a part of the form has no name")
        pairs.append((name[1].decode("ascii"), value))
    return _as_fields(pairs)


def _as_fields(pairs: list[tuple[str, bytes]]) -> dict[str, bytes]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Refusal("BAD_BODY", "a field of the form is given twice")
    return fields


def read_list(data: bytes) -> tuple[list[str], list[str] | None]:
    """Return the postcodes of a list, and its UPRNs where it has such a column.

    Parameters
    ----------
    data : bytes
        UTF-8 text, one postcode a line; or a CSV table (comma, semicolon or tab) whose first line names the column
        `postcode`, and `uprn` where it has one. Without such a name the first column is taken, the first line too.

    Raises
    ------
    Refusal
        BAD_BODY, with the line.

    Examples
    --------
    >>> read_list(b"site,postcode\\na,SW1A 1AA\\n\\nb,\\n")
    (['SW1A 1AA', ''], None)
    """
    rows = _read_rows(_decode(data))
    if not rows:
        return [], None
    names = [cell.strip().casefold() for cell in rows[0]]
    at = next((place for place, name in enumerate(names) if name in POSTCODE_NAMES), None)
    uprn_at = names.index(UPRN_NAME) if UPRN_NAME in names else None
    if at is None and uprn_at is None:
        return [row[0] for row in rows], None
    postcodes = ["" if at is None else _cell(row, at) for row in rows[1:]]
    return postcodes, None if uprn_at is None else [_cell(row, uprn_at) for row in rows[1:]]


def _cell(row: list[str], at: int) -> str:
    return row[at] if at < len(row) else ""


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refusal("BAD_BODY", f"the list is not UTF-8 (line {line}); save it as UTF-8") from None
    if "\0" in text:
        raise Refusal("BAD_BODY", f"the list holds a NUL (line {text.count(chr(10), 0, text.index(chr(0))) + 1})")
    return text


def _read_rows(text: str) -> list[list[str]]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = next((mark for mark in ",;\t" if mark in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Refusal("BAD_BODY", f"the list is no CSV (line {reader.line_num}): {error}") from None
