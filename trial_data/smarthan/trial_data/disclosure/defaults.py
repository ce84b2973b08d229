"""The rules of disclosure control and their sources, read from `disclosure.toml`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from smarthan.settings import Key, load_toml

SHIPPED = Path(__file__).parent / "disclosure.toml"
_RULE = {
    "value": Key("number", required=True, low=0),
    "unit": Key("text", required=True),
    "about": Key("text", required=True),
    "source": Key("text", required=True),
}
_NAMES = ("threshold", "dominance", "two_largest", "p_percent", "base", "k", "degrees_of_freedom", "small_group")
_MODEL = {name: Key("table", required=True, keys=_RULE) for name in _NAMES}


@dataclass(frozen=True)
class DisclosureRules:
    """The rules that hold unless a caller names others; `disclosure.toml` says where each comes from.

    Attributes
    ----------
    threshold : int
        Least contributors of a shown cell [buildings, dwellings].
    dominance, two_largest : float
        Most that the largest building, and the two largest, may make up of a cell (0 to 1).
    p_percent : float
        Least remainder of a cell beside its two largest buildings [per cent of the largest].
    base : int
        Rounding base [count].
    k : int
        Smallest class of records alike [records].
    degrees_of_freedom : int
        Least residual degrees of freedom of a model.
    small_group : int
        Below this many contributors a share of 0 or 1 is not shown.
    """

    threshold: int
    dominance: float
    two_largest: float
    p_percent: float
    base: int
    k: int
    degrees_of_freedom: int
    small_group: int


def read_rules(path: str | os.PathLike[str] = SHIPPED) -> DisclosureRules:
    """Read a file of disclosure rules.

    Raises
    ------
    SettingsError
        When the file cannot be used: all problems, each with its line.

    Examples
    --------
    >>> read_rules().threshold
    10
    """
    found = load_toml(path, _MODEL)
    return DisclosureRules(**{name: found[name]["value"] for name in _NAMES})


RULES = read_rules()
