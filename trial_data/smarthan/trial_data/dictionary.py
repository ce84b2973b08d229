"""The data dictionary and the table of rule codes as pages, made from the declarations.

`python -m smarthan.trial_data.dictionary docs/trial-dictionary.md` writes the page anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from smarthan.files import write_whole
from smarthan.tables import RULES, Field, Rule, Table

from .declared import IDENTITY, OPTIONAL_TABLES, TRIAL_TABLES
from .rules.codes import TRIAL_RULES

_KINDS = {
    "identifier": "identifier",
    "text": "text",
    "category": "one of a list",
    "words": "words of a list, joined by ;",
    "integer": "whole number",
    "number": "number",
    "date": "day",
    "datetime": "time",
}
_SEVERITIES = {
    "file": "the file is refused",
    "row": "the row is quarantined",
    "null": "the cell is emptied, the row stays",
    "flag": "kept as it is, and listed",
    "repair": "put right, and listed",
}
_HEAD = """\
# The building trial: data dictionary

Made from the declarations in `smarthan.trial_data.declared` by `make dictionary`; do not edit this page. How the
tables are delivered, read, mended and checked stands in [trial.md](trial.md).

A column marked **yes** under *required* must be there and filled in every row; any other may be empty or left out.
*Out of range* says what an impossible number does: `row` quarantines the row, `null` empties the cell. `u` means
looked for and unknown; an empty cell means missing. *quasi* marks what could tell a building apart when it is combined
with other columns; *personal* data stands in `identity` alone, which no output holds.
"""


def say_dictionary() -> str:
    """Return the data dictionary of a trial as a page in Markdown.

    Returns
    -------
    str
        Every table with its sentence, key, parents and columns, then every rule code.

    Examples
    --------
    >>> say_dictionary().splitlines()[0]
    '# The building trial: data dictionary'
    """
    parts = [_HEAD, "\n".join(_say_contents())]
    parts += ["\n".join(_say_table(table)) for table in (*TRIAL_TABLES.values(), IDENTITY)]
    parts.append("\n".join(_say_rules()))
    return "\n".join(parts)


def _say_contents() -> Iterator[str]:
    yield from _rows(("table", "what a row is", "must be there"))
    for table in (*TRIAL_TABLES.values(), IDENTITY):
        optional = table.name in OPTIONAL_TABLES or table is IDENTITY
        yield from _rows((f"[{table.name}](#{table.name})", table.about, "no" if optional else "yes"), head=False)
    yield ""


def _say_table(table: Table) -> Iterator[str]:
    yield f"## {table.name}\n"
    parents = [f"{p.column} → {p.table}.{p.key}" for p in table.parents]
    refers = f" Refers to: {', '.join(parents)}." if parents else ""
    yield f"{table.about} Key: {' + '.join(table.key)}.{refers}\n"
    yield from _rows(("column", "type", "unit", "allowed", "required", "out of range", "mark", "what it says"))
    for field in table.fields:
        yield from _rows(_say_field(field), head=False)
    yield ""


def _say_field(field: Field) -> tuple[str, ...]:
    bounded = field.low is not None or field.high is not None
    mark = "personal" if field.personal else "quasi" if field.quasi else ""
    return (
        field.name,
        _KINDS[field.kind],
        field.unit,
        _say_allowed(field),
        "**yes**" if field.required else "",
        field.breach if bounded else "",
        mark,
        field.about,
    )


def _say_allowed(field: Field) -> str:
    if field.allowed:
        return ", ".join(f"`{word}`" for word in field.allowed)
    if field.low is not None and field.high is not None:
        return f"{field.low:,g} to {field.high:,g}"
    if field.low is not None:
        return f"at least {field.low:,g}"
    shapes = {"date": "YYYY-MM-DD", "datetime": "YYYY-MM-DDThh:mm:ssZ"}
    if field.kind in shapes:
        return shapes[field.kind]
    return f"at most {field.max_length:,} characters" if field.max_length < 1000 else ""


def _say_rules() -> Iterator[str]:
    yield "## Rule codes\n"
    yield "Codes are stable words: filter on them. One rule broken in one cell is one line of quarantine or notes."
    yield "In a column whose range says `null`, and in every measured one, `value_range` and `sentinel` empty the cell."
    yield ""
    yield "### Of a trial alone\n"
    yield from _rule_rows(TRIAL_RULES)
    own = {rule.code for rule in TRIAL_RULES}
    yield "\n### Of every table that is read\n"
    yield from _rule_rows([RULES[code] for code in _list_shared() if code not in own])


def _list_shared() -> list[str]:
    """Return the codes of the ground floor: those of other rooms are registered only where they were imported."""
    from smarthan.tables.problems import _SHARED

    return [code for code, _, _ in _SHARED]


def _rule_rows(rules: Sequence[Rule]) -> Iterator[str]:
    yield from _rows(("code", "severity", "what happens", "when"))
    for rule in rules:
        yield from _rows((f"`{rule.code}`", rule.severity, _SEVERITIES[rule.severity], rule.about), head=False)


def _rows(cells: Sequence[str], *, head: bool = True) -> Iterator[str]:
    yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    if head:
        yield "|" + "---|" * len(cells)


if __name__ == "__main__":
    with write_whole(sys.argv[1], "w") as page:
        page.write(say_dictionary())
