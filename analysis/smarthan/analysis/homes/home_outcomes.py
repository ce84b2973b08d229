"""Whether each dwelling is reached by a technology: every link that it needs must work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from smarthan.trial_data.declared.words import RADIO_TECHNOLOGIES, ROLES, TECHNOLOGIES

from .link_outcomes import TrialTables, path_success

Roles = Sequence[str] | Mapping[str, Sequence[str]] | None

# Trial design, section 14: a radio home network needs hub to display and to both meters, a wired one meter to socket.
RADIO_ROLES = ("CH-IHD", "CH-GM", "CH-EM")
WIRED_ROLES = ("EM-DW",)


def dwelling_reached(
    trial: TrialTables,
    technologies: Sequence[str] | None = None,
    *,
    roles: Roles = None,
    limits: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return, for each dwelling and technology, whether the technology reaches it.

    Parameters
    ----------
    trial : Trial
        From `smarthan.trial_data.read_trial`.
    technologies : sequence of str, optional
        Technologies to judge; all that were measured when not given.
    roles : sequence of str, or mapping of technology to sequence of str, optional
        Links that must work. CH-IHD, CH-GM and CH-EM for radio and EM-DW for wires when not given.
    limits : DataFrame, optional
        Reference table in the form of `technologies()`.

    Returns
    -------
    DataFrame
        dwelling_id, technology, reached (boolean; missing is "unknown"), roles_known (roles with an answer). One row a
        dwelling with a measured path and technology, in order of both.

    Raises
    ------
    ValueError
        A role or technology that is not one of the trial's.

    Notes
    -----
    One failing role: not reached. All required roles work: reached. Otherwise unknown; a role that was not measured is
    never taken as working. A role with several paths works only if all of them do. A path belongs to the dwelling of
    its end, else of its start, else to the only dwelling of its building.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> tables = {
    ...     "dwellings": pd.DataFrame({"dwelling_id": ["d"], "building_id": ["b"]}),
    ...     "locations": pd.DataFrame({
    ...         "location_id": ["hub", "ihd"], "building_id": ["b", "b"], "dwelling_id": [None, "d"]}),
    ...     "paths": pd.DataFrame({
    ...         "path_id": ["p"], "from_location": ["hub"], "to_location": ["ihd"], "role": ["CH-IHD"]}),
    ...     "instruments": pd.DataFrame({"instrument_id": ["i"]}),
    ...     "measurements": pd.DataFrame({
    ...         "path_id": ["p"], "instrument_id": ["i"], "technology": ["zigbee_sub"],
    ...         "packets_sent": [100], "packets_ok": [99]}),
    ... }
    >>> trial = SimpleNamespace(tables=tables, synthetic=True)
    >>> dwelling_reached(trial, roles=["CH-IHD"])["reached"].tolist(), dwelling_reached(trial)["reached"].tolist()
    ([True], [<NA>])
    """
    paths = path_success(trial, technologies, limits=limits)
    paths["dwelling_id"] = paths["path_id"].map(locate_paths(trial))
    required = required_roles(paths["technology"].unique().tolist(), roles)
    pairs = [(name, role) for name, listed in required.items() for role in listed]
    wanted = pd.MultiIndex.from_tuples(pairs, names=["technology", "role"])
    needed = pd.MultiIndex.from_frame(paths[["technology", "role"]]).isin(wanted)
    measured = paths[["dwelling_id", "technology"]].dropna().drop_duplicates()
    counts = _count_roles(paths[needed])
    keys = pd.MultiIndex.from_frame(measured.sort_values(["dwelling_id", "technology"]))
    counts = counts.reindex(keys, fill_value=0)
    need = np.array([len(required[name]) for name in keys.get_level_values("technology")])
    answer = counts.index.to_frame(index=False)
    works = counts["working"].to_numpy() == need
    fails = counts["failing"].to_numpy() > 0
    reached = pd.Series(np.where(fails, 0.0, np.where(works, 1.0, np.nan)))
    return answer.assign(
        reached=reached.astype("boolean"), roles_known=(counts["working"] + counts["failing"]).to_numpy(dtype=np.int64)
    )


