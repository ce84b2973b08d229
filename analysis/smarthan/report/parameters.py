"""The parameters of a notebook: read from its annotated cell by syntax, never by running it, and checked by type."""

from __future__ import annotations

import ast
import io
import math
import re
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from smarthan.tables import clip

# What an annotation may say; a value that means "none" is an empty text or list.
SCALARS: Mapping[str, type] = {"int": int, "float": float, "str": str, "bool": bool}
LONGEST_TEXT = 10_000
_FAST = re.compile(r"\(fast:\s*(?P<value>[^()]+)\)")
_RANGE = re.compile(r"\((?:from (?P<low>[-+.\d_]+))? ?(?:to (?P<high>[-+.\d_]+))?\)")
_CHOICE = re.compile(r"\(one of:\s*(?P<words>[^()]+)\)")


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell.

    Attributes
    ----------
    name : str
    annotation : str
        `int`, `float`, `str`, `bool`, `list[...]` or `dict[str, ...]` of these.
    default : object
    help : str
        The comment behind it, without what stands in the brackets below.
    fast : object
        The value for a fast run: what "(fast: 500)" in the comment says, else the default.
    low, high : float or None
        The least and the greatest number, from "(from 1 to 100)", "(from 1)" or "(to 100)"; of a list, of each item.
    allowed : tuple of str
        The texts allowed, from "(one of: a, b)"; empty allows all.
    """

    name: str
    annotation: str
    default: object
    help: str
    fast: object
    low: float | None = None
    high: float | None = None
    allowed: tuple[str, ...] = ()

    @property
    def described(self) -> str:
        """What may be given, for a person: type, range or choice, and the help."""
        limits = [f"from {self.low:,.10g}"] if self.low is not None else []
        limits += [f"to {self.high:,.10g}"] if self.high is not None else []
        limits += [f"one of {', '.join(self.allowed)}"] if self.allowed else []
        return ", ".join([" ".join([self.annotation, *limits]), self.help])


def read_parameters(notebook: Mapping[str, Any]) -> tuple[list[Parameter], list[str]]:
    """Read the cell tagged `parameters` of a notebook.

    Parameters
    ----------
    notebook : mapping
        A notebook as parsed JSON.

    Returns
    -------
    list of Parameter, list of str
        The parameters, and every problem in words. A notebook without such a cell has none of either.

    Notes
    -----
    papermill's own reading is a line by line pattern: it drops `a: str | None = None` and cuts "x#y" at the #.

    Examples
    --------
    >>> cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]},
    ...         "source": "draws: int = 10_000  # random draws (from 1 to 1_000_000) (fast: 500)"}
    >>> draws = read_parameters({"cells": [cell]})[0][0]
    >>> draws.default, draws.fast, draws.described
    (10000, 500, 'int from 1 to 1,000,000, random draws')
    """
    cells = [cell for cell in notebook.get("cells", []) if "parameters" in cell.get("metadata", {}).get("tags", [])]
    if not cells:
        return [], []
    if len(cells) > 1:
        return [], [f"{len(cells)} cells are tagged parameters; one is allowed"]
    source = "".join(cells[0].get("source", ""))
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        return [], [f"the parameters cell is not Python: line {error.lineno}: {error.msg}"]
    comments = _read_comments(source)
    parameters: list[Parameter] = []
    problems: list[str] = []
    for node in tree.body:
        found = _read_line(node, comments)
        if isinstance(found, str):
            problems.append(found)
        else:
            parameters.append(found)
    names = [parameter.name for parameter in parameters]
    problems += [f"the parameter {name} stands twice" for name in sorted({n for n in names if names.count(n) > 1})]
    return parameters, problems


def resolve_parameters(
    parameters: list[Parameter], given: Mapping[str, Any], *, fast: bool = False
) -> tuple[dict[str, Any], list[str]]:
    """Check given values against the parameters of a notebook and fill in the rest.

    Parameters
    ----------
    parameters : list of Parameter
    given : mapping
        Name to value, as TOML or a command line gave it.
    fast : bool
        Whether parameters that are not given take their fast value.

    Returns
    -------
    dict, list of str
        Every parameter with its value, and every problem in words.

    Examples
    --------
    >>> draws = Parameter("draws", "int", 10_000, "random draws", 500)
    >>> resolve_parameters([draws], {"draws": "5"})
    ({'draws': 5}, [])
    >>> resolve_parameters([draws], {"draw": 5})[1]
    ['draw is not a parameter; known: draws (int, random draws). Nearest: draws']
    """
    values: dict[str, Any] = {p.name: p.fast if fast else p.default for p in parameters}
    known = {parameter.name: parameter for parameter in parameters}
    problems = []
    for name, value in given.items():
        if name not in known:
            said = "; ".join(f"{p.name} ({p.described})" for p in parameters) or "none"
            near = get_close_matches(name, known, 1)
            nearest = f". Nearest: {near[0]}" if near else ""
            problems.append(f"{clip(name, 64)} is not a parameter; known: {said}{nearest}")
            continue
        try:
            values[name] = convert(value, known[name].annotation)
            check_range(values[name], known[name])
        except (ValueError, TypeError) as error:
            problems.append(f"{name} is {str(value)[:64]!r}; {error} ({known[name].help})")
    return values, problems


def convert(value: Any, annotation: str) -> Any:
    """Convert a value to what an annotation asks for.

    Raises
    ------
    ValueError
        When the value is of another type, not finite or too long.

    Examples
    --------
    >>> convert("5", "int"), convert([1, 2], "list[float]")
    (5, [1.0, 2.0])
    """
    base, _, inner = annotation.rstrip("]").partition("[") if annotation.endswith("]") else (annotation, "", "")
    if base == "list":
        if not isinstance(value, list):
            raise ValueError("a list is needed")
        return [convert(item, inner) for item in value]
    if base == "dict":
        if not isinstance(value, Mapping):
            raise ValueError("a table of names and values is needed")
        return {str(key): convert(item, inner.partition(",")[2].strip()) for key, item in value.items()}
    return _convert_scalar(value, annotation)


def check_range(value: object, parameter: Parameter) -> None:
    """Refuse a value outside the range or the choice of its parameter; of a list or table, each item is held to it.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> check_range([0.5, 1.5], Parameter("shares", "list[float]", [], "shares", [], low=0, high=1))
    Traceback (most recent call last):
    ...
    ValueError: 1.5 is above 1
    """
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else [value]
    for item in items:
        if parameter.allowed and item not in parameter.allowed:
            raise ValueError(f"{str(item)[:64]!r} is none of {', '.join(parameter.allowed)}")
        if isinstance(item, int | float) and not isinstance(item, bool):
            if parameter.low is not None and item < parameter.low:
                raise ValueError(f"{item:,.10g} is below {parameter.low:,.10g}")
            if parameter.high is not None and item > parameter.high:
                raise ValueError(f"{item:,.10g} is above {parameter.high:,.10g}")


def _convert_scalar(value: Any, annotation: str) -> Any:
    if annotation == "str":
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise ValueError(f"a text of at most {LONGEST_TEXT:,} characters is needed")
        return value
    if annotation == "bool":
        if not isinstance(value, bool) and str(value).lower() not in ("true", "false"):
            raise ValueError("true or false is needed")
        return str(value).lower() == "true"
    if annotation == "int":
        if isinstance(value, bool) or not re.fullmatch(r"[+-]?\d{1,18}", str(value)):
            raise ValueError("a whole number is needed")
        return int(value)
    return _convert_float(value)


def _convert_float(value: Any) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("a finite number is needed")
    return number


def _read_line(node: ast.stmt, comments: Mapping[int, str]) -> Parameter | str:
    """Return the parameter that a statement declares, or what is wrong with it."""
    where = f"line {node.lineno} of the parameters cell"
    if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or node.value is None:
        return f"{where} is not `name: type = value`"
    annotation = ast.unparse(node.annotation)
    if not _is_allowed(node.annotation):
        return f"{where}: the annotation {annotation} is not allowed; use {', '.join(SCALARS)} or a list or dict"
    comment = comments.get(node.end_lineno or node.lineno, "")
    if not comment:
        return f"{where} has no comment; say what {node.target.id} means"
    try:
        default = convert(ast.literal_eval(node.value), annotation)
        found = _read_comment(node.target.id, annotation, default, comment)
        check_range(found.default, found)
        check_range(found.fast, found)
    except (ValueError, SyntaxError, TypeError) as error:
        return f"{where}: {node.target.id} needs a plain value that is {annotation}: {error}"
    return found


def _read_comment(name: str, annotation: str, default: object, comment: str) -> Parameter:
    """Return a parameter with what the brackets of its comment say: a fast value, a range, a choice."""
    fast, choice = _FAST.search(comment), _CHOICE.search(comment)
    limits = next((found for found in _RANGE.finditer(comment) if any(found.groups())), None)
    quick = convert(ast.literal_eval(fast["value"]), annotation) if fast else default
    low, high = (None if text is None else float(text) for text in (limits.groups() if limits else (None, None)))
    allowed = tuple(word.strip() for word in choice["words"].split(",")) if choice else ()
    for found in filter(None, (fast, choice, limits)):
        comment = comment.replace(found[0], "")
    return Parameter(name, annotation, default, " ".join(comment.split()), quick, low, high, allowed)


def _is_allowed(node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        return node.id in SCALARS
    if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
        return False
    if node.value.id == "list":
        return isinstance(node.slice, ast.Name) and node.slice.id in SCALARS
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
    names = [part.id for part in parts if isinstance(part, ast.Name)]
    return node.value.id == "dict" and len(names) == 2 and names[0] == "str" and names[1] in SCALARS


def _read_comments(source: str) -> dict[int, str]:
    """Return line number to the comment at its end; a # inside a text is none."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.start[0]: token.string.lstrip("# ").strip() for token in tokens if token.type == tokenize.COMMENT}
