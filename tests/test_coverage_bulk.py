"""Many questions at once: any column, either engine, the columns wanted; equal to an independent merge, row for row."""

import random

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from smarthan.coverage import CoverageMatrix, sample_matrix
from smarthan.coverage.lookup.bulk import COLUMNS
from smarthan.coverage.postcodes import locating

ENGINES = ["numpy", pytest.param("numba", marks=pytest.mark.skipif(not locating.has_numba(), reason="needs [fast]"))]
each_engine = pytest.mark.parametrize("engine", ENGINES)
BEST_FIRST = {"COVERED": 0, "PLANNED": 1, "OVERDUE": 2, "NOT_CONFIRMED": 3, "ERROR": 4}
ATTRIBUTES = ["csp_region", "wan_technology", "likelihood", "auxiliary", "premises"]


@pytest.fixture(scope="module")
def matrix() -> CoverageMatrix:
    return sample_matrix()


def portfolio(matrix: CoverageMatrix, count: int) -> pd.Series:
    """Real postcodes as people write them, with slips among them."""
    rng = random.Random(4)
    held = matrix.rows["postcode"].dropna().sample(count, random_state=4, replace=True).tolist()
    spellings = [str.lower, lambda p: p.replace(" ", ""), lambda p: f"  {p}\t", lambda p: p.replace(" ", "\u00a0  ")]
    spellings += [lambda p: p] * 8 + [lambda p: p[:-1], lambda p: p.replace("1", "I"), lambda p: p + "Z"]
    return pd.Series([rng.choice(spellings)(postcode) for postcode in held], dtype="str")


def merge_by_hand(matrix: CoverageMatrix, asked: pd.Series) -> pd.DataFrame:
    """The best row of each postcode by a plain sort, then a plain merge on the letters and digits alone."""
    rows = matrix.rows
    error = rows["region_code"].astype("str").str.startswith("E")
    day = np.datetime64(matrix.release.as_of, "us")
    late = np.where(rows["anticipated"] < day, "OVERDUE", "PLANNED")
    planned = np.where(rows["anticipated"].notna(), late, "NOT_CONFIRMED")
    state = np.where(error, "ERROR", np.where(rows["available"].fillna(False), "COVERED", planned))
    rank = pd.DataFrame(
        {
            "state": pd.Series(state).map(BEST_FIRST),
            "likelihood": rows["likelihood"].cat.codes.replace(-1, -9).mul(-1).to_numpy(),
            "legacy": ~rows["csp_region"].astype("str").str.startswith("4G").to_numpy(),
        }
    )
    order = rank.sort_values(["state", "likelihood", "legacy"], kind="stable").index
    best = rows.loc[order].drop_duplicates("postcode")
    key = asked.str.replace(r"[\s\u00a0]", "", regex=True).str.upper()
    table = best.assign(key=best["postcode"].str.replace(" ", ""))[["key", *ATTRIBUTES]]
    return pd.DataFrame({"key": key}).merge(table, on="key", how="left")


@each_engine
def test_answers_equal_an_independent_merge_row_for_row(matrix: CoverageMatrix, engine: str) -> None:
    asked = portfolio(matrix, 30_000)
    answers = matrix.lookup_many(asked, columns=["status", *ATTRIBUTES], engine=engine)
    merged = merge_by_hand(matrix, asked)
    assert answers.attrs["engine"] == engine
    assert (answers["status"].eq("OK").to_numpy() == merged["csp_region"].notna().to_numpy()).all()
    assert answers["status"].eq("OK").mean() > 0.7
    for name in ATTRIBUTES:
        ours, theirs = (frame[name].astype(object).where(frame[name].notna(), None) for frame in (answers, merged))
        assert ours.tolist() == theirs.tolist(), name


@each_engine
def test_both_engines_give_the_same_table(matrix: CoverageMatrix, engine: str) -> None:
    asked = portfolio(matrix, 3_000)
    table = matrix.lookup_many(asked, engine=engine)
    pd.testing.assert_frame_equal(table, matrix.lookup_many(asked, engine="numpy"))
    assert list(table) == list(COLUMNS)


