"""What changed between two releases, in tables with their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smarthan.findings.coverage import attribution
from smarthan.findings.finding import Finding, count, listed, mark, percent

if TYPE_CHECKING:
    from smarthan.coverage import Release, ReleaseDiff

_STATES = {
    "COVERED": "Covered",
    "PLANNED": "Planned",
    "OVERDUE": "Was planned, not confirmed since",
    "NOT_CONFIRMED": "Cannot be confirmed",
    "ERROR": "Not answered",
    "MIXED": "Covered in part",
    "ABSENT": "Not in the release",
}


NOWHERE = "Withdrawn, place not known"


def _source(found: ReleaseDiff) -> str:
    made = "Synthetic coverage releases" if found.synthetic else "WAN coverage releases"
    return f"{made} {_name(found.before)} and {_name(found.after)}; own calculation."


def _name(release: Release) -> str:
    return f"{release.release_id} ({release.as_of:%-d %B %Y})" if release.as_of else release.release_id


def changes_of(found: ReleaseDiff) -> Finding:
    """Return what changed from one release to the next, each kind with its locations.

    Parameters
    ----------
    found : ReleaseDiff

    Returns
    -------
    Finding
        A table: change, locations, premises in the earlier and in the later release, change of covered premises; kinds
        that befell nothing are left out.
    """
    summary = found.summary
    order = list(summary["change"])  # what was planned is part of what gained, and stands under it
    order.insert(order.index("gained") + 1, order.pop(order.index("planned_to_covered")))
    table = summary.set_index("change").loc[order].reset_index()
    table = table[table["locations"] > 0]
    words = table["words"].str.slice(stop=1).str.upper() + table["words"].str.slice(1)
    words = words.mask(table["change"].eq("planned_to_covered"), "Of which planned before")
    table = table.assign(words=words)[["words", "locations", "premises_before", "premises_after", "covered_change"]]
    gained, lost = found.gained.count, found.lost.count
    places = "location" if gained == 1 else "locations"
    title = f"{count(gained)} {places} gained coverage, {count(lost)} lost it" if len(table) else "Nothing changed"
    beyond = found.sanity.loc[found.sanity["alarm"], "check"]
    alarm = f"Beyond the limits of ordinary churn: {listed(beyond)}." if len(beyond) else "Within ordinary churn."
    return Finding(
        mark(table, synthetic=found.synthetic),
        "release_changes",
        title,
        "Changes of locations between two coverage releases, each in its state on its own release's day",
        "",
        _source(found),
        n=f"{count(found.n_changed)} locations changed; covered {found.basis} {_net(found):+,.0f} net. {alarm}",
        method="Of which: part of the row above. A location may stand in several rows: one that gains coverage may "
        "change its technology too.",
        headings={
            "words": "Change",
            "locations": "Locations",
            "premises_before": f"{found.basis.capitalize()} before",
            "premises_after": f"{found.basis.capitalize()} after",
            "covered_change": "Covered, change",
        },
        formats={
            **dict.fromkeys(("locations", "premises_before", "premises_after"), ",.0f"),
            "covered_change": "+,.0f",
        },
    )


def _net(found: ReleaseDiff) -> float:
    return found.totals["after"]["covered"] - found.totals["before"]["covered"]


def revisions_of(found: ReleaseDiff) -> Finding:
    """Return every pair of an earlier and a later state, as a note on revisions gives it.

    Parameters
    ----------
    found : ReleaseDiff

    Returns
    -------
    Finding
        A table: state before, state after, locations; pairs of equal states too, so that it adds to all locations.
    """
    note = found.revisions_note
    table = note[["state_before", "state_after", "locations"]]
    moved = int(table.loc[table["state_before"] != table["state_after"], "locations"].sum())
    words = {name: table[name].map(_STATES) for name in ("state_before", "state_after")}
    return Finding(
        mark(table.assign(**words), synthetic=found.synthetic),
        "release_revisions",
        f"{count(moved)} of {count(table['locations'].sum())} locations changed their state",
        "Locations by their state in the earlier and in the later release",
        "",
        _source(found),
        n=f"All {count(table['locations'].sum())} locations of either release.",
        headings={"state_before": "Before", "state_after": "After", "locations": "Locations"},
        formats={"locations": ",.0f"},
    )


def net_of(found: ReleaseDiff, by: str = "region") -> Finding:
    """Return the premises that gained and lost coverage by region, and the net.

    Parameters
    ----------
    found : ReleaseDiff
    by : str
        region, country, area or lad.

    Returns
    -------
    Finding
        A table: the place, more, less and net covered premises, the covered share before and after; largest net first.
    """
    table = found.net(by)
    table = table[(table["more"] + table["less"]).gt(0)]
    table = table.sort_values(["net", by], ascending=[False, True], kind="stable")
    table = table.assign(**{by: table[by].replace("not known", NOWHERE)})
    old, new = found.totals["before"], found.totals["after"]
    net = _net(found)
    shares = [percent(float("nan") if t["share_covered"] is None else t["share_covered"], 2) for t in (old, new)]
    ends = (
        [f"{row[by]} {row['net']:+,.0f} {found.basis}" for _, row in table.iloc[[0, -1]].iterrows()]
        if len(table)
        else []
    )
    return Finding(
        mark(
            table[[by, "more", "less", "net", "share_before", "share_after"]],
            synthetic=found.synthetic,
        ),
        "release_net",
        f"{abs(net):,.0f} {'more' if net >= 0 else 'fewer'} {found.basis} covered than before",
        f"Covered {found.basis} added and taken away between the two releases, by {by}",
        f"Bars either side of zero by {by}, the net at their end: from {listed(ends)}. In all {net:+,.0f}.",
        _source(found),
        n=f"Covered share {shares[0]} before, {shares[1]} after. New and withdrawn locations count too; a withdrawn "
        f"postcode is in no {by} of today's reference.",
        notes=attribution(),
        headings={
            by: by.capitalize(),
            "more": "More",
            "less": "Less",
            "net": "Net",
            "share_before": "Covered before",
            "share_after": "Covered after",
        },
        formats={
            **dict.fromkeys(("more", "less"), ",.0f"),
            "net": "+,.0f",
            **dict.fromkeys(("share_before", "share_after"), ".2%"),
        },
    )
