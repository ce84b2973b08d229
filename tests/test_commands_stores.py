"""`smarthan coverage publish|releases` and look-ups in a store, as a person or a program meets them."""

import datetime as dt
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.installed import run

from smarthan.commands.outcome import Refused
from smarthan.commands.portfolios import answer_portfolio
from smarthan.commands.stores import _line
from smarthan.tables import FileRefused

HEAD = "postcode,csp_region,available,anticipated,wan_technology\n"
FIRST = HEAD + "LL57 2DG,Central,false,2026-09-30,Cellular\nLL57 2DH,Central,true,,Cellular\nAB1 0AA,North,true,,LRR\n"
SECOND = HEAD + "LL57 2DG,Central,true,,Cellular\nLL57 2DH,Central,true,,Cellular\nLL57,Central,true,,Cellular\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of two releases in ./releases, published by the command."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "first.csv").write_text(FIRST)
    (folder / "second.csv").write_text(SECOND)
    first = run("coverage", "publish", "first.csv", "--as-of", "2026-05-01", "--release-id", "2026-05", cwd=folder)
    assert (first.returncode, first.stderr) == (0, "")
    assert "release 2026-05 of 2026-05-01 is published" in first.stdout
    assert "3 rows read = 3 accepted + 0 quarantined" in first.stdout
    arguments = ["coverage", "publish", "second.csv", "--as-of", "2026-11-02", "--release-id", "2026-11", "--format"]
    refused = run(*arguments, "json", cwd=folder)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "33.3% fewer locations" in refused.stderr
    second = run(*arguments, "json", "--accept-drift", "a small test", cwd=folder)
    document = json.loads(second.stdout)
    assert second.returncode == 1
    assert (document["read"], document["accepted"], document["quarantined"]) == (3, 2, 1)
    assert (document["current"], document["before"]) == (True, "2026-05")
    assert document["codes"] == {"postcode_partial": 1}
    assert "a small test" in second.stderr
    return folder


def test_releases_are_listed(place: Path) -> None:
    shown = run("coverage", "releases", cwd=place)
    assert shown.returncode == 0
    lines = shown.stdout.splitlines()
    assert lines[0] == "releases: 2 releases"
    assert lines[1].startswith("  2026-05-01  2026-05 ")
    assert lines[2].startswith("* 2026-11-02  2026-11 ")
    assert "drift accepted: a small test" in lines[2]
    document = json.loads(run("coverage", "releases", "--store", "releases", "--format", "json", cwd=place).stdout)
    assert [row["release_id"] for row in document["releases"]] == ["2026-05", "2026-11"]
    assert [row["as_of"] for row in document["releases"]] == ["2026-05-01", "2026-11-02"]
    assert document["notes"] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["publish", "none.csv"], "none.csv"),
        (["publish", "first.csv"], "no as_of"),
        (["publish", "first.csv", "--as-of", "02/11/2026"], "YYYY-MM-DD"),
        (["publish", "first.csv", "--as-of", "2026-01-01"], "older than the current one"),
        (["publish", "first.csv", "--as-of", "2026-12-01", "--release-id", "../x"], "release_id"),
        (["publish", "first.csv", "--as-of", "2026-11-02", "--release-id", "2026-11"], "already"),
        (["releases", "--store", "none"], "no such store"),
        (["relaeses"], "relaeses"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)
def test_what_cannot_be_done_is_refused_in_a_sentence(place: Path, arguments: list[str], words: str) -> None:
    before = sorted(place.rglob("*"))
    done = run("coverage", *arguments, cwd=place)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert sorted(place.rglob("*")) == before


def test_a_bare_look_up_asks_the_store_beside_it(place: Path) -> None:
    now = json.loads(run("lookup", "LL57 2DG", "--format", "json", cwd=place).stdout)
    then = json.loads(run("lookup", "LL57 2DG", "--as-of", "2026-11-01", "--format", "json", cwd=place).stdout)
    assert (now["release_id"], now["state"]) == ("2026-11", "COVERED")
    assert (then["release_id"], then["state"]) == ("2026-05", "OVERDUE")
    before = run("lookup", "LL57 2DG", "--as-of", "2026-04-30", cwd=place)
    assert before.returncode == 0
    assert "the earliest is of 2026-05-01" in before.stdout
    gone = run("lookup", "AB1 0AA", cwd=place)
    assert "withdrawn by Royal Mail in 1996-06" in gone.stdout
    assert "North: historical, covered" in gone.stdout


def test_a_damaged_release_is_said_in_the_answer_and_on_stderr(place: Path) -> None:
    parquet = place / "releases" / "releases" / "2026-11" / "matrix.parquet"
    kept = parquet.read_bytes()
    parquet.write_bytes(kept[:-1])
    try:
        done = run("lookup", "LL57 2DG", "--format", "json", cwd=place)
        answer = json.loads(done.stdout)
        assert (done.returncode, answer["release_id"]) == (0, "2026-05")
        assert "served instead: release 2026-05" in answer["notes"][0]
        assert done.stderr.strip() == answer["notes"][0]
        (place / "sites.csv").write_text("pc\nLL57 2DG\n")
        bulk = run("lookup", "--file", "sites.csv", "--column", "pc", "--out", "out.csv", cwd=place)
        assert bulk.stderr.strip() == answer["notes"][0]
        listed = run("coverage", "releases", cwd=place)
        assert listed.returncode == 0
        assert "DAMAGED" in listed.stdout
        assert "served instead" in listed.stderr
    finally:
        parquet.write_bytes(kept)
        for name in ("sites.csv", "out.csv"):
            (place / name).unlink(missing_ok=True)


