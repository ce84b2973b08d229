"""The data dictionary in docs is that of the declarations."""

import subprocess
import sys
from pathlib import Path

import pytest

from smarthan.tables import RULES
from smarthan.trial_data.declared import IDENTITY, TRIAL_TABLES
from smarthan.trial_data.dictionary import say_dictionary
from smarthan.trial_data.rules.codes import TRIAL_RULES

PAGE = Path(__file__).parents[1] / "docs" / "trial-dictionary.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == say_dictionary(), "run make dictionary"


@pytest.mark.parametrize("table", [*TRIAL_TABLES.values(), IDENTITY], ids=lambda table: table.name)
def test_every_column_stands_on_it_with_what_it_may_hold(table) -> None:  # type: ignore[no-untyped-def]
    section = say_dictionary().split(f"## {table.name}\n")[1].split("\n## ")[0]
    for field in table.fields:
        (line,) = [line for line in section.splitlines() if line.startswith(f"| {field.name} |")]
        assert field.about in line
        assert all(f"`{word}`" in line for word in field.allowed)
        assert ("**yes**" in line) is field.required
        assert ("| personal |" in line) is field.personal


def test_every_rule_of_a_trial_stands_on_it_once() -> None:
    page = say_dictionary()
    for rule in (*TRIAL_RULES, RULES["orphan"], RULES["value_range"]):
        assert page.count(f"| `{rule.code}` | {rule.severity} |") == 1


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "smarthan.trial_data.dictionary", str(tmp_path / "page.md")]
    subprocess.run(command, check=True)
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
