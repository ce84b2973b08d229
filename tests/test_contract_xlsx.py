"""Every hostile or broken workbook of the corpus, read by the command line in a watched child: P1 to P10."""

import json
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import SMALL_TRIAL
from tests.corpus_xlsx import GOOD, write_corpus
from tests.worst_xlsx import KINDS, worst_workbook

from smarthan.tables import RULES
from smarthan.tables.workbook import row_of
from smarthan.trial_data import read_trial

Found = dict[str, Any]
HERE = Path(__file__).parent
EXIT = {"accept": 0, "quarantine": 1, "refuse": 2}
SECONDS, GROWTH_MB = 10.0, 512.0
QUICK = 8  # every eighth case in a quick run


def run_cases(folder: Path, out: Path, ids: list[str], seed: str = "0") -> dict[str, Found]:
    """Run cases in a child process and return what happened to each."""
    out.mkdir()
    (out / "ids").write_text("\n".join(ids))
    child = subprocess.run(
        [sys.executable, "-m", "tests.contract_runner_xlsx", str(folder), str(out), str(out / "ids")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": seed},
        cwd=HERE.parent,
    )
    found = {told["id"]: told for told in map(json.loads, (out / "report.jsonl").read_text().splitlines())}
    assert list(found) == ids, child.stderr[-2000:]  # else the process died at the first one that is missing
    return found


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "files"
    write_corpus(folder)
    (folder / "good").mkdir()
    for name, content in SMALL_TRIAL.items():
        (folder / "good" / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def manifest(corpus: Path) -> dict[str, Found]:
    return {case["id"]: case for case in json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))}


@pytest.fixture(scope="module", params=["some", pytest.param("all", marks=pytest.mark.slow)])
def run(
    corpus: Path, manifest: dict[str, Found], request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Found]:
    ids = list(manifest)
    out = tmp_path_factory.mktemp(f"run-{request.param}") / "out"
    return run_cases(corpus, out, ids if request.param == "all" else ids[::QUICK])


