"""Encodings: byte-order marks, other encodings, mixtures, NULs, line ends."""

from collections.abc import Iterator

from tests.corpus_case import CLEAN, GOOD, HEADER, Case, kept, refused, row, set_aside, text_of

TWIN = (*GOOD, row(info="caf\u00e9 \u2013 \u00a35"))
NOTED = text_of(*TWIN)


def encodings() -> Iterator[Case]:
    """Files that are text in one encoding, said or unsaid."""
    yield kept("utf8-mark", "encoding", b"\xef\xbb\xbf" + CLEAN.encode())
    yield kept("utf8-accents", "encoding", NOTED, twin=TWIN)
    for name, codec in (("utf16-le-mark", "utf-16-le"), ("utf16-be-mark", "utf-16-be")):
        yield kept(name, "encoding", "\ufeff".encode(codec) + NOTED.encode(codec), twin=TWIN)
        yield refused(name.replace("mark", "bare"), "encoding", CLEAN.encode(codec), "file_encoding")
    yield refused("utf16-cut", "encoding", b"\xff\xfe" + CLEAN.encode("utf-16-le")[:-1], "file_encoding")
    yield refused("latin1", "encoding", text_of(*GOOD, row(info="caf\u00e9")).encode("latin-1"), "file_encoding")
    yield refused(
        "cp1252", "encoding", text_of(*GOOD, row(info="\u00a35 \u2013 \u201c")).encode("cp1252"), "file_encoding"
    )


def mixtures() -> Iterator[Case]:
    """Files of two encodings, and files that are not text."""
    mixed = NOTED.encode() + row(postcode="M1 1AF", info="caf\u00e9").encode("latin-1") + b"\n"
    yield set_aside("utf8-and-latin1", "encoding", mixed, "row_encoding", twin=TWIN)
    for name, odd in (("overlong", b"\xc0\xaf"), ("surrogate", b"\xed\xa0\x80"), ("cut-character", b"\xe2\x82")):
        spoilt = NOTED.encode() + row(postcode="M1 1AF", info="@").encode().replace(b"@", odd) + b"\n"
        yield set_aside(f"utf8-{name}", "encoding", spoilt, "row_encoding", twin=TWIN)
    yield refused("binary", "encoding", bytes(range(256)) * 20, "file_encoding")
    yield refused("png-named-csv", "encoding", b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 40, "file_encoding")
    yield set_aside("nul-in-a-cell", "encoding", text_of(*GOOD, row(info="a\0b")), "file_nul")
    yield refused("nul-padding", "encoding", CLEAN + "\0" * 512, "file_truncated")


def line_ends() -> Iterator[Case]:
    """Every end of line, and lines with nothing on them."""
    for name, end in (("crlf", "\r\n"), ("cr", "\r")):
        yield kept(f"ends-{name}", "encoding", text_of(*GOOD, end=end))
    lines = [HEADER, *GOOD]
    yield kept("ends-mixed", "encoding", "".join(a + b for a, b in zip(lines, ["\n", "\r\n", "\r"] * 9, strict=False)))
    yield kept("ends-none-at-last", "encoding", CLEAN.rstrip("\n"))
    yield kept("blank-lines", "encoding", CLEAN.replace("\n", "\n\n\r\n") + "\n\n")
