"""The form that a technology provider fills in, made from an appraisal's options and criteria."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from smarthan.analysis.appraisal.book_writing import Check, SheetPlan, list_check, number_check, write_book

from .declared import ABOUT, CLAIMS, CONTACT, DOCUMENTS, FORMAT, PROVIDER, TECHNOLOGY, TOPICS

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.appraisal.parts import Criterion, Option

GATE_WORDS = ("yes", "no")
_HOW = (
    "Fill in the sheets provider, contact, technology, claims and documents, and send the workbook back with the"
    " documents. Names of sheets and columns, and grey columns, stay as they are.",
    "Answer for the options that you offer; leave the rows of the others empty. An empty row says that you do not"
    " answer it; it is listed as not answered and counts neither for nor against the option.",
    "Claims: write figures in the unit of the row, within its range, or one of its words. Where you have counts from a"
    " test, give n and k instead. Give the least and the greatest figure where you can: a claim that states its doubt"
    " is worth more than one that does not.",
    "Name the document that shows each claim by its id on the sheet documents. Each claim is reviewed: it is accepted,"
    " disputed or rejected, with a reason, and only accepted ones are counted.",
    "Names, e-mail addresses and telephone numbers belong on the sheet contact alone. That sheet is kept apart. If the"
    " provider is one person, leave organisation empty.",
    "Write numbers without units and with a full stop, days as 2026-01-31. Do not merge cells, add titles or sums, or"
    " write formulas.",
)


def write_request(
    path: str | PathLike[str], appraisal: Appraisal, *, options: Sequence[str] | None = None, replace: bool = False
) -> Path:
    """Write the request to technology providers: the workbook that each of them fills in and sends back.

    Parameters
    ----------
    path : path
        An `.xlsx` file; its folder must exist.
    appraisal : Appraisal
        Its options are asked about, on its criteria, with their units, agreed ranges and words, and on its must-haves.
    options : sequence of str, optional
        The options to ask about; all when not given.
    replace : bool
        Whether a file of that name may be written over.

    Returns
    -------
    Path
        The path written.

    Raises
    ------
    ValueError
        When the name does not end in .xlsx, or an option is not one of the appraisal.
    FileExistsError
        When the file is there and `replace` is False.
    OSError
        When it cannot be written.

    Notes
    -----
    Sheets: guide, about (what the form belongs to), provider, contact (personal: `read_request` never opens it),
    technology (architecture, protocols, hardware, spectrum and cost, in words), claims (one row an option and
    criterion) and documents. Words come as drop-downs, numbers with their agreed range, a message beside every cell;
    nothing is hidden. The same appraisal gives the same bytes.

    Examples
    --------
    >>> import tempfile
    >>> from smarthan.analysis import sample_appraisal
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_request(Path(folder) / "form.xlsx", sample_appraisal(), options=["nbplc"]).name
    'form.xlsx'
    """
    known = {option.id: option for option in appraisal.options}
    unknown = [name for name in options or () if name not in known]
    if unknown:
        raise ValueError(f"options: {', '.join(unknown)} is not an option; known: {', '.join(known)}")
    asked = [option for name, option in known.items() if options is None or name in options]
    plans = [
        SheetPlan(ABOUT, list(_about(appraisal)), fixed=frozenset(("key", "value")), spare=0),
        SheetPlan(PROVIDER, [], spare=1),
        SheetPlan(CONTACT, [], spare=5),
        _technology_plan(asked),
        _claims_plan(appraisal, asked),
        SheetPlan(DOCUMENTS, [], spare=100),
    ]
    title = f"Request to technology providers: {appraisal.title}"
    return write_book(Path(path), title, _guide(appraisal, title, asked), plans, replace=replace)


def _about(appraisal: Appraisal) -> Iterator[dict[str, object]]:
    stated: dict[str, object] = {
        "format": FORMAT,
        "appraisal": appraisal.id,
        "title": appraisal.title,
        "as_of": str(appraisal.as_of),
    }
    stated["synthetic"] = "yes" if appraisal.synthetic else "no"
    for key, value in stated.items():
        yield {"key": key, "value": value}


def _technology_plan(options: Sequence[Option]) -> SheetPlan:
    rows = [
        {"option": option.id, "topic": topic, "question": question}
        for option in options
        for topic, question in TOPICS.items()
    ]
    checks = {"document": list_check("=documents!$A$2:$A$101")}
    return SheetPlan(TECHNOLOGY, rows, checks=checks, fixed=frozenset(("option", "topic", "question")), spare=0)


def _claims_plan(appraisal: Appraisal, options: Sequence[Option]) -> SheetPlan:
    asked = [*(ask_gate(gate.label) | {"criterion": gate.id} for gate in appraisal.gates)]
    asked += [ask_criterion(criterion) | {"criterion": criterion.id} for criterion in appraisal.criteria]
    rows = [{"option": option.id, **each} for option in options for each in asked]
    words: dict[str, Sequence[str]] = {gate.id: GATE_WORDS for gate in appraisal.gates}
    words |= {c.id: [level.id for level in c.levels] for c in appraisal.criteria if c.levels}
    ranges = {c.id: number_check(c.low, c.high) for c in appraisal.criteria if not c.levels}
    cell_checks: dict[tuple[int, str], Check] = {}
    for at, row in enumerate(rows):
        if row["criterion"] in words:
            cell_checks[at, "level"] = list_check(words[row["criterion"]])
        else:
            cell_checks[at, "best"] = ranges[row["criterion"]]
    fixed = frozenset(("option", "criterion", "asks", "unit", "allowed"))
    checks = {"document": list_check("=documents!$A$2:$A$101")}
    return SheetPlan(CLAIMS, rows, checks=checks, cell_checks=cell_checks, fixed=fixed, spare=0)


def ask_gate(label: str) -> dict[str, str]:
    """Return how a must-have is asked: label, unit, what is allowed."""
    return {"asks": f"Must-have: {label}", "unit": "word", "allowed": " or ".join(GATE_WORDS)}


def ask_criterion(criterion: Criterion) -> dict[str, str]:
    """Return how a criterion is asked: label, unit, what is allowed.

    Examples
    --------
    >>> from smarthan.analysis import sample_appraisal
    >>> ask_criterion(sample_appraisal().criteria[4])["allowed"]
    '0 to 120, less is better'
    """
    if criterion.levels:
        words = "; ".join(f"{x.id} ({x.means})" if x.means else x.id for x in criterion.levels)
        return {"asks": criterion.label, "unit": "word", "allowed": words}
    better = "more" if criterion.better == "high" else "less"
    span = f"{criterion.low:g} to {criterion.high:g}, {better} is better"
    return {"asks": criterion.label, "unit": criterion.unit or "number", "allowed": span}


def _guide(appraisal: Appraisal, title: str, options: Sequence[Option]) -> Iterator[tuple[str, str]]:
    yield "title", title
    if appraisal.synthetic:
        yield "heading", "SYNTHETIC: this request was made from invented data. Nobody is asked to answer it."
    yield "words", f"What is to be decided: {appraisal.decision}"
    yield "words", f"As of {appraisal.as_of}."
    yield "heading", "How to answer"
    yield from (("words", line) for line in _HOW)
    yield "heading", "The options asked about"
    yield from (("words", f"{option.id}: {option.label}") for option in options)
    yield "heading", "The sheets"
    for table in (PROVIDER, CONTACT, TECHNOLOGY, CLAIMS, DOCUMENTS):
        yield "words", f"{table.name}: {table.about}"
