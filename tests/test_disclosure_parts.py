"""The parts under suppression: rules, the lattice of cells, the reader at work."""

import inspect
import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarthan.settings import SettingsError
from smarthan.trial_data import k_anonymity, round_counts, suppress
from smarthan.trial_data.disclosure.attack import Attack, Program, extreme_rows
from smarthan.trial_data.disclosure.defaults import RULES, SHIPPED, read_rules
from smarthan.trial_data.disclosure.lattice import span_lattice


def default_of(function: object, name: str) -> object:
    return inspect.signature(function).parameters[name].default  # type: ignore[arg-type]


def test_the_defaults_are_those_of_the_file() -> None:
    assert (default_of(suppress, "threshold"), default_of(suppress, "dominance")) == (10, 0.5)
    assert (default_of(suppress, "two_largest"), default_of(suppress, "p_percent")) == (0.9, 10)
    assert default_of(round_counts, "base") == 5
    assert default_of(k_anonymity, "k") == 5
    assert RULES.degrees_of_freedom == 10


def test_every_rule_names_its_source() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert text.count("[") == text.count("source = ") == text.count("about = ")


def test_a_file_of_rules_that_lacks_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(SHIPPED.read_text(encoding="utf-8").replace("[base]", "[bose]"), encoding="utf-8")
    with pytest.raises(SettingsError, match="bose"):
        read_rules(path)


def keys(*rows: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["a", "b"][: len(rows[0])])


SQUARE = keys(*itertools.product(["x", "y", "Total"], ["1", "2", "Total"]))


def test_cells_are_numbered_with_the_total_last() -> None:
    lattice = span_lattice([(SQUARE, ["a", "b"])], "Total")
    assert lattice.number(SQUARE).tolist() == list(range(9))
    assert lattice.name(5) == "a y, b Total"
    assert lattice.number(keys(("y",))).tolist() == [5]
    assert lattice.inner.tolist() == [0, 1, 3, 4]
    assert lattice.add_up(np.array([1, 2, 3, 4])).tolist() == [1, 2, 3, 3, 4, 7, 4, 6, 10]


def test_equations_hold_for_every_table_that_adds_up() -> None:
    lattice = span_lattice([(SQUARE, ["a", "b"])], "Total")
    assert lattice.equations.shape == (6, 9)
    assert not (lattice.equations @ lattice.add_up(np.arange(4.0))).any()


def test_combinations_without_a_row_are_impossible_unless_their_total_has_one() -> None:
    lattice = span_lattice([(keys(("x", "1"), ("y", "2"), ("y", "Total"), ("z", "Total")), ["a", "b"])], "Total")
    assert [lattice.name(cell) for cell in np.flatnonzero(~lattice.possible).tolist()] == [
        "a x, b 2",
        "a y, b 1",
    ]


def test_margins_alone_say_nothing_of_what_lies_under_them() -> None:
    lattice = span_lattice([(SQUARE[SQUARE.eq("Total").any(axis=1)], ["a", "b"])], "Total")
    assert lattice.possible.all()


def line(hidden: list[bool]) -> tuple[Attack, Program]:
    """Return a reader of 4 + 6 + 20 = 30 of which some cells are hidden."""
    lattice = span_lattice([(keys(("x",), ("y",), ("z",), ("Total",)), ["a"])], "Total")
    attack = Attack(lattice, np.array([4.0, 6, 20, 30]), np.zeros(4), is_whole=True)
    return attack, Program.of(lattice, np.array(hidden))


def test_a_reader_finds_the_ends_of_a_hidden_cell() -> None:
    attack, program = line([True, True, False, False])
    assert attack.interval(program, 0) == (0, 10)
    assert attack.interval(program, 1) == (0, 10)
    assert attack.width(program, 0) == 10


def test_one_hidden_cell_is_one_point_and_one_without_a_total_has_no_end() -> None:
    attack, program = line([True, False, False, False])
    assert attack.interval(program, 0) == (4, 4)
    attack, program = line([True, False, False, True])
    assert attack.interval(program, 0) == (0, np.inf)
    assert attack.interval(program, 3) == (26, np.inf)


def test_what_was_found_for_one_cell_serves_the_others() -> None:
    attack, program = line([True, True, False, False])
    attack.interval(program, 0)
    found = len(attack.found)
    assert attack.widths()[1] == 10
    attack.interval(program, 1)
    assert len(attack.found) == found


def test_tables_found_are_mixed_to_agree_with_one_more_cell() -> None:
    attack, program = line([True, True, True, False])
    for cell in range(3):
        attack.interval(program, cell)
    agreeing = attack.found_with(2)
    assert not agreeing[:, 2].any()
    assert np.allclose(attack.lattice.equations @ agreeing.T, 0)
    assert (attack.table + agreeing >= -1e-9).all()
    assert attack.widths(agreeing)[0] > 0


def test_few_tables_are_kept() -> None:
    attack, _ = line([True, True, True, False])
    rng = np.random.default_rng(1)
    for _ in range(600):
        attack.keep(rng.uniform(-1, 1, 4))
    assert len(attack.found) <= 256
    assert extreme_rows(np.array([[0, 0], [1, -1], [0, 0]])).tolist() == [0, 1]
