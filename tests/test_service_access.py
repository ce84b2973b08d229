"""Every role by every route by every method, against a table written by hand."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.service_client import Running, key_of, make_matrix, roles_with_keys, run_service

from smarthan.service.app import build_routes
from smarthan.service.gate import is_open
from smarthan.service.routes.duis import _EXAMPLE
from smarthan.service.workplace import Workplace

SUPPLIERS = ("IS", "ES", "GS", "RSA", "ED", "GT")
EVERYBODY = (*SUPPLIERS, "OU", "analyst", "public")
AT_POSTCODES = (*SUPPLIERS, "OU", "public")

# Who may, by method and address. Whoever is not named is denied; an address that is not here must not exist.
MAY = {
    ("GET", "/"): AT_POSTCODES,
    ("GET", "/?q=LL57+2DG"): AT_POSTCODES,
    ("GET", "/?q=LL57"): AT_POSTCODES,
    ("POST", "/list"): (*SUPPLIERS, "public"),
    ("GET", "/v1/coverage/LL57%202DG"): AT_POSTCODES,
    ("GET", "/v1/coverage/LL57%202DG?as_of=2026-11-03"): AT_POSTCODES,
    ("GET", "/v1/coverage/LL57%202DS?uprn=100100000001"): SUPPLIERS,
    ("POST", "/v1/coverage:batch"): (*SUPPLIERS, "public"),
    ("POST", "/v1/coverage:batch with UPRNs"): SUPPLIERS,
    ("GET", "/v1/uprn/100100000001"): SUPPLIERS,
    ("GET", "/v1/outward/LL57"): EVERYBODY,
    ("GET", "/v1/sector/LL57%202"): AT_POSTCODES,
    ("GET", "/v1/rollup?by=region"): (*SUPPLIERS, "OU", "analyst"),
    ("GET", "/v1/rollup?by=outward"): (*SUPPLIERS, "OU", "analyst"),
    ("GET", "/v1/rollup?by=sector"): (*SUPPLIERS, "OU"),
    ("GET", "/v1/releases"): EVERYBODY,
    ("GET", "/v1/diff?before=r1&after=r1"): (*SUPPLIERS, "analyst"),
    ("GET", "/v1/matrix/download"): (),
    ("POST", "/v1/duis"): (*SUPPLIERS, "OU"),
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/openapi.json"): EVERYBODY,
    ("GET", "/docs"): EVERYBODY,
    ("GET", "/static/page.css"): EVERYBODY,
    ("GET", "/sign-in"): EVERYBODY,
}
BODIES = {
    "/list": (b"list=LL57+2DG", "application/x-www-form-urlencoded"),
    "/v1/coverage:batch": (b'{"postcodes": ["LL57 2DG"]}', "application/json"),
    "/v1/coverage:batch with UPRNs": (b'{"postcodes": ["LL57 2DS"], "uprns": ["100100000001"]}', "application/json"),
    "/v1/duis": (_EXAMPLE.encode(), "application/xml"),
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("access")
    with run_service(make_matrix(folder), roles=roles_with_keys(folder)) as running:
        yield running


@pytest.mark.parametrize("role", EVERYBODY)
def test_each_role_may_do_what_the_table_says_and_no_more(running: Running, role: str) -> None:
    key = None if role == "public" else key_of(role)
    wrong = []
    for (method, address), method_asked in itertools.product(MAY, METHODS):
        path = address.removesuffix(" with UPRNs")
        body, kind = BODIES.get(address, (b"{}", "application/json"))
        sent = {"body": body, "content_type": kind} if method_asked == "POST" else {}
        answered = running.ask(path, method=method_asked, key=key, **sent)  # type: ignore[arg-type]
        if method_asked not in (method, *(("HEAD",) if method == "GET" else ())):
            expected: tuple[int, ...] = (405,)
        elif role not in MAY[method, address]:
            expected = (403,)
        else:
            expected = (401,) if address == "/sign-in" and key is None else (200, 303)
        if answered.status not in expected:
            wrong.append((method_asked, address, answered.status, answered.body[:100]))
        time_out = method_asked == "HEAD" and answered.body
        assert not time_out, "HEAD has a body"
    assert wrong == []


def test_a_role_claimed_in_a_header_is_not_looked_at(running: Running) -> None:
    claimed: Any = {"Role": "IS", "X_Role": "IS", "X_Forwarded_User": "IS", "X_User_Role": "IS"}
    assert running.ask("/v1/uprn/100100000001", **claimed).status == 403
    assert running.ask("/v1/uprn/100100000001?role=IS", key=key_of("OU")).status == 403


@pytest.mark.parametrize(
    "sent", ["Bearer wrong", "Bearer", "Basic !!!", "Basic bm9jb2xvbg==", "Digest x", "Bearer " + "x" * 300]
)
def test_a_wrong_key_is_nobody_even_where_the_public_may(running: Running, sent: str) -> None:
    answered = running.ask("/v1/coverage/LL57%202DG", Authorization=sent)
    assert answered.status == 401
    assert answered.code == "NO_KEY"
    assert "www-authenticate" in answered.headers


def test_a_browser_sends_the_key_as_password(running: Running) -> None:
    import base64

    sent = "Basic " + base64.b64encode(f"anybody:{key_of('IS')}".encode()).decode()
    assert running.ask("/v1/uprn/100100000001", Authorization=sent).status == 200
    assert running.ask("/sign-in", Authorization=sent).headers["location"] == "/"


def test_every_route_has_an_entry_and_stands_in_the_table(running: Running) -> None:
    service = running.service
    routes = build_routes(Workplace(service.holder, service.roles, service.limits))
    paths = {address.split("?")[0] for _, address in MAY}
    seen = set()
    for context in iterate_routes(routes):
        entries = [call.entry for call in context.calls if hasattr(call, "entry")]
        assert entries or is_open(context.path) or context.path == "/sign-in", f"{context.path} has no entry"
        seen.add(context.path)
        pattern = context.pattern
        assert any(pattern.fullmatch(path.replace("%20", " ")) for path in paths), f"{context.path} is not in the table"
    assert len(seen) > 15


class _Route:
    def __init__(self, path: str, pattern: re.Pattern[str], calls: list[Any]) -> None:
        self.path, self.pattern, self.calls = path, pattern, calls


def iterate_routes(app: Any) -> list[Any]:
    found = []
    for route in app.routes:
        for inner in getattr(getattr(route, "original_router", None), "routes", [route]):
            calls = [part.call for part in inner.dependant.dependencies]
            found.append(_Route(inner.path, inner.path_regex, calls))
    return found


def test_without_a_public_role_everybody_needs_a_key(tmp_path: Path) -> None:
    text = Path(roles_with_keys(tmp_path).path).read_text(encoding="utf-8")
    start, end = text.index("[role.public]"), text.index("# What a response to 12.1")
    kept = text[:start] + text[end:].replace('role = "public"', 'role = "OU"')
    (tmp_path / "closed.toml").write_text(kept, encoding="utf-8")
    from smarthan.service import read_roles

    with run_service(make_matrix(tmp_path), roles=read_roles(tmp_path / "closed.toml")) as running:
        assert running.ask("/v1/coverage/LL57%202DG").status == 401
        assert running.ask("/v1/coverage/LL57%202DG", key=key_of("OU")).status == 200
        assert running.ask("/healthz").status == running.ask("/static/page.css").status == 200
        assert running.ask("/", Accept="text/html").text.startswith("<!doctype html>")
