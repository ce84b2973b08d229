"""Where the WAN reaches: postcodes, the coverage matrix of a release, and the questions it answers."""

from typing import TYPE_CHECKING

from smarthan.lazy import lazy_names

if TYPE_CHECKING:
    from .aggregation import roll_up as roll_up
    from .answers import CoverageAnswer as CoverageAnswer
    from .matrix import CoverageMatrix as CoverageMatrix
    from .outcomes import Accuracy as Accuracy
    from .outcomes import accuracy as accuracy
    from .parsing import parse_postcodes as parse_postcodes
    from .portfolio import join_portfolio as join_portfolio
    from .postcodes import parse_postcode as parse_postcode
    from .reading import MatrixRead as MatrixRead
    from .reading import read_installs as read_installs
    from .reading import read_matrix as read_matrix
    from .reference import lad_table as lad_table
    from .reference import postcode_reference as postcode_reference
    from .reference import terminated_postcodes as terminated_postcodes
    from .release import Release as Release
    from .sample import sample_matrix as sample_matrix
    from .store import open_matrix as open_matrix
    from .targets import target_check as target_check

__all__ = [
    "Accuracy",
    "CoverageAnswer",
    "CoverageMatrix",
    "MatrixRead",
    "Release",
    "accuracy",
    "join_portfolio",
    "lad_table",
    "open_matrix",
    "parse_postcode",
    "parse_postcodes",
    "postcode_reference",
    "read_installs",
    "read_matrix",
    "roll_up",
    "sample_matrix",
    "target_check",
    "terminated_postcodes",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "Accuracy": "smarthan.coverage.outcomes",
        "CoverageAnswer": "smarthan.coverage.answers",
        "CoverageMatrix": "smarthan.coverage.matrix",
        "MatrixRead": "smarthan.coverage.reading",
        "Release": "smarthan.coverage.release",
        "accuracy": "smarthan.coverage.outcomes",
        "join_portfolio": "smarthan.coverage.portfolio",
        "lad_table": "smarthan.coverage.reference",
        "open_matrix": "smarthan.coverage.store",
        "parse_postcode": "smarthan.coverage.postcodes",
        "parse_postcodes": "smarthan.coverage.parsing",
        "postcode_reference": "smarthan.coverage.reference",
        "read_installs": "smarthan.coverage.reading",
        "read_matrix": "smarthan.coverage.reading",
        "roll_up": "smarthan.coverage.aggregation",
        "sample_matrix": "smarthan.coverage.sample",
        "target_check": "smarthan.coverage.targets",
        "terminated_postcodes": "smarthan.coverage.reference",
    },
)
