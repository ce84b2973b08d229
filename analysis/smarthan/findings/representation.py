"""How well the sample stands for the stock, and how far its readings can be trusted: tables with their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.buildings import trial_source
from smarthan.findings.disclosed import (
    TOTAL,
    Disclosed,
    blunt,
    coarsen,
    disclose,
    is_hidden,
    record_rounding,
    say_hidden,
)
from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.strata import Strata, disclose_strata
from smarthan.findings.words import ARCHETYPES, BUILT, METER_PLACES, TECHNOLOGIES

if TYPE_CHECKING:
    from smarthan.trial_data import Trial

_CHARACTERISTICS = {
    "archetype": "Type",
    "meter_class": "Meter",
    "region": "Region",
    "storeys": "Storeys",
    "built_band": "Built",
}
_FLAGS = ("constant_readings", "uneven_digits", "hurried_visits")
FEW = 10  # as the threshold of disclosure control
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
        A table: building type, premises and their share, buildings in the frame, sampled, responding (rounded), gap.
    """
    from smarthan.trial_data import frame_coverage, stock_coverage

    frame, beside = frame_coverage(trial), stock_coverage(trial, stock)
    done = disclose_strata(trial).rows
    counts = ["buildings_sampled", "buildings_responding"]
    # Premises and buildings of the frame are the stock's, not the trial's. A stratum in which nobody was surveyed is
    # told as a gap: of homes that nobody saw there is nothing to tell.
    table = frame[["stratum_id", "premises_frame", "premises_frame_share", "buildings_frame"]].copy()
    answered = done.table.set_index("stratum_id").reindex(table["stratum_id"]).reset_index(drop=True)
    table = pd.concat([table.reset_index(drop=True), answered[counts]], axis="columns")
    table["weighted_ratio"] = frame["weighted_ratio"].to_numpy().round(2)  # of the design, as printed
    table["gap"] = frame["gap"].replace("", "none").to_numpy()
    table.insert(0, "building_type", answered["building_type"])
    if "status" in answered:
        table["status"] = answered["status"]
        table.loc[is_hidden(table), "weighted_ratio"] = float("nan")
    table = table.drop(columns="stratum_id")
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
        disclosure=done.record,
        notes=(
            f"Types of the housing stock that are not in the frame, with their share of the stock: {listed(absent)}.",
            "Weights against frame: premises that the design weights of the sampled homes add to, over those of the "
            "frame; 1 when weights and frame are of one design and no row is in quarantine.",
            done.note,
        ),
        headings={
            "building_type": "Building type",
            "premises_frame": "Premises in frame",
            "premises_frame_share": "Share of frame",
            "buildings_frame": "Buildings in frame",
            "buildings_sampled": "Sampled",
            "buildings_responding": "Responding",
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

    known = missing_groups(trial)
    done = _disclose_groups(known, disclose_strata(trial))
    groups = done.table[~is_hidden(done.table)]
    far = groups["standardised_difference"].abs().sort_values(ascending=False, kind="stable").index[:most]
    # Nothing left to show: the groups stand there as suppressed, and say so.
    shown = groups.loc[far].sort_values("standardised_difference", kind="stable") if len(far) else done.table.head(most)
    table = shown[["sampled_share", "responding_share", "difference", "standardised_difference", "response_rate"]]
    table = table.assign(dwellings_eligible=shown["dwellings_eligible"], buildings_sampled=shown["buildings_sampled"])
    table.insert(0, "group", [_say_group(row.characteristic, row.group) for row in shown.itertuples()])
    if not len(far):
        table["status"] = shown["status"]
    total = known.loc[known["characteristic"].eq("storeys"), "dwellings_eligible"].sum()
    balance = response_balance(trial).set_index("characteristic")["r_indicator"]
    beyond = int(groups["standardised_difference"].abs().gt(IMBALANCE).sum())
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "who_is_missing",
        f"{beyond} of {len(groups)} groups answered out of proportion"
        if beyond
        else "No group is far out of proportion",
        f"Share of homes asked and of homes that answered, design-weighted; the {len(table)} groups that differ most",
        f"A dot a group, left of zero where fewer answered than were asked. {_say_extremes(table)}"
        + say_hidden(table, "group"),
        trial_source(trial),
        n=f"{count(5 * round(total / 5))} eligible homes; {len(known) - len(groups)} of {len(known)} groups are too "
        "small to be shown.",
        notes=(done.note,),
        disclosure=done.record,
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


def _disclose_groups(groups: pd.DataFrame, strata: Strata) -> Disclosed:
    """Judge each characteristic's groups by themselves; their homes add up to the same total, which is not shown."""
    counts = ["dwellings_responding", "dwellings_eligible", "buildings_sampled", "buildings_responding"]
    shares = ["sampled_share", "responding_share", "difference", "response_rate"]
    totals = groups.groupby("characteristic", sort=False)[counts].sum().reset_index().assign(group=TOTAL)
    table = pd.concat([groups, totals], ignore_index=True)
    values = [*counts, *shares, "standardised_difference"]
    hidden = table["characteristic"].eq("archetype") & table["group"].isin(strata.archetypes)
    hidden |= table["characteristic"].eq("meter_class") & table["group"].isin(strata.meters)
    done = disclose(
        table, dims=["group"], count=counts[0], contributors=counts[1:], shares=["response_rate"], values=values,
        rounded=counts, coarse=[*shares, "standardised_difference"], by="characteristic", hidden=hidden,
    )  # fmt: skip
    shown = blunt(done.table[done.table["group"].ne(TOTAL)], {"response_rate": "dwellings_eligible"})
    return Disclosed(shown, done.record)


def _say_extremes(table: pd.DataFrame) -> str:
    if table["sampled_share"].isna().all():
        return "No group is large enough to be shown."
    least, most = table.iloc[0], table.iloc[-1]
    return (
        f"Most under-represented: {least['group']}, {percent(least['sampled_share'])} of homes asked and "
        f"{percent(least['responding_share'])} of those that answered. Most over-represented: {most['group']}, "
        f"{percent(most['sampled_share'])} and {percent(most['responding_share'])}."
    )


def weights_of(trial: Trial) -> Finding:
    """Return the design weights of the homes that answered, and what their spread costs.

    Parameters
    ----------
    trial : Trial

    Returns
    -------
    Finding
        A table: building type, homes (rounded), design effect, effective sample. The least and the largest weight are
        those of one home, and stay in the house.
    """
    from smarthan.trial_data import weights_summary

    summary, done = weights_summary(trial).set_index("stratum_id"), disclose_strata(trial).rows
    known = summary.reindex(done.table["stratum_id"]).reset_index(drop=True)
    table = done.table[["building_type", "surveyed"]].rename(columns={"surveyed": "dwellings"}).reset_index(drop=True)
    table["kish_deff"], table["effective_n"] = known["kish_deff"].round(2), known["effective_n"]
    table = coarsen(table.assign(effective_n=known["effective_n"].round().astype("Int64")), rounded=["effective_n"])
    if "status" in done.table:
        table["status"] = done.table["status"].to_numpy()
        table.loc[is_hidden(table), ["kish_deff", "effective_n"]] = pd.NA
    total = table.iloc[-1]
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "weights",
        f"{count(total['dwellings'])} homes count as {count(total['effective_n'])} of equal weight",
        "Design weights of the homes that answered, before adjustment, and what their spread costs by itself",
        "",
        trial_source(trial),
        n=f"{count(total['dwellings'])} homes that answered.",
        notes=(done.note,),
        disclosure=done.record,
        method="Design effect by unequal weights alone (Kish 1992); homes of one building hang together, which costs "
        "more, and intervals allow for both.",
        headings={
            "building_type": "Building type",
            "dwellings": "Homes",
            "kish_deff": "Design effect",
            "effective_n": "Homes of equal weight",
        },
        formats={"effective_n": ",.0f", "kish_deff": ".2f"},
    )


