"""A page in headless Chromium: what axe-core finds, what the browser refused to load, how it looks at 320 pixels.

Chromium is Debian's package and axe-core one file from tests/a11y; `make system` gets both. No driver is needed: the
page runs the check on itself and prints the answer.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).parent / "a11y" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LACKING = [
    words for words, found in (("Chromium", CHROMIUM), ("axe-core (tests/a11y)", AXE.is_file())) if not found
]  # fmt: skip
# `make a11y` sets it: what is skipped elsewhere is a failure there.
REQUIRED = bool(os.environ.get("SMARTHAN_BROWSER_REQUIRED"))
needs_browser = pytest.mark.skipif(
    bool(LACKING) and not REQUIRED, reason=f"needs {' and '.join(LACKING)}: run `make system`"
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_TELL = "document.body.textContent = '';document.body.appendChild(document.createElement('pre')).textContent = "
# Nothing is to reach a network: every name leads nowhere.
_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--virtual-time-budget=60000", "--window-size=1280,900",
)  # fmt: skip


def find_violations(page: str, *, dark: bool = False) -> list[str]:
    """Return each rule of WCAG 2.2 A and AA, and of axe's good practice, that a page breaks, with the element."""
    script = (
        f"axe.run(document, {{runOnly: {json.dumps(RULES)}, resultTypes: ['violations']}})"
        ".then(found => JSON.stringify(found.violations.map(v => [v.id, v.help, v.nodes.map(n => n.target.join(' ')"
        f" + ': ' + n.failureSummary)]))).then(text => {{ {_TELL} text; }})"
    )
    source = AXE.read_text(encoding="utf-8").replace("</script", "<\\/script")
    whole = f"{POLICY.sub('', page)}<script>{source}</script><script>{script}</script>"
    found = _read_answer(whole, *(["--blink-settings=preferredColorScheme=0"] if dark else []))
    return [f"{rule} ({words}): {node}" for rule, words, nodes in found for node in nodes]


def find_overflow(page: str, *, width: int = 320) -> list[str]:
    """Return the elements that make a page scroll sideways at a width, those in a table's own scroll box left out."""
    script = f"""
      const inner = document.querySelector('iframe').contentDocument, over = [];
      for (const one of inner.querySelectorAll('body *'))
        if (one.getBoundingClientRect().right > {width} + 0.5 && !one.parentElement.closest('.scroll, pre, .skip')
            && !one.matches('.skip'))
          over.push(one.tagName + '.' + one.className + ' ' + Math.round(one.getBoundingClientRect().right));
      if (inner.documentElement.scrollWidth > {width}) over.push('page ' + inner.documentElement.scrollWidth);
      const text = JSON.stringify(over);
      {_TELL} text;"""
    frame = f'<iframe width="{width}" height="900" style="border:0" srcdoc="{escape(POLICY.sub("", page))}"></iframe>'
    return _read_answer(f"<!doctype html><body>{frame}<script>addEventListener('load', () => {{ {script} }})</script>")


def find_refused(page: str) -> list[str]:
    """Return what the browser refused to load or run because of the page's own policy."""
    _, said = _open(page, "--enable-logging=stderr")
    return [line for line in said.splitlines() if "Content Security Policy" in line]


def _read_answer(page: str, *options: str) -> Any:
    answer, said = _open(page, *options)
    found = re.search(r"<pre>(.*?)</pre></body>", answer, re.DOTALL)
    assert found is not None, f"the page gave no answer: {said[-2000:]}"
    text = found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
    return json.loads(text)


def _open(page: str, *options: str) -> tuple[str, str]:
    """Return the document as the browser ends with it, and what it said on the way."""
    assert not LACKING, f"needs {' and '.join(LACKING)}: run `make system`"
    with tempfile.TemporaryDirectory(prefix="smarthan-browser-") as folder:
        place = Path(folder) / "page.html"
        place.write_text(page, encoding="utf-8")
        command = [str(CHROMIUM), *_OPTIONS, f"--user-data-dir={folder}/profile", *options, "--dump-dom"]
        done = subprocess.run(
            [*command, place.as_uri()], capture_output=True, text=True, timeout=120, check=True
        )  # fmt: skip
    return done.stdout, done.stderr
