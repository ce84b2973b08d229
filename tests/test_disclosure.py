"""The proof that no suppressed cell can be worked out, made independently of the code that suppresses."""

import itertools
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from smarthan.trial_data import suppress, suppress_linked

TOTAL = "Total"


def table_of(counts: np.ndarray, *, margins: bool | list[bool] = True) -> tuple[pd.DataFrame, list[str]]:
    """Return an array of counts as a long table, with the totals over each axis where asked."""
    asked = [margins] * counts.ndim if isinstance(margins, bool) else margins
    labels = []
    for axis, length in enumerate(counts.shape):
        labels.append([f"{'abc'[axis]}{place}" for place in range(length)])
        if asked[axis]:
            counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
            labels[-1].append(TOTAL)
    dims = [f"dim{axis}" for axis in range(counts.ndim)]
    rows = [(*key, int(n)) for key, n in zip(itertools.product(*labels), counts.ravel(), strict=True)]
    return pd.DataFrame(rows, columns=[*dims, "n"]), dims


def work_out(tables: list[tuple[pd.DataFrame, list[str]]]) -> dict[tuple[str, ...], tuple[float, float]]:
    """Return the interval of every suppressed cell, from published tables alone.

    One variable an inner combination of all labels; each published figure is the sum of those under it. The code under
    test works on sums between neighbouring cells and on deviations from the truth instead, and never on this matrix.
    """
    dims = list(dict.fromkeys(dim for _, own in tables for dim in own))
    labels = {dim: sorted({x for t, own in tables if dim in own for x in t[dim]} - {TOTAL}) for dim in dims}
    inner = pd.DataFrame(list(itertools.product(*labels.values())), columns=dims)
    for table, own in tables:  # a combination that a table leaves out is known not to exist
        if table[own].ne(TOTAL).all(axis=1).any():
            present = set(map(tuple, table[own].to_numpy()))
            inner = inner[[tuple(key) in present for key in inner[own].to_numpy()]]
    shown, asked = [], {}
    for table, own in tables:
        for row in table.to_dict("records"):
            under = np.ones(len(inner), dtype=bool)
            for dim in own:
                under &= (row[dim] == TOTAL) | (inner[dim] == row[dim]).to_numpy()
            if pd.isna(row["n"]):
                asked[tuple(row.get(dim, TOTAL) for dim in dims)] = under.astype(float)
            else:
                shown.append((under.astype(float), row["n"]))
    matrix, figures = np.array([u for u, _ in shown]).reshape(-1, len(inner)), [float(n) for _, n in shown]
    return {key: _limits(weights, matrix, figures) for key, weights in asked.items()}


def _limits(weights: np.ndarray, matrix: np.ndarray, figures: list[float]) -> tuple[float, float]:
    ends = []
    for sign in (1, -1):
        held = {"A_eq": matrix, "b_eq": figures} if len(figures) else {}
        done = linprog(sign * weights, bounds=(0, None), method="highs", **held)
        assert done.status in (0, 3), done.message
        ends.append(sign * done.fun if done.status == 0 else np.inf)
    return ends[0], ends[1]


def assert_nothing_can_be_worked_out(tables: list[tuple[pd.DataFrame, list[str]]], protection: float) -> None:
    for cell, (low, high) in work_out(tables).items():
        assert high - low >= protection - 1e-6, f"{cell} lies from {low} to {high}"


