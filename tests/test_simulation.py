"""Simulation of the example within its stated tolerance, and the laws that make a simulation trustworthy."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.random_appraisals import make_appraisal

from smarthan.analysis import Appraisal, Simulation, read_appraisal
from smarthan.analysis.appraisal.parts import Criterion, Judgement, WeightSet
from smarthan.analysis.simulation.disagreement import expected_points
from smarthan.analysis.simulation.draws import CHUNK, build_draw_model, draw_option

EXAMPLE = Path(__file__).parent / "data" / "cases" / "scoring" / "example_appraisal"
EXPECTED = json.loads((EXAMPLE / "expected.json").read_text())
FIRST = EXPECTED["simulation"]["first_rank"]


@pytest.fixture(scope="module")
def example() -> Appraisal:
    return read_appraisal(EXAMPLE)


@pytest.mark.parametrize("weights", FIRST)
def test_first_ranks_are_those_expected(example: Appraisal, weights: str) -> None:
    simulation = example.simulate(60_000, weights="all" if weights == "all_sets" else weights)
    table = simulation.rank_acceptability()
    first = table[table["rank"] == 1].set_index("option")["share"]
    for option in simulation.options:
        assert first[option] == pytest.approx(FIRST[weights].get(option, 0.0), abs=0.01)
    np.testing.assert_allclose(table["se"], np.sqrt(table["share"] * (1 - table["share"]) / 60_000), atol=1e-9)


@pytest.mark.parametrize("name", EXPECTED["expected_value"]["points"])
def test_expected_points_are_those_expected(example: Appraisal, name: str) -> None:
    points = expected_points(build_draw_model(example), example.weights_of(name)[1])
    expected = EXPECTED["expected_value"]["points"][name]
    np.testing.assert_allclose(points, list(expected.values()), atol=EXPECTED["expected_value"]["tolerance"])


def test_acceptabilities_add_to_one_and_pairs_to_one(example: Appraisal) -> None:
    simulation = example.simulate(5_000)
    wide = simulation.rank_acceptability().pivot(index="option", columns="rank", values="share")
    np.testing.assert_allclose(wide.sum(axis=0), 1)
    np.testing.assert_allclose(wide.sum(axis=1), 1)
    pairs = simulation.pairwise().set_index(["option", "over"])["share"]
    assert pairs["zb868", "tp"] + pairs["tp", "zb868"] == pytest.approx(1)
    assert "lpwan" not in simulation.options


def assert_same(one: Simulation, other: Simulation) -> None:
    """Every sum of one simulation is that of another, to the last bit."""
    assert one.sums.ranks.keys() == other.sums.ranks.keys()
    for equal, counts in one.sums.ranks.items():
        np.testing.assert_array_equal(counts, other.sums.ranks[equal])
    for name in ("wins", "first_weights", "weight_sum", "weight_products"):
        np.testing.assert_array_equal(getattr(one.sums, name), getattr(other.sums, name))


def test_threads_do_not_matter_and_the_seed_does(example: Appraisal) -> None:
    one, two = (example.simulate(9_000, threads=count, seed=7) for count in (1, 3))
    assert_same(one, two)
    other = example.simulate(9_000, seed=8)
    assert (one.sums.ranks[0] != other.sums.ranks[0]).any()


def test_the_first_draws_of_a_longer_run_are_the_same(example: Appraisal) -> None:
    first, short, long = (
        example.simulate(draws, threads=1).shares * draws for draws in (CHUNK, CHUNK + 100, 2 * CHUNK)
    )
    assert (short - first).sum() == pytest.approx(100 * len(short))
    assert (short - first >= -1e-9).all()
    assert (short <= long + 1e-9).all()


def test_row_order_and_a_further_option_change_no_draw(example: Appraisal, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "shuffled"))
    head, *rows = (folder / "scores.csv").read_text().splitlines()
    order = np.random.default_rng(2).permutation(len(rows))
    (folder / "scores.csv").write_text("\n".join([head, *(rows[place] for place in order)]) + "\n")
    shuffled = read_appraisal(folder).simulate(5_000)
    assert_same(shuffled, example.simulate(5_000))
    fewer = replace(example, options=example.options[:3])
    for small, large in zip(build_draw_model(fewer).options, build_draw_model(example).options, strict=False):
        for one, other in zip(draw_option(small, 4, 2), draw_option(large, 4, 2), strict=True):
            np.testing.assert_array_equal(one, other)


def test_an_option_takes_the_last_places_where_it_fails_a_gate(example: Appraisal) -> None:
    table = example.simulate(20_000, weights="panel").rank_acceptability()
    last = table[table["rank"] == 11].set_index("option")["share"]
    failing = 1 - np.array([0.7, 0.6, 0.5])  # moca, wifi, wmbus
    assert last[["moca", "wifi", "wmbus"]].sum() == pytest.approx(1, abs=0.02)
    assert (last[["moca", "wifi", "wmbus"]].to_numpy() <= failing + np.array([0.7, 0.02, 0.02])).all()


def test_central_weights_are_missing_where_an_option_is_never_first(example: Appraisal) -> None:
    simulation = example.simulate(5_000)
    weights = simulation.central_weights().pivot(index="option", columns="criterion", values="weight")
    assert weights.loc["moca"].isna().all()
    np.testing.assert_allclose(weights.dropna().sum(axis=1), 1)
    confidence = simulation.confidence().set_index("option")
    assert np.isnan(confidence.loc["moca", "confidence"])
    assert confidence.loc["nbplc", "confidence"] > confidence.loc["nbplc", "first_share"]


def test_with_one_set_the_confidence_is_the_first_share(example: Appraisal) -> None:
    table = example.simulate(5_000, weights="supplier").confidence().dropna()
    np.testing.assert_allclose(table["confidence"], table["first_share"])


@pytest.fixture
def mixed(tmp_path: Path) -> Appraisal:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "mixed"))
    ids = [criterion.id for criterion in read_appraisal(folder).criteria]
    rows = [f"ranker,{name},,{place},,,,\n" for place, name in enumerate(ids, 1)]
    rows += [f"wide,{name},,,,0,0.3,\n" for name in ids]
    rows += [f"narrow,{name},,,,0.05,0.08,\n" for name in ids]
    (folder / "weights.csv").write_text("assessor,criterion,swing,rank,weight,low,high,note\n" + "".join(rows))
    return read_appraisal(folder)


@pytest.mark.parametrize("weights", ["simplex", "ordinal:ranker", "interval:wide", "interval:narrow"])
def test_drawn_weights_keep_what_was_stated(mixed: Appraisal, weights: str) -> None:
    from smarthan.analysis.simulation.weight_draws import choose_weights

    drawn = choose_weights(mixed, weights).draw(3, 0)
    assert drawn.shape == (16, CHUNK)
    np.testing.assert_allclose(drawn.sum(axis=0), 1)
    assert drawn.min() >= 0
    if weights == "simplex":
        np.testing.assert_allclose(drawn.mean(axis=1), 1 / 16, atol=0.005)
        np.testing.assert_allclose(drawn.var(axis=1), 15 / 16**2 / 17, rtol=0.15)
    if weights.startswith("ordinal"):
        assert (np.diff(drawn, axis=0) <= 0).all()
        np.testing.assert_allclose(drawn.mean(axis=1), mixed.weights_of("ranker")[1], atol=0.005)
    if weights == "interval:wide":
        assert drawn.max() <= 0.3
    if weights == "interval:narrow":
        assert drawn.min() >= 0.05 - 1e-12
        assert drawn.max() <= 0.08 + 1e-12
        np.testing.assert_allclose(drawn.mean(axis=1), 1 / 16, atol=0.001)
        assert drawn.std(axis=1).min() > 0.004


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"weights": "nobody"}, "'nobody' is not known.*panel, consumer_body, supplier"),
        ({"weights": "ordinal:panel"}, "states swing, not ranks"),
        ({"weights": "interval:panel"}, "not low and high"),
        ({"weights": None}, "weights is None; it must be a name or a mapping"),
        ({"weights": {"capex": -1}}, "-1 is negative"),
        ({"weights": {"cost": 1}}, "cost is no criterion"),
        ({"draws": 0}, "draws is 0"),
        ({"draws": 1.5}, "whole number"),
        ({"seed": -1}, "seed is -1"),
        ({"threads": 0}, "threads is 0"),
        ({"draws": True}, "draws is True"),
        ({"seed": 1.0}, "seed is 1.0; it must be a whole number of 0 or more"),
    ],
)
def test_wrong_arguments_are_named(example: Appraisal, options: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        example.simulate(**options)  # type: ignore[arg-type]


def test_the_display_says_synthetic_and_how_it_was_drawn(example: Appraisal) -> None:
    assert "2,000 draws, weights panel, seed 0 · synthetic" in example.simulate(2_000, weights="panel")._repr_html_()


def draw_within(bounds: list[tuple[float, float]]) -> np.ndarray:
    from smarthan.analysis.simulation.weight_draws import _interval_drawer

    return _interval_drawer(WeightSet("x", "interval", None, bounds=tuple(bounds)))(1, 0)


def test_narrow_bounds_beside_wide_ones_do_not_keep_the_wide_from_moving() -> None:
    # Two wide criteria share .3 less what fourteen narrow ones leave: each is uniform over what there is.
    drawn = draw_within([(0.05, 0.0505)] * 14 + [(0.0, 0.3)] * 2)
    np.testing.assert_allclose(drawn.sum(axis=0), 1)
    assert drawn[14].std() == pytest.approx(0.2965 / np.sqrt(12), rel=0.05)
    assert drawn[:14].std(axis=1).min() == pytest.approx(0.0005 / np.sqrt(12), rel=0.1)


@pytest.mark.parametrize(
    "bounds",
    [
        [(0.5, 0.5), (0.5, 0.5)],
        [(0.2, 0.2), (0.3, 0.9), (0.5, 0.9)],
        [(0.0, 0.6), (0.0, 0.4)],
        [(0.3, 0.3), (0.3, 0.3), (0.4, 1.0)],
    ],
    ids=["fixed", "lows add to 1", "highs add to 1", "one is free"],
)
def test_bounds_that_leave_one_answer_give_it(bounds: list[tuple[float, float]]) -> None:
    drawn = draw_within(bounds)
    np.testing.assert_allclose(drawn.sum(axis=0), 1)
    assert np.ptp(drawn, axis=1).max() < 1e-12


def test_walking_and_rejecting_draw_the_same_weights() -> None:
    from smarthan.analysis.simulation.weight_draws import _hit_and_run, _reject

    low, high = np.array([0.1, 0.0, 0.2, 0.05]), np.array([0.4, 0.5, 0.5, 0.3])
    streams = [np.random.default_rng(seed) for seed in (1, 2)]
    walked, rejected = _hit_and_run(streams[0], low, high), _reject(streams[1], low, high)
    np.testing.assert_allclose(walked.mean(axis=1), rejected.mean(axis=1), atol=0.006)
    np.testing.assert_allclose(np.cov(walked), np.cov(rejected), atol=6e-4)


def test_weights_may_be_a_mapping_or_the_mean_of_the_sets(example: Appraisal) -> None:
    given = example.simulate(2_000, weights={"capex": 2, "reach_flat": 2})
    assert (given.weights, given.source.set_names) == ("given", ("given",))
    assert given.weight_moments()[0].max() == pytest.approx(0.5)
    assert example.simulate(2_000, weights="mean").weight_moments()[0] == pytest.approx(example.weights_of("mean")[1])


@pytest.mark.parametrize("draws", [1, 2, CHUNK - 1, CHUNK + 1])
def test_any_number_of_draws_will_do(example: Appraisal, draws: int) -> None:
    simulation = example.simulate(np.int64(draws), seed=np.uint8(3))  # type: ignore[arg-type]
    assert simulation.shares.sum() == pytest.approx(11)
    assert simulation.value_of_information("criterion").evpi["value"].ge(0).all()
    assert simulation.shortlist().options
    assert simulation.confidence()["first_share"].sum() == pytest.approx(1)


def test_options_level_in_every_draw_share_their_ranks() -> None:
    percent = Criterion("x", "X", unit="%", xs=(0.0, 100.0), ys=(0.0, 100.0))
    rows = [
        Judgement(name, "x", "p", best=best, low=best, high=best)
        for name, best in zip("abc", (50.0, 50.0, 20.0), strict=True)
    ]
    simulation = make_appraisal([percent], rows, {"s": [1]}).simulate(500)
    np.testing.assert_allclose(simulation.shares, np.array([[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]]))
    np.testing.assert_allclose(simulation.confidence()["confidence"].to_numpy()[:2], 0.5)
    assert simulation.shortlist(0.0, 2).options == ("a",)


@pytest.mark.parametrize(("good", "share"), [(0.5, 0.5), (0.25, 0.75)], ids=["even", "three to one"])
def test_two_options_by_hand(good: float, share: float) -> None:
    # One is uniform over 0 to 100, the other certain.
    percent = Criterion("x", "X", unit="%", xs=(0.0, 100.0), ys=(0.0, 100.0))
    rows = [
        Judgement("a", "x", "p"),
        Judgement("b", "x", "p", best=100 * good, low=100 * good, high=100 * good),
    ]
    table = make_appraisal([percent], rows, {"s": [1]}).simulate(100_000).confidence().set_index("option")
    assert table.loc["a", "first_share"] == pytest.approx(share, abs=4 * table.loc["a", "first_se"])


@pytest.mark.parametrize(
    ("options", "columns", "limit"), [(40, 20, 20e6), pytest.param(200, 60, 100e6, marks=pytest.mark.slow)]
)
def test_many_options_and_criteria_stay_within_memory(options: int, columns: int, limit: float) -> None:
    import tracemalloc

    rng = np.random.default_rng(0)
    criteria = [Criterion(f"c{n}", "C", unit="%", xs=(0.0, 100.0), ys=(0.0, 100.0)) for n in range(columns)]
    rows = [
        Judgement(f"o{option}", criterion.id, "p", best=best, low=best if sure else 0.0, high=best if sure else 100.0)
        for option in range(options)
        for criterion, best, sure in zip(
            criteria, rng.uniform(0, 100, columns).tolist(), rng.random(columns) < 0.95, strict=True
        )
    ]
    appraisal = make_appraisal(criteria, rows, {"s": [1.0] * columns, "t": [*range(1, columns + 1)]})
    tracemalloc.start()
    simulation = appraisal.simulate(CHUNK + 1, threads=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert simulation.shares.sum() == pytest.approx(options)
    assert peak < limit
    assert len(simulation.value_of_information().decide().shortlist) >= 1
