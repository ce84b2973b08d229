"""What a report will do, settled and checked before anything runs: notebooks, parameters, inputs, hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .configuration import CONFIGURATION_FILE, Configuration, NotebookChoice, read_configuration
from .kinds import KINDS, WHOLE, Kind
from .needs import Needs, find_needs
from .notebooks import list_notebooks, notebook_folder, read_notebook, strip_notebook
from .parameters import Parameter, read_parameters, resolve_parameters
from .provenance import hash_input, hash_source, hash_values, read_versions
from .refusals import ReportRefused

# The parameter through which a notebook learns where its inputs are; the kernel starts in that folder.
INPUTS_PARAMETER = "inputs"
PARTIAL, FAST = "partial", "fast"


@dataclass(frozen=True)
class Task:
    """One notebook of a plan.

    Attributes
    ----------
    name : str
    notebook : mapping
        Stripped.
    parameters : mapping
        Every parameter with its value.
    parts : mapping of str to str
        What the result rests on, each by its hash: it runs again when one of them changes.
    needs : Needs
    """

    name: str
    notebook: Mapping[str, Any]
    parameters: Mapping[str, Any]
    parts: Mapping[str, str]
    needs: Needs


@dataclass(frozen=True)
class Plan:
    """Everything a report rests on.

    Attributes
    ----------
    configuration : Configuration
    kind : Kind
        Which of the reports it is.
    tasks : tuple of Task
        In the order of the page.
    inputs : sequence of mapping
        input, path, bytes, sha256.
    marks : tuple of str
        "partial", "fast".
    left_out : tuple of str
        Notebooks of this report that lack an input, each a sentence.
    """

    configuration: Configuration
    kind: Kind
    tasks: tuple[Task, ...]
    inputs: Sequence[Mapping[str, Any]]
    marks: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """SHA-256 over all that the report rests on."""
        return key_of([dict(task.parts) for task in self.tasks], self.cover_words)

    @property
    def cover_words(self) -> dict[str, Any]:
        """What the cover says, by report.toml."""
        pack = self.configuration
        return {
            "pack": pack.name,
            "report": self.kind.name,
            "title": pack.title_of(self.kind),
            "organisation": pack.organisation,
            "audience": pack.audience_of(self.kind),
            "logo_text": pack.logo_text,
            "contact": pack.contact,
            "licence": pack.licence,
            "as_of": pack.as_of.isoformat(),
            "marks": list(self.marks),
        }

    @property
    def read(self) -> tuple[str, ...]:
        """The inputs that its notebooks read, in the order of report.toml."""
        every = any(task.needs.everything for task in self.tasks)
        asked = frozenset().union(*(task.needs.read for task in self.tasks))
        return tuple(name for name in self.configuration.inputs if every or name in asked)


def key_of(parts: Sequence[Mapping[str, str]], cover_words: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a report from what its notebooks rest on and what its cover says."""
    return hash_values([list(parts), dict(cover_words)])


def make_plan(config: Path | None, *, only: str | None, fast: bool, notebooks: Path | None) -> Plan:
    """Read and check everything a report needs, running nothing.

    Parameters
    ----------
    config, only, fast, notebooks
        As in `make_report`.

    Returns
    -------
    Plan

    Raises
    ------
    ReportRefused
        Every problem of every notebook at once.
    """
    configuration = _open_configuration(config)
    folder = notebook_folder() if notebooks is None else notebooks
    found = list_notebooks(folder)
    asked = {name: find_needs(read_notebook(path)) for name, path in found.items()}
    kind = KINDS[only] if only in KINDS else KINDS[WHOLE]
    choices = _choose(configuration, found, folder, None if only in KINDS else only)
    choices = [choice for choice in choices if kind.holds(asked[choice.name])]
    is_part = only is not None and only not in KINDS
    kept, left_out = _settle_inputs(configuration, choices, asked, kind, is_part=is_part)
    inputs = _hash_inputs(configuration)
    tasks, problems = [], []
    for choice in kept:
        task, wrong = _plan_notebook(configuration, choice, found[choice.name], asked[choice.name], inputs, fast=fast)
        tasks.append(task)
        problems += [f"{choice.name}: {problem}" for problem in wrong]
    problems += _find_stray_parameters(configuration, found.values())
    if problems:
        raise ReportRefused(problems)
    marks = tuple(m for m, is_set in ((PARTIAL, is_part or left_out), (FAST, fast)) if is_set)
    plan = Plan(configuration, kind, tuple(tasks), inputs, marks, tuple(left_out))
    if kind.name == WHOLE and not is_part:
        return plan
    return Plan(configuration, kind, tuple(tasks), [r for r in inputs if r["input"] in plan.read], marks, plan.left_out)


def _open_configuration(config: Path | None) -> Configuration:
    if config is None:
        from .demonstration import demonstration_inputs

        return read_configuration(Path(demonstration_inputs()))
    return read_configuration(Path(config))


