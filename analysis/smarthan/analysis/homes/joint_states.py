"""Two links, four states: both, one alone, neither, from two shares and how they depend on each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from .reach_rows import ALL

Floats = npt.NDArray[np.float64]
STATES = ("both", "wan_only", "han_only", "neither")


def share_of_both(wan: npt.ArrayLike, han: npt.ArrayLike, odds_ratio: npt.ArrayLike = 1.0) -> npt.NDArray[np.float64]:
    """Return the share that has both, given the two shares and their odds ratio.

    Parameters
    ----------
    wan, han : array
        Shares [0 to 1].
    odds_ratio : array
        Above 0; 1 is independence.

    Returns
    -------
    array

    Examples
    --------
    >>> share_of_both(0.9, [0.5, 0.8]).round(6).tolist(), share_of_both(0.9, 0.5, 1e9).round(6).item()
    ([0.45, 0.72], 0.5)
    """
    a, b, w = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (wan, han, odds_ratio)))
    s = 1 + (w - 1) * (a + b)
    root = np.sqrt(np.maximum(s**2 - 4 * w * (w - 1) * a * b, 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        # The form that does not cancel depends on the sign of S; where S < 0, w < 1.
        both = np.where(s > 0, 2 * w * a * b / (s + root), (s - root) / (2 * (w - 1)))
    return np.clip(both, np.maximum(0.0, a + b - 1), np.minimum(a, b))


def _split(wan: Floats, han: Floats, both: Floats) -> Floats:
    """Return the four states, shape (areas, 4), from the share of both."""
    return np.stack([both, wan - both, han - both, 1 - wan - han + both], axis=1).clip(0.0, 1.0)


def list_states(areas: pd.DataFrame, known: Floats, by: str) -> pd.DataFrame:
    """Return one row an area and state, those of all areas together last.

    Parameters
    ----------
    areas : DataFrame
        One row an area: its name in the column `by`, wan, han, han_lower, han_upper [shares], odds_ratio.
    known : array
        Premises of each area whose WAN is known.
    by : str
        Column with the names.

    Returns
    -------
    DataFrame
        The area, state, share, lower, upper, least, most, premises, premises_lower, premises_upper.
    """
    wan, han, low, high, odds = (
        areas[name].to_numpy(dtype=np.float64) for name in ("wan", "han", "han_lower", "han_upper", "odds_ratio")
    )
    share = _split(wan, han, share_of_both(wan, han, odds))
    ends = [_split(wan, end, share_of_both(wan, end, odds)) for end in (low, high)]
    bounds = [_split(wan, han, end) for end in (np.maximum(0.0, wan + han - 1), np.minimum(wan, han))]
    cells = np.stack([share, np.minimum(*ends), np.maximum(*ends), np.minimum(*bounds), np.maximum(*bounds)], axis=2)
    whole = ~np.isnan(share).any(axis=1)
    total = (
        np.average(cells[whole], axis=0, weights=known[whole])[None]
        if known[whole].sum() > 0
        else np.full((1, 4, 5), np.nan)
    )
    cells = np.concatenate([cells, total])
    premises = np.append(known, known[whole].sum())
    names = [*areas[by], ALL]
    table = pd.DataFrame({by: np.repeat(names, len(STATES)), "state": np.tile(STATES, len(names))})
    table[["share", "lower", "upper", "least", "most"]] = cells.reshape(-1, 5)
    for name, share_name in (("premises", "share"), ("premises_lower", "lower"), ("premises_upper", "upper")):
        table[name] = table[share_name] * np.repeat(premises, len(STATES))
    return table


def read_odds(joint: pd.DataFrame | None, names: pd.Series, by: str) -> Floats:
    """Return the odds ratio between WAN and HAN in each area; 1, independence, without joint data.

    Raises
    ------
    ValueError
        Joint data without the four counts, or that do not say what area they are of.

    Examples
    --------
    >>> counts = pd.DataFrame({"both": [80], "wan_only": [10], "han_only": [5], "neither": [5]})
    >>> areas = pd.Series(["London", "Wales"])
    >>> read_odds(counts, areas, "region").tolist(), read_odds(None, areas, "region").tolist()
    ([8.0, 8.0], [1.0, 1.0])
    """
    if joint is None:
        return np.ones(len(names))
    absent = [state for state in STATES if state not in joint]
    if absent or joint.empty:
        raise ValueError(f"joint: {f'no column {absent[0]}' if absent else 'no row'}; it counts {', '.join(STATES)}")
    counts = joint[list(STATES)].to_numpy(dtype=np.float64)
    if not (np.isfinite(counts) & (counts >= 0)).all() or not (counts.sum(axis=1) > 0).all():
        raise ValueError("joint: each row needs four counts, none negative or missing, not all 0")
    # Haldane's half in every cell where one is empty, so that no odds ratio is 0 or without end.
    counts = counts + np.where((counts == 0).any(axis=1, keepdims=True), 0.5, 0.0)
    odds = pd.Series(counts[:, 0] * counts[:, 3] / (counts[:, 1] * counts[:, 2]))
    if by not in joint:
        if len(joint) > 1:
            raise ValueError(
                f"joint: {len(joint)} rows and no column {by} to tell their areas; name it, or add them up"
            )
        return np.full(len(names), odds.iloc[0])
    keys = joint[by].astype("str").to_numpy()
    missing = sorted(set(names) - set(keys))
    if missing or len(set(keys)) < len(keys):
        found = f"no row for {missing[0]}" if missing else "an area stands twice"
        raise ValueError(f"joint: {found}; give one row for each {by} of the release, or one row without area")
    return np.asarray(odds.set_axis(keys).reindex(names).to_numpy(), dtype=np.float64)
