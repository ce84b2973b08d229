"""The rules of CONVENTIONS.md that a machine can hold."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for root in ("coverage", "trial_data", "analysis") for path in (ROOT / root).rglob("*.py"))
PACKAGES = [
    "smarthan.tables",
    "smarthan.coverage",
    "smarthan.service",
    "smarthan.trial_data",
    "smarthan.analysis",
    "smarthan.charts",
    "smarthan.findings",
    "smarthan.report",
]
PUBLIC = [(package, name) for package in PACKAGES for name in importlib.import_module(package).__all__]

each_source = pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
each_public_name = pytest.mark.parametrize(("package", "name"), PUBLIC, ids=lambda part: part)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def called(tree: ast.Module) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


@each_source
def test_files_are_short_and_well_named(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert path.stem not in {"utils", "util", "common", "misc", "helpers"}


@each_source
def test_no_function_has_the_name_of_its_file(path: Path) -> None:
    # A package that re-exported it would hide the module.
    names = {node.name for node in tree_of(path).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert path.stem not in names


@each_source
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    if path.name not in ("cli.py", "__main__.py", "strip.py"):
        assert not called(tree_of(path)) & {"print", "sys.exit", "exit", "quit"}


@each_source
def test_nothing_dangerous_is_called(path: Path) -> None:
    tree = tree_of(path)
    banned_calls = {"eval", "exec", "os.system", "os.popen", "tempfile.mktemp", "pd.read_pickle"}
    assert not called(tree) & banned_calls
    imported = {alias.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    imported |= {
        (n.module or "").split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and not n.level
    }
    assert not imported & {"pickle", "shelve", "marshal", "yaml", "dill", "joblib", "requests", "socket"}
    shells = [n for n in ast.walk(tree) if isinstance(n, ast.keyword) and n.arg == "shell"]
    assert not shells


@each_source
def test_tables_are_joined_by_the_one_join(path: Path) -> None:
    attributes = {
        n.func.attr for n in ast.walk(tree_of(path)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
    }
    assert path.name == "joining.py" or "merge" not in attributes


@pytest.mark.parametrize("package", PACKAGES)
def test_public_names_are_listed_and_load(package: str) -> None:
    module = importlib.import_module(package)
    assert list(module.__all__) == sorted(
        module.__all__, key=lambda n: (not n.isupper(), n.islower() or n[0].islower(), n)
    )
    assert set(dir(module)) == set(module.__all__)
    blocks = [node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.If)]
    typed = {a.asname or a.name for n in blocks[0].body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert typed == set(module.__all__)
    with pytest.raises(AttributeError, match="no attribute"):
        _ = module.no_such_name


@each_public_name
def test_public_names_are_documented(package: str, name: str) -> None:
    thing = getattr(importlib.import_module(package), name)
    if inspect.isfunction(thing) or inspect.isclass(thing):
        text = inspect.getdoc(thing) or ""
        assert re.match(r"[A-Z`].*\.", text), f"{name} has no one-line summary"
    if inspect.isfunction(thing):
        assert "Returns\n-------" in text
        assert "return" in thing.__annotations__


@each_public_name
def test_options_after_the_data_are_keyword_only(package: str, name: str) -> None:
    thing = getattr(importlib.import_module(package), name)
    if inspect.isfunction(thing):
        kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        positional = [p for p in inspect.signature(thing).parameters.values() if p.kind in kinds]
        assert len(positional) <= 5


def test_nothing_names_a_machine_or_an_index() -> None:
    suspects = re.compile(r"(^|[^A-Za-z0-9_.])/(work|root|home/[a-z]+)/|index-url|find-links", re.MULTILINE)
    texts = [*SOURCES, *ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("notebooks/*.ipynb"), ROOT / "README.md"]
    found = [path.name for path in texts if suspects.search(path.read_text(encoding="utf-8"))]
    assert not found


def test_the_design_page_lists_every_public_name() -> None:
    page = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    assert [name for _, name in PUBLIC if f"`{name}`" not in page] == []
