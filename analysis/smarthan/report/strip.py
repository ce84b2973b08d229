"""Strips notebooks in place before a commit: `python -m smarthan.report.strip notebooks/*.ipynb`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from smarthan.files import write_whole

from .notebooks import notebook_text, read_notebook, strip_notebook


def strip_files(paths: Sequence[Path]) -> list[Path]:
    """Strip notebook files in place and return those that changed.

    Parameters
    ----------
    paths : sequence of Path

    Returns
    -------
    list of Path

    Raises
    ------
    ReportRefused
        When one is not a notebook; those before it are done.
    """
    changed = []
    for path in paths:
        text = notebook_text(strip_notebook(read_notebook(path)))
        if path.read_text(encoding="utf-8") != text:
            with write_whole(path, "w") as stream:
                stream.write(text)
            changed.append(path)
    return changed


if __name__ == "__main__":
    import sys

    strip_files([Path(name) for name in sys.argv[1:]])
