"""A run as a page of Markdown: what `make bench` leaves in docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.gates import Verdict
from harness.tables import as_markdown, describe_machine, gate_table

HEAD = """# Benchmarks

Written by `make bench`; `benchmarks/README.md` says what is measured and how. Absolute times drift with the machine and
with what else runs on it: a claim is a ratio of medians of one run, and *rounds* says how far the ratio swung in it.
"""
QUICK = "**A quick try** on the postcode area {area} alone: it shows that everything runs, and no speed worth quoting."


def as_page(
    tables: Sequence[str],
    told: Mapping[str, str | None],
    verdicts: Sequence[Verdict],
    *,
    area: str | None,
    picture: str = "",
) -> str:
    """Return the page: the machine, the claims, the picture, the tables of the jobs, the words of the scripts."""
    machine = ", ".join(f"{name} {value}" for name, value in describe_machine().items())
    parts = [HEAD, *([QUICK.format(area=area) + "\n"] if area else []), f"{machine}.\n"]
    parts += ["## Claims\n", as_markdown(gate_table(verdicts))] if verdicts else []
    parts += [f"\n{picture}"] if picture else []
    parts += [*tables, *(_script(name, words) for name, words in told.items())]
    return "\n".join(parts) + "\n"


def _script(name: str, words: str | None) -> str:
    return f"\n## {name.capitalize()}\n\n" + ("It broke down." if words is None else f"```text\n{words}```")
