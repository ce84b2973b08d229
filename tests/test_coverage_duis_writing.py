"""Requests and responses out and in again: byte for byte, in both shapes."""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthan.coverage import (
    CoverageMatrix,
    DuisRegion,
    DuisRequest,
    DuisResponse,
    from_duis,
    read_matrix,
    to_duis,
)
from smarthan.coverage.duis.facets import FLAT_REGIONS
from smarthan.coverage.releases.columns import CSP_REGIONS, LIKELIHOODS
from smarthan.tables import FileRefused

OURS, THEIRS = "00-11-22-33-44-55-66-77", "88-99-AA-BB-CC-DD-EE-FF"
KEYS: dict[str, Any] = {"originator": OURS, "target": THEIRS, "counter": 42}
# Schema-valid in V5.4, V5.4 and V5.1; without a line end at the end.
DATA = Path(__file__).parent / "data" / "duis"
REQUEST, RESPONSE, FLAT = (
    (DATA / f"{name}.xml").read_bytes() for name in ("request", "response_list", "response_flat")
)


@pytest.mark.parametrize("postcode", ["LL57 2DG", "ll572dg", " LL57  2DG "])
def test_a_request_is_written_byte_for_byte_with_the_canonical_postcode(postcode: str) -> None:
    assert to_duis(postcode, **KEYS) == REQUEST


def test_a_request_reads_back_and_is_written_again() -> None:
    request = from_duis(REQUEST)
    assert request == DuisRequest(postcode="LL57 2DG", **KEYS)
    assert to_duis(request) == REQUEST
    assert from_duis(REQUEST.decode()) == request


def test_a_request_keeps_its_postcode_as_it_came_and_sends_it_canonical() -> None:
    request = from_duis(REQUEST.replace(b"LL57 2DG", b"ll572dg"))
    assert request.postcode == "ll572dg"
    assert to_duis(request) == REQUEST


def test_a_request_names_one_key_the_finer_one() -> None:
    asked = from_duis(to_duis("M1 1AE", uprn="0042", address_identifier="1", **KEYS))
    assert (asked.postcode, asked.address_identifier, asked.uprn) == (None, "", "42")
    asked = from_duis(to_duis("M1 1AE", address_identifier="Flat <2> & 3", **KEYS))
    assert (asked.postcode, asked.address_identifier, asked.uprn) == ("M1 1AE", "Flat <2> & 3", None)
    assert b"<sr:UPRN>42</sr:UPRN>" in to_duis(uprn="42", **KEYS)


def test_another_schema_version_is_written_when_asked() -> None:
    assert to_duis("LL57 2DG", schema_version="5.1", **KEYS) == REQUEST.replace(b'"5.4"', b'"5.1"')


@pytest.mark.parametrize(
    ("what", "options", "words"),
    [
        (None, KEYS, "nothing is asked"),
        ("LL57", KEYS, "a request needs a whole one"),
        ("LL57 2DC", KEYS, "no postcode has there"),
        ("M1 1AE", {**KEYS, "address_identifier": "x" * 31}, "longer than 30"),
        (None, {**KEYS, "uprn": "0"}, "UPRN: '0'"),
        ("M1 1AE", {}, "originator, target, counter not given"),
        ("M1 1AE", {**KEYS, "originator": "x"}, "originator 'x'"),
        ("M1 1AE", {**KEYS, "schema_version": "new"}, "schema_version"),
    ],
)
def test_a_request_that_cannot_be_written_says_why(what: str | None, options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        to_duis(what, **options)


def test_options_that_do_not_go_together_are_refused() -> None:
    request = from_duis(REQUEST)
    assert isinstance(request, DuisRequest)
    with pytest.raises(TypeError, match="counter: goes with a request by keys"):
        to_duis(request, counter=7)
    with pytest.raises(TypeError, match="shape: goes with an answer"):
        to_duis("M1 1AE", shape="flat", **KEYS)
    with pytest.raises(TypeError, match="int given"):
        to_duis(42)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="NoneType given"):
        from_duis(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [RESPONSE, FLAT], ids=["list", "flat"])
def test_both_shapes_of_a_response_read_back_byte_for_byte(text: bytes) -> None:
    response = from_duis(text)
    assert isinstance(response, DuisResponse)
    assert to_duis(response) == text
    assert from_duis(bytearray(text)) == response  # type: ignore[arg-type]


def test_a_response_is_read_into_plain_values() -> None:
    response = from_duis(RESPONSE)
    assert isinstance(response, DuisResponse)
    assert (response.postcode, response.shape, response.responded_on) == ("LL57 2DG", "list", dt.date(2026, 11, 2))
    assert response.regions[1] == DuisRegion("4G Central", "I0", False, dt.date(2027, 3, 31), "4G", "High")
    assert response.regions[2] == DuisRegion("North", "E62")


