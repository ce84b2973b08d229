"""Data flows one way: tables -> coverage | trial_data -> analysis -> charts -> report -> command line."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOTS = ("coverage", "trial_data", "analysis")
SOURCES = sorted(path for root in ROOTS for path in (ROOT / root / "smarthan").rglob("*.py"))

GROUND = {"lazy", "records", "files", "personal", "settings", "intervals", "tables"}
MAY_IMPORT = {
    "ground": GROUND,
    "coverage": GROUND | {"coverage"},
    "service": GROUND | {"coverage", "service"},
    "trial_data": GROUND | {"trial_data"},
    "analysis": GROUND | {"coverage", "trial_data", "analysis"},
    "charts": GROUND | {"charts"},
    "findings": GROUND | {"coverage", "trial_data", "analysis", "findings"},
    "panels": GROUND | {"coverage", "panels"},
    "report": GROUND | {"coverage", "trial_data", "analysis", "charts", "report"},
    "commands": GROUND | {"coverage", "service", "trial_data", "analysis", "findings", "charts", "report", "commands"},
    "cli": GROUND | {"commands"},
}


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT).parts[2:]
    name = parts[0].removesuffix(".py")
    return "ground" if name in GROUND else name


def imports_of(path: Path) -> list[tuple[int, str]]:
    """Return (line, full module name) of every import in a file, relative ones resolved."""
    package = [part.removesuffix(".py") for part in path.relative_to(ROOT).parts[1:]][:-1]
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found.append((node.lineno, module))
            found += [(node.lineno, f"{module}.{alias.name}") for alias in node.names]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    allowed = MAY_IMPORT[room_of(path)]
    wrong = [
        (line, name)
        for line, name in imports_of(path)
        if name.startswith("smarthan.") and name.split(".")[1] not in allowed
    ]
    assert not wrong, f"{path.name} may not import {wrong}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_only_charts_import_matplotlib(path: Path) -> None:
    drawn = [name for _, name in imports_of(path) if name.split(".")[0] in ("matplotlib", "afcharts")]
    assert not drawn or room_of(path) == "charts"


def test_every_room_is_known() -> None:
    assert {room_of(path) for path in SOURCES} <= set(MAY_IMPORT)


def test_a_backward_import_would_be_found(tmp_path: Path) -> None:
    source = ROOT / "coverage" / "smarthan" / "coverage" / "imagined.py"
    text = ast.parse("from smarthan.trial_data import read_trial")
    module = next(node.module for node in ast.walk(text) if isinstance(node, ast.ImportFrom))
    assert module is not None
    assert module.split(".")[1] not in MAY_IMPORT[room_of(source)]
