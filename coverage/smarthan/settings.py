"""Settings in TOML: read once, checked against a declared model, every problem told together.

`tomllib` lets `nan`, `inf` and `1e400` pass, knows no unknown key, and counts `true` among the numbers; people
misspell keys. So every TOML file of the project comes through `load_toml`, with its keys declared as `Key`s.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from os import PathLike
from pathlib import Path
from typing import Any, Literal

Kind = Literal["text", "number", "integer", "boolean", "date", "list", "table"]

LARGEST_BYTES = 1024 * 1024  # a settings file is written by hand; one MiB is far more than anybody writes
_WORDS = {"text": 'text in "quotes"', "number": "a number", "integer": "a whole number", "boolean": "true or false"}
_WORDS |= {"date": "a date such as 2013-06-30, without quotes", "list": "a [list]", "table": "a {table}"}


@dataclass(frozen=True)
class Key:
    """What may stand under one key of a TOML file.

    Parameters
    ----------
    kind : str or tuple of str
        `text`, `number`, `integer`, `boolean`, `date`, `list`, `table`; a tuple allows each of them. A boolean is
        never a number, a date never text, and a whole number counts as a number.
    required : bool
        A required key must stand in the file, and a required text must not be blank.
    allowed : tuple
        The values allowed; empty allows all.
    low, high : float, optional
        The least and greatest number allowed.
    items : Key, optional
        What each item of a list, or each value of a table whose names are free, must be.
    keys : mapping of str to Key, optional
        The keys of a table.

    Examples
    --------
    >>> Key("number", low=0, high=1).kind
    'number'
    """

    kind: Kind | tuple[Kind, ...]
    required: bool = False
    allowed: tuple[object, ...] = ()
    low: float | None = None
    high: float | None = None
    items: Key | None = None
    keys: Mapping[str, Key] | None = None


Model = Mapping[str, Key]


@dataclass(frozen=True)
class SettingsProblem:
    """One thing wrong in a settings file: a rule code, the line where known, the key's path, and the words."""

    code: str
    line: int | None
    key: str
    message: str


class SettingsError(ValueError):
    """A settings file cannot be used; `.path` names it and `.problems` holds every problem found.

    Examples
    --------
    >>> str(SettingsError("a.toml", [SettingsProblem("toml_syntax", 3, "", "the key `x` stands twice")]))
    'a.toml line 3: the key `x` stands twice'
    """

    def __init__(self, path: object, problems: list[SettingsProblem]) -> None:
        self.path, self.problems = str(path), tuple(problems)
        super().__init__("\n".join(f"{path}{f' line {p.line}' if p.line else ''}: {p.message}" for p in problems))


@dataclass(frozen=True)
class TomlFile:
    """A parsed TOML file with its text, so that a problem found later can still be given a line."""

    path: Path
    text: str
    values: dict[str, Any] = field(repr=False)

    def line_of(self, key: str, near: str | None = None) -> int | None:
        """Return the line of `key = ...`, if there is one only; else that of the entry `id = "near"`; else None."""
        name = re.escape(key.rsplit(".", 1)[-1])
        patterns = [rf"(?:^|[\s{{,.\[])[\"']?{name}[\"']?(?:\s*=|\])"]
        if near is not None:
            patterns.insert(0, rf"\bid\s*=\s*[\"']{re.escape(near)}[\"']")
        for pattern in patterns:
            lines = [n for n, line in enumerate(self.text.splitlines(), 1) if re.search(pattern, line)]
            if len(lines) == 1:
                return lines[0]
        return None


def load_toml(path: str | PathLike[str], model: Model) -> dict[str, Any]:
    """Read a TOML file and check it against the keys it may hold.

    Parameters
    ----------
    path : path
        A UTF-8 file of at most 1 MiB; a byte order mark is dropped.
    model : mapping of str to Key
        The keys of the file.

    Returns
    -------
    dict
        The parsed values, unchanged.

    Raises
    ------
    SettingsError
        When the file cannot be read or breaks the model: all problems, each with its line where known.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "report.toml"
    ...     _ = file.write_text('title = "Pack"')
    ...     load_toml(file, {"title": Key("text", required=True)})
    {'title': 'Pack'}
    """
    toml = read_toml(path)
    problems = find_problems(toml, model)
    if problems:
        raise SettingsError(toml.path, problems)
    return toml.values


def read_toml(path: str | PathLike[str]) -> TomlFile:
    """Read and parse a TOML file without checking its keys.

    Raises
    ------
    SettingsError
        When the file is missing, too large, not UTF-8 or not TOML.
    """
    try:
        data = _read_bytes(Path(path))
        text = data.decode("utf-8-sig")
        return TomlFile(Path(path), text, tomllib.loads(text))
    except SettingsError:
        raise
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = SettingsProblem("file_encoding", line, "", "the file is not UTF-8. Save it as UTF-8")
    except OSError as error:
        code = "file_missing" if isinstance(error, FileNotFoundError) else "file_unreadable"
        problem = SettingsProblem(code, None, "", f"cannot be read: {error.strerror or error}")
    except tomllib.TOMLDecodeError as error:
        problem = _describe_syntax(str(error))
    except RecursionError:
        problem = SettingsProblem("toml_syntax", None, "", "brackets are nested too deeply")
    except ValueError as error:  # an integer of thousands of digits
        problem = SettingsProblem("toml_syntax", None, "", f"a value cannot be read: {error}")
    raise SettingsError(path, [problem]) from None


