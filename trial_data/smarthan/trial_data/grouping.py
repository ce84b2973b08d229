"""What a table of the trial may be broken down by: nothing finer than region, never a place."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

ALL = "ALL"
DESIGN_GROUPS = ("stratum_id", "archetype", "meter_class", "region")


def check_group(by: str, allowed: Collection[str]) -> None:
    """Refuse a grouping that is not offered.

    Raises
    ------
    ValueError
        Naming what is.
    """
    if by not in allowed:
        raise ValueError(f"by: '{by}' is not one of {', '.join(allowed)}")


def label_groups(cells: pd.Series) -> list[str]:
    """Return the groups in the order of the declared words where there is one, else sorted."""
    present = cells.dropna().astype("str").unique().tolist()
    order = {word: place for place, word in enumerate(_declared_order(str(cells.name)))}
    return sorted(present, key=lambda word: (order.get(word, len(order)), word))


def _declared_order(column: str) -> tuple[str, ...]:
    from .declared import BUILDINGS, FRAME

    declared = BUILDINGS.by_name.get(column) or FRAME.by_name.get(column)
    return declared.allowed if declared else ()
