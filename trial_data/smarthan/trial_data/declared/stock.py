"""The sampled stock: sampling frame, buildings, dwellings."""

from __future__ import annotations

from smarthan.tables.fields import Parent, Table

from .columns import (
    count_column,
    id_column,
    number_column,
    text_column,
    time_column,
    word_column,
)
from .words import (
    ARCHETYPES,
    BUILT_BANDS,
    EARTHINGS,
    FLOOR_TYPES,
    METER_CLASSES,
    OUTCOMES,
    PHASES,
    REGIONS,
    RISERS,
    SUPPLIER_CLASSES,
    WALL_TYPES,
    YES_NO,
    YES_NO_UNKNOWN,
)

FRAME = Table(
    "frame",
    "The sampling frame: one row a stratum, with the number of buildings and premises it stands for.",
    (
        id_column("stratum_id", "Identifier of the stratum."),
        word_column("archetype", "Building type of the stratum.", ARCHETYPES, required=True),
        word_column(
            "meter_class",
            "Where the meters of the stratum stand.",
            METER_CLASSES,
            required=True,
        ),
        count_column(
            "n_buildings",
            "Buildings in the stratum's population.",
            low=1,
            required=True,
            breach="row",
        ),
        count_column(
            "n_premises",
            "Premises in those buildings; at least n_buildings.",
            low=1,
            required=True,
            breach="row",
        ),
        text_column("source", "Where the counts come from.", required=True),
        time_column("ref_date", "The day the counts stand for.", kind="date", required=True),
        word_column(
            "certainty",
            "Whether every building of the stratum was taken into the sample.",
            YES_NO,
        ),
    ),
    key=("stratum_id",),
)

BUILDINGS = Table(
    "buildings",
    "One row a sampled building, whether or not it could be visited.",
    (
        id_column("building_id", "Identifier of the building, made for the trial."),
        id_column("stratum_id", "Stratum from which the building was drawn."),
        word_column(
            "archetype",
            "Building type as found.",
            ARCHETYPES,
            required=True,
            quasi=True,
        ),
        count_column(
            "storeys",
            "Storeys above ground.",
            low=1,
            high=80,
            unit="storeys",
            required=True,
            quasi=True,
            breach="row",
        ),
        count_column(
            "basements",
            "Storeys below ground.",
            low=0,
            high=5,
            unit="storeys",
            breach="row",
        ),
        count_column(
            "dwellings_n",
            "Dwellings in the building.",
            low=1,
            high=2000,
            required=True,
            breach="row",
        ),
        word_column(
            "built_band",
            "Years in which the building was built.",
            BUILT_BANDS,
            quasi=True,
        ),
        word_column("wall_type", "What the main walls are made of.", WALL_TYPES),
        word_column("floor_type", "What the floors between storeys are made of.", FLOOR_TYPES),
        word_column(
            "foil_insulation",
            "Whether foil-backed board or insulation was found.",
            YES_NO_UNKNOWN,
        ),
        word_column(
            "low_e_glazing",
            "Whether glazing has a low-emissivity (metal) coating.",
            YES_NO_UNKNOWN,
        ),
        word_column("metal_cladding", "Whether the building is clad in metal.", YES_NO_UNKNOWN),
        word_column(
            "landlord_supply",
            "Whether a landlord's electricity supply serves shared parts.",
            YES_NO_UNKNOWN,
        ),
        count_column("lift_cores", "Lift shafts in the building.", low=0, high=20),
        number_column(
            "footprint_m2",
            "Area on the ground.",
            unit="m2",
            low=5,
            high=50_000,
            breach="row",
        ),
        number_column(
            "length_2d_m",
            "Longest side seen from above.",
            unit="m",
            low=2,
            high=500,
            breach="row",
        ),
        number_column("height_m", "Height above ground.", unit="m", low=2, high=300, breach="row"),
        number_column(
            "circularity",
            "Compactness seen from above, 4 pi area / perimeter squared (1 is a circle).",
            unit="ratio",
            low=0,
            high=1,
            breach="row",
        ),
        count_column(
            "density_band",
            "Percentile band of building density, 1 sparse to 10 dense.",
            low=1,
            high=10,
        ),
        count_column(
            "occupancy_band",
            "Band of premises per building, 1 few to 10 many.",
            low=1,
            high=10,
        ),
        word_column(
            "rural_outbuildings",
            "Whether it is a rural building with outbuildings.",
            YES_NO_UNKNOWN,
        ),
        word_column("riser", "Which vertical service riser is there.", RISERS),
        word_column(
            "incoming_phases",
            "Phases of the electricity supply into the building.",
            PHASES,
        ),
        word_column("earthing", "Earthing arrangement of the supply.", EARTHINGS),
        word_column(
            "region",
            "English region, Wales or Scotland; never a postcode.",
            REGIONS,
            required=True,
            quasi=True,
        ),
    ),
    key=("building_id",),
    parents=(Parent("stratum_id", "frame", "stratum_id"),),
)

DWELLINGS = Table(
    "dwellings",
    "One row a sampled dwelling, whether or not it answered; the design weight is 1 / (p_incl_1 x p_incl_2).",
    (
        id_column("dwelling_id", "Identifier of the dwelling, made for the trial."),
        id_column("building_id", "Building in which the dwelling lies."),
        count_column(
            "floor_no",
            "Floor of the dwelling's entrance, 0 the ground floor.",
            low=-5,
            high=80,
            required=True,
            breach="row",
        ),
        count_column("bedrooms", "Bedrooms.", low=0, high=12),
        number_column("floor_area_m2", "Floor area.", unit="m2", low=8, high=2000, breach="row"),
        word_column(
            "outcome",
            "How the approach to the dwelling ended.",
            OUTCOMES,
            required=True,
        ),
        # No low and high: `weight_range` is their rule, because 0 itself is outside.
        number_column(
            "p_incl_1",
            "Probability that the building was drawn, above 0 and at most 1.",
            unit="probability",
            required=True,
            breach="row",
        ),
        number_column(
            "p_incl_2",
            "Probability that the dwelling was drawn within its building, above 0 and at most 1.",
            unit="probability",
            required=True,
            breach="row",
        ),
        word_column("supplier_class", "Size class of the energy supplier.", SUPPLIER_CLASSES),
    ),
    key=("dwelling_id",),
    parents=(Parent("building_id", "buildings", "building_id"),),
)
