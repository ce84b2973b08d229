"""Rules across cells and rows."""

from collections.abc import Iterator

from tests.corpus_case import GOOD, Case, kept, row, set_aside, text_of

ONE = row()


def broken(name: str, code: str, **cells: str) -> Case:
    """Return a case whose last row breaks a rule across its cells."""
    return set_aside(f"rule-{name}", "row", text_of(*GOOD, row(**cells)), code)


def rules_of_cells() -> Iterator[Case]:
    """Rules across the cells of a row."""
    yield broken(
        "no-technology-not-covered", "required_missing", available="false", wan_technology="", premises_available="0"
    )
    yield broken("null-without-error", "available_null", available="", premises_available="")
    yield broken("more-covered-than-there-are", "premises_order", premises_available="6")
    yield broken("no-key", "no_key", postcode="", address_identifier="1 HIGH ST")
    for name, code, cells in (
        ("covered-with-date", "available_with_date", {"anticipated": "2027-03-31"}),
        ("covered-none-covered", "available_premises", {"premises_available": "0"}),
        ("technology-of-another-region", "region_technology", {"csp_region": "South"}),
    ):
        line = row(**cells)
        yield kept(f"rule-{name}", "row", text_of(*GOOD, line), twin=(*GOOD, line), codes=[code])
    error = row(region_code="E120103", available="", wan_technology="", likelihood="", premises_available="")
    yield kept("rule-error-row", "row", text_of(*GOOD, error), twin=(*GOOD, error))
    bare = row(postcode="", uprn="7")
    yield kept("rule-uprn-alone", "row", text_of(*GOOD, bare), twin=(*GOOD, bare))


def rows_alike() -> Iterator[Case]:
    """Rows that say the same again, or something else of the same place."""
    yield set_aside("same-row-twice", "row", text_of(*GOOD, ONE, ONE), "duplicate", twin=(*GOOD, ONE))
    yield set_aside("same-row-thrice", "row", text_of(*GOOD, ONE, ONE, ONE), "duplicate", bad=2, twin=(*GOOD, ONE))
    yield set_aside(
        "same-row-other-spelling",
        "row",
        text_of(*GOOD, ONE, row(postcode="m11ae", csp_region="north")),
        "duplicate",
        twin=(*GOOD, ONE),
    )
    yield set_aside(
        "same-key-disagreeing", "row", text_of(*GOOD, ONE, row(likelihood="Low")), "duplicate_conflict", bad=2
    )
    yield set_aside(
        "same-key-other-spelling",
        "row",
        text_of(*GOOD, ONE, row(postcode="m11ae", likelihood="Low")),
        "duplicate_conflict",
        bad=2,
    )
    yield set_aside(
        "same-key-two-of-three", "row", text_of(*GOOD, ONE, ONE, row(likelihood="Low")), "duplicate_conflict", bad=3
    )


def keys_alike() -> Iterator[Case]:
    """A premises or an address told of twice."""
    first, second = row(uprn="7"), row(uprn="007")
    yield set_aside("same-uprn-other-spelling", "row", text_of(*GOOD, first, second), "duplicate", twin=(*GOOD, first))
    torn = row(uprn="7", postcode="M1 1AF")
    yield set_aside("uprn-under-two-postcodes", "row", text_of(*GOOD, first, torn), "uprn_postcodes", bad=2)
    same = row(uprn="7", address_identifier="1 X ST")
    yield set_aside("uprn-with-two-addresses", "row", text_of(*GOOD, first, same), "duplicate_conflict", bad=2)
    address = row(address_identifier="1 X ST")
    yield set_aside(
        "address-twice-disagreeing",
        "row",
        text_of(*GOOD, address, row(address_identifier="1 X ST", likelihood="Low")),
        "duplicate_conflict",
        bad=2,
    )


def rows_together() -> Iterator[Case]:
    """Regions side by side, one fault in many rows, many faults in one."""
    other = row(csp_region="Central", wan_technology="Cellular")
    yield kept("two-regions", "row", text_of(*GOOD, ONE, other), twin=(*GOOD, ONE, other))
    lone = [row(postcode=f"M1 1A{c}", likelihood="Hi") for c in "ABDEFGHJLNPQRSTUWXYZ"]
    yield set_aside("systematic", "row", text_of(*GOOD, *lone), "category_unknown", bad=len(lone))
    five = row(postcode="M1 1A", csp_region="x", available="y", likelihood="z", premises="w")
    yield set_aside(
        "five-faults-in-a-row",
        "row",
        text_of(*GOOD, five),
        "postcode_length",
        "category_unknown",
        "boolean_format",
        "number_format",
    )
