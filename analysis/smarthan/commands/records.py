"""`smarthan appraisal audit`: the page on which each number of an appraisal can be checked."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from smarthan.commands.outcome import Outcome
from smarthan.files import sha256_of

if TYPE_CHECKING:
    from smarthan.analysis import Appraisal


def audit_appraisal(path: Path, out: Path, *, draws: int, seed: int, since: Path | None = None) -> Outcome:
    """Score, simulate and decide on an appraisal, and write the record of it.

    Parameters
    ----------
    path : Path
        The appraisal: its folder, or one workbook.
    out : Path
        The page to write; an earlier record of it there is held against this one.
    draws, seed : int
        Of the simulation.
    since : Path, optional
        An earlier record elsewhere.

    Returns
    -------
    Outcome
        What was changed after it was agreed stands in the notes, and in the document's `changes`.

    Raises
    ------
    AppraisalError
        When the appraisal is unusable: every problem, with file and line.
    ValueError
        When the file at `out` is no record of an appraisal.
    """
    from smarthan.analysis import read_appraisal
    from smarthan.analysis.record.frozen import read_frozen

    appraisal = read_appraisal(path)
    results, notes = _work_out(appraisal, draws, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # the changes are told as notes below
        page = appraisal.audit(out, *results, since=since)
    frozen = read_frozen(page)
    changes = [change for _, told in frozen.history for change in told]
    notes += tuple(f"changed after it was agreed: {change}" for change in changes)
    document = {
        "appraisal": appraisal.id,
        "status": appraisal.status,
        "synthetic": appraisal.synthetic,
        "page": str(page),
        "sha256": sha256_of(page),
        "frozen_sha256": frozen.sha256,
        "agreed": frozen.is_agreed,
        "changes": changes,
        "draws": draws,
        "seed": seed,
    }
    word = " SYNTHETIC" if appraisal.synthetic else ""
    text = f"{page}: the{word} record of {appraisal.id} [{appraisal.status}], {page.stat().st_size:,} bytes"
    return Outcome(f"{text}\nWeights and ranges: sha256 {frozen.sha256}", document, notes)


def _work_out(appraisal: Appraisal, draws: int, seed: int) -> tuple[list[object], tuple[str, ...]]:
    """Return every result a record can show, and a note for each that cannot be had here."""
    from smarthan.analysis import cross_check

    stated = [each.assessor for each in appraisal.weight_sets if each.weights is not None]
    if not stated:
        return [], ("every set of weights states intervals only: the record holds no score, simulation or decision",)
    simulation = appraisal.simulate(draws, seed=seed)
    information = simulation.value_of_information()
    results: list[object] = [*map(appraisal.score, stated), simulation, information]
    if appraisal.max_regret is None or appraisal.max_shortlist is None:
        return results, ("the appraisal states no max_regret or max_shortlist: the record holds no decision",)
    decision = information.decide()
    results.append(decision)
    try:
        results.append(cross_check(appraisal, decision.shortlist))
    except (ImportError, ValueError) as error:
        return results, (f"without a cross-check: {error}",)
    return results, ()
