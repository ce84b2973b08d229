"""`smarthan lookup --file`: a portfolio of any size, answered row by row, none lost and none multiplied."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pandas as pd

from smarthan.commands.lookups import Asked
from smarthan.commands.outcome import DONE, SET_ASIDE, Outcome, Refused
from smarthan.coverage.lookup.statuses import MALFORMED
from smarthan.files import write_csv, write_whole
from smarthan.personal import refuse_personal
from smarthan.tables import FileRefused, clip, read_text_table


def answer_file(asked: Asked) -> Outcome:
    """Answer the portfolio that the command line names."""
    source, target = Path(asked.file or ""), Path(asked.out or "")
    if target.suffixes[-1:] not in ([".csv"], [".parquet"]) and target.suffixes[-2:] != [".csv", ".gz"]:
        raise Refused(f"--out {target}: the name must end in .csv, .csv.gz or .parquet")
    if target.is_dir():
        raise Refused(f"--out {target}: is a folder; name a file")
    if not target.resolve().parent.is_dir():
        raise Refused(f"--out {target}: the folder {target.parent} does not exist; make it first")
    return answer_portfolio(
        source, target, column=asked.column or "", uprn_column=asked.uprn_column, matrix=asked.matrix, as_of=asked.as_of
    )


def answer_portfolio(
    source: Path,
    target: Path,
    *,
    column: str,
    uprn_column: str | None = None,
    matrix: str | os.PathLike[str] | None = None,
    as_of: dt.date | None = None,
) -> Outcome:
    """Add the coverage answer to each row of a portfolio and write it.

    Parameters
    ----------
    source, target : Path
        `.csv`, `.csv.gz` or `.parquet`; the target may not be the source.
    column, uprn_column : str
        Columns that hold the postcode and, if any, the UPRN.
    matrix : path, optional
        A release folder, file or store; None asks the matrix that a bare look-up asks.
    as_of : date, optional
        The day asked, which also picks the release of a store; None asks the current release about today.

    Returns
    -------
    Outcome
        Code 1 when a row was set aside or a key was malformed.

    Raises
    ------
    Refused
        When a column is absent, or the target is the source.
    FileRefused
        When the source cannot be used.
    """
    if source.resolve() == target.resolve():
        raise Refused(f"--out {target} is the input itself; name another file")
    frame, set_aside = _read(source)
    keys = [name for name in (column, uprn_column) if name]
    for name in keys:
        if name not in frame:
            _refuse_other_mark(source, frame, name)
            raise Refused(f"{source}: has no column '{clip(name)}'; it has {', '.join(map(clip, frame.columns))}")
    from smarthan.coverage import join_portfolio, open_matrix
    from smarthan.coverage.releases.store import NoRelease

    try:
        held = open_matrix(matrix, as_of=as_of)
    except NoRelease as error:
        answered = _without_release(frame, keys, as_of, str(error))
        _write(answered, target)
        return _tell_no_release(source, target, len(frame), set_aside, as_of, str(error))
    answered = join_portfolio(frame, held, postcode=column, uprn=uprn_column, as_of=as_of or dt.date.today())
    _write(answered, target)
    counts = answered["cov_status"].astype("str").value_counts().sort_index()
    document = {
        "file": str(source),
        "out": str(target),
        "rows_read": len(frame) + len(set_aside),
        "rows_answered": len(frame),
        "rows_set_aside": len(set_aside),
        "statuses": {str(status): int(number) for status, number in counts.items()},
        "release_id": held.release.release_id,
        "as_of": held.release.as_of.isoformat() if held.release.as_of else None,
        "asked_on": str(as_of or dt.date.today()),
        "synthetic": bool(held.release.synthetic),
    }
    document["rows_malformed"] = malformed = sum(
        int(number) for status, number in counts.items() if status in MALFORMED
    )
    code = SET_ASIDE if set_aside or malformed else DONE
    return Outcome(_describe(document), document, (*held.notes, *set_aside[:20]), code)


# Types of the added columns that are not text: where no release was opened, a column is as it is in any other answer.
_TYPES = {
    **dict.fromkeys(("degraded", "multi_region", "synthetic"), "boolean"),
    **dict.fromkeys(("anticipated", "as_of", "asked_on"), "datetime64[us]"),
    "days": "Int64",
    "share": "float64",
}


def _without_release(frame: pd.DataFrame, keys: list[str], as_of: dt.date | None, message: str) -> pd.DataFrame:
    """The portfolio with the columns of any other answer, each row NO_RELEASE as the look-up of one postcode is."""
    from smarthan.coverage.lookup.statuses import NO_RELEASE, WORDS
    from smarthan.coverage.measures.portfolio import KEPT, check_portfolio

    check_portfolio(frame, keys)
    known = {
        "status": NO_RELEASE,
        "words": WORDS[NO_RELEASE],
        "degraded": False,
        "multi_region": False,
        "asked_on": pd.Timestamp(as_of) if as_of else None,
        "notes": message,
    }
    added = {
        f"cov_{name}": pd.Series([known.get(name)] * len(frame), frame.index, dtype=_TYPES.get(name, "str"))
        for name in KEPT
    }
    return frame.assign(**added)


def _tell_no_release(
    source: Path, target: Path, rows: int, set_aside: list[str], as_of: dt.date | None, message: str
) -> Outcome:
    from smarthan.coverage.lookup.statuses import NO_RELEASE

    document = {
        "file": str(source),
        "out": str(target),
        "rows_read": rows + len(set_aside),
        "rows_answered": rows,
        "rows_set_aside": len(set_aside),
        "statuses": {NO_RELEASE: rows} if rows else {},
        "release_id": None,
        "as_of": None,
        "asked_on": str(as_of),
        "synthetic": None,
        "rows_malformed": 0,
    }
    text = f"{rows:,} rows read, each answered {NO_RELEASE} -> {target}"
    return Outcome(text, document, (message, *set_aside[:20]), SET_ASIDE if set_aside else DONE)


def _refuse_other_mark(source: Path, frame: pd.DataFrame, wanted: str) -> None:
    """Refuse a portfolio whose cells are kept apart by another mark than a comma: the column is there, not found."""
    for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        parts = [part.strip().strip('"') for name in map(str, frame.columns) for part in name.split(mark)]
        if wanted in parts:
            advice = "save it as 'CSV UTF-8 (comma delimited)' or Parquet and ask again"
            raise FileRefused(source, "file_delimiter", f"is separated by {word} ('{mark}'), not by commas; {advice}")


def _read(source: Path) -> tuple[pd.DataFrame, list[str]]:
    """Return the portfolio as text, and a sentence for each record that is not whole."""
    if source.suffix == ".parquet":
        return _read_parquet(source), []
    if source.suffix != ".csv" and source.suffixes[-2:] != [".csv", ".gz"]:
        raise FileRefused(source, "file_unreadable", "is not named .csv, .csv.gz or .parquet")
    text = read_text_table(source)
    notes = [f"{source}: line {p.line}: {p.message} ({p.code}); row set aside" for p in text.problems]
    return text.frame, notes


def _read_parquet(source: Path) -> pd.DataFrame:
    """Return the table, with a named index as its first columns: no form of output drops them then."""
    try:
        frame = pd.read_parquet(source)
        names = frame.index.names
        return frame if None in names or not set(names).isdisjoint(frame) else frame.reset_index()
    except FileNotFoundError:
        raise FileRefused(source, "file_missing", "does not exist; check the path") from None
    except Exception as error:
        raise FileRefused(source, "file_unreadable", f"is not a Parquet file: {clip(error)}") from None


def _write(frame: pd.DataFrame, target: Path) -> None:
    if target.suffix != ".parquet":
        write_csv(frame, target)
        return
    refuse_personal(frame, to=target)
    with write_whole(target) as stream:
        frame.to_parquet(stream)  # labels without a name stay labels


def _describe(document: dict[str, object]) -> str:
    statuses = document["statuses"]
    lines = [
        f"{document['rows_read']:,} rows read, {document['rows_answered']:,} answered, "
        f"{document['rows_set_aside']:,} set aside, {document['rows_malformed']:,} without a usable key "
        f"-> {document['out']}",
        *(f"  {status:<18}{number:>12,}" for status, number in dict(statuses).items()),  # type: ignore[call-overload]
        f"release {document['release_id']} as of {document['as_of'] or 'a day that is not stated'}"
        + (", SYNTHETIC" if document["synthetic"] else "")
        + f"; asked on {document['asked_on']}",
    ]
    return "\n".join(lines)
