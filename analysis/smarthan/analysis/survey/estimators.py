"""What every survey design can estimate: means, totals, ratios, proportions, over domains and in tables."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.intervals import ROUNDING

from .estimates import PSUS_FOR_LOGIT, Estimate, Kind
from .variance import Stage

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Statistic = Literal["mean", "total", "proportion"]
DeffAgainst = Literal["without", "replace"]


@dataclass(frozen=True)
class Sums:
    """A statistic as weighted sums over rows: sum w top, over sum w bottom where there is one.

    Attributes
    ----------
    kind : Kind
        What is estimated.
    top, bottom : array, one a row
        0 on rows without a value; bottom is None for a total.
    known : bool array
        Rows of the domain that have a value.
    """

    kind: Kind
    top: Floats
    bottom: Floats | None
    known: Mask


class Spread(NamedTuple):
    """The variance of a statistic, its value in each bootstrap replicate, and why there is none."""

    variance: float
    replicates: Floats | None = None
    note: str = ""


class SurveyEstimators(ABC):
    """The estimators that linearised and replicate designs share."""

    _frame: pd.DataFrame
    _stages: tuple[Stage, ...]
    _weights: Floats
    _mask: Mask
    _variance_name: str

    @abstractmethod
    def _spread(self, sums: Sums, value: float) -> Spread:
        """Return the variance of one statistic."""

    @property
    @abstractmethod
    def _is_adjusted(self) -> bool:
        """Whether the weights were brought to known totals."""

    @property
    def weights(self) -> pd.Series:
        """The weights in use, one a row, with the table's index."""
        return pd.Series(self._weights, index=self._frame.index, name="weight")

    @property
    def df(self) -> int:
        """Sampling units less strata, over the whole design."""
        return len(self._stages[0].parent) - len(self._stages[0].sampled)

    def mean(self, col: str, *, deff: DeffAgainst = "without") -> Any:
        """Return the weighted mean of a number, or for a text column a Series with the share of each level.

        Parameters
        ----------
        col : str
            Numbers, truth values, text or categories. Missing cells are dropped and counted.
        deff : {"without", "replace"}
            Compare the variance with simple random sampling without or with replacement.

        Returns
        -------
        Estimate, or Series of Estimate indexed by level
            The column's type decides, never an argument.

        Examples
        --------
        >>> from smarthan.analysis import SurveyDesign
        >>> SurveyDesign(pd.DataFrame({"loss_db": [60.0, 70.0, 80.0]})).mean("loss_db").value
        70.0
        """
        return self._each(col, "mean", deff)

    def total(self, col: str, *, deff: DeffAgainst = "without") -> Any:
        """Return the weighted total of a number, or for a text column a Series with the total of each level.

        Rows whose item is missing add nothing; `Estimate.missing` counts them.

        Examples
        --------
        >>> from smarthan.analysis import SurveyDesign
        >>> SurveyDesign(pd.DataFrame({"rooms": [1, 2], "w": [10, 20]}), weights="w").total("rooms").value
        50.0
        """
        return self._each(col, "total", deff)

    def proportion(self, col: str, *, deff: DeffAgainst = "without") -> Any:
        """Return the weighted share of rows that are true (or 1), or for a text column a Series by level.

        Raises
        ------
        ValueError
            A column of numbers other than 0 and 1.

        Examples
        --------
        >>> from smarthan.analysis import SurveyDesign
        >>> shares = SurveyDesign(pd.DataFrame({"wall": ["brick", "brick", "stone", None]})).proportion("wall")
        >>> round(shares["brick"].value, 3), shares["brick"].missing
        (0.667, 1)
        """
        return self._each(col, "proportion", deff)

    def ratio(self, num: str, den: str, *, deff: DeffAgainst = "without") -> Estimate:
        """Return sum w num / sum w den over the rows that have both.

        Raises
        ------
        ValueError
            The denominator adds to 0.

        Examples
        --------
        >>> from smarthan.analysis import SurveyDesign
        >>> SurveyDesign(pd.DataFrame({"ok": [90, 40], "sent": [100, 100]})).ratio("ok", "sent").value
        0.65
        """
        y, x = self._numbers(num), self._numbers(den)
        known = self._mask & ~np.isnan(y) & ~np.isnan(x)
        sums = Sums("ratio", np.where(known, y, 0.0), np.where(known, x, 0.0), known)
        if known.any() and np.dot(self._weights, np.where(known, x, 0.0)) == 0:
            raise ValueError(f"column {den} adds to 0, so {num}/{den} is not defined")
        return self._estimate(sums, deff)

    def domain(self, mask: pd.Series | npt.ArrayLike) -> Self:
        """Return the design for the rows where mask is true; the others count as 0 and stay in the design.

        Parameters
        ----------
        mask : Series or array of bool
            One cell a row; a Series must have the table's index. No missing cell.

        Examples
        --------
        >>> from smarthan.analysis import SurveyDesign
        >>> homes = pd.DataFrame({"type": ["flat", "flat", "house"], "rooms": [2, 4, 9]})
        >>> SurveyDesign(homes).domain(homes["type"] == "flat").mean("rooms").value
        3.0
        """
        if isinstance(mask, pd.Series) and not mask.index.equals(self._frame.index):
            raise ValueError("mask has another index than the table; make it from the same table")
        flags = np.asarray(mask)
        if flags.shape != (len(self._frame),) or pd.isna(flags).any():
            raise ValueError(f"mask must hold one true or false for each of the {len(self._frame)} rows")
        return self._with(_mask=self._mask & flags.astype(np.bool_))

    def table(
        self, col: str, by: str | Sequence[str], *, statistic: Statistic = "mean", level: float = 0.95
    ) -> pd.DataFrame:
        """Return one tidy row for each combination of `by` (and each level of a text column).

        Parameters
        ----------
        col : str
            What to estimate.
        by : str or sequence of str
            Columns that split the rows into domains; rows where one is missing are in none.
        statistic : {"mean", "total", "proportion"}
            Which estimate.
        level : float
            Confidence level of low and high.

        Returns
        -------
        DataFrame
            The by columns, level (text columns only), estimate, se, low, high, method, df, deff, n, n_psu, n_eff,
            missing, note.

        Examples
        --------
        >>> from smarthan.analysis import SurveyDesign
        >>> homes = pd.DataFrame({"type": ["flat", "flat", "house", "house"], "rooms": [2, 4, 9, 7]})
        >>> SurveyDesign(homes).table("rooms", "type")[["type", "estimate", "n"]].values.tolist()
        [['flat', 3.0, 2], ['house', 8.0, 2]]
        """
        keys = list_names(by)
        rows = []
        groups = self._frame.groupby(keys, observed=True, sort=True, dropna=True).indices
        for names, positions in groups.items():
            chosen = np.zeros(len(self._frame), dtype=np.bool_)
            chosen[positions] = True
            labels = dict(zip(keys, names if isinstance(names, tuple) else (names,), strict=True))
            answer = self.domain(chosen)._each(col, statistic, "without")
            series = answer if isinstance(answer, pd.Series) else pd.Series([answer], index=[None])
            rows += [_tidy({**labels, **({} if k is None else {"level": k})}, e, level) for k, e in series.items()]
        return pd.DataFrame(rows)

    def _with(self, **changes: Any) -> Self:
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__, **changes)
        return copy

    def _column(self, col: str) -> pd.Series:
        if col not in self._frame.columns:
            raise KeyError(
                f"column '{col}' is not in the table; it has {', '.join(map(str, self._frame.columns[:12]))}"
            )
        return self._frame[col]

    def _numbers(self, col: str) -> Floats:
        return as_floats(self._column(col))

    def _each(self, col: str, statistic: Statistic, deff: DeffAgainst) -> Any:
        values = self._column(col)
        if not _is_numeric(values):
            return self._each_level(values, statistic, deff)
        y = self._numbers(col)
        if statistic == "proportion" and not np.isin(y[~np.isnan(y)], (0.0, 1.0)).all():
            raise ValueError(f"column {col}: a proportion needs true and false (1 and 0); use mean for other numbers")
        yes_no = pd.api.types.is_bool_dtype(values) and statistic == "mean"
        return self._one(y, "proportion" if yes_no else statistic, deff)

    def _each_level(self, values: pd.Series, statistic: Statistic, deff: DeffAgainst) -> pd.Series:
        codes, levels = pd.factorize(values, sort=True)
        kind: Statistic = "total" if statistic == "total" else "proportion"
        shares = [self._one(np.where(codes < 0, np.nan, codes == i), kind, deff) for i in range(len(levels))]
        return pd.Series(shares, index=pd.Index(levels.astype("str"), name=values.name), dtype="object")

    def _one(self, y: Floats, kind: Statistic, deff: DeffAgainst) -> Estimate:
        known = self._mask & ~np.isnan(y)
        bottom = None if kind == "total" else known.astype(np.float64)
        return self._estimate(Sums(kind, np.where(known, y, 0.0), bottom, known), deff)

    def _estimate(self, sums: Sums, deff: DeffAgainst) -> Estimate:
        units, strata = self._contributing(sums.known)
        n, n_psu, df = int(sums.known.sum()), len(units), len(units) - len(strata)
        note = _note(n, n_psu, df)
        value = self._value(sums)
        spread = Spread(np.nan) if note else self._spread(sums, value)
        note = note or spread.note or (_ALIKE if self._is_alike(sums, value, spread.variance) else "")
        se = float(np.sqrt(max(spread.variance, 0.0))) if np.isfinite(spread.variance) else float("nan")
        e = self._influence(sums, value)
        simple = self._simple_variance(e, sums.known, deff)
        return Estimate(
            value=value,
            se=se,
            df=df,
            deff=se**2 / simple if simple > 0 else np.nan,
            method=self._choose(sums, se) if sums.kind == "proportion" else "linear",
            n=n,
            n_psu=n_psu,
            n_eff=_effective_size(sums.kind, value, se, n, self._simple_variance(e, sums.known, "replace")),
            kind=sums.kind,
            missing=int((self._mask & ~sums.known).sum()),
            variance=self._variance_name,
            note=note,
            replicates=spread.replicates,
        )

    def _value(self, sums: Sums) -> float:
        top = float(np.dot(self._weights, sums.top))
        if sums.bottom is None:
            return top
        if not sums.known.any():
            return float("nan")
        seen = sums.top[sums.known]
        if sums.kind == "proportion" and np.ptp(seen) == 0:
            return float(seen[0])
        return top / float(np.dot(self._weights, sums.bottom))

    def _is_alike(self, sums: Sums, value: float, variance: float) -> bool:
        """Return whether a spread of 0 comes from units that are all alike, and not from known totals or a census.

        A share has exact limits then; of anything else the sample cannot tell how far off it is.
        """
        known_total = sums.bottom is None and self._is_adjusted
        if sums.kind == "proportion" or known_total or not variance <= (ROUNDING * value) ** 2:
            return False
        first = self._stages[0]
        complete = bool((first.fraction[self._contributing(sums.known)[1]] >= 1).all())
        seen, against = sums.top[sums.known], None if sums.bottom is None else sums.bottom[sums.known]
        if against is not None:
            seen = seen - value * against
        return not complete and bool(np.ptp(seen) <= ROUNDING * max(1.0, np.abs(sums.top).max()))

    def _influence(self, sums: Sums, value: float) -> Floats:
        """Return each row's effect on the statistic per unit of its weight."""
        if sums.bottom is None:
            return sums.top
        if not sums.known.any():
            return np.zeros(len(sums.top))
        return (sums.top - value * sums.bottom) / float(np.dot(self._weights, sums.bottom))

    def _simple_variance(self, e: Floats, known: Mask, against: DeffAgainst) -> float:
        """Return the variance of the same estimate had the rows been a simple random sample."""
        w, n = self._weights[known], int(known.sum())
        size = float(w.sum())
        if n < 2 or (against == "without" and size <= n):
            return float("nan")
        centre = np.average(e[known], weights=w)
        spread = float(np.average((e[known] - centre) ** 2, weights=w)) * n / (n - 1)
        return spread * size**2 / n * (1 - n / size if against == "without" else 1.0)

    def _contributing(self, known: Mask) -> tuple[Codes, Codes]:
        units = np.flatnonzero(np.bincount(self._stages[0].unit[known], minlength=len(self._stages[0].parent)))
        return units, np.unique(self._stages[0].parent[units])

    def _choose(self, sums: Sums, se: float) -> str:
        """Return the interval for a proportion: logit where every stratum can carry it, else Korn-Graubard."""
        first = self._stages[0]
        units, strata = self._contributing(sums.known)
        psus = np.bincount(first.parent[units], minlength=len(first.sampled))[strata]
        stratum = first.parent[first.unit[sums.known]]
        rows = np.bincount(stratum, minlength=len(first.sampled))[strata]
        successes = np.bincount(stratum, weights=sums.top[sums.known], minlength=len(first.sampled))[strata]
        mixed = (successes > 0) & (successes < rows)
        enough = len(strata) > 0 and bool((psus >= PSUS_FOR_LOGIT).all()) and bool(mixed.all())
        return "logit" if enough and se > ROUNDING else "korn_graubard"


