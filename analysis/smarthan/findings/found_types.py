"""Building types found from the data: exploratory, and told with how little they may bear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.buildings import trial_source
from smarthan.findings.disclosed import TOTAL, coarsen, disclose, is_hidden, record_rounding
from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.words import ARCHETYPES, BUILT

if TYPE_CHECKING:
    from smarthan.analysis.paths.clusters import FoundTypes
    from smarthan.trial_data import Trial

# Kaufman and Rousseeuw (1990), Finding Groups in Data, table 4: up to .25 no substantial structure was found.
NO_STRUCTURE = 0.25
_SHOWN = {
    "storeys": "Storeys, mean",
    "dwellings_n": "Homes, mean",
    "built_band": "Commonest age",
    "wall_type": "Commonest wall",
    "floor_type": "Commonest floor",
    "incoming_phases": "Commonest phases",
}


def found_types_of(trial: Trial, found: FoundTypes) -> Finding:
    """Return the building types found by clustering, with what is typical of each.

    Parameters
    ----------
    trial : Trial
    found : FoundTypes
        From `find_building_types`.

    Returns
    -------
    Finding
        A table: type, buildings (rounded), means and commonest values, the archetype most of it is of.
    """
    profile = found.profile.reset_index()
    archetype = trial["buildings"].set_index(trial["buildings"]["building_id"].astype("str"))["archetype"].astype("str")
    mostly = (
        archetype.reindex(found.labels.index).groupby(found.labels.to_numpy()).agg(lambda kinds: kinds.mode().iloc[0])
    )
    columns = ["buildings", *(name for name in _SHOWN if name in profile)]
    table = profile[["type", *columns]].assign(
        mostly=profile["type"].map(mostly).map(lambda word: ARCHETYPES.get(word, word))
    )
    numbers = [name for name in columns[1:] if pd.api.types.is_numeric_dtype(table[name])]
    table[numbers] = table[numbers].astype("float64").round(1)
    whole = pd.DataFrame([{"type": TOTAL, "buildings": int(table["buildings"].sum())}])
    values = [*columns, "mostly"]
    done = disclose(
        pd.concat([table, whole], ignore_index=True), dims=["type"], count="buildings", values=values,
        rounded=["buildings"],
    )  # fmt: skip
    table = done.table[done.table["type"].ne(TOTAL)]
    words = [name for name in values if name not in (*numbers, "buildings")]
    table = table.assign(**{name: _plain(table[name]) for name in words})
    best = found.choice[found.choice["chosen"]].iloc[0]
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "found_types",
        f"Exploratory: {count(best['k'])} types found, silhouette {best['silhouette']:.2f}",
        "Building types found by clustering the trial's buildings, with what is typical of each; unweighted",
        "",
        trial_source(trial),
        n=f"{count(5 * round(len(found.labels) / 5))} buildings; {len(table) - int((~is_hidden(table)).sum())} of "
        f"{len(table)} types suppressed.",
        method="Bisecting k-means on the buildings' features, each scaled to one standard deviation; the number of "
        "types is the one with the best silhouette.",
        notes=(f"{found.note[:1].upper()}{found.note[1:]}. Reports go by the types set beforehand.", done.note),
        disclosure=done.record,
        headings={"type": "Type", "buildings": "Buildings", **_SHOWN, "mostly": "Mostly of the set type"},
        formats=dict.fromkeys(numbers, ".1f"),
    )


def type_stability_of(trial: Trial, found: FoundTypes) -> Finding:
    """Return how well each number of types fits and how stable it is.

    Parameters
    ----------
    trial : Trial
    found : FoundTypes

    Returns
    -------
    Finding
        A table: number of types, silhouette, stability and its tenth percentile, whether chosen.
    """
    # Measures of the whole clustering: of no building and of no group of them.
    scores = ["silhouette", "stability", "stability_low"]
    table = coarsen(found.choice[["k", *scores, "chosen"]], coarse=scores)
    best = found.choice[found.choice["chosen"]].iloc[0]
    weak = best["silhouette"] <= NO_STRUCTURE
    return Finding(
        mark(table, synthetic=trial.synthetic),
        "type_stability",
        f"The buildings fall into no clear types (silhouette {best['silhouette']:.2f})"
        if weak
        else f"{count(best['k'])} types stand out, {percent(best['stability'], 0)} alike on redrawing",
        "Fit and stability of the types found, by their number",
        "",
        trial_source(trial),
        n=f"Numbers of types tried: {listed(str(k) for k in found.choice['k'])}.",
        method="Silhouette: 1 when types lie far apart; up to 0.25 no substantial structure (Kaufman and Rousseeuw "
        "1990). Stability: mean adjusted Rand index between the types of all buildings and those of buildings redrawn "
        "with replacement, 1 the same every time, 0 as good as chance; then its tenth percentile.",
        disclosure={**record_rounding(len(table)), "reason": "measures of the whole clustering"},
        headings={
            "k": "Number of types",
            "silhouette": "Silhouette",
            "stability": "Stability",
            "stability_low": "Stability, tenth percentile",
            "chosen": "Chosen",
        },
        formats=dict.fromkeys(scores, ".2f"),
    )


def _plain(words: pd.Series) -> pd.Series:
    """Return codes as words; what is hidden stays missing."""
    said = words.astype("object")
    return said.map(lambda word: BUILT.get(str(word), str(word).replace("_", " ")), na_action="ignore")
