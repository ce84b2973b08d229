"""Who answered and who is missing: response by stratum, outcomes, items left empty. Finished tables, no estimates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .declared import TRIAL_TABLES
from .declared.words import METERED_KINDS, OUTCOMES, RADIO_TECHNOLOGIES
from .grouping import ALL, DESIGN_GROUPS, check_group, label_groups
from .trial import Trial

RESPONDING = ("complete", "partial")
# AAPOR, Standard Definitions (10th edition, 2023), final disposition codes of in-person surveys: unable to enter the
# building (2.24) and no one at home are non-contacts (2.20); withdrawal is kin to break-off (2.12), a refusal.
_NON_CONTACT = ("no_access", "no_contact")
_REFUSED = ("refusal", "withdrawn")


def response_rates(trial: Trial, *, by: str = "stratum_id") -> pd.DataFrame:
    """Return how the sampled dwellings answered, group by group, beside what the group stands for.

    Parameters
    ----------
    trial : Trial
        The trial.
    by : {"stratum_id", "archetype", "meter_class", "region"}
        archetype and meter_class are the stratum's, as drawn.

    Returns
    -------
    DataFrame
        One row a group and a last row ALL. buildings_frame (missing by region: the frame has none),
        buildings_sampled, buildings_responding (a dwelling complete or partial), dwellings_sampled, one column an
        outcome [counts], eligible [count], response_rate, response_rate_weighted, complete_rate, contact_rate,
        cooperation_rate, refusal_rate (0 to 1; missing where nobody was eligible).

    Raises
    ------
    ValueError
        When `by` is not one of those.

    Notes
    -----
    Of the eligible dwellings (all but outcome ineligible): response_rate = complete or partial (AAPOR RR2),
    complete_rate = complete (RR1), contact_rate = not no_access or no_contact (CON1), refusal_rate = refusal or
    withdrawn (REF1); cooperation_rate is the response among those contacted (COOP2). The weighted rate counts each
    dwelling 1 / (p_incl_1 p_incl_2) times. Quarantined dwellings are in none of the counts.

    References
    ----------
    AAPOR, Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys, 10th edition, 2023.
    """
    check_group(by, DESIGN_GROUPS)
    buildings = _drawn_buildings(trial)
    dwellings = _asked_dwellings(trial, buildings)
    groups = label_groups(_group_labels(trial, buildings, by))
    lines = [_response_line(trial, buildings, dwellings, by, group) for group in [*groups, ALL]]
    return _labelled(pd.DataFrame(lines).astype({"buildings_frame": "Int64"}), trial)


def outcomes(trial: Trial, *, by: str = "stratum_id") -> pd.DataFrame:
    """Return the outcomes of the sampled dwellings in long form.

    Parameters
    ----------
    trial : Trial
        The trial.
    by : {"stratum_id", "archetype", "meter_class", "region"}
        archetype and meter_class are the stratum's, as drawn.

    Returns
    -------
    DataFrame
        group column, outcome, dwellings [count], share (0 to 1, of the group's sampled dwellings). Every outcome
        stands in every group, with 0 where it did not occur.

    Raises
    ------
    ValueError
        When `by` is not one of those.
    """
    wide = response_rates(trial, by=by)
    long = wide.melt([by, "dwellings_sampled"], list(OUTCOMES), var_name="outcome", value_name="dwellings")
    order = {group: place for place, group in enumerate(wide[by])}
    long = long.sort_values(by, key=lambda column: column.map(order), kind="stable", ignore_index=True)
    long["share"] = _share(long["dwellings"], long["dwellings_sampled"])
    return _labelled(long.drop(columns="dwellings_sampled"), trial)


def item_missingness(trial: Trial) -> pd.DataFrame:
    """Return, for each column that may be empty, how often it is.

    Parameters
    ----------
    trial : Trial
        The trial.

    Returns
    -------
    DataFrame
        table, column, rows (to which the column applies), missing (empty), unknown (looked for: `u`), emptied (a
        rule emptied the cell; part of missing) [counts], is_collected (any cell has a value), missing_share,
        unknown_share (0 to 1). Most missing first, columns that nobody collected last.

    Notes
    -----
    A dwelling that did not respond is not an item missing: rows of dwellings are the responding ones. meter_class
    applies to meters and hubs, mount to hubs, carrier, power, level and packets to radio readings, band, ratio and
    attenuation to the others, wiring along a path to EM-DW. Identifiers are left out: an empty one has a meaning.
    """
    lines = []
    for name, frame in trial.tables.items():
        emptied = trial.notes[trial.notes["table"].eq(name) & trial.notes["severity"].eq("null")][
            "column"
        ].value_counts()
        for column in _optional_columns(name):
            cells = frame.loc[_applies(frame, name, column), column]
            lines.append(
                {
                    "table": name,
                    "column": column,
                    "rows": len(cells),
                    "missing": int(cells.isna().sum()),
                    "unknown": int(cells.eq("u").sum()) if isinstance(cells.dtype, pd.CategoricalDtype) else 0,
                    "emptied": int(emptied.get(column, 0)),
                }
            )
    table = pd.DataFrame(lines)
    table["missing_share"] = _share(table["missing"], table["rows"])
    table["unknown_share"] = _share(table["unknown"], table["rows"])
    table.insert(6, "is_collected", table["missing"].lt(table["rows"]))
    order = ["is_collected", "missing_share", "table", "column"]
    return _labelled(table.sort_values(order, ascending=[False, False, True, True], ignore_index=True), trial)


def _drawn_buildings(trial: Trial) -> pd.DataFrame:
    """Return one row a sampled building with its stratum's archetype and meter class, and its region."""
    frame = trial["frame"].set_index("stratum_id")
    drawn = trial["buildings"][["building_id", "stratum_id"]].copy()
    drawn["archetype"] = drawn["stratum_id"].map(frame["archetype"].astype("str"))
    drawn["meter_class"] = drawn["stratum_id"].map(frame["meter_class"].astype("str"))
    drawn["region"] = trial["buildings"]["region"].astype("str")
    return drawn


def _asked_dwellings(trial: Trial, buildings: pd.DataFrame) -> pd.DataFrame:
    asked = trial["dwellings"][["building_id", "outcome", "p_incl_1", "p_incl_2"]].copy()
    home = buildings.set_index("building_id")
    for column in DESIGN_GROUPS:
        asked[column] = asked["building_id"].map(home[column])
    asked["weight"] = 1.0 / (asked["p_incl_1"] * asked["p_incl_2"])
    return asked


def _group_labels(trial: Trial, buildings: pd.DataFrame, by: str) -> pd.Series:
    """Return the groups that the frame names or, by region, the sample; a stratum without a building is an answer."""
    return buildings[by] if by == "region" else trial["frame"][by].astype("str")


def _response_line(
    trial: Trial, buildings: pd.DataFrame, dwellings: pd.DataFrame, by: str, group: str
) -> dict[str, object]:
    here = buildings if group == ALL else buildings[buildings[by].eq(group)]
    asked = dwellings if group == ALL else dwellings[dwellings[by].eq(group)]
    answered = asked["outcome"].isin(RESPONDING)
    frame = trial["frame"]
    known = group == ALL or by != "region"
    stood_for = frame if group == ALL or not known else frame[frame[by].astype("str").eq(group)]
    return {
        by: group,
        "buildings_frame": int(stood_for["n_buildings"].sum()) if known else pd.NA,
        "buildings_sampled": len(here),
        "buildings_responding": int(asked.loc[answered, "building_id"].nunique()),
        "dwellings_sampled": len(asked),
        **{outcome: int(asked["outcome"].eq(outcome).sum()) for outcome in OUTCOMES},
        **_rates(asked),
    }


def _rates(asked: pd.DataFrame) -> dict[str, object]:
    eligible = asked[asked["outcome"].ne("ineligible")]
    outcome, weight = eligible["outcome"], eligible["weight"]
    answered, contacted = outcome.isin(RESPONDING), ~outcome.isin(_NON_CONTACT)
    n = len(eligible)
    return {
        "eligible": n,
        "response_rate": _ratio(answered.sum(), n),
        "response_rate_weighted": _ratio(weight[answered].sum(), weight.sum()),
        "complete_rate": _ratio(outcome.eq("complete").sum(), n),
        "contact_rate": _ratio(contacted.sum(), n),
        "cooperation_rate": _ratio(answered.sum(), contacted.sum()),
        "refusal_rate": _ratio(outcome.isin(_REFUSED).sum(), n),
    }


def _ratio(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else float("nan")


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return part.astype("float64") / whole.astype("float64").where(whole.gt(0), np.nan)


def _optional_columns(table: str) -> list[str]:
    return [f.name for f in TRIAL_TABLES[table].fields if not f.required and f.kind != "identifier"]


def _applies(frame: pd.DataFrame, table: str, column: str) -> pd.Series:
    if table == "dwellings":
        return frame["outcome"].isin(RESPONDING)
    if (table, column) == ("locations", "meter_class"):
        return frame["kind"].isin(METERED_KINDS)
    if (table, column) == ("locations", "mount"):
        return frame["kind"].eq("comms_hub")
    if table == "measurements" and column.startswith(("rssi_", "packets_", "freq_", "tx_")):
        return frame["technology"].isin(RADIO_TECHNOLOGIES)
    if table == "measurements" and column in ("band_lo_hz", "band_hi_hz", "snr_db", "attenuation_db"):
        return ~frame["technology"].isin(RADIO_TECHNOLOGIES)
    if table == "paths" and column.startswith(("wire_", "same_", "through_")):
        return frame["role"].eq("EM-DW")
    return pd.Series(True, index=frame.index)


def _labelled(table: pd.DataFrame, trial: Trial) -> pd.DataFrame:
    table.attrs["synthetic"] = trial.synthetic
    return table
