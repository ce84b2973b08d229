"""The rows of the demonstration release: what each region answers for each place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from smarthan.coverage.releases.columns import CSP_REGIONS, LIKELIHOODS

from .places import Floats, Ints, Places, describe_places
from .terrain import shadow_depth

# Share of synthetic premises covered, by region family: North as contracted (99.5 %), the others so that Great Britain
# stands above 99.25 % (PAC HC 103 para 12; community.rippleenergy.com). Partly covered postcodes take 0.03 points off.
_TARGETS = (0.9953, 0.9938, 0.9938)
_LOW, _MEDIUM = 0.030, 0.120  # share of covered premises in the lowest bands of likelihood; assumed
_PARTIAL = 0.003  # share of premises whose postcode is covered in part; assumed
_GAP_4G = 0.02  # share of premises in 4G areas that 4G does not reach; assumed
_MESH_PREMISES = 45  # premises a postcode from which mesh is named; assumed
_UPRN_POSTCODES = 120
_FIRST_UPRN = 999_900_000_000  # above the numbers in use; synthetic
_ERROR_SECTORS, _SMETS1_POSTCODES = 3, 40  # in all of Great Britain
_LEFT_OUT = 400  # live postcodes in no release, in all of Great Britain: too new for the operator; assumed
_POSTCODES = 1_743_449  # in all of Great Britain, to which the numbers above belong

_CODES = ("I0", "E62", "E120101")
_TECHNOLOGIES = ("Long range radio", "Cellular", "Cellular + mesh", "4G")
_AUXILIARIES = ("Aerial T1", "Aerial T2")
_INFOS = ("Part of this postcode", "Date passed without confirmation")
_UNKNOWN, _SMETS1 = CSP_REGIONS.index("Unknown"), CSP_REGIONS.index("SMETS1")
_NO_DATE = np.datetime64("NaT", "D")

Mask = NDArray[np.bool_]


def make_rows(live: pd.DataFrame, *, as_of: dt.date, seed: int) -> pd.DataFrame:
    """Return the rows of a synthetic release, unsorted, with `place` = the row of `live` each belongs to."""
    streams = np.random.SeedSequence(seed).spawn(5)
    facts, legacy_land, new_land, choices, absent = (np.random.default_rng(stream) for stream in streams)
    places = describe_places(live, rng=facts)
    depth = shadow_depth(places.easting, places.northing, rng=legacy_land)
    depth_4g = 0.6 * depth + 0.4 * shadow_depth(places.easting, places.northing, rng=new_land)
    margin_4g = np.where(places.has_4g, _clear(depth_4g, places.premises * places.has_4g, 1 - _GAP_4G), -np.inf)
    margin = _clear_families(depth, places, margin_4g > 0)
    everywhere = np.arange(len(live))
    legacy = _answer(places, everywhere, places.family, margin, as_of)
    border = np.flatnonzero(places.other_family >= 0)
    partner = _answer(places, border, places.other_family[border], margin[border], as_of)
    rolled = np.flatnonzero(places.has_4g)
    newer = _answer(places, rolled, places.family[rolled] + 3, margin_4g[rolled], as_of)
    rows = pd.concat([_set_errors(legacy, places, choices), _fail_some(partner, places), newer], ignore_index=True)
    rows = _set_odd_regions(rows, places, choices)
    rows = pd.concat([rows, _list_premises(rows, choices)], ignore_index=True)
    return _put_words(_leave_out(rows, len(live), absent), live["postcode"])


def _leave_out(rows: pd.DataFrame, n_postcodes: int, rng: np.random.Generator) -> pd.DataFrame:
    """Drop a few postcodes whole, as a release drops those that are newer than it."""
    kept = np.ones(n_postcodes, dtype=bool)
    kept[rng.choice(n_postcodes, round(_LEFT_OUT * n_postcodes / _POSTCODES), replace=False)] = False
    return rows[kept[rows["place"]]].reset_index(drop=True)


def _clear(depth: Floats, weight: Ints, share: float) -> Floats:
    """Return how far each place lies above the shadow line that leaves `share` of the weight outside the shadow."""
    order = np.argsort(depth, kind="stable")
    reached = np.searchsorted(np.cumsum(weight[order]), share * weight.sum())
    return np.asarray(depth[order[min(reached, len(order) - 1)]] - depth)


def _clear_families(depth: Floats, places: Places, covered_by_4g: Mask) -> Floats:
    """Margin against the line of each region family; what 4G covers needs no legacy cover to count."""
    margin = np.empty(len(depth))
    for family, target in enumerate(_TARGETS):
        here = places.family == family
        if not here.any():
            continue
        weight = places.premises[here]
        open_weight = weight * ~covered_by_4g[here]
        short = (1 - target) * weight.sum()
        margin[here] = _clear(depth[here], open_weight, 1 - min(short / max(open_weight.sum(), 1), 1.0))
    return margin


def _answer(places: Places, place: Ints, region: Ints, margin: Floats, as_of: dt.date) -> pd.DataFrame:
    """One row a place for one region: covered or not, from when, how, how likely, for how many premises."""
    premises, covered = places.premises[place], margin > 0
    low, medium, partial = _bands(margin, premises, (_LOW, _MEDIUM, _PARTIAL))
    likelihood = np.select([~covered, margin < low, margin < medium], [0, 0, 1], 2)
    likelihood = np.where(~covered & (margin > -low), 1, likelihood)
    planned, overdue = ~covered & (places.plan[place] == 1), ~covered & (places.plan[place] == 2)
    likelihood = np.where(planned & (places.site[place] < 0.5), 2, likelihood)
    part = covered & (margin < partial)
    reached = np.where(part, np.ceil(premises * (0.5 + 0.5 * margin / max(partial, 1e-12))), premises)
    reached = np.where(covered, np.clip(reached, 1, premises), 0).astype(np.int64)
    day = _quarter_ends(as_of, places.plan_quarter[place])
    return pd.DataFrame(
        {
            "place": place,
            "region": region,
            "code": 0,
            "available": covered.astype(np.int8),
            "anticipated": np.where(planned | overdue, day, _NO_DATE),
            "technology": _name_technology(region, premises, margin, medium),
            "likelihood": likelihood,
            "auxiliary": _name_auxiliary(covered, likelihood, places.site[place]),
            "info": np.select([part & (reached < premises), overdue], [0, 1], -1),
            "premises": premises,
            "reached": reached,
            "unit": 0,
        }
    )


def _bands(margin: Floats, weight: Ints, shares: tuple[float, ...]) -> list[float]:
    """Return the margins below which each share of the covered weight lies."""
    covered = np.flatnonzero(margin > 0)
    if not len(covered):
        return [0.0 for _ in shares]
    order = covered[np.argsort(margin[covered], kind="stable")]
    running = np.cumsum(weight[order])
    cuts = np.searchsorted(running, np.array(shares) * running[-1])
    return [float(margin[order[cut]]) for cut in cuts]


def _name_technology(region: Ints, premises: Ints, margin: Floats, medium: float) -> NDArray[np.int64]:
    mesh = (premises >= _MESH_PREMISES) | ((margin > 0) & (margin < medium))
    return np.select([region >= 3, region == 0, mesh], [3, 0, 2], 1)


def _name_auxiliary(covered: Mask, likelihood: NDArray[np.int64], site: Floats) -> NDArray[np.int64]:
    """Aerials where the signal is weak: most of the low band, some of the medium."""
    wanted = covered & (((likelihood == 0) & (site < 0.7)) | ((likelihood == 1) & (site < 0.15)))
    return np.where(wanted, (site < 0.25).astype(np.int64), -1)


def _quarter_ends(as_of: dt.date, quarters: Ints) -> NDArray[np.datetime64]:
    """Return the last day of the quarter that many quarters from the day's own; negative is past."""
    this = np.datetime64(as_of, "M").astype(np.int64) // 3
    last_month = (this + np.where(quarters > 0, quarters - 1, quarters)) * 3 + 3
    return np.asarray(last_month.astype("datetime64[M]").astype("datetime64[D]") - np.timedelta64(1, "D"))


