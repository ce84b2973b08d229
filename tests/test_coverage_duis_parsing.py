"""Hostile and broken documents: refused or quarantined, quickly, in a sentence, with nothing expanded or fetched."""

import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarthan.coverage import from_duis, read_matrix
from smarthan.coverage.duis import parsing
from smarthan.coverage.duis.parsing import parse_document
from smarthan.tables import FileRefused

DATA = Path(__file__).parent / "data" / "duis"
LIST, FLAT = ((DATA / f"response_{shape}.xml").read_bytes() for shape in ("list", "flat"))
BOMB = b'<!DOCTYPE b [<!ENTITY a "lol">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + k, b"&%c;" % (97 + k) * 10) for k in range(20)
)
SIGNATURE = b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">%s</ds:Signature></sr:Response>'


def signed(inside: bytes) -> bytes:
    return LIST.replace(b"</sr:Response>", SIGNATURE % inside)


# What a document is, the code it is refused with, and words its message must hold.
HOSTILE: dict[str, tuple[bytes, str, str]] = {
    "billion laughs": (BOMB + b"]>" + LIST.replace(b"Aerial T1", b"&u;"), "xml_doctype", "line 1"),
    "external entity": (
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + LIST.replace(b"Aerial T1", b"&x;"),
        *("xml_doctype", "DOCTYPE"),
    ),
    "external subset": (b'<!DOCTYPE r SYSTEM "http://example.org/x.dtd">' + LIST, "xml_doctype", "never read"),
    "parameter entity": (b'<!DOCTYPE r [<!ENTITY % p SYSTEM "x">%p;]>' + LIST, "xml_doctype", "never read"),
    "empty doctype after a comment": (b"<!-- x -->\n<!DOCTYPE r>" + LIST, "xml_doctype", "line 2"),
    "entity without doctype": (LIST.replace(b"Aerial", b"&x;"), "xml_malformed", "undefined entity"),
    "depth bomb": (b"<a>" * 100_000, "xml_structure", "root element"),
    "depth bomb within": (LIST.replace(b"<sr:Body>", b"<sr:Body>" * 100_000), "xml_structure", "'Body' is not known"),
    "depth bomb in a signature": (signed(b"<a>" * 100_000), "xml_limit", "33 levels"),
    "100,000 attributes": (
        LIST.replace(b"<sr:Body>", b"<sr:Body %s>" % b" ".join(b'a%d="1"' % k for k in range(100_000))),
        *("xml_limit", "attributes"),
    ),
    "17 attributes": (
        LIST.replace(b"<sr:Body>", b"<sr:Body %s>" % b" ".join(b'a%d=""' % k for k in range(17))),
        *("xml_limit", "17 attributes"),
    ),
    "17 namespaces": (
        LIST.replace(b"<sr:Body>", b"<sr:Body %s>" % b" ".join(b'xmlns:a%d="u"' % k for k in range(17))),
        *("xml_limit", "17 attributes"),
    ),
    "attributes in a signature": (
        signed(b"<a %s/>" % b" ".join(b'a%d=""' % k for k in range(17))),
        *("xml_limit", "17 attributes"),
    ),
    "same attribute twice": (
        LIST.replace(b"<sr:Body>", b"<sr:Body a='' a=''>"),
        "xml_malformed",
        "duplicate attribute",
    ),
    "comment of 5 MB": (
        LIST.replace(b"<sr:Body>", b"<sr:Body><!--" + b"x" * 5_000_000 + b"-->"),
        "xml_limit",
        "longer",
    ),
    "attribute of 5 MB": (
        LIST.replace(b"<sr:Body>", b"<sr:Body a='" + b"x" * 5_000_000 + b"'>"),
        "xml_limit",
        "longer",
    ),
    "xinclude": (
        LIST.replace(b"Aerial T1", b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'),
        *("xml_structure", "'include' of namespace"),
    ),
    "element of another namespace": (
        LIST.replace(b"<sr:WANTechnology>4G</sr:WANTechnology>", b"<x:T xmlns:x='u'>4G</x:T>"),
        *("xml_structure", "'T' of namespace 'u'"),
    ),
    "unknown element": (LIST.replace(b"ConnectivityLikelihood>", b"Likelihood>"), "xml_structure", "'Likelihood'"),
    "element in a value": (LIST.replace(b"Aerial", b"<sr:b/>Aerial"), "xml_structure", "'b' is not known in Auxiliary"),
    "text between elements": (LIST.replace(b"<sr:Body>", b"<sr:Body>hello"), "xml_structure", "'hello'"),
    "another root": (b"<html><body/></html>", "xml_structure", "'html'"),
    "another namespace": (LIST.replace(b"ServiceUserGateway", b"Other"), "xml_structure", "Other"),
    "no namespace": (
        LIST.replace(b"sr:", b"").replace(b":sr=", b"=").replace(b"xmlns", b"x"),
        "xml_structure",
        "not a DUIS Response",
    ),
    "undeclared prefix": (LIST.replace(b"xmlns:sr", b"xmlns:x"), "xml_malformed", "unbound prefix"),
    "request": ((DATA / "request.xml").read_bytes(), "duis_service", "give the response"),
    "another service": (LIST.replace(b"12.1", b"8.2"), "duis_service", "'8.2'"),
    "another variant": (LIST.replace(b"Variant>12.1", b"Variant>12.2"), "duis_service", "'12.2'"),
    "two documents": (LIST + b"\n" + LIST, "xml_malformed", "a file holds one response: split it"),
    "two headers": (
        LIST.replace(b"<sr:Body>", b"<sr:Header></sr:Header><sr:Body>"),
        *("xml_structure", "Header stands twice"),
    ),
    "two matrices": (
        FLAT.replace(b"</sr:ResponseMessage>", FLAT[FLAT.index(b"<sr:DSPWANMatrix>") : FLAT.index(b"</sr:Body>")]),
        *("xml_structure", "stands twice"),
    ),
    "body before header": (
        b'<r:Response xmlns:r="http://www.dccinterface.co.uk/ServiceUserGateway"><r:Body/><r:Header/></r:Response>',
        *("xml_structure", "ResponseMessage is absent"),
    ),
    "header out of order": (
        LIST.replace(b"<sr:ResponseCode>I0</sr:ResponseCode>", b"").replace(
            b"</sr:Header>", b"<sr:ResponseCode>I0</sr:ResponseCode></sr:Header>"
        ),
        *("xml_structure", "out of order"),
    ),
    "no response code": (LIST.replace(b"<sr:ResponseCode>I0</sr:ResponseCode>", b""), "xml_structure", "ResponseCode"),
    "no time": (LIST.replace(b"2026-11-02T09:30:00Z", b""), "xml_structure", "ResponseDateTime is empty"),
    "no such time": (LIST.replace(b"2026-11-02T", b"2026-11-32T"), "xml_structure", "ResponseDateTime"),
    "both shapes": (
        LIST.replace(b"<sr:DSPWANMatrixResponse>", b"<sr:CSPRegion>North</sr:CSPRegion><sr:DSPWANMatrixResponse>", 1),
        *("xml_structure", "DSPWANMatrixResponse stands out of order"),
    ),
    "both shapes, the other way": (
        LIST.replace(b"</sr:DSPWANMatrix>", b"<sr:CSPRegion>North</sr:CSPRegion></sr:DSPWANMatrix>"),
        *("xml_structure", "same matrix"),
    ),
    "row in a signature": (
        signed(b'<r:DSPWANMatrixResponse xmlns:r="http://www.dccinterface.co.uk/ServiceUserGateway"/>'),
        *("xml_structure", "4 answers stand in it, 3 of them"),
    ),
    "two signatures": (
        signed(b"").replace(b"</ds:Signature>", b"</ds:Signature>" + SIGNATURE[:-14] % b"x"),
        *("xml_structure", "'Signature'"),
    ),
    "NUL": (LIST.replace(b"Aerial", b"A\0rial"), "xml_malformed", "line 5"),
    "control character": (LIST.replace(b"Aerial", b"A\x0brial"), "xml_malformed", "line 5"),
    "control character reference": (LIST.replace(b"Aerial", b"&#0;"), "xml_malformed", "line 5"),
    "NUL padding": (LIST + b"\0" * 100, "xml_malformed", "line 7"),
    "latin-1 undeclared": (LIST.replace(b"Aerial", b"\xc4erial"), "file_encoding", "save it as UTF-8"),
    "utf-16 declared, utf-8 written": (b'<?xml version="1.0" encoding="utf-16"?>' + LIST, "file_encoding", "declares"),
    "utf-16 without mark": (LIST.decode().encode("utf-16-le"), "file_encoding", "byte-order mark"),
    "utf-16-be without mark": (LIST.decode().encode("utf-16-be"), "file_encoding", "byte-order mark"),
    "unknown encoding": (b'<?xml version="1.0" encoding="klingon"?>' + LIST, "file_encoding", "'klingon' is not read"),
    "multi-byte encoding": (b'<?xml version="1.0" encoding="shift_jis"?>' + LIST, "file_encoding", "'shift_jis'"),
    "utf-7": (b'<?xml version="1.0" encoding="utf-7"?>' + LIST, "file_encoding", "'utf-7'"),
    "codec that is no text": (b'<?xml version="1.0" encoding="zlib"?>' + LIST, "file_encoding", "'zlib'"),
    "empty": (b"", "file_empty", "is empty"),
    "blanks": (b" \n", "file_truncated", "cut short"),
    "not XML": (b"postcode,csp_region\n", "xml_malformed", "line 1"),
    "json": (b'{"a": 1}', "xml_malformed", "line 1"),
    "zip": (b"PK\x03\x04" + b"\0" * 100, "xml_malformed", "line 1"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    data, code, words = HOSTILE[name]
    path = tmp_path / "m.xml"
    path.write_bytes(data)
    began = time.process_time()
    with pytest.raises(FileRefused) as refused:
        read_matrix(path)
    assert time.process_time() - began < 1
    assert refused.value.code == code
    assert words in str(refused.value)
    assert str(refused.value).startswith(f"{path}: ")
    assert len(str(refused.value)) < 500 + len(str(path))
    assert path.read_bytes() == data


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in ("request", "no such time")])
def test_from_duis_refuses_the_same_with_the_same_code(name: str) -> None:
    data, code, _ = HOSTILE[name]
    with pytest.raises(FileRefused) as refused:
        from_duis(data)
    assert refused.value.code == code


def test_a_doctype_in_a_comment_or_in_text_is_only_text() -> None:
    comment = LIST.replace(b"<sr:Body>", b"<sr:Body><!-- <!DOCTYPE x> -->")
    assert from_duis(comment) == from_duis(LIST)
    text = LIST.replace(b"Aerial T1", b"<![CDATA[<!DOCTYPE x>]]>")
    assert from_duis(text).regions[0].auxiliary == "<!DOCTYPE x>"  # type: ignore[union-attr]


def test_sixteen_attributes_and_a_long_comment_are_read() -> None:
    many = LIST.replace(b"<sr:Body>", b"<sr:Body %s>" % b" ".join(b'a%d=""' % k for k in range(16)))
    assert from_duis(many) == from_duis(LIST)
    assert from_duis(LIST.replace(b"<sr:Body>", b"<sr:Body><!--" + b"x" * 900_000 + b"-->")) == from_duis(LIST)


def test_a_cut_document_is_refused_wherever_it_is_cut() -> None:
    for text in (LIST, FLAT):
        for end in range(1, len(text), 100):
            with pytest.raises(FileRefused) as refused:
                from_duis(text[:end])
            assert refused.value.code == "file_truncated"


def test_a_declaration_need_not_name_an_encoding() -> None:
    assert from_duis(b'<?xml version="1.0"?>' + LIST) == from_duis(LIST)


def test_a_document_in_small_blocks_is_the_same_document() -> None:
    blocks = [LIST[at : at + 7] for at in range(0, len(LIST), 7)]
    assert parse_document(blocks, "m") == parse_document([LIST], "m")


def test_a_document_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "LARGEST_BYTES", 1_000)
    with pytest.raises(FileRefused, match="more than 1,000 bytes"):
        from_duis(LIST)


