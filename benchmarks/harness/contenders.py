"""The two kinds of contender: a process that stays, and a command that starts cold each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from harness.measures import Measure

BENCHMARKS, LAUNCHER = Path(__file__).parents[1], Path(__file__).with_name("launcher.py")
PEERS = Path(sys.prefix) / "peers"  # where `make bench` puts those that are not of the environment


class Absent(Exception):
    """A contender is not here; the words say what is missing."""


class Failed(Exception):
    """A contender broke down; the words are its own."""


class Contender(Protocol):
    """What takes part in a job."""

    name: str

    def start(self, task: dict[str, Any], small: dict[str, Any] | None) -> str:
        """Get ready, once; return the version. Raises `Absent`."""

    def once(self, *, reduce: bool = False) -> tuple[Measure, Any]:
        """Do the job once; return what one question took, and with `reduce` what came out."""

    def stop(self) -> None:
        """End the process."""


@dataclass
class Process:
    """A persistent Python process.

    Parameters
    ----------
    name : str
        As shown.
    target : str
        "module:Class" within `benchmarks/`.
    options : dict
        Added to the task.
    """

    name: str
    target: str
    options: dict[str, Any] = field(default_factory=dict)
    _child: subprocess.Popen[str] | None = field(default=None, repr=False)

    def start(self, task: dict[str, Any], small: dict[str, Any] | None) -> str:
        """Start the process, let it do a small task once, then load the task."""
        command = [sys.executable, "-P", "-m", "harness.child", *self.target.split(":")]
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(BENCHMARKS)
        )
        self._hear()
        if small is not None:
            self._tell({"do": "prepare", "task": small | self.options})
            self._tell({"do": "run"})
        return str(self._tell({"do": "prepare", "task": task | self.options})["version"])

    def once(self, *, reduce: bool = False) -> tuple[Measure, Any]:
        """Do the job once."""
        told = self._tell({"do": "run", "reduce": reduce})
        items = told["items"] or 1
        taken = Measure(told["wall"] / items, told["cpu"] / items, told["level_mb"], told["peak_mb"])
        return taken, told.get("result")

    def stop(self) -> None:
        """Close the orders; the process ends by itself."""
        if self._child is not None and self._child.stdin is not None and self._child.stdout is not None:
            self._child.stdin.close()
            self._child.wait()
            self._child.stdout.close()

    def _tell(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._child is not None
        assert self._child.stdin is not None
        self._child.stdin.write(json.dumps(order) + "\n")
        self._child.stdin.flush()
        return self._hear()

    def _hear(self) -> dict[str, Any]:
        assert self._child is not None
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise Failed(f"{self.name}: the process ended with code {self._child.wait()}; its words are above")
        answer: dict[str, Any] = json.loads(line)
        if "absent" in answer:
            raise Absent(answer["absent"])
        return answer


@dataclass
class Command:
    """A command that is started anew for each round.

    Parameters
    ----------
    name : str
        As shown.
    arguments : list of str
        The command line.
    needs : str
        A module that must be there.
    read : function of str
        What its output says; None for a command that answers nothing.
    """

    name: str
    arguments: list[str]
    needs: str = ""
    read: Callable[[str], Any] | None = None

    def start(self, task: dict[str, Any], small: dict[str, Any] | None) -> str:
        """Look whether the module it needs is there; nothing is kept."""
        if self.needs:
            look = [sys.executable, "-c", f"import {self.needs} as m; print(m.__version__)"]
            found = subprocess.run(look, capture_output=True, text=True, env=environment())
            if found.returncode:
                raise Absent(f"{self.needs} is not installed")
            return found.stdout.strip()
        return ""

    def once(self, *, reduce: bool = False) -> tuple[Measure, Any]:
        """Run the command from its start to its end."""
        launch = [sys.executable, "-I", str(LAUNCHER), *self.arguments]
        told = json.loads(subprocess.run(launch, check=True, stdout=subprocess.PIPE, env=environment()).stdout)
        if told["code"]:
            raise Failed(f"{self.name}: ended with code {told['code']}; its words are above")
        taken = Measure(told["wall"], told["cpu"], 0.0, told["peak_mb"])
        return taken, self.read(told["output"]) if reduce and self.read else None

    def stop(self) -> None:
        """Nothing runs on."""


def environment(*folders: Path) -> dict[str, str]:
    """Return the environment of a contender: the peers at hand, byte code kept as on a machine in daily use."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": os.pathsep.join(map(str, [*folders, PEERS]))}
