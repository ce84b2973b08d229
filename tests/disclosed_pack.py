"""What a reader with a pack in hand could learn of few: every published count, and what follows from those shown.

Works on the files alone, and knows nothing of how they were made.
"""

import io
import json
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linprog

WORD = "suppressed"
THRESHOLD, BASE = 10, 5
# Columns that count buildings or homes of a trial, by the name they have in every table.
COUNTS = {
    *("buildings", "buildings_sampled", "buildings_responding", "n", "n_psu", "n_without_flagged"),
    *("dwellings", "dwellings_sampled", "dwellings_responding", "dwellings_eligible", "sampled", "surveyed"),
}
# Stated exceptions: rows of whole files, by no characteristic of anybody, exact so that the account can be checked.
EXACT = {"trial_accounts"}


def read_pack(folder: Path) -> dict[str, pd.DataFrame]:
    """Return every CSV file of a pack as text, by its name without the mark of synthetic data."""
    paths = sorted([*folder.glob("charts/*.csv"), *folder.glob("tables/*.csv")])
    return {
        path.stem.removesuffix("_synthetic"): pd.read_csv(io.StringIO(path.read_text()), dtype=str, na_filter=False)
        for path in paths
    }


def find_small_counts(name: str, table: pd.DataFrame) -> list[str]:
    """Return every shown count of buildings or homes that is below the threshold or was not rounded."""
    if name in EXACT:
        return []
    told = []
    for column in [column for column in table if column in COUNTS]:
        for text in table[column]:
            if text == WORD:
                continue
            if text == "" or float(text) < THRESHOLD or float(text) % BASE:
                told.append(f"{name}: {column} is {text!r}")
    return told


def find_bare_shares(name: str, table: pd.DataFrame, *, small_group: int = 30) -> list[str]:
    """Return every shown share of 0 or 1 whose row counts few homes or buildings."""
    told = []
    for share, column in product(("estimate", "response_rate"), ("n", "n_psu", "dwellings_eligible")):
        if share in table and column in table:
            for one, of in zip(table[share], table[column], strict=True):
                if WORD not in (one, of) and float(one) in (0.0, 1.0) and float(of) < small_group - BASE:
                    told.append(f"{name}: {share} is {one} of {of}")
    return told


# Shares that are a count over a count, or would be where all of a cell weigh the same; and the count they are of.
PLAIN = {
    "observed_share": "links",
    "missing_share": "rows",
    "unknown_share": "rows",
    "censored_share": "readings",
    "response_pct": "sampled",
    "response_rate": "dwellings_eligible",
}
# Counts that were not rounded, so that a share tells nothing more.
OF_NOBODY = {"instruments", "surveyors", "frame"}


def find_telling_shares(name: str, table: pd.DataFrame, plain: dict[str, str] = PLAIN) -> list[str]:
    """Return every share whose decimals tell which of the counts behind the rounded one beside it is the exact one."""
    if name in ("reach_by_type", "evidence"):
        plain = plain | {"estimate": "n"}
    told = []
    for share, of in ((share, of) for share, of in plain.items() if share in table and of in table):
        for place, (one, count) in enumerate(zip(table[share], table[of], strict=True)):
            of_nobody = "table" in table and table["table"].iloc[place].lower() in OF_NOBODY
            if WORD in (one, count) or "" in (one, count) or of_nobody or float(one) == 0:
                continue
            value, near = float(one) / (100 if share.endswith("_pct") else 1), round(float(count))
            unit = 10.0 ** -len(f"{value:.10g}".partition(".")[2])
            fits = [
                n for n in range(max(near - 2, 1), near + 3) if abs(round(value * n) / n - value) <= unit / 2 + 1e-9
            ]
            if len(fits) == 1:
                told.append(f"{name}: {share} {one} is {round(value * fits[0])} of exactly {fits[0]}")
    return told


def intervals_of(parts: list[str], total: str) -> list[tuple[float, float]]:
    """Return what each hidden part can be, from the parts and the total shown, each known to within its rounding.

    A hidden figure is 0 or more; a rounded one stands for the two whole numbers either side.
    """
    known = [None if text == WORD else float(text) for text in [*parts, total]]
    bounds = [(0, None) if value is None else (max(value - 2, 0), value + 2) for value in known]
    equation = np.append(np.ones(len(parts)), -1.0)[np.newaxis]
    found = []
    for place in [place for place, value in enumerate(known[:-1]) if value is None]:
        ends = []
        for side in (1, -1):
            cost = np.zeros(len(known))
            cost[place] = side
            done = linprog(cost, A_eq=equation, b_eq=[0], bounds=bounds, method="highs")
            ends.append(np.inf if done.x is None else done.x[place])
        found.append((ends[0], ends[1]))
    return found


def narrowest_of(table: pd.DataFrame, label: str, column: str, *, all_words: str = "All homes") -> float:
    """Return the width of the narrowest interval of a hidden cell of one column; infinity when nothing is hidden."""
    is_total = table[label].eq(all_words)
    parts, total = table.loc[~is_total, column].tolist(), table.loc[is_total, column].iloc[0]
    return min((high - low for low, high in intervals_of(parts, total)), default=float("inf"))


def read_records(folder: Path) -> dict[str, dict[str, object]]:
    """Return the records of disclosure control of a pack, by the name of chart or table."""
    return {record["name"]: record for record in json.loads((folder / "provenance.json").read_text())["disclosure"]}
