"""Synthetic outcomes of communications hub installs, to hold a coverage release against."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from smarthan.coverage.releases.columns import HUB_LOCATIONS, INSTALL_TYPES, LIKELIHOODS, PREMISE_TYPES
from smarthan.files import sha256_of, write_csv, write_whole

Floats = NDArray[np.float64]

# All shares and odds below are assumed: nobody publishes install outcomes against predicted coverage.
_FAIL_COVERED = {"High": 0.005, "Medium": 0.025, "Low": 0.09}
_FAIL_NOT_COVERED = 0.7
_BUILDING_SPREAD = 0.9  # standard deviation of a building's log odds: premises in one building share their walls
_HUB_ODDS = (-0.6, 0.0, 1.0, 1.5)  # log odds by HUB_LOCATIONS
_HUB_SHARES = (0.02, 0.68, 0.26, 0.04)
_PREMISE_SHARES = (0.55, 0.25, 0.15, 0.05)  # by PREMISE_TYPES
_OBSTRUCTED = (0.04, 0.05, 0.06)  # metal, connectivity, shared (shared in apartments only)
_OBSTRUCTION_ODDS = 1.6
_AERIAL_ODDS = -0.9
_TAKE_WEAK = 5.0  # weak and uncovered postcodes are taken more often, so that they can be judged
_CONTRADICTORY = 0.0006  # 8.14.1 reports whose type says that there was no SM WAN
_FIRST_DAY, _DAYS = dt.date(2026, 11, 3), 18


def make_installs(
    path: str | os.PathLike[str],
    release: str | os.PathLike[str],
    *,
    seed: int = 1,
    n_installs: int = 20_000,
) -> Path:
    """Write synthetic install outcomes (8.14.1 and 8.14.2) for the postcodes of a demonstration release.

    Parameters
    ----------
    path : path
        The CSV file to write; a sheet of the same name with the ending `.toml` is written beside it and says that it
        is synthetic. Every install_id starts with `SYN-`.
    release : path
        A release written by `make_release`.
    seed : int, default 1
        Draws buildings, hubs, outcomes.
    n_installs : int, default 20,000
        About how many rows; whole buildings are drawn, so there may be a few more.

    Returns
    -------
    Path
        The CSV file.

    Raises
    ------
    OSError
        When a file cannot be read or written.
    ValueError
        When the release is not synthetic: made-up outcomes must never stand beside real predictions.

    Notes
    -----
    Days run from 2026-11-03 to 2026-11-20. Outcomes follow the likelihood of the release, the hub's place,
    obstructions and a building's own walls, with odds that are all assumed. Weak and uncovered postcodes are drawn
    more often than they occur: the rates by likelihood mean something, the overall rate does not. As in DUIS, only a
    failure (8.14.2) states obstructions; the premise type is filled for all, as a supplier would know it.

    Examples
    --------
    >>> import tempfile
    >>> from smarthan.coverage import postcode_reference
    >>> from smarthan.coverage.demonstration import make_release
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     few = postcode_reference().query("area == 'ZE'")
    ...     made = make_release(Path(folder) / "synthetic.parquet", postcodes=few)
    ...     installs = make_installs(Path(folder) / "installs.csv", made, n_installs=50)
    ...     pd.read_csv(installs)["install_id"].iloc[0]
    'SYN-000001'
    """
    facts = _read_release_facts(release)
    rng = np.random.default_rng(seed)
    buildings = _draw_buildings(_read_best_rows(release), rng, n_installs)
    installs = _draw_outcomes(buildings, rng)
    target = write_csv(installs, path)
    sheet = {
        "title": "Synthetic install outcomes (8.14.1 and 8.14.2)",
        "synthetic": True,
        "note": "Made up for demonstration; no install in it took place.",
        "release_id": facts["release_id"],
        "licence": facts["licence"],
        "made_by": "smarthan.coverage.demonstration.make_installs",
        "seed": seed,
        "rows": len(installs),
        "sha256": sha256_of(target),
    }
    with write_whole(target.with_suffix(".toml"), "w") as stream:
        stream.writelines(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in sheet.items())
    return target


def _read_release_facts(release: str | os.PathLike[str]) -> dict[str, object]:
    metadata = pq.read_schema(release).metadata or {}
    facts: dict[str, object] = json.loads(metadata.get(b"smarthan.release", b"{}"))
    if facts.get("synthetic") is not True:
        raise ValueError(f"{release}: not a synthetic release; made-up outcomes belong to demonstration releases")
    return facts


def _read_best_rows(release: str | os.PathLike[str]) -> pd.DataFrame:
    """Return the best answered row of every postcode: covered first, then the likeliest."""
    columns = ["postcode", "uprn", "available", "likelihood", "auxiliary", "premises"]
    rows = pq.read_table(release, columns=columns).to_pandas(types_mapper=None)
    rows = rows[rows["uprn"].isna() & rows["available"].notna()]
    grade = pd.Index(LIKELIHOODS).get_indexer(pd.Index(rows["likelihood"].astype("str")))
    covered = rows["available"].astype(bool)
    rows = rows.assign(covered=covered, grade=grade, rank=covered * 10 + grade)
    best = rows.sort_values(["postcode", "rank"], ascending=[True, False], kind="stable")
    return best.drop_duplicates("postcode").reset_index(drop=True)


def _draw_buildings(best: pd.DataFrame, rng: np.random.Generator, n_installs: int) -> pd.DataFrame:
    """Draw buildings, and as many installs in each as its type has premises for; one row an install."""
    weak = ~best["covered"] | (best["grade"] < 2)
    weight = best["premises"] * np.where(weak, _TAKE_WEAK, 1.0)
    place = rng.choice(len(best), size=n_installs, p=(weight / weight.sum()).to_numpy())
    premise = rng.choice(len(PREMISE_TYPES), size=n_installs, p=_PREMISE_SHARES)
    wanted = np.where(premise >= 2, 1 + rng.poisson(1.5 + 2.0 * (premise == 3)), 1 + (rng.random(n_installs) < 0.05))
    size = np.minimum(wanted, best["premises"].to_numpy()[place])
    kept = np.searchsorted(np.cumsum(size), n_installs) + 1
    size, place, premise = size[:kept], place[:kept], premise[:kept]
    walls = rng.normal(0.0, _BUILDING_SPREAD, kept)
    building = np.repeat(np.arange(kept), size)
    unit = np.arange(len(building)) - np.repeat(np.cumsum(size) - size, size) + 1
    drawn = best.iloc[place[building]].reset_index(drop=True)
    return drawn.assign(building=building, unit=unit, premise=premise[building], walls=walls[building])


def _draw_outcomes(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw hub, obstructions and success of each install, and write them as the reports would."""
    n = len(rows)
    hub = rng.choice(len(HUB_LOCATIONS), size=n, p=_HUB_SHARES)
    flat = rows["premise"].to_numpy() >= 2
    blocked = rng.random((3, n)) < np.array(_OBSTRUCTED)[:, None]
    blocked[2] &= flat
    aerial = rows["auxiliary"].notna().to_numpy() & (rng.random(n) < 0.8)
    odds = _base_odds(rows) + rows["walls"].to_numpy() + np.array(_HUB_ODDS)[hub]
    odds += _OBSTRUCTION_ODDS * blocked.any(axis=0) + _AERIAL_ODDS * aerial
    failed = rng.random(n) < 1 / (1 + np.exp(-odds))
    kind = np.where(failed, 2, (rng.random(n) < 0.3).astype(np.int64))
    kind = np.where(~failed & (rng.random(n) < _CONTRADICTORY), 2, kind)
    days = np.datetime64(_FIRST_DAY) + rng.integers(0, _DAYS, n)
    return pd.DataFrame(
        {
            "install_id": [f"SYN-{number:06d}" for number in range(1, n + 1)],
            "report": np.where(failed, "8.14.2", "8.14.1"),
            "installed_at": np.datetime_as_string(days),
            "postcode": rows["postcode"],
            "address_identifier": [f"B{b + 1}-{u}" for b, u in zip(rows["building"], rows["unit"], strict=True)],
            "uprn": "",
            "building_id": [f"SYN-B{number + 1:06d}" for number in rows["building"]],
            "install_type": np.array(INSTALL_TYPES)[kind],
            "aerial_install": _write_flags(aerial, None),
            "location": np.array(HUB_LOCATIONS)[hub],
            "premise_type": np.array(PREMISE_TYPES)[rows["premise"]],
            "metal_obstruction": _write_flags(blocked[0], failed),
            "connectivity_obstruction": _write_flags(blocked[1], failed),
            "shared_obstruction": _write_flags(blocked[2], failed),
        }
    )


def _base_odds(rows: pd.DataFrame) -> Floats:
    fail = np.array([_FAIL_COVERED[name] for name in LIKELIHOODS])[rows["grade"]]
    fail = np.where(rows["covered"], fail, _FAIL_NOT_COVERED)
    return np.asarray(np.log(fail / (1 - fail)))


def _write_flags(flags: NDArray[np.bool_], stated: NDArray[np.bool_] | None) -> NDArray[np.str_]:
    """Return true, false, or empty where the report has no such field."""
    words = np.where(flags, "true", "false")
    return words if stated is None else np.where(stated, words, "")
