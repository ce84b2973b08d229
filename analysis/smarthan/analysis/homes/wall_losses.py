"""What a wall, a floor and ten times the distance cost, fitted to a trial: the multi-wall model's parameters."""

from __future__ import annotations

import html
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.analysis.models.censored_groups import tobit_random_intercept
from smarthan.analysis.models.fit import Fit
from smarthan.analysis.propagation.multi_wall import FREE_SPACE_DB, floor_factor
from smarthan.tables import join
from smarthan.trial_data.declared.words import RADIO_TECHNOLOGIES

from .link_outcomes import TrialTables, bound_levels, find_sensitivity
from .technology_table import choose_limits
from .technology_table import technologies as read_limits

Floats = npt.NDArray[np.float64]

# Trial design, section 7: outside these bands a fitted value is to be doubted before it is believed.
PLAUSIBLE = {
    "exponent": (1.4, 5.0),
    "light_db": (1.0, 6.0),
    "heavy_db": (3.0, 15.0),
    "floor_db": (4.0, 25.0),
    "sigma_db": (2.0, 12.0),
}
_COLUMN = {
    "exponent": "ten_log_distance",
    "light_db": "walls_light",
    "heavy_db": "walls_heavy",
    "floor_db": "floor_term",
}
_COLLINEAR = 30.0  # condition number from which predictors stand in for each other (Belsley, Kuh and Welsch 1980)


@dataclass(frozen=True)
class WallLosses:
    """The multi-wall model fitted to a trial.

    Attributes
    ----------
    technology : str
        What was measured.
    table : DataFrame
        parameter {exponent, light_db, heavy_db, floor_db, constant_db, sigma_db}, estimate, se, low, high,
        plausible_low, plausible_high, is_plausible.
    condition_number : float
        Of the scaled predictors; from about 30 on they stand in for each other.
    correlation : DataFrame
        Of the coefficients: walls and distance are told apart only where this is far from 1.
    fit : Fit
        The random-intercept Tobit of the loss beyond free space at 1 m [dB].
    warnings : tuple of str
        Values outside their band, predictors that do not differ or stand in for each other.
    synthetic : bool
        Whether the trial is synthetic.
    """

    technology: str
    table: pd.DataFrame
    condition_number: float
    correlation: pd.DataFrame
    fit: Fit = field(repr=False)
    warnings: tuple[str, ...]
    synthetic: bool

    def _repr_html_(self) -> str:
        mark = " (synthetic data)" if self.synthetic else ""
        told = "".join(f"<li>{html.escape(words)}</li>" for words in self.warnings)
        title = f"<p><strong>Multi-wall model of {html.escape(self.technology)}{mark}</strong></p>"
        return f"{title}{self.table.to_html(index=False, border=0)}<ul>{told}</ul>"


def fit_wall_losses(
    trial: TrialTables, technology: str, *, limits: pd.DataFrame | None = None, level: float = 0.95
) -> WallLosses:
    """Fit the multi-wall model to the levels of a trial, censored where the instruments were.

    Parameters
    ----------
    trial : Trial
        From `smarthan.trial_data.read_trial`; readings need tx_power_dbm and a frequency.
    technology : str
        A radio technology of the trial.
    limits : DataFrame, optional
        Reference table in the form of `technologies()`, for receivers without a sensitivity of their own.
    level : float
        Confidence level.

    Returns
    -------
    WallLosses

    Raises
    ------
    ValueError
        A technology that is not on air, or too few readings.

    Notes
    -----
    loss - 20 log10 f + 27.55 = 10 n log10 d + Lw1 k1 + Lw2 k2 + Lf k^((k + 2)/(k + 1) - .46) + Lc + building + error.
    Levels at the floor bound the loss from below, links that were not heard by the sensitivity. The building's own
    level takes up what its paths share; intervals are normal. sigma is that of building and path together.

    References
    ----------
    COST 231 as in `multi_wall_loss`. Belsley, Kuh and Welsch (1980), *Regression Diagnostics*,
    doi:10.1002/0471725153.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> losses = fit_wall_losses(sample_trial(), "zigbee_2g4").table.set_index("parameter")["estimate"]
    >>> bool(5 < losses["heavy_db"] < 9)
    True
    """
    losses = loss_readings(trial, technology, limits=limits)
    if losses.empty:
        raise ValueError(
            f"technology {technology}: no reading has a level, tx_power_dbm and freq_hz on a path with distance, walls "
            "and floors: nothing to fit; add them to the trial"
        )
    predictors = [name for name in _COLUMN.values() if losses[name].nunique() > 1]
    fit = tobit_random_intercept(losses, ("low", "high"), predictors, "building_id")
    shape = losses[predictors].to_numpy(dtype=np.float64)
    scaled = (shape - shape.mean(axis=0)) / shape.std(axis=0)
    condition = float(np.linalg.cond(np.column_stack([np.ones(len(scaled)), scaled])))
    table = _list_parameters(fit, level)
    spread = np.sqrt(np.diag(fit.vcov))[: len(fit.coef)]
    correlation = fit.vcov.iloc[: len(fit.coef), : len(fit.coef)] / np.outer(spread, spread)
    return WallLosses(
        technology, table, condition, correlation, fit, _warn(fit, table, condition), bool(trial.synthetic)
    )


