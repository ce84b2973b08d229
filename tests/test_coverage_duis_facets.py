"""Every facet of DUIS 12.1 at its edge: the last value that is valid and the first that is not."""

import datetime as dt
from typing import Any

import pytest

from smarthan.coverage import DuisRegion, DuisRequest, DuisResponse
from smarthan.coverage.duis.facets import (
    FacetBreach,
    check_counter,
    check_eui,
    check_message_id,
    check_value,
    read_boolean,
    read_date,
    read_time,
    read_uprn,
)
from smarthan.coverage.releases.columns import CSP_REGIONS

EUI = "00-11-22-33-44-55-66-77"
CENTRAL = DuisRegion("Central", available=True, wan_technology="Cellular", likelihood="Medium")
AT = "2026-11-02T09:30:00Z"


@pytest.mark.parametrize(
    ("text", "normal"),
    [("1", "1"), ("9" * 12, "9" * 12), ("0042", "42"), ("0" * 20 + "7", "7"), ("+5", "5"), (" 12\n", "12")],
)
def test_uprns_within_the_facet(text: str, normal: str) -> None:
    assert read_uprn(text) == normal


@pytest.mark.parametrize("text", ["0", "000", "1" * 13, "", "-1", "1.0", "1E5", "４２", "1 2", "\u00a042", "++1"])
def test_uprns_outside_the_facet(text: str) -> None:
    with pytest.raises(FacetBreach, match="1 to 12 digits"):
        read_uprn(text)


@pytest.mark.parametrize(("text", "good"), [("M1 1A", False), ("M1 1AE", True), ("x" * 8, True), ("x" * 9, False)])
def test_a_postcode_has_6_to_8_characters_of_any_kind(text: str, good: bool) -> None:
    if good:
        assert check_value("postcode", text) == text
    else:
        with pytest.raises(FacetBreach, match=r"PostCode: .* 6 to 8 characters"):
            check_value("postcode", text)


@pytest.mark.parametrize(
    ("column", "least", "most"),
    [("address_identifier", 0, 30), ("wan_technology", 1, 30), ("auxiliary", 0, 50), ("info", 0, 250)],
)
def test_free_text_has_its_length(column: str, least: int, most: int) -> None:
    for length in {least, most}:
        assert check_value(column, "x" * length) == "x" * length
    with pytest.raises(FacetBreach, match=f"longer than {most}"):
        check_value(column, "x" * (most + 1))
    if least:
        with pytest.raises(FacetBreach, match="is empty"):
            check_value(column, "")


@pytest.mark.parametrize(
    ("text", "value"), [("true", "true"), ("1", "true"), ("false", "false"), ("0", "false"), (" \t1\r\n", "true")]
)
def test_booleans_of_xml(text: str, value: str) -> None:
    assert read_boolean(text) == value


@pytest.mark.parametrize("text", ["TRUE", "True", "yes", "", "01", "2", "\u00a0true", "t"])
def test_words_that_are_no_boolean_of_xml(text: str) -> None:
    with pytest.raises(FacetBreach, match="true, false, 1 or 0"):
        read_boolean(text)


@pytest.mark.parametrize(
    "text", ["2027-03-31", "2027-03-31Z", "2027-03-31+00:00", "2027-03-31-14:00", "2027-03-31+13:59", " 2027-03-31Z\n"]
)
def test_dates_keep_their_day_whatever_the_zone(text: str) -> None:
    assert read_date(text) == "2027-03-31"


@pytest.mark.parametrize(
    "text",
    [
        *("2027-02-29", "2027-3-31", "27-03-31", "0000-01-01", "12027-01-01", "-2027-01-01", "31/03/2027", ""),
        *("2027-03-31z", "2027-03-31+14:01", "2027-03-31 Z", "2027-03-31T00:00:00", "２０２７-03-31", "2027-13-01"),
    ],
)
def test_texts_that_are_no_date_of_xml(text: str) -> None:
    with pytest.raises(FacetBreach, match="is not a date"):
        read_date(text)


@pytest.mark.parametrize("text", [AT, "2026-11-02T24:00:00", "2026-11-02T00:00:00.123456789+01:00", f" {AT} "])
def test_times_give_their_day_as_written(text: str) -> None:
    assert read_time(text) == "2026-11-02"


@pytest.mark.parametrize("text", ["2026-11-02", "2026-11-02T25:00:00Z", "2026-11-02T09:30Z", "2026-02-30T09:30:00Z"])
def test_texts_that_are_no_time_of_xml(text: str) -> None:
    with pytest.raises(FacetBreach, match="is not a time"):
        read_time(text)


@pytest.mark.parametrize("word", CSP_REGIONS)
def test_regions_are_exactly_these(word: str) -> None:
    assert check_value("csp_region", word) == word
    for other in (word.swapcase(), f"{word} ", word.replace(" ", "  ") + "."):
        with pytest.raises(FacetBreach, match="exactly one of"):
            check_value("csp_region", other)


