"""The demonstration inputs: one folder with an input of every kind, all synthetic, all made from a seed."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from smarthan.coverage.cache import cache_folder, keep_folder

from .starting import pack_name

SEED = 1
# The pack of the demonstration inputs in the user's cache; one written elsewhere is named after its folder.
PACK = "consultation"
AS_OF = "2026-11-02"

_REPORT = """\
# What goes into the report, and what it is called. Paths are relative to this file.
# Everything named here is SYNTHETIC, made by `smarthan demo`: replace a path with your own file and run
#   smarthan report --config report.toml

[pack]
name = "{name}" # names the folder of the report, reports/{name}, unless --out names another
title = "Smart metering networks: coverage, reach and candidate technologies"
organisation = "smarthan demonstration"
as_of = {as_of}
audience = "those who try the method out"
licence = "Apache-2.0 for what was made up here; postcodes and boundaries under the Open Government Licence v3.0"

[inputs]
matrix = "coverage/synthetic-2026-11.parquet"   # a WAN coverage release: Parquet, CSV or CSV.gz
earlier = "coverage/synthetic-2026-05.parquet"  # the release before it, to show what changed; may be left out
installs = "coverage/synthetic-installs.csv"    # outcomes of hub installations (8.14.1 and 8.14.2)
trial = "trial"                                 # a building characterisation trial: a folder of CSV files
appraisal = "appraisal"                         # appraisal.toml with scores.csv, weights.csv, evidence.csv
"""

_README = """\
# Demonstration inputs: SYNTHETIC

Made by `smarthan demo` from seed {seed}. The postcodes are real; everything said about them, every building and every
score is invented, and labelled so in the files. They are findings about nothing.

| input | what it is |
|---|---|
| report.toml | names the inputs below and the report's title |
| coverage/synthetic-2026-11.parquet | WAN coverage of all but 400 live GB postcodes |
| coverage/synthetic-2026-05.parquet | the release before it, which differs by known changes |
| coverage/synthetic-installs.csv | outcomes of hub installations, to hold the coverage against |
| trial/ | a building characterisation trial, with a few faulty rows of each kind |
| appraisal/ | twelve HAN technologies scored against sixteen criteria and four gates |

    smarthan report --config report.toml
    smarthan check coverage coverage/synthetic-2026-11.parquet
    smarthan check trial trial
    smarthan score appraisal

The postcode reference behind them:
Contains OS data © Crown copyright and database right 2025
Contains Royal Mail data © Royal Mail copyright and database right 2025
Source: Office for National Statistics licensed under the Open Government Licence v.3.0
"""


def write_demonstration(
    folder: str | os.PathLike[str], *, seed: int = SEED, progress: Callable[[int, int, str], None] | None = None
) -> Path:
    """Write the demonstration inputs to a new folder, whole or not at all.

    Parameters
    ----------
    folder : path
        It must not exist yet, or be empty.
    seed : int
        At least 0. The same seed gives byte-identical files in a folder of the same name, which the pack takes over.
    progress : callable, optional
        Told the steps done, the steps in all, and what comes next.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ValueError
        When the folder holds anything, or the seed is negative.
    OSError
        When it cannot be written; nothing is left behind.
    """
    target = Path(folder)
    if seed < 0:
        raise ValueError(f"seed {seed} is negative; give 0 or more")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ValueError(f"{target} already holds something; name a new or empty folder")
    if not target.resolve().parent.is_dir():
        raise ValueError(f"{target}: the folder {target.parent} does not exist; make it first")
    if target.exists():
        target.rmdir()
    name = pack_name(target)
    return keep_folder(target, lambda staging: _write_inputs(staging, seed, name, progress or _say_nothing))


def _say_nothing(done: int, total: int, words: str) -> None:
    """Take progress and keep it."""


def _write_inputs(folder: Path, seed: int, name: str, progress: Callable[[int, int, str], None]) -> None:
    from smarthan.analysis import write_demonstration_appraisal
    from smarthan.coverage.demonstration import make_installs
    from smarthan.trial_data import make_trial

    (folder / "coverage").mkdir()
    release = folder / "coverage" / "synthetic-2026-11.parquet"
    steps: list[tuple[str, Callable[[], object]]] = [
        ("a coverage release over all GB postcodes", lambda: _write_release(release, seed)),
        (
            "the release before it",
            lambda: _write_earlier(folder / "coverage" / "synthetic-2026-05.parquet", release, seed),
        ),
        (
            "install outcomes",
            lambda: make_installs(folder / "coverage" / "synthetic-installs.csv", release, seed=seed),
        ),
        ("a building trial", lambda: make_trial(folder / "trial", seed=seed)),
        ("an appraisal", lambda: write_demonstration_appraisal(folder / "appraisal")),
    ]
    for done, (words, write) in enumerate(steps):
        progress(done, len(steps), words)
        write()
    progress(len(steps), len(steps), "done")
    (folder / "report.toml").write_text(_REPORT.format(name=name, as_of=AS_OF), encoding="utf-8")
    (folder / "README.md").write_text(_README.format(seed=seed), encoding="utf-8")


def _write_release(path: Path, seed: int) -> None:
    """Write the release; of the usual seed the bare look-up asks the same file, so it is made once for both."""
    from smarthan.coverage.demonstration import keep_release, make_release

    if seed == SEED:
        shutil.copyfile(keep_release(seed), path)
    else:
        make_release(path, seed=seed)


def _write_earlier(path: Path, release: Path, seed: int) -> None:
    """Write the release before it; of the usual seed it stands in the store that a bare look-up asks."""
    from smarthan.coverage import ReleaseStore, read_matrix, write_matrix
    from smarthan.coverage.demonstration.earlier import EARLIER_DAY, make_earlier
    from smarthan.coverage.releases.store import demonstration_store

    if seed == SEED:
        earlier = ReleaseStore(demonstration_store(seed)).open(EARLIER_DAY)
    else:
        earlier = make_earlier(read_matrix(release).matrix, seed=seed).matrix
    write_matrix(earlier, path)


def demonstration_inputs(*, progress: Callable[[int, int, str], None] | None = None) -> Path:
    """Return the folder of the demonstration inputs in the user's cache, made there on first use.

    Parameters
    ----------
    progress : callable, optional
        As in `write_demonstration`; called only when the inputs have to be made.

    Returns
    -------
    Path
        A folder with `report.toml`.

    Raises
    ------
    OSError
        When the cache folder cannot be written to; set SMARTHAN_CACHE to one that can.
    """
    target = cache_folder() / f"inputs-{_edition()}"
    return keep_folder(target, lambda staging: _write_inputs(staging, SEED, PACK, progress or _say_nothing))


def _edition() -> str:
    """Return a short hash of what makes the inputs, so that a changed generator never serves old inputs."""
    import smarthan.analysis
    import smarthan.coverage
    import smarthan.trial_data

    digest = hashlib.sha256((_REPORT + AS_OF).encode())
    for package in (smarthan.coverage, smarthan.trial_data, smarthan.analysis):
        folder = Path(package.__path__[0])
        for part in ("demonstration", "synthetic", "declared", "data/demonstration_appraisal"):
            for path in sorted(file for file in (folder / part).rglob("*") if file.suffix != ".pyc" and file.is_file()):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
