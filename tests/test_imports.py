"""The top-level folders stay safe to stand beside coverage.py, and a room costs nothing until it is used."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TABLES = {"pandas", "numpy", "pyarrow"}
SERVER = {"fastapi", "starlette", "pydantic", "uvicorn", "jinja2"}
SLOW = {"geopandas", "sklearn", "scipy.stats", "matplotlib", "pandera", "gptables", "papermill", "nbconvert", "typer"}


def loaded_by(code: str, *, cwd: Path = ROOT) -> set[str]:
    """Return the modules a fresh interpreter holds after running the code."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(' '.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=cwd,
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import smarthan.coverage", TABLES | SLOW),
        ("from smarthan import coverage", TABLES | SLOW),
        ("import smarthan.trial_data", TABLES | SLOW),
        ("import smarthan.analysis", TABLES | SLOW),
        ("import smarthan.charts", TABLES | SLOW),
        ("import smarthan.panels", TABLES | SLOW),
        ("import smarthan.report", TABLES | SLOW),
        ("import smarthan.tables", TABLES | SLOW),
        ("import smarthan.service", TABLES | SLOW | SERVER),
        ("from smarthan.service import read_roles, summarise_audit", TABLES | SLOW | SERVER),
        ("from smarthan.service import serve", TABLES | SLOW | SERVER),
        ("from smarthan.service import create_app", TABLES | SLOW),
        ("from smarthan.commands.app import build_app; build_app(print, print)", TABLES | SERVER),
        ("import smarthan.cli", TABLES | SLOW),
        ("from smarthan.coverage import parse_postcode; parse_postcode('SW1A 1AA')", TABLES | SLOW),
        ("from smarthan.coverage import read_matrix", SLOW),
        ("from smarthan.trial_data import read_trial", SLOW),
        ("from smarthan.analysis import SurveyDesign, read_appraisal", SLOW),
    ],
)
def test_a_fresh_interpreter_loads_only_what_is_needed(code: str, absent: set[str]) -> None:
    assert not loaded_by(code) & absent


def test_a_cold_look_up_loads_next_to_nothing() -> None:
    # Each of these costs a fifth of a bare interpreter or more; a look-up may take 2.5 of them in all.
    heavy = {"re", "json", "typing", "dataclasses", "enum", "functools", "argparse", "pathlib", "hashlib", "shutil"}
    question = "import sys; sys.argv = ['smarthan', 'lookup', 'SW1A 1AA']; from smarthan.cli import main"
    loaded_by(f"{question}\ntry: main()\nexcept SystemExit: pass")  # makes the release and remembers that it is sound
    loaded = loaded_by(f"{question}\ntry: main()\nexcept SystemExit: pass")
    assert "smarthan.coverage.lookup.cold" in loaded
    assert not loaded & (heavy | TABLES | SLOW)


def test_coverage_py_wins_over_the_folder() -> None:
    code = "import coverage; assert hasattr(coverage, 'Coverage'), coverage"
    assert "coverage" in loaded_by(code)


@pytest.mark.parametrize("folder", ["coverage", "trial_data", "analysis"])
def test_source_roots_and_namespace_hold_no_init(folder: str) -> None:
    assert not (ROOT / folder / "__init__.py").exists()
    assert not (ROOT / folder / "smarthan" / "__init__.py").exists()
    assert not (ROOT / "tests" / folder).exists()


@pytest.mark.parametrize("folder", [".", "notebooks", "tests"])
def test_the_rooms_import_from_any_folder(folder: str) -> None:
    code = "import smarthan.coverage, smarthan.trial_data, smarthan.analysis, smarthan.tables"
    assert "smarthan.analysis" in loaded_by(code, cwd=ROOT / folder)