KINDS = {
    "text": lambda texts: pd.Series(texts, dtype="str"),
    "objects": lambda texts: pd.Series(texts, dtype=object),
    "categories": lambda texts: pd.Series(texts).astype("category"),
    "arrow": lambda texts: pd.Series(texts, dtype=pd.ArrowDtype(pa.string())),
    "large arrow": lambda texts: pd.Series(texts, dtype=pd.ArrowDtype(pa.large_string())),
    "chunks": lambda texts: pd.Series(pd.array(pa.chunked_array([texts[:2], texts[2:]]), dtype="str")),
    "slice": lambda texts: pd.Series([None, "M1 1AE", *texts], dtype="str").iloc[2:],
    "array": lambda texts: np.array(texts, dtype=object),
    "arrow table column": lambda texts: pa.chunked_array([texts]),
    "list": list,
}


@each_engine
@pytest.mark.parametrize("kind", KINDS)
def test_any_kind_of_column_is_answered_alike(matrix: CoverageMatrix, kind: str, engine: str) -> None:
    texts = ["SW1A 1AA", None, "ze29aa", "LL57", "nonsense", "", "BT1 1AA", "SW1A\u00a01AA"]
    answers = matrix.lookup_many(KINDS[kind](texts), engine=engine)
    assert answers["postcode"].fillna("-").tolist() == [
        *("SW1A 1AA", "-", "ZE2 9AA", "LL57", "-", "-", "BT1 1AA", "SW1A 1AA"),
    ]
    assert answers["status"].tolist() == ["OK", "EMPTY", "OK", "OK", "BAD_FORMAT", "EMPTY", "OUTSIDE_GB", "OK"]
    assert answers["query"].tolist() == [text or "" for text in texts]


@each_engine
def test_what_is_not_text_is_answered_so(matrix: CoverageMatrix, engine: str) -> None:
    odd = ["SW1A 1AA", 7, float("nan"), pd.NaT, True, ["SW1A 1AA"], b"SW1A 1AA", "SW1A\ud8001AA", pd.NA]
    answers = matrix.lookup_many(odd, engine=engine)
    bad, empty = "BAD_FORMAT", "EMPTY"
    assert answers["status"].tolist() == ["OK", bad, empty, empty, bad, bad, bad, bad, empty]
    assert answers["query"].iloc[[0, 1, 2, 5]].tolist() == ["SW1A 1AA", "7", "", "['SW1A 1AA']"]
    assert answers["query"].tolist() == [matrix.lookup(value).query for value in odd]


def test_the_columns_wanted_come_in_their_order_and_equal_those_of_the_whole_table(matrix: CoverageMatrix) -> None:
    asked = portfolio(matrix, 500)
    whole = matrix.lookup_many(asked)
    wanted = ["likelihood", "state", "share", "days"]
    pd.testing.assert_frame_equal(matrix.lookup_many(asked, columns=wanted), whole[wanted], check_like=False)
    assert matrix.lookup_many(asked, columns=["status"]).attrs["state_counts"] == whole.attrs["state_counts"]
    assert list(matrix.lookup_many(asked.head(0), columns=["words"])) == ["words"]


@pytest.mark.parametrize("columns", [["state", "colour"], "state"])
def test_a_column_that_is_not_there_is_told(matrix: CoverageMatrix, columns: list[str] | str) -> None:
    with pytest.raises(ValueError, match="is not a list of names among query, postcode"):
        matrix.lookup_many(["SW1A 1AA"], columns=columns)


def test_strict_looks_at_the_status_whatever_columns_are_wanted(matrix: CoverageMatrix) -> None:
    assert list(matrix.lookup_many(["SW1A 1AA"], columns=["state"], strict=True)) == ["state"]
    with pytest.raises(ValueError, match="1 of 2 not answered, the first 'x'"):
        matrix.lookup_many(["SW1A 1AA", "x"], columns=["state"], strict=True)
