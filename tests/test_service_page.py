"""The page for people: plain words, nothing foreign runs, nothing is fetched from elsewhere; lists come back as CSV."""

import csv
import io
import itertools
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from tests.service_client import Running, key_of, make_matrix, roles_with_keys, run_service

FORM = "application/x-www-form-urlencoded"
VOID = {"meta", "link", "input", "br", "img", "hr"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("page")
    with run_service(make_matrix(folder), roles=roles_with_keys(folder)) as running:
        yield running


class Page(HTMLParser):
    """The elements of a page, its text, and whether every element that begins also ends."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.words.append(" " if tag in ("td", "th", "p", "h1", "h2", "dt", "dd", "li", "title") else "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


PAGES = (
    "/",
    "/?q=LL57+2DG",
    "/?q=LL57",
    "/?q=rubbish",
    "/?q=LL57+2ZZ",
    "/?q=LL57+2DS",
    "/?as_of=x&q=LL57+2DG",
    "/docs",
)


@pytest.mark.parametrize("path", [*PAGES, "/nowhere"])
def test_each_page_holds_to_the_rules_of_the_web(running: Running, path: str) -> None:
    page = Page(running.ask(path, Accept="text/html").text)
    assert page.all("html") == [{"lang": "en-GB"}]
    assert len(page.all("h1")) == len(page.all("main")) == len([one for one in page.all("title") if not one]) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert set((attributes.get(name) or "").split()) <= set(ids)
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        for name in ("href", "src", "action"):
            assert re.match(r"/(?!/)|#|$", attributes.get(name) or ""), attributes
    labelled = {attributes["for"] for attributes in page.all("label")}
    fields = page.all("input") + page.all("textarea")
    assert all(field["id"] in labelled for field in fields)
    assert all(attributes.get("scope") in ("col", "row") for attributes in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("q=LL57+2DG", 200, "LL57 2DG Covered A communications hub at LL57 2DG is expected to connect"),
        ("q=ll572dg", 200, "2 regions answer for it"),
        ("q=LL57+2DH&as_of=2026-11-25", 200, "planned from 31 March 2027, 126 days from now"),
        ("q=LL57+2DL&as_of=2026-11-25", 200, "from 31 January 2026, 298 days ago, and that has not been confirmed"),
        ("q=LL57+2DN", 200, "no date is planned"),
        ("q=LL57+2DP", 200, "That is not the same as no coverage"),
        ("q=LL57+2DR", 200, "4 of 10 premises at LL57 2DR are covered"),
        ("q=LL57", 200, "of 66 premises covered"),
        ("q=LL57+2", 200, "LL57 2"),
        ("q=LL57+2ZZ", 404, "the list of postcodes does not have it"),
        ("q=BT1+1AA", 404, "does not reach there"),
        ("q=LL57+2DG&as_of=tomorrow", 422, "not a day"),
        ("q=SW1A+OAA", 422, "Did you mean SW1A 0AA?"),
        ("q=LL57+2DS&uprn=100100000002", 200, "This role may not ask by UPRN"),
    ],
)
def test_the_answer_stands_in_plain_words(running: Running, query: str, status: int, words: str) -> None:
    answered = running.ask(f"/?{query}")
    page = Page(answered.text)
    assert answered.status == status
    assert words in page.text, page.text
    assert (page.text.strip().startswith("Error: ")) == (status == 422)


def test_a_role_that_may_asks_by_uprn(running: Running) -> None:
    shown = Page(running.ask("/?uprn=100100000002", key=key_of("IS")).text)
    assert "LL57 2DS, UPRN 100100000002 Not covered" in shown.text
    assert "uprn" in {field["id"] for field in shown.all("input")}
    assert "uprn" not in {field["id"] for field in Page(running.ask("/").text).all("input")}
    assert running.ask("/?uprn=100100000002").status == 403


def test_every_row_the_release_the_caveat_and_a_link_are_shown(running: Running) -> None:
    page = Page(running.ask("/?q=LL57+2DG&as_of=2026-11-25").text)
    for words in (
        "Central",
        "4G Central",
        "Cellular + mesh",
        "Aerial T1",
        "12 of 12",
        "From release r1",
        "2 November 2026",
    ):
        assert words in page.text
    assert "a prediction of the network operator" in page.text.casefold()
    assert "/?q=LL57+2DG&as_of=2026-11-25" in [link["href"] for link in page.all("a")]


def test_the_surroundings_are_drawn_and_tabled(running: Running) -> None:
    page = Page(running.ask("/?q=LL57+2DG").text)
    drawn = [shape["class"] for shape in page.all("path")]
    assert sum("own" in (name or "") for name in drawn) == 1
    assert len(drawn) > 5
    assert "LL56 beside it 100.0%" in page.text
    labels = re.findall(r"<text [^>]*>(\w+)</text>", running.ask("/?q=LL57+2DG").text)
    tabled = re.findall(
        r'<th scope="row"><a [^>]*>(\w+)</a></th><td>(?:outward code|beside it)', running.ask("/?q=LL57+2DG").text
    )
    assert sorted(labels) == sorted(tabled)
    assert "Contains OS data © Crown copyright" in page.text


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "javascript:alert(1)"]
)
def test_nothing_foreign_becomes_part_of_the_page(running: Running, text: str) -> None:
    from urllib.parse import quote

    for path in (f"/?q={quote(text)}", f"/?q=LL57+2DG&as_of={quote(text)}", f"/?q=LL57+2DG&uprn={quote(text)}"):
        page = Page(running.ask(path).text)
        assert {script.get("src") for script in page.all("script")} == {"/static/page.js"}
        assert page.all("img") == []
        assert "49" not in page.text or "{{7*7}}" in page.text
    told = Page(running.ask("/?q=LL57+2DN").text)
    assert "<script>alert(1)</script>" in told.text, "the text of the release is shown as text"
    assert len(told.all("script")) == 1


def rows_of(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8"), newline="")))


def test_a_pasted_list_comes_back_as_csv(running: Running) -> None:
    body = b"list=LL57+2DG%0D%0ALL57+2ZZ%0D%0A%3D1%2B1%0D%0ALL57%0D%0ALL57+2DG"
    answered = running.ask("/list", method="POST", body=body, content_type=FORM)
    assert answered.headers["content-disposition"] == 'attachment; filename="coverage-answers.csv"'
    rows = rows_of(answered.body)
    assert [row["status"] for row in rows] == ["OK", "UNKNOWN_POSTCODE", "BAD_FORMAT", "OK", "OK"]
    assert [row["query"] for row in rows][2] == "'=1+1"
    assert (rows[0]["wan_technology"], rows[0]["regions"], rows[0]["release_id"]) == (
        "Cellular + mesh",
        "Central | 4G Central",
        "r1",
    )
    assert rows[3]["share"]


def test_an_uploaded_table_is_answered_by_its_columns(running: Running) -> None:
    data = b"site,postcode,uprn\r\na,LL57 2DS,100100000002\r\nb,LL57 2DG,\r\n"
    body = (
        b'--B\r\nContent-Disposition: form-data; name="list"\r\n\r\n\r\n--B\r\n'
        b'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
        + data
        + b"\r\n--B--\r\n"
    )
    kind = "multipart/form-data; boundary=B"
    fine = rows_of(running.ask("/list", method="POST", body=body, content_type=kind, key=key_of("IS")).body)
    assert [(row["uprn"], row["state"]) for row in fine] == [("100100000002", "NOT_CONFIRMED"), ("", "COVERED")]
    coarse = rows_of(running.ask("/list", method="POST", body=body, content_type=kind).body)
    assert [row["state"] for row in coarse] == ["MIXED", "COVERED"]
    assert "may not ask by UPRN" in coarse[0]["notes"]
    assert coarse[0]["uprn"] == ""


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"list=", 422, "The list is empty"),
        (b"list=" + b"LL57+2DG%0A" * 101, 413, "101 lines"),
        (b"list=%00", 422, "NUL"),
        (b"list=a&colour=red", 422, "not known here"),
        (b"list=%FF", 422, "not encoded"),
    ],
)
def test_a_list_that_is_refused_is_told_on_the_page(running: Running, body: bytes, status: int, words: str) -> None:
    answered = running.ask("/list", method="POST", body=body, content_type=FORM)
    page = Page(answered.text)
    assert answered.status == status
    assert page.text.strip().startswith("Error: ")
    assert words in page.text
    assert "list" in [(link["href"] or "")[1:] for link in page.all("a")]


def test_a_synthetic_release_says_so_on_every_page() -> None:
    from smarthan.coverage import sample_matrix

    with run_service(sample_matrix()) as running:
        for path in ("/", "/?q=SW1A+1AA", "/?q=rubbish"):
            assert "made up for demonstration" in running.ask(path).text
