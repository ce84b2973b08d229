"""Which element may stand where in a DUIS 12.1 document.

Facts of the DUIS XML schemas V5.0 to V5.4, both shapes of the response at once: the elements decide, never the version.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from .facets import ELEMENTS

SERVICE_NAMESPACE = "http://www.dccinterface.co.uk/ServiceUserGateway"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig# Signature"  # as expat names it: namespace, blank, local name

# Where the values below an element belong. A fault in `key` or `row` sets rows aside; anywhere else, the file.
Part = Literal["document", "header", "key", "row"]


@dataclass(frozen=True, eq=False)
class Element:
    """One element: its name, what may stand in it and in which order; without children it holds text.

    Attributes
    ----------
    name : str
        Local name; the namespace is that of the service user gateway.
    children : tuple of Element
        In the order in which they must stand.
    part : {"document", "header", "key", "row"}
        Where its value, or a fault in it, belongs.
    needed : bool
        Whether its parent must hold it.
    many : bool
        Whether it may stand more than once.
    column : str
        Column of its value.
    """

    name: str
    children: tuple[Element, ...] = field(default=(), repr=False)
    part: Part = "document"
    needed: bool = True
    many: bool = False
    column: str = ""

    @cached_property
    def places(self) -> dict[str, tuple[int, Element]]:
        """Its children and their places, by the name expat gives them."""
        return {f"{SERVICE_NAMESPACE} {child.name}": (at, child) for at, child in enumerate(self.children)}


def _heads(*names: str, optional: tuple[str, ...] = ()) -> Iterator[Element]:
    for name in names:
        yield Element(name, part="header", needed=name not in optional)


def _values(*columns: str, part: Part, needed: bool = True) -> Iterator[Element]:
    for column in columns:
        yield Element(ELEMENTS[column], part=part, column=column, needed=needed)


KEY = (
    *_values("uprn", part="key", needed=False),
    Element("PartialAddress", tuple(_values("postcode", "address_identifier", part="key")), part="key", needed=False),
)
# Whether the group after the code is whole is asked when the row is complete.
_GROUP = ("available", "anticipated", "wan_technology", "likelihood", "auxiliary", "info")
ROW = Element(
    "DSPWANMatrixResponse",
    (*_values("csp_region", "region_code", part="row"), *_values(*_GROUP, part="row", needed=False)),
    part="row",
    needed=False,
    many=True,
)
MATRIX = Element(
    "DSPWANMatrix",
    (
        Element("Request", KEY, part="key"),
        ROW,
        *_values("csp_region", *_GROUP, part="row", needed=False),
    ),
    needed=False,
)
_SERVICE = ("ServiceReference", "ServiceReferenceVariant")
RESPONSE = Element(
    "Response",
    (
        Element(
            "Header",
            tuple(
                _heads(
                    *("RequestID", "ResponseID", "ResponseCode", "ResponseDateTime"),
                    optional=("RequestID", "ResponseID"),
                )
            ),
        ),
        Element("Body", (Element("ResponseMessage", (*_heads(*_SERVICE), MATRIX)),)),
    ),
)
REQUEST = Element(
    "Request",
    (
        Element("Header", tuple(_heads("RequestID", "CommandVariant", *_SERVICE))),
        Element("Body", (Element("RequestWANMatrix", KEY, part="key"),)),
    ),
)
ROOTS = {f"{SERVICE_NAMESPACE} {root.name}": root for root in (RESPONSE, REQUEST)}
