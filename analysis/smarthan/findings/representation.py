"""How well the sample stands for the stock, and how far its readings can be trusted: tables with their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.buildings import trial_source
from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.words import ARCHETYPES, METER_PLACES, TECHNOLOGIES, building_type

if TYPE_CHECKING:
    from smarthan.trial_data import Trial

_CHARACTERISTICS = {
    "archetype": "Type",
    "meter_class": "Meter",
    "region": "Region",
    "storeys": "Storeys",
    "built_band": "Built",
}
_BUILT = {
    "pre1919": "before 1919",
    "1919_44": "1919 to 1944",
    "1945_64": "1945 to 1964",
    "1965_80": "1965 to 1980",
    "1981_2002": "1981 to 2002",
    "post2002": "after 2002",
}
IMBALANCE = 0.1  # Austin (2009), doi:10.1080/03610910902859574


def frame_of(trial: Trial, stock: pd.DataFrame) -> Finding:
    """Return what the sampling frame holds, stratum by stratum, and what of it was drawn and answered.

    Parameters
    ----------
    trial : Trial
    stock : DataFrame
        archetype, premises.

    Returns
    -------
    Finding
        A table: building type, premises and their share, buildings in the frame, sampled, responding, of another type
        than drawn, gap.
    """
    from smarthan.trial_data import frame_coverage, stock_coverage

    frame, beside = frame_coverage(trial), stock_coverage(trial, stock)
    columns = ["premises_frame", "premises_frame_share", "buildings_frame", "buildings_sampled", "buildings_responding"]
    pairs = zip(frame["archetype"], frame["meter_class"], strict=True)
    table = frame[[*columns, "archetype_differs", "weighted_ratio", "gap"]]
    table.insert(0, "building_type", [building_type(*pair) for pair in pairs])
    table["gap"] = table["gap"].replace("", "none")
    gaps, outside = table["gap"].ne("none").sum(), beside[beside["gap"].eq("not in the frame")]
    total = table.iloc[-1]
    absent = [f"{ARCHETYPES.get(r.archetype, r.archetype)} ({percent(r.stock_share)})" for r in outside.itertuples()]
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "frame_coverage",
        "Every stratum has a building that answered" if not gaps else f"{gaps} strata have no building that answered",
        "Sampling frame by stratum: premises and buildings in it, buildings sampled and responding; unweighted counts",
        "",
        trial_source(trial),
        n=f"{count(total['buildings_sampled'])} of {count(total['buildings_frame'])} buildings of the frame sampled.",
        notes=(
            f"Types of the housing stock that are not in the frame, with their share of the stock: {listed(absent)}.",
            "Weights against frame: premises that the design weights of the sampled homes add to, over those of the "
            "frame; 1 when weights and frame are of one design and no row is in quarantine.",
        ),
        headings={
            "building_type": "Building type",
            "premises_frame": "Premises in frame",
            "premises_frame_share": "Share of frame",
            "buildings_frame": "Buildings in frame",
            "buildings_sampled": "Sampled",
            "buildings_responding": "Responding",
            "archetype_differs": "Found to be another type",
            "weighted_ratio": "Weights against frame",
            "gap": "Gap",
        },
        formats={"premises_frame_share": ".1%", "weighted_ratio": ".2f"},
    )


def missing_of(trial: Trial, *, most: int = 10) -> Finding:
    """Return the groups whose share among the homes that answered differs most from their share among those asked.

    Parameters
    ----------
    trial : Trial
    most : int
        How many groups to show.

    Returns
    -------
    Finding
        A table: group, sampled and responding share, difference, standardised difference, response rate, homes.
    """
    from smarthan.trial_data import missing_groups, response_balance

    groups = missing_groups(trial)
    far = groups["standardised_difference"].abs().sort_values(ascending=False, kind="stable").index[:most]
    shown = groups.loc[far].sort_values("standardised_difference", kind="stable")
    table = shown[["sampled_share", "responding_share", "difference", "standardised_difference", "response_rate"]]
    table = table.assign(dwellings_eligible=shown["dwellings_eligible"], buildings_sampled=shown["buildings_sampled"])
    table.insert(0, "group", [_say_group(row.characteristic, row.group) for row in shown.itertuples()])
    balance = response_balance(trial).set_index("characteristic")["r_indicator"]
    beyond = int(groups["standardised_difference"].abs().gt(IMBALANCE).sum())
    least, most_over = table.iloc[0], table.iloc[-1]
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "who_is_missing",
        f"{beyond} of {len(groups)} groups answered out of proportion"
        if beyond
        else "No group is far out of proportion",
        f"Share of homes asked and of homes that answered, design-weighted; the {len(table)} groups that differ most",
        f"A dot a group, left of zero where fewer answered than were asked. Most under-represented: {least['group']}, "
        f"{percent(least['sampled_share'])} of homes asked and {percent(least['responding_share'])} of those that "
        f"answered. Most over-represented: {most_over['group']}, {percent(most_over['sampled_share'])} and "
        f"{percent(most_over['responding_share'])}.",
        trial_source(trial),
        n=f"{count(groups.loc[groups['characteristic'].eq('storeys'), 'dwellings_eligible'].sum())} eligible homes.",
        method="Weights are the inverse of the chance of selection. Standardised difference: the difference over the "
        f"spread of a share, whatever the sample's size; beyond {IMBALANCE} counts as out of proportion (Austin 2009). "
        "R-indicator of each characteristic (1: all groups answer alike; Schouten and others 2009): "
        + listed(f"{_CHARACTERISTICS[str(name)].lower()} {value:.2f}" for name, value in balance.items())
        + ".",
        headings={
            "group": "Group",
            "sampled_share": "Share of homes asked",
            "responding_share": "Share of homes that answered",
            "difference": "Difference",
            "standardised_difference": "Standardised difference",
            "response_rate": "Response rate",
            "dwellings_eligible": "Homes asked",
            "buildings_sampled": "Buildings asked",
        },
        formats={**dict.fromkeys(("sampled_share", "responding_share", "difference", "response_rate"), ".1%"),
                 "standardised_difference": ".2f"},
    )  # fmt: skip


def weights_of(trial: Trial) -> Finding:
    """Return the design weights of the homes that answered, and what their spread costs.

    Parameters
    ----------
    trial : Trial

    Returns
    -------
    Finding
        A table: building type, homes, weights, design effect, effective sample.
    """
    from smarthan.trial_data import weights_summary

    summary = weights_summary(trial)
    kinds = trial["frame"].set_index("stratum_id")[["archetype", "meter_class"]].astype("str")
    names = [building_type(*kinds.loc[s]) if s in kinds.index else ARCHETYPES["ALL"] for s in summary["stratum_id"]]
    table = summary[["dwellings", "weight_least", "weight_most", "largest_share", "kish_deff", "effective_n"]]
    table.insert(0, "building_type", names)
    total = table.iloc[-1]
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "weights",
        f"{count(total['dwellings'])} homes count as {count(total['effective_n'])} of equal weight",
        "Design weights of the homes that answered, before adjustment, and what their spread costs by itself",
        "",
        trial_source(trial),
        n=f"{count(total['dwellings'])} homes that answered.",
        method="Design effect by unequal weights alone (Kish 1992); homes of one building hang together, which costs "
        "more, and intervals allow for both.",
        headings={
            "building_type": "Building type",
            "dwellings": "Homes",
            "weight_least": "Least weight",
            "weight_most": "Largest weight",
            "largest_share": "Largest weight, share of all",
            "kish_deff": "Design effect",
            "effective_n": "Homes of equal weight",
        },
        formats={**dict.fromkeys(("weight_least", "weight_most", "effective_n"), ",.0f"), "largest_share": ".1%",
                 "kish_deff": ".2f"},
    )  # fmt: skip


def surveyors_of(trial: Trial) -> Finding:
    """Return how each surveyor's links compare with those of the others, with the limits of chance.

    Parameters
    ----------
    trial : Trial

    Returns
    -------
    Finding
        A table: surveyor, buildings, links, size, share that worked and share expected, difference, standard error,
        position, flags, whether marked.
    """
    from smarthan.analysis import path_success
    from smarthan.trial_data import surveyor_funnel

    funnel = surveyor_funnel(trial, path_success(trial))
    table = funnel[
        [
            *("surveyor_id", "buildings", "links", "effective_links", "observed_share", "expected_share", "difference"),
            *("se", "position", "constant_readings", "uneven_digits", "hurried_visits", "is_marked"),
        ]
    ]
    marked = table.loc[table["is_marked"], "surveyor_id"].tolist()
    outside = table.loc[table["position"].eq("outside 99.8%"), "surveyor_id"].tolist()
    flagged = table.loc[
        table[["constant_readings", "uneven_digits", "hurried_visits"]].gt(0).any(axis=1), "surveyor_id"
    ]
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "surveyor_funnel",
        f"{len(marked)} of {len(table)} surveyors call for a closer look",
        "Links that worked less links expected of the same mix of buildings, points, by size of the surveyor's sample",
        f"A dot for each of {len(table)} surveyors against limits that narrow with size. Outside 99.8%: "
        f"{listed(outside)}. Flagged for constant readings, uneven digits or hurried visits: {listed(flagged)}.",
        trial_source(trial),
        n=f"{count(table['links'].sum())} links whose outcome is known, each shared with other surveyors.",
        method="Expected: the share of the other surveyors for the same technology, link and stratum. Limits 95% and "
        f"99.8% (Spiegelhalter 2005), widened {funnel.attrs['dispersion']:.1f} times in variance because the links of "
        "one building hang together; size counts links of average information.",
        notes=("A mark is a reason to look, not a verdict. Surveyors appear under pseudonyms.",),
        headings={
            "surveyor_id": "Surveyor",
            "buildings": "Buildings",
            "links": "Links",
            "effective_links": "Size",
            "observed_share": "Worked",
            "expected_share": "Expected",
            "difference": "Difference",
            "se": "Standard error",
            "position": "Against the limits",
            "constant_readings": "Constant readings",
            "uneven_digits": "Uneven digits",
            "hurried_visits": "Hurried visits",
            "is_marked": "Look closer",
        },
        formats={"effective_links": ",.0f", **dict.fromkeys(("observed_share", "expected_share", "difference", "se"),
                                                            ".1%")},
    )  # fmt: skip


def readings_of(trial: Trial) -> Finding:
    """Return how many readings of each technology give a level, lie at a limit, or tell nothing.

    Parameters
    ----------
    trial : Trial

    Returns
    -------
    Finding
        A table: technology, instruments, readings by kind, share censored, out of calibration, with packet counts.
    """
    from smarthan.trial_data import readings_by_instrument

    kinds = ["observed", "at_floor", "at_ceiling", "not_heard", "not_recorded", "no_level", "wired"]
    rows = readings_by_instrument(trial)
    groups = rows.groupby("technology", observed=True, sort=False)
    table = groups[["readings", *kinds, "uncalibrated", "with_packets"]].sum().reset_index()
    table.insert(1, "instruments", groups["instrument_id"].nunique().to_numpy())
    limited = table["at_floor"] + table["at_ceiling"]
    table["censored_share"] = limited / (limited + table["observed"]).where((limited + table["observed"]).gt(0))
    table["technology"] = table["technology"].map(lambda code: TECHNOLOGIES.get(code, code))
    counted = table["with_packets"].sum() / table["readings"].sum()
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "readings",
        f"{percent(counted, 0)} of readings have packet counts; {count(table['uncalibrated'].sum())} are uncalibrated",
        "Readings of each technology: level observed, at an instrument's limit, not heard, not recorded",
        "",
        trial_source(trial),
        n=f"{count(table['readings'].sum())} accepted readings.",
        notes=(
            "A level at or within half a step of its instrument's floor or ceiling is known only to lie beyond it; the "
            "floor of reporting is not the sensitivity, and packets decide before levels do.",
        ),
        headings={
            "technology": "Technology",
            "instruments": "Instruments",
            "readings": "Readings",
            "observed": "Level observed",
            "at_floor": "At the floor",
            "at_ceiling": "At the ceiling",
            "not_heard": "Not heard",
            "not_recorded": "Not recorded",
            "no_level": "Level withheld",
            "wired": "Wired, no level",
            "uncalibrated": "Out of calibration",
            "with_packets": "With packet counts",
            "censored_share": "Share at a limit",
        },
        formats={"censored_share": ".1%"},
    )


def _say_group(characteristic: str, group: str) -> str:
    words = {"archetype": ARCHETYPES, "meter_class": METER_PLACES, "built_band": _BUILT}.get(characteristic, {})
    return f"{_CHARACTERISTICS[characteristic]}: {words.get(group, group).lower() if words else group}"
