"""What the service answers over HTTP: statuses, headers, caching, limits; on a real port."""

import datetime as dt
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.service_client import Running, key_of, key_table, make_matrix, roles_with_keys, run_service

from smarthan.service import ServiceLimits

COVERED, PLANNED, BARE = "/v1/coverage/LL57%202DG", "/v1/coverage/LL57%202DH", "/v1/coverage/LL57%202DN"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("http")
    limits = ServiceLimits(header_s=0.5, body_s=0.5, refresh_s=0.05, batch=20)
    with run_service(make_matrix(folder), roles=roles_with_keys(folder), limits=limits) as running:
        yield running


@pytest.mark.parametrize(
    ("unit", "state"),
    [
        ("DG", "COVERED"),
        ("DH", "PLANNED"),
        ("DL", "OVERDUE"),
        ("DN", "NOT_CONFIRMED"),
        ("DP", "ERROR"),
        ("DR", "MIXED"),
        ("DS", "MIXED"),
    ],
)
def test_every_state_is_an_answer(running: Running, unit: str, state: str) -> None:
    for spelling in (f"LL57%202{unit}", f"ll572{unit.lower()}", f"%20LL57%20%20%202{unit}%20"):
        answered = running.ask(f"/v1/coverage/{spelling}?as_of=2026-11-25")
        assert (answered.status, answered.json["state"], answered.json["status"]) == (200, state, "OK")
        assert running.ask(f"/v1/coverage/{spelling}").status == 200


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("LL57%202ZZ", 404, "UNKNOWN_POSTCODE"),
        ("AB10%201AA", 404, None),
        ("BT1%201AA", 404, "OUTSIDE_GB"),
        ("BF1%201AA", 404, "NON_GEOGRAPHIC"),
        ("rubbish", 422, "BAD_FORMAT"),
        ("", 422, "EMPTY"),
        ("%20", 422, "EMPTY"),
        ("LL57", 422, "PART_OF_POSTCODE"),
        ("LL57%202", 422, "PART_OF_POSTCODE"),
        ("LL57%2F2DG", 422, "BAD_KEY"),
        ("LL57/2DG", 422, "BAD_KEY"),
        ("LL57%25202DG", 422, "BAD_KEY"),
        ("LL57%0A2DG", 422, "BAD_KEY"),
        ("LL57%002DG", 422, "BAD_KEY"),
        ("%ff%fe", 422, "BAD_FORMAT"),
        ("%3Cscript%3E", 422, "BAD_FORMAT"),
        ("LL57%202DG" + "0" * 300, 414, "ADDRESS_TOO_LONG"),
    ],
)
def test_what_is_no_answer_has_a_code_and_a_sentence(running: Running, key: str, status: int, code: str | None) -> None:
    answered = running.ask(f"/v1/coverage/{key}")
    error = answered.json["error"]
    assert answered.status == status
    assert code in (None, error["code"])
    assert 8 < len(error["words"]) < 300
    assert answered.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/uprn/0", 422, "BAD_UPRN"),
        ("/v1/uprn/1234567890123", 422, "BAD_UPRN"),
        ("/v1/uprn/7", 404, "NOT_IN_MATRIX"),
        ("/v1/coverage/LL56%204AA?uprn=100100000001", 422, "KEY_CONFLICT"),
        ("/v1/coverage/LL57%202DG?uprn=1e5", 422, "BAD_UPRN"),
        ("/v1/coverage/LL57%202DG?uprn=", 422, "BAD_PARAMETER"),
        ("/v1/coverage/LL57%202DG?colour=red", 422, "BAD_PARAMETER"),
        ("/v1/coverage/LL57%202DG?as_of=2026-13-01", 422, "BAD_PARAMETER"),
        ("/v1/coverage/LL57%202DG?as_of=today", 422, "BAD_PARAMETER"),
        ("/v1/coverage/LL57%202DG?as_of=2026-11-02&as_of=x", 422, "BAD_PARAMETER"),
        ("/v1/coverage/LL57%202DG?" + "a" * 600, 414, "ADDRESS_TOO_LONG"),
        ("/v1/outward/LL57%202DG", 422, "PART_OF_POSTCODE"),
        ("/v1/outward/LL57%202", 422, "PART_OF_POSTCODE"),
        ("/v1/outward/AB10", 404, "NOT_IN_MATRIX"),
        ("/v1/sector/LL57", 422, "PART_OF_POSTCODE"),
        ("/v1/rollup?by=colour", 422, "BAD_PARAMETER"),
        ("/v1/rollup?by=area,area", 422, "BAD_PARAMETER"),
        ("/v1/rollup?by=", 422, "BAD_PARAMETER"),
        ("/v1/diff", 422, "BAD_PARAMETER"),
        ("/v1/diff?before=r1&after=r2", 404, "NO_RELEASE"),
        ("/v1/nothing", 404, "NO_ROUTE"),
        ("/v1/coverage", 404, "NO_ROUTE"),
        ("/static/../roles.toml", 404, "NO_ROUTE"),
        ("/static/%2e%2e%2froles.toml", 404, "NO_ROUTE"),
    ],
)
def test_other_routes_refuse_in_the_same_form(running: Running, path: str, status: int, code: str) -> None:
    answered = running.ask(path, key=key_of("IS"))
    assert (answered.status, answered.code) == (status, code), answered.text
    assert "Traceback" not in answered.text


