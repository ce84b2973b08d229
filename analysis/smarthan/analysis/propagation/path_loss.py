"""The result of a loss model: decibels, their spread, and whether the question lay in the model's range."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class PathLoss:
    """Loss by a model, for one link or an array of them; `np.asarray(result)` is `loss_db`.

    Attributes
    ----------
    loss_db : float array
        Loss [dB], of the shape of the arguments broadcast together.
    sigma_db : float array
        Standard deviation of the shadowing about it [dB]; NaN where the model states none.
    valid : bool array
        Whether every argument lay within the range of the model's source. A loss outside it is an extrapolation.
    notes : tuple of str
        Why some are not valid, each reason once.
    """

    loss_db: Floats
    sigma_db: Floats
    valid: Mask
    notes: tuple[str, ...] = ()

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]:
        """Return the loss."""
        return np.array(self.loss_db, dtype=dtype) if copy else np.asarray(self.loss_db, dtype=dtype)


def as_numbers(**arguments: npt.ArrayLike) -> list[Floats]:
    """Return arguments as finite numbers, broadcast together.

    Raises
    ------
    ValueError
        An argument that is no finite number, or shapes that do not fit.
    """
    arrays = []
    for name, given in arguments.items():
        try:
            array = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError):
            raise ValueError(f"{name}: {given!r} is not a number or an array of numbers") from None
        if not np.isfinite(array).all():
            raise ValueError(f"{name}: holds a value that is missing or infinite; leave those links out")
        arrays.append(array)
    try:
        return list(np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in zip(arguments, arrays, strict=True))
        raise ValueError(f"the shapes do not fit together: {shapes}") from None


def require(good: Mask | np.bool_ | bool, message: str) -> None:
    """Refuse arguments for which the formula has no meaning.

    Raises
    ------
    ValueError
        Unless all are good.
    """
    if not np.all(good):
        raise ValueError(message)


def judge(loss: Floats, sigma: npt.ArrayLike, checks: Iterable[tuple[npt.ArrayLike, str]]) -> PathLoss:
    """Return a result, valid where all checks fit; a check is where the arguments fit, and what is said if not."""
    valid = np.ones(loss.shape, dtype=np.bool_)
    notes = []
    for fits, reason in checks:
        inside = np.broadcast_to(np.asarray(fits, dtype=np.bool_), loss.shape)
        valid &= inside
        if not inside.all():
            notes.append(reason)
    return PathLoss(loss, np.broadcast_to(np.asarray(sigma, dtype=np.float64), loss.shape), valid, tuple(notes))
