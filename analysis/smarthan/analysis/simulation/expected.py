"""Expected points: what an option is worth on average, a failed must-have counting as the do-minimum."""

from __future__ import annotations

import numpy as np

from smarthan.analysis.scoring.values import Floats

from .draws import DrawModel

# Said wherever a leader by the one stands near a leader by the other.
LEADERS_DIFFER = (
    "Expected points and best estimates can put different options first: the mean of a skewed range lies away from its "
    "best estimate, and a must-have that is not known counts by its chance."
)


def expected_points(model: DrawModel, weights: Floats, expected: Floats | None = None) -> Floats:
    """Return each option's expected points for one set of weights, a failed gate counting as the baseline.

    Parameters
    ----------
    model : DrawModel
    weights : ndarray of float, shape (criteria,)
    expected : ndarray of float, shape (options, criteria), optional [points]
        Means of the cells; None takes the model's.
    """
    plain = (model.expected if expected is None else expected) @ weights
    chances = model.chances
    return np.asarray(chances * plain + (1 - chances) * plain[model.baseline])