def _set_errors(rows: pd.DataFrame, places: Places, rng: np.random.Generator) -> pd.DataFrame:
    """A few whole sectors, without 4G, could not be answered."""
    eligible = np.unique(places.sector[~places.has_4g & (places.other_family < 0)])
    n_errors = min(max(1, round(_ERROR_SECTORS * len(eligible) / 10_000)), len(eligible))
    failed = rng.choice(eligible, n_errors, replace=False)
    return _blank(rows, np.isin(places.sector[rows["place"]], failed), 2)


def _fail_some(rows: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Across a border, the other region could not answer for some outward codes."""
    return _blank(rows, places.site[rows["place"]] < 0.05, 1)


def _blank(rows: pd.DataFrame, failed: Mask, code: int) -> pd.DataFrame:
    """An error row is region and code only; its premises still weigh."""
    values = {
        "code": code,
        "available": -1,
        "technology": -1,
        "likelihood": -1,
        "auxiliary": -1,
        "info": -1,
        "reached": -1,
    }
    blanked = {name: np.where(failed, value, rows[name]) for name, value in values.items()}
    return rows.assign(anticipated=rows["anticipated"].where(~failed), **blanked)


def _set_odd_regions(rows: pd.DataFrame, places: Places, rng: np.random.Generator) -> pd.DataFrame:
    """Some large users are in no known region; a few postcodes are answered as SMETS1."""
    alone = ~rows["place"].duplicated(keep=False).to_numpy()
    unknown = alone & ~places.located[rows["place"]] & (places.sector[rows["place"]] % 2 == 0)
    candidates = np.flatnonzero(alone & (rows["available"] == 1).to_numpy() & places.located[rows["place"]])
    n_smets1 = max(1, round(_SMETS1_POSTCODES * len(places.family) / _POSTCODES))
    smets1 = np.isin(np.arange(len(rows)), rng.choice(candidates, min(n_smets1, len(candidates)), replace=False))
    region = np.select([unknown, smets1], [_UNKNOWN, _SMETS1], rows["region"])
    technology = np.where((unknown | smets1) & (rows["code"] == 0), 1, rows["technology"])
    return rows.assign(region=region, technology=technology)


def _list_premises(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rows a UPRN for some of the postcodes that are covered in part: some premises are reached, some are not."""
    partial = rows[(rows["reached"] > 0) & (rows["reached"] < rows["premises"]) & (rows["region"] < 3)]
    partial = partial[~partial["place"].duplicated() & (partial["premises"] <= 40)]
    chosen = partial.iloc[np.sort(rng.choice(len(partial), min(_UPRN_POSTCODES, len(partial)), replace=False))]
    unit = np.concatenate([np.arange(1, n + 1) for n in chosen["premises"]] or [np.empty(0, dtype=np.int64)])
    each = chosen.loc[chosen.index.repeat(chosen["premises"])].reset_index(drop=True)
    reached = unit <= each["reached"].to_numpy()
    return each.assign(
        unit=unit,
        available=reached.astype(np.int8),
        auxiliary=np.where(reached, each["auxiliary"], -1),
        likelihood=np.where(reached, each["likelihood"], 0),
        info=-1,
        premises=1,
        reached=reached.astype(np.int64),
    )


def _put_words(rows: pd.DataFrame, postcode: pd.Series) -> pd.DataFrame:
    """Turn numbers into the words of the file; -1 becomes missing."""
    words: Mapping[str, tuple[str, tuple[str, ...]]] = {
        "csp_region": ("region", CSP_REGIONS),
        "region_code": ("code", _CODES),
        "wan_technology": ("technology", _TECHNOLOGIES),
        "likelihood": ("likelihood", LIKELIHOODS),
        "auxiliary": ("auxiliary", _AUXILIARIES),
        "info": ("info", _INFOS),
    }
    named = {
        new: pd.Categorical.from_codes(rows[old].to_numpy(dtype=np.int8), categories=pd.Index(listed))
        for new, (old, listed) in words.items()
    }
    available, reached = rows["available"].astype("Int8"), rows["reached"].astype("Int32")
    return pd.DataFrame(
        {
            "place": rows["place"],
            "postcode": postcode.take(rows["place"].to_numpy()).array,
            "address_identifier": rows["unit"].astype("str").where(rows["unit"] > 0).astype("category"),
            "uprn": _number_premises(rows["unit"]),
            **named,
            "available": available.mask(available < 0).astype("boolean"),
            "anticipated": rows["anticipated"],
            "premises": rows["premises"],
            "premises_available": reached.mask(reached < 0),
        }
    )


def _number_premises(unit: pd.Series) -> pd.Series:
    """Give every row of a single premises its own UPRN, in order; missing on the rows of a whole postcode."""
    single = unit > 0
    return (_FIRST_UPRN + single.cumsum()).astype("str").where(single)
