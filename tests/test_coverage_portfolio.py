"""A portfolio beside the matrix: no row lost, none multiplied, nothing changed."""

from pathlib import Path

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
