"""The header of an array file as lines of text: JSON would cost a cold look-up more than all else it does.

A line is a key and its values, parted by tabs. A value starts with its kind: s text, i whole number, b yes or no, n
nothing. A key of a table within the header is written `table.key`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LIST = "["


def write_header(header: dict[str, Any]) -> str:
    """Return a header as text.

    Parameters
    ----------
    header : dict
        By key: text, a whole number, a boolean, None, or a table of such values and of lists of them. No key holds a
        full stop or a tab.

    Raises
    ------
    TypeError
        When a value is of another type.

    Examples
    --------
    >>> read_header(write_header({"format": 2, "labels": {"likelihood": ["Low", None]}}))
    {'format': 2, 'labels': {'likelihood': ['Low', None]}}
    """
    lines = []
    for key, value in header.items():
        inside = {f"{key}.{name}": item for name, item in value.items()} if isinstance(value, dict) else {key: value}
        for name, item in inside.items():
            listed = [_LIST, *map(_write_value, item)] if isinstance(item, list) else [_write_value(item)]
            lines.append("\t".join([name, *listed]))
    return "\n".join(lines)


def read_header(text: str) -> dict[str, Any]:
    """Return the header that `write_header` wrote.

    Raises
    ------
    ValueError
        When the text is not one.
    """
    header: dict[str, Any] = {}
    for line in text.split("\n"):
        key, *values = line.split("\t")
        table, _, name = key.partition(".")
        place = header.setdefault(table, {}) if name else header
        if not values or not isinstance(place, dict):
            raise ValueError(f"header: {key[:64]!r} has no value, or is no table")
        place[name or table] = [_read_value(v) for v in values[1:]] if values[0] == _LIST else _read_value(values[0])
    return header


def _write_value(value: object) -> str:
    if value is None:
        return "n"
    if isinstance(value, bool):
        return f"b{int(value)}"
    if isinstance(value, int):
        return f"i{value}"
    if isinstance(value, str):
        return "s" + value.encode("unicode_escape").decode("ascii")
    raise TypeError(f"header: {value!r} is of a type that it cannot hold")


def _read_value(text: str) -> Any:
    kind, value = text[:1], text[1:]
    if kind == "s":
        return value.encode("ascii").decode("unicode_escape") if "\\" in value else value
    if kind == "i":
        return int(value)
    if kind == "b":
        return value == "1"
    if text == "n":
        return None
    raise ValueError(f"header: {text[:64]!r} is no value")
