"""The benchmarks: contenders give the same answer, and the harness says so when one does not. No test of speed."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow.parquet as pq
import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
ROWS = 3_000
AREA = "ZE"  # the smallest postcode area but one

# duckdb and polars are not of the environment: `make bench` itself holds them to the same answers.
OURS = "contenders.with_smarthan:BulkLookup"
BULK = [
    "contenders.with_pandas:BulkMerge",
    "contenders.with_pandas:BulkIndexer",
    "contenders.with_pyarrow:BulkIndexIn",
]
KEYS = [
    "contenders.with_smarthan:FullLookup",
    "contenders.with_standard_library:DictLookup",
    "contenders.with_standard_library:KeyLookup",
    "contenders.with_standard_library:KeyLookupInMemory",
    "contenders.with_pandas:KeyLookup",
]


@pytest.fixture(scope="module", autouse=True)
def _path() -> Iterator[None]:
    sys.path.insert(0, str(BENCHMARKS))
    yield
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    scene = bench("scene").Scene(AREA, tmp_path_factory.mktemp("scene"))
    return {
        "release": str(scene.release()),
        "table": str(scene.table()),
        "database": str(scene.database()),
        "portfolio": str(scene.portfolio(ROWS)),
        "keys": str(scene.keys(50)),
    }


def bench(name: str) -> ModuleType:
    return import_module(name)


def answer(target: str, task: dict[str, Any]) -> Any:
    module, name = target.split(":")
    contender = getattr(bench(module), name)(task)
    return contender.reduce(contender.run())


def test_the_portfolio_is_as_messy_as_it_says(task: dict[str, Any]) -> None:
    texts = pq.read_table(task["portfolio"])["postcode"].to_pylist()
    shares = bench("portfolio").FORMS
    canonical = sum(text is not None and text[-4:-3] == " " and text == text.strip().upper() for text in texts)
    assert sum(shares.values()) == pytest.approx(1)
    assert len(texts) == ROWS
    assert texts.count(None) / ROWS == pytest.approx(shares["missing"], abs=0.003)
    assert shares["canonical"] - 0.03 < canonical / ROWS < shares["canonical"] + 0.06  # some messy forms look like it


@pytest.mark.parametrize("target", BULK)
def test_bulk_contenders_agree(target: str, task: dict[str, Any]) -> None:
    ours = answer(OURS, task | {"engine": "numpy"})
    assert answer(target, task) == ours
    assert 0.95 < ours["found"] / ROWS < 1


@pytest.mark.parametrize("target", KEYS)
def test_key_contenders_agree(target: str, task: dict[str, Any]) -> None:
    assert answer(target, task) == answer("contenders.with_smarthan:KeyLookup", task)


def test_a_run_shows_what_is_absent_and_who_agrees(task: dict[str, Any]) -> None:
    running, process = bench("harness.running"), bench("harness.contenders").Process
    gate = bench("harness.gates").Gate("a dict, times sqlite", "dict", ("sqlite", "ghost"), 0.001, 1e9)
    contenders = (
        process("dict", "contenders.with_standard_library:DictLookup"),
        process("sqlite", "contenders.with_standard_library:KeyLookup"),
        process("ghost", "contenders.with_a_ghost:KeyLookup"),
    )
    job = running.Job("keys", "Keys", contenders, task, gates=(gate,), unit="us")
    outcomes = running.run_job(job, 2, lambda words: None)
    assert [len(one.measures) for one in outcomes] == [2, 2, 0]
    assert all(one.agrees for one in outcomes)
    assert outcomes[2].absent == "contenders.with_a_ghost is not installed"
    verdict = bench("harness.gates").judge("keys", gate, {one.name: one for one in outcomes})
    assert verdict.against == "sqlite"
    assert verdict.met
    assert not verdict.stretched
    text = bench("harness.tables").as_text(bench("harness.tables").job_table(job, outcomes))
    assert "absent: contenders.with_a_ghost" in text


def test_both_readings_of_a_trial_keep_the_same_rows(tmp_path: Path) -> None:
    folder = str(bench("scene").Scene(AREA, tmp_path).trial(1, 1))
    ours = answer("contenders.with_trial:ReadTrial", {"folder": folder})
    assert answer("contenders.with_trial:ReadNaively", {"folder": folder}) == ours
    assert min(ours.values()) > 0


@pytest.mark.parametrize("name", ["AtOnce", "EndToEnd", "Pymcdm"])
def test_scoring_contenders_rank_the_same_draws_alike(name: str) -> None:
    task = {"draws": 1_100}
    assert answer(f"contenders.with_scoring:{name}", task) == answer("contenders.with_scoring:OnGiven", task)


def test_every_cell_is_valued() -> None:
    assert answer("contenders.with_scoring:EveryCell", {"draws": 100}) == 192


def test_a_figure_may_be_held_against_a_number() -> None:
    gates, running, tables = bench("harness.gates"), bench("harness.running"), bench("harness.tables")
    measure = bench("harness.measures").Measure
    gate = gates.Gate("ours, extra MB", "ours", (), 20, measure="extra_mb", at_most=True)
    outcomes = {"ours": running.Outcome("ours", measures=[measure(1.0, 1.0, 10.0, 25.0)])}
    verdict = gates.judge("job", gate, outcomes)
    assert (verdict.ratio, verdict.met) == (15.0, True)
    assert tables.gate_table([verdict])[1][2:6] == ["<= 20 MB", "", "15 MB", "15 MB to 15 MB"]


class Stub:
    """A contender that gives the answers it was told to give."""

    def __init__(self, name: str, *answers: int) -> None:
        self.name, self.answers = name, iter(answers)

    def start(self, task: object, small: object) -> str:
        return "1"

    def once(self, *, reduce: bool = False) -> Any:
        measure = bench("harness.measures").Measure(1.0, 1.0, 10.0, 12.0)
        return measure, next(self.answers) if reduce else None

    def stop(self) -> None:
        pass


def test_another_answer_is_seen_at_the_start_and_at_the_end() -> None:
    running = bench("harness.running")
    job = running.Job(
        "stubs", "Stubs", (Stub("ours", 1, 1), Stub("same", 1, 1), Stub("other", 2, 2), Stub("late", 1, 2))
    )
    outcomes = running.run_job(job, 1, lambda words: None)
    assert [one.agrees for one in outcomes] == [True, True, False, False]
    assert not bench("run").all_agree([(job, outcomes)])
    assert outcomes[0].median("extra_mb") == 2.0


def test_the_page_holds_the_machine_the_claims_and_what_the_scripts_said() -> None:
    page, gates = bench("page"), bench("harness.gates")
    verdict = gates.Verdict("bulk", gates.Gate("ours, times theirs", "ours", ("theirs",), 4.0), 5.0, "theirs")
    text = page.as_page(["\n## Bulk\n"], {"rollups": "equal sums\n", "maps": None}, [verdict], area=None)
    assert "| bulk | ours, times theirs | >= 4x |" in text
    assert "python 3" in text
    assert "## Rollups\n\n```text\nequal sums\n```" in text
    assert "## Maps\n\nIt broke down." in text
    assert "quick try" not in text
    assert "ZE alone" in page.as_page([], {}, [], area="ZE")
    assert "## Claims" not in page.as_page([], {}, [], area="ZE")


def test_ratios_come_with_how_far_they_swung() -> None:
    running, gates, tables = bench("harness.running"), bench("harness.gates"), bench("harness.tables")
    measure = bench("harness.measures").Measure
    ours = running.Outcome("ours", measures=[measure(wall, wall, 10.0, 12.0) for wall in (1.0, 2.0, 1.0)])
    theirs = running.Outcome("theirs", measures=[measure(wall, wall, 10.0, 30.0) for wall in (4.0, 6.0, 5.0)])
    verdict = gates.judge("job", gates.Gate("", "ours", ("theirs",), 4.0), {"ours": ours, "theirs": theirs})
    assert (verdict.ratio, verdict.rounds) == (5.0, (4.0, 3.0, 5.0))
    assert "3.00x to 5.00x" in tables.gate_table([verdict])[1]
    head, *rows = tables.job_table(running.Job("job", "Job", ()), [ours, theirs])
    shown = dict(zip(head, rows[1], strict=True))
    assert (shown["x ours"], shown["rounds x ours"], shown["peak MB"]) == ("5.00", "3.00 to 5.00", "30")


def test_the_largest_bulk_look_up_is_drawn(tmp_path: Path) -> None:
    running, measure = bench("harness.running"), bench("harness.measures").Measure
    outcomes = [
        running.Outcome("smarthan, numpy", measures=[measure(1.0, 1.0, 10.0, 12.0)]),
        running.Outcome("pandas merge", measures=[measure(4.0, 4.0, 10.0, 12.0)]),
        running.Outcome("ghost", absent="not installed"),
    ]
    line = bench("picture").draw_page([(running.Job("bulk-10M", "Bulk", ()), outcomes)], tmp_path / "page.svg")
    assert line == "![Bulk. Median seconds: smarthan, numpy 1.00; pandas merge 4.00.](page.svg)\n"
    assert (tmp_path / "page.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert bench("picture").draw_page([], tmp_path / "none.svg") == ""
    assert line in bench("page").as_page([], {}, [], area=None, picture=line)


@pytest.mark.parametrize("name", ["rollups", "maps"])
def test_the_comparisons_run_on_one_area(
    name: str, task: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script, matrix = bench(name), bench("smarthan.coverage").CoverageMatrix.open(task["release"])
    monkeypatch.setattr(script, "sample_matrix", lambda: matrix)
    monkeypatch.setattr(script, "ROUNDS", 1)
    script.main()
    assert "smarthan" in capsys.readouterr().out
