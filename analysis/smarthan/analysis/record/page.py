"""The record as one self-contained HTML page: sections in the order in which people ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from .compared import comparison_section
from .conditions import list_conditions
from .differing import dissent_section
from .drawn import simulation_section
from .frozen import Frozen
from .judged import evidence_section, scores_section
from .learning import information_section
from .markup import Block, Table, Text
from .open_entries import open_section
from .origin import origin_section, problems_section
from .results import Results
from .statement import Section, answer_section, conditions_section, options_section, summary_section
from .summary import summarise
from .weighed import totals_section, weights_section
from .words import STATUSES, day

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal

TEMPLATES = Path(__file__).parent / "templates"


def render_record(appraisal: Appraisal, results: Results, frozen: Frozen) -> str:
    """Return the page.

    Parameters
    ----------
    appraisal : Appraisal
    results : Results
        What was given; each part that is empty is said to be absent.
    frozen : Frozen
        The frozen part, with the changes known.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, keep_trailing_newline=True, trim_blocks=True
    )
    return environment.get_template("audit.html.j2").render(
        title=appraisal.title,
        id=appraisal.id,
        status=appraisal.status,
        status_words=STATUSES[appraisal.status],
        as_of=day(appraisal.as_of),
        synthetic=appraisal.synthetic,
        changed=len(frozen.history),
        key=frozen.sha256[:12],
        css=(TEMPLATES / "audit.css").read_text(encoding="utf-8"),
        sections=_number_tables(list_sections(appraisal, results, frozen)),
    )


def list_sections(appraisal: Appraisal, results: Results, frozen: Frozen) -> list[Section]:
    """Return the sections of the page: the answer first, the files last."""
    return [
        answer_section(appraisal, results),
        *_weighed_summaries(appraisal, results),
        dissent_section(appraisal, results),
        information_section(appraisal, results),
        comparison_section(appraisal, results),
        open_section(appraisal, results),
        options_section(appraisal),
        weights_section(appraisal),
        totals_section(appraisal, results),
        simulation_section(appraisal, results),
        scores_section(appraisal),
        evidence_section(appraisal),
        problems_section(appraisal),
        origin_section(appraisal, results, frozen),
    ]


def _number_tables(sections: Sequence[Section]) -> list[Section]:
    """Number the tables in the order of the page, so that each can be spoken of, and no two have the same name."""
    numbers = count(1)

    def give(block: Block) -> Block:
        return replace(block, number=next(numbers)) if isinstance(block, Table) else block

    return [replace(section, blocks=tuple(map(give, section.blocks))) for section in sections]


def _weighed_summaries(appraisal: Appraisal, results: Results) -> list[Section]:
    """Return the sections that need one set of single weights."""
    if not any(each.weights for each in appraisal.weight_sets):
        words = "No set states single weights, only intervals, so there are no totals to summarise or to change."
        return [Section("summary", "Appraisal summary table", (Text(words, "absent"),))]
    return [
        summary_section(summarise(appraisal, results)),
        conditions_section(list_conditions(appraisal, results), appraisal),
    ]