def test_headers_stand_on_every_answer(running: Running) -> None:
    for path in (COVERED, "/", "/docs", "/nowhere", "/v1/releases", "/static/page.css", "/healthz"):
        headers = running.ask(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers


@pytest.mark.parametrize(
    "path", [COVERED, f"{COVERED}?as_of=2026-11-25", "/v1/outward/LL57", "/v1/rollup?by=area", "/?q=LL57+2DG"]
)
def test_an_answer_is_cached_by_release_role_and_day(running: Running, path: str) -> None:
    first = running.ask(path, key=key_of("IS"))
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    for sent in (etag, f'"x", W/{etag}', "*"):
        again = running.ask(path, key=key_of("IS"), If_None_Match=sent)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    assert running.ask(path, key=key_of("IS"), If_None_Match='"x"').body == first.body
    assert running.ask(path, key=key_of("GS")).headers["etag"] != etag


def test_no_304_is_given_where_there_is_no_answer(running: Running) -> None:
    etag = running.ask(COVERED).headers["etag"]
    assert running.ask("/v1/coverage/LL57%202ZZ", If_None_Match=etag).status == 404
    assert running.ask("/v1/coverage/LL57%202ZZ", If_None_Match="*").status == 404


def test_a_day_asked_decides_between_planned_and_overdue(running: Running) -> None:
    states = [running.ask(f"{PLANNED}?as_of={day}").json["state"] for day in ("2027-03-31", "2027-04-01")]
    assert states == ["PLANNED", "OVERDUE"]
    assert running.ask(PLANNED).json["asked_on"] == dt.date.today().isoformat()


def test_a_batch_has_a_status_for_each_question(running: Running) -> None:
    asked = ["LL57 2DG", None, "", "rubbish", "LL57 2ZZ", "LL57", "LL57 2DG", "LL57\n2DG", "\u0000", "x" * 5000]
    answered = running.post_json("/v1/coverage:batch", {"postcodes": asked, "as_of": "2026-11-25"})
    assert answered.status == 200
    statuses = [answer["status"] for answer in answered.json["answers"]]
    assert statuses[:5] == ["OK", "EMPTY", "EMPTY", "BAD_FORMAT", "UNKNOWN_POSTCODE"]
    assert statuses[5:] == ["OK", "OK", "OK", "BAD_FORMAT", "BAD_FORMAT"]
    assert answered.json["answers"][0] == running.ask(f"{COVERED}?as_of=2026-11-25").json
    assert sum(answered.json["counts"].values()) == len(asked)
    fine = running.post_json(
        "/v1/coverage:batch", {"postcodes": ["LL57 2DS"], "uprns": ["100100000002"]}, key=key_of("IS")
    )
    assert fine.json["answers"][0]["state"] == "NOT_CONFIRMED"


@pytest.mark.parametrize(
    ("document", "status", "code"),
    [
        ({"postcodes": []}, 422, "BAD_BODY"),
        ({}, 422, "BAD_BODY"),
        ([], 422, "BAD_BODY"),
        ({"postcodes": "LL57 2DG"}, 422, "BAD_BODY"),
        ({"postcodes": [1]}, 422, "BAD_BODY"),
        ({"postcodes": ["a"], "colour": 1}, 422, "BAD_BODY"),
        ({"postcodes": ["a"], "as_of": 20261125}, 422, "BAD_BODY"),
        ({"postcodes": ["a"], "as_of": "2026-02-30"}, 422, "BAD_PARAMETER"),
        ({"postcodes": ["a"], "uprns": ["1", "2"]}, 422, "BAD_BODY"),
        ({"postcodes": ["a"] * 21}, 413, "TOO_LARGE"),
        (b'{"postcodes": ["a"], "postcodes": ["b"]}', 400, "BAD_JSON"),
        (b'{"postcodes": ["\xff"]}', 400, "BAD_JSON"),
        (b"[" * 5000, 400, "TOO_DEEP"),
        (b"x" * 70_000, 413, "TOO_LARGE"),
    ],
    ids=lambda part: str(part)[:30],
)
def test_a_batch_that_is_refused(running: Running, document: object, status: int, code: str) -> None:
    answered = running.post_json("/v1/coverage:batch", document, key=key_of("IS"))
    assert (answered.status, answered.code) == (status, code), answered.text


def test_a_batch_may_hold_some_parts_of_postcodes_and_not_hundreds(running: Running) -> None:
    few = running.post_json("/v1/coverage:batch", {"postcodes": ["LL57", "LL57 2", "LL57", "AB10"]}).json["answers"]
    assert [answer["resolution"] for answer in few] == ["OUTWARD", "SECTOR", "OUTWARD", None]
    assert few[0] == running.ask("/v1/outward/LL57").json
    many = [f"LL{number}" for number in range(1, 19)] + ["AB10", "AB11", "AB12"]
    with run_service(running.service.holder.served.matrix, limits=ServiceLimits(parts=5)) as strict:
        refused = strict.post_json("/v1/coverage:batch", {"postcodes": many})
        assert (refused.status, refused.code) == (413, "TOO_LARGE")
        assert (
            strict.ask(
                "/list",
                method="POST",
                body=b"list=" + b"%0A".join(map(str.encode, many)),
                content_type="application/x-www-form-urlencoded",
            ).status
            == 413
        )


def test_bodies_of_another_kind_are_refused(running: Running) -> None:
    ask = {"method": "POST", "body": b'{"postcodes": ["LL57 2DG"]}'}
    assert running.ask("/v1/coverage:batch", content_type="text/plain", **ask).code == "BODY_TYPE"  # type: ignore[arg-type]
    for coding in ("gzip", "deflate", "br", "gzip, identity"):
        sent = {"content_type": "application/json", "Content_Encoding": coding}
        assert running.ask("/v1/coverage:batch", **ask, **sent).code == "BODY_TYPE"  # type: ignore[arg-type]


def test_only_hosts_of_ours_are_answered(running: Running) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "", "localhost.", "127.0.0.2"):
        answered = running.ask(COVERED, Host=host)
        assert (answered.status, answered.code) == (400, "BAD_HOST")
    for host in ("localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:8000"):
        assert running.ask(COVERED, Host=host).status == 200


