"""How the premises of one location divide over the states: each counted once, however many rows speak of it.

Standard library only. `smarthan.coverage.index.locations` computes the same for all locations at once.
"""

from __future__ import annotations

from itertools import groupby

from smarthan.records import NamedTuple

from .states import COVERED, ERROR, MIXED, NOT_CONFIRMED, STATES, rank_row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    Row = Mapping[str, Any]


class Unit(NamedTuple):
    """The rows of one key, over its regions: a postcode as a whole, or one premises in it.

    `premises` is None where no row states it; `reached` counts those that coverage reaches; `rest` is the state of
    the others.
    """

    whole: bool
    state: str
    premises: int | None
    reached: int
    rest: str

    @property
    def is_partial(self) -> bool:
        """Whether coverage reaches some premises of the unit and not all."""
        return self.premises is not None and 0 < self.reached < self.premises


def read_units(rows: Iterable[Row]) -> list[Unit]:
    """Return the units that rows (already with their state, key by key) speak of."""
    return [_unit(list(group)) for _, group in groupby(rows, key=unit_key)]


def unit_key(row: Row) -> tuple[str, str | None]:
    """Return what a row speaks of within its postcode."""
    kind = row["location_kind"]
    return kind, {"UPRN": row["uprn"], "ADDRESS": row["address_identifier"]}.get(kind)


def _unit(rows: Sequence[Row]) -> Unit:
    state = min((row["state"] for row in rows), key=STATES.index)
    stated = [row["premises"] for row in rows if row["premises"] is not None]
    premises = max(stated, default=None)
    reached = max((_reached(row) for row in rows), default=0)
    others = [row["state"] for row in rows if row["state"] not in (COVERED, ERROR)]
    return Unit(
        whole=rows[0]["location_kind"] == "POSTCODE",
        state=state,
        premises=premises,
        reached=reached,
        rest=min(others, key=STATES.index, default=NOT_CONFIRMED),
    )


def _reached(row: Row) -> int:
    if row["state"] == ERROR:
        return 0
    if row["premises_available"] is not None:
        return row["premises_available"]
    return row["premises"] or 0 if row["state"] == COVERED else 0


def location_state(units: Sequence[Unit]) -> str:
    """Return the one state of a location, or MIXED when its premises differ."""
    states = {unit.state for unit in units}
    return MIXED if len(states) > 1 or any(unit.is_partial for unit in units) else units[0].state


def divide_premises(units: Sequence[Unit]) -> dict[str, int]:
    """Return the premises of a location by state; empty when nothing states their number.

    Notes
    -----
    A premises with its own row counts as itself (one, or the premises its row states); the postcode's row stands for
    those without. So a premises is never counted twice and none is lost.

    Examples
    --------
    >>> divide_premises([Unit(True, "COVERED", 20, 20, "NOT_CONFIRMED"), Unit(False, "PLANNED", None, 0, "PLANNED")])
    {'COVERED': 19, 'PLANNED': 1}
    """
    total: dict[str, int] = {}
    parts = [unit for unit in units if not unit.whole]
    for unit in parts:
        _add(total, unit, unit.reached, 1 if unit.premises is None else unit.premises)
    for unit in units:
        if unit.whole and unit.premises is not None:
            left = max(unit.premises - sum(total.values()), 0)
            _add(total, unit, min(max(unit.reached - total.get(COVERED, 0), 0), left), left)
    return {state: total[state] for state in STATES if total.get(state)}


def _add(total: dict[str, int], unit: Unit, reached: int, premises: int) -> None:
    if unit.is_partial:
        total[COVERED] = total.get(COVERED, 0) + reached
        total[unit.rest] = total.get(unit.rest, 0) + premises - reached
    else:
        total[unit.state] = total.get(unit.state, 0) + premises


def divide_one(units: Sequence[Unit]) -> dict[str, float]:
    """Return a location of weight one by state, for a release that states no premises at all."""
    parts = [unit for unit in units if not unit.whole] or list(units)
    total: dict[str, float] = {}
    for unit in parts:
        total[unit.state] = total.get(unit.state, 0.0) + 1 / len(parts)
    return total


def has_known_total(units: Iterable[Unit]) -> bool:
    """Return whether the number of premises is known: a postcode's own row, where there is one, states it."""
    return all(unit.premises is not None for unit in units if unit.whole)


def share_covered(counts: Mapping[str, float]) -> float | None:
    """Return the covered share of weights by state, None when they are all zero."""
    total = sum(counts.values())
    return counts.get(COVERED, 0) / total if total else None


def sort_best_first(rows: Iterable[Row]) -> list[Row]:
    """Return rows by state, then likelihood, then 4G before legacy; equal ones keep their order."""
    return sorted(rows, key=lambda row: rank_row(row["state"], row["likelihood"], row["csp_region"]))
