"""What the first sheet of an appraisal's workbook says, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from .sheets import OPTIONAL_SHEETS, PAIR_ABOUT, SHEETS

_HOW = (
    "Each sheet holds one table: one row a thing, one column a fact. Names of sheets and of columns stay as they are;"
    " columns may stand in any order. This sheet is not read.",
    "A column whose name is bold on a shade is required. Choose a cell to read what belongs there; many offer a list.",
    "Ids are short names of yours: a to z, 0 to 9 and _. They tie the sheets together: a score names an option, a"
    " criterion and a piece of evidence by their ids.",
    "Write numbers without units and with a full stop, days as 2013-06-30. Do not merge cells, add titles above the"
    " first row, put sums below the last one, or hide anything. Paste values, not formulas.",
)
_ORDER = (
    "1. appraisal: what is to be decided, the day, the baseline; status draft until ranges and weights are agreed.",
    "2. options: every candidate, and what is done otherwise (the baseline), which must pass every gate.",
    "3. criteria: what matters, with the range that any candidate could take, agreed before anybody is scored, and what"
    " the ends are worth. A criterion without numbers names a scale of words instead; its words stand on scales.",
    "4. gates: must-haves. A failed gate is never made up for by points.",
    "5. weights: for each assessor, how much the swing from the worst to the best end of each range matters. The"
    " largest swing has 100 points.",
    "6. evidence: the documents and measurements. 7. scores: one judgement a row. State low and high where you can.",
    "A row of scores with neither word, number nor counts says on purpose that nothing is known: it counts as the"
    " whole range. A row that is not there is an error.",
)


def say_guide(title: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of the guide, each as the name of its format and its words.

    Examples
    --------
    >>> next(say_guide("Candidates"))
    ('title', 'Candidates')
    """
    yield "title", title
    yield "words", "An appraisal of candidates against agreed criteria, as one workbook. To check it: smarthan check"
    yield "words", "appraisal FILE.xlsx; to score it: smarthan score FILE.xlsx."
    yield "heading", "How to fill it in"
    yield from (("words", line) for line in _HOW)
    yield "heading", "In which order"
    yield from (("words", line) for line in _ORDER)
    yield "heading", "The sheets"
    for table in SHEETS.values():
        empty = " This sheet may be left out." if table.name in OPTIONAL_SHEETS else ""
        yield "words", f"{table.name}: {table.about}{empty}"
    yield "heading", "Keys of the sheet appraisal"
    yield from (("words", f"{name}: {about}") for name, about in PAIR_ABOUT.items())
