"""An appraisal: candidates, agreed criteria, judgements with their evidence; from it scores and simulations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.analysis.record.displays import Display, Displayed
from smarthan.analysis.record.markup import Table
from smarthan.analysis.scoring.dominance import find_dominance
from smarthan.analysis.scoring.values import Floats, normalise_weights

from .gates import Gates, GateState, judge_gates
from .judgements import best_score, best_value
from .parts import Agreement, Criterion, Evidence, InputFile, Judgement, Money, Option, Trial, WeightSet
from .problems import AppraisalProblem, tabulate_problems
from .score_rows import group_judgements

if TYPE_CHECKING:
    from smarthan.analysis.record.conditions import Conditions
    from smarthan.analysis.record.summary import SummaryTable
    from smarthan.analysis.scoring.scores import Score
    from smarthan.analysis.simulation.runs import Simulation


@dataclass(frozen=True, repr=False)
class Appraisal(Displayed):
    """Candidates to be judged against agreed criteria.

    Attributes
    ----------
    id, title, status, decision, baseline : str
        As `appraisal.toml` states them; status is draft, agreed or published.
    synthetic : bool
        Whether the content is invented; every table made from it says so in its `attrs`.
    as_of : date
        The day the appraisal speaks of.
    options, criteria, trials : tuple
        `Option`, `Criterion` and `Trial` entries in the file's order.
    gates : Gates
        The must-haves; call it for the table of who passes.
    judgements, weight_sets, evidence : tuple
        The rows behind every number.
    """

    id: str
    title: str
    status: str
    synthetic: bool
    decision: str
    baseline: str
    as_of: dt.date
    options: tuple[Option, ...]
    criteria: tuple[Criterion, ...]
    gates: Gates
    trials: tuple[Trial, ...]
    judgements: tuple[Judgement, ...] = field(repr=False)
    weight_sets: tuple[WeightSet, ...] = field(repr=False)
    evidence: tuple[Evidence, ...] = field(repr=False)
    money: Money | None = None
    spread: Mapping[str, float] = field(default_factory=dict, repr=False)
    max_regret: float | None = None
    max_shortlist: int | None = None
    noted: tuple[AppraisalProblem, ...] = field(default=(), repr=False, compare=False)
    agreed: Agreement | None = None
    sources: tuple[InputFile, ...] = field(default=(), repr=False, compare=False)

    @cached_property
    def cells(self) -> dict[tuple[str, str], list[Judgement]]:
        """Judgements by (option, criterion or gate), assessors in order of name."""
        return group_judgements(list(self.judgements))

    @cached_property
    def gate_states(self) -> dict[str, GateState]:
        """How each option stands at all gates together."""
        return judge_gates(self.options, self.gates.table)

    @cached_property
    def best_values(self) -> Floats:
        """Points at the best estimates, shape (options, criteria)."""
        return np.array([[best_value(self.cells[o.id, c.id], c) for c in self.criteria] for o in self.options])

    def stamp(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table with the appraisal's id and whether it is synthetic in its `attrs`."""
        frame.attrs.update({"synthetic": self.synthetic, "appraisal": self.id, "title": self.title})
        return frame

    def problems(self) -> pd.DataFrame:
        """Return the warnings noted while reading: severity, code, file, line (or cell), option, criterion, message."""
        return self.stamp(tabulate_problems(self.noted))

    def matrix(self, values: bool = False) -> pd.DataFrame:
        """Return the performance matrix: one row an option, one column a criterion.

        Parameters
        ----------
        values : bool
            False: best estimates in each criterion's unit (several assessors: their mean), words of word scales,
            missing where there is no score. True: points from 0 to 100, a missing score counting its range's mean.

        Returns
        -------
        DataFrame
            Index `option`. `attrs` hold `unit`, `evidence` and `confidence` by criterion, and `synthetic`.
        """
        ids = [criterion.id for criterion in self.criteria]
        index = pd.Index([option.id for option in self.options], name="option")
        if values:
            frame = pd.DataFrame(self.best_values, index=index, columns=ids)
        else:
            columns = {c.id: [best_score(self.cells[o, c.id], c) for o in index] for c in self.criteria}
            frame = pd.DataFrame(columns, index=index)
        frame.attrs["unit"] = {c.id: "points" if values else c.unit or "word" for c in self.criteria}
        for name in ("evidence", "confidence"):
            frame.attrs[name] = {c: {o: self._said(o, c, name) for o in index} for c in ids}
        return self.stamp(frame)

    def _said(self, option: str, criterion: str, name: str) -> str:
        return ", ".join(
            dict.fromkeys(getattr(one, name) for one in self.cells[option, criterion] if getattr(one, name))
        )

    def weights_of(self, weights: str | Mapping[str, float] | None = None) -> tuple[str, Floats]:
        """Return a name for, and the numbers of, one set of weights in the order of the criteria.

        Parameters
        ----------
        weights : None, str or mapping
            None: the set named `panel`, else the first; a set's name; `mean`, the mean of all sets; or a mapping of
            criterion to weight, 0 or more, normalised, a criterion left out counting 0.

        Raises
        ------
        ValueError
            When there is no such set or criterion, or the numbers are no weights.
        """
        if isinstance(weights, Mapping):
            return "given", self._weights_given(weights)
        known = {each.assessor: np.array(each.weights) for each in self.weight_sets if each.weights is not None}
        if weights == "mean" and "mean" not in known and known:
            return "mean", np.mean(list(known.values()), axis=0)
        name = weights if weights is not None else "panel" if "panel" in known else next(iter(known), None)
        if name is None:
            raise ValueError(f"{self.id}: every weight set gives intervals only; use simulate(weights='interval:...')")
        if name not in known:
            raise ValueError(f"weights: there is no set {name!r}; known: {', '.join(known)}, 'mean', or a mapping")
        return name, known[name]

    def _weights_given(self, weights: Mapping[str, float]) -> Floats:
        ids = [criterion.id for criterion in self.criteria]
        unknown = [name for name in weights if name not in ids]
        if unknown:
            raise ValueError(f"weights: {', '.join(map(str, unknown))} is no criterion; known: {', '.join(ids)}")
        return normalise_weights([float(weights.get(name, 0.0)) for name in ids])

    def score(self, weights: str | Mapping[str, float] | None = None) -> Score:
        """Return totals, ranks and contributions at the best estimates.

        Parameters
        ----------
        weights : None, str or mapping
            See `weights_of`.

        Returns
        -------
        Score

        Examples
        --------
        >>> from smarthan.analysis import sample_appraisal
        >>> sample_appraisal().score().table[["option", "total", "rank"]].head(2).round(2).values.tolist()
        [['zb868', 76.37, 1], ['nbplc', 76.08, 2]]
        """
        from smarthan.analysis.scoring.scores import score_appraisal

        return score_appraisal(self, weights)

    def switching_values(self, weights: str | Mapping[str, float] | None = None) -> pd.DataFrame:
        """Return, for each criterion, the weight and the leader's score at which another option leads."""
        from smarthan.analysis.scoring.switching import tabulate_switching

        return tabulate_switching(self, weights)

    def tornado(self, weights: str | Mapping[str, float] | None = None) -> pd.DataFrame:
        """Return the leader's lead over the second with each of their scores at its low and its high."""
        from smarthan.analysis.scoring.switching import tabulate_tornado

        return tabulate_tornado(self, weights)

    def dominance(self) -> pd.DataFrame:
        """Return pairs of options not out of the running: `dominates` or `equal` at the best estimates.

        Returns
        -------
        DataFrame
            option, over, relation.
        """
        running = [place for place, option in enumerate(self.options) if self.gate_states[option.id].answer != "no"]
        names = [self.options[place].id for place in running]
        above, equal = find_dominance(self.best_values[running])
        rows = [(names[a], names[b], "dominates") for a, b in above] + [(names[a], names[b], "equal") for a, b in equal]
        return self.stamp(pd.DataFrame(rows, columns=["option", "over", "relation"]).astype("str"))

    def simulate(
        self,
        draws: int = 100_000,
        *,
        weights: str | Mapping[str, float] = "all",
        seed: int = 0,
        threads: int | None = None,
    ) -> Simulation:
        """Return how often each option takes each rank when scores, and weights, are drawn from what was stated.

        Parameters
        ----------
        draws : int
            Number of draws, 1 or more.
        weights : str or mapping
            `all` (each stated set equally often), a set's name, `mean`, a mapping of criterion to weight, `simplex`,
            `ordinal:ASSESSOR`, `interval:ASSESSOR`.
        seed : int
            The same seed gives the same result, whatever the number of threads.
        threads : int, optional
            Number of worker threads; None takes as many as there are processors, at most 4.

        Returns
        -------
        Simulation

        Raises
        ------
        ValueError
            When there is no such weight set or a number is out of range.
        """
        from smarthan.analysis.simulation.runs import simulate_appraisal

        return simulate_appraisal(self, draws, weights=weights, seed=seed, threads=threads)

    def summary_table(self, *results: object, weights: str | Mapping[str, float] | None = None) -> SummaryTable:
        """Return every option by must-haves, cost, criteria, total with its interval, rank, and its main doubt.

        Parameters
        ----------
        *results : Simulation, Decision, ...
            What a column needs that the files alone do not hold; without it the column says so.
        weights : None, str or mapping
            See `weights_of`.

        Returns
        -------
        SummaryTable
            `.table` (tidy), `.wide()`, `.performance()`.

        Examples
        --------
        >>> from smarthan.analysis import sample_appraisal
        >>> sample_appraisal().summary_table().wide().loc[0, ["Option", "Rank", "Points", "Cost"]].tolist()
        ['ZigBee 868 MHz', '1', '76.4', '20.5 GBP']
        """
        from smarthan.analysis.record.results import sort_results
        from smarthan.analysis.record.summary import summarise

        return summarise(self, sort_results(self, results), weights)

    def what_would_have_to_be_true(
        self, *results: object, weights: str | Mapping[str, float] | None = None
    ) -> Conditions:
        """Return, for each option not on the shortlist, the least change that would bring it to the lead, or onto it.

        Parameters
        ----------
        *results : Decision, Simulation, ...
            The decision says what the shortlist is; without it the first `max_shortlist` options count.
        weights : None, str or mapping
            See `weights_of`.

        Returns
        -------
        Conditions
            `.table`: option, way (gate, weight, score, evidence, draws), goal, possible, item, now, needed, change,
            says.

        Examples
        --------
        >>> from smarthan.analysis import sample_appraisal
        >>> table = sample_appraisal().what_would_have_to_be_true().table
        >>> table[(table["option"] == "rep") & (table["goal"] == "lead")]["says"].iloc[0]
        'Fit with the communications hub would have to weigh 13.7% instead of 4.1% (9.6 points of 100 more)'
        """
        from smarthan.analysis.record.conditions import list_conditions
        from smarthan.analysis.record.results import sort_results

        return list_conditions(self, sort_results(self, results), weights)

    def audit(self, path: str | PathLike[str], *results: object, since: str | PathLike[str] | None = None) -> Path:
        """Write the record on which each number can be checked: one HTML page that asks nothing of anybody else.

        Parameters
        ----------
        path : path
            The page to write. Where it holds an earlier record, what was frozen then is held against what is now.
        *results : Score, Simulation, ValueOfInformation, Decision, CrossCheck, Register
            What to show beside the files; what is not given is said to be absent. Of a register, the live entries
            linked to an option, a criterion or a must-have.
        since : path, optional
            An earlier record elsewhere.

        Returns
        -------
        Path
            The page: question and answer, summary table, what would have to be true, dissent, information, other
            methods, what is open, must-haves, weights with their swings, weighted scores, simulation, every score with
            its source, the weakest evidence, problems, hashes. The same files and results give the same bytes.

        Raises
        ------
        ValueError
            When a result was made from another appraisal, or the file at `path` is no such record.
        TypeError
            When a result is of no kind that can be shown.
        OSError
            When the page cannot be written; an earlier one is left as it was.

        Warns
        -----
        UserWarning
            When weights, ranges or scales were changed after they were agreed; the page lists each change.

        Examples
        --------
        >>> import tempfile
        >>> from smarthan.analysis import sample_appraisal
        >>> appraisal = sample_appraisal()
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     page = appraisal.audit(f"{folder}/audit.html", appraisal.score()).read_text(encoding="utf-8")
        >>> page.count("<h1>"), "A simulation was not given to this record" in page
        (1, True)
        """
        from smarthan.analysis.record.audit import write_audit

        return write_audit(self, path, results, since)

    def display(self) -> Display:
        """Return the performance matrix for a notebook or a terminal: one row a criterion, one column an option."""
        from smarthan.analysis.record.words import say_cell

        said = {option.id: [say_cell(self, option.id, each) for each in self.criteria] for option in self.options}
        frame = pd.DataFrame({"criterion": [each.id for each in self.criteria], **said})
        table = Table("", frame, "Best estimates, in each criterion's unit")
        head = f"{self.title} ({self.status}, {self.as_of}): {self.decision}"
        return Display(head, [table], synthetic=self.synthetic)
