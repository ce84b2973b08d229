"""The stages of a sample, and the variance that follows from them: bare array functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
SinglePsu = Literal["refuse", "adjust"] | Mapping[str, str]


@dataclass(frozen=True)
class Stage:
    """One stage of sampling: which unit each row is in, and which parent each unit was drawn from.

    Attributes
    ----------
    unit : int array, one a row
        Code of the unit at this stage, nested in its parent.
    parent : int array, one a unit
        Code of the stratum (first stage) or of the unit of the stage before.
    sampled : float array, one a parent
        Units drawn, n.
    population : float array, one a parent
        Units there are, N; infinite where not stated (drawn with replacement).
    names : list of str, one a parent
        For messages.
    """

    unit: Codes
    parent: Codes
    sampled: Floats
    population: Floats
    names: list[str]

    @property
    def fraction(self) -> Floats:
        """Sampling fraction f = n/N per parent."""
        return self.sampled / self.population


def build_stages(
    frame: pd.DataFrame,
    strata: str | None,
    psu: Sequence[str],
    population: Sequence[str],
    collapse: Mapping[str, str],
) -> tuple[Stage, ...]:
    """Read the stages of a sample off the columns of its table.

    Parameters
    ----------
    frame : DataFrame
        One row an element.
    strata : str or None
        Column of the first-stage stratum.
    psu : sequence of str
        One column a stage; none means every row is its own unit.
    population : sequence of str
        Columns with the number of units at each stage, or none. Stages beyond the last stated are taken as complete.
    collapse : mapping of str to str
        Strata to be taken together with a named neighbour.

    Returns
    -------
    tuple of Stage

    Raises
    ------
    KeyError, ValueError
        A column is not there or has missing cells; a population differs within its parent or is below its sample.
    """
    labels = pd.Series("all", index=frame.index) if strata is None else _column(frame, strata).astype("str")
    merged = _collapse(labels, collapse)
    stages: list[Stage] = []
    parent_of_row, names = _encode(merged)
    for depth, column in enumerate(psu or [None]):
        unit = _nested_codes(frame, column, _encode(labels)[0] if depth == 0 else parent_of_row)
        first = _first_rows(unit)
        parent = parent_of_row[first]
        sampled = np.bincount(parent, minlength=len(names)).astype(np.float64)
        size = np.full(len(names), np.inf)
        if population:
            size = sampled
        if depth < len(population):
            size = _population(frame, population[depth], parent_of_row, labels if depth == 0 else None, names)
        _check_sizes(sampled, size, names, population[depth] if depth < len(population) else "")
        stages.append(Stage(unit, parent, sampled, size, names))
        parent_of_row = unit
        names = frame[column].iloc[first].astype("str").tolist() if column else []
    return tuple(stages)


def _collapse(labels: pd.Series, collapse: Mapping[str, str]) -> pd.Series:
    known = set(labels)
    for stratum, neighbour in collapse.items():
        for name in (stratum, neighbour):
            if name not in known:
                raise ValueError(
                    f"single_psu: stratum '{name}' is not in the data; strata are {_listed(sorted(known))}"
                )
    return labels.replace(dict(collapse)) if collapse else labels


def _encode(labels: pd.Series) -> tuple[Codes, list[str]]:
    codes, names = pd.factorize(labels, sort=True)
    return np.asarray(codes, dtype=np.int64), [str(name) for name in names]


def _nested_codes(frame: pd.DataFrame, column: str | None, parent_of_row: Codes) -> Codes:
    if column is None:
        return np.arange(len(frame), dtype=np.int64)
    codes, _ = _encode(_column(frame, column).astype("str"))
    width = int(codes.max(initial=0)) + 1
    return np.asarray(np.unique(parent_of_row * width + codes, return_inverse=True)[1], dtype=np.int64).ravel()


def _first_rows(unit: Codes) -> Codes:
    return np.asarray(np.unique(unit, return_index=True)[1], dtype=np.int64)


def _population(
    frame: pd.DataFrame, column: str, parent_of_row: Codes, labels: pd.Series | None, names: list[str]
) -> Floats:
    """Return N per parent; strata that were collapsed add up."""
    cells = _column(frame, column)
    if not pd.api.types.is_numeric_dtype(cells):
        raise TypeError(f"column {column} holds {cells.dtype}; the number of units there are is needed")
    sizes = cells.astype("float64").to_numpy()
    part, _ = (parent_of_row, names) if labels is None else _encode(labels)
    first = _first_rows(part)
    differs = sizes != sizes[first][part]
    if differs.any():
        where = names[parent_of_row[np.flatnonzero(differs)[0]]]
        raise ValueError(f"column {column}: the population differs within {where}; it must be one number there")
    return np.bincount(parent_of_row[first], weights=sizes[first], minlength=len(names)).astype(np.float64)


def _check_sizes(sampled: Floats, size: Floats, names: list[str], column: str) -> None:
    short = np.flatnonzero(~(size >= sampled))
    if short.size:
        i = short[0]
        raise ValueError(
            f"column {column}: population {size[i]:g} is smaller than the {sampled[i]:g} units sampled in {names[i]}; "
            "give the number of units there are, not a fraction"
        )


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame.columns:
        raise KeyError(f"column '{name}' is not in the table; it has {_listed([str(c) for c in frame.columns])}")
    missing = int(frame[name].isna().sum())
    if missing:
        raise ValueError(f"column {name}: {missing} cells are missing; the design must be known for every row")
    return frame[name]


def _listed(words: list[str], most: int = 12) -> str:
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")


def cluster_sums(z: Floats, codes: Codes, units: int) -> Floats:
    """Return the sums of z, shape (rows, columns), over the rows of each unit: shape (units, columns).

    Examples
    --------
    >>> cluster_sums(np.array([[1.0], [2.0], [4.0]]), np.array([0, 0, 1]), 2).ravel().tolist()
    [3.0, 4.0]
    """
    return np.stack([np.bincount(codes, weights=column, minlength=units) for column in z.T], axis=1)


def stage_covariance(z: Floats, stages: Sequence[Stage], *, adjust: bool = False) -> Floats:
    """Return the covariance of the column sums of z under a multi-stage stratified sample.

    Parameters
    ----------
    z : array, shape (rows, columns)
        Linearised contributions, weights included; 0 outside a domain.
    stages : sequence of Stage
        From `build_stages`.
    adjust : bool
        Take a stratum's only unit from the mean of all units; otherwise such a stratum is refused.

    Returns
    -------
    array, shape (columns, columns)

    Raises
    ------
    ValueError
        A parent with one sampled unit out of several, and `adjust` is false.

    Notes
    -----
    Stage 1: V = sum_h (1 - f_h) n_h/(n_h - 1) sum_i (z_hi - mean z_h)^2. Each later stage adds the same form within its
    parents, multiplied by the sampling fractions above it; without a population f = 0 and later stages vanish
    (ultimate clusters).

    References
    ----------
    Särndal, Swensson and Wretman (1992), result 4.3.1. Lumley (2010), *Complex Surveys*, section 3.2.

    Examples
    --------
    >>> table = pd.DataFrame({"district": ["a", "b", "c"]})
    >>> stages = build_stages(table, None, ["district"], [], {})
    >>> float(stage_covariance(np.array([[1.0], [2.0], [6.0]]), stages)[0, 0])
    21.0
    """
    covariance = np.zeros((z.shape[1], z.shape[1]))
    factor = np.ones(len(stages[0].sampled))
    for stage in stages:
        alone = (stage.sampled == 1) & (stage.fraction < 1) & (factor > 0)
        if not adjust:
            _refuse(stage, alone)
        totals = cluster_sums(z, stage.unit, len(stage.parent))
        centre = cluster_sums(totals, stage.parent, len(stage.sampled)) / stage.sampled[:, None]
        centre[alone] = totals.mean(axis=0)
        spread = totals - centre[stage.parent]
        scale = factor * (1 - stage.fraction) * stage.sampled / np.maximum(stage.sampled - 1, 1)
        covariance += (spread * scale[stage.parent][:, None]).T @ spread
        factor = (factor * stage.fraction)[stage.parent]
        if not factor.any():
            break
    return covariance


def refuse_single_units(stage: Stage) -> None:
    """Refuse a stage with a parent of which one unit out of several was sampled.

    Raises
    ------
    ValueError
        Naming the parents, and what to do.
    """
    _refuse(stage, (stage.sampled == 1) & (stage.fraction < 1))


def _refuse(stage: Stage, alone: npt.NDArray[np.bool_]) -> None:
    if alone.any():
        raise ValueError(_single_unit_message([stage.names[i] for i in np.flatnonzero(alone)], len(stage.names)))


def _single_unit_message(names: list[str], strata: int) -> str:
    if strata == 1:
        return "only one unit was sampled, so no spread between units can be seen; more buildings are needed"
    return (
        f"only one unit was sampled in {_listed(names, 5)}, so its spread cannot be seen; take the stratum together "
        "with a neighbour, SurveyDesign(..., single_psu={'stratum': 'neighbour'}), or measure it from the mean of all, "
        "single_psu='adjust'"
    )