def test_a_portfolio_of_a_day_before_the_first_release_is_answered_as_one_look_up_is(place: Path) -> None:
    (place / "sites.csv").write_text("site,pc\na,LL57 2DG\nb,\n")
    early = ["--as-of", "2020-01-01", "--format", "json"]
    one = run("lookup", "LL57 2DG", *early, cwd=place)
    many = run("lookup", "--file", "sites.csv", "--column", "pc", "--out", "told.csv", *early, cwd=place)
    assert (one.returncode, many.returncode) == (0, 0)
    told = pd.read_csv(place / "told.csv", dtype="str")
    single, document = json.loads(one.stdout), json.loads(many.stdout)
    assert told["cov_status"].tolist() == [single["status"]] * 2 == ["NO_RELEASE"] * 2
    assert told["cov_words"].tolist() == [single["words"]] * 2
    assert told["cov_asked_on"].tolist() == ["2020-01-01"] * 2
    assert told[["cov_state", "cov_release_id"]].isna().all(axis=None)
    assert document["statuses"] == {"NO_RELEASE": 2}
    assert single["synthetic"] is document["synthetic"] is None
    assert single["notes"][0] in many.stderr
    run("lookup", "--file", "sites.csv", "--column", "pc", "--out", "now.csv", cwd=place)
    assert list(told) == list(pd.read_csv(place / "now.csv"))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_without_a_release_the_portfolio_is_kept_with_columns_of_the_usual_types(place: Path, form: str) -> None:
    sites = pd.DataFrame({"pc": ["LL57 2DG", None, "x"]}, index=pd.Index([7, 7, 9], name="site"))
    sites.to_parquet(place / "sites.parquet")
    told = [place / f"{name}.{form}" for name in ("early", "usual")]
    for out, day in zip(told, (dt.date(2020, 1, 1), None), strict=True):
        outcome = answer_portfolio(place / "sites.parquet", out, column="pc", matrix=place / "releases", as_of=day)
        assert isinstance(outcome.document, dict)
        assert outcome.document["synthetic"] is (None if day else False)
    early, usual = (pd.read_csv(out) if form == "csv" else pd.read_parquet(out) for out in told)
    assert list(early) == list(usual)
    assert early["site"].tolist() == usual["site"].tolist() == [7, 7, 9]
    assert early["cov_status"].tolist() == ["NO_RELEASE"] * 3
    assert early["cov_notes"].str.contains("the earliest is of 2026-05-01").all()
    assert early[["cov_synthetic", "cov_release_id", "cov_share"]].isna().all(axis=None)
    if form == "parquet":
        days = ["cov_as_of", "cov_asked_on", "cov_anticipated"]
        assert (early[days].dtypes == usual[days].dtypes).all()


def test_labels_of_rows_without_a_name_stay_with_their_rows(place: Path) -> None:
    pd.DataFrame({"pc": ["LL57 2DG", "x"]}, index=[7, 7]).to_parquet(place / "sites.parquet")
    answer_portfolio(place / "sites.parquet", place / "out.parquet", column="pc", matrix=place / "releases")
    assert pd.read_parquet(place / "out.parquet").index.tolist() == [7, 7]


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_a_portfolio_with_another_mark_is_told_which_and_what_to_do(place: Path, mark: str, word: str) -> None:
    (place / "marked.csv").write_text(f'site{mark}"pc"\na{mark}LL57 2DG\n')
    with pytest.raises(FileRefused, match=f"is separated by {word}.*not by commas; save it as 'CSV UTF-8"):
        answer_portfolio(place / "marked.csv", place / "out.csv", column="pc", matrix=place / "releases")
    with pytest.raises(Refused, match="has no column 'other'"):
        answer_portfolio(place / "marked.csv", place / "out.csv", column="other", matrix=place / "releases")


def test_a_release_that_says_it_is_partial_is_published_when_a_person_knows_better(place: Path, tmp_path: Path) -> None:
    (tmp_path / "first.csv").write_text(FIRST)
    (tmp_path / "first.csv.release.toml").write_text("complete = false\n")
    refused = run("coverage", "publish", "first.csv", "--as-of", "2026-05-01", cwd=tmp_path)
    assert (refused.returncode, "--complete" in refused.stderr) == (2, True)
    assert run("coverage", "publish", "first.csv", "--as-of", "2026-05-01", "--complete", cwd=tmp_path).returncode == 0


def test_a_store_without_a_release_is_refused(tmp_path: Path) -> None:
    (tmp_path / "releases" / "releases").mkdir(parents=True)
    done = run("lookup", "LL57 2DG", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no complete release in it" in done.stderr
    assert "no release in it" in run("coverage", "releases", cwd=tmp_path).stdout


def test_help_teaches_the_group() -> None:
    for command in ("publish", "releases"):
        assert command in run("coverage", "--help", cwd=Path.cwd()).stdout
        assert "xample" in run("coverage", command, "--help", cwd=Path.cwd()).stdout


@pytest.mark.parametrize(("synthetic", "said"), [(np.bool_(True), True), (np.bool_(False), False), (pd.NA, False)])
def test_a_synthetic_release_is_listed_as_such(synthetic: object, said: bool) -> None:
    row = SimpleNamespace(
        current=True,
        as_of="2026-05-01",
        release_id="2026-05",
        row_count=3,
        share_covered=0.5,
        synthetic=synthetic,
        condition="good",
        problem="",
        accepted_drift=None,
    )
    assert ("SYNTHETIC" in _line(row)) is said
