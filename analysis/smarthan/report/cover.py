"""What stands on the page besides the notebooks: cover, warnings, summary and annex, made from the facts of the run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .figures import Shown
from .planning import FAST, PARTIAL, Plan
from .provenance import read_versions
from .registers import SECTIONS, Register, read_register

# strftime would take the names from the locale.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MARKS = {
    PARTIAL: "Partial: this is not the whole report.",
    FAST: "Fast: made with small parameters for a first look, not for publication.",
}


@dataclass(frozen=True)
class Cover:
    """What stands above, before and behind the notebooks on the page.

    Attributes
    ----------
    title, organisation : str
    as_of : date
    version : str
        Of smarthan.
    key : str
        Short provenance hash.
    marks : tuple of str
        "partial", "fast".
    inputs : sequence of mapping
        input, path, bytes, sha256; read, accepted and quarantined where rows were counted.
    warnings : sequence of str
        What a reader must know before the first figure: rows set aside, what was left out.
    audience, logo_text, contact, licence : str
    parameters : mapping of str to mapping
        Notebook to its parameters.
    versions : mapping of str to str
    commit : str
    registers : sequence of (str, Register)
        Tables of assumptions and sources for the annex, each with its title.
    lead : str
        The notebook whose answer leads the summary; empty takes the last one.
    """

    title: str
    organisation: str
    as_of: dt.date
    version: str
    key: str
    marks: tuple[str, ...]
    inputs: Sequence[Mapping[str, Any]]
    warnings: Sequence[str] = ()
    audience: str = ""
    logo_text: str = ""
    contact: str = ""
    licence: str = ""
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    commit: str = ""
    registers: Sequence[tuple[str, Register]] = ()
    lead: str = ""

    @property
    def day(self) -> str:
        """The day of the report in words, the same in every locale."""
        return f"{self.as_of.day} {_MONTHS[self.as_of.month - 1]} {self.as_of.year}"


def make_cover(plan: Plan, rows: Mapping[str, Mapping[str, Any]], commit: str, withheld: Sequence[str] = ()) -> Cover:
    """Return the cover of a planned report.

    Parameters
    ----------
    plan : Plan
    rows : mapping of str to mapping
        Input to its rows read, accepted and quarantined, where they were counted.
    commit : str
        Of the code.
    withheld : sequence of str
        What disclosure control kept in the house, a sentence each.

    Returns
    -------
    Cover
    """
    words, pack = plan.cover_words, plan.configuration
    return Cover(
        title=words["title"],
        organisation=words["organisation"],
        as_of=pack.as_of,
        version=read_versions()["smarthan"],
        key=plan.key[:12],
        marks=plan.marks,
        inputs=[{**row, **rows.get(row["input"], {})} for row in plan.inputs],
        warnings=[*find_warnings(plan, rows), *withheld],
        audience=words["audience"],
        logo_text=words["logo_text"],
        contact=words["contact"],
        licence=words["licence"],
        parameters={task.name: {k: v for k, v in task.parameters.items() if k != "inputs"} for task in plan.tasks},
        versions=read_versions(),
        commit=commit,
        registers=read_registers(plan.kind.name),
        lead=next((t.name for t in plan.tasks if plan.kind.lead and plan.kind.lead in t.name), ""),
    )


def find_warnings(plan: Plan, rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return what a reader must know before the first figure."""
    left = [f"Left out: {words}." for words in plan.left_out]
    aside = describe_set_aside(rows)
    return [*(_MARKS[mark] for mark in plan.marks), *left, *([aside] if aside else [])]


def describe_set_aside(counts: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a sentence on the rows in quarantine, or nothing when there are none.

    Examples
    --------
    >>> describe_set_aside({"trial": {"read": 1200, "accepted": 1194, "quarantined": 6}})
    'Rows set aside because they broke a rule, and left out of every figure: 6 of 1,200 in trial.'
    >>> describe_set_aside({"trial": {"read": 1200, "accepted": 1200, "quarantined": 0}})
    ''
    """
    said = [f"{c['quarantined']:,} of {c['read']:,} in {name}" for name, c in counts.items() if c.get("quarantined")]
    return f"Rows set aside because they broke a rule, and left out of every figure: {', '.join(said)}." if said else ""


def read_registers(report: str) -> list[tuple[str, Register]]:
    """Return the tables of assumptions and sources that stand in the annex of a report."""
    assumed = read_register("assumptions", sections=SECTIONS.get(report, ()))
    return [
        *((f"Assumptions: {table.heading.lower()}", table) for table in assumed),
        *((f"Sources: {table.heading.lower()}", table) for table in read_register("sources")),
    ]


def describe_methods(shown: Sequence[Shown]) -> list[dict[str, str]]:
    """Return how each chart and table was made and what it counts, where it says so."""
    return [
        {"id": item.anchor, "label": item.label, "method": item.facts["method"], "n": item.facts["n"]}
        for item in shown
        if item.facts["method"] or item.facts["n"]
    ]


def describe_disclosure(shown: Sequence[Shown]) -> list[dict[str, str]]:
    """Return what disclosure control did to each chart and table of trial data."""
    return [
        {"id": item.anchor, "label": item.label, "words": _describe_record(item.facts["disclosure"])}
        for item in shown
        if item.facts.get("disclosure")
    ]


def _describe_record(record: Mapping[str, Any]) -> str:
    if record["method"] == "none":
        return f"Shown as it is: {record['reason']}."
    words = {"suppress and round": "Small cells hidden, counts rounded", "round": "Counts rounded"}
    hidden = f"{record['cells_suppressed']} of {record['cells']} cells hidden" if record.get("cells") else ""
    reason = str(record.get("reason") or "")
    return "; ".join(part for part in (words.get(record["method"], record["method"]), hidden, reason) if part) + "."
