"""Simulation of the example within its stated tolerance, and the laws that make a simulation trustworthy."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from smarthan.analysis import Appraisal, Simulation, read_appraisal
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
        ({"draws": 0}, "draws is 0"),
        ({"draws": 1.5}, "whole number"),
        ({"seed": -1}, "seed is -1"),
        ({"threads": 0}, "threads is 0"),
    ],
)
def test_wrong_arguments_are_named(example: Appraisal, options: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        example.simulate(**options)  # type: ignore[arg-type]


def test_the_display_says_synthetic_and_how_it_was_drawn(example: Appraisal) -> None:
    assert "2,000 draws, weights panel, seed 0 · synthetic" in example.simulate(2_000, weights="panel")._repr_html_()
