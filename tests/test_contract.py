"""What bad input gets: the properties P1 to P11 of every reader, over a corpus of hostile and broken coverage files.

The corpus (tests/corpus.py and the families beside it) is written and run once, in child processes that are watched and
limited; each test then states one property over the whole manifest. Files of millions of rows: `make test-slow`.
"""

import csv
import io
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from smarthan.coverage import read_matrix
from smarthan.coverage.releases.columns import MATRIX
from smarthan.tables import FileRefused, clip

HERE = Path(__file__).parent
EXIT = {"accept": 0, "repair": 0, "quarantine": 1, "refuse": 2}
SECONDS, GROWTH_MB = 10, 512
Found = dict[str, Any]


def write_corpus(folder: Path) -> list[Found]:
    """Write the corpus in a child process; return its manifest."""
    subprocess.run([sys.executable, "-m", "tests.corpus", folder], check=True, capture_output=True, cwd=HERE.parent)
    return list(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


def run_cases(folder: Path, out: Path, ids: list[str], seed: str = "0") -> dict[str, Found]:
    """Run cases in one child, or in another where one kills it; return what happened by case."""
    out.mkdir()
    left, found = list(ids), dict[str, Found]()
    while left:
        (out / "ids").write_text("\n".join(left), encoding="utf-8")
        command = [sys.executable, "-m", "tests.contract_runner", str(folder), str(out), str(out / "ids")]
        environment = {"PYTHONHASHSEED": seed, "PATH": "", "HOME": str(out), "SMARTHAN_DEBUG": ""}
        child = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=HERE.parent)
        begun = []
        for line in (out / "report.jsonl").read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            begun.append(told["id"])
            found[told["id"]] = {"died": child.stderr[-2000:]} if "begun" in told else told
        assert begun, child.stderr
        left = [name for name in left if name not in begun]
    return found


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus") / "files"
    write_corpus(folder)
    return folder


@pytest.fixture(scope="module")
def manifest(corpus: Path) -> dict[str, Found]:
    cases = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in cases}


@pytest.fixture(scope="module", params=["some", pytest.param("all", marks=pytest.mark.slow)])
def run(
    corpus: Path, manifest: dict[str, Found], request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Found]:
    """What happened to each case; every fourth in a quick run, every one in the slow run."""
    small = [name for name, case in manifest.items() if case["family"] != "vast"]
    out = tmp_path_factory.mktemp(f"run-{request.param}") / "out"
    return run_cases(corpus, out, small if request.param == "all" else small[::4])


def read_ones(manifest: dict[str, Found], run: dict[str, Found]) -> Iterator[tuple[str, Found, Found]]:
    """Yield the cases of which rows were read: name, manifest entry, what happened."""
    return ((name, manifest[name], found) for name, found in run.items() if "ledger" in found)