def test_a_character_that_xml_cannot_carry_is_told() -> None:
    for text in ("a\x00b", "a\x0bb", "\ufffe", "\ud800"):
        with pytest.raises(FacetBreach, match=r"U\+[0-9A-F]{4}"):
            check_value("info", text)


@pytest.mark.parametrize("text", [EUI, EUI.replace("77", "aF")])
def test_eui_64(text: str) -> None:
    assert check_eui(text, "target") == text


@pytest.mark.parametrize("text", ["", EUI[:-3], f"{EUI}-88", EUI.replace("-", ":"), EUI.replace("77", "7G"), None, 7])
def test_what_is_no_eui_64(text: object) -> None:
    with pytest.raises(ValueError, match=r"target .* is not an EUI-64"):
        check_eui(text, "target")


@pytest.mark.parametrize(("value", "counter"), [(0, 0), ("0", 0), (2**64 - 1, 2**64 - 1), ("42", 42)])
def test_counters(value: object, counter: int) -> None:
    assert check_counter(value) == counter


@pytest.mark.parametrize("value", [-1, 2**64, str(2**64), "042", "00", "", "+1", " 1", "٣", True, 1.0, None])
def test_what_is_no_counter(value: object) -> None:
    with pytest.raises(ValueError, match=r"counter .* no leading 0"):
        check_counter(value)


def test_a_message_id_has_three_parts() -> None:
    assert check_message_id(f"{EUI}:{EUI}:7") == (EUI, EUI, 7)
    with pytest.raises(ValueError, match="originator:target:counter"):
        check_message_id(f"{EUI}:{EUI}")


REQUEST: dict[str, Any] = {"postcode": "LL57 2DG", "originator": EUI, "target": EUI, "counter": 1}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"postcode": None}, "one of the two"),
        ({"uprn": "7"}, "one of the two"),
        ({"postcode": None, "uprn": "7", "address_identifier": "1"}, "never with a UPRN"),
        ({"postcode": None, "uprn": "007"}, "without sign"),
        ({"postcode": "M11AE"}, "6 to 8"),
        ({"address_identifier": "x" * 31}, "longer than 30"),
        ({"originator": "us"}, "originator"),
        ({"target": ""}, "target"),
        ({"counter": 2**64}, "counter"),
    ],
)
def test_a_request_holds_nothing_that_the_schemas_forbid(change: dict[str, Any], words: str) -> None:
    DuisRequest(**REQUEST)
    with pytest.raises(ValueError, match=words):
        DuisRequest(**{**REQUEST, **change})


REGION: dict[str, Any] = {"csp_region": "North", "available": False, "wan_technology": "LRR", "likelihood": "Low"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"csp_region": "West"}, "CSPRegion"),
        ({"region_code": ""}, "CSPRegionResponseCode is empty"),
        ({"wan_technology": ""}, "WANTechnology is empty"),
        ({"wan_technology": None}, "WANTechnology is absent"),
        ({"likelihood": None}, "ConnectivityLikelihood is absent"),
        ({"likelihood": "high"}, "ConnectivityLikelihood"),
        ({"available": None}, "CoverageAvailability is absent"),
        ({"available": None, "wan_technology": None, "likelihood": None, "info": "x"}, "all or nothing"),
        ({"auxiliary": "x" * 51}, "longer than 50"),
        ({"info": "x" * 251}, "longer than 250"),
    ],
)
def test_a_region_holds_nothing_that_the_schemas_forbid(change: dict[str, Any], words: str) -> None:
    assert DuisRegion(**REGION).answers
    with pytest.raises(ValueError, match=words):
        DuisRegion(**{**REGION, **change})


def test_an_error_region_is_its_code_alone() -> None:
    assert not DuisRegion("North", "E62").answers


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"responded_at": ""}, "ResponseDateTime"),
        ({"responded_at": "yesterday"}, "ResponseDateTime: 'yesterday'"),
        ({"postcode": None}, "one of the two"),
        ({"regions": ()}, "echoes no question"),
        ({"regions": (CENTRAL, CENTRAL)}, "Central answers more than once"),
        ({"request_id": "7"}, "originator:target:counter"),
        ({"shape": "round"}, "list or flat"),
        ({"shape": "flat", "regions": (CENTRAL, DuisRegion(**REGION))}, "holds one region, here are 2"),
        ({"shape": "flat", "regions": (DuisRegion(**{**REGION, "csp_region": "4G North"}),)}, "not 4G North"),
        ({"shape": "flat", "regions": (DuisRegion("North", "E62"),)}, "no place for code E62"),
        ({"notes": ("a--b",)}, "comment"),
        ({"notes": ("ends-",)}, "comment"),
        ({"notes": ("two\nlines",)}, "comment"),
    ],
)
def test_a_response_holds_nothing_that_the_schemas_forbid(change: dict[str, Any], words: str) -> None:
    good: dict[str, Any] = {"regions": (CENTRAL,), "postcode": "LL57 2DG", "responded_at": AT}
    assert DuisResponse(**good).responded_on == dt.date(2026, 11, 2)
    with pytest.raises(ValueError, match=words):
        DuisResponse(**{**good, **change})
