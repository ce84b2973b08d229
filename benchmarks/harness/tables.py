"""Results as tables: plain text for the terminal, Markdown for a page, JSON for a program."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from harness.gates import Verdict
from harness.running import Job, Outcome

SCALES = {"s": 1.0, "ms": 1e3, "us": 1e6}
_LIBRARIES = ("numpy", "pandas", "pyarrow", "numba", "geopandas")

Rows = list[list[str]]


def job_table(job: Job, outcomes: Sequence[Outcome]) -> Rows:
    """Return the table of one job, its head first."""
    unit = job.unit
    times = [f"{what} {unit}" for what in ("median", "min", "max", "CPU")]
    head = ["contender", "version", *times, "extra MB", "peak MB", "x ours", "rounds x ours", "CPU x ours"]
    ours = next((outcome for outcome in outcomes if outcome.measures), outcomes[0])
    return [head, *(_row(outcome, SCALES[unit], ours) for outcome in outcomes)]


def _row(outcome: Outcome, scale: float, ours: Outcome) -> list[str]:
    median = outcome.median()
    if median is None:
        return [outcome.name, f"absent: {outcome.absent}", *[""] * 9]
    walls = [one.wall for one in outcome.measures]
    times = [median, min(walls), max(walls), outcome.median("cpu") or 0.0]
    rounds = [theirs / best for theirs, best in zip(outcome.values(), ours.values(), strict=False)]
    return [
        outcome.name + ("" if outcome.agrees else " (ANOTHER ANSWER)"),
        outcome.version,
        *(_figures(seconds * scale) for seconds in times),
        *(_megabytes(outcome.median(what)) for what in ("extra_mb", "peak_mb")),
        _times(median, ours.median()),
        f"{min(rounds):.2f} to {max(rounds):.2f}",
        _times(outcome.median("cpu"), ours.median("cpu")),
    ]


def _megabytes(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _times(theirs: float | None, ours: float | None) -> str:
    return f"{theirs / ours:.2f}" if theirs and ours else ""


def _figures(value: float) -> str:
    """Three figures that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def gate_table(verdicts: Sequence[Verdict]) -> Rows:
    """Return the table of claims, its head first."""
    words = {True: "yes", False: "NO", None: "not measured"}
    rows = [["job", "claim", "gate", "stretch", "measured", "rounds", "against", "met"]]
    for verdict in verdicts:
        gate, sign = verdict.gate, "<=" if verdict.gate.at_most else ">="
        unit = "x" if gate.others else " MB" if gate.measure.endswith("mb") else " s"
        ratio = "" if verdict.ratio is None else _claimed(verdict.ratio, unit)
        ends = [_claimed(end(verdict.rounds), unit) for end in (min, max)] if verdict.rounds else []
        swung = " to ".join(ends)
        met = "yes, stretch too" if verdict.stretched else words[verdict.met]
        bounds = [f"{sign} {bound:g}{unit}" if bound is not None else "" for bound in (gate.need, gate.stretch)]
        rows.append([verdict.job, gate.claim, *bounds, ratio, swung, verdict.against, met])
    return rows


def _claimed(value: float, unit: str) -> str:
    return f"{value:.2f}{unit}" if unit == "x" else f"{value:.3g}{unit}"


def as_text(rows: Rows) -> str:
    """Return a table in columns: words to the left, figures to the right."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    right = [all(_is_figure(row[k]) for row in rows[1:]) for k in range(len(rows[0]))]

    def line(row: list[str]) -> str:
        cells = (cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(row, widths, right, strict=True))
        return "  ".join(cells).rstrip()

    return "\n".join([line(rows[0]), "-" * len(line(rows[0])), *map(line, rows[1:])])


def as_markdown(rows: Rows) -> str:
    """Return a table in Markdown."""
    right = [all(_is_figure(row[k]) for row in rows[1:]) for k in range(len(rows[0]))]
    rule = ["---:" if r else "---" for r in right]
    return "\n".join("| " + " | ".join(row) + " |" for row in [rows[0], rule, *rows[1:]])


def _is_figure(cell: str) -> bool:
    return not cell or cell.replace(",", "").replace("x", "").replace(".", "", 1).replace("e-0", "").isdigit()


def describe_machine() -> dict[str, Any]:
    """Return what the figures depend on: processor, memory, load, system, versions."""
    found: dict[str, str] = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return {
        "cpus": os.cpu_count(),
        "processor": _processor(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "load": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": sys.version.split()[0],
        **found,
    }


def _processor() -> str:
    """Return the processor's name, where the system tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "not told"


def as_document(machine: dict[str, Any], done: Sequence[tuple[Job, list[Outcome]]], verdicts: Sequence[Verdict]) -> Any:
    """Return everything as JSON values."""
    jobs = {
        job.name: {"title": job.title, "notes": job.notes, "contenders": [asdict(one) for one in outcomes]}
        for job, outcomes in done
    }
    claims = [{**asdict(one), "met": one.met, "stretched": one.stretched} for one in verdicts]
    return {"machine": machine, "jobs": jobs, "gates": claims}