def _read_bytes(path: Path) -> bytes:
    with open(path, "rb") as stream:
        data = stream.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        text = f"the file is larger than {LARGEST_BYTES // 1024} KiB, the most a settings file may have"
        raise SettingsError(path, [SettingsProblem("file_too_large", None, "", text)])
    return data


def _describe_syntax(reason: str) -> SettingsProblem:
    found = re.search(r" \(at line (\d+), column (\d+)\)$", reason)
    text = reason[: found.start()] if found else reason
    where = f" at column {found[2]}" if found else ""
    return SettingsProblem("toml_syntax", int(found[1]) if found else None, "", f"not valid TOML{where}: {text}")


def find_problems(toml: TomlFile, model: Model) -> list[SettingsProblem]:
    """Return every way in which a parsed file breaks its model, in the order of the file's keys."""
    return [
        SettingsProblem(code, toml.line_of(name, near), path, message)
        for code, path, name, near, message in _check_table(toml.values, model, "", None)
    ]


_Found = Iterator[tuple[str, str, str, str | None, str]]


def _check_table(values: Mapping[str, Any], model: Model, path: str, near: str | None) -> _Found:
    where = f"{path}." if path else ""
    for name, value in values.items():
        if name in model:
            yield from _check_value(value, model[name], f"{where}{name}", near)
        else:
            yield "key_unknown", f"{where}{name}", name, near, _describe_unknown(f"{where}{name}", name, model)
    for name, key in model.items():
        if key.required and name not in values:
            parent = path.rsplit(".", 1)[-1].split("[")[0] if path else name
            text = f'key "{where}{name}" is missing. Add it: {_describe_kind(key)}'
            yield "key_missing", f"{where}{name}", parent, near, text


def _describe_unknown(shown: str, name: str, model: Model) -> str:
    nearest = get_close_matches(name, list(model), 1)
    hint = f"Nearest: {nearest[0]}" if nearest else f"Known here: {', '.join(model) or 'no key'}"
    return f'key "{shown[:80]}" is not known. {hint}'


def _check_value(value: Any, key: Key, path: str, near: str | None) -> _Found:
    kind = _kind_of(value)
    name = path.rsplit(".", 1)[-1].split("[")[0]
    allowed = (key.kind,) if isinstance(key.kind, str) else key.kind
    if kind not in allowed and not (kind == "integer" and "number" in allowed):
        text = f'"{path}" is {_describe(value, kind)}; it must be {_describe_kind(key)}'
        yield "key_type", path, name, near, text
    elif kind == "table":
        yield from _check_inside(value, key, path, near)
    elif kind == "list":
        yield from _check_items(value, key, path, near)
    else:
        for code, text in _check_scalar(value, key):
            yield code, path, name, near, f'"{path}" {text}'


def _check_inside(value: Mapping[str, Any], key: Key, path: str, near: str | None) -> _Found:
    if key.keys is not None:
        yield from _check_table(value, key.keys, path, near)
    elif key.items is not None:
        for name, item in value.items():
            yield from _check_value(item, key.items, f"{path}.{name}", near)


def _check_items(value: list[Any], key: Key, path: str, near: str | None) -> _Found:
    if key.items is None:
        return
    for place, item in enumerate(value):
        named = item.get("id") if isinstance(item, dict) else None
        yield from _check_value(item, key.items, f"{path}[{place}]", named if isinstance(named, str) else near)


def _check_scalar(value: Any, key: Key) -> Iterator[tuple[str, str]]:
    if isinstance(value, float) and not math.isfinite(value):
        yield "number_not_finite", f"is {value}; a finite number is needed"
        return
    if key.required and isinstance(value, str) and not value.strip():
        yield "key_blank", "is empty; it must say something"
    if key.allowed and value not in key.allowed:
        yield "value_not_allowed", f"is {value!r}; allowed: {', '.join(map(str, key.allowed))}"
    if key.low is not None and value < key.low:
        yield "value_range", f"is {value}; it must be {key.low} or more"
    if key.high is not None and value > key.high:
        yield "value_range", f"is {value}; it must be {key.high} or less"


def _kind_of(value: Any) -> str:
    kinds: tuple[tuple[type, str], ...] = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "text"))
    kinds += ((dict, "table"), (list, "list"), (dt.datetime, "time"), (dt.date, "date"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "time")


def _describe_kind(key: Key) -> str:
    kinds = (key.kind,) if isinstance(key.kind, str) else key.kind
    return " or ".join(_WORDS[kind] for kind in kinds)


def _describe(value: Any, kind: str) -> str:
    if kind in ("table", "list"):
        return f"a {kind}"
    shown = str(value) if kind in ("date", "time") else repr(value)
    return f"{shown if len(shown) <= 60 else shown[:60] + '...'} ({kind})"
