"""Reach: the share of homes that each technology reaches, by building type and nationally."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pandas as pd

from smarthan.analysis.survey.estimates import Estimate
from smarthan.trial_data.declared.words import ARCHETYPES, METER_CLASSES

from .home_outcomes import Roles, dwelling_reached, order_technologies, required_roles
from .home_weights import OUTSIDE, HomeSample, gather_homes
from .link_outcomes import TrialTables
from .modelled import model_homes
from .reach_rows import ALL, RowBuilder, count_premises, list_joint
from .reach_scores import ReachScores, describe_sources, score_reach
from .technology_table import choose_limits
from .technology_table import technologies as read_limits

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.appraisal.parts import Option

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
    sources : dict of str
        What it was made from, as far as known: trial_sha256, trial_date, stock_year, stock_source.
    chances : dict of Series
        By technology, the chance of being reached that its model gives each home, by dwelling_id.
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
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)
    chances: Mapping[str, pd.Series] = field(default_factory=dict, repr=False)

    def to_scores(
        self,
        options: Appraisal | Iterable[Option],
        criteria: Mapping[str, Sequence[str] | None],
        *,
        evidence: str = "reach",
        assessor: str = "trial",
        owner: str = "trial operator",
        quality: str = "high",
        level: float = 0.95,
    ) -> ReachScores:
        """Return measured reach as rows of an appraisal's `scores.csv` and `evidence.csv`.

        Parameters
        ----------
        options : Appraisal, or options of one
            Those that name trial technologies get rows: reached where any of them reaches, home by home.
        criteria : mapping of str to sequence of str or None
            Criterion to the building types it is about, taken together; None is the whole stock.
        evidence, assessor, owner : str
            The evidence's id, who scores, and who owns the evidence.
        quality : {"high", "medium", "low"}
            How good the trial is as evidence; how sure each share is, is its own `confidence`.
        level : float
            Confidence level of the limits in the notes.

        Returns
        -------
        ReachScores

        Raises
        ------
        ValueError
            No criterion, a building type that nobody sampled, or another quality.

        Notes
        -----
        A row states effective counts, n = floor(n_eff) and k = round(n x share), so that an appraisal draws from
        Beta(k + 1/2, n - k + 1/2); its note holds the share with its design-based limits, homes and buildings.
        Confidence: low where the share may not be shown, medium where it needs a word, else high
        (`presentation_flags`). Without an interval the score is stated as missing. `where` holds the SHA-256 of the
        trial's files.

        Examples
        --------
        >>> from smarthan.trial_data import sample_trial
        >>> from smarthan.analysis import housing_stock, reach, sample_appraisal
        >>> found = reach(sample_trial(), housing_stock(), ["zigbee_2g4", "zigbee_sub"])
        >>> rows = found.to_scores(sample_appraisal(), {"reach_flat": ["flat_low", "flat_high"]})
        >>> rows.scores[["option", "criterion", "dist"]].values.tolist()
        [['zb24', 'reach_flat', 'beta'], ['zb868', 'reach_flat', 'beta'], ['dual', 'reach_flat', 'beta']]
        """
        return score_reach(
            self,
            options,
            criteria,
            evidence=evidence,
            assessor=assessor,
            owner=owner,
            quality=quality,
            level=level,
        )

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
        sources=describe_sources(trial, stock),
        chances=chances,
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
