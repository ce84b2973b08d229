"""How each surveyor's links compare with those of the others, allowing for where the surveyor was sent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from smarthan.trial_data.trial import Trial

# Limits of 95 % and 99.8 %: Spiegelhalter (2005), section 2.
FUNNEL_Z = {"95": 1.959964, "998": 3.090232}
_SIGNS = {
    "surveyor_constant": "constant_readings",
    "surveyor_digits": "uneven_digits",
    "surveyor_speed": "hurried_visits",
}
_MIX = ["technology", "role", "stratum_id"]


def surveyor_funnel(trial: Trial, success: pd.DataFrame) -> pd.DataFrame:
    """Return, surveyor by surveyor, the share of links that worked against what the mix of buildings led to expect.

    Parameters
    ----------
    trial : Trial
        The trial, its flagged rows still in it.
    success : DataFrame
        path_id, technology, success (boolean, missing for unknown): what `smarthan.analysis.path_success` gives.

    Returns
    -------
    DataFrame
        One row a surveyor who went somewhere, most links first. buildings, dwellings (with a measured path), paths,
        links (path and technology with an answer) [counts], observed_share, expected_share (0 to 1), difference
        (observed_share - expected_share), se (of the difference), effective_links (links of the average kind that
        would have this se), low_95, high_95, low_998, high_998 (limits of the difference), position {"inside",
        "outside 95%", "outside 99.8%", "no links"}, constant_readings, uneven_digits, hurried_visits (rows flagged by
        surveyor_constant, surveyor_digits, surveyor_speed [counts]), is_marked (outside 99.8 % or any such flag).
        `attrs["reference_share"]` is the share of all links that worked, `attrs["dispersion"]` the factor below.

    Raises
    ------
    ValueError
        When success lacks a column.

    Notes
    -----
    A link is expected to work as often as those of the *other* surveyors of the same technology, role and stratum; a
    link that no other surveyor shares says nothing of the surveyor and is left out. Links of one building hang
    together, so the variance sum p (1 - p) is multiplied by the dispersion between buildings, at least 1: the sum
    over buildings of (observed - expected)^2 by that of p (1 - p). It is not winsorised as the reference proposes: on
    synthetic trials that hid the very clustering it is to measure, and a quarter of honest surveyors fell outside
    95 %. The others' share is an estimate too, which adds own / others to the variance of each link. A mark is a
    reason to look, no verdict: among ten honest surveyors at least one lies outside the 95 % limits two times in five.

    References
    ----------
    Spiegelhalter, D. J. (2005), Funnel plots for comparing institutional performance, Statistics in Medicine 24,
    1185-1202, doi:10.1002/sim.1970: indirect standardisation, limits, multiplicative over-dispersion.

    Examples
    --------
    >>> from smarthan.analysis import path_success
    >>> from smarthan.trial_data import sample_trial
    >>> trial = sample_trial()
    >>> funnel = surveyor_funnel(trial, path_success(trial))
    >>> "SYN-V0000008" in set(funnel.loc[funnel["is_marked"], "surveyor_id"])  # who made readings up
    True
    """
    absent = [name for name in ("path_id", "technology", "success") if name not in success]
    if absent:
        raise ValueError(f"success: it has no column {', '.join(absent)}; path_success(trial) gives them")
    links = _expect(_link_surveyors(trial, success))
    dispersion = _dispersion(links)
    reference = float(links["works"].mean()) if len(links) else float("nan")
    table = _count_work(trial)
    groups = links.groupby("surveyor_id", observed=True, dropna=True)
    sums = groups.agg(
        links=("works", "size"), works=("works", "sum"), expected=("expected", "sum"), doubt=("doubt", "sum")
    )
    sums = sums.reindex(table["surveyor_id"]).reset_index(drop=True)
    n = sums["links"].where(sums["links"].gt(0))
    table["links"] = sums["links"].fillna(0).astype("int64")
    table["observed_share"], table["expected_share"] = sums["works"] / n, sums["expected"] / n
    table["difference"] = table["observed_share"] - table["expected_share"]
    table["se"] = np.sqrt(dispersion * sums["doubt"]) / n
    table["effective_links"] = reference * (1 - reference) / (table["se"] ** 2).where(table["se"].gt(0))
    table = _add_limits(table).join(
        _count_flags(trial).reindex(table["surveyor_id"], fill_value=0).reset_index(drop=True)
    )
    table["is_marked"] = table["position"].eq("outside 99.8%") | table[list(_SIGNS.values())].gt(0).any(axis=1)
    table = table.sort_values(["links", "surveyor_id"], ascending=[False, True], ignore_index=True)
    table.attrs = {"synthetic": trial.synthetic, "reference_share": reference, "dispersion": dispersion}
    return table


def _link_surveyors(trial: Trial, success: pd.DataFrame) -> pd.DataFrame:
    """Return one row a link with an answer: technology, role, stratum, building, surveyor, whether it works."""
    visits = trial["visits"].set_index("visit_id")
    seen = trial["measurements"][["path_id", "technology", "visit_id"]].drop_duplicates(["path_id", "technology"])
    key = seen["path_id"].astype("str") + "|" + seen["technology"].astype("str")
    visit = pd.Series(seen["visit_id"].to_numpy(), index=key.to_numpy())
    known = success[success["success"].notna()]
    wanted = known["path_id"].astype("str") + "|" + known["technology"].astype("str")
    of_visit = wanted.map(visit)
    building = of_visit.map(visits["building_id"])
    return pd.DataFrame(
        {
            "technology": known["technology"].astype("str"),
            "role": known["path_id"].map(trial["paths"].set_index("path_id")["role"].astype("str")),
            "stratum_id": building.map(trial["buildings"].set_index("building_id")["stratum_id"]),
            "building_id": building,
            "surveyor_id": of_visit.map(visits["surveyor_id"]),
            "works": known["success"].astype("float64"),
        }
    ).dropna()


def _expect(links: pd.DataFrame) -> pd.DataFrame:
    """Return the links that other surveyors share, each with its expected share and variance."""
    links = links.assign(one=1.0)
    everyone = links.groupby(_MIX, observed=True)[["works", "one"]].transform("sum")
    own = links.groupby([*_MIX, "surveyor_id"], observed=True)[["works", "one"]].transform("sum")
    others = everyone - own
    # Jeffreys' half on either side: what never failed with others may still fail, and has some variance.
    expected = (others["works"] + 0.5) / (others["one"] + 1.0)
    spread = expected * (1 - expected)
    doubt = spread * (1 + own["one"] / others["one"].where(others["one"].gt(0)))
    return links.assign(expected=expected, spread=spread, doubt=doubt)[others["one"].gt(0)]


def _dispersion(links: pd.DataFrame) -> float:
    """Return the factor by which links of one building hang together, at least 1."""
    sums = links.groupby("building_id", observed=True, dropna=True)[["works", "expected", "spread"]].sum()
    if len(sums) < 2:
        return 1.0
    return max(1.0, float(((sums["works"] - sums["expected"]) ** 2).sum() / sums["spread"].sum()))


def _count_work(trial: Trial) -> pd.DataFrame:
    """Return what each surveyor did: buildings visited, dwellings and paths measured."""
    visits, readings, paths = trial["visits"], trial["measurements"], trial["paths"].set_index("path_id")
    home = trial["locations"].set_index("location_id")["dwelling_id"]
    surveyor = readings["visit_id"].map(visits.set_index("visit_id")["surveyor_id"])
    dwelling = readings["path_id"].map(paths["to_location"]).map(home)
    work = pd.DataFrame({"surveyor_id": visits["surveyor_id"].drop_duplicates().sort_values().reset_index(drop=True)})
    counts: Sequence[tuple[str, pd.Series]] = (
        ("buildings", visits.groupby("surveyor_id", observed=True, dropna=True)["building_id"].nunique()),
        ("dwellings", dwelling.groupby(surveyor).nunique()),
        ("paths", readings["path_id"].groupby(surveyor).nunique()),
    )
    for name, count in counts:
        work[name] = work["surveyor_id"].map(count).fillna(0).astype("int64")
    return work


def _count_flags(trial: Trial) -> pd.DataFrame:
    """Return the flagged rows of each surveyor, a column a rule."""
    visits, readings = trial["visits"].set_index("visit_id"), trial["measurements"]
    surveyor = readings["visit_id"].map(visits["surveyor_id"])
    of_reading = pd.Series(surveyor.to_numpy(), index=readings["measurement_id"].to_numpy())
    # A path belongs to whoever measured it first.
    of_path = pd.Series(surveyor.to_numpy(), index=readings["path_id"].to_numpy())
    of_path = of_path[~of_path.index.duplicated()]
    owner = {"measurements": of_reading, "paths": of_path, "visits": visits["surveyor_id"]}
    flags = trial.notes[trial.notes["code"].isin(_SIGNS)]
    who = pd.Series(np.nan, index=flags.index, dtype="object")
    for table, keys in owner.items():
        here = flags["table"].eq(table)
        who = who.mask(here, flags["key"].astype("str").map(keys))
    counts = pd.crosstab(who, flags["code"].astype("str").map(_SIGNS))
    return counts.reindex(columns=list(_SIGNS.values()), fill_value=0)


def _add_limits(table: pd.DataFrame) -> pd.DataFrame:
    for name, z in FUNNEL_Z.items():
        table[f"low_{name}"], table[f"high_{name}"] = -z * table["se"], z * table["se"]
    away = table["difference"].abs()
    table["position"] = np.select(
        [table["links"].eq(0), away.gt(table["high_998"]), away.gt(table["high_95"])],
        ["no links", "outside 99.8%", "outside 95%"],
        "inside",
    )
    return table
