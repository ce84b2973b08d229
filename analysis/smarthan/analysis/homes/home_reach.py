"""Reach: the share of homes that each technology reaches, by building type and nationally."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from smarthan.analysis.survey.estimates import Estimate
from smarthan.trial_data.declared.words import ARCHETYPES, METER_CLASSES

from .home_outcomes import Roles, dwelling_reached, order_technologies, required_roles
from .home_weights import OUTSIDE, HomeSample, gather_homes
from .link_outcomes import TrialTables
from .modelled import model_homes
from .reach_rows import ALL, RowBuilder, count_premises, list_joint
from .technology_table import choose_limits
from .technology_table import technologies as read_limits

Row = tuple[str, str, str]


@dataclass(frozen=True)
class Reach:
    """The share of homes that each technology reaches.

    Attributes
    ----------
    table : DataFrame
        technology, archetype, meter_class (or ALL), estimate, lower, upper, method, n, n_psu, n_eff, df, response,
        manski_low, manski_high, model_estimate, flag. Shares 0 to 1; n counts dwellings, n_psu buildings.
    joint : DataFrame
        One row a dwelling that answered: its building type, weight, one column a technology (1, 0, missing "unknown")
        and their pattern as text.
    premises : DataFrame
        The same rows in premises: premises, reached and not_reached with their limits and Manski bounds.
    synthetic : bool
        Whether the trial or the stock is synthetic.
    technologies : tuple of str
        In the trial's order.
    roles : dict
        The links that each technology had to carry.
    limits : DataFrame
        The limits used, one row a technology.
    adjust : str
        How non-response was dealt with.
    notes : tuple of str
        What a reader must know of the whole.
    estimates : dict
        (technology, archetype, meter_class) to its Estimate.
    sample : HomeSample
        The sampled homes, for `marginal_reach`.
    """

    table: pd.DataFrame
    joint: pd.DataFrame
    premises: pd.DataFrame
    synthetic: bool
    technologies: tuple[str, ...]
    roles: dict[str, tuple[str, ...]]
    limits: pd.DataFrame
    adjust: str
    notes: tuple[str, ...]
    estimates: Mapping[Row, Estimate] = field(repr=False)
    sample: HomeSample = field(repr=False)

    def _repr_html_(self) -> str:
        mark = " (synthetic data)" if self.synthetic else ""
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        table = self.table[self.table["archetype"] == ALL]
        return f"<p><strong>Reach{mark}</strong></p>{table.to_html(index=False, border=0)}<ul>{notes}</ul>"


def reach(
    trial: TrialTables,
    stock: pd.DataFrame,
    technologies: Sequence[str] | None = None,
    *,
    roles: Roles = None,
    adjust: Literal["poststratify", "none"] = "poststratify",
    limits: pd.DataFrame | None = None,
    level: float = 0.95,
    model: bool = True,
) -> Reach:
    """Estimate the share of premises that each technology reaches, per building type and nationally.

    Parameters
    ----------
    trial : Trial
        From `smarthan.trial_data.read_trial`.
    stock : DataFrame
        From `housing_stock()` or `read_stock(path)`: archetype, premises, optionally meter_class.
    technologies : sequence of str, optional
        All that were measured when not given.
    roles : sequence of str, or mapping of technology to sequence of str, optional
        Links that must work, see `dwelling_reached`.
    adjust : {"poststratify", "none"}
        Homes that answered stand for those of their stratum that did not, and strata for the stock; or design weights
        alone, which is biased wherever those who refuse differ (shown for comparison).
    limits : DataFrame, optional
        Reference table in the form of `technologies()`.
    level : float
        Confidence level.
    model : bool
        Also fit a model of levels and put what it expects of the same homes beside the direct shares.

    Returns
    -------
    Reach

    Raises
    ------
    ValueError
        Nobody answered, or a technology, role, weight or stock that cannot be used.

    Notes
    -----
    Direct, design-based shares: stratified two-stage sample, the building is the sampling unit, linearised variance
    after post-stratification, interval by the rule of `Estimate.interval`. Each technology is weighted over the
    dwellings whose outcome for it is known, so that an item missing is made up for within its stratum, as a refusal is.
    The national row (ALL, ALL) covers the stock that some home stands for; `notes` and the flag `part_without_evidence`
    say what it leaves out, and its Manski bounds take that in: every home without outcome not reached, or all reached.
    `model_estimate` is what `modelled.model_homes` expects of the homes that answered, weighted to the stock; missing
    where no model could be fitted, which `notes` explain; `model_differs` flags rows whose interval leaves it out.
    `response` is the design-weighted share of
    eligible sampled dwellings that answered. Flags: see `presentation_flags`; `no_answers`, `not_in_stock`,
    `part_without_evidence`.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> from smarthan.analysis import housing_stock
    >>> result = reach(sample_trial(), housing_stock(), ["zigbee_2g4", "zigbee_sub"])
    >>> national = result.table.query("archetype == 'ALL'")
    >>> national["technology"].tolist(), result.synthetic
    (['zigbee_2g4', 'zigbee_sub'], True)
    """
    if adjust not in ("poststratify", "none"):
        raise ValueError(f"adjust '{adjust}' is not one of poststratify, none")
    reference = read_limits() if limits is None else limits
    sample = gather_homes(trial, stock)
    outcomes = dwelling_reached(trial, technologies, roles=roles, limits=reference)
    wanted = order_technologies(technologies or outcomes["technology"].unique().tolist())
    if not wanted:
        raise ValueError("measurements: none belongs to a dwelling; reach cannot be estimated")
    sample = _with_outcomes(sample, outcomes, wanted)
    required = required_roles(wanted, roles)
    modelled = {name: model_homes(trial, name, required[name], limits=reference) for name in wanted} if model else {}
    chances = {name: homes.probability for name, homes in modelled.items()}
    builder = RowBuilder(sample, adjust=adjust == "poststratify", level=level, chances=chances)
    built = [builder.build(name, archetype, place) for name in wanted for archetype, place in _list_cells(sample)]
    table = pd.DataFrame([row for row, _ in built]).astype({"model_estimate": "Float64"})
    synthetic = bool(trial.synthetic) or bool(stock.attrs.get("synthetic", False))
    answer = Reach(
        table=table,
        joint=list_joint(sample, wanted, adjust=builder.adjust),
        premises=count_premises(table, builder),
        synthetic=synthetic,
        technologies=tuple(wanted),
        roles=required,
        limits=choose_limits(reference).reindex(wanted),
        adjust=adjust,
        notes=(*_tell(sample, stock), *(homes.note for homes in modelled.values() if homes.note)),
        estimates={(row["technology"], row["archetype"], row["meter_class"]): estimate for row, estimate in built},
        sample=sample,
    )
    for frame in (answer.table, answer.joint, answer.premises):
        frame.attrs["synthetic"] = synthetic
    return answer


def _with_outcomes(sample: HomeSample, outcomes: pd.DataFrame, wanted: Sequence[str]) -> HomeSample:
    homes = sample.homes
    if not homes["responded"].any():
        raise ValueError("dwellings: nobody answered (outcome complete or partial); reach cannot be estimated")
    for name in wanted:
        known = outcomes[outcomes["technology"] == name].set_index("dwelling_id")["reached"]
        # What a home said before it withdrew is not used.
        homes = homes.assign(**{name: homes["dwelling_id"].astype("str").map(known).where(homes["responded"])})
        homes[name] = homes[name].astype("boolean")
    return HomeSample(homes, sample.strata_premises, sample.stock_premises, sample.missing_premises)


def _list_cells(sample: HomeSample) -> list[tuple[str, str]]:
    """Return the building types to report: all, each archetype, each with its meter classes."""
    pairs = set(zip(sample.homes["archetype"], sample.homes["meter_class"], strict=True)) | set(sample.missing_premises)
    names = sorted({name for name, _ in pairs}, key=_rank(ARCHETYPES))
    cells = [(ALL, ALL)]
    for name in names:
        places = sorted({place for owner, place in pairs if owner == name and place != ALL}, key=_rank(METER_CLASSES))
        cells += [(name, ALL), *((name, place) for place in places)]
    return cells


def _rank(words: Sequence[str]) -> Callable[[str], tuple[int, str]]:
    return lambda word: (words.index(word) if word in words else len(words), word)


def _tell(sample: HomeSample, stock: pd.DataFrame) -> tuple[str, ...]:
    """Return what a reader must know of the whole, in sentences."""
    homes = sample.homes
    notes = []
    if "year" in stock:
        years = ", ".join(str(year) for year in sorted(stock["year"].dropna().unique()))
        notes.append(f"Premises are those of the stock of {years}.")
    if sample.missing_premises:
        names = ", ".join(name if place == ALL else f"{name} ({place})" for name, place in sample.missing_premises)
        total = sum(sample.missing_premises.values())
        share = total / (total + sum(sample.stock_premises.values()))
        notes.append(f"No sampled home answered for {names}: {total:,.0f} premises, {share:.1%} of the stock.")
    outside = sorted(homes.loc[(homes["stock_cell"] == OUTSIDE) & homes["responded"], "archetype"].unique())
    if outside:
        notes.append(f"The stock has no {', '.join(outside)}: those homes are not in the national rows.")
    answered = homes[homes["responded"]].groupby("stratum_id", observed=True)["building_id"].nunique()
    single = sorted(str(name) for name in answered[answered == 1].index)
    if single:
        notes.append(
            f"One building answered in {', '.join(single)}: its spread is measured from the mean of all buildings."
        )
    return tuple(notes)