def _count_roles(paths: pd.DataFrame) -> pd.DataFrame:
    """Return how many roles work and fail for each dwelling and technology."""
    keys = ["dwelling_id", "technology", "role"]
    flags = paths[keys].assign(
        failing=paths["success"].eq(False).fillna(False).astype("int64"),
        unknown=paths["success"].isna().astype("int64"),
    )
    worst = flags.groupby(keys, observed=True, dropna=True)[["failing", "unknown"]].max()
    works = (worst["failing"] == 0) & (worst["unknown"] == 0)
    by_role = pd.DataFrame({"working": works.astype("int64"), "failing": worst["failing"]})
    return by_role.groupby(level=["dwelling_id", "technology"], observed=True).sum()


def required_roles(technologies: Sequence[str], roles: Roles = None) -> dict[str, tuple[str, ...]]:
    """Return the links that each technology must carry.

    Raises
    ------
    ValueError
        A role that is not one of the trial's, none at all, or a mapping without one of the technologies.

    Examples
    --------
    >>> required_roles(["zigbee_sub", "bb_plc"])
    {'zigbee_sub': ('CH-IHD', 'CH-GM', 'CH-EM'), 'bb_plc': ('EM-DW',)}
    """
    answer: dict[str, tuple[str, ...]] = {}
    for name in technologies:
        if roles is None:
            answer[name] = RADIO_ROLES if name in RADIO_TECHNOLOGIES else WIRED_ROLES
        elif isinstance(roles, Mapping):
            if name not in roles:
                raise ValueError(f"roles: no entry for {name}; give the links it must carry")
            answer[name] = tuple(dict.fromkeys(roles[name]))
        else:
            answer[name] = tuple(dict.fromkeys(roles))
        unknown = [role for role in answer[name] if role not in ROLES]
        if unknown or not answer[name]:
            found = f"'{unknown[0]}'" if unknown else "no role"
            raise ValueError(f"roles of {name}: {found} found; allowed are {', '.join(ROLES)}")
    return answer


def locate_paths(trial: TrialTables) -> pd.Series:
    """Return the dwelling of each path, indexed by path_id; missing where a path cannot be given to one dwelling.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> tables = {
    ...     "dwellings": pd.DataFrame({"dwelling_id": ["d"], "building_id": ["b"]}),
    ...     "locations": pd.DataFrame({"location_id": ["hub", "gas"], "building_id": ["b", "b"]}),
    ...     "paths": pd.DataFrame({"path_id": ["p"], "from_location": ["hub"], "to_location": ["gas"]}),
    ... }
    >>> locate_paths(SimpleNamespace(tables=tables, synthetic=True)).to_dict()
    {'p': 'd'}
    """
    paths, locations, dwellings = (trial.tables[name] for name in ("paths", "locations", "dwellings"))
    places = locations.set_index(locations["location_id"].astype("str"))
    if "dwelling_id" not in places.columns:
        places = places.assign(dwelling_id=pd.Series(np.nan, index=places.index, dtype="str"))
    ends = [paths[name].astype("str").map(places["dwelling_id"]) for name in ("to_location", "from_location")]
    building = paths["from_location"].astype("str").map(places["building_id"])
    alone = dwellings.drop_duplicates("building_id", keep=False).set_index("building_id")["dwelling_id"]
    home = ends[0].astype("str").where(ends[0].notna(), ends[1]).where(ends[0].notna() | ends[1].notna())
    home = home.where(home.notna(), building.map(alone))
    return pd.Series(home.to_numpy(), index=paths["path_id"].astype("str").to_numpy(), name="dwelling_id")


def order_technologies(names: Sequence[str]) -> list[str]:
    """Return technologies in the order in which the trial declares them.

    Examples
    --------
    >>> order_technologies(["bb_plc", "zigbee_2g4"])
    ['zigbee_2g4', 'bb_plc']
    """
    return [name for name in TECHNOLOGIES if name in set(names)]
