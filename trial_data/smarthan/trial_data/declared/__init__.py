"""The twelve tables of a building characterisation trial, declared once.

Reader, rules, blank workbook, data dictionary and synthetic generator all follow these declarations. `identity` stands
apart: it holds personal data, and `TRIAL_TABLES` does not contain it.
"""

from __future__ import annotations

from smarthan.tables.fields import Table

from .fieldwork import IDENTITY, SURVEYORS, VISITS
from .places import LOCATIONS, PATHS, WIRING
from .readings import INSTRUMENTS, MEASUREMENTS, NOISE
from .stock import BUILDINGS, DWELLINGS, FRAME

__all__ = [
    "BUILDINGS",
    "DWELLINGS",
    "FRAME",
    "IDENTITY",
    "INSTRUMENTS",
    "LOCATIONS",
    "MEASUREMENTS",
    "NOISE",
    "OPTIONAL_TABLES",
    "PATHS",
    "REQUIRED_TABLES",
    "SURVEYORS",
    "TRIAL_TABLES",
    "VISITS",
    "WIRING",
]

# Parents before children, so that one pass in this order can reject the children of rejected rows.
TRIAL_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        FRAME,
        SURVEYORS,
        INSTRUMENTS,
        BUILDINGS,
        DWELLINGS,
        VISITS,
        LOCATIONS,
        WIRING,
        NOISE,
        PATHS,
        MEASUREMENTS,
    )
}
OPTIONAL_TABLES = ("wiring", "noise")
REQUIRED_TABLES = tuple(name for name in TRIAL_TABLES if name not in OPTIONAL_TABLES)
