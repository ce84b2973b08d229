"""Design weights summed up."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from smarthan.trial_data import read_trial, sample_trial, weights_summary


def test_the_design_effect_is_kishs(write_small_trial: Callable[..., Path]) -> None:
    line = weights_summary(read_trial(write_small_trial())).iloc[0]
    # Weights 500 and 1000: 2 (500^2 + 1000^2) / 1500^2.
    assert line["kish_deff"] == pytest.approx(2 * 1_250_000 / 2_250_000)
    assert line["effective_n"] == pytest.approx(1.8)
    assert (line["weight_ratio"], line["largest_share"]) == (pytest.approx(2), pytest.approx(2 / 3))


def test_nobody_who_answered_leaves_it_missing(write_small_trial: Callable[..., Path]) -> None:
    line = "S1,semi,in_dwelling,1000,1000,Census 2011,2011-03-27,n\n"
    folder = write_small_trial(frame=(line, line + line.replace("S1,semi", "S2,terrace")))
    empty = weights_summary(read_trial(folder)).set_index("stratum_id").loc["S2"]
    assert (empty["dwellings"], empty["weight_sum"]) == (0, 0)
    assert np.isnan([empty["kish_deff"], empty["effective_n"], empty["weight_most"], empty["largest_share"]]).all()


def test_all_is_the_sum_of_the_strata() -> None:
    table = weights_summary(sample_trial())
    assert table["weight_sum"].iloc[:-1].sum() == pytest.approx(table["weight_sum"].iloc[-1])
    assert table.attrs["synthetic"] is True
    assert (table["kish_deff"] >= 1 - 1e-12).all()
