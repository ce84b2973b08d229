"""`smarthan coverage diff`: what changed between two releases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.commands.checks import records
from smarthan.commands.opened import check_target, find_in_store, open_release
from smarthan.commands.outcome import Outcome, Refused
from smarthan.files import write_csv

if TYPE_CHECKING:
    import pandas as pd

    from smarthan.coverage import ReleaseDiff

BY = ("area", "lad", "region")
_UNPLACED = (
    "  not known: in no {by} of today's postcode reference. Postcodes withdrawn since the earlier release stand\n"
    "  there, so that the other rows hold what was added but not what was withdrawn."
)
SHOWN = 20  # lines of areas on a terminal; --format json has all


def compare_releases(
    before: str, after: str, *, store: Path | None = None, by: str | None = None, out: Path | None = None
) -> Outcome:
    """Compare two releases.

    Parameters
    ----------
    before, after : str
        Release folders, stores or files; with `store`, ids of its releases.
    store : Path, optional
        A release store.
    by : str, optional
        area, lad or region: adds the net change of each.
    out : Path, optional
        A CSV file for the list of changed locations.

    Returns
    -------
    Outcome
        Code 1 when rows of a file stand in quarantine.

    Raises
    ------
    Refused
        When the file cannot be written or the store holds no such release.
    ValueError
        When a release cannot be opened or compared.
    """
    from smarthan.coverage import diff

    places = [str(find_in_store(store, name)) if store else _existing(name) for name in (before, after)]
    check_target(out, inputs=places)
    opened = [open_release(place) for place in places]
    found = diff(opened[0].matrix, opened[1].matrix)
    document = found.to_dict()
    text = [str(found)]
    if by is not None:
        net = found.net(by)
        document["net"] = records(net)
        text += _describe_net(net, by, found.basis)
    if out is not None:
        write_csv(_as_listed(found), out)
        document["out"] = str(out)
        text.append(f"{found.n_changed:,} changed locations -> {out}")
    notes = tuple(note for one in opened for note in one.notes)
    return Outcome("\n".join(text), document, notes, max(one.code for one in opened))


def _existing(name: str) -> str:
    if not Path(name).exists():
        raise Refused(f"{name}: does not exist; give a release folder or file, or --store DIR and two release ids")
    return name


def _as_listed(found: ReleaseDiff) -> pd.DataFrame:
    listed = found.listed()
    days = {name: listed[name].dt.strftime("%Y-%m-%d") for name in listed if name.startswith("anticipated_")}
    return listed.assign(**days, synthetic=found.synthetic)


def _describe_net(net: pd.DataFrame, by: str, basis: str) -> list[str]:
    """The areas where most changed, either way, most first."""
    moved: Any = net[net["more"].add(net["less"]) > 0]
    moved = moved.sort_values("net", key=abs, ascending=False, kind="stable")
    head = f"Covered {basis} by {by}: {len(moved):,} of {len(net):,} changed"
    lines = [
        f"  {getattr(row, by):<28}{row.net:>+12,.0f} net{row.more:>12,.0f} more{row.less:>12,.0f} less"
        f"{row.share_before:>10.2%} ->{row.share_after:>8.2%}"
        for row in moved.head(SHOWN).itertuples()
    ]
    rest = len(moved) - SHOWN
    more = [f"  ... and {rest:,} more"] if rest > 0 else []
    return [head, *lines, *more, *([_UNPLACED.format(by=by)] if moved[by].eq("not known").any() else [])]
