"""Workbooks (.xlsx, .xlsm) read as tables of text: nothing extracted, followed, run or guessed."""

from typing import TYPE_CHECKING

from smarthan.lazy import lazy_names

if TYPE_CHECKING:
    from .book import SheetEntry as SheetEntry
    from .book import Workbook as Workbook
    from .book import open_workbook as open_workbook
    from .limits import WORKBOOK_LIMITS as WORKBOOK_LIMITS
    from .limits import WorkbookLimits as WorkbookLimits
    from .opening import open_sheet as open_sheet
    from .places import row_of as row_of

__all__ = [
    "WORKBOOK_LIMITS",
    "SheetEntry",
    "Workbook",
    "WorkbookLimits",
    "open_sheet",
    "open_workbook",
    "row_of",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "WORKBOOK_LIMITS": "smarthan.tables.workbook.limits",
        "WorkbookLimits": "smarthan.tables.workbook.limits",
        "SheetEntry": "smarthan.tables.workbook.book",
        "Workbook": "smarthan.tables.workbook.book",
        "open_workbook": "smarthan.tables.workbook.book",
        "open_sheet": "smarthan.tables.workbook.opening",
        "row_of": "smarthan.tables.workbook.places",
    },
)
