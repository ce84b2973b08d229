"""Where the WAN reaches, where it does not, and how the prediction fared, in tables with their words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.words import METHODS

if TYPE_CHECKING:
    from smarthan.coverage import Accuracy, CoverageMatrix

MAP_CLASSES = ("Under 50% covered", "50% to 90%", "90% to 99%", "99% or more")
MAP_BREAKS = (0.5, 0.9, 0.99)
_VERDICTS = {"met": "met", "not met": "not met", "cannot say": "cannot say: too many unanswered"}
_STATES = {
    "planned": "Planned",
    "overdue": "Was planned, not confirmed since",
    "not_confirmed": "Cannot be confirmed",
}
# One meaning of "without coverage" in every figure and table, as in `not_spots`; it stands where a number does.
WITHOUT = "Without coverage: planned, was planned, or cannot be confirmed. What did not answer is counted apart."
_BANDS = ("High", "Medium", "Low")
# Columns of a failure rate with its interval, and the words above them.
_RATES = {
    "failure_rate": "No WAN found",
    "low": "Lower",
    "high": "Upper",
    "n": "Premises",
    "failures": "Without WAN",
    "clusters": "Buildings or postcodes",
    "method": "Interval",
}


def coverage_source(matrix: CoverageMatrix) -> str:
    """Return the source line of everything made from a release."""
    release = matrix.release
    made = "Synthetic coverage release" if release.synthetic else "WAN coverage release"
    day = f"{release.as_of:%-d %B %Y}" if release.as_of else "a day that is not stated"
    return f"{made} {release.release_id}, as of {day}; own calculation."


def attribution() -> tuple[str, ...]:
    """Return the three licence lines that stand under everything made from the postcode reference."""
    from smarthan.coverage import lad_table

    return tuple(lad_table().attrs["licence"])


def national_share(matrix: CoverageMatrix) -> float:
    """Return the share of premises in Great Britain that are covered (0 to 1)."""
    table = matrix.rollup("country")
    return float(table["covered"].sum() / table["weight"].sum())


def shares_of(rolled: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return share (0 to 1), premises, those without coverage and those not answered of each row of a roll-up."""
    return pd.DataFrame(
        {
            level: rolled[level],
            "share": rolled["share_covered"],
            "premises": rolled["weight"],
            "without": rolled[list(_STATES)].sum(axis=1),
            "unanswered": rolled["error"],
        }
    )


def targets_of(matrix: CoverageMatrix) -> Finding:
    """Return the covered share held against published targets.

    Parameters
    ----------
    matrix : CoverageMatrix

    Returns
    -------
    Finding
        A table: where, target, share covered, lower, upper, verdict, premises short, source.
    """
    from smarthan.coverage import target_check

    checked = target_check(matrix)
    table = checked[
        ["name", "threshold", "share", "share_lower", "share_upper", "verdict", "short", "status", "source"]
    ]
    met = int(table["verdict"].eq("met").sum())
    table = table.assign(verdict=table["verdict"].map(_VERDICTS))
    return Finding(
        mark(table, synthetic=matrix.release.synthetic),
        "coverage_targets",
        f"{met} of {len(table)} coverage targets met",
        "Covered share of premises beside published targets",
        "",
        coverage_source(matrix),
        n=f"{count(checked['denominator'].max())} {checked['basis'].iloc[0]} in Great Britain.",
        method="Lower and upper count locations that did not answer as not covered, and as covered.",
        headings={
            "name": "Where",
            "threshold": "Target",
            "share": "Covered",
            "share_lower": "Lower",
            "share_upper": "Upper",
            "verdict": "Verdict",
            "short": "Premises short",
            "status": "Status of the target",
            "source": "Source of the target",
        },
        formats={**dict.fromkeys(("threshold", "share", "share_lower", "share_upper"), ".2%"), "short": ",.0f"},
    )


