"""Direct addresses, packed files and the standing of postcodes: the array code equals the scalar code."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthan.coverage import postcode_reference, terminated_postcodes
from smarthan.coverage.index.building import address_postcodes
from smarthan.coverage.index.header import read_header, write_header
from smarthan.coverage.index.packing import ArrayFile, pack_arrays
from smarthan.coverage.lookup.bulk_finding import find_cells, read_uprns
from smarthan.coverage.postcodes.addressing import UNITS, unit_cell
from smarthan.coverage.postcodes.fixed_text import fix_width, sort_key
from smarthan.coverage.reference.standing import LIVE, TERMINATED, UNKNOWN, open_standing

SHAPES = ["M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 0AX", "EC1A 1BB", "N1P 1AA"]


def test_every_shape_has_its_own_cell() -> None:
    tables, cells = address_postcodes(np.array(SHAPES, dtype="S8"))
    assert len(set(cells.tolist())) == len(SHAPES)
    assert cells.min() >= UNITS
    outward, sector = memoryview(tables["outward_id"]), memoryview(tables["sector_id"])
    assert [unit_cell(outward, sector, p) for p in SHAPES] == cells.tolist()
    assert unit_cell(outward, sector, "M1 2AE") == 0
    assert unit_cell(outward, sector, "M2 1AE") == 0


def test_all_live_postcodes_have_different_addresses() -> None:
    live = postcode_reference()["postcode"]
    _, cells = address_postcodes(fix_width(live))
    assert len(np.unique(cells)) == len(live)


def test_vectorised_cells_equal_the_scalar_ones() -> None:
    table = open_standing()
    sample = postcode_reference()["postcode"].iloc[::2000].reset_index(drop=True)
    asked = pd.concat([sample, pd.Series(["ZE9 9ZZ", "QQ1 1AA"], dtype="str")], ignore_index=True)
    outward, sector = table.arrays["outward_id"], table.arrays["sector_id"]
    assert find_cells(table.arrays, asked).tolist() == [unit_cell(outward, sector, p) for p in asked]


def test_standing_agrees_with_the_reference() -> None:
    table = open_standing()
    live = postcode_reference()["postcode"].iloc[::5000]
    assert {table.find(p).standing for p in live} == {LIVE}
    ended = terminated_postcodes().dropna().iloc[7::5000]
    ended = ended[~ended["postcode"].str.startswith("NPT")]
    found = [table.find(p) for p in ended["postcode"]]
    assert {f.standing for f in found} == {TERMINATED}
    assert [(f.year or 0) * 100 + (f.month or 0) for f in found] == ended["doterm"].tolist()
    assert table.find("ZE9 9ZZ").standing == UNKNOWN
    assert table.vintage == postcode_reference().attrs["vintage"]


def test_fixed_width_sorts_as_text_does() -> None:
    text = pd.Series(["M1 1AE", None, "AB10 1AA", "B1 1AA", "M11 1AA"], dtype="str")
    assert text.iloc[np.argsort(sort_key(fix_width(text)), kind="stable")].tolist()[:4] == sorted(text.dropna())


def test_slice_of_a_column_keeps_its_own_bytes() -> None:
    text = pd.Series(["M1 1AE", "AB10 1AA", "B1 1AA"], dtype="str")
    assert fix_width(text.iloc[1:]).tolist() == [b"AB10 1AA", b"B1 1AA"]


HEADERS = st.dictionaries(
    st.text("abc_", min_size=1, max_size=5),
    st.none() | st.booleans() | st.integers() | st.text(max_size=20)
    | st.dictionaries(st.text("xyz", min_size=1, max_size=3), st.lists(st.none() | st.text(max_size=8)), min_size=1),
    min_size=1,
)  # fmt: skip


@given(HEADERS)
def test_a_header_comes_back(header: dict[str, Any]) -> None:
    assert read_header(write_header(header)) == header


@pytest.mark.parametrize("text", ["", "key", "key\tq1", "key\tix", "a\ti1\na.b\ti2"])
def test_what_is_no_header_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"header|invalid literal"):
        read_header(text)


def test_a_header_holds_no_fractions() -> None:
    with pytest.raises(TypeError, match=r"0\.5"):
        write_header({"share": 0.5})


def test_packed_arrays_come_back() -> None:
    arrays = {
        "a": np.arange(5, dtype="uint32"),
        "none": np.zeros(0, dtype="int64"),
        "b": np.array([-1, 2], dtype="int32"),
    }
    file = ArrayFile(pack_arrays({"x": 1}, arrays))
    assert {name: list(file[name]) for name in arrays} == {name: array.tolist() for name, array in arrays.items()}
    assert "c" not in file


@pytest.mark.parametrize("dtype", ["str", object])
def test_uprns_read_alike_as_text_or_objects(dtype: str | type) -> None:
    values = pd.Series(["7", "007", "0", "", None, "1" * 13, " 8 ", "x"], dtype=dtype)
    assert read_uprns(values).tolist() == [7, 7, 0, -1, -1, 0, 8, 0]
