"""Returned forms for tests: the request, filled in as a provider would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from smarthan.analysis import Appraisal
from smarthan.analysis.appraisal.book_writing import SheetPlan, write_book
from smarthan.analysis.providers import form
from smarthan.analysis.providers.declared import ABOUT, CONTACT, DOCUMENTS, PROVIDER

WHO = {"provider": "acme", "organisation": "Acme Radio Ltd", "is_person": "no", "date": dt.date(2013, 5, 2)}
DOCUMENT = {"id": "D1", "title": "Data sheet (invented)", "date": dt.date(2013, 1, 31), "where": "sheet.pdf p.2"}
CONTACT_ROW = {"name": "Zebedee Quux", "email": "zebedee@quux.example", "phone": "07700 900123"}
CLAIMS: dict[tuple[str, str], dict[str, Any]] = {
    ("zb868", "capex"): {"best": 16.5, "low": 14, "high": 21, "document": "D1", "note": "at 1 million a year"},
    ("zb868", "reach_flat"): {"n": 50, "k": 42, "document": "D1"},
    ("zb868", "maturity"): {"level": "product", "document": "D1"},
    ("zb868", "app"): {"level": "yes"},
    ("zb868", "margin"): {"best": -3, "document": "D1"},
}
ANSWERS: dict[tuple[str, str], dict[str, Any]] = {
    ("zb868", "spectrum"): {"answer": "868.0 to 868.6 MHz, 1 % duty cycle", "document": "D1"}
}


def fill(
    path: Path,
    appraisal: Appraisal,
    *,
    who: Mapping[str, Any] = WHO,
    claims: Mapping[tuple[str, str], Mapping[str, Any]] = CLAIMS,
    answers: Mapping[tuple[str, str], Mapping[str, Any]] = ANSWERS,
    documents: tuple[Mapping[str, Any], ...] = (DOCUMENT,),
    about: Mapping[str, str] | None = None,
    without: tuple[str, ...] = (),
    only: tuple[str, ...] | None = None,
) -> Path:
    """Write a returned form."""
    options = [option for option in appraisal.options if only is None or option.id in only]
    asked, technology = form._claims_plan(appraisal, options), form._technology_plan(options)
    stated = [row | {"value": (about or {}).get(str(row["key"]), row["value"])} for row in form._about(appraisal)]
    plans = [
        SheetPlan(ABOUT, stated),
        SheetPlan(PROVIDER, [who] if who else []),
        SheetPlan(CONTACT, [CONTACT_ROW]),
        _filled(technology, ("option", "topic"), answers),
        _filled(asked, ("option", "criterion"), claims),
        SheetPlan(DOCUMENTS, list(documents)),
    ]
    kept = [replace(plan, cell_checks={}) for plan in plans if plan.table.name not in without]
    return write_book(path, "form", [("title", "form")], kept, replace=True)


def _filled(plan: SheetPlan, key: tuple[str, str], given: Mapping[tuple[str, str], Mapping[str, Any]]) -> SheetPlan:
    rows = [{**row, **given.get((str(row[key[0]]), str(row[key[1]])), {})} for row in plan.rows]
    asked = {(row[key[0]], row[key[1]]) for row in rows}
    more = [dict(zip(key, place, strict=True)) | dict(cells) for place, cells in given.items() if place not in asked]
    return replace(plan, rows=[*rows, *more])
