"""`smarthan serve` and `smarthan audit summary`: what they refuse, and that they run."""

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from tests.pages import run_command
from tests.service_client import make_matrix, roles_with_keys

from smarthan.service import AuditLog
from smarthan.service.visits import Visit


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--host", "0.0.0.0"], "give --roles FILE"),
        (["--roles", "absent.toml"], "absent.toml"),
        (["--store", "absent"], "does not exist"),
        (["--audit", "absent/audit.jsonl"], "name another file"),
        (["--host", "203.0.113.7", "--roles", "roles.toml"], "cannot be listened on"),
    ],
    ids=lambda part: " ".join(part)[:30] if isinstance(part, list) else "",
)
def test_what_cannot_be_served_is_refused_in_one_sentence(
    tmp_path: Path, words: list[str], told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    make_matrix(tmp_path)
    roles_with_keys(tmp_path)
    store = [] if "--store" in words else ["--store", "r1.csv"]
    assert run_command(["smarthan", "serve", "--port", "0", *store, *words]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said


def test_a_roles_file_with_an_unknown_action_is_told_by_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("roles.toml").write_text('version = 1\n[role.a]\nallow = ["fly"]\ngrain = "AREA"\n', encoding="utf-8")
    assert run_command(["smarthan", "serve", "--roles", "roles.toml"]) == 2
    assert "roles.toml line 3" in capsys.readouterr().err


def test_it_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    make_matrix(tmp_path)
    program = Path(sys.executable).with_name("smarthan")
    command = [str(program), "serve", "--port", "0", "--store", "r1.csv", "--audit", "asked.jsonl"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stderr
    address = process.stderr.readline().split(" on ")[1].split()[0]
    with urllib.request.urlopen(f"{address}/v1/coverage/LL57%202DG") as reply:
        assert json.load(reply)["state"] == "COVERED"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert out == "Stopped. What was asked: smarthan audit summary asked.jsonl\n"
    assert (tmp_path / "asked.jsonl").read_text().count("\n") == 1


def test_an_audit_is_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "audit.jsonl"
    log = AuditLog(path)
    log.write(Visit(action="page", status="OK", rows=1), 200)
    log.close()
    assert run_command(["smarthan", "audit", "summary", str(path), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["action"] == {"page": 1}
    with path.open("a") as stream:
        stream.write("half")
    assert run_command(["smarthan", "audit", "summary", str(path)]) == 1
    assert "1 lines could not be read" in capsys.readouterr().out
    assert run_command(["smarthan", "audit", "summary", str(tmp_path / "absent")]) == 2


def test_without_the_extra_it_says_which_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    make_matrix(tmp_path)
    monkeypatch.setitem(sys.modules, "fastapi", None)
    monkeypatch.delitem(sys.modules, "smarthan.service.app", raising=False)
    assert run_command(["smarthan", "serve", "--store", "r1.csv"]) == 2
    assert "smarthan[serve]" in capsys.readouterr().err
