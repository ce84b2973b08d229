"""Reach by how the hub is mounted, and by region with raw and shrunken shares side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.findings.disclosed import TOTAL, Disclosed, disclose, is_hidden, say_hidden
from smarthan.findings.finding import Finding, count, mark, percent
from smarthan.findings.reach_types import SHARES, round_homes, say_method
from smarthan.findings.words import MOUNTS, TECHNOLOGIES

if TYPE_CHECKING:
    from smarthan.analysis import Fit

_HEADINGS = {
    "technology": "Technology",
    "estimate": "Share reached",
    "lower": "Lower",
    "upper": "Upper",
    "method": "Interval",
    "n": "Homes",
    "n_psu": "Buildings",
}
# Width of an interval from which a share is not shown by itself: Parker et al. (2017), NCHS series 2, no. 175.
MOST_WIDE = 0.30
_WIDE = "too wide to quote by itself"


def mounts_of(groups: pd.DataFrame) -> Finding:
    """Return the share of homes reached by how the communications hub is mounted.

    Parameters
    ----------
    groups : DataFrame
        From `reach_by(trial, stock, "mount", technologies)`.

    Returns
    -------
    Finding
        Long table: technology, mount, estimate, lower, upper (0 to 1), method, homes and buildings (rounded).
    """
    done = _disclose_groups(groups)
    table = done.table.rename(columns={"group": "mount"}).drop(columns="n_eff")
    table["mount"] = table["mount"].map(lambda word: MOUNTS.get(word, word))
    table["technology"] = table["technology"].map(lambda code: TECHNOLOGIES.get(code, code))
    shown = table[~is_hidden(table) & table["mount"].ne(MOUNTS["not known"])]
    apart = shown.groupby("technology", sort=False)["estimate"].agg(lambda shares: shares.max() - shares.min())
    return Finding(
        mark(table, synthetic=bool(groups.attrs["synthetic"])),
        "reach_by_mount",
        f"{apart.idxmax()}: mounts differ by up to {100 * apart.max():.0f} points"
        if len(apart)
        else "Too few homes of any mount to show",
        "Share of homes reached, with 95% interval, by technology and by how the hub is mounted",
        "One panel a technology, a dot with its interval for each mount. "
        + "; ".join(f"{row.technology}, {row.mount.lower()} {percent(row.estimate, 0)}" for row in shown.itertuples())
        + "."
        + say_hidden(table, "mount"),
        _source(groups),
        n=f"{count(table['n'].min())} to {count(table['n'].max())} homes in a dot.",
        method=say_method(groups["method"]),
        notes=(*round_homes(groups.attrs["notes"]), done.note),
        disclosure=done.record,
        headings=_HEADINGS | {"mount": "Hub mounting"},
        formats=dict.fromkeys(SHARES, ".1%"),
    )


def regions_of(groups: pd.DataFrame) -> Finding:
    """Return the share of homes reached by region: as the sample says alone, and shrunk towards the country.

    Parameters
    ----------
    groups : DataFrame
        From `reach_by(trial, stock, "region", [technology])`.

    Returns
    -------
    Finding
        A table: region, raw share, lower, upper, shrunk share (0 to 1), homes and buildings (rounded), whether the raw
        one is too wide to be quoted.

    Notes
    -----
    Shrunk: a random-intercept logit over regions on effective counts, n = floor(n_eff) and k = round(n x share), so
    that a region counts for what its sample is worth under the design.
    """
    done = _disclose_groups(groups)
    technology = str(done.table["technology"].iloc[0])
    table = done.table.drop(columns="technology").rename(columns={"group": "region", "estimate": "raw"})
    shrunk, fit = _shrink(table[~is_hidden(table)])
    table["shrunk"] = table["region"].map(shrunk).round(3)
    table["quoting"] = np.where(table["upper"] - table["lower"] >= MOST_WIDE, _WIDE, "may be quoted")
    first = ["region", "raw", "lower", "upper", "shrunk", "quoting", "method", "n", "n_psu"]
    table = table[[*first, *(["status"] if "status" in table else [])]]
    table.loc[is_hidden(table), "quoting"] = pd.NA
    table = table.sort_values("raw", ascending=False, kind="stable", na_position="last")
    shown = table[~is_hidden(table) & table["shrunk"].notna()]
    return Finding(
        mark(table, synthetic=bool(groups.attrs["synthetic"])),
        "reach_by_region",
        _say_shrinkage(shown),
        f"Share of homes that {TECHNOLOGIES.get(technology, technology)} reaches by region: raw, and shrunk",
        f"A ring (raw) and a diamond (shrunk) for each of {len(shown)} regions. {_say_ends(shown)}"
        + say_hidden(table, "region"),
        _source(groups),
        n=f"{count(table['n'].min())} to {count(table['n'].max())} homes in a region.",
        method=f"{say_method(groups['method'])} Shrunk: random-intercept logit over regions on effective counts; "
        + (
            f"regions differ by {fit.sd_group:.2f} in log odds (standard deviation)."
            if fit is not None
            else "none fitted."
        ),
        notes=(
            "A raw share of a small sample strays; the shrunk one gives way to the country where the sample is small, "
            "and is the one to compare regions by. Neither is an effect of the region.",
            f"Raw shares with an interval of {percent(MOST_WIDE, 0)} or more are not to be quoted (Parker and others "
            "2017, NCHS series 2, no. 175).",
            *round_homes(groups.attrs["notes"]),
            done.note,
        ),
        disclosure=done.record,
        headings=_HEADINGS | {"region": "Region", "raw": "Raw", "shrunk": "Shrunk", "quoting": "Raw share"},
        formats=dict.fromkeys(("raw", "lower", "upper", "shrunk"), ".1%"),
    )


def _disclose_groups(groups: pd.DataFrame) -> Disclosed:
    """Judge each technology's groups together with their sum, which is not shown."""
    rows = groups[groups["archetype"].eq(TOTAL) & groups["estimate"].notna()]
    columns = ["technology", "group", *SHARES, "method", "n", "n_psu", "n_eff"]
    sums = rows.groupby("technology", sort=False)[["n", "n_psu"]].sum().reset_index().assign(group=TOTAL)
    values = [name for name in columns if name not in ("technology", "group")]
    done = disclose(
        pd.concat([rows[columns], sums], ignore_index=True), dims=["group"], count="n", contributors=["n_psu"],
        shares=["estimate"], values=values, rounded=["n", "n_psu"], coarse=SHARES, by="technology",
    )  # fmt: skip
    return Disclosed(done.table[done.table["group"].ne(TOTAL)], done.record)


