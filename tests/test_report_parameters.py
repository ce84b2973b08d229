"""Parameters are read by syntax, checked by type, and refused with every reason at once."""

from typing import Any

import pytest

from smarthan.report.parameters import Parameter, convert, read_parameters, resolve_parameters


def _notebook(*sources: str) -> dict[str, Any]:
    cells = [{"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": source} for source in sources]
    return {"cells": cells}


SOURCE = """inputs: str = ""  # folder of report.toml
draws: int = 10_000  # random draws (fast: 500)
mark: str = "x#y"  # a text with a hash
levels: list[float] = [0.9, 0.95]  # levels
weights: dict[str, float] = {}  # weights by group
"""


def test_each_line_is_read_with_its_help_and_fast_value() -> None:
    parameters, problems = read_parameters(_notebook(SOURCE))
    assert problems == []
    assert [(p.name, p.annotation, p.default) for p in parameters] == [
        ("inputs", "str", ""),
        ("draws", "int", 10_000),
        ("mark", "str", "x#y"),
        ("levels", "list[float]", [0.9, 0.95]),
        ("weights", "dict[str, float]", {}),
    ]
    assert (parameters[1].help, parameters[1].fast) == ("random draws", 500)
    assert parameters[0].fast == ""


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("draws = 5  # draws", "is not `name: type = value`"),
        ("draws: int  # draws", "is not `name: type = value`"),
        ("draws: int = 5", "has no comment"),
        ("a: str | None = None  # a", "annotation str | None is not allowed"),
        ("a: list[list[int]] = []  # a", "is not allowed"),
        ("draws: int = 5.0  # draws", "whole number"),
        ("draws: int = len('abc')  # draws", "plain value"),
        ("draws: int = 5  # draws (fast: lots)", "plain value"),
        ("draws: int = 5  # a\ndraws: int = 6  # b", "stands twice"),
        ("draws: int = (  # draws", "is not Python"),
    ],
)
def test_a_cell_that_papermill_would_misread_is_refused(source: str, words: str) -> None:
    problems = read_parameters(_notebook(source))[1]
    assert len(problems) == 1
    assert words in problems[0]


def test_brackets_in_the_comment_give_range_choice_and_fast_value() -> None:
    source = """draws: int = 10_000  # random draws (from 1 to 1_000_000) (fast: 500)
share: float = 0.95  # a share (from 0 to 1) of homes
rows: list[int] = [5]  # rows (from 1)
form: str = "long"  # form (one of: long, short)
plain: str = ""  # folder (or none)
"""
    parameters, problems = read_parameters(_notebook(source))
    assert problems == []
    assert [(p.low, p.high, p.allowed, p.help) for p in parameters] == [
        (1, 1_000_000, (), "random draws"),
        (0, 1, (), "a share of homes"),
        (1, None, (), "rows"),
        (None, None, ("long", "short"), "form"),
        (None, None, (), "folder (or none)"),
    ]
    given = {"draws": 0, "share": 1.2, "rows": [3, 0], "form": "tall"}
    words = resolve_parameters(parameters, given)[1]
    expected = ("0 is below 1", "1.2 is above 1", "0 is below 1", "'tall' is none of long, short")
    assert all(text in found for text, found in zip(expected, words, strict=True))


@pytest.mark.parametrize("comment", ["draws (from 1 to 4)", "draws (to 4)", "draws (from 1 to 9) (fast: 10)"])
def test_a_default_outside_its_own_range_is_a_fault_of_the_notebook(comment: str) -> None:
    assert "needs a plain value" in read_parameters(_notebook(f"draws: int = 5  # {comment}"))[1][0]


def test_two_parameters_cells_are_refused_and_none_is_allowed() -> None:
    assert "2 cells" in read_parameters(_notebook(SOURCE, SOURCE))[1][0]
    assert read_parameters({"cells": []}) == ([], [])


@pytest.mark.parametrize(
    ("value", "annotation", "expected"),
    [("5", "int", 5), ("-5", "int", -5), (2, "float", 2.0), ("true", "bool", True), ([1], "list[float]", [1.0])],
)
def test_values_are_converted_by_annotation(value: object, annotation: str, expected: object) -> None:
    assert convert(value, annotation) == expected


@pytest.mark.parametrize(
    ("value", "annotation"),
    [
        (5.0, "int"),
        ("5.0", "int"),
        (True, "int"),
        ("9" * 30, "int"),
        (float("nan"), "float"),
        ("inf", "float"),
        (True, "float"),
        (5, "str"),
        ("x" * 10_001, "str"),
        (1, "bool"),
        ("5", "list[int]"),
        ([1.5], "list[int]"),
        ([], "dict[str, int]"),
    ],
)
def test_values_of_another_type_are_refused(value: object, annotation: str) -> None:
    with pytest.raises(ValueError, match="needed"):
        convert(value, annotation)


@pytest.mark.parametrize("name", ["draw", "draws\nimport os", "draws = 1; x", "__import__"])
def test_an_unknown_name_is_refused_and_shown_without_line_breaks(name: str) -> None:
    problems = resolve_parameters([Parameter("draws", "int", 5, "random draws", 5)], {name: 1})[1]
    assert len(problems) == 1
    assert "is not a parameter; known: draws (int, random draws)" in problems[0]
    assert "\n" not in problems[0]


def test_all_problems_come_at_once_and_fast_values_fill_in() -> None:
    parameters = [Parameter("draws", "int", 10_000, "draws", 500), Parameter("seed", "int", 1, "seed", 1)]
    assert len(resolve_parameters(parameters, {"draws": "many", "sed": 2})[1]) == 2
    assert resolve_parameters(parameters, {"seed": 2}, fast=True) == ({"draws": 500, "seed": 2}, [])
