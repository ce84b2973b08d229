"""What a register holds open on an appraisal: live entries beside the options, criteria and must-haves they bear on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from .markup import Block, Table, Text
from .results import Results
from .statement import Section, absent
from .words import day, labels_of

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.registers.register import Register

_PRIORITIES = ("high", "medium", "low")
_HEADINGS = {
    "part": "Bears on",
    "id": "Id",
    "title": "What is open",
    "priority": "Priority",
    "due": "Due",
    "overdue": "Overdue",
}


def open_section(appraisal: Appraisal, results: Results) -> Section:
    """Return the live entries of each register given that are linked to the appraisal."""
    return Section("open", "What is open on it", tuple(_list_open(appraisal, results)))


def _list_open(appraisal: Appraisal, results: Results) -> Iterator[Block]:
    if not results.registers:
        yield absent("A register", "read_register()")
    for place, register in enumerate(results.registers, 1):
        entries = list_open(appraisal, register)
        count = entries["id"].nunique()
        made_up = " The register is synthetic." if register.synthetic else ""
        yield Text(
            f"As of {day(register.day)}: {count} of {len(register.live)} live entries bear on what is appraised here; "
            f"one that bears on several parts stands under each. They lower no score by themselves.{made_up}"
        )
        if count:
            caption = "Live entries of the register, part by part, high priority first"
            yield Table(f"open-{place}", entries, caption, _HEADINGS, missing="none")


def list_open(appraisal: Appraisal, register: Register) -> pd.DataFrame:
    """Return live entries linked to the options, criteria and must-haves of an appraisal.

    Returns
    -------
    DataFrame
        part (its label), id, title, priority, due and overdue (in words); parts as the appraisal lists them.
    """
    kinds = {("option", one.id): one.id for one in appraisal.options}
    kinds |= {("criterion", one.id): one.id for one in (*appraisal.criteria, *appraisal.gates)}
    places, labels = {link: place for place, link in enumerate(kinds)}, labels_of(appraisal)
    live, late = register.live.set_index("id"), register.overdue().set_index("id")["days_overdue"]
    rows = []
    for one in register.links().drop_duplicates(["id", "link_kind", "target"]).itertuples():
        link = (str(one.link_kind), str(one.target))
        if link in places:
            due, days = live.at[one.id, "due"], late.get(one.id)
            words = "no day agreed" if pd.isna(due) else day(due.date())
            overdue = "no" if days is None else f"{days} day{'' if days == 1 else 's'}"
            key = (places[link], _PRIORITIES.index(str(one.priority)), one.id)
            rows.append((key, (labels[link[1]], one.id, one.title, one.priority, words, overdue)))
    return pd.DataFrame([row for _, row in sorted(rows)], columns=list(_HEADINGS))
