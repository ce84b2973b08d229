"""Which group a free-text technology belongs to, and which groups a region is expected to name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from smarthan.settings import Key, load_toml

from .columns import CSP_REGIONS, WAN_GROUPS

SHIPPED = Path(__file__).parent / "technologies.toml"
_GROUP = Key("text", allowed=WAN_GROUPS)
_MODEL = {
    "groups": Key("table", required=True, items=_GROUP),
    "regions": Key("table", keys=dict.fromkeys(CSP_REGIONS, Key("list", items=_GROUP))),
}


@dataclass(frozen=True)
class Technologies:
    """The mapping of technologies.

    Attributes
    ----------
    groups : dict of str to str
        Group by technology, the words case-folded and trimmed.
    regions : dict of str to tuple of str
        Groups expected in each CSP region; a region that is absent expects anything.
    """

    groups: dict[str, str]
    regions: dict[str, tuple[str, ...]]


def read_technologies(path: str | os.PathLike[str] = SHIPPED) -> Technologies:
    """Read a mapping file.

    Raises
    ------
    SettingsError
        When it cannot be read, or names a group or region that does not exist.

    Examples
    --------
    >>> read_technologies().groups["4g"]
    'CELLULAR_4G'
    """
    values = load_toml(path, _MODEL)
    groups = {word.strip().casefold(): group for word, group in values["groups"].items()}
    return Technologies(groups, {region: tuple(names) for region, names in values.get("regions", {}).items()})
