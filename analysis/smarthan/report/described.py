"""What the CSV files of a pack hold, for a program: columns, their words and types, by the W3C's CSV on the Web."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .provenance import json_text
from .shown import Shown

# The name by which a reader knows the vocabulary; nothing is fetched from there.
CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "en-GB"}]
_FOLDERS = {"chart": "charts", "table": "tables"}


def describe_tables(shown: Sequence[Shown], *, licence: str = "") -> str:
    """Return the description of every CSV file of a pack as one JSON text.

    Parameters
    ----------
    shown : sequence of Shown
    licence : str
        Of the report; empty when nobody said.

    Returns
    -------
    str

    Notes
    -----
    Figures hidden by disclosure control read "suppressed" in a column of numbers, which is told as a null.

    References
    ----------
    W3C, "Metadata Vocabulary for Tabular Data", Recommendation, 17 December 2015.
    """
    return json_text({"@context": CONTEXT, "tables": [_describe(item, licence) for item in shown]})


def _describe(item: Shown, licence: str) -> dict[str, Any]:
    facts = item.facts
    words = [
        facts["subtitle"],
        facts["n"] and f"Sample: {facts['n']}",
        facts["method"] and f"Method: {facts['method']}",
    ]
    described: dict[str, Any] = {
        "url": f"{_FOLDERS[item.kind]}/{item.stem}.csv",
        "dc:title": f"{item.label}: {facts['title']}",
        "dc:description": " ".join(str(text) for text in words if text),
        "dc:source": facts["source"],
        "rdfs:comment": [*map(str, facts["notes"]), *(["Synthetic data."] if facts["synthetic"] else [])],
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True},
        "tableSchema": {"columns": [_describe_column(name, facts) for name in facts["columns"]]},
    }
    return {**described, "dc:license": licence} if licence else described


def _describe_column(name: str, facts: Any) -> dict[str, Any]:
    title = facts["headings"].get(name, name.replace("_", " "))
    if name not in facts["number_columns"]:
        return {"name": name, "titles": name, "dc:title": title, "datatype": "string"}
    return {"name": name, "titles": name, "dc:title": title, "datatype": "number", "null": ["", "suppressed"]}
