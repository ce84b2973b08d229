"""WAN and HAN together: premises that have both, one of them, or neither, by area."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from .any_technology import choose_technologies
from .area_reach import estimate_areas
from .connectivity_notes import NOT_KNOWN, tell_connectivity
from .home_reach import Reach
from .joint_states import STATES, list_states, read_odds
from .reach_rows import ALL

Floats = npt.NDArray[np.float64]
By = Literal["country", "region", "lad"]

AREAS: tuple[By, ...] = ("country", "region", "lad")
_COUNTRIES = {"Scotland": "S", "Wales": "W"}


class Release(Protocol):
    """What is needed of a coverage matrix: its shares by area."""

    def rollup(self, by: str, *, as_of: dt.date | str | None = None) -> pd.DataFrame:
        """Return the weight of each state by area."""


@dataclass(frozen=True)
class Connectivity:
    """How many premises have both links, one of them, or neither.

    Attributes
    ----------
    table : DataFrame
        One row an area and state {both, wan_only, han_only, neither}: the area, state, share (adds to 1 over the four
        states), lower, upper (sampling error of the reach), least, most (the bounds whatever the dependence between
        WAN and HAN), premises, premises_lower, premises_upper. Of the premises whose WAN is known and that some
        sampled home stands for. The last area, ALL, holds those that have all figures.
    areas : DataFrame
        One row an area: the area, premises (in the release), wan (share covered, of those known), wan_unknown (share
        that did not answer), stock (premises in the stock), han, han_lower, han_upper, method, han_unknown (share of
        the stock without evidence), n (homes), n_psu (buildings), odds_ratio (between WAN and HAN; 1 is independence),
        flag.
    by : str
        country, region or lad.
    technologies : tuple of str
        A home has the HAN if any of them reaches it.
    notes : tuple of str
        What a reader must know.
    synthetic : bool
        Whether release, trial or stock is synthetic.
    """

    table: pd.DataFrame
    areas: pd.DataFrame
    by: str
    technologies: tuple[str, ...]
    notes: tuple[str, ...]
    synthetic: bool

    def _repr_html_(self) -> str:
        mark = " (synthetic data)" if self.synthetic else ""
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        shares = self.table.pivot(index=self.by, columns="state", values="share")[list(STATES)]
        shares = shares.reindex(self.areas[self.by]).reset_index()
        return f"<p><strong>WAN and HAN{mark}</strong></p>{shares.to_html(index=False, border=0)}<ul>{notes}</ul>"


def connectivity(
    matrix: Release,
    reach: Reach,
    stock: pd.DataFrame,
    technologies: Sequence[str] | None = None,
    *,
    by: By = "region",
    joint: pd.DataFrame | None = None,
    as_of: dt.date | str | None = None,
    level: float = 0.95,
) -> Connectivity:
    """Return the share of premises in each area that have WAN and HAN, one of them, or neither.

    Parameters
    ----------
    matrix : CoverageMatrix
        From `smarthan.coverage.open_matrix`.
    reach : Reach
        From `reach`.
    stock : DataFrame
        From `housing_stock()` or `read_stock(path)`, with a region; for "lad" with the district, such as Census table
        QS402EW gives.
    technologies : sequence of str, optional
        The HAN works where any of them does, by the joint pattern of each home; all of the reach when not given. Homes
        that were not measured with all of them are left aside.
    by : {"country", "region", "lad"}
        Areas.
    joint : DataFrame, optional
        Premises that were looked at for both: both, wan_only, han_only, neither [counts], one row, or one an area
        (named in a column called as `by`). Their odds ratio then takes the place of independence.
    as_of : date, optional
        The day asked of the release.
    level : float
        Confidence level.

    Returns
    -------
    Connectivity

    Raises
    ------
    ValueError
        A stock without the areas, none that the release knows, joint data that cannot be used, or technologies that no
        home was measured with.

    Notes
    -----
    With a the WAN share and b the HAN share of an area, both = a b where the two are independent within the area; with
    odds ratio w, both = 2wab/(S + sqrt(S^2 - 4w(w - 1)ab)), S = 1 + (w - 1)(a + b). Whatever the dependence, both lies
    from max(0, a + b - 1) to min(a, b), and the other states follow by subtraction. a counts every premises and has no
    sampling error; locations that did not answer are shown as `wan_unknown` and are neither yes nor no. b is the
    sample's share by building type, weighted to the area's stock (`estimate_areas`); its interval carries over, since
    each state rises or falls with b. The odds ratio is taken as known. ALL adds the areas' limits up, which errs to the
    wide side.

    References
    ----------
    Fréchet (1951), *Annales de l'Université de Lyon* 14:53-77. Plackett (1965), doi:10.1080/01621459.1965.10480807.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> from smarthan.trial_data import sample_trial
    >>> from smarthan.analysis import housing_stock, reach
    >>> stock = housing_stock()
    >>> answer = connectivity(sample_matrix(), reach(sample_trial(), stock, ["zigbee_2g4"]), stock, by="country")
    >>> answer.table.groupby("country", sort=False)["share"].sum().round(9).to_dict()
    {'E': 1.0, 'S': 1.0, 'W': 1.0, 'ALL': 1.0}
    """
    chosen = choose_technologies(reach, technologies)
    area = _name_areas(stock, by)
    rolled = matrix.rollup(by, as_of=as_of)
    han = estimate_areas(reach, stock, area, chosen, level=level)
    rows = rolled[rolled[by].astype("str").ne(NOT_KNOWN)].reset_index(drop=True)
    areas = _join_shares(rows, han, by)
    areas["odds_ratio"] = read_odds(joint, areas[by], by)
    synthetic = any((reach.synthetic, stock.attrs.get("synthetic", False), rolled.attrs.get("synthetic", False)))
    notes = tell_connectivity(rolled, han, areas, stock, by, reach, chosen, given=joint is not None)
    table = list_states(areas, _count_known(rows), by)
    areas = pd.concat([areas, _whole(areas, table, by)], ignore_index=True)
    for frame in (table, areas):
        frame.attrs = {"synthetic": bool(synthetic)}
    return Connectivity(table, areas, by, chosen, notes, bool(synthetic))


def _name_areas(stock: pd.DataFrame, by: str) -> pd.Series:
    """Return the area of each row of the stock, in the words of the release."""
    if by not in AREAS:
        raise ValueError(f"by '{by}' is not one of {', '.join(AREAS)}")
    column = "lad" if by == "lad" else "region"
    if column not in stock or stock[column].isna().any():
        found = "has none" if column not in stock or stock[column].isna().all() else "is empty in some rows"
        help_ = "read_stock takes Census tables QS402EW and TS044 by district" if by == "lad" else "name it in each row"
        raise ValueError(f"stock: by='{by}' needs the column {column}, which it {found}; {help_}")
    words = stock[column].astype("str")
    return words.map(lambda region: _COUNTRIES.get(region, "E")) if by == "country" else words


def _count_known(rows: pd.DataFrame) -> Floats:
    """Return the premises of each area whose WAN is known."""
    return np.asarray((rows["weight"] - rows["error"]).to_numpy(dtype=np.float64))


def _join_shares(rows: pd.DataFrame, han: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return one row an area of the release with its shares; those of the HAN are missing where the stock has none."""
    names = rows[by].astype("str")
    if not names.isin(han.index).any():
        raise ValueError(
            f"stock: none of its areas is known to the release by {by}; it has {', '.join(han.index[:3])}, the release "
            f"{', '.join(names.iloc[:3])}"
        )
    weight = rows["weight"].to_numpy(dtype=np.float64)
    known = _count_known(rows)
    with np.errstate(invalid="ignore", divide="ignore"):
        wan = np.where(known > 0, rows["covered"].to_numpy(dtype=np.float64) / known, np.nan)
    unknown = (rows["share_upper"] - rows["share_lower"]).to_numpy(dtype=np.float64)
    areas = pd.DataFrame({by: names.to_numpy(), "premises": weight, "wan": wan, "wan_unknown": unknown})
    matched = han.reindex(names.to_numpy()).reset_index(drop=True)
    matched = matched.fillna({"method": "none", "n": 0, "n_psu": 0, "flag": "not_in_stock"})
    areas = pd.concat([areas, matched.astype({"n": "int64", "n_psu": "int64"})], axis=1)
    silent = np.isnan(wan)
    areas["flag"] = areas["flag"].where(~silent, "wan_unknown; " + areas["flag"]).str.removesuffix("; ")
    return areas


def _whole(areas: pd.DataFrame, table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the line of all areas that have all figures; n and interval are told by area alone."""
    states = table[table[by] == ALL].set_index("state")
    used = areas[areas["wan"].notna() & areas["han"].notna()]

    def mean(name: str, weight: str) -> float:
        total = float(used[weight].sum())
        return float((used[name] * used[weight]).sum() / total) if total > 0 else np.nan

    low, high = (float(states.loc["both", end] + states.loc["han_only", end]) for end in ("lower", "upper"))
    line = {
        by: ALL,
        "premises": float(used["premises"].sum()),
        "wan": float(states.loc["both", "share"] + states.loc["wan_only", "share"]),
        "wan_unknown": mean("wan_unknown", "premises"),
        "stock": float(used["stock"].sum()),
        "han": float(states.loc["both", "share"] + states.loc["han_only", "share"]),
        "han_lower": low,
        "han_upper": high,
        "method": "sum of areas",
        "han_unknown": mean("han_unknown", "stock"),
        "n": int(used["n"].max()) if len(used) else 0,
        "n_psu": int(used["n_psu"].max()) if len(used) else 0,
        "odds_ratio": np.nan,
        "flag": "",
    }
    return pd.DataFrame([line])
