"""One contender in a process of its own: told by lines of JSON what to do, answers in lines of JSON.

`python -m harness.child MODULE CLASS`. A contender is a class: made from a task (a dict), `run()` does the measured
work, `reduce(answer)` returns what the answer says in words that all contenders share. It may have `before()`,
unmeasured work before each run, and `items`, how many questions one run asks.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from dataclasses import asdict
from typing import Any, TextIO

from harness.measures import give_back, measure


class Worker:
    """Does the orders, one after another."""

    def __init__(self, module: str, name: str) -> None:
        self.make = getattr(importlib.import_module(module), name)
        self.contender: Any = None

    def prepare(self, order: dict[str, Any]) -> dict[str, Any]:
        """Load what the job needs; done before anything is measured."""
        self.contender = None
        self.contender = self.make(order["task"])
        return {"version": getattr(self.contender, "version", "")}

    def run(self, order: dict[str, Any]) -> dict[str, Any]:
        """Do the job once; with `reduce`, tell also what came out."""
        getattr(self.contender, "before", lambda: None)()
        give_back()
        taken, answer = measure(self.contender.run)
        told = {**asdict(taken), "items": getattr(self.contender, "items", None)}
        return {**told, "result": self.contender.reduce(answer)} if order.get("reduce") else told


def main(orders: TextIO, answers: TextIO) -> None:
    """Obey until there are no more orders, or until it turns out that a library is not here."""

    def tell(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    try:
        worker = Worker(*sys.argv[1:3])
        tell({"ready": True})
        for line in orders:
            order = json.loads(line)
            tell(getattr(worker, order["do"])(order))
    except ImportError as error:
        tell({"absent": f"{error.name or error} is not installed"})


if __name__ == "__main__":
    private = os.fdopen(os.dup(1), "w")  # what a library prints must not mix with the answers
    os.dup2(2, 1)
    main(sys.stdin, private)
