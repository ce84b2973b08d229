"""Whether technologies complement each other, in a table with its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from smarthan.findings.disclosed import TOTAL, disclose, is_hidden, say_hidden
from smarthan.findings.finding import Finding, count, listed, mark, percent
from smarthan.findings.reach_types import nearest, reach_source, say_method
from smarthan.findings.words import TECHNOLOGIES

if TYPE_CHECKING:
    from smarthan.analysis import Reach


def joint_of(reach: Reach, technologies: Sequence[str]) -> Finding:
    """Return the share of GB homes reached by each combination of technologies.

    Parameters
    ----------
    reach : Reach
    technologies : sequence of str
        Codes, 1 to 4.

    Returns
    -------
    Finding
        A table: which reach the home, share, lower, upper (0 to 1), method, homes of the sample (rounded).
    """
    from smarthan.analysis import joint_reach

    joint = joint_reach(reach, technologies)
    names = {code: TECHNOLOGIES.get(code, code) for code in technologies}
    words = [_say_pattern(row, names) for _, row in joint[list(technologies)].iterrows()]
    cells = joint[["share", "lower", "upper", "method", "homes"]].assign(reached_by=pd.array(words, dtype="str"))
    whole = {"reached_by": TOTAL, "homes": int(cells["homes"].sum())}
    done = disclose(
        pd.concat([cells, pd.DataFrame([whole])], ignore_index=True), dims=["reached_by"], count="homes",
        shares=["share"], values=["share", "lower", "upper", "method", "homes"], rounded=["homes"],
        coarse=["share", "lower", "upper"],
    )  # fmt: skip
    table = done.table[done.table["reached_by"].ne(TOTAL)]
    table = table[
        ["reached_by", "share", "lower", "upper", "method", "homes", *(["status"] if "status" in table else [])]
    ]
    shown = table[~is_hidden(table)]
    every = shown[shown["reached_by"].eq(words[0])]
    return Finding(
        mark(table, synthetic=reach.synthetic),
        "joint_success",
        f"All {len(names)} reach {percent(every['share'].iloc[0], 0)} of homes"
        if len(every)
        else "Too few homes to show what reaches all",
        f"Share of GB homes reached by each combination of {listed(names.values())}, with 95% interval; "
        "homes answering for all",
        "A dot with its interval for each combination: "
        + "; ".join(f"{row.reached_by.lower()} {percent(row.share)}" for row in shown.itertuples())
        + "."
        + say_hidden(table, "reached_by"),
        reach_source(reach),
        n=f"About {count(nearest(joint['homes'].sum()))} homes measured with all of them; about "
        f"{count(nearest(joint.attrs['undetermined']))} that answered were not, and the others of their stratum stand "
        "for them.",
        method=say_method(joint["method"]),
        notes=(done.note,),
        disclosure=done.record,
        headings={
            "reached_by": "Reached by",
            "share": "Share",
            "lower": "Lower",
            "upper": "Upper",
            "method": "Interval",
            "homes": "Homes of the sample",
        },
        formats=dict.fromkeys(("share", "lower", "upper"), ".1%"),
    )


def _say_pattern(reached: pd.Series, names: dict[str, str]) -> str:
    """Return a combination in words."""
    by = [name for code, name in names.items() if reached[code]]
    if len(by) == len(names):
        return "All of these" if len(names) > 1 else by[0]
    return f"{listed(by)} only" if by else "None of these"
