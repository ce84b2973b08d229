"""The browser checks find what they are for; what they need is installed by one command, or its absence is told."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.browser import find_overflow, find_refused, find_violations, needs_browser

ROOT = Path(__file__).parents[1]
PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>A page</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<style>body { background: #fff; color: #111 } @media (prefers-color-scheme: dark) { p { color: #EEE } }</style>
</head><body><main><h1>A page</h1>BODY</main></body></html>"""


@needs_browser
@pytest.mark.browser
def test_a_picture_without_words_a_skipped_heading_and_a_faint_text_are_found() -> None:
    page = PAGE.replace("BODY", '<h3>Three</h3><img src="data:,"><p style="color:#999">faint</p>')
    found = " ".join(find_violations(page))
    assert all(rule in found for rule in ("image-alt", "heading-order", "color-contrast"))


@needs_browser
@pytest.mark.browser
def test_a_fault_of_the_dark_colours_is_found_and_nothing_else() -> None:
    found = find_violations(PAGE.replace("BODY", "<h2>Two</h2><p>Words.</p>"), dark=True)
    assert [text.split(" ")[0] for text in found] == ["color-contrast"]


@needs_browser
@pytest.mark.browser
def test_what_comes_from_outside_or_runs_is_refused_and_told() -> None:
    found = find_refused(PAGE.replace("BODY", '<img alt="" src="http://example.invalid/x.png"><script>1</script>'))
    assert len(found) == 2


@needs_browser
@pytest.mark.browser
def test_an_element_wider_than_a_narrow_screen_is_found_unless_it_scrolls_in_its_own_box() -> None:
    wide = '<p class="wide" style="width:400px">wide</p>'
    page = PAGE.replace("BODY", f'<div class="scroll" style="overflow-x:auto">{wide}</div>{wide}')
    assert [text.split(" ")[0] for text in find_overflow(page)] == ["P.wide", "page"]


def test_axe_is_locked_by_its_hash_and_by_no_address() -> None:
    folder = ROOT / "tests" / "a11y"
    text = (folder / "package-lock.json").read_text(encoding="utf-8")
    locked = json.loads(text)["packages"]["node_modules/axe-core"]
    assert "://" not in text
    assert locked["integrity"].startswith("sha512-")
    assert json.loads((folder / "package.json").read_text())["devDependencies"] == {"axe-core": locked["version"]}


def test_where_there_is_no_apt_the_set_up_says_what_is_skipped_and_ends_well(tmp_path: Path) -> None:
    for name in ("bash", "dirname", "env", "grep", "id"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    done = subprocess.run(
        [ROOT / ".ci" / "system"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert re.fullmatch(r"make system: there is no apt here; .*skipped without chromium .*npm\n", done.stderr)


def test_continuous_integration_sets_up_the_system_before_it_tests() -> None:
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert text.index("make system") < text.index("make test")
    assert os.access(ROOT / ".ci" / "system", os.X_OK)
