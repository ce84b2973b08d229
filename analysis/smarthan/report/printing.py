"""The PDF made in a process apart, while this one writes pictures and workbook: it takes longest of all the files."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from .pdf import PdfNotPossible, write_pdf
from .publishing import naming
from .refusals import ReportRefused


class Printing:
    """A PDF in the making; leave the context and it is either made or stopped.

    Parameters
    ----------
    page : str
        The HTML of the page.
    path : Path
        The PDF.
    day : date
        As `pdf.write_pdf` takes it.
    """

    def __init__(self, page: str, path: Path, *, day: dt.date) -> None:
        self.path = path
        self._page = path.with_name(f".{path.name}.html")
        with naming(self._page):
            self._page.write_text(page, encoding="utf-8")
        command = [sys.executable, "-m", "smarthan.report.printing", str(self._page), str(path), day.isoformat()]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self) -> Printing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()
        self._page.unlink(missing_ok=True)

    def finish(self) -> str:
        """Wait for the PDF and return why there is none; nothing when there is one.

        Raises
        ------
        ReportRefused
            When it breaks a rule.
        OSError
            When the disk does not take it.
        """
        said, errors = self._process.communicate()
        if self._process.returncode:
            last = errors.strip().splitlines()[-1:] or [f"code {self._process.returncode}"]
            return f"the process that makes it ended with {last[0][:300]}"
        told = json.loads(said)
        if told["refused"]:
            raise ReportRefused(told["refused"])
        if told["disk"]:
            raise OSError(*told["disk"])
        return str(told["without"])


def print_page(page: Path, path: Path, day: dt.date) -> dict[str, Any]:
    """Make the PDF of a page in a file and return what there is to tell: `without`, `refused`, `disk`."""
    told: dict[str, Any] = {"without": "", "refused": [], "disk": []}
    try:
        write_pdf(page.read_text(encoding="utf-8"), path, day=day)
    except PdfNotPossible as error:
        told["without"] = str(error)
    except ReportRefused as error:
        told["refused"] = list(error.problems)
    except OSError as error:
        told["disk"] = [error.errno, error.strerror, str(error.filename)]
    return told


if __name__ == "__main__":
    told_here = print_page(Path(sys.argv[1]), Path(sys.argv[2]), dt.date.fromisoformat(sys.argv[3]))
    sys.stdout.write(json.dumps(told_here))
