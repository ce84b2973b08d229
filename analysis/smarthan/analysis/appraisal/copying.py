"""An appraisal put from one form into the other: a folder into a workbook, a workbook into a folder."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from smarthan.files import FORMULA_STARTS, write_whole

from .book_writing import Check, SheetPlan, list_check, write_book
from .draft import AppraisalDraft, parse_number
from .folder import TOML_NAME, FolderSource
from .keys import GATE_ANSWERS, TABLES
from .problems import AppraisalError
from .reading import open_draft
from .sheet_guide import say_guide
from .sheets import LISTS, PAIR_ABOUT, PAIRS, SHEETS

# Faults of rows and cells of which the text is not kept.
_LOST = ("row_short", "row_long", "row_quotes", "row_encoding", "file_nul", "cell_formula", "cell_merged", "row_far")


def copy_appraisal(path: str | PathLike[str], out: str | PathLike[str], *, replace: bool = False) -> Path:
    """Write an appraisal in the other form: the same rows, the same problems, nothing put right.

    Parameters
    ----------
    path : path
        The folder or the workbook of an appraisal. It may have faults; each of its rows must be readable.
    out : path
        A name that ends in .xlsx for a workbook, else a folder, which is made where needed.
    replace : bool
        Whether files that are there may be written over.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    AppraisalError
        When a file or sheet, or a row of it, cannot be read.
    FileExistsError
        When something is there and `replace` is False.
    ValueError
        When a text does not fit into a cell, or a word of a list holds the ; that joins them in a cell.

    Notes
    -----
    Comments of `appraisal.toml` stay behind where it becomes a workbook: that has no place for them. In a folder, a
    text that a spreadsheet would run gets an apostrophe in front of it.

    Examples
    --------
    >>> import tempfile
    >>> from smarthan.analysis import read_appraisal, write_demonstration_appraisal
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     first = write_demonstration_appraisal(Path(folder) / "appraisal")
    ...     book = copy_appraisal(first, Path(folder) / "appraisal.xlsx")
    ...     read_appraisal(book) == read_appraisal(first)
    True
    """
    draft = open_draft(path)
    require_readable(draft, path)
    return write_form(draft, Path(out), replace=replace)


def require_readable(draft: AppraisalDraft, path: object) -> None:
    """Refuse an appraisal of which a file or sheet, or a row, could not be read: a copy would lose it."""
    lost = any(problem.code in _LOST for problem in draft.problems if problem.severity == "error")
    if not draft.written or len(draft.tables) < len(TABLES) or lost:
        raise AppraisalError(path, draft.problems)


def write_form(draft: AppraisalDraft, target: Path, *, replace: bool) -> Path:
    """Write what was read as a workbook, where the name ends in .xlsx, else as a folder."""
    if target.suffix.casefold() == ".xlsx":
        return write_draft(draft, target, replace=replace)
    return _write_folder(draft, target, replace=replace)


def write_draft(draft: AppraisalDraft, path: Path, *, replace: bool) -> Path:
    """Write what was read as a workbook."""
    plans = [_plan(draft, name) for name in SHEETS]
    title = str(draft.written.get("title", "Appraisal"))
    return write_book(path, title, say_guide(title), plans, replace=replace)


def _plan(draft: AppraisalDraft, name: str) -> SheetPlan:
    if name == "appraisal":
        rows = list(_pair_rows(draft.written))
        checks = {(at, "value"): _pair_check(str(row["key"])) for at, row in enumerate(rows)}
        return SheetPlan(SHEETS[name], rows, cell_checks={k: v for k, v in checks.items() if v}, spare=40)
    if name in TABLES:
        rows = [dict(cells) for _, cells in draft.rows(name)]
        own = _level_checks(draft, rows) if name == "scores" else {}
        return SheetPlan(SHEETS[name], rows, checks=_REFERENCES.get(name, {}), cell_checks=own)
    made = _level_rows(draft.written) if name == "scales" else _entry_rows(draft.written, name)
    return SheetPlan(SHEETS[name], list(made), checks=_REFERENCES.get(name, {}), spare=100)


_REFERENCES: dict[str, dict[str, Check]] = {
    "scores": {
        "option": list_check("=options!$A$2:$A$500"),
        "evidence": list_check("=evidence!$A$2:$A$5000"),
        "criterion": {
            "validate": "custom",
            "value": "=COUNTIF(criteria!$A$2:$A$500,B2)+COUNTIF(gates!$A$2:$A$500,B2)>0",
            "error_type": "stop",
        },
    },
    "trials": {"criterion": list_check("=criteria!$A$2:$A$500")},
}


def _pair_check(name: str) -> Check | None:
    key = PAIRS.get(name)
    if name == "baseline":
        return list_check("=options!$A$2:$A$500")
    if key is None or not (key.allowed or key.kind == "boolean"):
        return {"validate": "any", "input_title": name[:32], "input_message": PAIR_ABOUT.get(name, "")}
    words = [str(word) for word in key.allowed] or ["true", "false"]
    return {**list_check(words), "input_title": name[:32], "input_message": PAIR_ABOUT[name]}


def _level_checks(draft: AppraisalDraft, rows: Sequence[Mapping[str, object]]) -> dict[tuple[int, str], Check]:
    """Return the drop-down of each cell whose criterion has words."""
    words = {gate.get("id"): list(GATE_ANSWERS) for gate in draft.values.get("gates", [])}
    scales = draft.values.get("scales", {})
    for criterion in draft.values.get("criteria", []):
        if criterion.get("scale") in scales:
            words[criterion["id"]] = [level["id"] for level in scales[criterion["scale"]]]
    return {
        (at, "level"): list_check(words[row["criterion"]])
        for at, row in enumerate(rows)
        if row.get("criterion") in words
    }


def _pair_rows(values: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    for name, value in values.items():
        if name in SHEETS:
            continue
        if isinstance(value, dict):
            yield from ({"key": f"{name}.{inner}", "value": _cell(each)} for inner, each in value.items())
        else:
            yield {"key": name, "value": _cell(value)}


def _cell(value: Any) -> object:
    return value if isinstance(value, str | bool | int | float | dt.date) else str(value)


def _entry_rows(values: Mapping[str, Any], sheet: str) -> Iterator[dict[str, object]]:
    for entry in values.get(sheet, []):
        row: dict[str, object] = {}
        for name, value in entry.items():
            if name == "range" and isinstance(value, list):
                row |= dict(zip(("range_low", "range_high"), value, strict=False))
            elif name == "value" and isinstance(value, list):
                row[name] = "; ".join(":".join(repr(number) for number in point) for point in value)
            elif f"{sheet}.{name}" in LISTS and isinstance(value, list):
                row[name] = "; ".join(map(_part, value))
            else:
                row[name] = _cell(value)
        yield row


def _part(word: object) -> str:
    if ";" in str(word):
        raise ValueError(f'"{str(word)[:64]}" holds a ;, which joins words in a cell; write it without')
    return str(word)


def _level_rows(values: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    for scale, levels in values.get("scales", {}).items():
        for level in levels:
            yield {"scale": scale, **{name: _cell(value) for name, value in level.items()}}


def _write_folder(draft: AppraisalDraft, folder: Path, *, replace: bool) -> Path:
    source = draft.source
    kept = source.toml.text if isinstance(source, FolderSource) and source.toml else toml_text(draft.written)
    files = {TOML_NAME: kept} | {f"{name}.csv": table_text(draft, name) for name in TABLES}
    there = [name for name in files if (folder / name).exists()]
    if there and not replace:
        raise FileExistsError(f"{folder}: holds {', '.join(there)} already; choose another folder")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        with write_whole(folder / name, "w") as stream:
            stream.write(text)
    return folder


def table_text(draft: AppraisalDraft, name: str) -> str:
    """Return a table as CSV text; a text that a spreadsheet would run is escaped, a number never."""
    rows = ({column: escape_cell(cells[column]) for column in TABLES[name]} for _, cells in draft.rows(name))
    return csv_text(TABLES[name], rows)


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return rows as CSV text with LF line ends.

    Examples
    --------
    >>> csv_text(["a", "b"], [{"a": "1", "b": "two, or so"}])
    'a,b\\n1,"two, or so"\\n'
    """
    stream = io.StringIO()
    # A cell with a CR must be quoted, and is only where the writer's own line end has one.
    writer = csv.writer(stream, lineterminator="\r\n")
    lines = []
    for cells in (dict(zip(columns, columns, strict=True)), *rows):
        stream.seek(0)
        stream.truncate()
        writer.writerow([cells[column] for column in columns])
        lines.append(stream.getvalue().removesuffix("\r\n"))
    return "\n".join(lines) + "\n"