def loss_readings(trial: TrialTables, technology: str, *, limits: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what `fit_wall_losses` is fitted to: the loss of each reading, as bounds, with what its path crosses.

    Parameters
    ----------
    trial, technology, limits
        As in `fit_wall_losses`.

    Returns
    -------
    DataFrame
        path_id, low, high (loss beyond free space at 1 m [dB]: equal where measured; high infinite where the link was
        not heard, low where the level was at the instrument's ceiling), ten_log_distance, walls_light, walls_heavy,
        floor_term, building_id. One row a reading; records of the trial, not for publication.

    Raises
    ------
    ValueError
        A technology that is not on air.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> readings = loss_readings(sample_trial(), "zigbee_2g4")
    >>> bool((readings["low"] <= readings["high"]).all()), bool(np.isinf(readings["high"]).any())
    (True, True)
    """
    if technology not in RADIO_TECHNOLOGIES:
        raise ValueError(f"technology {technology}: walls matter on air only; one of {', '.join(RADIO_TECHNOLOGIES)}")
    return _bound_losses(trial, technology, choose_limits(read_limits() if limits is None else limits))


def _bound_losses(trial: TrialTables, technology: str, rules: pd.DataFrame) -> pd.DataFrame:
    """Return bounds of the loss of each reading beyond free space at 1 m, with what its path crosses."""
    readings = trial.tables["measurements"]
    readings = readings[readings["technology"].astype("str") == technology].reset_index(drop=True)
    low, high = bound_levels(readings, trial.tables["instruments"])
    least = find_sensitivity(readings, trial.tables["instruments"], rules)
    unheard = readings["rssi_status"].astype("str").eq("not_heard").to_numpy()
    # What was heard lay above the sensitivity, so a level at the floor is an interval: with a link that was not heard
    # as another outcome, a bound alone would count the weakest links twice and make walls too thick.
    low = np.where(unheard, -np.inf, np.where(np.isneginf(low), np.minimum(least, high), low))
    high = np.where(unheard, least, high)
    sent = readings["tx_power_dbm"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    hertz = readings["freq_hz"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    known = sent - 20 * np.log10(np.where(hertz > 0, hertz, np.nan) / 1e6) - FREE_SPACE_DB
    bounds = pd.DataFrame({"path_id": readings["path_id"].astype("str"), "low": known - high, "high": known - low})
    bounds = bounds[np.isfinite(known) & ~(np.isnan(low) | np.isnan(high))]
    answer = join(bounds, _describe(trial), "path_id").frame
    return answer.dropna(subset=[*_COLUMN.values(), "building_id"]).reset_index(drop=True)


def _describe(trial: TrialTables) -> pd.DataFrame:
    paths, places = trial.tables["paths"], trial.tables["locations"]
    building = places.set_index(places["location_id"].astype("str"))["building_id"].astype("str")

    def numbers(name: str) -> Floats:
        return paths[name].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)

    return pd.DataFrame(
        {
            "path_id": paths["path_id"].astype("str"),
            "building_id": paths["from_location"].astype("str").map(building),
            "ten_log_distance": 10 * np.log10(np.maximum(numbers("distance_m"), 0.1)),
            "walls_light": numbers("walls_light"),
            "walls_heavy": numbers("walls_heavy"),
            "floor_term": floor_factor(numbers("floors")),
        }
    )


def _list_parameters(fit: Fit, level: float) -> pd.DataFrame:
    bounds = fit.interval(level)
    named = {column: name for name, column in _COLUMN.items()} | {"(Intercept)": "constant_db"}
    rows = [
        {"parameter": named[column], "estimate": fit.coef[column], "se": fit.se[column], **bounds.loc[column].to_dict()}
        for column in fit.coef.index
    ]
    sigma = float(np.hypot(fit.scale, fit.sd_group))
    rows.append({"parameter": "sigma_db", "estimate": sigma, "se": np.nan, "low": np.nan, "high": np.nan})
    table = pd.DataFrame(rows)
    table["plausible_low"] = [PLAUSIBLE.get(name, (np.nan, np.nan))[0] for name in table["parameter"]]
    table["plausible_high"] = [PLAUSIBLE.get(name, (np.nan, np.nan))[1] for name in table["parameter"]]
    inside = table["estimate"].between(table["plausible_low"], table["plausible_high"])
    table["is_plausible"] = (inside | table["plausible_low"].isna()).to_numpy(dtype=bool)
    order = {name: place for place, name in enumerate([*_COLUMN, "constant_db", "sigma_db"])}
    return table.sort_values("parameter", key=lambda names: names.map(order), ignore_index=True)


def _warn(fit: Fit, table: pd.DataFrame, condition: float) -> tuple[str, ...]:
    told = [
        f"{row.parameter} {row.estimate:.2f} lies outside {row.plausible_low:g} to {row.plausible_high:g}: doubt it"
        for row in table[~table["is_plausible"]].itertuples()
    ]
    told += [
        f"{name} is not estimated: no two paths differ in it" for name in _COLUMN if name not in set(table["parameter"])
    ]
    if condition > _COLLINEAR:
        told.append(f"walls, floors and distance go together (condition number {condition:.0f}): quote their sum only")
    if fit.note:
        told.append(fit.note)
    return tuple(told)
