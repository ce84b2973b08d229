"""What a pack is made from: report.toml with its title, inputs and notebooks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from smarthan.settings import Key, SettingsError, load_toml

from .kinds import KINDS, Kind
from .refusals import ReportRefused

CONFIGURATION_FILE = "report.toml"
# The inputs that the notebooks know; each is a file or a folder beside report.toml.
INPUT_NAMES = ("matrix", "earlier", "installs", "trial", "appraisal", "stock")
PACK_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
LONGEST_LINE = 300  # of a title or a name: they stand on the cover, in the workbook and in the PDF
_TEXT = Key("text")
# What one of the reports is called, where it is not called as usual.
_REPORT = Key("table", keys={"title": _TEXT, "audience": _TEXT})
MODEL: Mapping[str, Key] = {
    "pack": Key(
        "table",
        required=True,
        keys={
            "name": Key("text", required=True),
            "title": Key("text", required=True),
            "organisation": Key("text", required=True),
            "as_of": Key("date", required=True),
            "audience": _TEXT,
            "logo_text": _TEXT,
            "contact": _TEXT,
            "licence": _TEXT,
        },
    ),
    "report": Key("table", keys=dict.fromkeys(KINDS, _REPORT)),
    "parameters": Key("table"),
    "inputs": Key("table", keys=dict.fromkeys(INPUT_NAMES, _TEXT)),
    "notebook": Key(
        "list",
        items=Key(
            "table",
            keys={"name": Key("text", required=True), "parameters": Key("table"), "fast": Key("table")},
        ),
    ),
}


@dataclass(frozen=True)
class NotebookChoice:
    """One `[[notebook]]` of report.toml: its name, and the parameters it shall have in a full and a fast run."""

    name: str
    parameters: Mapping[str, Any]
    fast: Mapping[str, Any]


@dataclass(frozen=True)
class Configuration:
    """A checked report.toml.

    Attributes
    ----------
    folder : Path
        Where report.toml and its inputs stand.
    name, title, organisation : str
    as_of : date
    audience, logo_text, contact, licence : str
        Whom the report is for, the words that stand for a logo, whom to ask, under which terms it may be used; may be
        empty.
    words : mapping of str to mapping
        Report (`coverage` ...) to its own `title` and `audience`.
    parameters : mapping
        Values for every notebook that has a parameter of that name.
    inputs : mapping of str to str
        Input to its path, relative to the folder.
    notebooks : tuple of NotebookChoice
        Empty when the file lists none: all notebooks then run.
    """

    folder: Path
    name: str
    title: str
    organisation: str
    as_of: dt.date
    inputs: Mapping[str, str]
    notebooks: tuple[NotebookChoice, ...]
    audience: str = ""
    logo_text: str = ""
    contact: str = ""
    licence: str = ""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def title_of(self, kind: Kind) -> str:
        """Return the title of one of the reports: its own, else its usual one, else the pack's."""
        return self.words.get(kind.name, {}).get("title") or kind.title or self.title

    def audience_of(self, kind: Kind) -> str:
        """Return whom one of the reports is for; empty when nobody said."""
        return self.words.get(kind.name, {}).get("audience") or self.audience

    def path(self, name: str) -> Path:
        """Return where an input stands; KeyError in words when report.toml names none."""
        if name not in self.inputs:
            given = ", ".join(self.inputs) or "none"
            raise KeyError(f"report.toml names no input {name!r} (given: {given}); add it under [inputs]")
        return self.folder / self.inputs[name]


def read_configuration(path: Path) -> Configuration:
    """Read and check a report.toml.

    Parameters
    ----------
    path : Path
        The file, or the folder it stands in.

    Returns
    -------
    Configuration

    Raises
    ------
    ReportRefused
        Every problem at once: unknown keys, missing ones, a path that leaves the folder, an input that is not there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "report.toml"
    ...     _ = file.write_text('[pack]\\nname = "demo"\\ntitle = "T"\\norganisation = "O"\\nas_of = 2026-11-02\\n')
    ...     read_configuration(file).title
    'T'
    """
    file = path / CONFIGURATION_FILE if path.is_dir() else path
    try:
        values = load_toml(file, MODEL)
    except SettingsError as error:
        raise ReportRefused(str(error).splitlines()) from None
    pack, inputs = values["pack"], values.get("inputs", {})
    found = _find_problems(file.parent, pack, inputs, values.get("notebook", []))
    problems = [f"{file}: {text}" for text in [*found, *_find_bad_lines(pack, values.get("report", {}))]]
    if problems:
        raise ReportRefused(problems)
    chosen = tuple(
        NotebookChoice(n["name"], n.get("parameters", {}), n.get("fast", {})) for n in values.get("notebook", [])
    )
    return Configuration(
        file.parent,
        **{name: pack[name] for name in ("name", "title", "organisation", "as_of")},
        inputs=inputs,
        notebooks=chosen,
        **{name: pack.get(name, "") for name in ("audience", "logo_text", "contact", "licence")},
        words=values.get("report", {}),
        parameters=values.get("parameters", {}),
    )


def _find_problems(
    folder: Path, pack: Mapping[str, Any], inputs: Mapping[str, str], notebooks: list[Mapping[str, Any]]
) -> list[str]:
    problems = []
    if not PACK_NAME.fullmatch(pack["name"]):
        problems.append(f"pack.name is {pack['name']!r}; use lower case letters, digits, - and _")
    for name, given in inputs.items():
        place = PurePosixPath(given)
        if place.is_absolute() or ".." in place.parts or "\\" in given or not given.strip():
            problems.append(f"inputs.{name} is {given!r}; give a path inside the folder of report.toml, with /")
        elif not (folder / place).exists():
            problems.append(f"inputs.{name}: there is no file or folder {given!r}; put it there or correct the path")
        elif not (folder / place).resolve().is_relative_to(folder.resolve()):
            problems.append(
                f"inputs.{name}: {given!r} is a link that leads out of the folder; put the file itself there"
            )
    names = [choice["name"] for choice in notebooks]
    problems += [f"notebook {name!r} stands twice" for name in sorted({n for n in names if names.count(n) > 1})]
    return problems


def _find_bad_lines(pack: Mapping[str, Any], reports: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return which words of the cover are too long or no single line."""
    said = {f"pack.{key}": value for key, value in pack.items() if isinstance(value, str)}
    said |= {f"report.{name}.{key}": value for name, keys in reports.items() for key, value in keys.items()}
    return [
        f"{key} has {len(value)} characters; give one line of at most {LONGEST_LINE}"
        for key, value in said.items()
        if len(value) > LONGEST_LINE or not value.isprintable()
    ]
