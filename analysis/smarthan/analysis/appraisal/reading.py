"""Reading an appraisal from its folder: everything wrong with it told at once, or the whole of it."""

from __future__ import annotations

from os import PathLike

from .evidence import check_evidence, read_evidence
from .files import TOML_NAME, AppraisalDraft, read_folder
from .gates import Gates, tabulate_gates
from .keys import TABLES
from .model import Appraisal
from .parts import Agreement, Evidence, Judgement, WeightSet
from .problems import AppraisalError, AppraisalProblem
from .score_rows import group_judgements, read_scores
from .sources import list_sources
from .structure import Structure, build_structure
from .weight_rows import read_weights


def read_appraisal(path: str | PathLike[str]) -> Appraisal:
    """Read an appraisal from its folder.

    Parameters
    ----------
    path : path
        A folder with `appraisal.toml`, `scores.csv`, `weights.csv` and `evidence.csv`.

    Returns
    -------
    Appraisal
        Its `problems()` holds the warnings.

    Raises
    ------
    AppraisalError
        When anything makes it unusable: every error of every file, with file, line, option and criterion; the same
        as a table in its `problems`.

    Examples
    --------
    >>> import tempfile
    >>> from smarthan.analysis import write_demonstration_appraisal
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     appraisal = read_appraisal(write_demonstration_appraisal(folder))
    >>> len(appraisal.options), len(appraisal.criteria), appraisal.synthetic
    (12, 16, True)
    """
    draft = read_folder(path)
    if draft.toml is None or len(draft.tables) < len(TABLES) or any(map(_breaks_structure, draft.problems)):
        raise AppraisalError(path, draft.problems)
    structure = build_structure(draft)
    judgements, sets, evidence = read_scores(draft, structure), read_weights(draft, structure), read_evidence(draft)
    if not sets and not draft.has_errors:
        draft.error("file_empty", "weights.csv", "states no weights. Add one set at least")
    check_evidence(draft, structure, judgements, evidence, sets)
    if draft.has_errors:
        raise AppraisalError(path, draft.problems)
    return _assemble(draft, structure, judgements, sets, evidence)


def _breaks_structure(problem: AppraisalProblem) -> bool:
    # A key nobody knows does no harm to the rest; a key missing or of another type would.
    return problem.file == TOML_NAME and problem.code != "key_unknown"


def _assemble(
    draft: AppraisalDraft,
    structure: Structure,
    judgements: list[Judgement],
    sets: list[WeightSet],
    evidence: list[Evidence],
) -> Appraisal:
    values = draft.toml.values if draft.toml else {}
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
        agreed=Agreement(**values["agreed"]) if "agreed" in values else None,
        sources=list_sources(draft),
    )
