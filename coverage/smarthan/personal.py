"""The gate before every output: a table that holds personal data is refused, under whatever name it stands.

Two marks tell. The tag, `frame.attrs["personal"]`, names the personal columns and stays through renaming, selection and
sorting; pandas loses it in a concatenation, a merge or a count by group. So the values are known too: of every tagged
cell a keyed hash is kept, in this process alone, and a table that shows one of them is refused as well.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

TAG = "personal"
# Shorter values ("none", "u", 51.5) stand in tables that are nobody's; a postcode has at least five characters.
LEAST_TOLD = 5
_KEY = os.urandom(16)
_known: set[bytes] = set()


class PersonalRefused(ValueError):
    """A table with personal data was about to leave the house."""


def tag_personal(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return a copy of a table that says which of its columns are personal.

    Parameters
    ----------
    frame : DataFrame
    columns : sequence of str
        Those of them that stand in the table are tagged, beside what was tagged before.

    Returns
    -------
    DataFrame
        `attrs["personal"]` is the sorted tuple of the tagged names.

    Notes
    -----
    Keyed hashes of the tagged cells of five or more characters stay in memory until the process ends; the key is drawn
    at its start and neither is ever written.

    Examples
    --------
    >>> import pandas as pd
    >>> tag_personal(pd.DataFrame({"home": ["D1"], "uprn": ["10001234"]}), ["uprn", "mpan"]).attrs["personal"]
    ('uprn',)
    """
    tagged = frame.copy()
    names = [name for name in columns if name in frame]
    tagged.attrs[TAG] = tuple(sorted({*_tags(frame), *names}))
    for name in names:
        _known.update(_hashes(frame[name]))
    return tagged


def refuse_personal(frame: pd.DataFrame, *, to: object = "an output") -> None:
    """Refuse a table that holds personal data. Every function that writes or shows a table calls this first.

    Parameters
    ----------
    frame : DataFrame
    to : object
        Where the table was going, for the message.

    Raises
    ------
    PersonalRefused
        When the table carries the tag, or shows a value that was tagged before: in a column, its index or the names of
        its columns. The message names columns, never their content.

    Examples
    --------
    >>> import pandas as pd
    >>> refuse_personal(pd.DataFrame({"archetype": ["semi"]}))
    >>> joined = tag_personal(pd.DataFrame({"uprn": ["10001234"]}), ["uprn"]).rename(columns={"uprn": "ref"})
    >>> refuse_personal(joined, to="homes.csv")
    Traceback (most recent call last):
    smarthan.personal.PersonalRefused: homes.csv: the table holds personal data (tagged: uprn); call drop_personal first
    """
    if tags := _tags(frame):
        raise PersonalRefused(
            f"{to}: the table holds personal data (tagged: {', '.join(tags)}); call drop_personal first"
        )
    if _known and (places := list(_find_known(frame))):
        raise PersonalRefused(
            f"{to}: the table shows values of a personal column (in {', '.join(places)}); call drop_personal first"
        )


def drop_personal(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table without its personal columns and without the tag: it may be written.

    Parameters
    ----------
    frame : DataFrame
        Every tagged column must still stand in it under its name.

    Returns
    -------
    DataFrame
        Without the tagged columns and without those that show a tagged value.

    Raises
    ------
    PersonalRefused
        When a tagged column was renamed or taken away before, for nobody can say where its content is now.

    Examples
    --------
    >>> import pandas as pd
    >>> joined = tag_personal(pd.DataFrame({"uprn": ["10001234"], "storeys": [2]}), ["uprn"])
    >>> drop_personal(joined.assign(copy=joined["uprn"])).columns.tolist()
    ['storeys']
    """
    tags = _tags(frame)
    if gone := [name for name in tags if name not in frame]:
        raise PersonalRefused(
            f"the personal columns {', '.join(gone)} were renamed or taken away before; call drop_personal on the "
            "table as it was joined, then choose and rename columns"
        )
    kept = frame.drop(columns=list(tags))
    shown = [name for name in kept if _known and not _known.isdisjoint(_hashes(kept[name]))]
    kept = kept.drop(columns=shown)
    kept.attrs = {name: value for name, value in frame.attrs.items() if name != TAG}
    return kept


def _tags(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the tagged names; a tag that names none, such as True, stands for every column."""
    tags = frame.attrs.get(TAG, ())
    return tuple(tags) if isinstance(tags, list | tuple | set | frozenset) else tuple(map(str, frame)) if tags else ()


def _find_known(frame: pd.DataFrame) -> Iterator[str]:
    """Yield the places of a table that show a value tagged before; a column whose own name does is told by number."""
    import pandas as pd

    headed = pd.Series([str(name) for name in frame.columns], dtype="str")
    for place, name in enumerate(headed):
        if not _known.isdisjoint(_hashes(headed.iloc[place : place + 1])):
            yield f"the name of column {place + 1}"
        elif not _known.isdisjoint(_hashes(frame.iloc[:, place])):
            yield f"column {name}"
    if any(not _known.isdisjoint(_hashes(level.to_series())) for level in _levels(frame.index)):
        yield "the index"


def _levels(index: pd.Index) -> list[pd.Index]:
    import pandas as pd

    if isinstance(index, pd.RangeIndex):
        return []
    return list(index.levels) if isinstance(index, pd.MultiIndex) else [index]


def _hashes(cells: pd.Series) -> Iterator[bytes]:
    """Yield a keyed hash for each distinct value, blanks and case left aside: a postcode has many spellings."""
    for value in cells.dropna().unique():
        text = "".join(str(value).split()).casefold()
        if len(text) >= LEAST_TOLD:
            yield hashlib.blake2b(text.encode(), key=_KEY, digest_size=12).digest()
