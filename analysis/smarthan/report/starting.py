"""A folder to start a report of one's own: a commented report.toml and a few words on what goes beside it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from smarthan.files import write_whole

from .configuration import CONFIGURATION_FILE, INPUT_NAMES, PACK_NAME
from .refusals import ReportRefused

# What the inputs are usually called; those found in the folder are named in the new report.toml.
_USUAL = {
    "matrix": ("matrix.parquet", "matrix.csv", "matrix.csv.gz"),
    "earlier": ("earlier.parquet", "earlier.csv", "earlier.csv.gz"),
    "installs": ("installs.csv", "installs.csv.gz", "installs.parquet"),
    "trial": ("trial", "trial.xlsx"),
    "appraisal": ("appraisal",),
    "stock": ("stock.csv",),
}
_ABOUT = {
    "matrix": "a WAN coverage release: Parquet, CSV, CSV.gz or DUIS XML",
    "earlier": "the release before it, to show what changed; may be left out",
    "installs": "outcomes of hub installations (8.14.1 and 8.14.2)",
    "trial": "a building characterisation trial: a folder of CSV files, or a workbook",
    "appraisal": "the candidates and the criteria: appraisal.toml with scores.csv, weights.csv, evidence.csv",
    "stock": "the housing stock to project on; left out, that of Census 2011 is taken",
}
_TEXT = """\
# What goes into a report, and what it is called. Every path is relative to this file and stays in its folder.
#   smarthan report --config report.toml                    the whole, in reports/{name}
#   smarthan report --config report.toml --only coverage    one of the other two, in reports/{name}-coverage
# `smarthan demo DIR` writes inputs of every kind to look at; `smarthan check KIND PATH` says what is wrong with one.

[pack]
name = "{name}" # names the folder of the report: lower case letters, digits, - and _
title = "Smart metering networks: coverage, reach and candidate technologies"
organisation = "Your organisation"
as_of = {day} # the day the report speaks of
# audience = "respondents to the consultation" # stands on the cover
# logo_text = "Your organisation" # words in place of a logo
# contact = "networks@your-organisation.example" # whom a reader asks
# licence = "Open Government Licence v3.0" # stands on the page, under each picture and with each table

# Titles and readers of the two shorter reports, where they are not called as usual:
# [report.coverage]
# title = "WAN coverage in autumn"
# audience = "installer desks"
# [report.characterisation]
# title = "What the trial found"

# With only some of these, the notebooks that need no more are run, and the report says that it is partial.
[inputs]
{inputs}

# Criteria and other settings, for every notebook that has a parameter of that name. The criteria that candidates are
# scored on stand with the appraisal, in appraisal.toml.
# [parameters]
# criterion = 0.95 # the share of homes that a technology should reach
# seed = 1

# To choose notebooks, or to set the parameters of one; without any [[notebook]], all are run:
# [[notebook]]
# name = "05_how_robust_is_the_ranking"
# parameters = {{draws = 20000}}
# fast = {{draws = 500}} # for smarthan report --fast
"""


def start_report(folder: Path, *, day: dt.date) -> Path:
    """Write a commented report.toml to a folder, naming the inputs that stand there under their usual names.

    Parameters
    ----------
    folder : Path
        Made if it is not there. Files in it are left alone.
    day : date
        The day the report speaks of, until somebody changes it.

    Returns
    -------
    Path
        The report.toml.

    Raises
    ------
    ReportRefused
        When there is a report.toml already, or the folder cannot be one.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     file = start_report(Path(place) / "Spring 2027", day=dt.date(2027, 4, 1))
    ...     file.name, "name = \\"spring-2027\\"" in file.read_text()
    ('report.toml', True)
    """
    folder = Path(folder)
    file = folder / CONFIGURATION_FILE
    if folder.exists() and not folder.is_dir():
        raise ReportRefused([f"{folder}: is a file; name a folder"])
    if file.exists():
        raise ReportRefused([f"{file}: is there already; change it, or name another folder"])
    folder.mkdir(parents=True, exist_ok=True)
    inputs = "\n".join(_line(name, folder) for name in INPUT_NAMES)
    with write_whole(file, "w") as stream:
        stream.write(_TEXT.format(name=pack_name(folder), day=day.isoformat(), inputs=inputs))
    return file


def _line(name: str, folder: Path) -> str:
    found = next((usual for usual in _USUAL[name] if (folder / usual).exists()), None)
    entry = f'{"" if found else "# "}{name} = "{found or _USUAL[name][0]}"'
    return f"{entry:<46} # {_ABOUT[name]}"


def pack_name(folder: Path) -> str:
    """Return the folder's name as the name of a pack.

    Examples
    --------
    >>> pack_name(Path("Spring 2027"))
    'spring-2027'
    """
    words = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")[:60]
    return words if PACK_NAME.fullmatch(words) else "consultation"
