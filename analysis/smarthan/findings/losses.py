"""What walls, floors and distance cost on air, in tables with their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.findings.buildings import trial_source
from smarthan.findings.disclosed import HIDDEN, SHOWN, TOTAL, Disclosed, disclose, is_hidden, record_rounding
from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.reach_types import nearest
from smarthan.findings.words import TECHNOLOGIES

if TYPE_CHECKING:
    from smarthan.analysis import WallLosses
    from smarthan.trial_data import Trial

# Half an octave of distance by 5 dB: fine enough to see the fall, coarse enough that most marks are of ten buildings.
CLASS_DB = 5.0
CLASSES_PER_OCTAVE = 2
_LOSSES = {"light_db": "light wall", "heavy_db": "heavy wall", "floor_db": "first floor crossed"}
_SPANS = {"No wall": (0, 0), "Two heavy walls": (2, 0), "Two heavy walls, a floor": (2, 1)}


def loss_scatter_of(trial: Trial, losses: WallLosses) -> Finding:
    """Return the losses measured against distance, in classes, those at an instrument's limit apart.

    Parameters
    ----------
    trial : Trial
    losses : WallLosses
        Of that trial, for the technology and the parameters named.

    Returns
    -------
    Finding
        A table: distance [m] and loss [dB] (the middle of their class), whether the loss lies beyond, readings and
        buildings (rounded). Readings are records of homes and stay in the house: only classes of ten buildings or more
        are shown. Readings at an instrument's ceiling, known only to lie at less, are left out and counted.
    """
    from smarthan.analysis import loss_readings

    readings = loss_readings(trial, losses.technology)
    kept = readings[np.isfinite(readings["low"])]
    done = _disclose_classes(kept)
    table = done.table
    shown = table[~is_hidden(table)]
    open_share = float((kept["high"] > kept["low"]).mean())
    name = TECHNOLOGIES.get(losses.technology, losses.technology)
    ceiling = len(readings) - len(kept)
    return Finding(
        mark(table, synthetic=losses.synthetic),
        f"loss_{losses.technology}",
        f"{percent(open_share, 0)} of readings tell only the least loss",
        f"Loss of {name} beyond free space at 1 m, by distance; links of the trial, unweighted",
        f"Marks of readings by distance and loss: {_say_span(shown)}; {int(shown['beyond'].sum())} of {len(shown)} "
        "marks are open triangles, whose readings lie at an instrument's floor or were not heard. Lines of the fitted "
        f"model: {'; '.join(words.lower() for words in _SPANS)}.",
        trial_source(trial),
        n=f"About {count(nearest(len(kept)))} readings; {_say_ceiling(ceiling)} {done.record['cells_suppressed']} of "
        f"{done.record['cells'] - 1} classes are suppressed and stand in the last row of the table.",
        method="Model: random-intercept Tobit of the multi-wall form (COST 231), limits taken as what they are; an "
        "ordinary fit would take a floor for a level and make walls too thin.",
        notes=("Classes of half an octave by 5 dB; a mark stands in the middle of its class.", done.note),
        disclosure=done.record,
        headings={
            "distance_m": "Distance, m",
            "loss_db": "Loss, dB",
            "beyond": "At least this much",
            "readings": "Readings",
            "buildings": "Buildings",
        },
        formats={"distance_m": ",.1f", "loss_db": ".1f"},
    )


def loss_curves_of(losses: WallLosses, *, most_m: float = 100.0) -> pd.DataFrame:
    """Return the fitted loss along the distance, for the lines of a loss scatter.

    Parameters
    ----------
    losses : WallLosses
    most_m : float
        Where the lines end [m].

    Returns
    -------
    DataFrame
        curve, distance_m [m], loss_db [dB beyond free space at 1 m].
    """
    cost = losses.table.set_index("parameter")["estimate"].reindex([*_LOSSES, "exponent", "constant_db"]).fillna(0.0)
    distance = np.geomspace(1.0, most_m, 60)
    fall = cost["constant_db"] + 10 * cost["exponent"] * np.log10(distance)
    parts = [
        pd.DataFrame(
            {
                "curve": name,
                "distance_m": distance,
                "loss_db": fall + walls * cost["heavy_db"] + floors * cost["floor_db"],
            }
        )
        for name, (walls, floors) in _SPANS.items()
    ]
    return pd.concat(parts, ignore_index=True)


def wall_losses_of(fits: Sequence[WallLosses]) -> Finding:
    """Return what a wall and a floor cost in each band, with intervals and the bands in which that is plausible.

    Parameters
    ----------
    fits : sequence of WallLosses
        At least one.

    Returns
    -------
    Finding
        A table: technology and obstacle, estimate, low, high [dB], the plausible band, whether it lies in it.
    """
    table = pd.concat([_list_losses(fit) for fit in fits], ignore_index=True)
    spread = [fit.table.set_index("parameter")["estimate"] for fit in fits]
    heavy = [(_band(fit), value["heavy_db"]) for fit, value in zip(fits, spread, strict=True) if "heavy_db" in value]
    warned = [f"{_band(fit)}: {_in_words(warning)}." for fit in fits for warning in fit.warnings]
    return Finding(
        mark(table, synthetic=any(fit.synthetic for fit in fits)),
        "wall_losses",
        f"A heavy wall costs {heavy[0][1]:.1f} dB at {heavy[0][0]}" if heavy else "No two links differ in heavy walls",
        "Loss per obstacle fitted to the trial, dB, with 95% interval",
        "A dot with its interval over the plausible band for each technology and obstacle: "
        + "; ".join(
            f"{row.obstacle} {row.estimate:.1f} dB ({row.low:.1f} to {row.high:.1f})" for row in table.itertuples()
        )
        + ".",
        _say_source(fits),
        n="; ".join(
            f"{_band(fit)}: about {count(nearest(fit.fit.n))} readings, "
            f"{percent((fit.fit.n_lower + fit.fit.n_upper + fit.fit.n_interval) / fit.fit.n, 0)} known to a limit only"
            for fit in fits
        )
        + ".",
        method="Random-intercept Tobit of the multi-wall form (COST 231), normal intervals, the building's level its "
        "own. Distance exponent and spread of building and path together: "
        + listed(
            f"{_band(fit)} {value['exponent']:.2f} and {value['sigma_db']:.1f} dB"
            for fit, value in zip(fits, spread, strict=True)
        )
        + f". Condition number {listed(f'{fit.condition_number:.1f}' for fit in fits)}: from about 30 on walls and "
        "distance stand in for each other.",
        notes=(*warned, "A further floor costs less than the first (exponent of COST 231)."),
        # Coefficients of a model of all readings, by no group: nothing to hide.
        disclosure={**record_rounding(len(table)), "reason": "a model of all readings, by no group"},
        headings={
            "obstacle": "Obstacle",
            "estimate": "Loss, dB",
            "low": "Lower",
            "high": "Upper",
            "plausible_low": "Plausible from",
            "plausible_high": "Plausible to",
            "is_plausible": "Plausible",
        },
        formats={**dict.fromkeys(("estimate", "low", "high"), ".2f"), "plausible_low": ".0f", "plausible_high": ".0f"},
    )


def _disclose_classes(readings: pd.DataFrame) -> Disclosed:
    """Put readings into classes of distance and loss, and hide those of few readings or buildings."""
    octave = readings["ten_log_distance"] / (10 * np.log10(2))
    place = pd.DataFrame(
        {
            "distance": np.floor(octave * CLASSES_PER_OCTAVE),
            "loss": np.floor(readings["low"] / CLASS_DB),
            "beyond": (readings["high"] > readings["low"]).to_numpy(),
            "building_id": readings["building_id"],
        }
    )
    groups = place.groupby(["distance", "loss", "beyond"], sort=True)["building_id"]
    cells = groups.agg(readings="size", buildings="nunique").reset_index()
    cells["distance_m"] = (2 ** ((cells.pop("distance") + 0.5) / CLASSES_PER_OCTAVE)).round(1)
    cells["loss_db"] = (cells.pop("loss") + 0.5) * CLASS_DB
    keys = (
        cells["distance_m"].astype("str") + ", " + cells["loss_db"].astype("str") + ", " + cells["beyond"].astype("str")
    )
    whole = {"cell": TOTAL, "readings": len(readings), "buildings": cells["buildings"].sum()}
    table = pd.concat([cells.assign(cell=keys), pd.DataFrame([whole])], ignore_index=True)
    counts = ["readings", "buildings"]
    done = disclose(
        table, dims=["cell"], count=counts[0], contributors=counts[1:], values=counts, rounded=counts
    )  # fmt: skip
    kept = done.table[done.table["cell"].ne(TOTAL)].astype({"beyond": "bool"})
    first = ["distance_m", "loss_db", "beyond", *counts]
    shown = kept.loc[~is_hidden(kept), first].reset_index(drop=True)
    if len(shown) == len(kept):
        return Disclosed(shown, done.record)
    # Where few readings lie is told of no class: the hidden ones stand in one row.
    rest = pd.DataFrame([{"beyond": False, "status": HIDDEN}])
    return Disclosed(pd.concat([shown.assign(status=SHOWN), rest], ignore_index=True), done.record)


def _list_losses(fit: WallLosses) -> pd.DataFrame:
    rows = fit.table[fit.table["parameter"].isin(list(_LOSSES))]
    table = rows[["estimate", "low", "high", "plausible_low", "plausible_high", "is_plausible"]].round(2)
    table.insert(0, "obstacle", [f"{_band(fit)}: {_LOSSES[name]}" for name in rows["parameter"]])
    return table


def _in_words(warning: str) -> str:
    """Return a warning of a fit with its parameters in a reader's words."""
    for code, words in _LOSSES.items():
        warning = warning.replace(code, words)
    return warning


def _band(fit: WallLosses) -> str:
    """Return the technology in a word or two: its band where the name holds one."""
    return TECHNOLOGIES.get(fit.technology, fit.technology).removeprefix("ZigBee ")


def _say_span(shown: pd.DataFrame) -> str:
    if shown.empty:
        return "all suppressed"
    near, far = shown["distance_m"].min(), shown["distance_m"].max()
    mean = [np.average(part["loss_db"], weights=part["readings"].astype("float64")) for part in
            (shown[shown["distance_m"].eq(near)], shown[shown["distance_m"].eq(far)])]  # fmt: skip
    return f"about {mean[0]:.0f} dB at {near:.1f} m and {mean[1]:.0f} dB at {far:.0f} m"


def _say_ceiling(readings: int) -> str:
    if not readings:
        return "none at an instrument's ceiling."
    return f"about {count(nearest(readings))} at an instrument's ceiling are not drawn and kept in the model."


def _say_source(fits: Sequence[WallLosses]) -> str:
    made = "Synthetic building characterisation trial, made from a seed" if fits[0].synthetic else "Building trial"
    return f"{made}; own calculation."
