"""What must hold of every appraisal, whatever is in it: laws of scores, draws and information, under hypothesis."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from tests.random_appraisals import SEEDS, make_random

from smarthan.analysis import Appraisal, evsi_beta_binomial
from smarthan.analysis.appraisal.parts import Criterion, Judgement, WeightSet
from smarthan.analysis.scoring.weights import flatten_groups
from smarthan.analysis.worth.discrete import expected_maximum
from smarthan.analysis.worth.learning import Cells, information_gain, worth_of_cells

law = settings(max_examples=25, deadline=None)
few = settings(max_examples=8, deadline=None)
DRAWS = 3_000


def totals(appraisal: Appraisal, name: str = "s0") -> pd.Series:
    return appraisal.score(name).table.set_index("option")["total"]


def reweigh(appraisal: Appraisal, change: np.ndarray | None = None, width: int = 0) -> tuple[WeightSet, ...]:
    """Return the weight sets with their criteria put in another order, or with zeros added."""
    sets = []
    for each in appraisal.weight_sets:
        weights = np.array(each.weights if change is None else np.array(each.weights)[change])
        sets.append(replace(each, weights=(*weights.tolist(), *[0.0] * width)))
    return tuple(sets)


def add_idle(appraisal: Appraisal) -> Appraisal:
    """Return the appraisal with one more criterion, certain and of weight 0."""
    idle = Criterion("idle", "Idle", unit="m", xs=(0.0, 9.0), ys=(0.0, 100.0))
    rows = tuple(
        Judgement(option.id, "idle", "panel", best=float(place), low=float(place), high=float(place))
        for place, option in enumerate(appraisal.options)
    )
    return replace(
        appraisal,
        criteria=(*appraisal.criteria, idle),
        judgements=(*appraisal.judgements, *rows),
        weight_sets=reweigh(appraisal, width=1),
    )


def cells_of(appraisal: Appraisal) -> Cells:
    """Return every uncertain cell of a simulation of the appraisal."""
    model = appraisal.simulate(1).model
    return [(place, model.criteria[column]) for place, one in enumerate(model.options) for column, _ in one.cells]


@law
@given(SEEDS)
def test_a_criterion_of_weight_0_changes_nothing(seed: int) -> None:
    before = make_random(seed)
    after = add_idle(before)
    pd.testing.assert_series_equal(totals(before), totals(after))
    one, other = before.simulate(DRAWS), after.simulate(DRAWS)
    np.testing.assert_array_equal(one.shares, other.shares)
    cells = cells_of(before)
    assert worth_of_cells(one.model, one.source.sets, cells) == pytest.approx(
        worth_of_cells(other.model, other.source.sets, cells), abs=1e-9
    )


@law
@given(SEEDS)
def test_a_change_of_unit_changes_nothing(seed: int) -> None:
    before = make_random(seed)
    factor = {c.id: 1.0 if c.levels else 1000.0 for c in before.criteria}
    criteria = tuple(replace(c, xs=tuple(x * factor[c.id] for x in c.xs)) for c in before.criteria)

    def scale(one: Judgement) -> Judgement:
        if one.criterion not in factor or one.best is None:
            return one
        by = factor[one.criterion]
        ends = {name: None if value is None else value * by for name, value in (("low", one.low), ("high", one.high))}
        return replace(one, best=one.best * by, **ends)  # type: ignore[arg-type]

    after = replace(before, criteria=criteria, judgements=tuple(map(scale, before.judgements)))
    pd.testing.assert_series_equal(totals(before), totals(after))
    np.testing.assert_allclose(before.simulate(DRAWS).shares, after.simulate(DRAWS).shares, atol=1e-9)


@law
@given(SEEDS)
def test_a_further_option_reorders_nobody_and_changes_no_pair(seed: int) -> None:
    more = make_random(seed, options=4)
    fewer = replace(more, options=more.options[:3])
    kept = more.score("s0").table["option"].isin(fewer.score("s0").table["option"])
    assert more.score("s0").table["option"][kept].tolist() == fewer.score("s0").table["option"].tolist()
    pd.testing.assert_series_equal(totals(fewer), totals(more)[totals(fewer).index])
    pairs = [each.simulate(DRAWS).pairwise().set_index(["option", "over"])["share"] for each in (fewer, more)]
    np.testing.assert_array_equal(pairs[0], pairs[1][pairs[0].index])


@law
@given(SEEDS)
def test_another_order_of_options_criteria_and_rows_changes_nothing_but_order(seed: int) -> None:
    before = make_random(seed)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(before.criteria))
    rows = rng.permutation(len(before.judgements))
    after = replace(
        before,
        options=before.options[::-1],
        criteria=tuple(before.criteria[place] for place in order),
        judgements=tuple(before.judgements[place] for place in rows),
        weight_sets=reweigh(before, order),
    )
    np.testing.assert_allclose(totals(after)[totals(before).index], totals(before), atol=1e-9)
    one, other = before.simulate(DRAWS), after.simulate(DRAWS)
    np.testing.assert_allclose(one.shares, other.shares[::-1], atol=1e-9)


@law
@given(SEEDS)
def test_a_criterion_split_in_two_equal_ones_changes_nothing(seed: int) -> None:
    before = make_random(seed, certain=True)
    first = before.criteria[0]
    twin = replace(first, id="twin")
    rows = tuple(replace(one, criterion="twin") for one in before.judgements if one.criterion == first.id)
    sets = tuple(
        replace(each, weights=(each.weights[0] / 2, *each.weights[1:], each.weights[0] / 2))
        for each in before.weight_sets
        if each.weights
    )
    after = replace(before, criteria=(*before.criteria, twin), judgements=(*before.judgements, *rows), weight_sets=sets)
    np.testing.assert_allclose(totals(after)[totals(before).index], totals(before), atol=1e-9)
    np.testing.assert_allclose(after.simulate(10).shares, before.simulate(10).shares)


@law
@given(SEEDS)
def test_flat_weights_are_weights_through_groups_and_scaling_swings_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = {f"c{place}": str(rng.choice(["", "A", "A/X", "B"])) for place in range(6)}
    swings = {name: float(rng.integers(1, 100)) for name in groups}
    nodes = {f"group:{path}" for path in ("A", "A/X", "B")}
    stated = {**swings, **{node: float(rng.integers(1, 100)) for node in nodes}}
    weights = flatten_groups(stated, groups)
    assert sum(weights.values()) == pytest.approx(1)
    scaled = flatten_groups({node: swing * 7 for node, swing in stated.items()}, groups)
    assert scaled == pytest.approx(weights)
    flat = make_random(seed)
    points = rng.integers(1, 100, len(flat.criteria))
    ids = [criterion.id for criterion in flat.criteria]
    one = flat.score(dict(zip(ids, points.tolist(), strict=True))).table["total"]
    other = flat.score(dict(zip(ids, (points * 12.5).tolist(), strict=True))).table["total"]
    np.testing.assert_allclose(one, other, atol=1e-9)


@law
@given(SEEDS)
def test_who_dominates_never_scores_lower_and_contributions_add_up(seed: int) -> None:
    appraisal = make_random(seed)
    score = appraisal.score("s0")
    pairs = appraisal.dominance()
    for option, over in pairs[pairs["relation"] == "dominates"][["option", "over"]].values:
        assert totals(appraisal)[option] >= totals(appraisal)[over] - 1e-9
    sums = score.contributions().groupby("option", observed=True)["contribution"].sum()
    np.testing.assert_allclose(sums[score.table["option"]], score.table["total"], atol=1e-9)


@law
@given(SEEDS)
def test_acceptabilities_add_to_1_whatever_the_threads(seed: int) -> None:
    appraisal = make_random(seed)
    one, two = (appraisal.simulate(5_000, threads=count, seed=seed) for count in (1, 2))
    np.testing.assert_array_equal(one.shares, two.shares)
    np.testing.assert_allclose(one.shares.sum(axis=0), 1)
    np.testing.assert_allclose(one.shares.sum(axis=1), 1)
    longer = appraisal.simulate(9_000, threads=2, seed=seed)
    assert (one.shares * 5_000 <= longer.shares * 9_000 + 1e-6).all()


@few
@given(SEEDS)
def test_knowing_more_is_worth_more_and_at_most_everything(seed: int) -> None:
    appraisal = make_random(seed)
    simulation = appraisal.simulate(20_000)
    model, sets = simulation.model, simulation.source.sets
    cells = [
        *cells_of(appraisal),
        *((place, gate) for place, one in enumerate(model.options) for gate, _ in one.gates),
    ]
    rng = np.random.default_rng(seed)
    rng.shuffle(cells)
    worth = np.array([worth_of_cells(model, sets, cells[:count]) for count in range(len(cells) + 1)])
    assert (worth[0] == 0).all()
    assert (np.diff(worth, axis=0) > -1e-3).all()
    perfect = simulation.value_of_information("criterion").evpi
    assert (worth[-1] <= perfect["value"] + 4 * perfect["se"] + 0.005).all()
    assert (worth[-1] >= perfect["value"] - 4 * perfect["se"] - 0.005).all()


@few
@given(SEEDS)
def test_regret_falls_as_a_list_grows_and_that_of_the_leader_is_perfect_information(seed: int) -> None:
    appraisal = make_random(seed)
    simulation = appraisal.simulate(DRAWS)
    table = simulation.shortlist(0.0, 3).table.set_index("options")["worst_regret"]
    for names in table.index:
        parts = names.split(", ")
        for out in parts:
            fewer = ", ".join(part for part in parts if part != out)
            assert not fewer or table[fewer] >= table[names] - 1e-9
    only = appraisal.simulate(DRAWS, weights="s0")
    leader = only.disagreement().ranks.set_index("option")["points"].idxmax()
    best = only.shortlist(0.0, 1).table.set_index("options")["worst_regret"]
    assert leader not in best or best[leader] == pytest.approx(only.value_of_information().evpi["value"].item())


@law
@given(SEEDS)
def test_knowing_what_is_certain_is_worth_nothing(seed: int) -> None:
    appraisal = make_random(seed, certain=True)
    information = appraisal.simulate(100).value_of_information("option")
    assert (information.evpi["value"] == 0).all()
    assert (information.by_set["value"] == 0).all()


@law
@given(SEEDS)
def test_a_trial_tells_more_the_larger_it_is_and_never_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 5))
    priors = [(float(a), float(b)) if rng.random() < 0.8 else None for a, b in rng.uniform(0.5, 20, (count, 2))]
    expected, scale = rng.uniform(40, 60, count), rng.uniform(-40, 40, count)
    worth = np.atleast_1d(evsi_beta_binomial(expected, scale, priors, [0, 1, 2, 5, 20, 100]))
    assert worth[0] == 0
    assert all(more >= less - 1e-9 for less, more in pairwise(worth))
    shares = [None if p is None else rng.beta(*p, 20_000) for p in priors]
    known = [
        (e + s * (x - x.mean()), np.full(len(x), 1 / len(x))) if x is not None else (np.array([e]), np.ones(1))
        for e, s, x in zip(expected, scale, shares, strict=True)
    ]
    assert worth[-1] <= expected_maximum(known) - expected.max() + 0.3


@few
@given(SEEDS)
def test_one_cell_is_worth_the_same_by_either_way(seed: int) -> None:
    from smarthan.analysis.worth.learning import _learn_option

    simulation = make_random(seed).simulate(1)
    model, sets = simulation.model, simulation.source.sets
    for place, option in enumerate(model.options):
        for name in [*(model.criteria[column] for column, _ in option.cells), *(gate for gate, _ in option.gates)]:
            quick = worth_of_cells(model, sets, [(place, name)])
            slow = [
                information_gain(model, weights, {place: _learn_option(model, weights, place, {place: [name]})})
                for weights in sets
            ]
            assert quick == pytest.approx(slow, abs=1e-9)