def test_the_corpus_is_large_and_the_same_twice(corpus: Path, tmp_path: Path, manifest: dict[str, Found]) -> None:
    write_corpus(tmp_path / "again")
    files = sorted(path.name for path in corpus.iterdir())
    assert files == sorted(path.name for path in (tmp_path / "again").iterdir())
    assert all((corpus / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in files)
    assert len(manifest) >= 250
    assert sum((corpus / name).stat().st_size for name in files) < 20_000_000


def test_no_case_ends_the_process_or_shows_a_traceback(run: dict[str, Found]) -> None:
    assert {name: found for name, found in run.items() if "died" in found} == {}
    assert [
        n for n, found in run.items() if "Traceback" in found["stderr"] or "fault of the program" in found["stderr"]
    ] == []


def test_the_exit_code_tells_the_outcome(manifest: dict[str, Found], run: dict[str, Found]) -> None:
    wrong = {n: f["code"] for n, f in run.items() if f["code"] != EXIT.get(manifest[n]["outcome"], f["code"])}
    assert wrong == {}


def test_a_refusal_names_the_file_first_and_then_its_code(
    corpus: Path, manifest: dict[str, Found], run: dict[str, Found]
) -> None:
    for name, found in run.items():
        if found["code"] != 2:
            continue
        path = corpus / manifest[name]["input"]
        assert found["stderr"].removeprefix("smarthan: ").startswith(str(path)), name
        assert found["stdout"] == "", name
        assert all(unicodedata.category(c) != "Cc" or c == "\n" for c in found["stderr"]), name
        if manifest[name]["outcome"] == "refuse":
            assert f"({manifest[name]['codes'][0]})" in found["stderr"], (name, found["stderr"])


def test_rows_read_are_accepted_or_quarantined_and_none_is_lost(
    manifest: dict[str, Found], run: dict[str, Found]
) -> None:
    for name, case, found in read_ones(manifest, run):
        ledger = found["ledger"]
        assert ledger["read"] == ledger["accepted"] + ledger["quarantined"] == ledger["independent_count"], name
        assert found["quarantine_lines"] == ledger["quarantined"], name
        if case["outcome"] != "any":
            told = (ledger["read"], ledger["accepted"], ledger["quarantined"])
            assert told == (case["read"], case["accepted"], case["quarantined"]), name


def decoded(path: Path) -> str:
    """Return the text of a CSV file by Python's own means."""
    import gzip

    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    codec = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return data.decode(codec, errors="replace")


def test_the_count_equals_that_of_a_parser_that_is_not_ours(
    corpus: Path, manifest: dict[str, Found], run: dict[str, Found]
) -> None:
    checked = 0
    for name, case, found in read_ones(manifest, run):
        path = corpus / case["input"]
        if case["input"].endswith(".parquet"):
            count = pq.ParquetFile(path).metadata.num_rows if case["outcome"] != "any" else found["ledger"]["read"]
        elif case["countable"]:
            text = decoded(path)
            records = sum(bool(row) for row in csv.reader(io.StringIO(text, newline="")))
            count = records - 1 - text.lstrip('"').startswith("sep=")
        else:
            continue
        assert found["ledger"]["read"] == count, name
        checked += 1
    assert checked > len(run) // 2


def test_each_quarantined_row_leads_back_to_its_place_in_the_file(
    corpus: Path, manifest: dict[str, Found], run: dict[str, Found]
) -> None:
    declared = {alias.casefold(): f.name for f in MATRIX.fields for alias in (f.name, *f.aliases)}
    traced = 0
    for name, case, found in read_ones(manifest, run):
        if case["input"].endswith(".parquet") or not case["countable"]:
            continue
        lines = re.split(r"\r\n|\r|\n", decoded(corpus / case["input"]))
        first = 1 if lines[0].strip('"').startswith("sep=") else 0
        header = [declared.get(cell.strip().casefold(), cell) for cell in next(csv.reader([lines[first]]))]
        for told in found["rows"]:
            rest = lines[told["line"] - 1 :]
            if told["column"]:
                cell = next(csv.reader(io.StringIO("\n".join(rest), newline="")))[header.index(told["column"])]
                assert told["original"] == clip(cell, 200), (name, told)
            else:
                assert told["original"] == clip(rest[0], 200), (name, told)
            traced += 1
    assert traced > len(run) // 3


def test_the_codes_are_those_of_the_manifest(manifest: dict[str, Found], run: dict[str, Found]) -> None:
    for name, case, found in read_ones(manifest, run):
        if case["outcome"] == "quarantine":
            assert set(found["quarantine_codes"]) == set(case["codes"]), name
        elif case["outcome"] in ("accept", "repair"):
            assert set(case["codes"]) <= set(found["note_codes"]), name


def test_accepted_rows_equal_those_of_the_clean_twin(manifest: dict[str, Found], run: dict[str, Found]) -> None:
    compared = {name: found["like_twin"] for name, case, found in read_ones(manifest, run) if case["twin"]}
    assert [name for name, same in compared.items() if not same] == []
    assert len(compared) > len(run) // 2


def test_no_input_is_changed(run: dict[str, Found]) -> None:
    assert [name for name, found in run.items() if not found["untouched"]] == []


def test_only_the_given_files_are_touched(corpus: Path, manifest: dict[str, Found], run: dict[str, Found]) -> None:
    for name, found in run.items():
        path = str(corpus / manifest[name]["input"])
        opened = {target for _, target, _ in found["events"]}
        assert path in opened or "ledger" not in found, name  # a file that was read was seen: the watch is not deaf
        for event, target, mode in found["events"]:
            assert event == "open", (name, event, target)
            assert target == path or f"{name}.rejects.csv" in Path(target).name, (name, target)
            assert target != path or mode in ("r", "rb"), (name, mode)


def test_no_small_file_takes_long_or_much_memory(run: dict[str, Found]) -> None:
    dear = {n: (f["seconds"], f["growth_mb"]) for n, f in run.items() if f["growth_mb"] > GROWTH_MB}
    assert dear == {}
    assert {n: f["seconds"] for n, f in run.items() if f["seconds"] > SECONDS} == {}


def test_no_text_of_an_input_can_start_a_formula(run: dict[str, Found]) -> None:
    assert [name for name, found in run.items() if found.get("escaped") is False] == []


def test_the_same_input_twice_gives_the_same_output(
    corpus: Path, manifest: dict[str, Found], run: dict[str, Found], tmp_path: Path
) -> None:
    some = [name for name in run if manifest[name]["outcome"] == "quarantine"][::4]
    again = run_cases(corpus, tmp_path / "again", some, seed="7")
    for name in some:
        assert again[name].get("digest") == run[name].get("digest"), name


def test_a_refused_file_leaves_what_was_read_before(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("postcode,csp_region,available,wan_technology\nSW1A 1AA,South,true,Cellular\n")
    bad.write_text("postcode,csp_region,available,wan_technology\nSW1A,South,true,Cellular\n")
    matrix = read_matrix(good, as_of="2026-11-02").matrix
    with pytest.raises(FileRefused, match="no row can be used"):
        read_matrix(bad)
    assert matrix.lookup("SW1A 1AA").status == "OK"


@pytest.mark.parametrize(
    "name", ["../up.csv", "no\0name.csv", "http://example.org/m.csv", "s3://bucket/m.parquet", "."]
)
def test_a_path_that_is_no_file_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises((FileRefused, ValueError)) as caught:
        read_matrix(f"{tmp_path}/{name}" if "://" not in name else name)
    assert "\n" not in str(caught.value)


def test_lookup_on_a_broken_file_says_why(corpus: Path, manifest: dict[str, Found]) -> None:
    some = [case for case in manifest.values() if case["outcome"] == "refuse" and case["family"] != "vast"][::25]
    program = "import sys; from smarthan.cli import main; sys.argv = ['smarthan', *sys.argv[1:]]; main()"
    for case in some[:4]:
        path = str(corpus / case["input"])
        child = subprocess.run(
            [sys.executable, "-c", program, "lookup", "SW1A 1AA", "--matrix", path],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (child.returncode, child.stdout) == (2, ""), case["id"]
        assert path in child.stderr
        assert "Traceback" not in child.stderr


@pytest.mark.slow
def test_a_file_of_millions_of_bad_rows_costs_ten_seconds_and_half_a_gigabyte_at_most(
    corpus: Path, manifest: dict[str, Found], tmp_path: Path
) -> None:
    vast = [name for name, case in manifest.items() if case["family"] == "vast"]
    found = run_cases(corpus, tmp_path / "vast", vast)
    for name in vast:
        case, told = manifest[name], found[name]
        assert "died" not in told, (name, told)
        assert told["code"] == EXIT[case["outcome"]], (name, told["stderr"])
        if "ledger" in told:
            ledger = told["ledger"]
            counts = (ledger["read"], ledger["accepted"], ledger["quarantined"])
            assert counts == (case["read"], case["accepted"], case["quarantined"]), name
            assert set(case["codes"]) <= set(told["quarantine_codes"]), name
        assert told["seconds"] <= SECONDS, (name, told["seconds"])
        assert told["growth_mb"] <= GROWTH_MB, (name, told["growth_mb"])


def listed_codes() -> dict[str, str]:
    """Return the severity of each rule code of the ground floor and of this room, apart from what trials add."""
    rooms = ("releases.columns", "duis.rules", "ofcom.archive", "ofcom.reading")
    program = "import json, smarthan.tables as t;" + "".join(f"import smarthan.coverage.{room};" for room in rooms)
    program += "print(json.dumps({c: r.severity for c, r in t.RULES.items()}))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return dict(json.loads(told.stdout))


def read_source(room: str) -> str:
    """Return the code of a room, apart from the tables that list the codes."""
    listing = ("problems.py", "columns.py", "codes.py", "duis/rules.py")
    paths = [p for p in (HERE.parent / room).rglob("*.py") if not p.as_posix().endswith(listing)]
    return "".join(path.read_text(encoding="utf-8") for path in paths)


def test_every_listed_code_is_raised_somewhere_and_every_raised_one_listed() -> None:
    ours, trials = (read_source(room) for room in ("coverage/smarthan", "trial_data/smarthan/trial_data"))
    listed = listed_codes()
    composed = {code for code in listed if code.startswith("postcode_")}
    assert sorted(code for code in set(listed) - composed if f'"{code}"' not in ours + trials) == []
    refusals = set(re.findall(r'FileRefused\(\s*[^,()]+,\s*"([a-z_]+)"', ours))
    assert sorted(refusals - set(listed)) == []


def test_every_code_that_a_case_met_is_listed_with_its_severity(run: dict[str, Found]) -> None:
    listed = listed_codes()
    for name, found in run.items():
        for code in found.get("quarantine_codes", []):
            assert listed[code] == "row", (name, code)
        for code in found.get("note_codes", []):
            assert listed[code] in ("null", "flag", "repair"), (name, code)
