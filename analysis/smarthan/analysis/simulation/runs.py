"""Simulating an appraisal: SMAA-2 streamed in chunks, so that memory does not grow with the number of draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.analysis.record.displays import Display, Displayed, mark_table
from smarthan.analysis.scoring.values import Floats

from .acceptability import Ints, Ranks, add_ranks, compare_totals, count_ranks, split_ties
from .draws import CHUNK, DrawModel, build_draw_model, count_workers, stream_chunks, total_by_draw, total_by_set
from .regret_sums import RegretSums, Subset
from .weight_draws import WeightSource, choose_weights

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.worth.value_of_information import ValueOfInformation

    from .disagreement import Disagreement
    from .shortlists import Shortlist

_TOTALS_AT_ONCE = 1 << 21  # numbers, 16 MB: how many options' central weights are tried in one pass


@dataclass(frozen=True)
class RankSums:
    """What one pass over the draws leaves behind; `ranks` and `wins` are whole numbers."""

    ranks: Ranks
    wins: Ints
    first_weights: Floats
    weight_sum: Floats
    weight_products: Floats


@dataclass(frozen=True, repr=False)
class Simulation(Displayed):
    """How the ranking of an appraisal varies when scores and weights are drawn from what was stated.

    Attributes
    ----------
    draws, seed : int
    weights : str
        Where the weights came from.
    options, criteria : list of str
        Options not out at a gate, in the appraisal's order.
    clipped : DataFrame
        Cells of which some draws fell outside the agreed range and counted at its end: option, criterion, share.
    """

    draws: int
    seed: int
    weights: str
    appraisal: Appraisal = field(repr=False)
    model: DrawModel = field(repr=False)
    source: WeightSource = field(repr=False)
    sums: RankSums = field(repr=False)
    threads: int = field(repr=False, default=1)

    @property
    def options(self) -> list[str]:
        """Options in the running."""
        return self.model.names

    @property
    def criteria(self) -> list[str]:
        """Criteria in the appraisal's order."""
        return list(self.model.criteria)

    @cached_property
    def shares(self) -> Floats:
        """Rank acceptabilities, shape (options, ranks)."""
        return split_ties(self.sums.ranks) / self.draws

    @property
    def clipped(self) -> pd.DataFrame:
        """Cells with draws outside the agreed range."""
        rows, columns = np.nonzero(self.model.clipped)
        return self.label(
            {
                "option": [self.options[row] for row in rows],
                "criterion": [self.criteria[column] for column in columns],
                "share": self.model.clipped[rows, columns],
            }
        )

    def label(self, columns: dict[str, object]) -> pd.DataFrame:
        """Return a table that carries the appraisal's stamp, the draws, the seed and the weights."""
        frame = pd.DataFrame(columns)
        text = [name for name in ("option", "over", "criterion", "weight_set") if name in frame]
        frame = frame.astype(dict.fromkeys(text, "str"))
        frame.attrs.update({"draws": self.draws, "seed": self.seed, "weights": self.weights})
        return self.appraisal.stamp(frame)

    def rank_acceptability(self) -> pd.DataFrame:
        """Return how often each option takes each rank.

        Returns
        -------
        DataFrame
            option, rank (1 is best), share of draws, se: its standard error.

        Examples
        --------
        >>> from smarthan.analysis import sample_appraisal
        >>> table = sample_appraisal().simulate(20_000).rank_acceptability()
        >>> table[table["rank"] == 1].nlargest(1, "share").round(2).values.tolist()
        [['zb868', 1, 0.33, 0.0]]
        """
        count = len(self.options)
        share = self.shares.ravel()
        ranks = np.tile(np.arange(1, count + 1), count)
        options = np.repeat(self.options, count)
        return self.label({"option": options, "rank": ranks, "share": share, "se": self._error(share)})

    def _error(self, share: Floats) -> Floats:
        return np.asarray(np.sqrt(np.maximum(share * (1 - share), 0) / self.draws))

    @cached_property
    def _central(self) -> Floats:
        first = self.shares[:, 0] * self.draws
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.sums.first_weights / first[:, None])

    def central_weights(self) -> pd.DataFrame:
        """Return the mean weights of the draws in which an option is first; missing where it never is.

        Returns
        -------
        DataFrame
            option, criterion, weight.
        """
        options = np.repeat(self.options, len(self.criteria))
        criteria = np.tile(self.criteria, len(self.options))
        return self.label({"option": options, "criterion": criteria, "weight": self._central.ravel()})

    def confidence(self) -> pd.DataFrame:
        """Return how often each option is first when the weights are those that suit it: a second pass of draws.

        Returns
        -------
        DataFrame
            option, first_share, first_se, confidence (missing where the option is never first), se.
        """
        first = self.shares[:, 0]
        share = self._confidence
        columns = {"first_share": first, "first_se": self._error(first), "confidence": share, "se": self._error(share)}
        return self.label({"option": self.options, **columns})

    @cached_property
    def _confidence(self) -> Floats:
        found = np.full(len(self.options), np.nan)
        ever = np.flatnonzero(self.shares[:, 0] > 0)
        for places in np.array_split(ever, -(-len(ever) * len(found) * CHUNK // _TOTALS_AT_ONCE)):
            work = partial(_count_confident, self.model, self._central[places], places, self.seed)
            found[places] = sum(stream_chunks(self.draws, self.threads, work)) / self.draws
        return found

    @cached_property
    def regrets(self) -> dict[tuple[int, Subset | None], RegretSums]:
        """Sums of regret by the largest shortlist and the options looked at so far."""
        return {}

    def pairwise(self) -> pd.DataFrame:
        """Return how often one option scores higher than another, an equal score counting half.

        Returns
        -------
        DataFrame
            option, over, share, se.
        """
        wins = self.sums.wins
        equal = self.draws - wins - wins.T
        share = ((wins + equal / 2) / self.draws).ravel()
        count = len(self.options)
        others = ~np.eye(count, dtype=bool).ravel()
        columns = {"option": np.repeat(self.options, count)[others], "over": np.tile(self.options, count)[others]}
        return self.label({**columns, "share": share[others], "se": self._error(share[others])})

    def weight_moments(self) -> tuple[Floats, Floats]:
        """Return the mean and the covariance of the drawn weights."""
        mean = self.sums.weight_sum / self.draws
        return mean, self.sums.weight_products / self.draws - np.outer(mean, mean)

    def disagreement(self) -> Disagreement:
        """Return how much of the doubt is about facts and how much about values, and who would rank differently."""
        from .disagreement import measure_disagreement

        return measure_disagreement(self)

    def shortlist(self, max_regret: float | None = None, max_size: int | None = None) -> Shortlist:
        """Return the smallest shortlist whose regret is small enough for every weight set.

        Parameters
        ----------
        max_regret : float, optional [points]
            The most that may be lost on average; None takes the appraisal's.
        max_size : int, optional
            The most options; None takes the appraisal's.

        Returns
        -------
        Shortlist
        """
        from .shortlists import find_shortlist

        return find_shortlist(self, max_regret, max_size)

    def value_of_information(self, by: str = "cell") -> ValueOfInformation:
        """Return what knowing more would be worth, in points, for each stated weight set.

        Parameters
        ----------
        by : {"cell", "criterion", "option", "evidence_gap"}
            What is learnt together.
        """
        from smarthan.analysis.worth.value_of_information import measure_information

        return measure_information(self, by)

    def display(self) -> Display:
        """Return the rank acceptabilities for a notebook or a terminal, likeliest winner first."""
        table = self.rank_acceptability()
        wide = table.pivot(index="option", columns="rank", values="share").loc[self.options]
        wide = wide.sort_values(list(wide.columns), ascending=False, kind="stable").rename(columns=str).reset_index()
        caption = f"Share of draws at each rank; standard errors up to {table['se'].max():.4f}"
        head = f"{self.appraisal.title}: {self.draws:,} draws, weights {self.weights}, seed {self.seed}"
        shown = mark_table(wide.rename_axis(columns=None), caption, decimals=3)
        return Display(head, [shown], synthetic=self.appraisal.synthetic)


def simulate_appraisal(
    appraisal: Appraisal,
    draws: int,
    *,
    weights: str | Mapping[str, float] = "all",
    seed: int = 0,
    threads: int | None = None,
) -> Simulation:
    """Simulate an appraisal; see `Appraisal.simulate`."""
    _check_whole("draws", draws, 1)
    _check_whole("seed", seed, 0)
    if threads is not None:
        _check_whole("threads", threads, 1)
    workers = int(threads or count_workers())
    model, source = build_draw_model(appraisal), choose_weights(appraisal, weights)
    work = partial(_sum_ranks, model, source, seed)
    totals: RankSums | None = None
    for sums in stream_chunks(draws, workers, work):
        totals = sums if totals is None else _add(totals, sums)
    if totals is None:
        raise ValueError("draws: there was nothing to draw")
    return Simulation(int(draws), int(seed), source.name, appraisal, model, source, totals, workers)


def _check_whole(name: str, value: object, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} is {value!r}; it must be a whole number of {least} or more")


def _sum_ranks(model: DrawModel, source: WeightSource, seed: int, chunk: int, size: int) -> RankSums:
    weights = source.draw(seed, chunk)
    totals, passed = total_by_draw(model, seed, chunk, weights)
    totals[~passed] = -np.inf
    ranked, used = compare_totals(totals[:, :size]), weights[:, :size]
    return RankSums(
        count_ranks(ranked),
        ranked.wins,
        np.einsum("an,cn->ac", ranked.first_share, used),
        used.sum(axis=1),
        np.einsum("cn,dn->cd", used, used),
    )


def _add(one: RankSums, other: RankSums) -> RankSums:
    return RankSums(
        add_ranks(one.ranks, other.ranks),
        one.wins + other.wins,
        one.first_weights + other.first_weights,
        one.weight_sum + other.weight_sum,
        one.weight_products + other.weight_products,
    )


def _count_confident(
    model: DrawModel, central: Floats, places: npt.NDArray[np.intp], seed: int, chunk: int, size: int
) -> Floats:
    """Return how often each of some options is first, ties in shares, when the weights are its central ones."""
    totals, passed = total_by_set(model, seed, chunk, central)
    totals[:, ~passed] = -np.inf
    totals = totals[:, :, :size]
    best = totals.max(axis=1)
    own = totals[np.arange(len(places)), places] == best
    level = np.count_nonzero(totals == best[:, None], axis=1)
    return np.asarray((own / level).sum(axis=1))
