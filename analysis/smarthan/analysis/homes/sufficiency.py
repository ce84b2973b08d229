"""Is the evidence sufficient, or is a further trial needed, and on which buildings?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.analysis.survey.estimates import Estimate

from .home_reach import Reach

if TYPE_CHECKING:
    from smarthan.analysis.registers.register import Register

# Assumed: beyond this many times the present sample a further trial is not called feasible.
MOST_TIMES_LARGER = 5


def evidence_sufficiency(
    reach: Reach,
    criterion: float | Mapping[str, float] = 0.95,
    *,
    level: float = 0.95,
    register: Register | None = None,
) -> pd.DataFrame:
    """Return, for each technology and building type, whether the evidence shows that a criterion is met or missed.

    Parameters
    ----------
    reach : Reach
        From `reach`.
    criterion : float or mapping of technology to float
        Share of premises to be reached [above 0, at most 1].
    level : float
        Confidence level.
    register : Register, optional
        The programme's register: its live entries stand beside the building types and technologies they are linked to.
        They lower no verdict.

    Returns
    -------
    DataFrame
        technology, archetype, meter_class, criterion, estimate, lower, upper, method, verdict {pass, fail,
        insufficient_evidence}, buildings_needed (further buildings; 0 where the verdict stands, missing where `note`
        says that no number is feasible), n_psu, note; with a register also open_entries (their ids, joined by '; ').

    Raises
    ------
    ValueError
        A criterion outside its range, or a mapping without one of the technologies.

    Notes
    -----
    pass: lower limit >= criterion; fail: upper limit < criterion; otherwise the evidence is insufficient. Buildings
    needed: the smallest number whose interval, by the same method and with share and design effect kept, would no
    longer hold the criterion; "no feasible n" above five times the present number. It assumes that the estimate is
    right: a share close to its criterion needs many.

    References
    ----------
    DECC, SDAG meeting slides, December 2012: a Phase 2 trial "may be required if there is insufficient information to
    identify candidate solutions".

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> from smarthan.analysis import housing_stock, reach
    >>> verdicts = evidence_sufficiency(reach(sample_trial(), housing_stock(), ["zigbee_2g4"]), 0.95)
    >>> verdicts.query("archetype == 'ALL'")["verdict"].tolist()
    ['fail']
    """
    criteria = _check_criteria(reach, criterion)
    rows = [_judge(key, estimate, criteria[key[0]], level) for key, estimate in reach.estimates.items()]
    answer = pd.DataFrame(rows).astype({"buildings_needed": "Int64"})
    if register is not None:
        answer = answer.assign(open_entries=_open_entries(answer, register))
    answer.attrs["synthetic"] = reach.synthetic
    return answer


def _open_entries(answer: pd.DataFrame, register: Register) -> list[str]:
    types, technologies = register.open_on("building_type"), register.open_on("technology")
    return [
        "; ".join(dict.fromkeys((*types.get(archetype, ()), *technologies.get(technology, ()))))
        for archetype, technology in zip(answer["archetype"], answer["technology"], strict=True)
    ]


def _check_criteria(reach: Reach, criterion: float | Mapping[str, float]) -> dict[str, float]:
    given = criterion if isinstance(criterion, Mapping) else dict.fromkeys(reach.technologies, criterion)
    absent = [name for name in reach.technologies if name not in given]
    if absent:
        raise ValueError(f"criterion: none for {', '.join(absent)}; give one for each technology")
    for name, share in given.items():
        if not 0 < share <= 1:
            raise ValueError(f"criterion of {name} is {share:g}; give a share above 0 and at most 1, such as 0.95")
    return {name: float(share) for name, share in given.items()}


def _judge(key: tuple[str, str, str], estimate: Estimate, criterion: float, level: float) -> dict[str, object]:
    lower, upper = estimate.interval(level)
    verdict = "pass" if lower >= criterion else "fail" if upper < criterion else "insufficient_evidence"
    needed, note = (0, "") if verdict != "insufficient_evidence" else count_needed(estimate, criterion, level)
    return {
        **dict(zip(("technology", "archetype", "meter_class"), key, strict=True)),
        "criterion": criterion,
        "estimate": estimate.value,
        "lower": lower,
        "upper": upper,
        "method": "none" if np.isnan(lower) else estimate.method,
        "verdict": verdict,
        "buildings_needed": needed,
        "n_psu": estimate.n_psu,
        "note": note,
    }


def count_needed(estimate: Estimate, criterion: float, level: float = 0.95) -> tuple[int | None, str]:
    """Return how many further buildings would settle a criterion, or None with the reason.

    Parameters
    ----------
    estimate : Estimate
        A proportion whose interval holds the criterion.
    criterion : float
        The share asked for.
    level : float
        Confidence level.

    Returns
    -------
    int or None, str
        Further buildings and an empty note, or None and why no number is given.

    Examples
    --------
    >>> share = Estimate(0.9, 0.04, 39, 1.0, "linear", 40, 40, 40.0, kind="proportion")
    >>> count_needed(share, 0.95)
    (61, '')
    """
    if np.isnan(estimate.interval(level)[0]):
        return None, estimate.note or "no interval can be had from this sample"
    if estimate.value == criterion:
        return None, "no feasible n: the estimate equals the criterion"
    most = MOST_TIMES_LARGER * estimate.n_psu
    if not _settles(estimate, most, criterion, level):
        return None, f"no feasible n: more than {MOST_TIMES_LARGER} times the present {estimate.n_psu} buildings"
    low, high = estimate.n_psu, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _settles(estimate, middle, criterion, level) else (middle, high)
    return high - estimate.n_psu, ""


def _settles(estimate: Estimate, n_psu: int, criterion: float, level: float) -> bool:
    lower, upper = estimate.resized(n_psu).interval(level)
    return lower >= criterion or upper < criterion
