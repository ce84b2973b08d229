"""The guide to WAN coverage: every example in it runs, in the order of the page, and says what the page says."""

import runpy
from pathlib import Path

import pytest
from tests.pages import find_blocks, find_commands, read_page, run_command

GUIDE = read_page("docs/coverage.md")
FILES = ("2026-05.csv", "2026-11.csv", "sites.csv")
# In the order of the page: a row in quarantine is 1, so is a malformed postcode of a portfolio; drift refused is 2.
CODES = {"check": [1], "publish": [1, 2, 0], "releases": [0], "lookup": [0, 0, 0, 1], "diff": [0], "rollup": [0, 0]}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the page shows."""
    monkeypatch.chdir(tmp_path)
    for name, text in zip(FILES, find_blocks(GUIDE, "csv"), strict=True):
        assert f"`{name}`" in GUIDE
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_examples_of_the_guide_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    codes: dict[str, list[object]] = {}
    for words in find_commands(GUIDE):
        name = words[2] if words[1] == "coverage" else words[1]
        codes.setdefault(name, []).append(run_command(words))
    assert codes == CODES | {"boundaries": [0]}
    said = capsys.readouterr().out
    assert "was planned for 2026-09-30, not confirmed since" in said
    assert "ALARM: the share covered moved by +15.00 points" in said
    assert "Wales" in said
    made = {path.name for path in folder.iterdir()} - set(FILES)
    assert made == {"releases", "faulty.csv", "answered.csv", "changed.csv", "shares.csv", "regions.geojson"}

    (code,) = find_blocks(GUIDE, "python")
    (folder / "example.py").write_text(code, encoding="utf-8")
    names = runpy.run_path("example.py")
    assert names["sites"]["cov_state"].dropna().tolist() == ["COVERED", "COVERED", "PLANNED"]
    assert "118,766 m away in a straight line" in capsys.readouterr().out
