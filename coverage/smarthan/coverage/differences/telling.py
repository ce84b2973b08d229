"""A difference in words: for a terminal, and for a notebook."""

from __future__ import annotations

import datetime as dt
import html
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from .release_diff import ReleaseDiff


def as_text(found: ReleaseDiff) -> str:
    """Return a difference as lines of text.

    Parameters
    ----------
    found : ReleaseDiff
    """
    lines = [_headline(found), *_totals(found)]
    changed = found.summary[found.summary["locations"] > 0]
    if changed.empty:
        lines.append("  No location changed.")
    for row in changed.itertuples():
        weight = row.premises_before if row.change == "removed" else row.premises_after
        lines.append(f"  {row.change:<20}{row.locations:>12,} locations{weight:>14,.0f} {found.basis:<10} {row.words}")
    return "\n".join([*lines, *_revisions(found), *_alarms(found)])


def as_html(found: ReleaseDiff) -> str:
    """Return a difference as an HTML fragment: no script, no style of its own, nothing fetched.

    Parameters
    ----------
    found : ReleaseDiff
    """
    parts = [f"<p><strong>{html.escape(_headline(found))}</strong></p>"]
    parts += [f"<p>{html.escape(line.strip())}</p>" for line in _totals(found)]
    changed = found.summary[found.summary["locations"] > 0].drop(columns="change")
    if changed.empty:
        parts.append("<p>No location changed.</p>")
    else:
        heads = ("Change", "Locations", "Before", "After", "Covered, change")
        parts.append(_table(f"What changed ({found.basis} before and after)", heads, changed))
    heads = ("State before", "State after", "Locations", "Before", "After")
    parts.append(_table("Every pair of states, unchanged ones too", heads, found.revisions_note))
    parts += [f"<p>{html.escape(line.strip())}</p>" for line in _alarms(found)]
    return "\n".join(parts)


def as_markdown(found: ReleaseDiff) -> str:
    """Return a difference as Markdown, as the folder of a release keeps it: totals, and every pair of states.

    Parameters
    ----------
    found : ReleaseDiff
    """
    weighed = found.basis == "premises"
    heads = ["before", "after", "locations", *(["premises before", "premises after"] if weighed else [])]
    rows = found.revisions_note.iloc[:, : len(heads)].itertuples(index=False)
    parts = [
        f"Compared with release {found.before.release_id} of {_day(found.before.as_of)}, location by location (a "
        "postcode, or a UPRN without one), each in its state as of its release's own day. Unchanged ones are counted "
        "too; ABSENT: the release does not have it.",
        f"Locations added: {found.added.count:,}; removed: {found.removed.count:,}.",
        " ".join(line.strip() for line in _totals(found)),
    ]
    parts += [] if weighed else ["Not both releases state premises: each location weighs one."]
    table = [f"| {' | '.join(heads)} |", f"|---|---|{'---:|' * (len(heads) - 2)}"]
    table += [f"| {old} | {new} | {' | '.join(f'{number:,}' for number in rest)} |" for old, new, *rest in rows]
    return "\n\n".join([*parts, "\n".join(table)])


def _headline(found: ReleaseDiff) -> str:
    time = "" if found.days is None else f", {found.days:,} days"
    made_up = " SYNTHETIC." if found.synthetic else ""
    before, after = (f"{release.release_id} ({_day(release.as_of)})" for release in (found.before, found.after))
    return f"Changes from {before} to {after}{time}.{made_up}"


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else "day unknown"


def _totals(found: ReleaseDiff) -> list[str]:
    old, new = found.totals["before"], found.totals["after"]
    lines = [f"  {old['locations']:,} locations before, {new['locations']:,} after; {found.n_changed:,} changed."]
    if old["share_covered"] is not None and new["share_covered"] is not None:
        points = (new["share_covered"] - old["share_covered"]) * 100
        net = new["covered"] - old["covered"]
        lines.append(
            f"  Covered {old['share_covered']:.2%} of {found.basis} before, {new['share_covered']:.2%} after "
            f"({points:+.2f} points, {net:+,.0f} {found.basis} net)."
        )
    return lines


def _revisions(found: ReleaseDiff) -> list[str]:
    note = found.revisions_note
    moved = note[note["state_before"] != note["state_after"]]
    lines = [f"  {row.state_before:>14} -> {row.state_after:<14}{row.locations:>12,}" for row in moved.itertuples()]
    same = int(note["locations"].sum() - moved["locations"].sum())
    return [f"Revisions of the state ({same:,} locations keep theirs):", *lines] if lines else []


def _alarms(found: ReleaseDiff) -> list[str]:
    beyond = found.sanity[found.sanity["alarm"]]
    lines = [f"ALARM: {words}" for words in beyond["words"]]
    return lines or ["Within the limits of ordinary churn."]


def _table(caption: str, heads: tuple[str, ...], table: pd.DataFrame) -> str:
    top = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in heads)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.itertuples(index=False))
    head = f"<caption>{html.escape(caption)}</caption><thead><tr>{top}</tr></thead>"
    return f"<table>{head}<tbody>{body}</tbody></table>"


def _cell(value: Any) -> str:
    return f"<td>{html.escape(value if isinstance(value, str) else f'{value:,.0f}')}</td>"
