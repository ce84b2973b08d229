"""The page in a real browser: works without JavaScript and better with it, fetches nothing from elsewhere, passes axe.

Headless Chromium is spoken to over a pipe by its own protocol: clicks and answers in place are those of a person.
What is needed `tests/browser.py` tells; where it is absent these tests are skipped with one line.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser import AXE, CHROMIUM, REQUIRED, RULES, needs_browser
from tests.service_client import Running, make_matrix, roles_with_keys, run_service

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and not REQUIRED, reason="needs Chromium: run `make system`"),
]


class Browser:
    """A headless browser with one page, and all it asked of the network."""

    def __init__(self, profile: Path) -> None:
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        for handle, number in ((to_browser, 3), (from_browser, 4)):
            os.set_inheritable(handle, True)
            del number
        command = f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}'
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", f"--user-data-dir={profile}"]
        self.process = subprocess.Popen(
            ["bash", "-c", command, str(CHROMIUM), *flags, "about:blank"],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._buffer, self._number = b"", 0
        self.events: list[dict[str, Any]] = []
        target = next(one for one in self.call("Target.getTargets")["targetInfos"] if one["type"] == "page")
        attached = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self.session: str | None = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    session: str | None = None

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send one command; return its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            found = self._receive()
            if found.get("id") == self._number:
                assert "error" not in found, found
                result: dict[str, Any] = found["result"]
                return result
            self.events.append(found)

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            piece = os.read(self._in, 1 << 16)
            assert piece, "the browser has gone"
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message

    def wait_for(self, method: str) -> None:
        """Take events until one of this name comes."""
        while (event := self._receive())["method"] != method:
            self.events.append(event)

    def open(self, address: str) -> None:
        """Go to an address and wait until it is loaded."""
        self.call("Page.navigate", url=address)
        self.wait_for("Page.loadEventFired")

    def run(self, script: str) -> Any:
        """Evaluate a script in the page; promises are waited for."""
        found = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    @property
    def asked(self) -> list[str]:
        """Every address asked of the network."""
        sent = (event for event in self.events if event.get("method") == "Network.requestWillBeSent")
        return [event["params"]["request"]["url"] for event in sent]

    @property
    def complaints(self) -> list[str]:
        """What the browser logged: a breach of the content policy, an error of a script."""
        logged = (event["params"]["entry"] for event in self.events if event.get("method") == "Log.entryAdded")
        return [f"{entry['source']}: {entry['text']}" for entry in logged if entry["level"] == "error"]

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        os.close(self._in)
        os.close(self._out)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("browser")
    with run_service(make_matrix(folder), roles=roles_with_keys(folder)) as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


SUBMIT = "document.querySelector('#q').value = %r; document.querySelector('#ask button').click()"


def test_a_person_asks_reads_and_follows_a_link(running: Running, browser: Browser) -> None:
    browser.open(f"{running.url}/")
    browser.run("window.stayed = true; " + SUBMIT % "ll57 2dg")
    said = browser.run(
        "new Promise(done => { const look = () => document.querySelector('#result') "
        "? done(document.querySelector('#said').textContent) : setTimeout(look, 20); look(); })"
    )
    assert "Covered" in said, "the answer is announced"
    assert browser.run("window.stayed") is True, "the page was not loaded anew"
    assert browser.run("location.search") == "?q=ll57+2dg"
    assert browser.run("document.title").startswith("LL57 2DG: Covered")
    assert browser.run("document.activeElement.id") == "result"
    browser.run("history.back()")
    gone = "new Promise(d => { const l = () => document.querySelector('#result') ? setTimeout(l, 20) : d(true); l(); })"
    assert browser.run(gone) is True
    browser.open(f"{running.url}/?q=LL57+2DG")
    browser.run("document.querySelector('.around tbody a[href*=\"LL56\"]').click()")
    browser.wait_for("Page.loadEventFired")
    assert browser.run("document.querySelector('h2 .what').textContent.trim()") == "LL56"
    assert [address for address in browser.asked if not address.startswith((running.url, "about:", "data:"))] == []
    assert browser.complaints == []


def test_it_works_without_javascript(running: Running, browser: Browser) -> None:
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(f"{running.url}/")
        browser.run(SUBMIT % "LL57 2DH")
        browser.wait_for("Page.loadEventFired")
        assert "planned" in browser.run("document.querySelector('#answer').textContent")
        browser.open(f"{running.url}/?q=rubbish")
        assert browser.run("document.title").startswith("Error: ")
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_has_to_be_scrolled_sideways(running: Running, browser: Browser, width: int) -> None:
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    for path in ("/", "/?q=LL57+2DG", "/?q=rubbish", "/?q=LL57+2DS", "/docs"):
        browser.open(running.url + path)
        assert browser.run("document.documentElement.scrollWidth") <= width, path
        small = (
            "[...document.querySelectorAll('main button, main summary, nav a')].filter(e => e.offsetParent)"
            ".filter(e => e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"
        )
        assert browser.run(small) == []


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/?q=LL57+2DG", "/?q=LL57", "/?q=rubbish", "/?q=LL57+2ZZ", "/docs"])
def test_axe_finds_nothing(running: Running, browser: Browser, path: str, scheme: str) -> None:
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.call("Page.setBypassCSP", enabled=True)
    browser.open(running.url + path)
    browser.run(AXE.read_text(encoding="utf-8"))
    options = json.dumps({"runOnly": RULES})
    found = browser.run(
        f"axe.run(document, {options}).then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))"
    )
    assert found == []
