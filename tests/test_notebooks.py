"""The notebooks tell the story and hold no logic: the rules of docs and conventions, held one by one."""

import ast
import json
import os
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.browser import find_overflow, find_refused, find_violations, needs_browser

from smarthan.report.execution import Execution, Job, execute_notebooks
from smarthan.report.gathering import PAGE, PDF, Gathered, gather_pack
from smarthan.report.notebooks import NOTEBOOK_NAME, notebook_text, read_notebook, strip_notebook
from smarthan.report.parameters import read_parameters, resolve_parameters
from smarthan.report.planning import make_plan

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(path for path in FOLDER.glob("*.ipynb"))
MOST_CODE_CELLS, MOST_LINES, MOST_SECONDS = 15, 12, 30
STATEMENTS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try, ast.With)
OURS = {"smarthan", "pandas", "matplotlib"}
SHOWING = {"show_chart", "show_table", "show_answer"}

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _code(path: Path) -> list[str]:
    return [_source(cell) for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code"]


def _words(path: Path) -> list[str]:
    return [_source(cell) for cell in read_notebook(path)["cells"] if cell["cell_type"] == "markdown"]


def _calls(source: str) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)}


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS, "the folder notebooks/ holds none"


@each_notebook
def test_it_is_named_and_committed_as_stripped(path: Path) -> None:
    assert NOTEBOOK_NAME.fullmatch(path.stem)
    text = path.read_text(encoding="utf-8")
    assert text == notebook_text(strip_notebook(json.loads(text))), "run make notebooks"
    ids = [cell["id"] for cell in json.loads(text)["cells"]]
    assert len(ids) == len(set(ids))


@each_notebook
def test_the_first_cell_asks_and_the_last_answers(path: Path) -> None:
    cells = read_notebook(path)["cells"]
    first = _source(cells[0])
    assert cells[0]["cell_type"] == "markdown"
    assert re.match(r"# [^\n]+\?(\n|$)", first), "the first line is the question, `# ...?`"
    heads = [line for words in _words(path) for line in words.splitlines() if line.startswith("# ")]
    assert len(heads) == 1
    last = cells[-1]
    # a Markdown cell cannot hold a computed number; show_answer can
    assert last["cell_type"] == "markdown" or "show_answer" in _calls(_source(last))


@each_notebook
def test_it_says_where_its_data_comes_from(path: Path) -> None:
    words = "\n".join(_words(path)).lower()
    assert "where this comes from" in words
    assert "synthetic" in words or "real" in words


@each_notebook
def test_cells_are_few_and_short_and_hold_no_logic(path: Path) -> None:
    code = _code(path)
    assert len(code) <= MOST_CODE_CELLS
    assert max(len(source.splitlines()) for source in code) <= MOST_LINES
    logic = [
        type(node).__name__ for source in code for node in ast.walk(ast.parse(source)) if isinstance(node, STATEMENTS)
    ]
    assert logic == []


@each_notebook
def test_imports_stand_in_one_cell_and_come_from_few_places(path: Path) -> None:
    trees = [ast.parse(source) for source in _code(path)]
    found = [[node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)] for tree in trees]
    assert sum(bool(nodes) for nodes in found) == 1
    names = {alias.name for nodes in found for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    names |= {str(n.module) for nodes in found for n in nodes if isinstance(n, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= OURS | set(sys.stdlib_module_names)


@each_notebook
def test_charts_are_drawn_by_the_suite_alone(path: Path) -> None:
    calls = {call for source in _code(path) for call in _calls(source)}
    assert not [call for call in calls if call.startswith(("plt.", "ax."))]
    assert {call.removeprefix("charts.") for call in calls} & SHOWING
    bare = [source for source in _code(path) if isinstance(ast.parse(source).body[-1], ast.Expr) and not _calls(source)]
    assert bare == [], "a cell ends in a bare value; show it with show_table"


@each_notebook
def test_its_parameters_are_annotated_and_papermill_reads_the_same(path: Path) -> None:
    import papermill

    notebook = read_notebook(path)
    parameters, problems = read_parameters(notebook)
    assert problems == []
    assert parameters[0].name == "inputs"
    read = papermill.inspect_notebook(str(path))
    assert {name: ast.literal_eval(row["default"]) for name, row in read.items()} == {
        p.name: p.default for p in parameters
    }


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Execution]:
    """Return a function that runs a notebook with its fast values, once: all the tests below look at that copy."""
    folder = tmp_path_factory.mktemp("executed") / "notebooks"
    folder.mkdir()

    @cache
    def execute(path: Path) -> Execution:
        notebook = strip_notebook(read_notebook(path))
        values, _ = resolve_parameters(read_parameters(notebook)[0], {}, fast=True)
        start_in = FOLDER if int(path.stem[:2]) % 2 else FOLDER.parent  # from notebooks/ and from the root, in turn
        return execute_notebooks([Job(path.stem, notebook, values, start_in)], folder, finished=lambda _: None)[0]

    return execute


@each_notebook
def test_it_runs_with_its_fast_values_quietly_and_in_time(path: Path, executed: Callable[[Path], Execution]) -> None:
    run = executed(path)
    assert run.error == ""
    assert run.warnings == ()
    assert run.seconds < MOST_SECONDS * (4 if os.environ.get("CI") else 1)
    outputs = [o for cell in read_notebook(run.path)["cells"] for o in cell.get("outputs", [])]
    kinds = {o["metadata"]["smarthan"]["kind"] for o in outputs if "smarthan" in o.get("metadata", {})}
    assert "answer" in kinds or read_notebook(path)["cells"][-1]["cell_type"] == "markdown"
    assert kinds & {"chart", "table"}
    widgets = [o for o in outputs if "application/vnd.jupyter.widget-view+json" in o.get("data", {})]
    assert widgets == []


@pytest.fixture(scope="module")
def pack(executed: Callable[[Path], Execution]) -> tuple[Path, Gathered]:
    """Return the folder of the whole fast pack, made of the copies above, and what was shown in it."""
    runs = [executed(path) for path in NOTEBOOKS]
    folder = runs[0].path.parent.parent
    plan = make_plan(None, only=None, fast=True, notebooks=None)
    rows = {"trial": {"read": 100, "accepted": 98, "quarantined": 2}}
    return folder, gather_pack(plan, folder, rows=rows, commit="not known", pdf=True)


@pytest.fixture(scope="module")
def page(pack: tuple[Path, Gathered]) -> str:
    return (pack[0] / PAGE).read_text(encoding="utf-8")


def test_the_pack_of_them_is_whole_and_light(pack: tuple[Path, Gathered], page: str) -> None:
    folder, gathered = pack
    assert len(page) < 8_000_000
    assert "No description has been provided" not in page
    assert page.count("<img alt=") == gathered.counts["chart"]
    assert page.index('id="summary"') < page.index('id="contents"') < page.index('id="part-01"')
    assert "2 of 100 in trial" in page[page.index('id="summary"') : page.index('id="contents"')]
    described = json.loads((folder / "csvw.json").read_text())["tables"]
    assert {table["url"] for table in described} == {p.relative_to(folder).as_posix() for p in folder.rglob("*.csv")}
    assert (folder / PDF).is_file() or gathered.without_pdf


@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_no_violation_in_the_page(page: str, dark: bool) -> None:
    assert find_violations(page, dark=dark) == []


@needs_browser
@pytest.mark.browser
def test_the_page_asks_for_nothing_from_outside_and_fits_a_narrow_screen(page: str) -> None:
    assert find_refused(page) == []
    assert find_overflow(page) == []
