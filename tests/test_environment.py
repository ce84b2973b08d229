"""environment.yml, pyproject.toml and the lock say the same; the lock holds hashes and no address."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).parents[1]
# conda-forge's name -> the name on the Python index
CONDA_NAMES = {
    "brotli-python": "brotli",
    "jupyter_client": "jupyter-client",
    "jupyter_core": "jupyter-core",
    "matplotlib-base": "matplotlib",
    "msgpack-python": "msgpack",
}


def declared() -> dict[str, SpecifierSet]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    for extra in project["project"]["optional-dependencies"].values():
        lines += extra
    return {r.name: r.specifier for r in map(Requirement, lines)}


def conda() -> dict[str, SpecifierSet]:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    entries = re.findall(r"^\s+- ([A-Za-z0-9_.-]+(?:[<>=!~].*)?)$", text, flags=re.MULTILINE)
    found = {r.name: r.specifier for r in map(Requirement, entries)}
    for channel_or_tool in ("conda-forge", "pip", "python"):
        found.pop(channel_or_tool)
    return {CONDA_NAMES.get(name, name): spec for name, spec in found.items()}


def locked() -> dict[str, set[Version]]:
    found: dict[str, set[Version]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", lock_text(), flags=re.MULTILINE):
        found.setdefault(name, set()).add(Version(version))
    return found


def lock_text() -> str:
    return (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_conda_and_project_name_the_same_ranges() -> None:
    assert conda() == declared()


@pytest.mark.parametrize("name", sorted(declared()))
def test_each_locked_version_meets_its_range(name: str) -> None:
    versions = locked()[name]
    assert versions
    assert all(version in declared()[name] for version in versions)


def test_the_lock_holds_hashes_and_no_address() -> None:
    text = lock_text()
    assert "://" not in text
    assert not re.search(r"(^|\s)(/|file:|--(index|find|extra))", text, flags=re.MULTILINE)
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert all("--hash=sha256:" in block for block in blocks)


def test_python_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"python{project['requires-python']}" in (ROOT / "environment.yml").read_text(encoding="utf-8")


def test_coverage_py_is_declared() -> None:
    # Without it, the bare folder `coverage/` is found as a namespace package and breaks numba.
    assert "coverage" in declared()


def test_the_changelog_has_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
