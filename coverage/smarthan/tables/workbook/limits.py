"""What one workbook may cost."""

from __future__ import annotations

from dataclasses import dataclass

LAST_ROW = 1_048_576  # ECMA-376 says nothing; Excel specifications and limits, Microsoft


@dataclass(frozen=True)
class WorkbookLimits:
    """What one workbook may cost. Ours; give another instance to a reader to change them.

    Attributes
    ----------
    packed_bytes, unpacked_bytes : int
        Size of the file, and of all its members together.
    ratio, ratio_floor_bytes : int
        How many times its packed size a member may have; a member below the floor may pack as it likes.
    directory_bytes : int
        The archive's list of members: a hundred bytes for each sheet of a thousand.
    elements : int
        Start tags of all parts read: what bounds the time of a reading, however small a tag is. A cell has two. An
        element that expat tells us of counts for three and a row for five more (`parts`), as they cost. Set so that
        the costliest faulty workbook (`tests/worst_xlsx.py`) takes less than 10 s of one core and 512 MB; a trial of
        35,000 readings, written by a spreadsheet, is the largest that it lets through. Larger ones are read as CSV.
    listed : int
        Faults that are listed one by one, in all sheets together; beyond them a row is listed under its first one.
    tag_bytes : int
        Of one tag or comment.
    depth, attributes : int
        Of one element. Sheet protection alone has 21 attributes (ECMA-376 part 1, 18.3.1.85).
    columns : int
        Named columns of a sheet.
    cell_characters : int
        Of one cell: what a spreadsheet holds.
    ranges : int
        Merged ranges and hyperlinks of one sheet.
    """

    packed_bytes: int = 64 << 20
    unpacked_bytes: int = 256 << 20
    ratio: int = 100
    ratio_floor_bytes: int = 1 << 20
    directory_bytes: int = 1 << 20
    elements: int = 3_000_000
    listed: int = 100_000
    tag_bytes: int = 1 << 20
    depth: int = 32
    attributes: int = 64
    columns: int = 512
    cell_characters: int = 32_767
    ranges: int = 100_000


WORKBOOK_LIMITS = WorkbookLimits()