counts_2d = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(
        st.one_of(st.just(0), st.integers(0, 30)), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]
    ).map(lambda cells: np.array(cells).reshape(shape))
)
counts_3d = st.lists(st.one_of(st.just(0), st.integers(0, 40)), min_size=18, max_size=18).map(
    lambda cells: np.array(cells).reshape(3, 3, 2)
)
quietly = settings(max_examples=16, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quietly
@given(counts_2d, st.lists(st.booleans(), min_size=2, max_size=2))
def test_no_cell_of_a_table_can_be_worked_out(counts: np.ndarray, margins: list[bool]) -> None:
    table, dims = table_of(counts, margins=margins)
    done = suppress(table, dims=dims, count="n")
    assert_nothing_can_be_worked_out([(done.table, dims)], 10)
    assert not done.table.loc[done.table["status"].eq("shown"), "n"].lt(10).any()


@settings(quietly, max_examples=8)
@given(counts_3d, st.lists(st.booleans(), min_size=3, max_size=3))
def test_nor_of_a_table_of_three_dimensions(counts: np.ndarray, margins: list[bool]) -> None:
    table, dims = table_of(counts, margins=margins)
    done = suppress(table, dims=dims, count="n", threshold=8)
    assert_nothing_can_be_worked_out([(done.table, dims)], 8)


@settings(quietly, max_examples=8)
@given(counts_3d)
def test_nor_when_margins_alone_are_published(counts: np.ndarray) -> None:
    table, dims = table_of(counts)
    margins = table[table[dims].eq(TOTAL).any(axis=1)]
    done = suppress(margins, dims=dims, count="n")
    assert_nothing_can_be_worked_out([(done.table, dims)], 10)


@settings(quietly, max_examples=8)
@given(counts_3d)
def test_nor_from_tables_that_share_a_margin(counts: np.ndarray) -> None:
    table, dims = table_of(counts)
    parts = {"first": (0, 1), "second": (0, 2)}
    named = {name: [dims[axis] for axis in axes] for name, axes in parts.items()}
    tables = {
        name: table[table[[d for d in dims if d not in own]].eq(TOTAL).all(axis=1)][[*own, "n"]]
        for name, own in named.items()
    }
    done = suppress_linked(tables, dims=named, count="n")
    assert_nothing_can_be_worked_out([(done[name].table, named[name]) for name in named], 10)


@settings(quietly, max_examples=8)
@given(counts_2d)
def test_the_audit_gives_the_intervals_that_a_reader_finds(counts: np.ndarray) -> None:
    table, dims = table_of(counts)
    done = suppress(table, dims=dims, count="n", threshold=7)
    found = work_out([(done.table, dims)])
    assert len(found) == len(done.audit)
    for row in done.audit.to_dict("records"):
        low, high = found[tuple(row[dim] for dim in dims)]
        assert row["low"] == pytest.approx(low, abs=1e-5)  # a two-way table has whole limits
        assert row["high"] == pytest.approx(high, abs=1e-5)
        assert row["is_protected"]


@settings(quietly, max_examples=8)
@given(counts_2d)
def test_the_pattern_is_minimal(counts: np.ndarray) -> None:
    table, dims = table_of(counts)
    done = suppress(table, dims=dims, count="n").table
    for place in np.flatnonzero(done["status"].eq("secondary")):
        with_one_more = done.copy()
        with_one_more.loc[place, "n"] = table.loc[place, "n"]
        narrowest = min((high - low for low, high in work_out([(with_one_more, dims)]).values()), default=np.inf)
        assert narrowest < 10


@settings(quietly, max_examples=8)
@given(counts_2d, st.randoms(use_true_random=False))
def test_twice_is_once_and_the_order_of_rows_does_not_matter(counts: np.ndarray, random: object) -> None:
    table, dims = table_of(counts)
    once = suppress(table, dims=dims, count="n")
    twice = suppress(once.table, dims=dims, count="n")
    pd.testing.assert_frame_equal(twice.table, once.table)
    pd.testing.assert_frame_equal(twice.audit, once.audit)
    order = list(range(len(table)))
    random.shuffle(order)  # type: ignore[attr-defined]
    mixed = suppress(table.iloc[order], dims=dims, count="n")
    pd.testing.assert_frame_equal(mixed.table.sort_index(), once.table)
    pd.testing.assert_frame_equal(mixed.audit, once.audit)


@settings(quietly, max_examples=10)
@given(st.lists(st.integers(0, 6), min_size=4, max_size=4))
def test_whole_solutions_leave_every_cell_open(cells: list[int]) -> None:
    """Count every table of whole numbers that fits a small published one, without any programme."""
    table, dims = table_of(np.array(cells).reshape(2, 2))
    done = suppress(table, dims=dims, count="n", threshold=3, protection=3).table
    published = done["n"].to_numpy(dtype="float64", na_value=np.nan)
    most = sum(cells) + 4  # room for what hidden totals allow
    a, b, c, d = np.indices((most,) * 4, dtype="int16").reshape(4, -1)
    whole = [a, b, a + b, c, d, c + d, a + c, b + d, a + b + c + d]
    fits = np.ones(len(a), dtype=bool)
    for figures, n in zip(whole, published, strict=True):
        fits &= np.isnan(n) | (figures == n)
    widths = [int(np.ptp(figures[fits])) for figures, n in zip(whole, published, strict=True) if np.isnan(n)]
    assert fits.any()
    assert min(widths, default=3) >= 3


def test_a_larger_table_is_done_in_seconds() -> None:
    rng = np.random.default_rng(4)
    table, dims = table_of(rng.negative_binomial(1, 1 / 13, size=(8, 12, 4)))
    start = time.process_time()
    done = suppress(table, dims=dims, count="n")
    assert time.process_time() - start < 12  # 2.5 s on a quiet machine
    assert len(table) == 585
    assert 0.3 < done.table["status"].ne("shown").mean() < 0.6
    assert done.is_safe
    assert done.narrowest >= 10


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_a_larger_table_keeps_every_cell(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = [(6, 8, 3), (10, 12), (3, 3, 3, 3)][seed % 3]
    table, dims = table_of(rng.negative_binomial(1, 1 / (4 + 3 * seed), size=shape[:3]))
    done = suppress(table, dims=dims, count="n")
    assert_nothing_can_be_worked_out([(done.table, dims)], 10)
