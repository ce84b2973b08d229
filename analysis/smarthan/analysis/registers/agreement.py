"""How strongly those who answered agree: net agreement, an interval, and a plain word by a stated rule."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from smarthan.intervals import check_level

# The rule that turns counts into a word (ours; docs/registers.md says why). Net agreement is the share in agreement
# less the share in disagreement, -1 to 1, among those who took a stance.
FEWEST = 5
NO_VIEW, PLAIN, STRONG = 0.1, 0.3, 0.5
DIVIDED = 0.25


class Agreement(NamedTuple):
    """Net agreement with its interval and its word.

    Attributes
    ----------
    net : float
        Share in agreement less share in disagreement, -1 to 1; nan when nobody answered.
    lower, upper : float
        Its interval; nan when nobody answered.
    word : str
        The plain word.
    """

    net: float
    lower: float
    upper: float
    word: str


def judge_agreement(agree: int, disagree: int, answered: int, *, level: float = 0.95) -> Agreement:
    """Return how strongly those who answered agree, how sure that is, and a plain word for it.

    Parameters
    ----------
    agree, disagree : int
        Answers that agree, strongly or not, and that disagree.
    answered : int
        All who took a stance, the neutral among them.
    level : float
        Confidence level of the interval.

    Returns
    -------
    Agreement

    Raises
    ------
    ValueError
        When a count is negative or more agree and disagree than answered.

    Notes
    -----
    net = (agree - disagree) / answered. Its interval is the adjusted one of Bonett and Price: with one answer added to
    each side, (a + 1 - d - 1)/(n + 2) -+ z sqrt((p + q - (p - q)^2)/(n + 2)), p = (a + 1)/(n + 2), q = (d + 1)/(n + 2),
    cut at -1 and 1. Those who answer a consultation chose to: the interval says how little a few answers fix, not what
    the others think.

    The word, by the first that holds: "nobody answered"; "too few answered" (fewer than 5); "strong agreement" (lower
    limit .5 or more); "agreement" (net .3 or more and lower limit above 0); "weak agreement" (net .1 or more);
    "divided" (both sides .25 or more of the answers); "no clear view". Disagreement likewise, mirrored.

    References
    ----------
    D. G. Bonett and R. M. Price, Adjusted Wald confidence interval for a difference of binomial proportions based on
    paired data, Journal of Educational and Behavioral Statistics 37 (2012) 479-488.

    Examples
    --------
    >>> judge_agreement(12, 7, 24).word, judge_agreement(20, 1, 24).word, judge_agreement(3, 0, 3).word
    ('weak agreement', 'strong agreement', 'too few answered')
    """
    if min(agree, disagree, answered) < 0 or agree + disagree > answered:
        raise ValueError(
            f"counts: {agree} agree and {disagree} disagree of {answered} who answered; they do not add up"
        )
    if answered == 0:
        return Agreement(np.nan, np.nan, np.nan, "nobody answered")
    check_level(level)
    net = (agree - disagree) / answered
    lower, upper = _limits(agree, disagree, answered, level)
    return Agreement(net, lower, upper, _word(net, lower, upper, agree, disagree, answered))


def _limits(agree: int, disagree: int, answered: int, level: float) -> tuple[float, float]:
    from scipy.special import ndtri

    p, q = (agree + 1) / (answered + 2), (disagree + 1) / (answered + 2)
    half = float(ndtri(0.5 + level / 2)) * np.sqrt((p + q - (p - q) ** 2) / (answered + 2))
    return max(-1.0, p - q - half), min(1.0, p - q + half)


def _word(net: float, lower: float, upper: float, agree: int, disagree: int, answered: int) -> str:
    if answered < FEWEST:
        return "too few answered"
    side = "agreement" if net > 0 else "disagreement"
    size, least = (net, lower) if net > 0 else (-net, -upper)
    if least >= STRONG:
        return f"strong {side}"
    if size >= PLAIN and least > 0:
        return side
    if size >= NO_VIEW:
        return f"weak {side}"
    return "divided" if min(agree, disagree) / answered >= DIVIDED else "no clear view"
