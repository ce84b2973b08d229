"""The inputs of a report, opened before any notebook starts: broken ones are told then, and rows are counted.

`python -m smarthan.report.opening FOLDER INPUT ...` opens inputs in a process of its own, which gives its memory back.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .configuration import Configuration, read_configuration
from .inputs import Inputs

COUNTED = ("read", "accepted", "quarantined")
# What takes long stands alone; two processes for two cores.
_SHIFTS = (("matrix", "installs"), ("earlier", "trial", "stock", "appraisal"))


@dataclass(frozen=True)
class Accounts:
    """What opening the inputs told.

    Attributes
    ----------
    rows : mapping of str to mapping
        Input to its rows read, accepted and quarantined; inputs that keep no ledger have an empty one.
    problems : sequence of str
        Why an input cannot be used, one sentence each.
    """

    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    problems: Sequence[str] = ()


def open_all(configuration: Configuration, names: Sequence[str]) -> Accounts:
    """Open inputs in two processes and count their rows.

    Parameters
    ----------
    configuration : Configuration
    names : sequence of str
        The inputs to open.

    Returns
    -------
    Accounts
    """
    shifts = [[name for name in shift if name in names] for shift in _SHIFTS]
    wanted = [shift for shift in shifts if shift]
    if not wanted:
        return Accounts()
    with ThreadPoolExecutor(len(wanted)) as pool:
        told = list(pool.map(lambda shift: _run_apart(configuration.folder, shift), wanted))
    found = {name: facts for part in told for name, facts in part.items()}
    ordered = {name: found[name] for name in names if name in found}
    return Accounts(
        {name: facts["rows"] for name, facts in ordered.items()},
        [f"inputs.{name}: {facts['problem']}" for name, facts in ordered.items() if facts["problem"]],
    )


def open_here(configuration: Configuration, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Open inputs in this process; return each one's rows, and why it cannot be used.

    Parameters
    ----------
    configuration : Configuration
    names : sequence of str

    Returns
    -------
    dict of str to dict
        `rows` (read, accepted, quarantined; empty without a ledger) and `problem` (empty when all is well).
    """
    inputs = Inputs(configuration, keep=True)
    return {name: _open_one(inputs, name) for name in names}


def _open_one(inputs: Inputs, name: str) -> dict[str, Any]:
    try:
        ledger = inputs.ledger(name)
    except (ValueError, OSError, KeyError, TypeError) as error:
        words = error.args[0] if isinstance(error, KeyError) and error.args else error
        return {"rows": {}, "problem": " / ".join(str(words).splitlines()) or type(error).__name__}
    rows = {} if ledger is None else {column: int(ledger[column].sum()) for column in COUNTED}
    return {"rows": rows, "problem": ""}


def _run_apart(folder: Path, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    command = [sys.executable, "-m", "smarthan.report.opening", str(folder), *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return json.loads(done.stdout)
    last = done.stderr.strip().splitlines()[-1:] or [f"the process ended with code {done.returncode}"]
    # A fault of the program, or no memory: which of the inputs it was, nobody can tell.
    return {name: {"rows": {}, "problem": f"could not be opened: {last[0][:300]}"} for name in names}


if __name__ == "__main__":
    asked = read_configuration(Path(sys.argv[1]))
    sys.stdout.write(json.dumps(open_here(asked, sys.argv[2:])))
