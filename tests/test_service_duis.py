"""Request WAN Matrix (12.1): a document in, the response document out."""

import contextlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.service_client import Answered, Running, key_of, make_matrix, roles_with_keys, run_service

from smarthan.coverage import DuisResponse, from_duis, to_duis
from smarthan.service.refusals import Refusal
from smarthan.service.routes.duis import read_request

OURS, THEIRS = "00-11-22-33-44-55-66-77", "88-99-AA-BB-CC-DD-EE-FF"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("duis")
    with run_service(make_matrix(folder), roles=roles_with_keys(folder)) as running:
        yield running


def request(postcode: str | None = None, version: str = "5.4", **keys: str) -> bytes:
    return to_duis(postcode, originator=OURS, target=THEIRS, counter=42, schema_version=version, **keys)  # type: ignore[arg-type]


def post(
    running: Running, body: bytes, *, role: str = "IS", path: str = "/v1/duis", kind: str = "application/xml"
) -> Answered:
    return running.ask(path, method="POST", body=body, key=key_of(role), content_type=kind)


def response_of(answered: Answered) -> DuisResponse:
    assert answered.status == 200, answered.body
    found = from_duis(answered.body)
    assert isinstance(found, DuisResponse)
    return found


def test_every_region_answers_in_the_list_shape(running: Running) -> None:
    answered = post(running, request("LL57 2DG"))
    found = response_of(answered)
    assert (found.shape, found.schema_version, found.response_code) == ("list", "5.4", "I0")
    assert [(region.csp_region, region.available) for region in found.regions] == [
        ("Central", True),
        ("4G Central", True),
    ]
    assert found.regions[1].auxiliary == "Aerial T1"
    assert (found.request_id, found.response_id) == (f"{OURS}:{THEIRS}:42", f"{THEIRS}:{OURS}:42")
    assert answered.headers["coverage-status"] == "OK"
    assert found.responded_at.endswith("Z")


def test_the_flat_shape_is_given_to_an_old_schema_and_when_asked(running: Running) -> None:
    old = response_of(post(running, request("LL57 2DH", "5.1")))
    assert (old.shape, old.schema_version, len(old.regions)) == ("flat", "5.1", 1)
    asked = response_of(post(running, request("LL57 2DH"), path="/v1/duis?shape=flat"))
    assert (asked.shape, asked.schema_version) == ("flat", "5.1")
    assert response_of(post(running, request("LL57 2DH", "5.0"), path="/v1/duis?shape=list")).shape == "list"
    two = post(running, request("LL57 2DG", "5.1"))
    assert (two.status, two.code) == (422, "DUIS_CANNOT_CARRY")


def test_a_region_in_error_gives_its_code_alone(running: Running) -> None:
    (region,) = response_of(post(running, request("LL57 2DP"))).regions
    assert (region.region_code, region.available) == ("E62", None)


def test_a_uprn_and_an_address_are_answered_as_finely_as_the_role_may(running: Running) -> None:
    fine = response_of(post(running, request(uprn="100100000002")))
    assert [(region.available, found) for region, found in zip(fine.regions, [fine.uprn], strict=True)] == [
        (False, "100100000002")
    ]
    denied = post(running, request(uprn="100100000002"), role="OU")
    assert (response_of(denied).response_code, denied.headers["coverage-status"]) == ("E2", "DENIED")
    assert response_of(denied).regions == ()
    flat = request("LL57 2DT", address_identifier="flat 1")
    assert response_of(post(running, flat)).regions[0].available is True
    coarse = response_of(post(running, flat, role="OU"))
    assert coarse.regions[0].available is False
    assert any("POSTCODE resolution" in note for note in coarse.notes)


@pytest.mark.parametrize(
    ("keys", "status"),
    [
        ({"postcode": "LL57 2ZZ"}, "UNKNOWN_POSTCODE"),
        ({"postcode": "LL57 2SX"}, None),
        ({"uprn": "7"}, "NOT_IN_MATRIX"),
        ({"postcode": "LL57 2DS"}, "OK"),
    ],
    ids=["unknown", "not in the release", "unknown UPRN", "premises only"],
)
def test_what_has_no_row_gets_a_response_without_matrix(
    running: Running, keys: dict[str, str], status: str | None
) -> None:
    answered = post(running, request(**keys))
    found = response_of(answered)
    assert (found.regions, found.response_code) == ((), "E120101")
    assert status in (None, answered.headers["coverage-status"])


def test_the_codes_are_those_of_the_roles_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("codes")
    roles = roles_with_keys(folder, more="")
    text = (
        (folder / "roles.toml")
        .read_text(encoding="utf-8")
        .replace('NOT_IN_MATRIX = "E120101"', 'NOT_IN_MATRIX = "E120103"')
    )
    (folder / "roles.toml").write_text(text, encoding="utf-8")
    from smarthan.service import read_roles

    assert roles.code_for("NOT_IN_MATRIX") == "E120101"
    with run_service(make_matrix(folder), roles=read_roles(folder / "roles.toml")) as running:
        assert response_of(post(running, request(uprn="7"))).response_code == "E120103"


BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
EXTERNAL = b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<",
        b"{}",
        BOMB,
        EXTERNAL,
        b"<a>" * 10_000,
        b"<a " + b"b='1' " * 500 + b"/>",
        request("LL57 2DG")[:-9],
        b"\xff\xfe<",
    ],
    ids=["empty", "cut", "json", "bomb", "external", "deep", "attributes", "truncated", "utf-16"],
)
def test_a_document_that_is_refused(running: Running, body: bytes) -> None:
    answered = post(running, body)
    assert (answered.status, answered.code) == (422, "BAD_DUIS")
    assert "passwd" not in answered.text
    assert "Traceback" not in answered.text


def test_a_response_is_no_request_and_json_is_no_document(running: Running) -> None:
    response = post(running, request("LL57 2DG")).body
    assert "a request is needed" in post(running, response).json["error"]["words"]
    assert post(running, b"{}", kind="application/json").code == "BODY_TYPE"


def test_a_signature_is_passed_over(running: Running) -> None:
    signed = request("LL57 2DG").replace(
        b"</sr:Request>",
        b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>x</ds:SignedInfo></ds:Signature></sr:Request>',
    )
    assert len(response_of(post(running, signed)).regions) == 2


@settings(max_examples=200)
@given(st.data())
def test_no_change_of_a_document_gives_a_traceback(data: st.DataObject) -> None:
    body = bytearray(request("LL57 2DG"))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with contextlib.suppress(Refusal):
        read_request(bytes(body))
