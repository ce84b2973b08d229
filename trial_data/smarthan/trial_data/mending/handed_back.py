"""The quarantine's files as a person hands them back: each row with its place, or refused in a sentence."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from smarthan.files import sha256_of
from smarthan.tables import FileRefused, TextTable, clip, read_text_table
from smarthan.trial_data.declared import TRIAL_TABLES

from .quarantine_files import PLACE, STAMP, unescape
from .set_aside import WITHHELD, SetAside

_NAMED = 5  # places named in one sentence; the rest are counted
_DECISIONS = ("", "drop", "take")


@dataclass(frozen=True)
class HandedBack:
    """The rows of one table that came back.

    Attributes
    ----------
    file, sha256, size, records
        The file, and the rows counted on its bytes.
    changed : dict of str to dict of str to str
        Place to cells, for each row that differs from how it stood, or is taken as it stands.
    dropped : frozenset of str
        Places of rows to be left out.
    taken : frozenset of str
        Places of rows to be taken as they stand here.
    places : frozenset of str
        All rows that came back.
    """

    file: str = ""
    sha256: str = ""
    size: int = 0
    records: int = 0
    changed: Mapping[str, Mapping[str, str]] | None = None
    dropped: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    @property
    def mended(self) -> Mapping[str, Mapping[str, str]]:
        """Changed rows that are not dropped."""
        return {place: cells for place, cells in (self.changed or {}).items() if place not in self.dropped}


def read_handed_back(
    folder: Path,
    asides: Mapping[str, SetAside],
    accepted: Mapping[str, Collection[str]],
    hashes: Mapping[str, str],
) -> tuple[dict[str, HandedBack], list[FileRefused]]:
    """Read a folder of mended rows.

    Parameters
    ----------
    folder : Path
        As `write_quarantine` wrote it, its cells edited.
    asides : mapping of str to SetAside
        Each table's rows in quarantine, as they stood.
    accepted : mapping of str to collection of str
        Each table's places of accepted rows.
    hashes : mapping of str to str
        The SHA-256 of the file that each table came from.

    Returns
    -------
    tuple of (dict of str to HandedBack, list of FileRefused)
        What came back, and every reason why something cannot be used.
    """
    if not folder.is_dir():
        message = "is no folder; give the folder that --quarantine or write_quarantine wrote"
        return {}, [FileRefused(folder, "file_missing", message)]
    problems = _find_stale(folder, hashes)
    found: dict[str, HandedBack] = {}
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in asides:
            message = f"is no table of this delivery; its tables: {', '.join(asides)}"
            problems.append(FileRefused(path, "mended_place", message))
            continue
        try:
            read = _read_rows(path, asides[path.stem])
            _check_places(path, read, asides[path.stem], accepted[path.stem])
            found[path.stem] = _sort_out(path, read, asides[path.stem])
        except FileRefused as refused:
            problems.append(refused)
    return found, problems


def _find_stale(folder: Path, hashes: Mapping[str, str]) -> list[FileRefused]:
    """Return a refusal for each file of the delivery that is no longer the one the rows came from."""
    stamp = folder / STAMP
    if not stamp.exists():
        return []
    try:
        written = {
            table: (str(said["file"]), str(said["sha256"])) for table, said in json.loads(stamp.read_text()).items()
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return [FileRefused(stamp, "mended_stale", "cannot be read; delete it if the delivery has not changed")]
    message = "has changed since the quarantine was written, so lines may have moved; write the quarantine anew"
    return [
        FileRefused(folder / f"{table}.csv", "mended_stale", f"the delivered {clip(file)} {message}")
        for table, (file, sha256) in written.items()
        if table in hashes and hashes[table] != sha256
    ]


def _read_rows(path: Path, aside: SetAside) -> TextTable:
    expected = [*PLACE, "decision", *aside.cells.columns]
    read = read_text_table(path, wanted={name.casefold(): name for name in expected})
    if absent := [name for name in expected if name not in read.frame]:
        message = f"has no column {', '.join(absent)}; keep every column of the quarantine's file"
        raise FileRefused(path, "header_missing", message)
    broken = [
        problem for problem in read.problems if not problem.column and problem.line and problem.code[:4] == "row_"
    ]
    if broken:
        more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
        raise FileRefused(path, broken[0].code, f"line {broken[0].line}: {broken[0].message}{more}; mend the line")
    frame = read.frame.apply(lambda column: column.map(unescape))
    return TextTable(frame.assign(line=frame["line"].str.strip()), read.line, read.problems, read.source)


def _check_places(path: Path, read: TextTable, aside: SetAside, accepted: Collection[str]) -> None:
    """Refuse rows of another file, without a place, of an accepted row's place, or of one place twice."""
    places, files, line = read.frame["line"], read.frame["file"].str.strip(), read.line
    other = files.ne(aside.file)
    known = places.isin(aside.cells.index)
    taken = ~known & places.isin(accepted)
    decision = _decisions(read)
    for code, mask, cells, message in (
        (
            "mended_place",
            other,
            files,
            f"is no file that {TRIAL_TABLES[path.stem].name} came from, that is {aside.file}",
        ),
        ("mended_accepted", ~other & taken, places, "is the place of a row that was accepted; remove the row here"),
        (
            "mended_place",
            ~other & ~known & ~taken,
            places,
            f"is no place of a row of {aside.file}; restore column line",
        ),
        ("mended_twice", ~other & known & places.duplicated(), places, "is the place of two rows; keep one"),
        (
            "category_unknown",
            ~decision.isin(_DECISIONS),
            decision,
            "is no decision; write drop or take, or leave it empty",
        ),
    ):
        if mask.any():
            said = [
                f"line {n}: '{clip(word)}'" for n, word in zip(line[mask][:_NAMED], cells[mask][:_NAMED], strict=True)
            ]
            rest = int(mask.sum()) - len(said)
            raise FileRefused(path, code, f"{', '.join(said)}{f' and {rest} more' if rest else ''} {message}")


def _sort_out(path: Path, read: TextTable, aside: SetAside) -> HandedBack:
    """Return which rows were changed and which dropped; a withheld cell stands for what it withholds."""
    places = pd.Index(read.frame["line"])
    before = aside.cells.loc[places]
    after = read.frame[list(aside.cells.columns)].set_axis(places)
    after = after.where(after.ne(WITHHELD), before)
    shaped = before.map(_as_a_csv_keeps_it)
    changed = after.ne(shaped).any(axis=1) & after.ne(before).any(axis=1)
    decision = _decisions(read).to_numpy()
    taken = decision == "take"
    rows = after[changed.to_numpy() | taken]
    return HandedBack(
        file=path.name,
        sha256=sha256_of(path),
        size=read.source.size,
        records=read.source.records,
        changed=dict(zip(rows.index, rows.to_dict("records"), strict=True)),
        dropped=frozenset(places[decision == "drop"]),
        taken=frozenset(places[taken]),
        places=frozenset(places),
    )


def _decisions(read: TextTable) -> pd.Series:
    return read.frame["decision"].str.strip().str.casefold()


def _as_a_csv_keeps_it(cell: str) -> str:
    return cell.encode("utf-8", errors="replace").decode()
