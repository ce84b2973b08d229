"""What a report will do, settled and checked before anything runs: notebooks, parameters, inputs, hashes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .configuration import CONFIGURATION_FILE, Configuration, NotebookChoice, read_configuration
from .notebooks import list_notebooks, notebook_folder, read_notebook, strip_notebook
from .parameters import read_parameters, resolve_parameters
from .provenance import hash_input, hash_source, hash_values, read_versions
from .refusals import ReportRefused

# The parameter through which a notebook learns where its inputs are; the kernel starts in that folder.
INPUTS_PARAMETER = "inputs"


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
    """

    name: str
    notebook: Mapping[str, Any]
    parameters: Mapping[str, Any]
    parts: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """Everything a report rests on.

    Attributes
    ----------
    configuration : Configuration
    tasks : tuple of Task
        In the order of the page.
    inputs : sequence of mapping
        input, path, bytes, sha256.
    marks : tuple of str
        "partial", "fast".
    key : str
        SHA-256 over all of it.
    """

    configuration: Configuration
    tasks: tuple[Task, ...]
    inputs: Sequence[Mapping[str, Any]]
    marks: tuple[str, ...]
    key: str


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
    choices, without = _settle_inputs(configuration, _choose(configuration, list_notebooks(folder), folder, only), only)
    inputs = _hash_inputs(configuration)
    shared = {
        **{str(row["input"]): str(row["sha256"]) for row in inputs},
        "smarthan": hash_source(),
        "packages": hash_values(read_versions()),
    }
    tasks, problems = [], []
    for choice, path in choices:
        task, found = _plan_notebook(choice, path, shared, fast=fast)
        tasks.append(task)
        problems += [f"{choice.name}: {problem}" for problem in found]
    if problems:
        raise ReportRefused(problems)
    marks = tuple(mark for mark, is_set in (("partial", only is not None or without), ("fast", fast)) if is_set)
    pack = [configuration.name, configuration.title, configuration.organisation, configuration.as_of.isoformat(), marks]
    key = hash_values([[dict(task.parts) for task in tasks], pack])
    return Plan(configuration, tuple(tasks), inputs, marks, key)


def _open_configuration(config: Path | None) -> Configuration:
    if config is None:
        from .demonstration import demonstration_inputs

        return read_configuration(Path(demonstration_inputs()))
    return read_configuration(Path(config))


def _choose(
    configuration: Configuration, found: Mapping[str, Path], folder: Path, only: str | None
) -> list[tuple[NotebookChoice, Path]]:
    """Return the notebooks to run, in order: those report.toml lists, else all."""
    choices = configuration.notebooks or tuple(NotebookChoice(name, {}, {}) for name in found)
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
            raise ReportRefused([f"--only {only}: fits {len(fitting)} notebooks; name one of {have}"])
        choices = tuple(fitting)
    if not choices:
        raise ReportRefused([f"{folder}: holds no notebook named NN_question.ipynb"])
    return [(choice, found[choice.name]) for choice in choices]


def _settle_inputs(
    configuration: Configuration, choices: list[tuple[NotebookChoice, Path]], only: str | None
) -> tuple[list[tuple[NotebookChoice, Path]], bool]:
    """Leave out notebooks whose inputs report.toml does not name; refuse when one was asked for, or none is left."""
    lacking = {choice.name: _lacking(configuration, path) for choice, path in choices}
    kept = [(choice, path) for choice, path in choices if not lacking[choice.name]]
    if (configuration.notebooks or only is not None or not kept) and len(kept) < len(choices):
        where = configuration.folder / CONFIGURATION_FILE
        raise ReportRefused(
            [
                f"{where}: notebook {name} needs the input {', '.join(names)}; add it under [inputs]"
                for name, names in lacking.items()
                if names
            ]
        )
    return kept, len(kept) < len(choices)


def _lacking(configuration: Configuration, path: Path) -> list[str]:
    code = "\n".join("".join(c["source"]) for c in read_notebook(path)["cells"] if c["cell_type"] == "code")
    used = re.findall(r"\bdata\.(matrix|installs|trial|appraisal)\b", code)
    return [name for name in dict.fromkeys(used) if name not in configuration.inputs]


def _hash_inputs(configuration: Configuration) -> list[dict[str, Any]]:
    rows = []
    for name, given in configuration.inputs.items():
        digest, size = hash_input(configuration.path(name))
        rows.append({"input": name, "path": given, "bytes": size, "sha256": digest})
    return rows


def _plan_notebook(
    choice: NotebookChoice, path: Path, shared: Mapping[str, str], *, fast: bool
) -> tuple[Task, list[str]]:
    notebook = strip_notebook(read_notebook(path))
    parameters, problems = read_parameters(notebook)
    given = {**choice.parameters, **(choice.fast if fast else {})}
    if INPUTS_PARAMETER in given:
        problems.append(f"{INPUTS_PARAMETER} is set by the runner; leave it out of report.toml")
    if any(parameter.name == INPUTS_PARAMETER for parameter in parameters):
        given = {**given, INPUTS_PARAMETER: "."}
    values, wrong = resolve_parameters(parameters, given, fast=fast)
    parts = {"notebook": hash_values(notebook), "parameters": hash_values(values), **shared}
    return Task(choice.name, notebook, values, parts), [*problems, *wrong]
