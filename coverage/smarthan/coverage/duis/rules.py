"""The rule codes of DUIS documents, and how much a document may cost."""

from __future__ import annotations

from smarthan.tables.problems import register

LARGEST_BYTES = 64 << 20
DEEPEST = 32
MOST_ATTRIBUTES = 16
LONGEST_TAG = 1 << 20  # bytes of one tag or comment; ours: expat reads such a token again for each block it gets
LONGEST_TEXT = 32_767  # characters kept of one value, as of a cell in any format; the longest allowed has 250
MOST_NOTES = 16  # comments kept; ours

for _code, _about in {
    "xml_doctype": "the document has a document type definition, which may hide other text or files",
    "xml_malformed": "the document is not well-formed XML",
    "xml_limit": "the document is deeper, or has more attributes or a longer tag, than any DUIS document",
    "xml_structure": "an element or text stands where the schemas have none, or one that they demand is absent",
    "duis_service": "the document is not of service reference 12.1, or not a response",
}.items():
    register(_code, "file", _about)
register("element_repeated", "row", "an element stands twice in one answer")
register("group_broken", "row", "the elements of an answer are neither all there nor all absent, or out of order")
register("text_unfit", "row", "the text holds a character that XML cannot carry")
register("no_matrix", "flag", "the response holds no matrix, only a code")
register("date_zone", "repair", "the zone of a date was dropped")
