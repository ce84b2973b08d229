"""Errors in the sample's design and in the headers of files."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .damage import Damage

RESPONDING = ("complete", "partial")


def split_inclusion(damage: Damage) -> None:
    """Give one dwelling of a building another probability of the building's being drawn than its neighbours have."""
    code = "p_incl_product"
    dwellings = damage.tables["dwellings"]
    building = dwellings["building_id"]
    groups = pd.Series(damage.is_free("dwellings")).groupby(building, observed=True, dropna=True)
    allowed = groups.transform("all") & groups.transform("size").ge(2) & ~building.duplicated()
    for row in damage.take("dwellings", allowed, damage.count(code), code):
        dwellings.at[row, "p_incl_1"] = f"{float(str(dwellings.at[row, 'p_incl_1'])) / 2:.10f}"
        together = np.flatnonzero((building == building.at[row]).to_numpy())
        damage.reserve("dwellings", together)
        for one in together.tolist():
            damage.note("dwellings", one, "p_incl_1", code)


def state_certainty(damage: Damage) -> None:
    """Let the frame say that a stratum has no more buildings than were drawn."""
    code = "stratum_certainty"
    frame, drawn = damage.tables["frame"], damage.tables["buildings"]["stratum_id"].value_counts()
    larger = frame["n_buildings"].astype("int64") > frame["stratum_id"].map(drawn)
    for row in damage.take("frame", larger, damage.count(code), code):
        frame.at[row, "n_buildings"] = str(drawn[frame.at[row, "stratum_id"]])
        damage.note("frame", row, "n_buildings", code)


def silence_strata(damage: Damage) -> None:
    """Let all dwellings of a stratum refuse."""
    code = "stratum_single_psu"
    frame, dwellings = damage.tables["frame"], damage.tables["dwellings"]
    home = damage.tables["buildings"].set_index("building_id")["stratum_id"]
    stratum = dwellings["building_id"].map(home)
    for row in damage.take("frame", pd.Series(True, index=frame.index), damage.count(code), code):
        mine = np.flatnonzero((stratum == frame.at[row, "stratum_id"]).to_numpy())
        dwellings.loc[mine[dwellings.loc[mine, "outcome"].isin(RESPONDING)], "outcome"] = "refusal"
        damage.reserve("dwellings", mine)
        damage.note("frame", row, "stratum_id", code)


def change_headers(damage: Damage) -> None:
    """Add columns that nobody declared, one kind of them personal, and spell some names otherwise."""
    added = {"header_unknown": ("wiring", "remark"), "personal_column": ("visits", "occupier_name")}
    for code, (table, name) in added.items():
        for number in range(1, damage.count(code) + 1):
            damage.tables[table][f"{name}_{number}"] = "as told"
            damage.note(table, -1, f"{name}_{number}", code)
    noise = damage.tables["noise"]
    names = list(noise.columns)[: damage.count("header_spelling")]
    damage.lack("header_spelling", len(names), "columns of noise")
    damage.tables["noise"] = noise.rename(columns={name: f" {name.upper()}" for name in names})
    for name in names:
        damage.note("noise", -1, name, "header_spelling")
