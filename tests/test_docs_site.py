"""The guides and the reference build into a site without a warning, and the site asks nothing of any other host."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from smarthan import charts

ROOT = Path(__file__).parents[1]
# What a browser fetches by itself; a link to a source that a reader may follow is none of it.
FETCHED = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src", "object": "data"}
NOT_FETCHED = {"canonical", "index", "search", "next", "prev", "genindex"}


class Requests(HTMLParser):
    """Gathers what a page would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in FETCHED and given.get("rel") not in NOT_FETCHED and (address := given.get(FETCHED[tag])):
            self.addresses.append(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site, built with every warning an error."""
    out = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-d", f"{out}.doctrees", "docs", str(out)]
    made = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return out


def test_no_page_asks_anything_of_another_host(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 12
    for page in pages:
        requests = Requests()
        requests.feed(page.read_text(encoding="utf-8"))
        assert not [address for address in requests.addresses if re.match(r"(https?:)?//", address)], page.name


def test_formulae_are_drawn_by_the_browser_itself(site: Path) -> None:
    methods = (site / "methods.html").read_text(encoding="utf-8")
    assert methods.count("<math ") >= 20
    assert not re.search(r"<script[^>]*mathjax", methods, flags=re.IGNORECASE)


def test_every_public_name_has_its_place_in_the_reference(site: Path) -> None:
    for room in ("analysis", "charts"):
        page = (site / "reference" / f"{room}.html").read_text(encoding="utf-8")
        module = __import__(f"smarthan.{room}", fromlist=["__all__"])
        constants = {name for name in module.__all__ if name.isupper()}
        assert [name for name in set(module.__all__) - constants if f'id="smarthan.{room}.{name}"' not in page] == []


def test_every_chart_has_a_line_on_how_to_read_it() -> None:
    guide = (ROOT / "docs/charts.md").read_text(encoding="utf-8")
    assert [name for name in charts.__all__ if f"`{name}`" not in guide] == []


def test_every_page_can_be_reached_from_the_first() -> None:
    first = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    assert [page.stem for page in sorted((ROOT / "docs").glob("*.md")) if page.stem not in first] == ["index"]
