"""The chance that each sampled home is reached by what a model of levels says, beside what was seen there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import log_ndtr

from smarthan.analysis.models.censored_groups import tobit_random_intercept
from smarthan.analysis.models.fit import Fit
from smarthan.analysis.propagation.multi_wall import floor_factor
from smarthan.trial_data.declared.words import RADIO_TECHNOLOGIES

from .home_outcomes import locate_paths
from .link_outcomes import TrialTables, path_excess

Floats = npt.NDArray[np.float64]

ON_AIR = ("walls_light", "walls_heavy", "floor_term", "log_distance")
ON_WIRE = ("wire_length_m", "same_phase", "through_rcd", "floor_term")
_NODES = 15  # for the fit and for the integral: a further ten move a share by less than .0005
_MOST_PATHS = 200_000  # beyond them the fit takes minutes
_FEWEST_PATHS = 30


@dataclass(frozen=True)
class ModelledHomes:
    """What a model expects of the sampled homes for one technology.

    Attributes
    ----------
    probability : Series
        By dwelling_id, the chance that all links it needs work; missing where the way of one is not recorded.
    fit : Fit or None
        The model of the excess over what the receiver needs [dB].
    note : str
        Why there is none, or what to know of it.
    """

    probability: pd.Series
    fit: Fit | None
    note: str = ""


def model_homes(
    trial: TrialTables, technology: str, roles: Sequence[str], *, limits: pd.DataFrame | None = None
) -> ModelledHomes:
    """Return the chance that each home is reached, by a Tobit with a level of its own for each building.

    Parameters
    ----------
    trial : Trial
        From `smarthan.trial_data.read_trial`.
    technology : str
        One of the trial's.
    roles : sequence of str
        Links that must all work.
    limits : DataFrame, optional
        Reference table in the form of `technologies()`.

    Returns
    -------
    ModelledHomes

    Notes
    -----
    The excess of each path over sensitivity and fade margin (for wires, over the SNR needed) is regressed on walls, the
    floor term of COST 231 and the logarithm of the distance (for wires on length, phase and RCD), censored where the
    instrument was. A home of a building not seen is reached with the mean over the building effect of the product of
    Phi((expected excess + effect)/scale) over its links.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> homes = model_homes(sample_trial(), "zigbee_sub", ["CH-IHD", "CH-GM", "CH-EM"])
    >>> bool(homes.probability.dropna().between(0, 1).all()), homes.fit.converged
    (True, True)
    """
    none = pd.Series(dtype="float64")
    paths = _describe_paths(trial, technology)
    readings = path_excess(trial, technology, limits=limits).set_index("path_id")
    measured = paths.join(readings, on="path_id", how="inner")
    measured = measured[measured[["low", "high"]].abs().lt(np.inf).any(axis=1)]
    if not _FEWEST_PATHS <= len(measured) <= _MOST_PATHS:
        return ModelledHomes(
            none, None, f"{technology}: {len(measured):,} levels; no model is fitted to so many or so few"
        )
    predictors = _choose_predictors(measured, ON_AIR if technology in RADIO_TECHNOLOGIES else ON_WIRE)
    try:
        fit = tobit_random_intercept(measured, ("low", "high"), predictors, "building_id", quadrature=_NODES)
    except ValueError as reason:
        return ModelledHomes(none, None, f"{technology}: no model, for {reason}")
    if not fit.converged and fit.sd_group != 0:
        return ModelledHomes(none, fit, f"{technology}: no model, for {fit.note}")
    return ModelledHomes(_multiply_links(paths, fit, roles), fit, f"{technology}: {fit.note}" if fit.note else "")


def _describe_paths(trial: TrialTables, technology: str) -> pd.DataFrame:
    """Return every path with what a model may know of it."""
    paths = trial.tables["paths"]
    places = trial.tables["locations"]
    building = places.set_index(places["location_id"].astype("str"))["building_id"].astype("str")
    answer = pd.DataFrame({"path_id": paths["path_id"].astype("str"), "role": paths["role"].astype("str")})
    answer["building_id"] = paths["from_location"].astype("str").map(building).to_numpy()
    answer["dwelling_id"] = answer["path_id"].map(locate_paths(trial)).to_numpy()
    for name in ("walls_light", "walls_heavy", "wire_length_m"):
        answer[name] = _numbers(paths, name)
    for name in ("same_phase", "through_rcd"):
        answer[name] = paths[name].astype("object").to_numpy() if name in paths else np.nan
    answer["floor_term"] = floor_factor(_numbers(paths, "floors"))
    answer["log_distance"] = np.log10(np.maximum(_numbers(paths, "distance_m"), 0.1))
    return answer


def _numbers(frame: pd.DataFrame, name: str) -> Floats:
    if name not in frame:
        return np.full(len(frame), np.nan)
    return frame[name].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)


def _choose_predictors(measured: pd.DataFrame, wanted: Sequence[str]) -> list[str]:
    """Return the predictors that are mostly recorded and differ between paths."""
    return [
        name
        for name in wanted
        if measured[name].notna().mean() > 0.8 and measured[name].dropna().astype("str").nunique() > 1
    ]


def _multiply_links(paths: pd.DataFrame, fit: Fit, roles: Sequence[str]) -> pd.Series:
    """Return the chance that all links of each home work, the effect of its building taken over all it may be."""
    needed = paths[paths["role"].isin(list(roles)) & paths["dwelling_id"].notna()].reset_index(drop=True)
    expected = fit.predict(needed).to_numpy()
    codes, homes = pd.factorize(needed["dwelling_id"], sort=True)
    z, weight = np.polynomial.hermite_e.hermegauss(_NODES)
    chance = np.zeros(len(homes))
    for node, share in zip(z, weight / weight.sum(), strict=True):
        log_works = log_ndtr((expected + fit.sd_group * node) / fit.scale)
        chance += share * np.exp(np.bincount(codes, weights=log_works, minlength=len(homes)))
    complete = needed.groupby(codes)["role"].nunique().to_numpy() == len(set(roles))
    return pd.Series(
        np.where(complete & np.isfinite(chance), chance, np.nan), index=pd.Index(homes, name="dwelling_id")
    )