def test_text_that_is_decoded_already_needs_no_declaration() -> None:
    text = '<?xml version="1.0" encoding="utf-16"?>' + LIST.decode().replace("Aerial T1", "Ärial")
    assert from_duis(text).regions[0].auxiliary == "Ärial"  # type: ignore[union-attr]
    with pytest.raises(FileRefused, match="encoding"):
        from_duis(LIST.decode().replace("Aerial", "\ud800"))


def test_only_so_many_comments_are_kept() -> None:
    assert len(from_duis(b"<!--x-->" * 1_000 + LIST).notes) == 16  # type: ignore[union-attr]


def test_a_long_value_in_many_pieces_is_kept_up_to_the_limit() -> None:
    text = LIST.replace(b"Aerial T1", b"<![CDATA[xy]]><!-- -->" * 40_000)
    row = parse_document(parsing.split_blocks(text), "m").rows[0]
    assert len(row.values["auxiliary"]) == 32_767
    assert [fault.code for fault in row.faults] == ["cell_too_long"]


def test_a_value_of_megabytes_costs_one_row_and_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "m.xml"
    path.write_bytes(LIST.replace(b"Aerial T1", b"x" * 20_000_000))
    code = f"""
        from smarthan.coverage import read_matrix
        import resource
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        read = read_matrix({str(path)!r})
        assert read.ledger["quarantined"].tolist() == [1], read.ledger
        assert set(read.quarantine["code"]) == {{"cell_too_long"}}
        assert read.quarantine["original"].str.len().max() < 300
        print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 512


@given(st.sampled_from([LIST, FLAT]), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_mutated_bytes_are_refused_or_leave_a_consistent_account(
    tmp_path: Path, text: bytes, data: st.DataObject
) -> None:
    mutated = bytearray(text)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(mutated) - 1))
        mutated[at : at + data.draw(st.integers(0, 4))] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b"<", b">", b"&", b"'", b"<sr:UPRN>", b"<!--", b"true", b" "])
        )
    path = tmp_path / "m.xml"
    path.write_bytes(mutated)
    try:
        found = read_matrix(path)
    except FileRefused:
        return
    line = found.ledger.iloc[0]
    assert line["read"] == line["accepted"] + line["quarantined"] == line["independent_count"]
    assert line["accepted"] == len(found.matrix.rows)
    assert line["quarantined"] == found.quarantine["line"].nunique()


LARGE: dict[str, Callable[[], bytes]] = {
    "one text": lambda: LIST.replace(b"Aerial T1", b"x" * 60_000_000),
    "line ends": lambda: LIST.replace(b"<sr:Body>", b"<sr:Body>" + b"\n" * 60_000_000),
    "references": lambda: LIST.replace(b"Aerial T1", b"&amp;" * 12_000_000),
    "signature": lambda: signed(b"<a>x</a>" * 7_000_000),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_document_of_60_mb_is_read_in_time(tmp_path: Path, name: str) -> None:
    path = tmp_path / "m.xml"
    path.write_bytes(LARGE[name]())
    began = time.process_time()
    found = read_matrix(path)
    assert time.process_time() - began < 10
    assert found.ledger["read"].tolist() == [3]