_ALIKE = "every row is alike, so no spread can be seen; more buildings are needed"


def list_names(names: str | Sequence[str] | None) -> list[str]:
    """Return column names as a list: none, one or several."""
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(names)


def as_floats(values: pd.Series) -> Floats:
    """Return a numeric or truth-value column as float64 with NaN for missing.

    Raises
    ------
    TypeError
        A column of something else.
    """
    if not _is_numeric(values):
        raise TypeError(f"column {values.name} holds {values.dtype}; numbers or truth values are needed")
    return np.asarray(values.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def _is_numeric(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values)


def _note(n: int, n_psu: int, df: int) -> str:
    if n == 0:
        return "no row has a value here"
    if df < 1:
        units = "1 sampling unit shows" if n_psu == 1 else f"{n_psu} sampling units in as many strata show"
        return f"{units} no spread; more buildings are needed"
    return ""


def _effective_size(kind: Kind, value: float, se: float, n: int, simple: float) -> float:
    if np.isnan(se):
        return float("nan")
    if kind != "proportion":
        return n * simple / se**2 if se > 0 else float("nan")
    return float(n) if se < ROUNDING else min(float(n), value * (1 - value) / se**2)


def _tidy(labels: dict[str, Any], estimate: Estimate, level: float) -> dict[str, Any]:
    low, high = estimate.interval(level)
    names = ("method", "df", "deff", "n", "n_psu", "n_eff", "missing", "note")
    facts = {name: getattr(estimate, name) for name in names}
    return {**labels, "estimate": estimate.value, "se": estimate.se, "low": low, "high": high, **facts}
