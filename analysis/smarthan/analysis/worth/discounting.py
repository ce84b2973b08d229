"""Present values by the Green Book's declining rates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from smarthan.analysis.scoring.values import Floats

Rates = Sequence[tuple[int, float]]

# HM Treasury Green Book (February 2026), social time preference rates, as given by the Transport Appraisal Guidance
# note "Forthcoming change: Green Book updates", gov.uk, 16 April 2026: (last year, rate).
GREEN_BOOK_2026: dict[str, tuple[tuple[int, float], ...]] = {
    "standard": ((30, 0.035), (75, 0.030), (125, 0.025)),
    "health": ((30, 0.015), (75, 0.0129), (125, 0.0107)),
    "sensitivity": ((30, 0.030), (75, 0.0257), (125, 0.0214)),
}


def discount_factors(years: npt.ArrayLike, rates: Rates = GREEN_BOOK_2026["standard"]) -> Floats:
    """Return the present value of 1 GBP in each year.

    Parameters
    ----------
    years : array_like of int
        Whole years from now, 0 or more, up to the last year of the rates.
    rates : sequence of (int, float)
        (last year, rate a year) in rising order of years; the first holds from year 1.

    Returns
    -------
    ndarray of float, shape of years

    Raises
    ------
    ValueError
        When a year is not whole, negative, or beyond the last rate, or the rates are out of order.

    Notes
    -----
    The factor of year y is the product over years 1 to y of 1 / (1 + rate of that year).

    Examples
    --------
    >>> discount_factors([0, 1, 31]).round(6)
    array([1.      , 0.966184, 0.345901])
    """
    asked = np.asarray(years, dtype=np.float64)
    lasts = [last for last, _ in rates]
    if not lasts or lasts != sorted(set(lasts)) or any(rate <= -1 for _, rate in rates):
        raise ValueError(f"rates must be (last year, rate) in rising order of years, rates above -1; got {rates!r}")
    if not np.isfinite(asked).all() or (asked % 1).any() or (asked < 0).any() or (asked > lasts[-1]).any():
        raise ValueError(f"years must be whole numbers from 0 to {lasts[-1]}, the last year the rates cover")
    by_year = np.concatenate([np.full(b - a, rate) for a, (b, rate) in zip([0, *lasts], rates, strict=False)])
    factors = np.concatenate([[1.0], np.cumprod(1 / (1 + by_year))])
    return np.asarray(factors[asked.astype(np.int64)], dtype=np.float64)


def discount(cashflow: npt.ArrayLike, rates: Rates = GREEN_BOOK_2026["standard"]) -> float:
    """Return the present value of a cash flow.

    Parameters
    ----------
    cashflow : array_like of float [GBP]
        One number a year, from year 0.
    rates : sequence of (int, float)
        See `discount_factors`.

    Returns
    -------
    float [GBP]

    Raises
    ------
    ValueError
        When the cash flow is not one list of finite numbers, or is longer than the rates cover.

    Examples
    --------
    >>> round(discount([-100, 0, 110]), 2)
    2.69
    """
    flow = np.asarray(cashflow, dtype=np.float64)
    if flow.ndim != 1 or not len(flow) or not np.isfinite(flow).all():
        raise ValueError("cashflow must be one list of finite numbers, one for each year from year 0")
    return float(flow @ discount_factors(np.arange(len(flow)), rates))
