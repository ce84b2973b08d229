"""What an appraisal starts from: a commented folder, or a workbook with lists to choose from."""

from __future__ import annotations

from importlib.resources import files
from os import PathLike
from pathlib import Path

from smarthan.files import write_whole

from .copying import write_draft
from .reading import open_draft

FILES = ("appraisal.toml", "scores.csv", "weights.csv", "evidence.csv")


def write_appraisal_template(path: str | PathLike[str], *, replace: bool = False) -> Path:
    """Write an appraisal to start from: small, complete, every example in it to be replaced.

    Parameters
    ----------
    path : path
        A name that ends in .xlsx for a workbook, else a folder, which is made where needed.
    replace : bool
        Whether files that are there may be written over.

    Returns
    -------
    Path
        What was written; `read_appraisal` reads it without an error.

    Raises
    ------
    FileExistsError
        When something is there and `replace` is False: somebody's appraisal may stand in it.
    OSError
        When it cannot be written.

    Notes
    -----
    Its status is draft, and it says that it is synthetic: so does all that is made from it, until its owner says
    otherwise. The folder's `appraisal.toml` explains itself line by line. The workbook begins with a guide; a message
    beside each cell says what belongs there, words come as drop-downs, and no sheet, row or column is hidden.

    References
    ----------
    Analysis Function, "Making spreadsheets accessible: a brief checklist of the basics".

    Examples
    --------
    >>> import tempfile
    >>> from smarthan.analysis import read_appraisal
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     appraisal = read_appraisal(write_appraisal_template(Path(folder) / "mine.xlsx"))
    >>> appraisal.status, appraisal.synthetic, len(appraisal.options)
    ('draft', True, 3)
    """
    target = Path(path)
    source = Path(str(files("smarthan.analysis") / "data" / "appraisal_template"))
    if target.suffix.casefold() == ".xlsx":
        return write_draft(open_draft(source), target, replace=replace)
    there = [name for name in FILES if (target / name).exists()]
    if there and not replace:
        raise FileExistsError(f"{target}: holds {', '.join(there)} already; choose another folder")
    target.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        with write_whole(target / name) as stream:
            stream.write((source / name).read_bytes())
    return target
