"""Whether a dwelling is reached: one failure is enough, success needs every role, the rest is unknown."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from smarthan.analysis import dwelling_reached
from smarthan.analysis.homes.home_outcomes import locate_paths, required_roles


def trial(links: list[tuple[str, str, bool | None]], technology: str = "zigbee_sub") -> SimpleNamespace:
    """One path a (dwelling, role, works); every dwelling in its own building."""
    homes = list(dict.fromkeys(home for home, _, _ in links))
    names = [f"p{i}" for i in range(len(links))]
    ok = [None if works is None else 1000 * works for _, _, works in links]
    tables = {
        "dwellings": pd.DataFrame({"dwelling_id": homes, "building_id": homes}),
        "locations": pd.DataFrame({"location_id": homes, "building_id": homes, "dwelling_id": homes}),
        "paths": pd.DataFrame(
            {
                "path_id": names,
                "from_location": [home for home, _, _ in links],
                "to_location": [home for home, _, _ in links],
                "role": [role for _, role, _ in links],
            }
        ),
        "instruments": pd.DataFrame({"instrument_id": ["i"]}),
        "measurements": pd.DataFrame(
            {
                "path_id": names,
                "instrument_id": "i",
                "technology": technology,
                "packets_sent": pd.array([None if n is None else 1000 for n in ok], dtype="Int64"),
                "packets_ok": pd.array(ok, dtype="Int64"),
            }
        ),
    }
    return SimpleNamespace(tables=tables, synthetic=True)


def outcome(*works: bool | None) -> Any:
    roles = ("CH-IHD", "CH-GM", "CH-EM")
    links = [("d", role, link) for role, link in zip(roles, works, strict=False)]
    return dwelling_reached(trial(links))["reached"].iloc[0]


def test_every_role_must_work() -> None:
    assert outcome(True, True, True)


@pytest.mark.parametrize("works", [(True, False, True), (False, None, None), (False,)])
def test_one_failure_is_enough(works: tuple[bool | None, ...]) -> None:
    assert not outcome(*works)


@pytest.mark.parametrize("works", [(True, None, True), (None, None, None), (True, True)])
def test_a_role_that_was_not_measured_is_not_taken_as_working(works: tuple[bool | None, ...]) -> None:
    assert outcome(*works) is pd.NA


def test_roles_can_be_chosen() -> None:
    data = trial([("d", "CH-IHD", True), ("d", "CH-GM", False)])
    assert not dwelling_reached(data)["reached"].iloc[0]
    assert dwelling_reached(data, roles=["CH-IHD"])["reached"].tolist() == [True]
    assert dwelling_reached(data, roles={"zigbee_sub": ["CH-IHD"]})["roles_known"].tolist() == [1]


def test_wires_need_the_path_to_the_socket() -> None:
    assert dwelling_reached(trial([("d", "EM-DW", True)], "bb_plc"))["reached"].tolist() == [True]
    assert dwelling_reached(trial([("d", "EM-DW", True)], "zigbee_sub"))["reached"].isna().all()


def test_a_role_with_two_paths_needs_both() -> None:
    data = trial([("d", "CH-IHD", True), ("d", "CH-IHD", False)])
    assert not dwelling_reached(data, roles=["CH-IHD"])["reached"].iloc[0]


@pytest.mark.parametrize(
    ("roles", "words"),
    [(["CH-TV"], "'CH-TV' found"), ([], "no role found"), ({"bb_plc": ["EM-DW"]}, "no entry for zigbee_sub")],
)
def test_roles_that_are_not_roles_are_refused(roles: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        required_roles(["zigbee_sub"], roles)


def test_a_path_belongs_to_its_end_then_its_start_then_the_only_dwelling() -> None:
    tables = {
        "dwellings": pd.DataFrame({"dwelling_id": ["d1", "d2", "d3"], "building_id": ["b1", "b1", "b2"]}),
        "locations": pd.DataFrame(
            {
                "location_id": ["hub", "ihd", "riser1", "riser2", "loft"],
                "building_id": ["b1", "b1", "b1", "b2", "b2"],
                "dwelling_id": ["d1", "d2", None, None, None],
            }
        ),
        "paths": pd.DataFrame(
            {
                "path_id": ["end", "start", "nobody", "only"],
                "from_location": ["hub", "hub", "riser1", "riser2"],
                "to_location": ["ihd", "riser1", "riser1", "loft"],
            }
        ),
    }
    homes = locate_paths(SimpleNamespace(tables=tables, synthetic=True))
    assert homes.fillna("").to_dict() == {"end": "d2", "start": "d1", "nobody": "", "only": "d3"}
