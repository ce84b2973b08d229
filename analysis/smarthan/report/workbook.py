"""The tables of a pack as one accessible workbook, checked by reading the file that was written."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .figures import Shown
from .refusals import ReportRefused
from .workbook_rules import find_workbook_problems

if TYPE_CHECKING:
    import pandas as pd

# Without the first two a cell that says =1+1 becomes a live formula.
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# Analysis Function, "Using symbols and shorthand", 11 January 2022; the letter as StatsWales writes it.
NOT_AVAILABLE = "[x]"
LEGEND = {
    NOT_AVAILABLE: "not available",
    "suppressed": "hidden by disclosure control: of too few buildings or homes, or such a figure could be worked out",
}


def write_workbook(shown: Sequence[Shown], path: Path, *, title: str, organisation: str, as_of: dt.date) -> None:
    """Write every table, and the data of every chart, one a sheet, with cover and contents.

    Parameters
    ----------
    shown : sequence of Shown
        In the order of the page.
    path : Path
        An .xlsx file; it appears only when it passed its checks.
    title, organisation : str
        For the cover and the document's properties.
    as_of : date
        Stands as the time of making, so that equal tables give equal bytes.

    Raises
    ------
    ReportRefused
        When there is no table, or the file written breaks a rule of `find_workbook_problems`.

    References
    ----------
    Analysis Function, "Making spreadsheets accessible: a brief checklist of the basics".
    """
    if not shown:
        raise ReportRefused([f"{path.name}: the notebooks show no chart and no table; there is nothing to write"])
    partial = path.with_name(f".{path.name}.partial.xlsx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # gptables warns that there are no notes, and of pandas' own deprecations
        _write(shown, partial, title=title, organisation=organisation, as_of=as_of)
    problems = find_workbook_problems(partial)
    if problems:
        partial.unlink()
        raise ReportRefused([f"{path.name}: {problem}" for problem in problems])
    os.replace(partial, path)


def _write(shown: Sequence[Shown], path: Path, *, title: str, organisation: str, as_of: dt.date) -> None:
    import gptables

    synthetic = any(item.facts["synthetic"] for item in shown)
    mark = ["Synthetic data: made up for demonstration, not a finding."] if synthetic else []
    cover = gptables.Cover(
        title=title,
        intro=[f"Published by {organisation}.", f"As of {as_of:%d %B %Y}.".replace(" 0", " "), *mark],
        width=130,
        about=[
            "Each worksheet holds one table. A table that belongs to a figure holds the data behind it.",
            *(f"{mark} means {words}." for mark, words in LEGEND.items()),
        ],
    )
    book = gptables.produce_workbook(
        str(path), {item.label: _make_table(item) for item in shown}, cover=cover, workbook_options=dict(OPTIONS)
    )
    created = dt.datetime.combine(as_of, dt.time())
    book.set_properties({"title": title, "author": organisation, "created": created})
    book.close()


def _make_table(item: Shown) -> Any:
    import gptables

    facts = item.facts
    frame, formats = _read_frame(item)
    made_up = " (synthetic data)" if facts["synthetic"] else ""
    words = [
        facts["subtitle"],
        facts["n"] and f"Sample: {facts['n']}",
        facts["method"] and f"Method: {facts['method']}",
    ]
    return gptables.GPTable(
        table=frame,
        table_name=f"{facts['kind']}_{facts['name']}",
        title=f"{item.label}: {facts['title']}{made_up}",
        subtitles=[text for text in [*words, *facts["notes"]] if text],
        instructions="This worksheet contains one table.",
        source=f"Source: {facts['source']}",
        legend=[f"{mark} means {words}." for mark, words in LEGEND.items() if frame.isin([mark]).to_numpy().any()],
        index_columns={},
        additional_formatting=formats,
    )


def _read_frame(item: Shown) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Return a table with words for headings and for missing cells, and the number formats of its columns."""
    import pandas as pd

    from smarthan.charts.hiding import WORD
    from smarthan.charts.tabular import resolve_formats

    facts = item.facts
    text = pd.read_csv(io.StringIO(item.csv), dtype=str, keep_default_na=False)
    numeric = [name for name in facts["number_columns"] if name in text.columns]
    absent = text.isin(["", WORD])
    typed = text.assign(**{name: text[name].mask(absent[name], "nan").astype(float) for name in numeric})
    specs = resolve_formats(typed, facts["formats"])
    formats = [
        {"column": {"columns": [place], "format": {"num_format": _excel_format(specs[name])}}}
        for place, name in enumerate(typed.columns)
        if name in numeric
    ]
    filled = typed.astype(object).where(typed.notna() & (text != ""), NOT_AVAILABLE).mask(text.eq(WORD), WORD)
    return filled.rename(columns=_head(list(text.columns), facts["headings"])), formats


def _head(names: list[str], headings: dict[str, str]) -> dict[str, str]:
    """Return name to heading; a heading that would stand twice keeps the column's own name."""
    words = {name: headings.get(name, name.replace("_", " ").strip().capitalize()) for name in names}
    said = [word.casefold() for word in words.values()]
    return {name: word if said.count(word.casefold()) == 1 else name for name, word in words.items()}


def _excel_format(spec: str) -> str:
    """Return the spreadsheet form of a Python number format.

    Examples
    --------
    >>> _excel_format(".1%"), _excel_format(",d"), _excel_format(",.2f")
    ('0.0%', '#,##0', '#,##0.00')
    """
    found = re.search(r"\.(\d+)", spec)
    decimals = int(found[1]) if found else 0
    whole = "#,##0" if "," in spec else "0"
    return whole + ("." + "0" * decimals if decimals else "") + ("%" if spec.endswith("%") else "")
