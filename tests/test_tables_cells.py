"""Typed columns spread over rows: a column without a value takes no memory and still reads like any other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smarthan.tables import cells
from smarthan.tables.cells import own, spread_typed

DTYPES = ("str", "Int64", "boolean", "float64", "datetime64[us]", "datetime64[us, UTC]", "category")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("count", [0, 1, 7, 8, 20])
def test_a_column_without_a_value_equals_one_built_in_full(
    monkeypatch: pytest.MonkeyPatch, dtype: str, count: int
) -> None:
    monkeypatch.setattr(cells, "_SHARED", 8)
    typed = pd.Series([None], dtype="str").astype(dtype)
    spread = spread_typed(typed, np.zeros(count, dtype=np.int8))
    pd.testing.assert_series_equal(spread, pd.Series(typed.array.take(np.zeros(count, dtype=np.int64))))


def test_a_column_with_a_value_is_spread_by_its_codes() -> None:
    typed = pd.Series([3, None], dtype="Int64")
    assert spread_typed(typed, np.array([1, 0, 0], dtype=np.int8)).tolist() == [pd.NA, 3, 3]
    assert spread_typed(typed, None) is typed


@pytest.mark.parametrize("dtype", DTYPES)
def test_what_is_handed_out_may_be_written_to(dtype: str) -> None:
    typed = pd.Series([None], dtype="str").astype(dtype)
    columns = {name: spread_typed(typed, np.zeros(3, dtype=np.int8)) for name in ("a", "b")}
    frame = own(pd.DataFrame(columns, copy=False))
    value = {"str": "x", "boolean": True, "category": None}.get(
        dtype, pd.Timestamp(0, tz="UTC" if "UTC" in dtype else None)
    )
    frame.loc[1, "a"] = 5 if dtype in ("Int64", "float64") else value
    assert frame["a"].isna().tolist() == [True, dtype == "category", True]
    assert frame["b"].isna().all()
