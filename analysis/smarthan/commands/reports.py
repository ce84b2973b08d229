"""`smarthan report`, `report verify` and `report init`: make a pack, check one, start one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.commands.outcome import DONE, SET_ASIDE, Outcome

if TYPE_CHECKING:
    from smarthan.report import PackResult, Verified

HERE = Path("report.toml")


def make_pack(
    config: Path | None,
    out: Path | None,
    *,
    only: str | None = None,
    fast: bool = False,
    force: bool = False,
    pdf: bool = True,
    progress: Callable[[int, int, str], None] | None = None,
    cell_progress: Callable[[str, int, int], None] | None = None,
) -> Outcome:
    """Make the pack that a report.toml describes, or the one of the demonstration inputs.

    Parameters
    ----------
    config : Path, optional
        A report.toml or its folder; None takes ./report.toml if there is one, else the demonstration inputs.
    out : Path, optional
        The pack's folder; None is reports/<name of the pack>, and a folder beside it for a part or a fast run.
    only, fast, force, pdf, progress, cell_progress
        As in `smarthan.report.make_report`.

    Returns
    -------
    Outcome
        Code 1 when a notebook failed.

    Raises
    ------
    ReportRefused
        When something named cannot be used; nothing was written.
    """
    from smarthan.report import make_report
    from smarthan.report.configuration import read_configuration
    from smarthan.report.demonstration import demonstration_inputs

    chosen = config or (HERE if HERE.is_file() else demonstration_inputs(progress=progress))
    target = out or Path("reports") / folder_name(read_configuration(chosen).name, only, fast=fast)
    with _parent_of(target) if out is None else nullcontext():
        result = make_report(
            chosen, target, only=only, fast=fast, force=force, pdf=pdf, progress=progress, cell_progress=cell_progress
        )
    code = SET_ASIDE if result.failed else DONE
    return Outcome(_describe(result, target), _document(result, target), notes=_notes(result), code=code)


@contextmanager
def _parent_of(target: Path) -> Iterator[None]:
    """Make the folder that the usual one stands in; a refusal leaves none behind that was not there."""
    from smarthan.report import ReportRefused

    was_there = target.parent.exists()
    target.parent.mkdir(exist_ok=True)
    try:
        yield
    except ReportRefused:
        if not was_there:
            with suppress(OSError):  # something stands in it by now: not ours to take away
                target.parent.rmdir()
        raise


def folder_name(pack: str, only: str | None, *, fast: bool) -> str:
    """Return the usual folder of a report: the pack's name, with what sets it apart from the whole.

    Examples
    --------
    >>> folder_name("autumn", None, fast=False), folder_name("autumn", "coverage", fast=True)
    ('autumn', 'autumn-coverage-fast')
    """
    part = re.sub(r"[^A-Za-z0-9_-]", "-", only)[:60] if only and only != "consultation" else ""
    return "-".join(word for word in (pack, part, "fast" if fast else "") if word)


def verify_pack(folder: Path, config: Path | None, *, pack_only: bool = False) -> Outcome:
    """Hash a pack and its inputs again and say what differs.

    Parameters
    ----------
    folder, config, pack_only
        As in `smarthan.report.verify_report`.

    Returns
    -------
    Outcome
        Code 0 when nothing differs, 1 when something does.

    Raises
    ------
    ReportRefused
        When the folder holds no report.
    """
    from smarthan.report import verify_report

    found = verify_report(folder, config=config, pack_only=pack_only)
    document = {
        "folder": str(folder),
        "verified": not found.differences,
        "outputs": found.outputs,
        "inputs": found.inputs,
        "differences": list(found.differences),
        "notes": list(found.notes),
    }
    return Outcome(
        _describe_verified(found), document, notes=found.notes, code=SET_ASIDE if found.differences else DONE
    )


def start_pack(folder: Path) -> Outcome:
    """Write a report.toml to start from, with today as its day.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Outcome

    Raises
    ------
    ReportRefused
        When there is one already.
    """
    from smarthan.report import start_report

    file = start_report(folder, day=dt.date.today())
    text = f"{file}\nPut your files beside it, name them under [inputs], then run: smarthan report --config {file}"
    return Outcome(text, {"file": str(file)})


def _document(result: PackResult, target: Path) -> dict[str, Any]:
    return {
        "folder": str(target),
        "published": result.published,
        "ran": list(result.ran),
        "kept": list(result.kept),
        "failed": [{"name": run.name, "error": run.error, "copy": str(run.path)} for run in result.failed],
        "reasons": dict(result.reasons),
        "figures": result.figures,
        "tables": result.tables,
        "warnings": list(result.warnings),
        "pdf": result.published and not result.without_pdf,
        "seconds": round(result.seconds, 2),
    }


def _describe(result: PackResult, target: Path) -> str:
    if not result.published:
        failures = [f"  {run.error}\n    {run.path}" for run in result.failed]
        count = f"{len(result.failed)} notebook{'s' if len(result.failed) > 1 else ''} failed"
        return "\n".join([f"Not published: {count}; {target} is as it was.", *failures])
    kept = f", {len(result.kept)} unchanged and kept" if result.kept else ""
    why = [f"  {name} ran: {reason}" for name, reason in result.reasons.items() if result.kept]
    return "\n".join(
        [
            f"{target}/report.html",
            f"{len(result.ran)} notebooks run{kept}; {result.figures} charts, {result.tables} tables; "
            f"{result.seconds:.0f} s",
            *why,
        ]
    )


def _notes(result: PackResult) -> tuple[str, ...]:
    without = [f"Made without PDF: {result.without_pdf}."] if result.published and result.without_pdf else []
    return (*result.warnings, *without)


def _describe_verified(found: Verified) -> str:
    hashed = f"{found.outputs} files of the pack and {found.inputs} inputs hashed"
    if not found.differences:
        return f"{found.folder}: as recorded. {hashed}."
    return "\n".join([f"{found.folder}: differs from its record. {hashed}.", *(f"  {d}" for d in found.differences)])
