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


LOCKS = ("requirements.lock", "requirements-bench.lock")


def declared() -> dict[str, SpecifierSet]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    for extra in project["project"]["optional-dependencies"].values():
        lines += extra
    return ranges(lines)


def peers() -> dict[str, SpecifierSet]:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    return ranges(groups["bench"])


def ranges(lines: list[str]) -> dict[str, SpecifierSet]:
    return {r.name: r.specifier for r in map(Requirement, lines)}


def conda() -> dict[str, SpecifierSet]:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    entries = re.findall(r"^\s+- ([A-Za-z0-9_.-]+(?:[<>=!~].*)?)$", text, flags=re.MULTILINE)
    found = {r.name: r.specifier for r in map(Requirement, entries)}
    for channel_or_tool in ("conda-forge", "pip", "python"):
        found.pop(channel_or_tool)
    return {CONDA_NAMES.get(name, name): spec for name, spec in found.items()}


def locked(lock: str = LOCKS[0]) -> dict[str, set[Version]]:
    found: dict[str, set[Version]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", lock_text(lock), flags=re.MULTILINE):
        found.setdefault(name, set()).add(Version(version))
    return found


def lock_text(lock: str) -> str:
    return (ROOT / lock).read_text(encoding="utf-8")


def test_conda_and_project_name_the_same_ranges() -> None:
    assert conda() == declared()


@pytest.mark.parametrize("name", sorted(declared()))
def test_each_locked_version_meets_its_range(name: str) -> None:
    versions = locked()[name]
    assert versions
    assert all(version in declared()[name] for version in versions)


def test_peers_of_the_benchmarks_are_locked_apart() -> None:
    assert not set(peers()) & set(locked())
    found = locked(LOCKS[1])
    assert all(version in wanted for name, wanted in peers().items() for version in found[name])


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_holds_hashes_and_no_address(lock: str) -> None:
    text = lock_text(lock)
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
