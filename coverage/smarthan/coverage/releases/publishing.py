"""Publishing a release to a store, so that a reader sees the old one or the new one, whole, whatever happens."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.coverage.differences.release_diff import diff
from smarthan.coverage.differences.telling import as_markdown
from smarthan.coverage.matrix import CoverageMatrix

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
from .gates import PublishRefused, find_churn, find_drift, find_faults
from .locking import hold_lock
from .opening import ReleaseDamaged
from .reading import MatrixRead, read_matrix
from .release import Release
from .summary import summarise

if TYPE_CHECKING:
    import pandas as pd

    from smarthan.coverage.differences.sanity import ChurnLimits

_FIRST = "Compared with nothing: its store holds no full release of its day or earlier."


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
    limits: ChurnLimits | None,
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
            comparison = _compare(store, read.matrix, accept_drift, limits)
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
            f"{served.as_of}; publish it with backfill (--backfill) if it belongs into the past"
        )
    return release.release_id if served is None or day >= served.order[0] else served.name, stands


def _compare(store: Path, matrix: CoverageMatrix, accept_drift: str | None, limits: ChurnLimits | None) -> _Compared:
    """Hold a release against the one before it; refuse it when it drifts and nobody accepts that."""
    before = _open_before(store, matrix.release.as_of)
    if before is None:
        return _Compared(None, (), _manifest_facts(store, matrix), _FIRST)
    found = diff(before, matrix, limits=limits)
    warnings, drift = find_churn(found), find_drift(found)
    if drift and accept_drift is None:
        raise PublishRefused(
            f"release {found.after.release_id} is not published, compared with {found.before.release_id} of "
            f"{found.before.as_of}: {'; '.join(drift)}. If this is right, "
            "publish it with accept_drift (--accept-drift) and say why"
        )
    remarks = [*warnings, *(f"accepted: {words} (reason: {accept_drift})" for words in drift)]
    facts = _manifest_facts(
        store,
        matrix,
        before=found.before.release_id,
        warnings=warnings,
        accepted_drift={"reason": accept_drift, "drift": drift} if drift else None,
    )
    paragraphs = [as_markdown(found), *(f"{words[0].upper()}{words[1:]}." for words in remarks)]
    return _Compared(found.before.release_id, tuple(remarks), facts, "\n\n".join(paragraphs))


def _manifest_facts(store: Path, matrix: CoverageMatrix, **compared: Any) -> dict[str, Any]:
    sequence = 1 + max((entry.order[1] for entry in list_entries(os.fspath(store))), default=0)
    facts = {"before": None, "warnings": [], "accepted_drift": None, **compared}
    return {"sequence": sequence, "summary": summarise(matrix), **facts}


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
    """Return the newest undamaged release of the day or earlier, None when there is none that is a full one."""
    try:
        before = CoverageMatrix.of(open_store(store, day))
    except ValueError:  # NoRelease or ReleaseDamaged: nothing to compare with
        return None
    return before if before.release.complete else None


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
