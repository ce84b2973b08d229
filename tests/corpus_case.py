"""One hostile or broken coverage file, what must become of it, and short ways to write one down."""

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Outcome = Literal["accept", "repair", "quarantine", "refuse", "any"]

COLUMNS = (
    *("postcode", "uprn", "address_identifier", "csp_region", "region_code", "available", "anticipated"),
    *("wan_technology", "likelihood", "auxiliary", "info", "premises", "premises_available"),
)
HEADER = ",".join(COLUMNS)
# Good rows, one of each kind: a postcode, two regions, planned, an error row, a UPRN, an address, a quoted remark.
GOOD = (
    "SW1A 1AA,,,South,I0,true,,Cellular,High,,,20,20",
    "LL57 2DG,,,Central,I0,true,,Cellular,Medium,Aerial T1,,10,10",
    "LL57 2DG,,,4G Central,I0,false,2027-03-31,4G,High,,,10,0",
    "CA1 1AE,,,North,E62,,,,,,,8,",
    "CA1 1AQ,1001,,North,I0,true,,Long range radio,High,,,,",
    "CA1 1AN,,1 HIGH ST,North,I0,false,,Long range radio,Low,,,,",
    'EH1 1YZ,,,North,I0,true,,Long range radio,High,,"tenement, close",30,30',
)
SPARE_ROW = "M1 1AE,,,North,I0,true,,Long range radio,High,,,5,5"
SPARE = dict(zip(COLUMNS, next(csv.reader([SPARE_ROW])), strict=True))


@dataclass(frozen=True)
class Case:
    """One input and what must become of it.

    Attributes
    ----------
    id, family : str
        Name, and the class of faults it belongs to.
    input : str
        File name.
    outcome : str
        accept, repair, quarantine, refuse; any = refused or accounted for (damage that no reader can see).
    codes : tuple of str
        Rule codes that must be told: those of quarantined rows exactly, others at least.
    read, accepted, quarantined : int or None
        Rows; None where the file is refused or the damage decides.
    twin : tuple of str or None
        Data rows of the clean file whose accepted table is the same; None where there is none.
    countable : bool
        Whether Python's csv module counts the same records (it does not where quotes are broken).
    data : bytes
        The file.
    """

    id: str
    family: str
    input: str
    outcome: Outcome
    codes: tuple[str, ...] = ()
    read: int | None = None
    accepted: int | None = None
    quarantined: int | None = None
    twin: tuple[str, ...] | None = None
    countable: bool = True
    data: bytes = field(default=b"", repr=False)

    def facts(self) -> dict[str, Any]:
        """Return the manifest entry."""
        facts = {name: value for name, value in asdict(self).items() if name != "data"}
        return facts | {"twin": None if self.twin is None else [HEADER, *self.twin]}


def text_of(*rows: str, header: str = HEADER, end: str = "\n") -> str:
    """Return a file's text."""
    return end.join([header, *rows]) + end


CLEAN = text_of(*GOOD)


def row(**cells: str) -> str:
    """Return the spare row with some cells replaced, quoted where need be."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow({**SPARE, **cells}.values())
    return line.getvalue().removesuffix("\r\n")


def pack(data: bytes) -> bytes:
    """Return gzip data without a time in it."""
    return gzip.compress(data, compresslevel=6, mtime=0)


def kept(
    name: str,
    family: str,
    data: bytes | str,
    *,
    twin: Sequence[str] = GOOD,
    codes: Sequence[str] = (),
    end: str = ".csv",
) -> Case:
    """A file of which every row is accepted, with or without repairs."""
    raw = data.encode() if isinstance(data, str) else data
    count = len(twin)
    repairs = {"header_spelling", "category_spelling", "key_spelling"}
    outcome: Outcome = "repair" if repairs & set(codes) else "accept"
    return Case(name, family, f"{name}{end}", outcome, tuple(codes), count, count, 0, tuple(twin), data=raw)


def set_aside(
    name: str,
    family: str,
    data: bytes | str,
    *codes: str,
    bad: int = 1,
    twin: Sequence[str] = GOOD,
    end: str = ".csv",
    countable: bool = True,
) -> Case:
    """A file whose good rows are kept and whose bad ones are in quarantine."""
    raw = data.encode() if isinstance(data, str) else data
    good = len(twin)
    return Case(
        name, family, f"{name}{end}", "quarantine", codes, good + bad, good, bad, tuple(twin), countable, data=raw
    )


def refused(name: str, family: str, data: bytes | str, code: str, end: str = ".csv") -> Case:
    """A file of which nothing is accepted."""
    return Case(name, family, f"{name}{end}", "refuse", (code,), data=data.encode() if isinstance(data, str) else data)


def bad_cells(family: str, column: str, cells: dict[str, tuple[str, str]]) -> Iterator[Case]:
    """One case a cell: {name: (cell, code)}; its row is quarantined and the others are kept."""
    for name, (cell, code) in cells.items():
        yield set_aside(f"{column}-{name}", family, text_of(*GOOD, row(**{column: cell})), code)


def good_cells(family: str, column: str, cells: dict[str, tuple[str, str, str]]) -> Iterator[Case]:
    """One case a cell: {name: (cell, what it is read as, code of the note or '')}; its row is accepted."""
    for name, (cell, clean, code) in cells.items():
        twin = (*GOOD, row(**{column: clean}))
        yield kept(
            f"{column}-{name}", family, text_of(*GOOD, row(**{column: cell})), twin=twin, codes=[code] * bool(code)
        )