def uncovered_of(matrix: CoverageMatrix) -> Finding:
    """Return what the premises without coverage are told, by region, most first.

    Parameters
    ----------
    matrix : CoverageMatrix

    Returns
    -------
    Finding
        A table: region, premises per thousand by state (planned, overdue, cannot be confirmed) and their sum, premises
        in all, those without coverage and those not answered. Highest share without coverage first.
    """
    whole = matrix.rollup("region")
    rolled = whole[whole["region"].ne("not known") & whole["weight"].gt(0)]
    parts = {words: rolled[name] / rolled["weight"] * 1000 for name, words in _STATES.items()}
    table = pd.DataFrame({"region": rolled["region"], **parts})
    table["per_thousand"] = table[list(parts)].sum(axis=1)
    table = table.join(shares_of(rolled, "region")[["premises", "without", "unanswered"]])
    table = table.sort_values("per_thousand", ascending=False, kind="stable")
    worst, best = table.iloc[0], table.iloc[-1]
    basis = rolled["basis"].iloc[0]
    return Finding(
        mark(table, synthetic=matrix.release.synthetic),
        "without_coverage",
        f"{worst['region']} has the highest share of {basis} without coverage"
        if worst["without"]
        else "Every region is covered throughout",
        f"{basis.capitalize()} without WAN coverage per thousand {basis}, by region",
        f"Bars by region. {worst['region']} {worst['per_thousand']:.1f} per thousand, {best['region']} "
        f"{best['per_thousand']:.1f}. In all {count(table['without'].sum())} of {count(table['premises'].sum())} "
        f"{basis}.",
        coverage_source(matrix),
        n=f"{count(table['premises'].sum())} {basis}, {count(table['without'].sum())} without coverage, "
        f"{count(table['unanswered'].sum())} not answered. {_no_region(whole, basis)}".strip(),
        method=WITHOUT,
        notes=attribution(),
        headings={
            "region": "Region",
            "per_thousand": "All, per thousand",
            "premises": "Premises",
            "without": "Without",
            "unanswered": "Not answered",
        },
        formats={
            **dict.fromkeys((*parts, "per_thousand"), ".1f"),
            **dict.fromkeys(("premises", "without", "unanswered"), ",.0f"),
        },
    )


def _no_region(whole: pd.DataFrame, basis: str) -> str:
    """Say what the regions do not hold, so that their figures can be added up to those of the country."""
    away = shares_of(whole[whole["region"].eq("not known")], "region").sum(numeric_only=True)
    no_csp = whole["excluded"].sum()
    told = [
        f"{count(away['premises'])} {basis} that today's reference places in no region ({count(away['without'])} of "
        "them without coverage)"
        if away["premises"]
        else "",
        f"{count(no_csp)} locations all of whose rows are of CSP region Unknown or SMETS1" if no_csp else "",
    ]
    return f"Not among them: {listed(filter(None, told))}." if any(told) else ""


def districts_of(matrix: CoverageMatrix, *, most: int = 15) -> Finding:
    """Return the local authority districts with the lowest covered share.

    Parameters
    ----------
    matrix : CoverageMatrix
    most : int
        How many to keep.

    Returns
    -------
    Finding
        A table: district, share covered (0 to 1), premises, premises without coverage, of them planned, not answered.
    """
    rolled = matrix.rollup("lad")
    rolled = rolled[rolled["lad"].ne("not known") & rolled["weight"].gt(0)]
    rolled = rolled.sort_values(["share_covered", "lad"]).head(most)
    table = shares_of(rolled, "lad")
    table.insert(table.columns.get_loc("without") + 1, "planned", rolled["planned"])
    return Finding(
        mark(table, synthetic=matrix.release.synthetic),
        "lowest_districts",
        f"Lowest coverage: {table['lad'].iloc[0]}, {percent(table['share'].iloc[0])} of premises",
        f"The {len(table)} local authority districts with the lowest covered share of premises",
        "",
        coverage_source(matrix),
        n=f"{count(table['without'].sum())} premises without coverage in these districts, "
        f"{count(table['unanswered'].sum())} not answered.",
        method=WITHOUT,
        notes=attribution(),
        headings={
            "lad": "District",
            "share": "Covered",
            "premises": "Premises",
            "without": "Without",
            "unanswered": "Not answered",
            "planned": "Of which planned",
        },
        formats={"share": ".1%", **dict.fromkeys(("premises", "without", "unanswered", "planned"), ",.0f")},
    )


def accuracy_of(matrix: CoverageMatrix, result: Accuracy) -> Finding:
    """Return how often a home predicted to be covered had no WAN when the hub was installed, by likelihood.

    Parameters
    ----------
    matrix : CoverageMatrix
    result : Accuracy

    Returns
    -------
    Finding
        A table: likelihood, failure rate with its interval (0 to 1), premises, failures, method.
    """
    rows = result.table[result.table["prediction"].eq("COVERED")]
    whole = rows[rows["by"].eq("all")].iloc[0]
    bands = rows[rows["by"].eq("likelihood")].set_index("group").reindex(_BANDS).dropna(subset="n").reset_index()
    table = pd.concat([bands, rows[rows["by"].eq("all")]])[["group", *_RATES]]
    table["group"] = table["group"].map({word: f"{word} likelihood" for word in _BANDS}).fillna("All covered")
    aside = [f"{count(row.installs)} {row.reason}" for row in result.set_aside.itertuples() if row.installs]
    kept = "as the words promise" if result.order_kept else "not in the order the words promise"
    return Finding(
        mark(table, synthetic=matrix.release.synthetic),
        "prediction_accuracy",
        f"{percent(whole['failure_rate'])} of covered homes had no WAN",
        "Share of installs at premises predicted covered that found no WAN, by stated likelihood, with 95% interval",
        "Dots with intervals: "
        + listed(f"{row.group} {percent(row.failure_rate)}" for row in table.itertuples())
        + f". Failure rises as likelihood falls, {kept}.",
        f"{coverage_source(matrix)} Install outcomes (8.14.1 and 8.14.2).",
        n=f"{count(whole['n'])} premises, {count(whole['failures'])} without WAN. Set aside: {listed(aside)}.",
        method=_method(table),
        headings={"group": "Prediction", **_RATES},
        formats=dict.fromkeys(("failure_rate", "low", "high"), ".1%"),
    )