def _choose(
    configuration: Configuration, found: Mapping[str, Path], folder: Path, only: str | None
) -> list[NotebookChoice]:
    """Return the notebooks to run, in order: those report.toml lists, else all."""
    choices = list(configuration.notebooks) or [NotebookChoice(name, {}, {}) for name in found]
    known = ", ".join(found) or "none"
    unknown = [choice.name for choice in choices if choice.name not in found]
    if unknown:
        problems = [f"{configuration.folder / CONFIGURATION_FILE}: there is no notebook {name!r}" for name in unknown]
        raise ReportRefused([f"{problem}; known: {known}" for problem in problems])
    if only is not None:
        fitting = [choice for choice in choices if choice.name == only] or [
            choice for choice in choices if choice.name.startswith(only)
        ]
        if len(fitting) != 1:
            have = ", ".join(choice.name for choice in choices)
            raise ReportRefused(
                [f"--only {only}: fits {len(fitting)} notebooks; name a report ({', '.join(KINDS)}) or one of {have}"]
            )
        choices = fitting
    if not choices:
        raise ReportRefused([f"{folder}: holds no notebook named NN_question.ipynb"])
    return choices


def _settle_inputs(
    configuration: Configuration,
    choices: Sequence[NotebookChoice],
    asked: Mapping[str, Needs],
    kind: Kind,
    *,
    is_part: bool,
) -> tuple[list[NotebookChoice], list[str]]:
    """Leave out notebooks whose inputs report.toml does not name; refuse when one was asked for, or none is left."""
    where = configuration.folder / CONFIGURATION_FILE
    if not choices:
        raise ReportRefused([f"{where}: no notebook belongs to the report {kind.name} ({kind.about})"])
    lacking = {
        choice.name: [name for name in asked[choice.name].needed if name not in configuration.inputs]
        for choice in choices
    }
    kept = [choice for choice in choices if not lacking[choice.name]]
    told = {name: f"notebook {name} needs the input {', '.join(names)}" for name, names in lacking.items() if names}
    if (configuration.notebooks or is_part or not kept) and told:
        raise ReportRefused([f"{where}: {words}; add it under [inputs]" for words in told.values()])
    return kept, [f"{words}, which report.toml does not name" for words in told.values()]


def _hash_inputs(configuration: Configuration) -> list[dict[str, Any]]:
    rows = []
    for name, given in configuration.inputs.items():
        digest, size = hash_input(configuration.path(name))
        rows.append({"input": name, "path": given, "bytes": size, "sha256": digest})
    return rows


def _plan_notebook(
    configuration: Configuration,
    choice: NotebookChoice,
    path: Path,
    needs: Needs,
    inputs: Sequence[Mapping[str, Any]],
    *,
    fast: bool,
) -> tuple[Task, list[str]]:
    notebook = strip_notebook(read_notebook(path))
    parameters, problems = read_parameters(notebook)
    names = {parameter.name for parameter in parameters}
    shared = {name: value for name, value in configuration.parameters.items() if name in names}
    given = {**shared, **choice.parameters, **(choice.fast if fast else {})}
    if INPUTS_PARAMETER in given:
        problems.append(f"{INPUTS_PARAMETER} is set by the runner; leave it out of report.toml")
    if INPUTS_PARAMETER in names:
        given = {**given, INPUTS_PARAMETER: "."}
    values, wrong = resolve_parameters(parameters, given, fast=fast)
    parts = {"notebook": hash_values(notebook), "parameters": hash_values(values)}
    parts |= _parts_of_inputs(configuration, needs, inputs)
    parts |= {"smarthan": hash_source(), "packages": hash_values(read_versions())}
    return Task(choice.name, notebook, values, parts, needs), [*problems, *wrong]


def _parts_of_inputs(configuration: Configuration, needs: Needs, inputs: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return what a notebook rests on of the inputs: those it reads, by hash and name, and the day if it asks."""
    parts = {
        str(row["input"]): hash_values([row["path"], row["sha256"]])
        for row in inputs
        if needs.everything or row["input"] in needs.read
    }
    if needs.everything or needs.day:
        parts["as_of"] = hash_values(configuration.as_of.isoformat())
    return parts


def _find_stray_parameters(configuration: Configuration, paths: Sequence[Path] | Any) -> list[str]:
    """Return which names under [parameters] are a parameter of no notebook."""
    known: dict[str, Parameter] = {}
    for path in paths:
        known |= {p.name: p for p in read_parameters(read_notebook(path))[0] if p.name != INPUTS_PARAMETER}
    where = configuration.folder / CONFIGURATION_FILE
    problems = []
    for name in configuration.parameters:
        if name not in known:
            near = get_close_matches(name, known, 1)
            said = f" Nearest: {near[0]} ({known[near[0]].described})." if near else ""
            names = ", ".join(sorted(known)) or "none"
            problems.append(f"{where}: parameters.{name} is a parameter of no notebook.{said} Known: {names}")
    return problems
