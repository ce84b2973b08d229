"""Personal data, read apart and on explicit request only."""

from __future__ import annotations

import os

from smarthan.tables import LIMITS, Limits, TableRead, open_rows

from .declared import IDENTITY


def read_identity(path: str | os.PathLike[str], *, limits: Limits = LIMITS) -> TableRead:
    """Read an identity file: who lives where. Its content never goes into an output.

    Parameters
    ----------
    path : path
        A `.csv` or `.csv.gz` file with building_id or dwelling_id and personal columns.
    limits : Limits
        What the file may cost.

    Returns
    -------
    TableRead
        frame, quarantine, notes, ledger. `frame.attrs["personal"]` is True; quarantine and notes show no personal cell.

    Raises
    ------
    FileRefused
        When the file cannot be used.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "identity.csv"
    ...     _ = path.write_text("building_id,uprn\\nB1,10001\\n,10002\\n")
    ...     read = read_identity(path)
    >>> len(read.frame), read.quarantine["code"].tolist(), read.frame.attrs
    (1, ['required_missing'], {'personal': True})
    """
    rows = open_rows(path, IDENTITY, limits=limits)
    homeless = rows.frame["building_id"].isna() & rows.frame["dwelling_id"].isna()
    unreported = homeless & rows.alive
    rows.reject(unreported, "required_missing", "building_id", "building_id and dwelling_id are both empty; give one")
    rows.reject_duplicates()
    read = rows.finish()
    read.frame.attrs["personal"] = True
    return read
