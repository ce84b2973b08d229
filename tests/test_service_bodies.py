"""Bodies are read strictly: whatever they hold, there is an answer or a sentence, never a traceback."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.service.bodies import read_form, read_json, read_list
from smarthan.service.refusals import Refusal

FORM = "application/x-www-form-urlencoded"
PARTS = (
    b'--XX\r\nContent-Disposition: form-data; name="list"\r\n\r\nLL57 2DG\r\n--XX\r\n'
    b'content-disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    b"a\r\n--b\r\n\r\n--XX--\r\n"
)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "BAD_JSON"),
        (b"{", "BAD_JSON"),
        (b'{"a": 1, "a": 1}', "BAD_JSON"),
        (b'[{"a": {"b": 1, "b": 2}}]', "BAD_JSON"),
        (b'{"a": NaN}', "BAD_JSON"),
        (b'{"a": Infinity}', "BAD_JSON"),
        (b'"\xff"', "BAD_JSON"),
        (b"\xef\xbb\xbf{}", "BAD_JSON"),
        ("{}".encode("utf-16"), "BAD_JSON"),
        (b"1" * 5000, "BAD_JSON"),
        (b"[" * 9 + b"]" * 9, "TOO_DEEP"),
        (b"[" * 60_000, "TOO_DEEP"),
        (b'{"a":' * 20_000, "TOO_DEEP"),
    ],
    ids=lambda part: str(part)[:20],
)
def test_a_json_body_that_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_json(body, 8)
    assert refused.value.code == code


def test_a_json_body_may_be_as_deep_as_said() -> None:
    assert read_json(b"[" * 8 + b"]" * 8, 8) == json.loads("[" * 8 + "]" * 8)


def test_a_form_is_read_both_ways() -> None:
    assert read_form(b"list=LL57+2DG%0D%0Ax&file=", FORM) == {"list": b"LL57 2DG\r\nx", "file": b""}
    read = read_form(PARTS, 'multipart/form-data; boundary="XX"')
    assert read == {"list": b"LL57 2DG", "file": b"a\r\n--b\r\n"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"a=1&a=2", FORM),
        (b"a=\xff", FORM),
        (b"a=%ff", FORM),
        (b"&".join(b"a%d=1" % n for n in range(20)), FORM),
        (PARTS, "multipart/form-data"),
        (PARTS, "multipart/form-data; boundary=YY"),
        (PARTS[:40], "multipart/form-data; boundary=XX"),
        (PARTS.replace(b'name="file"', b'name="list"'), "multipart/form-data; boundary=XX"),
        (PARTS.replace(b'name="list"', b""), "multipart/form-data; boundary=XX"),
        (b"--XX--", "multipart/form-data; boundary=" + "X" * 99),
    ],
)
def test_a_form_that_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_form(body, kind)
    assert refused.value.code == "BAD_BODY"


@pytest.mark.parametrize(
    ("text", "postcodes", "uprns"),
    [
        ("LL57 2DG\nLL56 4AA\n", ["LL57 2DG", "LL56 4AA"], None),
        ("\ufeffLL57 2DG\r\n\r\n  \r\nLL56 4AA", ["LL57 2DG", "LL56 4AA"], None),
        ("site,Postcode\na,LL57 2DG\nb\n", ["LL57 2DG", ""], None),
        ("site;pcds;UPRN\na;LL57 2DG;7\n", ["LL57 2DG"], ["7"]),
        ("uprn\n7\n", [""], ["7"]),
        ("a\tpostcode\n1\tLL57 2DG", ["LL57 2DG"], None),
        ('postcode,note\n"LL57 2DG","two\nlines"\n', ["LL57 2DG"], None),
        ("LL57 2DG,house\n", ["LL57 2DG"], None),
        ("", [], None),
        (",,\n", [], None),
    ],
)
def test_a_list_is_read_as_people_write_it(text: str, postcodes: list[str], uprns: list[str] | None) -> None:
    assert read_list(text.encode()) == (postcodes, uprns)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"LL57 2DG\n\xff", "not UTF-8 \\(line 2\\)"),
        (b"LL57 2DG\nx\0", "NUL \\(line 2\\)"),
        (b'a,"b\n', "no CSV"),
        (b'a,"b"c\n', "line 1"),
    ],
)
def test_a_list_that_is_refused_names_the_line(data: bytes, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        read_list(data)


def outcome_of(read: Callable[..., object], *given: object) -> object:
    """Return what reading gives, or the code of its refusal; anything else fails the test."""
    try:
        return read(*given)
    except Refusal as refused:
        return refused.code


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    outcome_of(read_list, data)
    outcome_of(read_json, data, 8)
    outcome_of(read_form, data, FORM)


@given(
    st.lists(
        st.sampled_from([b"--XX", b"\r\n", b"--", b'name="list"', b"\r\n\r\n", b"content-disposition: form-data; "])
    )
)
def test_any_parts_are_read_or_refused(pieces: list[bytes]) -> None:
    found = outcome_of(read_form, b"".join(pieces), "multipart/form-data; boundary=XX")
    assert found == "BAD_BODY" or isinstance(found, dict)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
)


@settings(max_examples=40)
@given(VALUES)
def test_whatever_is_not_too_deep_is_read_as_json_reads_it(value: object) -> None:
    assert outcome_of(read_json, json.dumps(value).encode(), 8) in (value, "TOO_DEEP")
