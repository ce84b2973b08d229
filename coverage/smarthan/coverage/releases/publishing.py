"""Publishing a release to a store, so that a reader sees the old one or the new one, whole, whatever happens."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.coverage.matrix import CoverageMatrix

from .comparing import Summary, compare_releases, describe_comparison, summarise
from .current import (
    CURRENT,
    PARTIAL,
    RELEASES,
    Entry,
    list_entries,
    list_names,
    open_member,
    open_store,
    read_current,
    read_manifest,
)
from .folder import make_folder, naming, pack_release, sync, write_file, write_release
from .gates import Gates, PublishRefused, find_churn, find_drift, find_faults
from .locking import hold_lock
from .opening import ReleaseDamaged
from .reading import MatrixRead, read_matrix
from .release import Release

if TYPE_CHECKING:
    import pandas as pd

_FIRST = "The first release of its store: there is none before it to compare with."


@dataclass(frozen=True)
class Published:
    """A release that was published.

    Attributes
    ----------
    release : Release
        Its facts.
    folder : Path
        Where it stands.
    is_current : bool
        Whether CURRENT names it now; a backfilled release does not become current.
    before : str or None
        The release that it was compared with.
    warnings : tuple of str
        What is odd and was let pass: churn, and drift that was accepted.
    ledger, quarantine, notes : DataFrame
        The account of the reading.
    """

    release: Release
    folder: Path
    is_current: bool
    before: str | None
    warnings: tuple[str, ...]
    ledger: pd.DataFrame
    quarantine: pd.DataFrame
    notes: pd.DataFrame


def publish_release(
    store: Path,
    source: str | os.PathLike[str] | MatrixRead,
    *,
    facts: Mapping[str, Any],
    backfill: bool,
    accept_drift: str | None,
    gates: Gates,
) -> Published:
    """Publish a release to a store; see `ReleaseStore.publish`."""
    if accept_drift is not None and not accept_drift.strip():
        raise PublishRefused("accept_drift: is empty; give the reason, it is kept with the release")
    with hold_lock(store):
        _sweep(store)
        read = _read(source, facts)
        release = read.matrix.release
        current, stands = _settle_current(store, release, backfill)
        folder = store / RELEASES / release.release_id
        comparison = _NOTHING
        if not stands:
            files = pack_release(read.matrix)
            comparison = _compare(store, read.matrix, accept_drift, gates)
            with make_folder(folder) as partial:
                write_release(
                    read.matrix, partial, read, files=files, facts=comparison.facts, revisions=comparison.revisions
                )
        if current != read_current(os.fspath(store))[0]:
            _name_current(store, current)
        return Published(
            release,
            folder,
            current == release.release_id,
            comparison.before,
            comparison.warnings,
            read.ledger,
            read.quarantine,
            read.notes,
        )


@dataclass(frozen=True)
class _Compared:
    """How a release differs from the one before it, as it is told and as its folder keeps it."""

    before: str | None
    warnings: tuple[str, ...]
    facts: dict[str, Any]
    revisions: str


_NOTHING = _Compared(None, ("it stood there whole, from a publication that did not finish",), {}, "")


def _settle_current(store: Path, release: Release, backfill: bool) -> tuple[str, bool]:
    """Return which release CURRENT is to name, and whether this one stands there already; or refuse it."""
    faults = find_faults(release)
    if faults:
        raise PublishRefused(f"release {release.release_id} is not published: {'; '.join(faults)}")
    served = _find_served(store)
    stands = release.release_id in list_names(os.fspath(store))
    if stands and not _is_unfinished(store, release, served):
        raise PublishRefused(
            f"{store}: holds a release {release.release_id} already, and a release never changes; "
            "give another release_id"
        )
    day = release.as_of or dt.date.min
    if served and day < served.order[0] and not backfill:
        raise PublishRefused(
            f"release {release.release_id} is of {release.as_of}, older than the current one, {served.name} of "
            f"{served.as_of}; publish it with backfill if it belongs into the past"
        )
    return release.release_id if served is None or day >= served.order[0] else served.name, stands


def _compare(store: Path, matrix: CoverageMatrix, accept_drift: str | None, gates: Gates) -> _Compared:
    """Hold a release against the one before it; refuse it when it drifts and nobody accepts that."""
    release, after = matrix.release, summarise(matrix)
    before = _open_before(store, release.as_of)
    warnings: list[str] = []
    drift: list[str] = []
    revisions = _FIRST
    if before is not None:
        compared = compare_releases(before, matrix)
        drift = find_drift(after, summarise(before), gates)
        warnings = find_churn(compared, _days_between(before.release, release), gates)
        revisions = describe_comparison(compared, f"{before.release.release_id} of {before.release.as_of}")
    if drift and accept_drift is None:
        raise PublishRefused(
            f"release {release.release_id} is not published: {'; '.join(drift)}. If this is right, accept the drift "
            "and say why"
        )
    accepted = {"reason": accept_drift, "drift": drift} if drift else None
    remarks = [*warnings, *(f"accepted: {words} (reason: {accept_drift})" for words in drift)]
    named = None if before is None else before.release.release_id
    facts = _manifest_facts(store, after, named, warnings, accepted)
    paragraphs = [revisions, *(f"{words[0].upper()}{words[1:]}" for words in remarks)]
    return _Compared(named, tuple(remarks), facts, "\n\n".join(paragraphs))


def _manifest_facts(
    store: Path, after: Summary, before: str | None, warnings: list[str], accepted: dict[str, Any] | None
) -> dict[str, Any]:
    sequence = 1 + max((entry.order[1] for entry in list_entries(os.fspath(store))), default=0)
    facts = {"sequence": sequence, "summary": after.to_dict(), "before": before, "warnings": warnings}
    return {**facts, "accepted_drift": accepted}


def _days_between(before: Release, after: Release) -> int:
    assert before.as_of is not None
    assert after.as_of is not None
    return (after.as_of - before.as_of).days


def _read(source: str | os.PathLike[str] | MatrixRead, facts: Mapping[str, Any]) -> MatrixRead:
    """Read the release, or take the one read; the facts given win."""
    given = {name: value for name, value in facts.items() if value is not None}
    if not isinstance(source, MatrixRead):
        as_of, release_id = given.pop("as_of", None), given.pop("release_id", None)
        return read_matrix(source, as_of=as_of, release_id=release_id, facts=given)
    rows, facts_read = source.matrix.rows, source.matrix.release
    release = facts_read.with_facts(**{**given, "row_count": len(rows)})
    if release == facts_read:
        return source
    rows = rows.assign(release_id=_constant(release.release_id, len(rows)))
    return MatrixRead(CoverageMatrix(rows, release), source.quarantine, source.ledger, source.notes)


def _constant(word: str, count: int) -> pd.Categorical:
    import numpy as np
    import pandas as pd

    return pd.Categorical.from_codes(np.zeros(count, np.int8), categories=[word])


def _find_served(store: Path) -> Entry | None:
    """Return the release that readers of the store are served now, None when there is none."""
    try:
        release = open_store(store).mapped.release
    except ReleaseDamaged:
        return None
    return next((entry for entry in list_entries(os.fspath(store)) if entry.name == release.release_id), None)


def _open_before(store: Path, day: dt.date | None) -> CoverageMatrix | None:
    """Return the newest complete release of the day or earlier, None when there is none."""
    try:
        return CoverageMatrix.of(open_store(store, day))
    except ValueError:  # NoRelease or ReleaseDamaged: nothing to compare with
        return None


def _is_unfinished(store: Path, release: Release, served: Entry | None) -> bool:
    """Whether the release stands in the store, whole, and only CURRENT was never moved to it: a kill between the two.

    Then publishing the same file again finishes the work.
    """
    place, name = os.fspath(store), release.release_id
    if read_current(place)[0] == name:
        return False
    try:
        entry = Entry(name, read_manifest(place, name))
        same = open_member(place, name).mapped.release == release
    except (OSError, ValueError, KeyError):
        return False
    return same and (served is None or entry.order >= served.order)


def _name_current(store: Path, name: str) -> None:
    """Let CURRENT name a release: written aside, on disk, then renamed over the old one."""
    partial = store / f"{CURRENT}.tmp-{os.getpid()}"
    try:
        write_file(partial, f"{name}\n".encode("ascii"))
        with naming(store / CURRENT):
            os.replace(partial, store / CURRENT)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync(store)


def _sweep(store: Path) -> None:
    """Remove what killed publishers left; under the lock nobody else is at work."""
    for left in (store / RELEASES).glob(f"{PARTIAL}*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in store.glob(f"{CURRENT}.tmp-*"):
        left.unlink(missing_ok=True)