def surveyors_of(trial: Trial) -> Finding:
    """Return how each surveyor's links compare with those of the others, with the limits of chance.

    Parameters
    ----------
    trial : Trial

    Returns
    -------
    Finding
        A table: surveyor, buildings, links (rounded), size, share that worked and share expected, difference, standard
        error, position, flags, whether marked. Of a surveyor with few buildings nothing is shown: whom to look at there
        `smarthan.trial_data.surveyor_funnel` tells those who run the trial.
    """
    from smarthan.analysis import path_success
    from smarthan.trial_data import surveyor_funnel

    funnel = surveyor_funnel(trial, path_success(trial))
    done = _disclose_surveyors(funnel)
    table = done.table
    shown = table[~is_hidden(table)]
    marked = [f"{row['surveyor_id']} ({_say_reasons(row)})" for _, row in shown[shown["is_marked"]].iterrows()]
    beyond = shown.loc[shown["position"].eq("outside 95%") & ~shown["is_marked"], "surveyor_id"].tolist()
    reasons = f"Marked: {listed(marked)}." + (
        f" Outside 95% alone, which chance does to one in twenty, and not marked: {listed(beyond)}." if beyond else ""
    )
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "surveyor_funnel",
        f"{len(marked)} of {len(shown)} surveyors shown call for a closer look"
        if len(shown)
        else "Too few buildings a surveyor to show any",
        "Links that worked less links expected of the same mix of buildings, points, by size of the surveyor's sample",
        f"A dot for each of {len(shown)} surveyors against limits that narrow with size, a diamond for each of "
        f"{len(marked)} marked. {reasons}"
        + (f" Suppressed, too few buildings: {listed(table.loc[is_hidden(table), 'surveyor_id'])}."
           if is_hidden(table).any() else ""),
        trial_source(trial),
        n=f"{count(shown['links'].sum())} links of the surveyors shown with a known outcome, each shared with others.",
        method="Expected: the share of the other surveyors for the same technology, link and stratum. Limits 95% and "
        f"99.8% (Spiegelhalter 2005), widened {funnel.attrs['dispersion']:.1f} times in variance because the links of "
        "one building hang together; size counts links of average information.",
        notes=(
            f"A surveyor is marked who lies outside 99.8% or has readings flagged. {reasons} A mark is a reason to "
            "look, not a verdict. Surveyors appear under pseudonyms.",
            "Shares have as many decimals as leave the counts open; the difference and the limits are worked out from "
            "the figures shown. Of a suppressed surveyor the mark is suppressed too.",
            done.note,
        ),
        disclosure=done.record,
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


