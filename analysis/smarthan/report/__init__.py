"""Runs the notebooks and gathers the consultation pack: page, charts, tables, provenance; publishes it whole."""

from typing import TYPE_CHECKING

from smarthan.lazy import lazy_names

if TYPE_CHECKING:
    from .inputs import Inputs as Inputs
    from .inputs import open_inputs as open_inputs
    from .notebooks import notebook_folder as notebook_folder
    from .refusals import ReportRefused as ReportRefused
    from .runner import PackResult as PackResult
    from .runner import make_report as make_report
    from .starting import start_report as start_report
    from .verifying import Verified as Verified
    from .verifying import verify_report as verify_report

__all__ = [
    "Inputs",
    "PackResult",
    "ReportRefused",
    "Verified",
    "make_report",
    "notebook_folder",
    "open_inputs",
    "start_report",
    "verify_report",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "Inputs": "smarthan.report.inputs",
        "PackResult": "smarthan.report.runner",
        "ReportRefused": "smarthan.report.refusals",
        "Verified": "smarthan.report.verifying",
        "make_report": "smarthan.report.runner",
        "notebook_folder": "smarthan.report.notebooks",
        "open_inputs": "smarthan.report.inputs",
        "start_report": "smarthan.report.starting",
        "verify_report": "smarthan.report.verifying",
    },
)
