"""`smarthan report`: make the consultation pack."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smarthan.commands.outcome import DONE, SET_ASIDE, Outcome

if TYPE_CHECKING:
    from smarthan.report import PackResult

HERE = Path("report.toml")


def make_pack(
    config: Path | None,
    out: Path | None,
    *,
    only: str | None = None,
    fast: bool = False,
    force: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> Outcome:
    """Make the pack that a report.toml describes, or the one of the demonstration inputs.

    Parameters
    ----------
    config : Path, optional
        A report.toml or its folder; None takes ./report.toml if there is one, else the demonstration inputs.
    out : Path, optional
        The pack's folder; None is reports/<name of the pack>.
    only, fast, force, progress
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
    target = out or Path("reports") / read_configuration(chosen).name
    if out is None:
        target.parent.mkdir(exist_ok=True)
    result = make_report(chosen, target, only=only, fast=fast, force=force, progress=progress)
    return Outcome(_describe(result, target), _document(result, target), code=SET_ASIDE if result.failed else DONE)


def _document(result: PackResult, target: Path) -> dict[str, Any]:
    return {
        "folder": str(target),
        "published": result.published,
        "ran": list(result.ran),
        "kept": list(result.kept),
        "failed": [{"name": run.name, "error": run.error} for run in result.failed],
        "reasons": dict(result.reasons),
        "figures": result.figures,
        "tables": result.tables,
        "seconds": round(result.seconds, 2),
    }


def _describe(result: PackResult, target: Path) -> str:
    if not result.published:
        failures = [f"  {run.error}" for run in result.failed]
        return "\n".join([f"Not published: {len(result.failed)} notebooks failed; {target} is as it was.", *failures])
    kept = f", {len(result.kept)} unchanged and kept" if result.kept else ""
    return (
        f"{target}/report.html\n"
        f"{len(result.ran)} notebooks run{kept}; {result.figures} charts, {result.tables} tables; "
        f"{result.seconds:.0f} s"
    )
