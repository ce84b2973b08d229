"""Integrals over the level of each group: adaptive Gauss-Hermite nodes, and groups summed at the speed of arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import logsumexp

from .predictors import pick_column

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

_LOG_ROOT_2_PI = 0.5 * np.log(2 * np.pi)


class Groups(NamedTuple):
    """Rows put together by group.

    Attributes
    ----------
    order : int array
        The rows, those of a group side by side.
    codes : int array
        The group of each row, in that order.
    starts : int array
        Where each group begins.
    labels : Index
        The groups.
    """

    order: Codes
    codes: Codes
    starts: Codes
    labels: pd.Index

    def total(self, values: Floats) -> Floats:
        """Return the sum over each group; rows stand last."""
        return np.add.reduceat(values, self.starts, axis=-1)

    @property
    def sizes(self) -> Floats:
        """Rows of each group."""
        return np.diff(np.append(self.starts, len(self.codes))).astype(np.float64)


def put_together(frame: pd.DataFrame, group: str, use: npt.NDArray[np.bool_]) -> Groups:
    """Return the groups of the rows in use.

    Raises
    ------
    ValueError
        Fewer than two groups.
    """
    codes, labels = pd.factorize(pick_column(frame, group)[use], sort=True)
    if len(labels) < 2:
        raise ValueError(f"group {group}: {len(labels)} in the rows that can be used; two or more show how they differ")
    order = np.argsort(codes, kind="stable")
    codes = codes[order]
    starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1]))
    return Groups(order.astype(np.int64), codes.astype(np.int64), starts.astype(np.int64), pd.Index(labels))


class Nodes(NamedTuple):
    """Places at which each group's level is tried, shape (nodes, groups), and the log weight of each."""

    at: Floats
    log_weight: Floats

    def integrate(self, log_value: Floats) -> tuple[Floats, Floats]:
        """Return log integrals, one a group, and what each node contributes, adding to 1 over the nodes."""
        parts = self.log_weight + log_value
        log_integral = logsumexp(parts, axis=0)
        return np.asarray(log_integral), np.exp(parts - log_integral)


def place_nodes(centre: Floats, spread: Floats, count: int) -> Nodes:
    """Return Gauss-Hermite nodes about the centre of each group, for integrals of any function of the level.

    Raises
    ------
    ValueError
        A count that is not from 1 to 100.
    """
    if not 1 <= count <= 100:
        raise ValueError(f"quadrature {count} must be 1 to 100 nodes; 25 serves")
    z, weight = np.polynomial.hermite.hermgauss(count)
    at = centre + np.sqrt(2) * spread * z[:, None]
    return Nodes(at, (np.log(weight) + z**2)[:, None] + np.log(np.sqrt(2) * spread))


def log_normal_density(x: Floats, sd: float) -> Floats:
    """Return log of the normal density about 0."""
    return np.asarray(-0.5 * (x / sd) ** 2 - np.log(sd) - _LOG_ROOT_2_PI)
