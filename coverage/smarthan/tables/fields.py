"""Tables declared once: from these declarations come reading, rules, dictionaries and messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

Kind = Literal["identifier", "text", "category", "words", "integer", "number", "boolean", "date", "datetime"]

# `words` is a `;`-separated set of listed words, kept as text in the declared order.
DTYPES: dict[str, str] = {
    "identifier": "str",
    "text": "str",
    "category": "category",
    "words": "str",
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "datetime64[us]",
    "datetime": "datetime64[us, UTC]",
}


@dataclass(frozen=True)
class Field:
    """One column, declared once.

    Attributes
    ----------
    name : str
        Column name, with its unit as suffix where it has one.
    kind : Kind
        What the cells are; `DTYPES` gives the pandas dtype.
    about : str
        One sentence for the data dictionary.
    unit : str
        Unit of a number, or empty.
    required : bool
        An empty cell breaks `required_missing`.
    allowed : tuple of str
        The words of a category, in order.
    ordered : bool
        Whether those words have an order (low to high).
    low, high : float or None
        Inclusive range of a number, or None.
    max_length : int
        Longest text accepted, in characters.
    breach : {"row", "null"}
        Whether a number out of range quarantines the row or only empties the cell.
    sentinels : tuple of str
        Texts that mean "missing" in this column though they look like values.
    personal, quasi : bool
        Personal data; quasi-identifier for disclosure control.
    verbatim : bool
        Free text that is kept even where a spreadsheet would run it: what writes it, escapes it. Never an identifier.
    aliases : tuple of str
        Other column names accepted for it (a repair, counted).
    optional_column : bool
        Whether the column itself may be absent from a file.
    """

    name: str
    kind: Kind
    about: str
    unit: str = ""
    required: bool = False
    allowed: tuple[str, ...] = ()
    ordered: bool = False
    low: float | None = None
    high: float | None = None
    max_length: int = 32_767
    breach: Literal["row", "null"] = "row"
    sentinels: tuple[str, ...] = ()
    personal: bool = False
    quasi: bool = False
    verbatim: bool = False
    aliases: tuple[str, ...] = ()
    optional_column: bool = True

    @property
    def dtype(self) -> str:
        """The pandas dtype of the finished column."""
        return DTYPES[self.kind]

    @property
    def expectation(self) -> str:
        """What a cell must look like, in words for a message."""
        if self.allowed:
            return "one of " + ", ".join(self.allowed)
        words = {
            "integer": "a whole number",
            "number": "a plain number such as 12.5",
            "boolean": "true or false",
            "date": "a date such as 2026-11-02",
            "datetime": "a time such as 2026-11-02T09:30:00Z",
        }.get(self.kind, "text")
        if self.low is not None or self.high is not None:
            low = "" if self.low is None else f" from {self.low:g}"
            high = "" if self.high is None else f" to {self.high:g}"
            words += low + high + (f" {self.unit}" if self.unit else "")
        return words


@dataclass(frozen=True)
class Parent:
    """A reference: the cells of `column` must name a `key` of `table`."""

    column: str
    table: str
    key: str


@dataclass(frozen=True)
class Table:
    """A declared table: its name, sentence, columns, key and references."""

    name: str
    about: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    parents: tuple[Parent, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Field by column name."""
        return {field.name: field for field in self.fields}

    @property
    def names(self) -> list[str]:
        """Column names in declared order."""
        return [field.name for field in self.fields]

    def empty(self) -> pd.DataFrame:
        """Return the table with no row and the declared dtypes."""
        import pandas as pd

        return pd.DataFrame({f.name: typed_column(f, pd.Series([], dtype="str")) for f in self.fields})

    def dictionary(self) -> pd.DataFrame:
        """Return the data dictionary: one row a column, in declared order."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "table": self.name,
                    "column": f.name,
                    "type": f.kind,
                    "unit": f.unit,
                    "required": f.required,
                    "allowed": f.expectation,
                    "personal": f.personal,
                    "about": f.about,
                }
                for f in self.fields
            ]
        )

    def schema(self) -> pa.DataFrameSchema:
        """Return the pandera schema that a finished table meets, for users' own checks and ours."""
        import pandera.pandas as pa

        return pa.DataFrameSchema(
            {
                f.name: pa.Column(None, checks=list(_checks(f)), nullable=not f.required, title=f.about)
                for f in self.fields
            },
            name=self.name,
            strict=True,
        )


def _checks(field: Field) -> Iterator[pa.Check]:
    import pandera.pandas as pa

    if field.kind in ("category",) and field.allowed:
        yield pa.Check.isin(list(field.allowed))
    if field.low is not None:
        yield pa.Check.ge(field.low)
    if field.high is not None:
        yield pa.Check.le(field.high)


def typed_column(field: Field, values: pd.Series) -> pd.Series:
    """Return values (already checked, missing as NA) in the field's dtype."""
    import pandas as pd

    if field.kind == "category":
        words = field.allowed or sorted(values.dropna().unique())
        return values.astype(pd.CategoricalDtype(list(words), ordered=field.ordered))
    return values.astype(cast("Any", field.dtype))
