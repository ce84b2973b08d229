"""The examples of a page of documentation: its blocks, and its commands run one after another in this process."""

import re
import shlex
from pathlib import Path

import pytest

from smarthan.cli import main

ROOT = Path(__file__).parents[1]


def read_page(name: str) -> str:
    """Return the text of a page, such as "docs/coverage.md"."""
    return (ROOT / name).read_text(encoding="utf-8")


def find_blocks(page: str, kind: str) -> list[str]:
    """Return the fenced blocks of one kind (sh, python, csv)."""
    return re.findall(rf"^```{kind}\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)


def find_commands(page: str) -> list[list[str]]:
    """Return the words of each shell line of a page, comments left out."""
    lines = "".join(find_blocks(page, "sh")).splitlines()
    return [words for words in (shlex.split(line, comments=True) for line in lines) if words]


def run_command(words: list[str]) -> object:
    """Run a command of the command line; return its exit code."""
    with pytest.raises(SystemExit) as left:
        main(words[1:])
    return left.value.code
