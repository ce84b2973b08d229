"""The guide to the service tells the truth: its release is published, its program runs, its roles file is accepted."""

import re
import shlex
from pathlib import Path

import pytest
from tests.pages import read_page, run_command
from tests.service_client import run_service

from smarthan.service import read_roles
from smarthan.service.refusals import CODES, HTTP_OF
from smarthan.service.vocabulary import ACTIONS

GUIDE = read_page("docs/service.md")
BLOCKS = re.findall(r"```(\w+) ?(\S*)\n(.*?)```", GUIDE, flags=re.DOTALL)


def blocks(kind: str) -> list[str]:
    return [text for found, _, text in BLOCKS if found == kind]


def test_the_program_of_the_guide_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (name,) = [name for kind, name, _ in BLOCKS if kind == "csv"]
    Path(name).write_text(blocks("csv")[0], encoding="utf-8")
    publish, serve = blocks("sh")[0].splitlines()
    assert run_command(shlex.split(publish)) == 0
    store = shlex.split(serve)[shlex.split(serve).index("--store") + 1]
    with run_service(store) as running:
        exec(compile(blocks("python")[0], "docs/service.md", "exec"), {"ADDRESS": running.url})


def test_the_roles_of_the_guide_are_accepted(tmp_path: Path) -> None:
    plain, key = blocks("toml")
    text = plain + key.replace("the second line", "0" * 64).replace('"IS"', '"public"')
    (tmp_path / "roles.toml").write_text(text, encoding="utf-8")
    assert read_roles(tmp_path / "roles.toml").roles["public"].may("batch", "POSTCODE")


def test_the_guide_lists_every_address_and_status() -> None:
    from smarthan.coverage import sample_matrix
    from smarthan.service import create_app

    service = create_app(sample_matrix())
    paths = service.inner.openapi()["paths"]  # type: ignore[attr-defined]
    assert [path for path in paths if path not in GUIDE] == []
    told = set(map(int, re.findall(r"\b[2-5]\d\d\b", GUIDE)))
    assert {http for http, _ in CODES.values() if http != 500} | set(HTTP_OF.values()) <= told
    assert set(ACTIONS) <= set(re.findall(r"\w+", Path(read_roles().path).read_text(encoding="utf-8")))