def test_releases_rollup_diff_and_download(running: Running, tmp_path: Path) -> None:
    listed = running.ask("/v1/releases").json
    assert (listed["current"], [one["release_id"] for one in listed["releases"]]) == ("r1", ["r1"])
    rows = running.ask("/v1/rollup?by=outward", key=key_of("analyst")).json["rows"]
    assert [row["outward"] for row in rows] == ["LL56", "LL57", "SW1A"]
    assert running.ask("/v1/outward/LL56", key=key_of("analyst")).json["share"] == rows[0]["share_covered"]
    changes = running.ask("/v1/diff?before=r1&after=r1&by=area", key=key_of("IS")).json
    assert changes["alarm"] is False
    assert {row["net"] for row in changes["net"]} == {0}


def test_a_release_is_taken_away_as_the_role_may_see_it(tmp_path: Path) -> None:
    from smarthan.coverage import ReleaseStore, read_matrix

    more = '\n[role.keeper]\nallow = ["download"]\ngrain = "UPRN"\n'
    more += '[role.guest]\nallow = ["download"]\ngrain = "POSTCODE"\ncolumns = ["available"]\n'
    roles = roles_with_keys(tmp_path, more + key_table("keeper") + key_table("guest"))
    make_matrix(tmp_path)
    ReleaseStore(tmp_path / "store").publish(tmp_path / "r1.csv", as_of="2026-11-02", release_id="r1")
    with run_service(tmp_path / "store", roles=roles) as running:
        for form in ("parquet", "csv"):
            for role in ("keeper", "guest"):
                got = running.ask(f"/v1/matrix/download?format={form}&release=r1", key=key_of(role))
                assert got.status == 200, got.text
                path = tmp_path / f"{role}.{form}"
                path.write_bytes(got.body)
                again = running.ask(
                    f"/v1/matrix/download?format={form}", key=key_of(role), If_None_Match=got.headers["etag"]
                )
                assert again.status == 304
                if role == "keeper":
                    assert len(read_matrix(path, as_of="2026-11-02").matrix.rows) == 13
                else:
                    assert b"Cellular" not in got.body
                    assert b"100100000001" not in got.body
        assert running.ask("/v1/matrix/download?release=r9", key=key_of("keeper")).code == "NO_RELEASE"
        folder = running.service.inner.state.workplace.downloads._folder  # type: ignore[attr-defined]
        assert folder.is_dir()
    assert not folder.exists()


