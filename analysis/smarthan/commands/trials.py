"""`smarthan trial`: the blank workbook, and a synthetic trial of a chosen size."""

from __future__ import annotations

from pathlib import Path

from smarthan.commands.outcome import Outcome, Refused

STRATA = 8  # of the illustrative stock that make_trial samples


def make_template(file: Path, *, force: bool = False) -> Outcome:
    """Write the blank workbook and say how it is used."""
    from smarthan.trial_data import TRIAL_TABLES, write_template

    if not file.resolve().parent.is_dir():
        raise Refused(f"{file}: the folder {file.parent} does not exist; make it first")
    try:
        write_template(file, replace=force)
    except FileExistsError as error:
        raise Refused(f"{error}, or give --force to write over it") from None
    text = (
        f"{file}: the blank workbook of a building trial, a sheet for each of {len(TRIAL_TABLES)} tables\n"
        "  Read its first sheet, notes; fill the others in; then: "
        f"smarthan check trial {file}"
    )
    return Outcome(text, {"file": str(file), "sheets": ["notes", *TRIAL_TABLES]})


def write_synthetic(
    folder: Path, *, seed: int, buildings: int, dwellings: int, errors: bool, manifest: Path | None
) -> Outcome:
    """Write a synthetic trial and say what it holds.

    Parameters
    ----------
    folder : Path
        A new or empty folder.
    seed : int
        The same seed gives the same files.
    buildings : int
        Buildings in all, rounded up to as many in each stratum.
    dwellings : int
        Most dwellings sampled in a building.
    errors : bool
        Whether some rows are broken on purpose.
    manifest : Path, optional
        Where the list of what was broken goes.

    Returns
    -------
    Outcome

    Raises
    ------
    Refused
        When the folder holds something, or its parent does not exist.
    """
    from smarthan.trial_data import make_trial

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder}: holds something already; name a new folder")
    if not folder.resolve().parent.is_dir():
        raise Refused(f"{folder}: the folder {folder.parent} does not exist; make it first")
    if manifest and not manifest.resolve().parent.is_dir():
        raise Refused(f"--manifest {manifest}: the folder {manifest.parent} does not exist; make it first")
    each = -(-buildings // STRATA)
    truth = make_trial(
        folder,
        seed=seed,
        buildings_per_stratum=each,
        dwellings_per_building=dwellings,
        errors=errors,
        manifest=manifest,
    )
    files = sorted(path.name for path in folder.iterdir())
    document = {
        "folder": str(folder),
        "synthetic": True,
        "seed": seed,
        "buildings": each * STRATA,
        "errors": len(truth.errors),
        "manifest": str(manifest) if manifest else None,
        "files": files,
    }
    broken = f"{len(truth.errors):,} faults put in on purpose" if errors else "no fault put in"
    where = f"; listed in {manifest}" if manifest else ""
    text = (
        f"{folder}: a SYNTHETIC trial of {each * STRATA:,} buildings, {broken}{where}\n  smarthan check trial {folder}"
    )
    return Outcome(text, document)