def test_the_corpus_is_large_and_the_same_twice(corpus: Path, tmp_path: Path, manifest: dict[str, Found]) -> None:
    write_corpus(tmp_path / "again")
    files = sorted(path.name for path in (tmp_path / "again").iterdir())
    assert all((corpus / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in files)
    assert len(manifest) >= 140
    assert {case["outcome"] for case in manifest.values()} == set(EXIT)
    assert sum((corpus / name).stat().st_size for name in files) < 20_000_000


def test_no_case_shows_a_traceback_or_a_fault_of_the_program(run: dict[str, Found]) -> None:
    wrong = [n for n, f in run.items() if "Traceback" in f["stderr"] or "fault of the program" in f["stderr"]]
    assert wrong == []


def test_the_exit_code_tells_the_outcome(manifest: dict[str, Found], run: dict[str, Found]) -> None:
    assert {n: f["code"] for n, f in run.items() if f["code"] != EXIT[manifest[n]["outcome"]]} == {}


def test_a_refusal_names_the_file_first_and_then_its_code(
    corpus: Path, manifest: dict[str, Found], run: dict[str, Found]
) -> None:
    for name, found in run.items():
        if found["code"] == 2:
            case = manifest[name]
            assert found["stderr"].removeprefix("smarthan: ").startswith(str(corpus / case["input"])), name
            assert f"({case['codes'][0]})" in found["stderr"], (name, found["stderr"])
            assert all(unicodedata.category(c) != "Cc" or c == "\n" for c in found["stderr"]), name
            assert RULES[case["codes"][0]].severity == "file", name
            assert found["stdout"] == "", name


def test_rows_read_are_accepted_or_quarantined_and_none_is_lost(
    manifest: dict[str, Found], run: dict[str, Found]
) -> None:
    for name, found in run.items():
        for line in found.get("ledger", []):
            assert line["read"] == line["accepted"] + line["quarantined"] == line["independent_count"], name
            assert line["file"].startswith(f"{manifest[name]['input']}!"), name
            aside = {row_of(row["line"]) for row in found["rows"] if row["table"] == line["table"]}
            assert len(aside) == line["quarantined"], name


def test_the_count_equals_one_made_on_the_bytes_of_the_sheet(
    corpus: Path, manifest: dict[str, Found], run: dict[str, Found]
) -> None:
    checked = 0
    for name, found in run.items():
        if not found.get("ledger") or name in ("prefix", "utf16"):
            continue
        with zipfile.ZipFile(corpus / manifest[name]["input"]) as archive:
            parts = [archive.read(m).decode() for m in archive.namelist() if "xl/worksheets/" in m]
        counts = [
            sum(bool(re.search("<(v|f|is)[ >]", row)) for row in re.findall("<row.*?</row>", p, re.S)) for p in parts
        ]
        for line in found["ledger"]:
            assert line["read"] + 1 in counts, (name, line["table"])
            checked += 1
    assert checked > 9


def test_the_codes_the_counts_and_the_places_are_those_of_the_manifest(
    manifest: dict[str, Found], run: dict[str, Found]
) -> None:
    for name, found in run.items():
        case = manifest[name]
        if case["outcome"] == "quarantine":
            assert {row["code"] for row in found["rows"]} == set(case["codes"]), name
            assert sum(line["quarantined"] for line in found["ledger"]) == case["quarantined"], name
            assert set(case["places"]) <= {row["line"] for row in found["rows"]}, name
        elif case["outcome"] == "accept":
            assert set(case["codes"]) <= set(found["note_codes"]), name


def test_accepted_rows_equal_those_of_the_folder_of_csv_files(run: dict[str, Found]) -> None:
    compared = {n: f["like_twin"] for n, f in run.items() if "like_twin" in f}
    assert [name for name, same in compared.items() if not same] == []
    assert all(sum(line["accepted"] for line in run[name]["ledger"]) == GOOD for name in compared)


def test_no_input_is_changed_and_nothing_else_is_touched(
    corpus: Path, manifest: dict[str, Found], run: dict[str, Found]
) -> None:
    for name, found in run.items():
        path = str(corpus / manifest[name]["input"])
        assert found["untouched"], name
        for event, target, mode in found["events"]:
            assert event == "open", (name, event, target)
            assert target == path or f"{name}.rejects.csv" in Path(target).name, (name, target)
            assert target != path or mode in ("r", "rb"), (name, mode)


def test_no_workbook_takes_long_or_much_memory(run: dict[str, Found]) -> None:
    assert {n: f["growth_mb"] for n, f in run.items() if f["growth_mb"] > GROWTH_MB} == {}
    assert {n: f["seconds"] for n, f in run.items() if f["seconds"] > SECONDS} == {}


def test_no_text_of_a_workbook_starts_a_formula_and_none_of_identity_is_shown(run: dict[str, Found]) -> None:
    import csv
    import io

    for name, found in run.items():
        cells = [cell for row in csv.reader(io.StringIO(found.get("rejects", ""))) for cell in row]
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells), name
        assert "CANARY" not in json.dumps(found), name


def test_the_same_workbook_twice_gives_the_same_output(
    corpus: Path, manifest: dict[str, Found], run: dict[str, Found], tmp_path: Path
) -> None:
    some = [name for name in run if manifest[name]["outcome"] == "quarantine"][::4]
    again = run_cases(corpus, tmp_path / "again", some, seed="7")
    assert {n: again[n]["digest"] for n in some} == {n: run[n]["digest"] for n in some}


def test_a_refused_workbook_leaves_what_was_read_before(corpus: Path) -> None:
    trial = read_trial(corpus / "sheet_more.xlsx")
    with pytest.raises(ValueError, match="zip_duplicate"):
        read_trial(corpus / "member_twice.xlsx")
    assert len(trial["measurements"]) == 3


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_costliest_workbooks_that_are_let_through_stay_within_time_and_memory(kind: str, tmp_path: Path) -> None:
    (tmp_path / "good").mkdir()
    for name, content in SMALL_TRIAL.items():
        (tmp_path / "good" / f"{name}.csv").write_text(content, encoding="utf-8")
    data = worst_workbook(kind)
    assert len(data) < 20_000_000
    (tmp_path / "worst.xlsx").write_bytes(data)
    (tmp_path / "manifest.json").write_text(json.dumps([{"id": kind, "input": "worst.xlsx"}]))
    found = run_cases(tmp_path, tmp_path / "out", [kind])[kind]
    assert found["code"] == 1, found["stderr"]
    assert found["growth_mb"] <= GROWTH_MB
    assert found["cpu_seconds"] <= SECONDS
