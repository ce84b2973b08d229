"""The command line as a person or a program meets it: real processes, exit codes, streams."""

import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from tests.installed import run


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration inputs as `smarthan demo` writes them."""
    folder = tmp_path_factory.mktemp("demo") / "mine"
    done = run("demo", str(folder))
    assert done.returncode == 0
    assert "SYNTHETIC" in done.stdout
    return folder


def test_help_teaches_each_command() -> None:
    for command in ("report", "lookup", "check", "score", "demo"):
        assert command in run("--help").stdout
        shown = run(command, "--help")
        assert shown.returncode == 0
        assert "xample" in shown.stdout


def test_bare_command_shows_help() -> None:
    assert run().stdout == run("--help").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["repotr"], "report"),
        (["score"], "appraisal"),
        (["lookup"], "nothing to look up"),
        (["lookup", "SW1A 1AA", "--colour"], "--colour"),
        (["lookup", "SW1A 1AA", "--as-of", "02/11/2026"], "YYYY-MM-DD"),
        (["lookup", "SW1A 1AA", "--as-of", "2026-02-30"], "calendar"),
        (["lookup", "SW1A 1AA", "--matrix", "no/such/release"], "no/such/release"),
        (["lookup", "--file", "in.csv"], "--column"),
        (["lookup", "--file", "no.csv", "--column", "postcode", "--out", "out.csv"], "no.csv"),
        (["check", "weather", "here"], "coverage"),
        (["check", "trial", "no/such/folder"], "no/such/folder"),
        (["check", "coverage", "no-such.csv"], "no-such.csv"),
        (["score", "no/such/folder"], "no/such/folder"),
        (["score", ".", "--draws", "many"], "many"),
        (["score", ".", "--draws", "0"], "draws"),
        (["report", "--config", "no.toml"], "no.toml"),
        (["report", "--quick"], "--quick"),
        (["demo", "no/such/parent/mine"], "no/such/parent"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)
def test_bad_arguments_are_refused_in_a_sentence(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_look_up_answers_in_json() -> None:
    done = run("lookup", "SW1A 1AA", "--format", "json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert answer["postcode"] == "SW1A 1AA"
    assert answer["state"]
    assert answer["release_id"]
    assert answer["as_of"] == "2026-11-02"
    assert answer["synthetic"] is True
    assert "synthetic" in done.stdout.casefold()


def test_look_up_says_synthetic_in_words_and_in_csv() -> None:
    for form in ("text", "csv"):
        assert "synthetic" in run("lookup", "SW1A 1AA", "--format", form).stdout.casefold()


def test_what_is_not_a_postcode_is_answered_as_such() -> None:
    done = run("lookup", "SW1A 1A?", "--format", "json")
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert answer["status"] == "BAD_FORMAT"
    assert answer["state"] is None
    assert answer["position"] == 8
    assert "SW1A 1AA" in run("lookup", "SW1A 1A?").stdout


def test_several_postcodes_give_a_list_in_order() -> None:
    done = run("lookup", "EH1 1YZ", "BT1 1AA", "SW1A", "--format", "json")
    statuses = [answer["status"] for answer in json.loads(done.stdout)]
    assert statuses[1] == "OUTSIDE_GB"
    assert statuses[2] == "OK"
    assert len(statuses) == 3


def test_a_portfolio_keeps_its_rows_and_columns(tmp_path: Path) -> None:
    sites = "Site,PostCode\n007,SW1A 1AA\n008,nonsense\n009\n010,eh11yz\n"
    (tmp_path / "sites.csv").write_text(sites, encoding="utf-8")
    done = run("lookup", "--file", "sites.csv", "--column", "PostCode", "--out", "out.csv", cwd=tmp_path)
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert done.returncode == 1
    assert "4 rows read, 3 answered, 1 set aside, 1 without a usable key" in done.stdout
    assert "line 4" in done.stderr
    assert lines[0].startswith("Site,PostCode,cov_")
    assert [line.split(",")[0] for line in lines[1:]] == ["007", "008", "010"]


def test_a_portfolio_can_be_parquet_in_and_out(tmp_path: Path) -> None:
    sites = pd.DataFrame({"site": ["a", "b"], "pc": ["SW1A 1AA", "nonsense"], "n": [1, 2]})
    sites.to_parquet(tmp_path / "sites.parquet")
    done = run("lookup", "--file", "sites.parquet", "--column", "pc", "--out", "out.parquet", cwd=tmp_path)
    answered = pd.read_parquet(tmp_path / "out.parquet")
    assert done.returncode == 1
    assert "1 without a usable key" in done.stdout
    assert answered[["site", "pc", "n"]].equals(sites)
    assert answered["cov_status"].tolist() == ["OK", "BAD_FORMAT"]


def test_quarantined_rows_of_a_matrix_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    rows = "postcode,csp_region,available,wan_technology\nSW1A 1AA,South,true,Cellular\nEH1 1YZ,Mars,true,Cellular\n"
    (tmp_path / "m.csv").write_text(rows, encoding="utf-8")
    done = run("lookup", "EH1 1YZ", "--matrix", "m.csv", cwd=tmp_path)
    assert done.returncode == 0
    assert "unknown" in done.stdout
    assert "1 of 2 rows are in quarantine" in done.stderr


def test_a_day_before_the_first_release_is_said() -> None:
    done = run("lookup", "SW1A 1AA", "--as-of", "2020-01-01")
    assert done.returncode == 0
    assert "no release covers the day asked" in done.stdout
    assert "the earliest is of 2026-05-01" in done.stdout


def test_binary_data_under_the_name_of_a_table_is_called_so(demo: Path, tmp_path: Path) -> None:
    junk = bytes(range(256)) * 40
    (tmp_path / "junk.csv").write_bytes(junk)
    trial = tmp_path / "trial"
    shutil.copytree(demo / "trial", trial)
    (trial / "frame.csv").write_bytes(junk)
    for kind, path in (("coverage", tmp_path / "junk.csv"), ("trial", trial)):
        done = run("check", kind, str(path))
        assert done.returncode == 2
        assert "binary data, not text" in done.stderr


def test_a_release_without_one_good_row_says_where_it_fails(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("postcode,csp_region,available,wan_technology\nXX,Mars,maybe,\n", encoding="utf-8")
    done = run("check", "coverage", "m.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "line 2" in done.stderr


def test_check_tells_of_each_response_in_a_folder(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "data" / "duis" / "response_list.xml").read_text(encoding="utf-8")
    (tmp_path / "a.xml").write_text(text, encoding="utf-8")
    (tmp_path / "b.xml").write_text(text.replace("LL57 2DG", "M1 1AE").replace(">Medium<", ">Hi<"), encoding="utf-8")
    clean, folder = run("check", "coverage", "a.xml", cwd=tmp_path), run("check", "coverage", ".", cwd=tmp_path)
    assert (clean.returncode, folder.returncode) == (0, 1)
    assert "6 rows read = 5 accepted + 1 quarantined" in folder.stdout
    assert "b.xml: line 5, column likelihood: 'Hi' is not" in folder.stdout
    assert folder.stdout.index("b.xml") < folder.stdout.index("a.xml")
    (tmp_path / "c.xml").write_text(text[:700], encoding="utf-8")
    broken = run("check", "coverage", ".", cwd=tmp_path)
    assert broken.returncode == 2
    assert "1 of 3 files cannot be used" in broken.stderr
    assert "c.xml: line 5" in broken.stderr
    answered = run("lookup", "LL57 2DG", "--matrix", "a.xml", cwd=tmp_path)
    assert "Central: covered" in answered.stdout


def test_the_pack_name_stays_inside_reports(tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    done = subprocess.run(
        ["make", "-s", "check-name", "NAME=../evil"], capture_output=True, text=True, check=False, cwd=root
    )
    assert done.returncode == 2
    assert "../evil" in done.stderr


def test_a_portfolio_without_the_column_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text("site,postcode\n1,SW1A 1AA\n", encoding="utf-8")
    done = run("lookup", "--file", "sites.csv", "--column", "pcode", "--out", "out.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "postcode" in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_check_counts_add_up(demo: Path, tmp_path: Path) -> None:
    done = run("check", "trial", str(demo / "trial"), "--rejects", str(tmp_path / "bad.csv"), "--format", "json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["read"] == report["accepted"] + report["quarantined"]
    assert report["synthetic"] is True
    assert (tmp_path / "bad.csv").read_text(encoding="utf-8").count("\n") == 1 + sum(report["codes"].values())


def test_check_and_score_the_appraisal(demo: Path) -> None:
    assert run("check", "appraisal", str(demo / "appraisal")).returncode == 0
    scored = run("score", str(demo / "appraisal"), "--draws", "2000", "--format", "json")
    document = json.loads(scored.stdout)
    assert scored.returncode == 0
    assert document["synthetic"] is True
    assert {"gates", "scores", "simulation", "decision"} <= set(document)


def test_a_broken_appraisal_is_refused_with_file_and_line(demo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "appraisal"
    folder.mkdir()
    for path in (demo / "appraisal").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    text = (folder / "scores.csv").read_text(encoding="utf-8")
    broken = text.replace("zb868,maturity,panel,field", "zb868,maturity,panel,feild")
    (folder / "scores.csv").write_text(broken, encoding="utf-8")
    checked = run("check", "appraisal", str(folder))
    assert checked.returncode == 2
    assert "scores.csv" in checked.stdout
    assert "field" in checked.stdout
    scored = run("score", str(folder))
    assert scored.returncode == 2
    assert "scores.csv" in scored.stderr


def test_demo_refuses_a_filled_folder(demo: Path) -> None:
    done = run("demo", str(demo))
    assert done.returncode == 2
    assert "already holds" in done.stderr


def test_demo_is_the_same_for_the_same_seed(demo: Path, tmp_path: Path) -> None:
    assert run("demo", str(tmp_path / "mine"), "--seed", "1").returncode == 0
    for path in sorted(file for file in demo.rglob("*") if file.is_file()):
        assert (tmp_path / "mine" / path.relative_to(demo)).read_bytes() == path.read_bytes(), path.name


def test_every_demonstration_input_says_synthetic(demo: Path) -> None:
    for name in ("README.md", "report.toml", "trial/synthetic.json", "appraisal/appraisal.toml"):
        assert "synthetic" in (demo / name).read_text(encoding="utf-8").casefold()
    assert b"smarthan.release" in (demo / "coverage" / "synthetic-2026-11.parquet").read_bytes()


def test_a_demonstration_names_its_report_after_its_folder(demo: Path) -> None:
    text = (demo / "report.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["pack"]["name"] == demo.name == "mine"
