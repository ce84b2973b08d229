"""Where equipment stands and what lies between: locations, paths, wiring."""

from __future__ import annotations

from smarthan.tables.fields import Field, Parent, Table

from .columns import (
    ABOVE_ZERO,
    count_column,
    id_column,
    number_column,
    text_column,
    word_column,
)
from .words import (
    BUILT_BANDS,
    CABLES,
    ENCLOSURES,
    LOCATION_KINDS,
    METER_CLASSES,
    MOUNTS,
    NOISE_SOURCES,
    PHASES,
    RING_RADIAL,
    ROLES,
    YES_NO_UNKNOWN,
)

LOCATIONS = Table(
    "locations",
    "One row a place where equipment stands or was held, in a building or in one of its dwellings.",
    (
        id_column("location_id", "Identifier of the location."),
        id_column("building_id", "Building of the location."),
        id_column(
            "dwelling_id",
            "Dwelling served by or holding the location; empty in shared parts.",
            required=False,
        ),
        word_column("kind", "What stands there.", LOCATION_KINDS, required=True),
        word_column(
            "meter_class",
            "Where in the building it stands; required for both meters and the communications hub.",
            METER_CLASSES,
            quasi=True,
        ),
        word_column("enclosure", "What encloses it.", ENCLOSURES),
        number_column(
            "x_m",
            "Position to the east of the building's own origin.",
            unit="m",
            breach="row",
        ),
        number_column(
            "y_m",
            "Position to the north of the building's own origin.",
            unit="m",
            breach="row",
        ),
        number_column("z_m", "Height above the building's ground floor.", unit="m", breach="row"),
        count_column(
            "floor_no",
            "Floor of the location, 0 the ground floor.",
            low=-5,
            high=80,
            breach="row",
        ),
        word_column("mount", "How a communications hub is mounted.", MOUNTS),
    ),
    key=("location_id",),
    parents=(
        Parent("building_id", "buildings", "building_id"),
        Parent("dwelling_id", "dwellings", "dwelling_id"),
    ),
)

PATHS = Table(
    "paths",
    "One row a path between two different locations of one building, with what lies between them.",
    (
        id_column("path_id", "Identifier of the path."),
        id_column("from_location", "Location at the sending end."),
        id_column("to_location", "Location at the receiving end."),
        word_column(
            "role",
            "Which link of the home area network the path stands for; EM-DW is the wired one from meter to socket.",
            ROLES,
            required=True,
        ),
        number_column(
            "distance_m",
            "Straight distance between the ends.",
            unit="m",
            low=ABOVE_ZERO,
            required=True,
            breach="row",
        ),
        count_column(
            "walls_light",
            "Light walls (stud, plasterboard) crossed.",
            unit="walls",
            required=True,
            breach="row",
        ),
        count_column(
            "walls_heavy",
            "Heavy walls (brick, block, concrete) crossed.",
            unit="walls",
            required=True,
            breach="row",
        ),
        count_column("floors", "Floors crossed.", unit="floors", required=True, breach="row"),
        word_column("metal_obstacle", "Whether metal stands in the way.", YES_NO_UNKNOWN),
        number_column(
            "wire_length_m",
            "Length of mains wiring between the ends.",
            unit="m",
            low=0,
            breach="row",
        ),
        word_column("same_phase", "Whether both ends are on one phase.", YES_NO_UNKNOWN),
        word_column(
            "through_rcd",
            "Whether the wiring passes a residual-current device.",
            YES_NO_UNKNOWN,
        ),
        word_column(
            "through_rcbo",
            "Whether it passes a combined residual-current breaker.",
            YES_NO_UNKNOWN,
        ),
        word_column(
            "through_spd",
            "Whether it passes a surge-protective device.",
            YES_NO_UNKNOWN,
        ),
        word_column("through_sub_main", "Whether it passes a sub-main.", YES_NO_UNKNOWN),
    ),
    key=("path_id",),
    parents=(
        Parent("from_location", "locations", "location_id"),
        Parent("to_location", "locations", "location_id"),
    ),
)

WIRING = Table(
    "wiring",
    "One row a wiring installation, of a building's shared parts or of a dwelling; one of the two ids is given.",
    (
        id_column("wiring_id", "Identifier of the installation."),
        id_column("building_id", "Building whose shared wiring is described.", required=False),
        id_column("dwelling_id", "Dwelling whose wiring is described.", required=False),
        word_column("cable", "Main type of cable.", CABLES),
        word_column("year_band", "Years in which it was installed.", BUILT_BANDS),
        text_column("cu_type", "Type of the consumer unit."),
        count_column("rcd_n", "Residual-current devices in the consumer unit."),
        word_column("phases", "Phases of the supply.", PHASES),
        count_column("circuits_n", "Final circuits."),
        word_column("ring_radial", "How socket circuits are laid out.", RING_RADIAL),
        number_column(
            "nearest_sub_main_m",
            "Distance to the nearest sub-main.",
            unit="m",
            low=0,
            breach="row",
        ),
        Field(
            "noise_sources",
            "words",
            "Sources of mains noise found, joined by ';'.",
            allowed=NOISE_SOURCES,
        ),
    ),
    key=("wiring_id",),
    parents=(
        Parent("building_id", "buildings", "building_id"),
        Parent("dwelling_id", "dwellings", "dwelling_id"),
    ),
)
