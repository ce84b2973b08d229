"""Would another method change the shortlist? Shown as agreement, never as the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smarthan.analysis.scoring.other_methods import CrossCheck

from .markup import Block, Table, Text
from .results import Results
from .statement import Section, absent
from .words import labels_of

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal


def comparison_section(appraisal: Appraisal, results: Results) -> Section:
    """Return the cross-checks given."""
    blocks: list[Block] = []
    if not results.cross_checks:
        blocks.append(absent("A cross-check by other methods", "cross_check(appraisal, decision.shortlist)"))
    for place, check in enumerate(results.cross_checks, 1):
        blocks += _describe(check, labels_of(appraisal), place)
    return Section("methods", "Would another method change the shortlist?", tuple(blocks))


def _describe(check: CrossCheck, labels: dict[str, str], place: int) -> list[Block]:
    table = check.table
    shown = table.assign(
        weight_set=table["weight_set"].str.replace("_", " "),
        leader=table["leader"].map(labels),
        shortlist=[", ".join(labels[name] for name in text.split(", ")) for text in table["shortlist"]],
    )
    headings = {
        "method": "Method",
        "weight_set": "Weights of",
        "leader": "Its leader",
        "same_leader": "Same leader",
        "on_shortlist": "Its leader is on the shortlist",
        "rank_correlation": "Rank correlation",
        "shortlist": f"Its first {check.first}",
        "same_shortlist": f"Same first {check.first}",
        "difference": "Library against our own",
    }
    formats = {"rank_correlation": ".2f", "difference": ".0e"}
    caption = "Agreement of other methods with the additive model, on the same points and weights"
    words = (
        "TOPSIS and PROMETHEE II depend on which options are listed, and PROMETHEE II counts only that an option is "
        "better, "
        "not by how much; the additive model on agreed ranges does neither."
    )
    return [
        Text(check.in_words()),
        Text(words),
        Table(f"methods-{place}", shown, caption, headings, formats, missing="no shortlist given"),
    ]
