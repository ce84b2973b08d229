"""Reading an appraisal from its folder or workbook: everything wrong with it told at once, or the whole of it."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from .draft import AppraisalDraft
from .evidence import check_evidence, read_evidence
from .folder import read_folder
from .gates import Gates, tabulate_gates
from .model import Appraisal
from .parts import Agreement, Evidence, Judgement, WeightSet
from .problems import AppraisalError
from .score_rows import group_judgements, read_scores
from .structure import Structure, build_structure
from .weight_rows import read_weights
from .workbook import read_workbook

# An old .xls or an .ods is refused with what to do, as is whatever else stands under these names.
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")


def read_appraisal(path: str | PathLike[str]) -> Appraisal:
    """Read an appraisal from its folder, or from a workbook with the same tables as sheets.

    Parameters
    ----------
    path : path
        A folder with `appraisal.toml`, `scores.csv`, `weights.csv` and `evidence.csv`, or an .xlsx workbook with the
        sheets `appraisal`, `options`, `criteria`, `scores`, `weights`, `evidence` and, where needed, `gates`, `scales`
        and `trials`.

    Returns
    -------
    Appraisal
        Its `problems()` holds the warnings.

    Raises
    ------
    AppraisalError
        When anything makes it unusable: every error of every file, with file, line (of a workbook, the cell), option
        and criterion; the same as a table in its `problems`.

    Notes
    -----
    Both forms give the same appraisal and the same problems. A workbook is read as it stands: a formula counts by its
    last value in a column of numbers, with a warning, and is refused elsewhere.

    Examples
    --------
    >>> import tempfile
    >>> from smarthan.analysis import write_demonstration_appraisal
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     appraisal = read_appraisal(write_demonstration_appraisal(folder))
    >>> len(appraisal.options), len(appraisal.criteria), appraisal.synthetic
    (12, 16, True)
    """
    draft = open_draft(path)
    if draft.values:
        appraisal = _judge(draft)
        if appraisal is not None:
            return appraisal
    raise AppraisalError(path, draft.problems)


def open_draft(path: str | PathLike[str]) -> AppraisalDraft:
    """Return an appraisal as text, from a folder or a workbook; nothing in it is judged beyond its keys."""
    given = Path(path)
    is_book = given.suffix.casefold() in WORKBOOKS and not given.is_dir()
    return read_workbook(given) if is_book else read_folder(given)


def _judge(draft: AppraisalDraft) -> Appraisal | None:
    """Return the appraisal, or None where an error was noted: of all parts that could be read, all errors."""
    structure = build_structure(draft)
    judgements = read_scores(draft, structure) if "scores" in draft.tables else []
    sets = read_weights(draft, structure) if "weights" in draft.tables else []
    evidence = read_evidence(draft) if "evidence" in draft.tables else []
    if "evidence" in draft.tables:
        check_evidence(draft, structure, judgements, evidence, sets)
    if draft.has_errors:
        return None
    return _assemble(draft, structure, judgements, sets, evidence)


def _assemble(
    draft: AppraisalDraft,
    structure: Structure,
    judgements: list[Judgement],
    sets: list[WeightSet],
    evidence: list[Evidence],
) -> Appraisal:
    values = draft.values
    table = tabulate_gates(structure.options, structure.gates, group_judgements(judgements))
    names = ("id", "title", "status", "synthetic", "decision", "baseline", "as_of", "max_regret", "max_shortlist")
    table.attrs.update({"synthetic": values["synthetic"], "appraisal": values["id"], "title": values["title"]})
    return Appraisal(
        **{name: values[name] for name in names if name in values},
        options=structure.options,
        criteria=structure.criteria,
        gates=Gates.of(structure.gates, table),
        trials=structure.trials,
        judgements=tuple(judgements),
        weight_sets=tuple(sets),
        evidence=tuple(evidence),
        money=structure.money,
        spread=structure.spread,
        noted=tuple(draft.problems),
        agreed=Agreement(**values["agreed"]) if any(values.get("agreed", {}).values()) else None,
        sources=tuple(draft.files),
    )