def escape_cell(text: str) -> str:
    """Return a cell that no spreadsheet runs: an apostrophe before text that starts like a formula.

    Examples
    --------
    >>> escape_cell("-4"), escape_cell("=1+1"), escape_cell("fine")
    ('-4', "'=1+1", 'fine')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) and parse_number(text) is None else text


def toml_text(values: Mapping[str, Any]) -> str:
    """Return values as TOML text: scalars and lists first, then tables.

    Examples
    --------
    >>> print(toml_text({"id": "a", "options": [{"id": "x", "trial": ["t"]}], "money": {"premises": 5}}), end="")
    id = "a"
    options = [
      {id = "x", trial = ["t"]},
    ]
    <BLANKLINE>
    [money]
    premises = 5
    """
    lines = [f"{_key(name)} = {_top(value)}" for name, value in values.items() if not isinstance(value, dict)]
    for name, table in values.items():
        if isinstance(table, dict):
            lines += ["", f"[{_key(name)}]", *(f"{_key(inner)} = {_inline(each)}" for inner, each in table.items())]
    return "\n".join(lines) + "\n"


def _top(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + "".join(f"  {_inline(entry)},\n" for entry in value) + "]"
    return _inline(value)


def _key(name: str) -> str:
    plain = name.replace("_", "").replace("-", "")
    return name if plain.isascii() and plain.isalnum() else _text(name)


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(name)} = {_inline(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    return repr(value) if isinstance(value, int | float) else _text(str(value))


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
