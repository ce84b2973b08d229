"""How long `suppress` takes on tables with all margins, beside a plain proof; run `python benchmarks/suppression.py`.

The plain proof solves two linear programmes for each hidden cell of the finished table, over all inner cells at once,
as a textbook has it. `suppress` chooses the pattern and proves it. Both must give the same intervals. Seconds are of
the processor, so that a busy machine counts against neither.
"""

from __future__ import annotations

import argparse
import itertools
import time

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linprog

from smarthan.trial_data import suppress

SHAPES = ("8x12", "8x12x4", "10x12x8")
MEAN = 12  # of a cell: about half of them are below the threshold


def make_table(shape: tuple[int, ...], seed: int) -> tuple[pd.DataFrame, list[str]]:
    """Return a table of overdispersed counts with every margin."""
    counts = np.random.default_rng(seed).negative_binomial(1, 1 / (1 + MEAN), size=shape)
    for axis in range(counts.ndim):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    labels = [[f"{place:02d}" for place in range(length)] + ["Total"] for length in shape]
    dims = [f"d{axis}" for axis in range(len(shape))]
    return pd.DataFrame(list(itertools.product(*labels)), columns=dims).assign(n=counts.ravel()), dims


def prove_plainly(table: pd.DataFrame, dims: list[str]) -> np.ndarray:
    """Return low and high of every hidden cell, in the order of the rows, rounded inwards."""
    inner = table[table[dims].ne("Total").all(axis="columns")]
    under = np.ones((len(table), len(inner)), dtype=bool)
    for dim in dims:
        label = table[dim].to_numpy()[:, np.newaxis]
        under &= (label == "Total") | (label == inner[dim].to_numpy())
    figures = table["n"].to_numpy(dtype="float64", na_value=np.nan)
    shown = ~np.isnan(figures)
    held = {"A_eq": sparse.csr_array(under[shown].astype(float)), "b_eq": figures[shown]}
    ends = []
    for weights in under[~shown].astype(float):
        low = linprog(weights, bounds=(0, None), method="highs", **held)
        high = linprog(-weights, bounds=(0, None), method="highs", **held)
        ends.append((np.ceil(low.fun - 1e-6), np.inf if high.fun is None else np.floor(-high.fun + 1e-6)))
    return np.array(ends).reshape(-1, 2)


def main() -> None:
    """Print seconds of both for each shape; stop when they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shapes", nargs="*", default=SHAPES, help="such as 8x12x4")
    warm, dims = make_table((2, 2), 1)
    suppress(warm, dims=dims, count="n")  # scipy is loaded once
    print(f"{'shape':>9}{'cells':>7}{'hidden':>8}{'narrowest':>11}{'suppress s':>12}{'plain proof s':>15}")
    for shape in parser.parse_args().shapes:
        table, dims = make_table(tuple(map(int, shape.split("x"))), 1)
        start = time.process_time()
        done = suppress(table, dims=dims, count="n")
        middle = time.process_time()
        ends = prove_plainly(done.table, dims)
        end = time.process_time()
        if not np.array_equal(done.audit[["low", "high"]].to_numpy(), ends):
            raise SystemExit(f"{shape}: the intervals differ")
        facts = f"{shape:>9}{len(table):>7}{len(done.audit) / len(table):>8.0%}{done.narrowest:>11.0f}"
        print(f"{facts}{middle - start:>12.2f}{end - middle:>15.2f}")


if __name__ == "__main__":
    main()
