"""Margins of single links and of the technologies in the reference table."""

import numpy as np
import pytest

from smarthan.analysis.propagation.link_budget import link_budgets, link_margin
from smarthan.analysis.propagation.multi_wall import multi_wall_loss


def test_the_budget_adds_up_and_takes_a_path_loss() -> None:
    loss = multi_wall_loss(868, [4.0, 8.0])
    margin = link_margin(
        tx_power_dbm=13, loss_db=loss, sensitivity_dbm=-103, tx_gain_dbi=2, rx_gain_dbi=-1, extra_loss_db=3
    )
    np.testing.assert_allclose(margin, 13 + 2 - 1 - loss.loss_db - 3 + 103)


def test_every_technology_has_its_ends_in_order() -> None:
    budgets = link_budgets(80.0)
    assert {"zigbee_2g4", "zigbee_sub", "wmbus"} <= set(budgets["technology"])
    assert (budgets["low_db"] <= budgets["typical_db"]).all()
    assert (budgets["typical_db"] <= budgets["high_db"]).all()
    assert budgets["status"].isin(["unverified", "assumed", "datasheet", "published"]).all()


def test_a_missing_sensitivity_is_named() -> None:
    with pytest.raises(ValueError, match="sensitivity_dbm: holds a value that is missing"):
        link_margin(tx_power_dbm=8, loss_db=80, sensitivity_dbm=np.nan)
