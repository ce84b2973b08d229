"""The appraisal that ships with the package: twelve HAN technologies, every number invented, and it says so."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from smarthan.files import write_whole

from .model import Appraisal
from .reading import read_appraisal

_FILES = ("appraisal.toml", "scores.csv", "weights.csv", "evidence.csv")


def write_demonstration_appraisal(folder: str | os.PathLike[str]) -> Path:
    """Write the four files of the demonstration appraisal into a folder, which is made where needed.

    Parameters
    ----------
    folder : path
        Files of the same names in it are replaced.

    Returns
    -------
    Path
        The folder, ready for `read_appraisal`.

    Raises
    ------
    OSError
        When the folder cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sorted(path.name for path in write_demonstration_appraisal(folder).iterdir())
    ['appraisal.toml', 'evidence.csv', 'scores.csv', 'weights.csv']
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        with write_whole(target / name) as stream:
            stream.write((files("smarthan.analysis") / "data" / "demonstration_appraisal" / name).read_bytes())
    return target


def sample_appraisal() -> Appraisal:
    """Return the demonstration appraisal: synthetic, every number and every document in it is invented.

    Returns
    -------
    Appraisal
        12 options, 16 criteria, 4 gates, 3 weight sets; `synthetic` is True.

    Examples
    --------
    >>> sample_appraisal().title
    'Candidate HAN technologies for premises 2.4 GHz does not reach (illustrative)'
    """
    return read_appraisal(Path(str(files("smarthan.analysis") / "data" / "demonstration_appraisal")))
