"""A portfolio beside the matrix: no row lost, none multiplied, nothing changed."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarthan.coverage import CoverageMatrix, join_portfolio, postcode_reference, read_matrix
from smarthan.tables import join

TEXT = """\
postcode,csp_region,available,anticipated,wan_technology,uprn
SW1A 1AA,South,true,,Cellular,
SW1A 1AA,4G South,true,,4G,
LL57 2DG,Central,false,2027-03-31,Cellular,
LL57 2DG,Central,true,,Cellular,77
"""


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> CoverageMatrix:
    path: Path = tmp_path_factory.mktemp("portfolio") / "m.csv"
    path.write_text(TEXT)
    return read_matrix(path, as_of="2026-11-02", facts={"synthetic": True}).matrix


@pytest.fixture
def sites() -> pd.DataFrame:
    rows = {"pc": ["sw1a1aa", None, "SW1A 1AA", "x", "LL57 2DG", None], "uprn": [None, None, None, None, "77", "77"]}
    return pd.DataFrame({"site": list("abcdef"), **rows}, index=[5, 5, 1, 0, 9, "z"])


def test_rows_order_index_and_columns_stay(matrix: CoverageMatrix, sites: pd.DataFrame) -> None:
    before = sites.copy()
    joined = join_portfolio(sites, matrix, postcode="pc", uprn="uprn")
    pd.testing.assert_frame_equal(sites, before)
    pd.testing.assert_frame_equal(joined[list(sites)], before)
    assert joined["cov_status"].tolist() == ["OK", "EMPTY", "OK", "BAD_FORMAT", "OK", "OK"]
    assert joined["cov_state"].astype("str").tolist()[4:] == ["COVERED", "COVERED"]
    assert joined["cov_words"].notna().all()


def test_account_names_the_rest(matrix: CoverageMatrix, sites: pd.DataFrame) -> None:
    attrs = join_portfolio(sites, matrix, postcode="pc").attrs
    assert attrs["status_counts"] == {"OK": 3, "BAD_FORMAT": 1, "EMPTY": 2}
    assert [rest["row"] for rest in attrs["unmatched"]] == [5, 0, "z"]
    assert attrs["share_unanswered"] == 0.5
    assert attrs["synthetic"] is True


def test_absent_column_and_clash_are_named(matrix: CoverageMatrix, sites: pd.DataFrame) -> None:
    with pytest.raises(KeyError, match="no column 'postcode'"):
        join_portfolio(sites, matrix, postcode="postcode")
    with pytest.raises(ValueError, match="cov_state"):
        join_portfolio(sites.assign(cov_state=1), matrix, postcode="pc")


def test_answers_equal_those_of_the_one_join(tmp_path: Path) -> None:
    live = postcode_reference()["postcode"].iloc[::400].reset_index(drop=True)
    release = pd.DataFrame({"postcode": live[::2].to_numpy(), "csp_region": "North", "wan_technology": "4G"})
    release["available"] = [k % 3 > 0 for k in range(len(release))]
    release.to_csv(tmp_path / "m.csv", index=False)
    matrix = read_matrix(tmp_path / "m.csv", as_of="2026-11-02").matrix
    asked = pd.DataFrame({"postcode": live.sample(frac=1, random_state=1).to_numpy()})
    joined = join_portfolio(asked, matrix, postcode="postcode")
    oracle = join(asked, release[["postcode", "available"]], "postcode").frame["available"]
    expected = oracle.map({True: "COVERED", False: "NOT_CONFIRMED"}).astype("str")
    assert joined["cov_state"].astype("str").equals(expected)


def as_frame(values: object, **options: object) -> pd.DataFrame:
    return pd.DataFrame({"pc": values}, **options)


@pytest.mark.parametrize(
    ("frame", "statuses"),
    [
        (as_frame(["SW1A 1AA", "SW1A 1AA"], index=[1, 1]), ["OK", "OK"]),
        (as_frame([]), []),
        (as_frame(pd.array([], dtype="str")), []),
        (as_frame(pd.Categorical(["SW1A 1AA", None, "sw1a1aa"])), ["OK", "EMPTY", "OK"]),
        (as_frame([1, 2]), ["BAD_FORMAT", "BAD_FORMAT"]),
        (as_frame([np.nan, pd.NaT, None, pd.NA]), ["EMPTY"] * 4),
        (as_frame(["SW1A 1AA"], index=pd.Index(["x"], name="pc")), ["OK"]),
        (as_frame(["SW1A 1AA", "x"], index=pd.MultiIndex.from_tuples([(1, "a"), (1, "a")])), ["OK", "BAD_FORMAT"]),
        (as_frame(["SW1A 1AA", "x"], index=pd.to_datetime(["2026-01-01"] * 2)), ["OK", "BAD_FORMAT"]),
    ],
    ids=["repeated labels", "empty", "empty text", "category", "whole numbers", "missing", "index of the same name",
         "several index levels", "dates as labels"],
)  # fmt: skip
def test_odd_frames_keep_their_rows(matrix: CoverageMatrix, frame: pd.DataFrame, statuses: list[str]) -> None:
    joined = join_portfolio(frame, matrix, postcode="pc")
    assert joined["cov_status"].tolist() == statuses
    pd.testing.assert_index_equal(joined.index, frame.index)
    pd.testing.assert_frame_equal(joined[["pc"]], frame)
    assert json.loads(json.dumps(joined.attrs, allow_nan=False))["unmatched"] == list(joined.attrs["unmatched"])
    assert [rest["position"] for rest in joined.attrs["unmatched"]] == [k for k, s in enumerate(statuses) if s != "OK"]


@pytest.mark.parametrize(
    ("frame", "uprn", "words"),
    [
        (pd.DataFrame([["a", "b"]], columns=["pc", "pc"]), None, "more than one column 'pc'"),
        (as_frame(["a"]), "pc", "name two columns"),
        (pd.Series(["a"], name="pc"), None, "Series given"),
    ],
    ids=["column twice", "one column for both", "no table"],
)
def test_what_cannot_be_joined_is_told(matrix: CoverageMatrix, frame: pd.DataFrame, uprn: str, words: str) -> None:
    with pytest.raises((ValueError, TypeError), match=words):
        join_portfolio(frame, matrix, postcode="pc", uprn=uprn)


def test_uprns_that_fall_back_are_counted(matrix: CoverageMatrix) -> None:
    sites = pd.DataFrame({"pc": ["LL57 2DG", "LL57 2DG", None], "uprn": ["77", "78", "79"]})
    attrs = join_portfolio(sites, matrix, postcode="pc", uprn="uprn").attrs
    assert attrs["degraded"] == 1
    assert [(rest["key"], rest["uprn"]) for rest in attrs["unmatched"]] == [(None, "79")]


def test_own_notes_stay_and_the_account_costs_later_steps_nothing(matrix: CoverageMatrix) -> None:
    frame = as_frame([None] * 50_000)
    frame.attrs = {"owner": "us"}
    joined = join_portfolio(frame, matrix, postcode="pc")
    assert joined.attrs["owner"] == "us"
    assert joined[["cov_status"]].attrs["unmatched"] is joined.attrs["unmatched"]


def test_answers_equal_a_plain_merge_whatever_repeats(tmp_path: Path) -> None:
    live = postcode_reference()["postcode"].iloc[::2000].reset_index(drop=True)
    release = pd.DataFrame({"postcode": live[::2].to_numpy(), "csp_region": "North", "wan_technology": "4G"})
    release["available"] = [k % 3 > 0 for k in range(len(release))]
    release["anticipated"] = ["2027-01-01" if k % 6 == 0 else None for k in range(len(release))]
    release.to_csv(tmp_path / "m.csv", index=False)
    matrix = read_matrix(tmp_path / "m.csv", as_of="2026-11-02").matrix
    asked = live.sample(3 * len(live), replace=True, random_state=1).mask(lambda s: s.index % 7 == 0)
    frame = pd.DataFrame({"postcode": asked.to_numpy()}, index=asked.index)
    joined = join_portfolio(frame, matrix, postcode="postcode")
    told = frame.merge(release, on="postcode", how="left", validate="m:1").set_axis(frame.index)
    state = np.select(
        [told["available"].eq(True), told["anticipated"].notna()], ["COVERED", "PLANNED"], "NOT_CONFIRMED"
    )
    expected = pd.Series(state, index=frame.index).where(told["available"].notna())
    assert joined["cov_state"].astype("object").where(joined["cov_state"].notna(), None).tolist() == (
        expected.astype("object").where(expected.notna(), None).tolist()
    )
    assert joined["cov_status"].isin(["OK", "EMPTY", "NOT_IN_MATRIX"]).all()
