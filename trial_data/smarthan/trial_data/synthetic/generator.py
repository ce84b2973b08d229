"""A synthetic trial: raw files that look like a survey's, and the truth behind them, kept apart."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from smarthan.files import write_whole

from .building_files import lay_buildings, lay_dwellings, lay_frame
from .constants import (
    BAND_CORRELATION,
    BUILDING_SD_DB,
    PACKETS_SENT,
    PATH_SD_DB,
    PER_LIMIT,
    POWER_LINES,
    PROTOCOL,
)
from .csv_files import write_table
from .error_injection import choose_counts, inject_errors, list_errors
from .fieldwork_files import lay_instruments, lay_surveyors, lay_visits, plan_fieldwork
from .place_files import lay_locations, lay_paths, lay_wiring
from .population import Stratum, plan_strata
from .radio_truth import choose_bands
from .reading_files import lay_measurements, lay_noise
from .sampling import NONRESPONSE, Nonresponse
from .survey import Plan, Survey, survey_population

MARK = "synthetic.json"


@dataclass(frozen=True)
class Truth:
    """What the generator knows and no estimator may see.

    Attributes
    ----------
    coverage : DataFrame
        technology (each, and `either` of the two ZigBee bands), stratum_id, archetype, meter_class, buildings,
        premises, reached [counts] and share (0 to 1); the rows of the whole population say ALL.
    parameters : dict
        Seed, sizes, and the constants of every link.
    errors : DataFrame
        The errors put in on purpose: file, line (the header is line 1), column, code expected.
    synthetic : bool
        Always True.
    """

    coverage: pd.DataFrame
    parameters: dict[str, Any]
    errors: pd.DataFrame
    synthetic: bool = True


def make_trial(
    folder: str | os.PathLike[str],
    *,
    seed: int,
    stock: pd.DataFrame | None = None,
    buildings_per_stratum: int = 80,
    dwellings_per_building: int = 4,
    radio: Mapping[str, Mapping[str, float]] | None = None,
    nonresponse: Nonresponse = "mar",
    errors: bool | Mapping[str, int] = True,
    size_premises: int = 200_000,
    repeats: int = 1,
    manifest: str | os.PathLike[str] | None = None,
) -> Truth:
    """Write a synthetic building trial as raw CSV files and return the truth behind it.

    Parameters
    ----------
    folder : path
        Where the files go; made when absent. Files of the same names are replaced, each whole or not at all.
    seed : int
        At least 0. The same seed and arguments give byte-identical files.
    stock : DataFrame, optional
        Columns archetype and premises, optionally meter_class and region: the mix of the population. The default is
        illustrative.
    buildings_per_stratum : int
        Buildings drawn in each stratum [count], at least 1.
    dwellings_per_building : int
        Most dwellings drawn in a building [count], at least 1.
    radio : mapping, optional
        Technology to the constants to replace, such as {"zigbee_2g4": {"exponent": 3.0, "wall_db": 4.4}}.
    nonresponse : {"mar", "nmar", "none"}
        Depends on the stratum alone; also on the dwelling being reached at 2.4 GHz; or does not occur.
    errors : bool or mapping of str to int
        True: two of each deterministic error class, one surveyor who invents levels, one who rounds distances. False:
        a clean trial. A mapping gives the count of each rule code; only so are errors in the design itself planted
        (p_incl_product, stratum_certainty, stratum_single_psu), which change what the sample stands for.
    size_premises : int
        Premises in the population [count]; it grows until each stratum holds the buildings to be drawn.
    repeats : int
        Readings of each path with each technology [count], at least 1, numbered in `repeat_no`.
    manifest : path, optional
        Where to write the error manifest as CSV; outside `folder`.

    Returns
    -------
    Truth
        It stands nowhere in the folder.

    Raises
    ------
    ValueError
        When an argument is out of range, the stock cannot be built, or too few rows can carry the errors asked for.

    Notes
    -----
    Not a description of the British stock: shares, geometry and link constants are illustrative
    (`constants.py` gives each with its source or "assumed"). Every dwelling has both meters, a hub and a display.

    A dwelling is truly reached by a radio technology when hub to display, gas meter and electricity meter all have
    the fade margin, and by power line when meter to socket has the SNR needed. Recorded packets follow the true link
    (`reading_files.draw_packets`): a link at the limit passes the packet rule half of the time, one 1 dB away almost
    always or almost never. Readings without packets (4 % of radio) carry a level with about 1.5 dB of error.
    So recorded and true success differ for well under 1 % of dwellings, to both sides alike.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     truth = make_trial(folder, seed=1, buildings_per_stratum=3, size_premises=2000)
    ...     len(list(Path(folder).iterdir())), truth.synthetic
    (12, True)
    """
    wholes = {"seed": seed, "buildings_per_stratum": buildings_per_stratum, "repeats": repeats}
    wholes |= {"dwellings_per_building": dwellings_per_building, "size_premises": size_premises}
    _check_arguments(wholes, nonresponse)
    target, listing = Path(folder), None if manifest is None else Path(manifest)
    if listing is not None and listing.resolve().is_relative_to(target.resolve()):
        raise ValueError(
            f"manifest: {listing} lies in the trial's folder; estimators would see it; choose another place"
        )
    bands, counts = choose_bands(radio), choose_counts(errors)
    plan = Plan(buildings_per_stratum, dwellings_per_building, nonresponse, bands, repeats)
    strata = plan_strata(stock, size_premises=size_premises, buildings_per_stratum=buildings_per_stratum)
    population_seed, files_seed, errors_seed = np.random.SeedSequence(seed).spawn(3)
    survey = survey_population(strata, plan, population_seed)
    damage = inject_errors(
        _lay_tables(survey, plan, files_seed), counts, np.random.default_rng(errors_seed), exact=errors is not True
    )
    found = list_errors(damage)
    _write_folder(target, damage.tables, damage.lines)
    if listing is not None:
        _write_text(listing, found.to_csv(index=False, lineterminator="\n"))
    survey.coverage.attrs["synthetic"] = True
    return Truth(survey.coverage, _gather_parameters(seed, plan, strata, survey), found)


def _check_arguments(wholes: Mapping[str, int], nonresponse: str) -> None:
    for name, value in wholes.items():
        least = 0 if name == "seed" else 1
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise ValueError(f"{name}: {value!r} is not a whole number of {least} or more")
    if nonresponse not in NONRESPONSE:
        raise ValueError(f"nonresponse: {nonresponse!r} is not one of {', '.join(NONRESPONSE)}")


def _lay_tables(survey: Survey, plan: Plan, seed: np.random.SeedSequence) -> dict[str, pd.DataFrame]:
    rng = [np.random.default_rng(child) for child in seed.spawn(8)]
    fieldwork = plan_fieldwork(len(survey.buildings), rng[0])
    return {
        "frame": lay_frame(survey),
        "surveyors": lay_surveyors(fieldwork),
        "instruments": lay_instruments(fieldwork, plan.bands),
        "buildings": lay_buildings(survey, rng[1]),
        "dwellings": lay_dwellings(survey, rng[2]),
        "visits": lay_visits(survey, fieldwork, rng[3]),
        "locations": lay_locations(survey, rng[4]),
        "paths": lay_paths(survey, rng[5]),
        "wiring": lay_wiring(survey, rng[6]),
        # One stream for both: the noise recordings come after the measurements of the same visits.
        "measurements": lay_measurements(survey, fieldwork, plan.bands, rng[7], repeats=plan.repeats),
        "noise": lay_noise(survey, fieldwork, rng[7]),
    }


def _write_folder(folder: Path, tables: Mapping[str, pd.DataFrame], lines: Mapping[str, Mapping[int, str]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    mark = {
        "synthetic": True,
        "protocol_version": PROTOCOL,
        "about": "Made by smarthan.trial_data.make_trial: no building, dwelling or person here exists.",
    }
    # The mark first: a folder left half-written by a crash already says what it is.
    _write_text(folder / MARK, json.dumps(mark, indent=2) + "\n")
    for name, frame in tables.items():
        write_table(folder / f"{name}.csv", frame, lines.get(name, {}))


def _write_text(path: Path, text: str) -> None:
    with write_whole(path, "w") as stream:
        stream.write(text)


def _gather_parameters(seed: int, plan: Plan, strata: tuple[Stratum, ...], survey: Survey) -> dict[str, Any]:
    return {
        "status": "illustrative",
        "seed": seed,
        "buildings_per_stratum": plan.buildings_per_stratum,
        "dwellings_per_building": plan.dwellings_per_building,
        "nonresponse": plan.nonresponse,
        "repeats": plan.repeats,
        "premises": int(survey.strata["n_premises"].sum()),
        "buildings": int(survey.strata["n_buildings"].sum()),
        "strata": {stratum.stratum_id: asdict(stratum.profile) for stratum in strata},
        "radio": {name: asdict(band) for name, band in plan.bands.items()},
        "power_line": {name: asdict(line) for name, line in POWER_LINES.items()},
        "building_sd_db": BUILDING_SD_DB,
        "band_correlation": BAND_CORRELATION,
        "path_sd_db": PATH_SD_DB,
        "packets_sent": PACKETS_SENT,
        "per_limit": PER_LIMIT,
    }
