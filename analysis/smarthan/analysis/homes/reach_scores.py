"""Measured reach as rows of an appraisal: what was counted, how sure it is, and where it comes from."""

from __future__ import annotations

import hashlib
import html
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from smarthan.analysis.appraisal.keys import CONFIDENCES, EVIDENCE_COLUMNS, SCORE_COLUMNS
from smarthan.analysis.survey.estimates import Estimate
from smarthan.analysis.survey.presentation import presentation_flags

from .any_technology import estimate_any
from .link_outcomes import TrialTables

if TYPE_CHECKING:
    from smarthan.analysis.appraisal.model import Appraisal
    from smarthan.analysis.appraisal.parts import Option

    from .home_reach import Reach


@dataclass(frozen=True)
class ReachScores:
    """Measured reach, ready for the files of an appraisal.

    Attributes
    ----------
    scores : DataFrame
        The columns of `scores.csv`, all text: one row an option and criterion, with effective counts.
    evidence : DataFrame
        The columns of `evidence.csv`, all text: one row, the trial.
    notes : tuple of str
        Options that got no row, and why.
    synthetic : bool
        Whether trial or stock is synthetic; an appraisal that takes these rows up must say so too.
    """

    scores: pd.DataFrame
    evidence: pd.DataFrame
    notes: tuple[str, ...]
    synthetic: bool

    def _repr_html_(self) -> str:
        mark = " (synthetic data)" if self.synthetic else ""
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        return (
            f"<p><strong>Measured reach{mark}</strong></p>{self.scores.to_html(index=False, border=0)}<ul>{notes}</ul>"
        )


def score_reach(
    reach: Reach,
    options: Appraisal | Iterable[Option],
    criteria: Mapping[str, Sequence[str] | None],
    *,
    evidence: str = "reach",
    assessor: str = "trial",
    owner: str = "trial operator",
    quality: str = "high",
    level: float = 0.95,
) -> ReachScores:
    """Return the rows of `Reach.to_scores`.

    Raises
    ------
    ValueError
        No criterion, one that the appraisal does not have or that is no share, a building type without a sampled home,
        or a quality that an appraisal does not know.
    """
    if quality not in CONFIDENCES:
        raise ValueError(f"quality '{quality}' is not one of {', '.join(CONFIDENCES)}")
    if not criteria:
        raise ValueError(
            "criteria: none was given; name each with its building types, such as {'reach_flat': ['flat_low']}"
        )
    _check_criteria(options, list(criteria))
    rows, notes = [], []
    # An appraisal, or its options alone: told apart without loading the appraisal room.
    listed: Any = options
    for option in getattr(listed, "options", listed):
        absent = [name for name in option.trial if name not in reach.technologies]
        if absent or not option.trial:
            why = f"the reach holds no {', '.join(absent)}" if absent else "it names no trial technology"
            notes.append(f"{option.id}: no row, {why}.")
            continue
        for criterion, types in criteria.items():
            found = estimate_any(reach, option.trial, types)
            told = {"option": option.id, "criterion": criterion, "assessor": assessor, "evidence": evidence}
            rows.append(told | _score(found, level, "reached by any of " + ", ".join(option.trial)))
    register = [_evidence(reach, evidence, owner, quality)]
    frames = [
        pd.DataFrame(rows, columns=list(SCORE_COLUMNS), dtype="str").fillna(""),
        pd.DataFrame(register, columns=list(EVIDENCE_COLUMNS), dtype="str").fillna(""),
    ]
    for frame in frames:
        frame.attrs["synthetic"] = reach.synthetic
    return ReachScores(frames[0], frames[1], tuple(notes), reach.synthetic)


def _check_criteria(options: Any, names: list[str]) -> None:
    """Refuse criteria that the appraisal, where one is given, does not have, or measures in something else."""
    known = {criterion.id: criterion for criterion in getattr(options, "criteria", ())}
    for name in names if known else ():
        if name not in known:
            raise ValueError(f"criteria: '{name}' is no criterion of {options.id}; known: {', '.join(known)}")
        if known[name].levels or known[name].low < 0 or known[name].high > 1:
            raise ValueError(f"criteria: '{name}' is no share from 0 to 1, and reach is one; name another")


def _score(found: Estimate, level: float, what: str) -> dict[str, str]:
    """Return a share as effective counts; an empty score, which is one stated as missing, where there are none."""
    low, high = found.interval(level)
    if math.isnan(low) or found.n_eff < 1:
        why = found.note or "no interval can be had from this sample"
        return {"confidence": "low", "note": f"not scored: {what}: {why}"}
    n = math.floor(found.n_eff)
    flags = presentation_flags(found, level)
    hidden = any(flag.startswith("hide") for flag in flags)
    told = f"; {', '.join(flags)}" if flags else ""
    return {
        "dist": "beta",
        "n": str(n),
        "k": str(round(n * found.value)),
        "confidence": "low" if hidden else "medium" if flags else "high",
        "note": f"{what}: {found.value:.1%} ({low:.1%} to {high:.1%} at {level:.0%}, {found.method}) of {found.n} "
        f"homes in {found.n_psu} buildings; n and k are effective counts{told}",
    }


def _evidence(reach: Reach, name: str, owner: str, quality: str) -> dict[str, str]:
    sources = reach.sources
    made = " (synthetic)" if reach.synthetic else ""
    stock = f", weighted to the housing stock of {sources['stock_year']}" if sources.get("stock_year") else ""
    digest = sources.get("trial_sha256", "not known")
    return {
        "id": name,
        "title": f"Reach measured in the building trial{stock}{made}",
        "kind": "measurement",
        "date": sources.get("trial_date", ""),
        "where": f"trial tables#sha256={digest}",
        "quality": quality,
        "owner": owner,
    }


def describe_sources(trial: TrialTables, stock: pd.DataFrame) -> dict[str, str]:
    """Return what a reach was made from: trial_sha256, trial_date (its last visit), stock_year, stock_source.

    Parameters
    ----------
    trial : Trial
        Its ledger holds the hash of each file; one made in memory has none.
    stock : DataFrame

    Returns
    -------
    dict of str
        Only what is known. The hash is that of the lines "file sha256" in order of the files.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> describe_sources(SimpleNamespace(tables={}, synthetic=True), pd.DataFrame({"year": [2011]}))
    {'stock_year': '2011'}
    """
    known: dict[str, str] = {}
    ledger = getattr(trial, "ledger", None)
    if ledger is not None and len(ledger) and ledger["sha256"].notna().all():
        lines = sorted(f"{file} {digest}\n" for file, digest in zip(ledger["file"], ledger["sha256"], strict=True))
        known["trial_sha256"] = hashlib.sha256("".join(lines).encode()).hexdigest()
    visits = trial.tables.get("visits")
    if visits is not None and "date" in visits and visits["date"].notna().any():
        known["trial_date"] = f"{visits['date'].max():%Y-%m-%d}"
    for name in ("year", "source"):
        if name in stock and stock[name].notna().any():
            known[f"stock_{name}"] = ", ".join(str(word) for word in sorted(stock[name].dropna().unique()))
    return known