def test_the_shape_is_decided_by_the_elements_never_by_the_version() -> None:
    for version in (b"5.4", b"5.0", b"9", b"new"):
        assert from_duis(FLAT.replace(b"5.1", version)).shape == "flat"  # type: ignore[union-attr]
        assert from_duis(RESPONSE.replace(b"5.4", version)).shape == "list"  # type: ignore[union-attr]


def test_a_response_without_matrix_has_its_code_alone() -> None:
    bare = DuisResponse(response_code="E120101", responded_at="2026-11-02T09:30:00Z")
    assert b"DSPWANMatrix" not in to_duis(bare)
    assert from_duis(to_duis(bare)) == bare


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"<sr:CommandVariant>8", b"<sr:CommandVariant>1", "CommandVariant"),
        (b"12.1", b"8.2", "ServiceReference is '8.2'"),
        (b"LL57 2DG", b"M11AE", "6 to 8"),
        (b":42", b":042", "counter"),
        (b"00-11", b"0011", "EUI-64"),
        (b"<sr:AddressIdentifier></sr:AddressIdentifier>", b"", "AddressIdentifier is absent"),
        (b"<sr:PartialAddress>", b"<sr:UPRN>7</sr:UPRN><sr:PartialAddress>", "one of the two"),
        (b"RequestWANMatrix>", b"DeviceStatus>", "'DeviceStatus' is not known"),
    ],
)
def test_a_request_outside_the_schemas_is_refused_by_name(old: bytes, new: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        from_duis(REQUEST.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b">Medium<", b">Hi<", "ConnectivityLikelihood: 'Hi'"),
        (b">true<", b">TRUE<", "CoverageAvailability: 'TRUE'"),
        (b">North<", b">Central<", "Central answers more than once"),
        (b"<sr:WANTechnology>4G</sr:WANTechnology>", b"", "WANTechnology is absent"),
        (b">4G<", b"><", "WANTechnology is empty"),
        (b"09:30:00Z", b"9h30", "ResponseDateTime"),
    ],
)
def test_a_response_outside_the_schemas_is_refused_by_name(old: bytes, new: bytes, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        from_duis(RESPONSE.replace(old, new))


def test_the_flat_shape_knows_five_regions() -> None:
    with pytest.raises(FileRefused, match="4G North is no region of the flat shape"):
        from_duis(FLAT.replace(b">North<", b">4G North<"))


def matrix_of(tmp_path: Path, *lines: str, **facts: Any) -> CoverageMatrix:
    header = "postcode,uprn,address_identifier,csp_region,region_code,available,anticipated,wan_technology,likelihood"
    (tmp_path / "m.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return read_matrix(tmp_path / "m.csv", as_of="2026-11-02", facts=facts).matrix


ROWS = (
    "LL57 2DG,,,Central,,true,,Cellular,Medium",
    "LL57 2DG,,,4G Central,,false,2027-03-31,4G,High",
    "LL57 2DG,7,,North,,false,,LRR,Low",
    "M1 1AE,8,,North,,true,,LRR,Low",
    "M1 1AF,,1 X ST,North,,true,,LRR,Low",
    "M1 1AG,,,North,E62,,,,",
    "M1 1AH,,,North,,true,,LRR,",
)


def test_an_answer_becomes_a_response_to_its_request(tmp_path: Path) -> None:
    matrix = matrix_of(tmp_path, *ROWS)
    request = from_duis(REQUEST)
    assert isinstance(request, DuisRequest)
    answer = matrix.lookup(request.postcode, request.uprn, address=request.address_identifier)
    response = from_duis(to_duis(answer, request=request, responded_at=dt.datetime(2026, 11, 3, 9, tzinfo=dt.UTC)))
    assert isinstance(response, DuisResponse)
    assert [region.csp_region for region in response.regions] == ["Central", "4G Central"]
    assert (response.request_id, response.responded_at) == (request.request_id, "2026-11-03T09:00:00Z")
    assert response.response_id == f"{THEIRS}:{OURS}:42"
    assert response.notes == ()


def test_an_answer_alone_echoes_the_key_that_answered_on_the_day_of_the_release(tmp_path: Path) -> None:
    matrix = matrix_of(tmp_path, *ROWS)
    assert to_duis(matrix.lookup(uprn="7"), shape="flat") == FLAT
    response = from_duis(to_duis(matrix.lookup("M1 1AF", address="1 x st")))
    assert isinstance(response, DuisResponse)
    assert (response.postcode, response.address_identifier) == ("M1 1AF", "1 X ST")
    error = from_duis(to_duis(matrix.lookup("M1 1AG")))
    assert isinstance(error, DuisResponse)
    assert error.regions == (DuisRegion("North", "E62"),)


def test_an_answer_from_a_coarser_key_says_so(tmp_path: Path) -> None:
    matrix = matrix_of(tmp_path, *ROWS)
    answer = matrix.lookup("LL57 2DG", uprn="99")
    assert answer.degraded
    response = from_duis(to_duis(answer))
    assert isinstance(response, DuisResponse)
    assert response.postcode == "LL57 2DG"
    assert response.notes == ("answered at POSTCODE resolution, coarser than asked",)


def test_a_synthetic_answer_says_so_in_its_document(tmp_path: Path) -> None:
    document = to_duis(matrix_of(tmp_path, *ROWS, synthetic=True).lookup("LL57 2DG"))
    assert document.startswith(b"<!-- SYNTHETIC: ")
    assert from_duis(document).synthetic  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("keys", "options", "words"),
    [
        ({"postcode": "M1 1AA"}, {}, "give the response_code"),
        ({"postcode": "LL57"}, {}, "give the response_code"),
        ({"postcode": "M1 1AE"}, {}, "rows of its premises only"),
        ({"postcode": "M1 1AH"}, {}, "ConnectivityLikelihood is absent"),
        ({"postcode": "LL57 2DG"}, {"shape": "flat"}, "holds one region, here are 2"),
        ({"postcode": "LL57 2DG"}, {"responded_at": dt.datetime(2026, 1, 1)}, "states no zone"),
        ({"postcode": "LL57 2DG"}, {"responded_at": "noon"}, "ResponseDateTime: 'noon'"),
        ({"postcode": "M1 1AG"}, {"request": from_duis(REQUEST)}, "the answer is for M1 1AG, the request asks"),
        ({"postcode": "M1 1AG"}, {"schema_version": "v5"}, "schema_version"),
    ],
)
def test_an_answer_that_cannot_be_written_says_why(
    tmp_path: Path, keys: dict[str, Any], options: dict[str, Any], words: str
) -> None:
    answer = matrix_of(tmp_path, *ROWS).lookup(**keys)
    with pytest.raises(ValueError, match=words):
        to_duis(answer, **options)


def test_an_answer_without_rows_is_a_code_without_matrix(tmp_path: Path) -> None:
    answer = matrix_of(tmp_path, *ROWS).lookup("M1 1AA")
    response = from_duis(to_duis(answer, response_code="E120101"))
    assert isinstance(response, DuisResponse)
    assert (response.regions, response.response_code, response.postcode) == ((), "E120101", None)


def test_an_undated_release_needs_a_time(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(
        "postcode,csp_region,available,wan_technology,likelihood\nM1 1AE,North,true,4G,Low\n"
    )
    answer = read_matrix(tmp_path / "m.csv").matrix.lookup("M1 1AE")
    with pytest.raises(ValueError, match="the release has no date"):
        to_duis(answer)
    assert b"2026-11-05T00:00:00Z" in to_duis(answer, responded_at=dt.date(2026, 11, 5))
    assert b"2026-11-05T09:30:00.5+01:00" in to_duis(answer, responded_at="2026-11-05T09:30:00.5+01:00")


def test_answers_keep_their_options_apart_from_requests(tmp_path: Path) -> None:
    answer = matrix_of(tmp_path, *ROWS).lookup("LL57 2DG")
    with pytest.raises(TypeError, match="uprn: goes with a request by keys"):
        to_duis(answer, uprn="7")


texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff") | st.sampled_from("\t\n\r")
)


@st.composite
def regions(draw: st.DrawFn, names: tuple[str, ...] = CSP_REGIONS) -> DuisRegion:
    return DuisRegion(
        csp_region=draw(st.sampled_from(names)),
        available=draw(st.booleans()),
        anticipated=draw(st.none() | st.dates()),
        wan_technology=draw(texts.map(lambda t: t[:30]).filter(bool)),
        likelihood=draw(st.sampled_from(LIKELIHOODS)),
        auxiliary=draw(st.none() | texts.map(lambda t: t[:50])),
        info=draw(st.none() | texts.map(lambda t: t[:250])),
    )


@given(st.data())
def test_any_response_reads_back_as_it_was(data: st.DataObject) -> None:
    flat = data.draw(st.booleans())
    if flat:
        found = [data.draw(regions(FLAT_REGIONS))]
    else:
        found = data.draw(st.lists(regions(), min_size=1, max_size=4, unique_by=lambda region: region.csp_region))
        found = [
            DuisRegion(region.csp_region, "E62") if data.draw(st.integers(0, 4)) == 0 else region for region in found
        ]
    response = DuisResponse(
        regions=tuple(found),
        postcode=data.draw(texts.map(lambda t: f"{t}LL57 2"[:8])),
        address_identifier=data.draw(texts.map(lambda t: t[:30])),
        responded_at=f"{data.draw(st.dates())}T09:30:00Z",
        shape="flat" if flat else "list",
    )
    assert from_duis(to_duis(response)) == response


@given(st.sampled_from([REQUEST, RESPONSE, FLAT]), st.data())
def test_mutated_documents_are_refused_or_valid(text: bytes, data: st.DataObject) -> None:
    mutated = bytearray(text)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(mutated) - 1))
        mutated[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        found = from_duis(bytes(mutated))
    except FileRefused:
        return
    if isinstance(found, DuisResponse):
        assert from_duis(to_duis(dataclasses.replace(found, schema_version="5.4"))).regions == found.regions  # type: ignore[union-attr]
