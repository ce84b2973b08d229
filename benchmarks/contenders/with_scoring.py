"""SMAA by us, by numpy at once, and by loops over the packages that score one table at a time."""

from __future__ import annotations

import importlib
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from draws import SEED, WEIGHTS, Floats, draw_values, make_appraisal
from smarthan.analysis import Simulation, Smaa, ValueOfInformation, smaa

CHECKED = 1_000  # draws whose rankings all must agree on; the packages are timed on these too
PEERS = Path(sys.prefix) / "peers-scoring"
Ints = npt.NDArray[np.int64]


def tell(acceptability: Floats) -> list[list[float]]:
    """Return rank acceptabilities as all tell them."""
    return np.round(acceptability, 9).tolist()


class OnGiven:
    """`smaa` on draws that are given: acceptability, central weights, confidence, pairs, entropy."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.items = task["draws"]
        self.values, self.weights = draw_values(make_appraisal(uncertain=False), self.items)

    def run(self) -> Smaa:
        """Do it."""
        return smaa(self.values, self.weights)

    def reduce(self, answer: Smaa) -> list[list[float]]:
        """Return the acceptabilities of the first draws."""
        assert answer.rank_acceptability.shape == (12, 12)
        return tell(smaa(self.values[:CHECKED], self.weights[:CHECKED]).rank_acceptability)


class AtOnce(OnGiven):
    """The same with numpy, all draws at once, as it is usually written."""

    version = np.__version__

    def run(self) -> tuple[Floats, ...]:  # type: ignore[override]
        """Do it."""
        return smaa_at_once(self.values, self.weights)

    def reduce(self, answer: tuple[Floats, ...]) -> list[list[float]]:  # type: ignore[override]
        """Return the acceptabilities of the first draws."""
        assert answer[0].shape == (12, 12)
        return tell(smaa_at_once(self.values[:CHECKED], self.weights[:CHECKED])[0])


def smaa_at_once(values: Floats, weights: Floats) -> tuple[Floats, ...]:
    """Return acceptability, central weights, confidence, pairwise wins and entropy, without chunks."""
    totals = np.einsum("nac,nc->na", values, weights)
    above = totals[:, None, :] > totals[:, :, None]
    ranks = above.sum(axis=2)
    count = totals.shape[1]
    acceptability = np.array([np.bincount(ranks[:, option], minlength=count) for option in range(count)]) / len(totals)
    first = ranks == 0
    with np.errstate(invalid="ignore"):
        central = first.T @ weights / first.sum(axis=0)[:, None]
    confidence = np.array([((values @ row).argmax(axis=1) == option).mean() for option, row in enumerate(central)])
    counts = np.unique(ranks, axis=0, return_counts=True)[1] / len(totals)
    return acceptability, central, confidence, above.mean(axis=0).T, -(counts * np.log2(counts)).sum()


class Package:
    """A package that scores one table with one set of weights: called once a draw, as its users call it."""

    module = ""
    distribution = ""

    def __init__(self, task: dict[str, Any]) -> None:
        # At the end of the path, so that numpy and all else stay those of the environment.
        sys.path.append(str(PEERS))
        self.library = importlib.import_module(self.module)
        found = [*PEERS.glob(f"{self.distribution.replace('-', '_')}-*.dist-info")]
        self.version = found[0].name.split("-")[1].removesuffix(".dist") if found else version(self.distribution)
        self.items = min(CHECKED, task["draws"])
        self.values, self.weights = draw_values(make_appraisal(uncertain=False), self.items)

    def total(self, values: Floats, weights: Floats) -> Floats:
        """Return the package's totals of one draw."""
        raise NotImplementedError

    def run(self) -> Ints:
        """Score every draw; return how many options are better than each."""
        totals = np.array([self.total(v, w) for v, w in zip(self.values, self.weights, strict=True)])
        return np.asarray((totals[:, None, :] > totals[:, :, None]).sum(axis=2))

    def reduce(self, better: Ints) -> list[list[float]]:
        """Return the acceptabilities."""
        count = better.shape[1]
        return tell(np.array([np.bincount(better[:, a], minlength=count) for a in range(count)]) / len(better))


class Pymcdm(Package):
    """pymcdm: weighted sum of a table that needs no scaling."""

    module, distribution = "pymcdm.methods", "pymcdm"

    def total(self, values: Floats, weights: Floats) -> Floats:
        """Return the weighted sums."""
        method = self.library.WSM(normalization_function=lambda column, cost=False: column / 100)
        return np.asarray(method(values, weights, np.ones(len(weights))))


class ScikitCriteria(Package):
    """scikit-criteria: a decision matrix and its weighted sum."""

    module, distribution = "skcriteria", "scikit-criteria"

    def total(self, values: Floats, weights: Floats) -> Floats:
        """Return the weighted sums."""
        from skcriteria.agg.simple import WeightedSumModel  # type: ignore[import-not-found]

        table = self.library.mkdm(values, [max] * len(weights), weights=weights)
        return np.asarray(WeightedSumModel().evaluate(table).e_.score)


class PyDecision(Package):
    """pyDecision: additive weighting; a thirteenth option at 100 makes its relative scale the agreed one."""

    module, distribution = "pyDecision.algorithm", "pydecision"

    def total(self, values: Floats, weights: Floats) -> Floats:
        """Return the weighted sums of the twelve."""
        table = np.vstack([values, np.full(len(weights), 100.0)])
        flow = self.library.saw_method(table, ["max"] * len(weights), weights, graph=False, verbose=False)
        return np.asarray(flow[:-1, 1])


class EndToEnd:
    """`simulate`, drawing included, with everything that is asked of it afterwards."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.items = task["draws"] * task.get("times", 1)
        self.appraisal = make_appraisal(uncertain=task.get("uncertain", False))

    def run(self) -> Simulation:
        """Do it."""
        simulation = self.appraisal.simulate(self.items, weights=WEIGHTS, seed=SEED)
        for ask in (simulation.rank_acceptability, simulation.central_weights, simulation.pairwise):
            ask()
        return simulation

    def reduce(self, answer: Simulation) -> list[list[float]]:
        """Return the acceptabilities of the first draws."""
        assert answer.shares.shape == (12, 12)
        checked = self.appraisal.simulate(CHECKED, weights=WEIGHTS, seed=SEED)
        return tell(checked.shares)


class EveryCell:
    """What each of 192 cells alone is worth, for three sets of weights."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.simulation = make_appraisal(uncertain=True).simulate(task["draws"])
        self.simulation.value_of_information("cell")  # perfect information is summed over the draws once

    def run(self) -> ValueOfInformation:
        """Do it."""
        return self.simulation.value_of_information("cell")

    def reduce(self, answer: ValueOfInformation) -> int:
        """Return the number of cells."""
        return len(answer.table)
