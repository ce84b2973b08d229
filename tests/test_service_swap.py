"""Releases are swapped under the service and publishers killed: no answer is wrong, none is an error."""

from pathlib import Path

import pytest
from tests.service_under_swap import run


def hold(counted: dict[str, object]) -> None:
    assert counted["faults"] == []
    assert (counted["wrong"], counted["errors"], counted["backwards"]) == (0, 0, 0)
    assert counted["caught_up"] is True


def test_no_answer_is_wrong_while_releases_are_swapped(tmp_path: Path) -> None:
    counted = run(tmp_path / "store", seconds=5, every_s=1, seed=1)
    hold(counted)
    assert int(str(counted["answers"])) > 100
    assert int(str(counted["swaps"])) > 0
    assert int(str(counted["kills"])) >= 2


@pytest.mark.slow
def test_no_answer_is_wrong_over_minutes(tmp_path: Path) -> None:
    counted = run(tmp_path / "store", seconds=120, every_s=5, seed=2)
    hold(counted)
    assert int(str(counted["kills"])) >= 20
    assert int(str(counted["swaps"])) >= 10
