"""The reference table of technologies: complete, sourced, and the user's own in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarthan.analysis import published_reach, technologies
from smarthan.analysis.homes.technology_table import choose_limits
from smarthan.tables import FileRefused
from smarthan.trial_data.declared.words import RADIO_TECHNOLOGIES, TECHNOLOGIES


def test_every_technology_has_what_success_needs() -> None:
    limits = choose_limits(technologies())
    assert set(limits.index) == set(TECHNOLOGIES)
    assert set(limits.index[limits["is_radio"]]) == set(RADIO_TECHNOLOGIES)


def test_every_value_has_a_source_and_lies_within_its_range() -> None:
    table = technologies()
    assert table["source"].str.len().min() > 10
    assert not (table["low"] > table["typical"]).any()
    assert not (table["typical"] > table["high"]).any()


def test_published_shares_say_how_sure_they_are() -> None:
    assert published_reach()[["share", "status"]].values.tolist() == [
        [0.7, "published"],
        [0.95, "published"],
        [0.965, "unverified"],
    ]


def test_ones_own_table_is_read_and_a_repeated_quantity_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    row = "bb_plc,required_snr_db,,12,,dB,own measurement,assumed\n"
    path.write_text("technology,quantity,low,typical,high,unit,source,status\n" + row, encoding="utf-8")
    assert technologies(path)["typical"].tolist() == [12.0]
    path.write_text(path.read_text(encoding="utf-8") + row.replace("12", "13"), encoding="utf-8")
    with pytest.raises(FileRefused, match="disagree"):
        technologies(path)


def test_a_technology_without_its_limits_is_named() -> None:
    table = technologies()
    short = table[~((table["technology"] == "wifi") & (table["quantity"] == "fade_margin_db"))]
    with pytest.raises(ValueError, match="wifi needs"):
        choose_limits(short)
