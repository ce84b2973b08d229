"""The ground floor: declared tables, reading with row accounting, quarantine, ledger, the safe join."""

from typing import TYPE_CHECKING

from smarthan.lazy import lazy_names

if TYPE_CHECKING:
    from .accounting import Rows as Rows
    from .accounting import TableRead as TableRead
    from .accounting import empty_ledger as empty_ledger
    from .fields import Field as Field
    from .fields import Kind as Kind
    from .fields import Parent as Parent
    from .fields import Table as Table
    from .findings import empty_problems as empty_problems
    from .joining import Joined as Joined
    from .joining import join as join
    from .problems import RULES as RULES
    from .problems import FileRefused as FileRefused
    from .problems import Rule as Rule
    from .problems import clip as clip
    from .problems import register as register
    from .reading import TextTable as TextTable
    from .reading import open_rows as open_rows
    from .reading import read_text_table as read_text_table
    from .scan import LIMITS as LIMITS
    from .scan import Limits as Limits

__all__ = [
    "LIMITS",
    "RULES",
    "Field",
    "FileRefused",
    "Joined",
    "Kind",
    "Limits",
    "Parent",
    "Rows",
    "Rule",
    "Table",
    "TableRead",
    "TextTable",
    "clip",
    "empty_ledger",
    "empty_problems",
    "join",
    "open_rows",
    "read_text_table",
    "register",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "LIMITS": "smarthan.tables.scan",
        "Limits": "smarthan.tables.scan",
        "RULES": "smarthan.tables.problems",
        "Rule": "smarthan.tables.problems",
        "FileRefused": "smarthan.tables.problems",
        "clip": "smarthan.tables.problems",
        "register": "smarthan.tables.problems",
        "Field": "smarthan.tables.fields",
        "Kind": "smarthan.tables.fields",
        "Parent": "smarthan.tables.fields",
        "Table": "smarthan.tables.fields",
        "TextTable": "smarthan.tables.reading",
        "open_rows": "smarthan.tables.reading",
        "read_text_table": "smarthan.tables.reading",
        "Rows": "smarthan.tables.accounting",
        "TableRead": "smarthan.tables.accounting",
        "empty_ledger": "smarthan.tables.accounting",
        "empty_problems": "smarthan.tables.findings",
        "Joined": "smarthan.tables.joining",
        "join": "smarthan.tables.joining",
    },
)
