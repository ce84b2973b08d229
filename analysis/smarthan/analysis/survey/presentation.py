"""When a share may be shown: the published rules for proportions from surveys."""

from __future__ import annotations

import math

from .estimates import Estimate


def presentation_flags(estimate: Estimate, level: float = 0.95) -> list[str]:
    """Return what a reader must know before using a share, none if nothing.

    Parameters
    ----------
    estimate : Estimate
        A proportion.
    level : float
        Confidence level of its interval.

    Returns
    -------
    list of str
        hide_* : not to be shown (no interval, effective size below 30, interval too wide, or too wide for the share);
        note_complement : the other share is unreliable; review_* : a person must look (few degrees of freedom; all or
        none).

    Notes
    -----
    Hide if n_eff < 30; show if the width is at most .05; hide if it is .30 or more; else hide if width/p > 1.30; note
    if width/(1 - p) > 1.30; review if df < 8 or p is 0 or 1.

    References
    ----------
    Parker et al. (2017), National Center for Health Statistics, *Vital and Health Statistics* series 2, no. 175.

    Examples
    --------
    >>> presentation_flags(Estimate(0.9, 0.02, 60, 1.0, "logit", 200, 64, 190.0, kind="proportion"))
    []
    >>> presentation_flags(Estimate(0.5, 0.2, 5, 1.0, "korn_graubard", 9, 6, 6.0, kind="proportion"))
    ['hide_small', 'hide_wide', 'review_few_units']
    """
    low, high = estimate.interval(level)
    if math.isnan(low):
        return ["hide_no_interval"]
    width, share = high - low, estimate.value
    flags = ["hide_small"] if estimate.n_eff < 30 else []
    if width >= 0.30:
        flags.append("hide_wide")
    elif width > 0.05:
        flags += ["hide_relative"] if width > 1.30 * share else []
        flags += ["note_complement"] if width > 1.30 * (1 - share) else []
    flags += ["review_few_units"] if estimate.df < 8 else []
    return flags + (["review_all_or_none"] if estimate.is_all_or_none else [])
