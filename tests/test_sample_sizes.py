"""Sample sizes: the published rule, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smarthan.analysis import sample_size

C24 = json.loads((Path(__file__).parent / "data" / "cases" / "C24_sample_size.json").read_text(encoding="utf-8"))
ANSWERS = ("deff", "dwellings", "buildings")


@pytest.mark.parametrize("case", C24["expected"], ids=lambda c: f"C24-{c['p']}-{c['half_width']}-{c['icc']}")
def test_c24(case: dict[str, Any]) -> None:
    options = {name: value for name, value in case.items() if name not in ANSWERS}
    answer = sample_size(options.pop("p"), options.pop("half_width"), **options)
    assert (answer.dwellings, answer.buildings) == (case["dwellings"], case["buildings"])
    assert answer.deff == pytest.approx(case["deff"])


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((1.0, 0.02), {}, "p is 1"),
        ((0.5, 0.0), {}, "half_width is 0"),
        ((0.5, 0.1), {"dwellings_per_building": 0}, "at least 1"),
        ((0.5, 0.1), {"icc": 1.5}, "icc is 1.5; it must be from 0 to 1"),
        ((0.5, 0.1), {"z": 0}, "z is 0"),
    ],
)
def test_arguments_out_of_range_are_named(arguments: tuple[float, float], options: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        sample_size(*arguments, **options)


def test_a_product_that_is_whole_on_paper_gains_no_unit() -> None:
    assert sample_size(0.5, 0.1, z=2).dwellings == 100
