"""The picture beside the page: seconds of each contender in the largest bulk look-up, drawn by the charts room."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from harness.running import Job, Outcome
from smarthan.charts import draw_bars
from smarthan.charts.style import chart_style

DRAWN = "bulk-"


def draw_page(done: Sequence[tuple[Job, list[Outcome]]], path: Path) -> str:
    """Draw the last bulk look-up as SVG; return the line of Markdown that shows it, empty where none was run.

    Parameters
    ----------
    done : sequence of (Job, list of Outcome)
    path : Path
        The SVG file.
    """
    drawn = [(job, outcomes) for job, outcomes in done if job.name.startswith(DRAWN)]
    if not drawn:
        return ""
    job, outcomes = drawn[-1]
    medians = {outcome.name: outcome.median() for outcome in outcomes if outcome.measures}
    table = pd.DataFrame({"contender": list(medians), "seconds": list(medians.values())})
    ax = draw_bars(
        table.sort_values("seconds", kind="stable"),
        label="contender",
        value="seconds",
        decimals=2,
        axis_label="Seconds, median",
        highlight=[name for name in medians if name.startswith("smarthan")],
    )
    with chart_style():
        ax.figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    told = "; ".join(f"{row.contender} {row.seconds:.2f}" for row in table.itertuples())
    return f"![{job.title}. Median seconds: {told}.]({path.name})\n"