def send_raw(running: Running, *parts: bytes, wait_s: float = 3.0) -> bytes:
    """Send bytes as they are, and return all that comes back until the service hangs up or nothing more comes."""
    with socket.create_connection((running.host, running.port), timeout=wait_s) as connection:
        got = b""
        try:
            for part in parts:
                connection.sendall(part)
            while piece := connection.recv(65536):
                got += piece
        except (TimeoutError, ConnectionError):
            pass
        return got


def test_a_slow_or_endless_request_is_hung_up_on_while_others_are_answered(running: Running) -> None:
    head = b"POST /v1/coverage:batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    assert send_raw(running, b"") == b"", "a connection that says nothing"
    assert send_raw(running, b"GET /healthz HT") == b"", "a head that never ends"
    assert b" 408 " in send_raw(running, head + b"Content-Length: 10\r\n\r\n{").split(b"\r\n")[0]
    large = send_raw(
        running, head + b"Transfer-Encoding: chunked\r\n\r\n", b"ffff\r\n" + b"x" * 65535 + b"\r\nff\r\n" + b"x" * 255
    )
    assert b" 413 " in large.split(b"\r\n")[0]
    endless = send_raw(running, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100_000, b"a" * 100_000)
    assert endless == b"" or b" 400 " in endless.split(b"\r\n")[0]
    assert running.ask(COVERED).status == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"POST /list HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /list HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
    ],
)
def test_what_is_no_request_is_refused_and_the_service_goes_on(running: Running, raw: bytes) -> None:
    got = send_raw(running, raw, wait_s=1.5)
    assert got == b"" or re.match(rb"HTTP/1.1 4\d\d ", got)
    assert running.ask("/healthz").json["status"] == "ok"


def test_a_fault_is_told_without_a_traceback(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    from smarthan.service import holder

    def fail(*given: object, **named: object) -> None:
        raise RuntimeError("secret place /srv/x")

    monkeypatch.setattr(holder, "answer_one", fail)
    for path in (f"{BARE}?as_of=2026-11-25", "/v1/coverage/LL57%202DS", "/?q=LL57+2DN"):
        answered = running.ask(path)
        assert (answered.status, answered.code) == (500, "FAULT")
        assert "secret" not in answered.text
    assert "<h1>That did not work</h1>" in running.ask("/?q=LL57+2DN", Accept="text/html").text


def test_openapi_describes_every_status_of_every_route(running: Running) -> None:
    document = running.ask("/openapi.json").json
    text = json.dumps(document)
    assert "HTTPValidationError" not in text
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            told = set(operation["responses"])
            assert {"200", "400", "401", "403", "405", "414", "429", "500", "503"} <= told, path
            assert "422" in told or path in ("/v1/releases", "/healthz")
            assert method != "post" or {"408", "413", "415"} <= told
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
