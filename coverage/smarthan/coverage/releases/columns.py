"""The declared tables of this room: the coverage matrix, install reports, and the words their columns may hold."""

from __future__ import annotations

from smarthan.coverage.lookup.states import NO_REGION as NO_REGION
from smarthan.tables.fields import Field, Table
from smarthan.tables.problems import register

# DUIS schema V5.4, CSPRegion; `Unknown` and `SMETS1` are answers, not regions.
CSP_REGIONS = ("North", "Central", "South", "4G North", "4G Central", "4G South", "Unknown", "SMETS1")
REGION_FAMILIES = ("North", "Central", "South")
GENERATIONS = ("LEGACY", "4G")
LIKELIHOODS = ("Low", "Medium", "High")
LOCATION_KINDS = ("POSTCODE", "UPRN", "ADDRESS")
WAN_GROUPS = ("LRR", "CELLULAR_2G3G", "CELLULAR_MESH", "CELLULAR_4G", "VIRTUAL", "OTHER")
SUCCESS_CODE = "I0"

# Public files rename columns from year to year; the DUIS names are those of its schemas V5.0 to V5.4.
_POSTCODE_ALIASES = ("PostCode", "post_code", "pcds", "pcd", "postcode_space")

MATRIX = Table(
    "matrix",
    "One row a release, location and CSP region: whether the SM WAN is expected there.",
    (
        Field("postcode", "text", "Postcode in its canonical spaced form.", aliases=_POSTCODE_ALIASES),
        Field(
            "address_identifier",
            "text",
            "Address within the postcode, as the source writes it.",
            max_length=30,
            aliases=("AddressIdentifier",),
        ),
        Field("uprn", "text", "Unique property reference number, 1 to 12 digits, no leading zero."),
        Field(
            "csp_region",
            "category",
            "Region of the communications service provider that the row answers for.",
            required=True,
            allowed=CSP_REGIONS,
            aliases=("CSPRegion",),
            optional_column=False,
        ),
        Field(
            "region_code",
            "category",
            "Response code of that region, verbatim; I0 when the file has none.",
            max_length=30,
            aliases=("CSPRegionResponseCode",),
        ),
        Field(
            "available",
            "boolean",
            "Whether a hub installed here is expected to connect; empty only on an error row.",
            aliases=("CoverageAvailability",),
            optional_column=False,
        ),
        Field(
            "anticipated",
            "date",
            "Day from which coverage is expected, if not yet.",
            aliases=("AnticipatedCoverageDate",),
        ),
        Field(
            "wan_technology",
            "category",
            "Technology to install for, verbatim.",
            max_length=30,
            aliases=("WANTechnology",),
            optional_column=False,
        ),
        Field(
            "likelihood",
            "category",
            "How likely the connection is, stated even where there is no coverage: High is not 'covered'.",
            allowed=LIKELIHOODS,
            ordered=True,
            aliases=("ConnectivityLikelihood",),
        ),
        Field(
            "auxiliary",
            "category",
            "Extra equipment the installation needs, verbatim.",
            max_length=50,
            verbatim=True,
            aliases=("AuxiliaryEquipmentRequired",),
        ),
        Field(
            "info",
            "text",
            "Further information, verbatim.",
            max_length=250,
            verbatim=True,
            aliases=("AdditionalInformation",),
        ),
        Field("premises", "integer", "Premises at the location: the weight.", unit="premises", low=0, high=2_000_000),
        Field(
            "premises_available",
            "integer",
            "Premises at the location that coverage reaches.",
            unit="premises",
            low=0,
            high=2_000_000,
        ),
    ),
    key=("postcode", "address_identifier", "uprn", "csp_region"),
)

# DUIS service requests 8.14.1 and 8.14.2.
INSTALL_TYPES = ("New CHF Install", "Replacement CHF Install", "CHF Install - no SM WAN")
HUB_LOCATIONS = ("Outside Premises", "Indoors on external wall", "Deep indoors", "Basement or Cellar")
PREMISE_TYPES = (
    "Detached / Semi Detached",
    "Terraced",
    "Low Rise Apartment (MDU <= 5 floors)",
    "High Rise Apartment (MDU > 5 floors)",
)

INSTALLS = Table(
    "installs",
    "One row an attempt to install a communications hub: 8.14.1 found the SM WAN, 8.14.2 did not.",
    (
        Field("install_id", "identifier", "Identifier of the attempt.", required=True, optional_column=False),
        Field(
            "report",
            "category",
            "Service request that reported the attempt.",
            required=True,
            allowed=("8.14.1", "8.14.2"),
            optional_column=False,
        ),
        Field("installed_at", "date", "Day of the attempt.", required=True, optional_column=False),
        Field("postcode", "text", "Postcode of the premises.", aliases=_POSTCODE_ALIASES, optional_column=False),
        Field("address_identifier", "text", "Address within the postcode.", max_length=30),
        Field("uprn", "text", "Unique property reference number."),
        Field("building_id", "identifier", "Building, where known: premises in one building are not independent."),
        Field("install_type", "category", "Type of install.", allowed=INSTALL_TYPES, aliases=("CHFInstallType",)),
        Field("aerial_install", "boolean", "Whether an aerial was installed.", aliases=("AerialInstall",)),
        Field("location", "category", "Where the hub stands.", allowed=HUB_LOCATIONS, aliases=("CHFLocation",)),
        Field("premise_type", "category", "Type of premises.", allowed=PREMISE_TYPES, aliases=("PremiseType",)),
        Field("metal_obstruction", "boolean", "Metal near the hub.", aliases=("MetalObstructionCheck",)),
        Field("connectivity_obstruction", "boolean", "Obstruction.", aliases=("ConnectivityObstructionCheck",)),
        Field("shared_obstruction", "boolean", "Shared-building obstruction.", aliases=("SharedObstructionCheck",)),
    ),
    key=("install_id",),
)

for _code, _about in {
    "no_key": "the row has neither a postcode nor a UPRN",
    "uprn_format": "the UPRN is not 1 to 12 digits, or is zero",
    "available_null": "coverage is neither true nor false, and the row is not an error row",
    "available_without_technology": "the row states coverage and names no technology",
    "uprn_postcodes": "the UPRN stands under more than one postcode",
    "premises_order": "more premises are covered than there are",
    "postcode_unusable": "the postcode is not a whole geographic postcode",
}.items():
    register(_code, "row", _about)
# One code a fault, so that a person can filter: section 5.1 of the postcode rules.
for _fault in (
    *("not_text", "too_long", "non_ascii", "character", "blank_inside", "length", "shape", "first_letter"),
    *("second_letter", "third_letter", "fourth_letter", "inward_digit", "inward_letter", "looks_like_number"),
    *("looks_like_date", "formula", "two_values", "partial", "non_geographic", "outside_gb"),
):
    register(f"postcode_{_fault}", "row", f"the postcode cannot be used: {_fault.replace('_', ' ')}")
register("columns_swapped", "file", "two columns hold each other's values")
register("column_type", "file", "a column is of a type that cannot be read safely")
register("release_facts", "file", "the facts of the release cannot be used")
register("available_with_date", "flag", "the row is covered and still has an anticipated date")
register("available_premises", "flag", "the row's coverage and its count of covered premises contradict each other")
register("region_technology", "flag", "the technology is not one expected in that region")
register("technology_unmapped", "flag", "the technology is in no group of technologies.toml; read as OTHER")
register("key_spelling", "repair", "case, blanks or leading zeros of a postcode or UPRN were put into canonical form")