def _method(table: pd.DataFrame) -> str:
    names = sorted({METHODS.get(name, name) for name in table["method"]})
    return f"{listed(names)}; the building is the sampling unit where known, else the postcode."


_TECHNOLOGIES = {
    "LRR": "Long-range radio",
    "CELLULAR_2G3G": "2G/3G",
    "CELLULAR_MESH": "2G/3G with mesh",
    "CELLULAR_4G": "4G",
    "VIRTUAL": "The home's broadband",
    "OTHER": "Another technology",
}


def accuracy_by_technology_of(matrix: CoverageMatrix, result: Accuracy) -> Finding:
    """Return how often a home predicted to be covered had no WAN when the hub was installed, by technology.

    Parameters
    ----------
    matrix : CoverageMatrix
    result : Accuracy

    Returns
    -------
    Finding
        A table: technology, failure rate with its interval (0 to 1), premises, failures, method; lowest rate first.
    """
    rows = result.table[result.table["prediction"].eq("COVERED") & result.table["by"].eq("technology")]
    rows = rows.sort_values(["failure_rate", "group"], kind="stable")
    table = rows[["group", *_RATES]]
    table = table.assign(group=table["group"].map(_TECHNOLOGIES).fillna("Not stated"))
    rates = [f"{row.group} {percent(row.failure_rate)}" for row in table.itertuples()]
    best, worst = (table["group"].iloc[at] for at in (0, -1))
    title = f"{best} fails least often, {worst} most" if len(table) > 1 else f"One technology only: {best}"
    return Finding(
        mark(table, synthetic=matrix.release.synthetic),
        "accuracy_by_technology",
        title,
        "Share of installs at premises predicted covered that found no WAN, by technology, with 95% interval",
        f"Dots with intervals: {listed(rates)}.",
        f"{coverage_source(matrix)} Install outcomes (8.14.1 and 8.14.2).",
        n=f"{count(table['n'].sum())} premises, {count(table['failures'].sum())} without WAN.",
        method=_method(table),
        headings={"group": "Technology", **_RATES},
        formats=dict.fromkeys(("failure_rate", "low", "high"), ".1%"),
    )


def answer_coverage(matrix: CoverageMatrix, result: Accuracy) -> str:
    """Return the notebook's answer: how much is covered, where not, how far to trust it.

    Parameters
    ----------
    matrix : CoverageMatrix
    result : Accuracy

    Returns
    -------
    str
    """
    regions = uncovered_of(matrix).table
    targets = targets_of(matrix).table
    rolled = matrix.rollup("country")
    basis, whole = rolled["basis"].iloc[0], shares_of(rolled, "country").sum(numeric_only=True)
    planned = rolled["planned"].sum()
    bands = accuracy_of(matrix, result).table
    held = "; ".join(f"{row.name} ({percent(row.threshold, 2)}): {row.verdict}" for row in _named(targets))
    day = dt.date.isoformat(matrix.release.as_of) if matrix.release.as_of else "a day not stated"
    return "\n\n".join(
        [
            f"**{percent(national_share(matrix), 2)}** of {basis} in Great Britain are covered by the WAN as of "
            f"{day}; {count(whole['without'])} are not, of which {count(planned)} are planned; "
            f"{count(whole['unanswered'])} did not answer and are neither.",
            f"Targets: {held}.",
            _say_where(regions, basis),
            "A prediction is not a promise: of premises predicted covered, "
            f"{percent(bands['failure_rate'].iloc[-1])} had no "
            "WAN at installation.",
        ]
    )


def _say_where(regions: pd.DataFrame, basis: str) -> str:
    """Say where the share without coverage is highest, and where the number is, which need not be the same."""
    first, last = regions.iloc[0], regions.iloc[-1]
    most = regions.loc[regions["without"].idxmax()]
    return (
        f"The share without coverage is highest in {first['region']} ({first['per_thousand']:.1f} per thousand "
        f"{basis}) and lowest in {last['region']} ({last['per_thousand']:.1f}); the number is highest in "
        f"{most['region']} ({count(most['without'])} {basis})."
    )


def _named(table: pd.DataFrame) -> list[pd.Series]:
    return [row.rename(row["name"]) for _, row in table.iterrows()]
