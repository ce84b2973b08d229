"""Which inputs a notebook reads, found in its code: what it cannot run without, and what its result rests on."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Attribute of the inputs to the input behind it; `stock` and `earlier` may be absent from report.toml.
BEHIND = {
    "matrix": "matrix",
    "coverage_read": "matrix",
    "earlier": "earlier",
    "earlier_read": "earlier",
    "installs": "installs",
    "installs_read": "installs",
    "trial": "trial",
    "stock": "stock",
    "appraisal": "appraisal",
}
NEEDED = ("matrix", "installs", "trial", "appraisal")
DAY = "as_of"
# The name that the notebooks give their inputs, besides whatever `open_inputs` is assigned to.
USUAL_NAME = "data"


@dataclass(frozen=True)
class Needs:
    """What a notebook asks of its inputs.

    Attributes
    ----------
    needed : tuple of str
        Inputs without which it cannot run.
    read : frozenset of str
        Inputs that it asks for by name, optional ones among them.
    everything : bool
        Whether it may look at any input, or at report.toml itself.
    day : bool
        Whether it asks for the day of the report.
    """

    needed: tuple[str, ...]
    read: frozenset[str]
    everything: bool
    day: bool


def find_needs(notebook: Mapping[str, Any]) -> Needs:
    """Read which inputs a notebook asks for, by syntax, never by running it.

    Parameters
    ----------
    notebook : mapping
        A notebook as parsed JSON.

    Returns
    -------
    Needs
        What cannot be read as Python (a magic, a slip) counts as asking for everything.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "data = open_inputs(inputs); shown = data.matrix, data.earlier"}
    >>> find_needs({"cells": [cell]}).needed, sorted(find_needs({"cells": [cell]}).read)
    (('matrix',), ['earlier', 'matrix'])
    """
    asked = set(_find_asked(notebook))
    named = frozenset(BEHIND[name] for name in asked if name in BEHIND)
    everything = bool(asked - set(BEHIND) - {DAY})
    return Needs(tuple(name for name in NEEDED if name in named), named, everything, DAY in asked)


def _find_asked(notebook: Mapping[str, Any]) -> Iterator[str]:
    """Yield each attribute asked of the inputs; "" where they are handed on whole, or the code is not Python."""
    try:
        trees = [ast.parse("".join(c["source"])) for c in notebook["cells"] if c["cell_type"] == "code"]
    except SyntaxError:
        yield ""
        return
    nodes = [node for tree in trees for node in ast.walk(tree)]
    named = [node for node in nodes if isinstance(node, ast.Assign) and _is_opening(node.value)]
    names = {USUAL_NAME, *(target.id for node in named for target in node.targets if isinstance(target, ast.Name))}
    plainly_named = {id(node.value) for node in named if all(isinstance(t, ast.Name) for t in node.targets)}
    asking = [n for n in nodes if isinstance(n, ast.Attribute) and (_is_opening(n.value) or _is_one_of(n.value, names))]
    yield from (node.attr for node in asking)
    followed = {id(node.value) for node in asking} | plainly_named
    if any((_is_opening(node) or _is_one_of(node, names)) and id(node) not in followed for node in nodes):
        yield ""


def _is_opening(node: ast.AST) -> bool:
    """Return whether a node is a call of `open_inputs`."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] == "open_inputs"


def _is_one_of(node: ast.AST, names: set[str]) -> bool:
    """Return whether a node reads one of some names."""
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names
