"""`smarthan coverage publish|releases`: the store of releases."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from smarthan.commands.checks import SHOWN, records
from smarthan.commands.outcome import DONE, SET_ASIDE, Outcome

if TYPE_CHECKING:
    from smarthan.coverage.releases.publishing import Published


def publish_file(
    path: Path,
    store: Path,
    *,
    as_of: dt.date | str | None = None,
    release_id: str | None = None,
    backfill: bool = False,
    accept_drift: str | None = None,
    complete: bool | None = None,
) -> Outcome:
    """Publish a release file to a store and say what became of it.

    Parameters
    ----------
    path, store : Path
        The file, and the folder of the store.
    as_of, release_id, backfill, accept_drift : optional
        As in `ReleaseStore.publish`.
    complete : bool, optional
        Whether the file holds every row of the release, or only what changed; None believes the file.

    Returns
    -------
    Outcome
        Code 1 when rows of the file are in quarantine: the release is published without them.

    Raises
    ------
    PublishRefused, FileRefused, OSError
        When nothing was published.
    """
    from smarthan.coverage import ReleaseStore

    done = ReleaseStore(store).publish(
        path,
        as_of=as_of,
        release_id=release_id,
        facts={"complete": complete},
        backfill=backfill,
        accept_drift=accept_drift,
    )
    document = _account(done, store)
    aside = document["quarantined"]
    return Outcome(_describe(document, done), document, done.warnings, SET_ASIDE if aside else DONE)


def _account(done: Published, store: Path) -> dict[str, Any]:
    read, accepted, aside = (int(done.ledger[name].sum()) for name in ("read", "accepted", "quarantined"))
    codes = done.quarantine["code"].value_counts().sort_index()
    return {
        "store": str(store),
        "folder": str(done.folder),
        "release": done.release.to_dict(),
        "current": done.is_current,
        "before": done.before,
        "warnings": list(done.warnings),
        "read": read,
        "accepted": accepted,
        "quarantined": aside,
        "codes": {str(code): int(count) for code, count in codes.items()},
    }


def _describe(document: dict[str, Any], done: Published) -> str:
    release = done.release
    read, accepted, aside = (document[name] for name in ("read", "accepted", "quarantined"))
    lines = [
        f"release {release.release_id} of {release.as_of} is published: {done.folder}",
        f"  {read:,} rows read = {accepted:,} accepted + {aside:,} quarantined",
        *(f"    {code} x {count:,}" for code, count in document["codes"].items()),
        "  it is the current release"
        if done.is_current
        else "  it is kept for its time; it is not the current release",
    ]
    lines += [f"  compared with {done.before}: see {done.folder / 'revisions.md'}"] if done.before else []
    lines += [f"  every row in quarantine: {done.folder / 'quarantine.csv'}"] if aside else []
    lines += ["  SYNTHETIC: it says so of itself"] if release.synthetic else []
    return "\n".join(lines)


def list_store(store: Path) -> Outcome:
    """List the releases of a store.

    Parameters
    ----------
    store : Path
        The folder of the store.

    Raises
    ------
    FileNotFoundError
        When there is no such folder.
    """
    from smarthan.coverage import ReleaseStore

    table = ReleaseStore(store).releases()
    dated = table.assign(**{name: table[name].dt.strftime("%Y-%m-%d") for name in ("as_of", "published")})
    document = {"store": str(store), "releases": records(dated), "notes": table.attrs["notes"]}
    if table.empty:
        return Outcome(f"{store}: no release in it", document, tuple(table.attrs["notes"]))
    lines = [_line(row) for row in dated.tail(SHOWN).itertuples()]
    rest = [f"  ... and {len(table) - SHOWN:,} earlier"] if len(table) > SHOWN else []
    return Outcome("\n".join([f"{store}: {len(table)} releases", *rest, *lines]), document, tuple(table.attrs["notes"]))


def _line(row: Any) -> str:
    mark = "*" if row.current else " "
    day = row.as_of if isinstance(row.as_of, str) else "no day"
    parts = [f"{row.row_count:>11,} rows" if pd.notna(row.row_count) else ""]
    parts += [f"{row.share_covered:.2%} covered"] if pd.notna(row.share_covered) else []
    parts += ["SYNTHETIC"] if pd.notna(row.synthetic) and row.synthetic else []
    parts += [f"DAMAGED: {row.problem}"] if row.condition == "damaged" else []
    parts += [f"drift accepted: {row.accepted_drift}"] if isinstance(row.accepted_drift, str) else []
    return f"{mark} {day:<10}  {row.release_id:<32}  {'  '.join(part for part in parts if part)}".rstrip()