def _disclose_surveyors(funnel: pd.DataFrame) -> Disclosed:
    """Hide all of surveyors with few buildings; flags are told as yes or no, since one visit is one home."""
    figures = ["effective_links", "observed_share", "expected_share", "difference", "se"]
    table = funnel[["surveyor_id", "buildings", "links", *figures, "position"]].assign(
        **{flag: funnel[flag].gt(0).map({True: "yes", False: "no"}).astype("object") for flag in _FLAGS},
        effective_links=funnel["effective_links"].round().astype("Int64"),
        is_marked=funnel["is_marked"].astype("boolean"),
    )
    done = disclose(
        table, dims=["surveyor_id"], count="buildings", contributors=["links"],
        rounded=["buildings", "links", "effective_links"], coarse=["expected_share"],
        values=["buildings", "links", *figures, "position", *_FLAGS, "is_marked"],
    )  # fmt: skip
    shown = blunt(done.table, {"observed_share": "links"})
    shown["difference"] = (shown["observed_share"] - shown["expected_share"]).round(3)
    # Size and standard error hang together by the spread of the share of all links: to three decimals, as a share is.
    spread = (funnel["se"] ** 2 * funnel["effective_links"]).median()
    shown["se"] = (round(spread, 3) / shown["effective_links"].astype("float64")).pow(0.5).round(5)
    return Disclosed(shown, done.record)


def _say_reasons(row: pd.Series) -> str:
    """Return why a surveyor is marked."""
    outside = [row["position"]] if row["position"] == "outside 99.8%" else []
    return listed([*outside, *(flag.replace("_", " ") for flag in _FLAGS if row[flag] == "yes")])


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
    counted, loose = table["with_packets"].sum() / table["readings"].sum(), int(table["uncalibrated"].sum())
    # Readings of the whole trial by technology, not homes: rounded, so that no figure is of one home's device.
    table = coarsen(table, rounded=["readings", *kinds, "uncalibrated", "with_packets"], coarse=["censored_share"])
    table = blunt(table, {"censored_share": "readings"})
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "readings",
        f"{percent(counted, 0)} of readings have packet counts; "
        f"{count(loose) if loose >= FEW else 'few or none'} are uncalibrated",
        "Readings of each technology: level observed, at an instrument's limit, not heard, not recorded",
        "",
        trial_source(trial),
        n=f"{count(table['readings'].sum())} accepted readings.",
        notes=(
            "A level at or within half a step of its instrument's floor or ceiling is known only to lie beyond it; the "
            "floor of reporting is not the sensitivity, and packets decide before levels do.",
            "Counts are of readings and rounded to the nearest 5; 0 may be 1 or 2.",
        ),
        disclosure={**record_rounding(len(table)), "reason": "readings of the whole trial, by technology"},
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
    words = {"archetype": ARCHETYPES, "meter_class": METER_PLACES, "built_band": BUILT}.get(characteristic, {})
    return f"{_CHARACTERISTICS[characteristic]}: {words.get(group, group).lower() if words else group}"
