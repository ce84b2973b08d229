"""TOPSIS, PROMETHEE II and AHP weights against printed results."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from smarthan.analysis import ahp_weights, promethee2, topsis

CASES = Path(__file__).parent / "data" / "cases" / "scoring"


def test_topsis_cars_hodgett() -> None:
    case = json.loads((CASES / "topsis_cars_hodgett.json").read_text())
    given = case["inputs"]
    closeness = topsis(given["matrix"], given["weights"], given["objectives"])
    np.testing.assert_allclose(closeness, case["expected"]["similarity"], atol=case["tolerance"])
    ranking = [given["alternatives"][place] for place in np.argsort(-closeness)]
    assert ranking == case["expected"]["ranking"]


def test_ahp_cars() -> None:
    case = json.loads((CASES / "ahp_cars.json").read_text())
    given, expected = case["inputs"], case["expected"]
    weights, ratio = ahp_weights(given["criteria_pairwise"])
    np.testing.assert_allclose(weights, expected["criteria_weights"], atol=case["tolerance"])
    assert ratio == pytest.approx(expected["criteria_CR_RI058"], abs=case["tolerance"])
    with pytest.warns(UserWarning, match="contradict each other"):
        local = [ahp_weights(given["alternative_pairwise"][name])[0] for name in given["criteria"]]
    np.testing.assert_allclose(weights @ np.array(local), expected["overall"], atol=case["tolerance"])


def test_net_flows_add_to_nothing_and_follow_dominance() -> None:
    flows = promethee2([[3, 1, 9], [2, 2, 9], [1, 3, 8]], [2, 1, 1], ["max", "min", "max"])
    assert flows.sum() == pytest.approx(0)
    assert (np.diff(flows) < 0).all()
    assert flows[0] == pytest.approx(0.5 * (0.75 + 1))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: topsis([[1, 2]], [1], ["max"]), "do not fit"),
        (lambda: topsis([[1, 2], [2, 1]], [1, 1], ["max", "more"]), "'more' is not known"),
        (lambda: topsis([[1, 0], [2, 0]], [1, 1], ["max", "max"]), "0 for every option"),
        (lambda: promethee2([[1, 2]], [1, 1], ["max", "max"]), "two options"),
        (lambda: promethee2([[1.0, float("nan")], [1.0, 2.0]], [1, 1], ["max", "max"]), "finite"),
        (lambda: ahp_weights([[1, 2], [2, 1]]), "reciprocal"),
        (lambda: ahp_weights([[1, 2, 3]]), "square"),
    ],
)
def test_what_cannot_be_compared_is_refused(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=words):
        call()
