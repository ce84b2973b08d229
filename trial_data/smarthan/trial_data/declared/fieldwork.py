"""Who went where, when: visits, surveyors; and, apart from all else, identity."""

from __future__ import annotations

from smarthan.tables.fields import Field, Parent, Table

from .columns import id_column, number_column, text_column, time_column, word_column
from .words import OUTCOMES

VISITS = Table(
    "visits",
    "One row a visit of a surveyor to a building.",
    (
        id_column("visit_id", "Identifier of the visit."),
        id_column("building_id", "Building visited."),
        id_column("surveyor_id", "Surveyor who went."),
        time_column("date", "Day of the visit.", kind="date", required=True),
        time_column("start_utc", "Arrival, in UTC with Z.", kind="datetime"),
        time_column("end_utc", "Departure, in UTC with Z.", kind="datetime"),
        word_column("outcome", "How the visit ended.", OUTCOMES, required=True),
        text_column(
            "protocol_version",
            "Version of the survey protocol followed.",
            required=True,
        ),
        text_column("weather", "Weather during the visit."),
    ),
    key=("visit_id",),
    parents=(
        Parent("building_id", "buildings", "building_id"),
        Parent("surveyor_id", "surveyors", "surveyor_id"),
    ),
)

SURVEYORS = Table(
    "surveyors",
    "One row a surveyor, under a pseudonym.",
    (
        id_column("surveyor_id", "Pseudonym of the surveyor; never a name."),
        text_column("org", "Organisation that sent the surveyor.", required=True),
        time_column("training_date", "Day on which the surveyor was trained.", kind="date"),
    ),
    key=("surveyor_id",),
)

IDENTITY = Table(
    "identity",
    "Personal data, in a file of its own, read only on explicit request and never part of any output.",
    (
        id_column(
            "building_id",
            "Building identified; this or dwelling_id is given.",
            required=False,
        ),
        id_column(
            "dwelling_id",
            "Dwelling identified; this or building_id is given.",
            required=False,
        ),
        Field(
            "uprn",
            "identifier",
            "Unique property reference number.",
            personal=True,
            max_length=12,
        ),
        Field(
            "mpan",
            "identifier",
            "Meter point administration number.",
            personal=True,
            max_length=13,
        ),
        text_column("address", "Postal address.", personal=True),
        text_column("postcode", "Postcode.", personal=True),
        number_column(
            "latitude",
            "Latitude (WGS 84).",
            unit="degrees",
            low=49,
            high=61,
            personal=True,
        ),
        number_column(
            "longitude",
            "Longitude (WGS 84).",
            unit="degrees",
            low=-9,
            high=2,
            personal=True,
        ),
        text_column("contact", "Name or number of a contact.", personal=True),
    ),
    key=("building_id", "dwelling_id"),
)
