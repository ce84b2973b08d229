"""Public names that load on first use."""

import sys

import pytest

from smarthan.lazy import lazy_names


def test_a_name_loads_its_module_on_first_use() -> None:
    sys.modules.pop("colorsys", None)
    load, names = lazy_names("smarthan.example", {"rgb_to_hsv": "colorsys"})
    assert names() == ["rgb_to_hsv"]
    assert "colorsys" not in sys.modules
    assert load("rgb_to_hsv")(1.0, 1.0, 1.0) == (0.0, 0.0, 1.0)
    assert "colorsys" in sys.modules


def test_an_unknown_name_is_refused_with_those_offered() -> None:
    load, _ = lazy_names("smarthan.example", {"sqrt": "math", "exp": "math"})
    with pytest.raises(AttributeError, match=r"'smarthan.example' has no attribute 'cbrt'; it offers exp, sqrt"):
        load("cbrt")


def test_a_package_lists_what_it_offers() -> None:
    import smarthan.tables

    assert set(dir(smarthan.tables)) == set(smarthan.tables.__all__)
    assert smarthan.tables.Field.__module__ == "smarthan.tables.fields"