def _shrink(shown: pd.DataFrame) -> tuple[dict[str, float], Fit | None]:
    """Return the shrunken share of each region and the fit; no share where no model can be fitted."""
    from smarthan.analysis import logit_random_intercept

    size = np.floor(shown["n_eff"].astype("float64"))
    rows = pd.DataFrame({"region": shown["region"], "of": size, "reached": (size * shown["raw"]).round()})
    rows = rows[rows["of"].gt(0)]
    if len(rows) < 2 or rows["reached"].sum() in (0, rows["of"].sum()):
        return {}, None
    fit = logit_random_intercept(rows, "reached", "of", [], "region")
    if fit.group_effects is None or not np.isfinite(fit.coef.iloc[0]):
        return {}, None
    odds = fit.coef.iloc[0] + fit.group_effects
    return dict(zip(odds.index.astype("str"), 1 / (1 + np.exp(-odds.to_numpy())), strict=True)), fit


def _say_shrinkage(shown: pd.DataFrame) -> str:
    if shown.empty:
        return "Too few homes to compare regions"
    spans = [100 * (shown[name].max() - shown[name].min()) for name in ("raw", "shrunk")]
    return f"Of {spans[0]:.0f} points between regions, {spans[1]:.0f} remain when shrunk"


def _say_ends(shown: pd.DataFrame) -> str:
    if shown.empty:
        return "No region can be shown."
    ends = [shown.iloc[0], shown.iloc[-1]]
    return (
        "; ".join(f"{row['region']} raw {percent(row['raw'])}, shrunk {percent(row['shrunk'])}" for row in ends) + "."
    )


def _source(groups: pd.DataFrame) -> str:
    trial = "Synthetic building trial, made from a seed" if groups.attrs["synthetic"] else "Building trial"
    return f"{trial}, weighted to the housing stock; own calculation."
