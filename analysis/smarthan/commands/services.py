"""The look-up service run, and its audit summed up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from smarthan.commands.outcome import DONE, SET_ASIDE, Outcome, Refused


def serve_releases(
    store: Path | None,
    *,
    host: str,
    port: int,
    roles: Path | None,
    audit: Path,
    hosts: Sequence[str] = (),
    say: Callable[[str], None],
) -> Outcome:
    """Serve until stopped.

    Parameters
    ----------
    store : Path, optional
        A release store, folder or file.
    host, port : str and int
        Where to listen.
    roles : Path, optional
        A roles file.
    audit : Path
        The audit file.
    hosts : list of str
        Further host names.
    say : callable
        Is told where the service listens.

    Returns
    -------
    Outcome

    Raises
    ------
    Refused
        When the roles file does not stand, or the audit cannot be written.
    ImportError, ValueError, OSError
        As `smarthan.service.serve`.
    """
    from smarthan.coverage.releases.store import needs_demonstration
    from smarthan.service import AuditLog, read_roles, serve

    given = read_roles(roles) if roles is not None else None
    try:
        log = AuditLog(audit)
    except OSError as error:
        raise Refused(f"--audit {audit}: cannot be written ({error.strerror}); name another file") from None
    if needs_demonstration(store):
        say("Making the synthetic demonstration release in your cache folder: about 20 seconds, once.")
    try:
        serve(store, host=host, port=port, roles=given, audit=log, hosts=hosts, say=say)
    finally:
        log.close()
    return Outcome(f"Stopped. What was asked: smarthan audit summary {audit}")


def sum_audit(path: Path) -> Outcome:
    """Sum an audit file up.

    Raises
    ------
    Refused
        When it cannot be read.
    """
    from smarthan.service import summarise_audit

    try:
        found = summarise_audit(path)
    except OSError as error:
        raise Refused(f"{path}: cannot be read ({error.strerror}); give the --audit file of smarthan serve") from None
    return Outcome(str(found), found.to_dict(), code=SET_ASIDE if found.unreadable else DONE)
