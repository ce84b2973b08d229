"""The one question that is asked most, answered without a framework: GET /v1/coverage/{postcode}."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from .forms import forms_for
from .refusals import HTTP_OF, Refusal, shorten
from .replies import JSON, PRIVATE, UNKEPT, Reply, matches

if TYPE_CHECKING:
    from .visits import Visit

HOT_PREFIX = "/v1/coverage/"
_BLANKS = str.maketrans("\u00a0\u2007\u202f", "   ")
_UNFIT = (b"%2f", b"%5c", b"%25", b"%00")  # a slash, a backslash, a second escape, NUL: never part of a key


def answer_hot(path: str, raw_path: bytes, if_none_match: bytes | None, visit: Visit) -> Reply:
    """Return the answer to a look-up of one whole postcode.

    Parameters
    ----------
    path : str
        Decoded.
    raw_path : bytes
        As it came.
    if_none_match : bytes or None
        The header.
    visit : Visit

    Raises
    ------
    Refusal
        When the role may not ask, the allowance is used up, or the key is no key.
    """
    role = visit.enter("lookup_postcode", "POSTCODE")
    text = check_key(path[len(HOT_PREFIX) :], raw_path)
    visit.charge(1)
    forms = forms_for(visit.served, role, dt.date.today())  # type: ignore[arg-type]
    status, visit.outward, body = forms.write(text)
    visit.note(status)
    http = HTTP_OF[status]
    if http != 200:
        return Reply(http, body, (JSON, UNKEPT))
    etag = (b"etag", forms.etag)
    if matches(if_none_match, forms.etag):
        return Reply(304, b"", (etag, PRIVATE))
    return Reply(200, body, (JSON, PRIVATE, etag))


def check_key(key: str, raw_path: bytes) -> str:
    """Return a key of the path, refused where it holds what no key holds.

    Raises
    ------
    Refusal
        BAD_KEY.

    Examples
    --------
    >>> check_key("LL57 2DG", b"/v1/coverage/LL57%202DG")
    'LL57 2DG'
    """
    if raw_path.count(b"%") != raw_path.count(b"%20"):
        lower = raw_path.lower()
        if any(mark in lower for mark in _UNFIT):
            raise Refusal("BAD_KEY", "the key holds a slash, or is escaped twice")
    # Blanks that postcodes are pasted with are not printable by Unicode, and harmless.
    if "/" in key or (not key.isprintable() and not key.translate(_BLANKS).isprintable()):
        raise Refusal("BAD_KEY", f"the key holds a slash or a control character: {shorten(key)}")
    return key
