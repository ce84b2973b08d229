"""One line a request; no line, no answer."""

import json
import os
from pathlib import Path

import pytest
from tests.service_client import key_of, make_matrix, roles_with_keys, run_service

from smarthan.service import AuditLog, summarise_audit
from smarthan.service.audit import compose_line
from smarthan.service.visits import Visit


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


def test_a_line_says_who_asked_what_and_never_where_exactly(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit.jsonl")
    with run_service(make_matrix(tmp_path), roles=roles_with_keys(tmp_path), audit=log) as running:
        running.ask("/v1/coverage/LL57%202DG", key=key_of("IS"))
        running.ask("/v1/coverage/LL57%202DS?uprn=100100000001&as_of=2026-11-30", key=key_of("IS"))
        running.ask("/v1/uprn/100100000002", key=key_of("IS"))
        running.ask("/v1/uprn/100100000002", key=key_of("OU"))
        running.ask("/?q=LL57+2DG")
        running.post_json("/v1/coverage:batch", {"postcodes": ["LL57 2DG", "LL56 4AA"]})
        running.ask("/v1/coverage/LL57%202DG", key="guess")
        running.ask("/v1/coverage/LL57 2DG%0d%0a{}".replace(" ", "%20"))
        running.ask("/nowhere/LL57%202DG")
    lines = lines_of(Path(log.path))
    shown = [
        (line["action"], line["role"], line["outward"], line["status"], line["rows"], line["http"]) for line in lines
    ]
    assert shown == [
        ("lookup_postcode", "IS", "LL57", "OK", 1, 200),
        ("lookup_uprn", "IS", "LL57", "OK", 1, 200),
        ("lookup_uprn", "IS", "LL57", "OK", 1, 200),
        ("lookup_uprn", "OU", None, "DENIED", 0, 403),
        ("lookup_postcode", "public", "LL57", "OK", 1, 200),
        ("batch", "public", None, "OK", 2, 200),
        (None, None, None, "NO_KEY", 0, 401),
        ("lookup_postcode", "public", None, "BAD_KEY", 0, 422),
        (None, "public", None, "NO_ROUTE", 0, 404),
    ]
    assert [line["as_of"] for line in lines[:2]] == [None, "2026-11-30"]
    assert {line["release_id"] for line in lines[:3]} == {"r1"}
    text = Path(log.path).read_text(encoding="ascii")
    assert not any(secret in text for secret in ("2DG", "2DS", "100100000", key_of("IS"), "test-IS", "guess"))


def test_nothing_is_answered_when_the_line_cannot_be_written(tmp_path: Path) -> None:
    with run_service(make_matrix(tmp_path), audit=AuditLog("/dev/full")) as running:
        for path in ("/v1/coverage/LL57%202DG", "/", "/healthz", "/v1/outward/LL57", "/nowhere"):
            answered = running.ask(path)
            assert (answered.status, answered.code) == (503, "NO_AUDIT")
            assert b"LL57" not in answered.body


def test_a_line_cut_short_is_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = AuditLog(tmp_path / "audit.jsonl")
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:9]))
    with pytest.raises(OSError, match="cut short"):
        log.write(Visit(action="page"), 200)
    monkeypatch.setattr(os, "write", write)
    log.write(Visit(action="page"), 200)
    log.close()
    assert (summarise_audit(log.path).requests, summarise_audit(log.path).unreadable) == (1, 1)


def test_control_characters_are_escaped() -> None:
    line = compose_line(Visit(action="a\nb\x1b[31m", status='"}\u2028{', outward="LL57"), 200)
    assert line.count(b"\n") == 1
    assert line.isascii()
    assert json.loads(line)["action"] == "a\nb\x1b[31m"


def test_a_line_after_a_torn_one_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b'{"ts": "2026-11-2')
    log = AuditLog(path)
    log.write(Visit(action="page", rows=1), 200)
    log.write(Visit(action="page", rows=2), 200)
    log.close()
    found = summarise_audit(path)
    assert (found.requests, found.answers, found.unreadable) == (2, 3, 1)


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    AuditLog(tmp_path / "audit.jsonl").close()
    assert (tmp_path / "audit.jsonl").stat().st_mode & 0o077 == 0


def test_the_summary_counts_each_line_once(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    log = AuditLog(path)
    for number in range(12):
        log.write(
            Visit(key="k" if number % 2 else None, action="page", outward=f"LL{number}", status="OK", rows=1), 200
        )
    log.close()
    with path.open("ab") as stream:
        stream.write(b"[1]\n\xff\n" + b"[" * 5000 + b"\n")
    found = summarise_audit(path)
    assert (found.requests, found.answers, found.unreadable, found.keys) == (12, 12, 3, 1)
    assert found.to_dict()["counts"]["http"] == {"200": 12}
    assert "... and 2 more" in str(found)
    assert found.first is not None
    assert found.first <= (found.last or "")


def test_an_empty_file_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "none").write_bytes(b"")
    assert str(summarise_audit(tmp_path / "none")).startswith("0 requests")
    with pytest.raises(FileNotFoundError):
        summarise_audit(tmp_path / "absent")
