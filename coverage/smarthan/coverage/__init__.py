"""Where the WAN reaches: postcodes, the coverage matrix of a release, and the questions it answers."""

from smarthan.lazy import lazy_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .differences.release_diff import ReleaseDiff as ReleaseDiff
    from .differences.release_diff import diff as diff
    from .differences.sanity import ChurnLimits as ChurnLimits
    from .duis.documents import DuisRegion as DuisRegion
    from .duis.documents import DuisRequest as DuisRequest
    from .duis.documents import DuisResponse as DuisResponse
    from .duis.reading import from_duis as from_duis
    from .duis.writing import to_duis as to_duis
    from .geography.nearest import nearest_covered as nearest_covered
    from .geography.polygons import boundaries as boundaries
    from .geography.uncovered import not_spot_cells as not_spot_cells
    from .geography.uncovered import not_spots as not_spots
    from .lookup.answers import CoverageAnswer as CoverageAnswer
    from .matrix import CoverageMatrix as CoverageMatrix
    from .measures.aggregation import roll_up as roll_up
    from .measures.outcomes import Accuracy as Accuracy
    from .measures.outcomes import accuracy as accuracy
    from .measures.portfolio import join_portfolio as join_portfolio
    from .measures.targets import target_check as target_check
    from .ofcom.reading import OfcomRead as OfcomRead
    from .ofcom.reading import read_ofcom_mobile as read_ofcom_mobile
    from .postcodes.parsing import parse_postcodes as parse_postcodes
    from .postcodes.rules import parse_postcode as parse_postcode
    from .reference.tables import lad_table as lad_table
    from .reference.tables import postcode_reference as postcode_reference
    from .reference.tables import terminated_postcodes as terminated_postcodes
    from .releases.reading import MatrixRead as MatrixRead
    from .releases.reading import read_installs as read_installs
    from .releases.reading import read_matrix as read_matrix
    from .releases.release import Release as Release
    from .releases.store import ReleaseStore as ReleaseStore
    from .releases.store import open_matrix as open_matrix
    from .releases.writing import write_matrix as write_matrix
    from .sample import sample_matrix as sample_matrix

__all__ = [
    "Accuracy",
    "ChurnLimits",
    "CoverageAnswer",
    "CoverageMatrix",
    "DuisRegion",
    "DuisRequest",
    "DuisResponse",
    "MatrixRead",
    "OfcomRead",
    "Release",
    "ReleaseDiff",
    "ReleaseStore",
    "accuracy",
    "boundaries",
    "diff",
    "from_duis",
    "join_portfolio",
    "lad_table",
    "nearest_covered",
    "not_spot_cells",
    "not_spots",
    "open_matrix",
    "parse_postcode",
    "parse_postcodes",
    "postcode_reference",
    "read_installs",
    "read_matrix",
    "read_ofcom_mobile",
    "roll_up",
    "sample_matrix",
    "target_check",
    "terminated_postcodes",
    "to_duis",
    "write_matrix",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "Accuracy": "smarthan.coverage.measures.outcomes",
        "ChurnLimits": "smarthan.coverage.differences.sanity",
        "CoverageAnswer": "smarthan.coverage.lookup.answers",
        "CoverageMatrix": "smarthan.coverage.matrix",
        "DuisRegion": "smarthan.coverage.duis.documents",
        "DuisRequest": "smarthan.coverage.duis.documents",
        "DuisResponse": "smarthan.coverage.duis.documents",
        "MatrixRead": "smarthan.coverage.releases.reading",
        "OfcomRead": "smarthan.coverage.ofcom.reading",
        "Release": "smarthan.coverage.releases.release",
        "ReleaseDiff": "smarthan.coverage.differences.release_diff",
        "ReleaseStore": "smarthan.coverage.releases.store",
        "accuracy": "smarthan.coverage.measures.outcomes",
        "boundaries": "smarthan.coverage.geography.polygons",
        "diff": "smarthan.coverage.differences.release_diff",
        "from_duis": "smarthan.coverage.duis.reading",
        "join_portfolio": "smarthan.coverage.measures.portfolio",
        "lad_table": "smarthan.coverage.reference.tables",
        "nearest_covered": "smarthan.coverage.geography.nearest",
        "not_spot_cells": "smarthan.coverage.geography.uncovered",
        "not_spots": "smarthan.coverage.geography.uncovered",
        "open_matrix": "smarthan.coverage.releases.store",
        "parse_postcode": "smarthan.coverage.postcodes.rules",
        "parse_postcodes": "smarthan.coverage.postcodes.parsing",
        "postcode_reference": "smarthan.coverage.reference.tables",
        "read_installs": "smarthan.coverage.releases.reading",
        "read_matrix": "smarthan.coverage.releases.reading",
        "read_ofcom_mobile": "smarthan.coverage.ofcom.reading",
        "roll_up": "smarthan.coverage.measures.aggregation",
        "sample_matrix": "smarthan.coverage.sample",
        "target_check": "smarthan.coverage.measures.targets",
        "terminated_postcodes": "smarthan.coverage.reference.tables",
        "to_duis": "smarthan.coverage.duis.writing",
        "write_matrix": "smarthan.coverage.releases.writing",
    },
)
