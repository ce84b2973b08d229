"""Weight space in words: who leads along one weight, and over two."""

import numpy as np
import pytest

from smarthan.analysis import sample_appraisal
from smarthan.findings import switches_of, weight_lines_of, weight_map_of
from smarthan.findings.weighing import OTHERS

APPRAISAL = sample_appraisal()


def test_the_strips_run_from_0_to_1_and_the_leader_now_leads_at_the_weight_now() -> None:
    table = weight_lines_of(APPRAISAL).table
    leader = APPRAISAL.score().table["label"].iloc[0]
    for _, strip in table.groupby("criterion", sort=False):
        assert (strip["low"].iloc[0], strip["high"].iloc[-1]) == (0.0, 1.0)
        holding = strip[strip["low"].le(strip["now"]) & strip["high"].ge(strip["now"])]
        assert holding["leader"].tolist() == [leader]


def test_the_nearest_change_is_the_switching_value() -> None:
    says = weight_lines_of(APPRAISAL).table.drop_duplicates("criterion").set_index("criterion")["says"]
    switches = switches_of(APPRAISAL).table.set_index("criterion")
    assert says["Technical maturity"] == "8.2% now; changes at 8.6%"
    assert switches.loc["Technical maturity", "above"].startswith("8.6%: ")
    assert says["Visit time"] == "6.6% now; never changes"


def test_at_most_six_leaders_are_told_apart_and_the_rest_is_named_last() -> None:
    found = weight_lines_of(APPRAISAL)
    assert found.table["leader"].nunique() > 6
    assert found.table["shown_as"].nunique() == 6
    order = found.drawn["leaders"]
    assert (order[0], order[-1]) == ("ZigBee 868 MHz", OTHERS)


def test_the_map_takes_the_two_most_disputed_weights() -> None:
    found = weight_map_of(APPRAISAL)
    stated = np.array([APPRAISAL.weights_of(name)[1] for name in ("panel", "consumer_body", "supplier")])
    widest = np.argsort(-np.ptp(stated, axis=0))[:2]
    names = [APPRAISAL.criteria[place].label for place in widest]
    assert [found.drawn["x_label"], found.drawn["y_label"]] == [f"Weight of {name}" for name in names]


def test_a_pair_of_ones_own_is_checked() -> None:
    assert weight_map_of(APPRAISAL, ("capex", "install")).drawn["x_label"].startswith("Weight of Equipment")
    with pytest.raises(ValueError, match="takes two different criteria"):
        weight_map_of(APPRAISAL, ("capex", "capex"))
    with pytest.raises(ValueError, match="takes two different criteria"):
        weight_map_of(APPRAISAL, ("capex", "price"))
