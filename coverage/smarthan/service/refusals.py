"""What is refused, how: an HTTP status, a machine code and a sentence.

Unknown, malformed, denied and too much are different answers, and none of them is "no coverage", which is a 200.
"""

from __future__ import annotations

from typing import Any

from smarthan.coverage.lookup import statuses as st

# How a look-up that gives no answer is told over HTTP; OK is 200, whatever the state.
HTTP_OF = {
    st.OK: 200,
    st.NOT_IN_MATRIX: 404,
    st.UNKNOWN_POSTCODE: 404,
    st.TERMINATED: 404,
    st.OUTSIDE_GB: 404,
    st.NON_GEOGRAPHIC: 404,
    st.NO_RELEASE: 404,
    st.BAD_FORMAT: 422,
    st.BAD_UPRN: 422,
    st.EMPTY: 422,
    st.KEY_CONFLICT: 422,
    st.DENIED: 403,
}

# The codes of the service itself: their HTTP status, and when they are given.
CODES = {
    "BAD_HOST": (400, "the request names a host that this service does not answer for"),
    "BAD_JSON": (400, "the body is not JSON, or says a key twice"),
    "TOO_DEEP": (400, "the JSON body is nested too deeply"),
    "NO_KEY": (401, "a key is needed, or the one given is not known"),
    "DENIED": (403, "the role may not do this, or not at this grain"),
    "NO_ROUTE": (404, "there is nothing at this address"),
    "NO_RELEASE": (404, "no release has this name, or covers this day"),
    "METHOD": (405, "the address does not take this method"),
    "TOO_SLOW": (408, "the body did not come in time"),
    "TOO_LARGE": (413, "the body, or the number of postcodes, is beyond the limit"),
    "ADDRESS_TOO_LONG": (414, "the path or the query is beyond the limit"),
    "BODY_TYPE": (415, "the body is of another type than the address takes, or is compressed"),
    "BAD_PARAMETER": (422, "a parameter is not known, is given twice, or has an impossible value"),
    "BAD_KEY": (422, "the key in the path holds a slash, a control character or a second escape"),
    "BAD_BODY": (422, "the body is well-formed but does not say what is needed"),
    "PART_OF_POSTCODE": (422, "a whole postcode is needed, or only a part of one"),
    "BAD_DUIS": (422, "the document is no valid Request WAN Matrix"),
    "DUIS_CANNOT_CARRY": (422, "the schemas have no place for the answer in this shape"),
    "TOO_MANY": (429, "the requests of this second, or the answers of this day, are used up"),
    "FAULT": (500, "a fault of the service"),
    "NO_READABLE_RELEASE": (503, "there is no release that can be read"),
    "NO_AUDIT": (503, "the audit line cannot be written, so nothing is answered"),
}

LONGEST_ECHO = 64


class Refusal(Exception):
    """A request is refused.

    Attributes
    ----------
    code : str
        For machines.
    words : str
        One sentence for people.
    http : int
    more : dict
        What else the document holds beside `error`.
    headers : tuple of pairs
        Such as Retry-After.
    """

    def __init__(
        self,
        code: str,
        words: str,
        *,
        http: int | None = None,
        position: int | None = None,
        headers: tuple[tuple[bytes, bytes], ...] = (),
        **more: Any,
    ) -> None:
        self.code, self.words, self.position, self.headers, self.more = code, words, position, headers, more
        self.http = http if http is not None else CODES[code][0]
        super().__init__(words)

    @property
    def document(self) -> dict[str, Any]:
        """The body of the error: its code and a sentence, never a traceback."""
        error: dict[str, Any] = {"code": self.code, "words": self.words}
        if self.position is not None:
            error["position"] = self.position
        return {"error": error, **self.more}


def shorten(text: object) -> str:
    """Return foreign text as it may be echoed: printable, at most 64 characters.

    Examples
    --------
    >>> shorten("a\\nb")
    'a\\\\x0ab'
    """
    shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in str(text)[:LONGEST_ECHO])
    return shown[:LONGEST_ECHO]
