"""What the notebooks read: each input of a report.toml, opened when it is first asked for."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .configuration import Configuration, read_configuration

if TYPE_CHECKING:
    import pandas as pd


# The attribute that reads an input, where it is not called like the input.
_READ_BY = {"matrix": "coverage_read", "earlier": "earlier_read", "installs": "installs_read"}


class Inputs:
    """The inputs of one report.toml.

    Parameters
    ----------
    configuration : Configuration
    keep : bool
        Whether a coverage release that had to be read is kept in the user's cache folder for the next reader.

    Notes
    -----
    Each attribute reads its input on first use and keeps it, so that a notebook pays only for what it asks.
    """

    def __init__(self, configuration: Configuration, *, keep: bool = False) -> None:
        self.configuration = configuration
        self._keep = keep

    def __repr__(self) -> str:
        return f"Inputs({', '.join(self.configuration.inputs) or 'none'})"

    @property
    def as_of(self) -> pd.Timestamp:
        """The day the report speaks of."""
        import pandas as pd

        return pd.Timestamp(self.configuration.as_of)

    @cached_property
    def coverage_read(self) -> Any:
        """The coverage release with its quarantine and ledger (`smarthan.coverage.MatrixRead`)."""
        from .opened import read_release

        return read_release(self.configuration.path("matrix"), keep=self._keep)

    @property
    def matrix(self) -> Any:
        """The coverage matrix of the release (`smarthan.coverage.CoverageMatrix`)."""
        return self.coverage_read.matrix

    @cached_property
    def earlier_read(self) -> Any:
        """The release to compare with, as `coverage_read`; None where report.toml names none."""
        from .opened import read_release

        if "earlier" not in self.configuration.inputs:
            return None
        return read_release(self.configuration.path("earlier"), keep=self._keep)

    @property
    def earlier(self) -> Any:
        """The coverage matrix of an earlier release; None where report.toml names none."""
        return self.earlier_read.matrix if self.earlier_read else None

    @cached_property
    def installs_read(self) -> Any:
        """The install reports with their quarantine and ledger (`smarthan.tables.TableRead`)."""
        from smarthan.coverage import read_installs

        return read_installs(self.configuration.path("installs"))

    @property
    def installs(self) -> pd.DataFrame:
        """The install reports, the accepted rows."""
        return self.installs_read.frame

    @cached_property
    def trial(self) -> Any:
        """The building characterisation trial (`smarthan.trial_data.Trial`)."""
        from smarthan.trial_data import read_trial

        return read_trial(self.configuration.path("trial"))

    @cached_property
    def stock(self) -> pd.DataFrame:
        """The housing stock to project on: the one given, else the shipped one."""
        from smarthan.analysis import housing_stock, read_stock

        return read_stock(self.configuration.path("stock")) if "stock" in self.configuration.inputs else housing_stock()

    @cached_property
    def appraisal(self) -> Any:
        """The appraisal of candidate technologies (`smarthan.analysis.Appraisal`)."""
        from smarthan.analysis import read_appraisal

        return read_appraisal(self.configuration.path("appraisal"))

    @property
    def synthetic(self) -> bool:
        """Whether any file of the inputs says that it is synthetic."""
        return any(_says_synthetic(self.configuration.path(name)) for name in self.configuration.inputs)

    @cached_property
    def sources(self) -> pd.DataFrame:
        """One row per input: its file, rows read, accepted and quarantined; reads each input that keeps a ledger.

        Shown with `show_table`, it gives the page its line on rows set aside and the provenance its counts.
        """
        import pandas as pd

        rows = []
        for name, given in self.configuration.inputs.items():
            ledger = self.ledger(name)
            synthetic = "yes" if _says_synthetic(self.configuration.path(name)) else "not said"
            counts = {
                column: int(ledger[column].sum()) if ledger is not None else None
                for column in ("read", "accepted", "quarantined")
            }
            rows.append({"input": name, "file": given, **counts, "synthetic": synthetic})
        frame = pd.DataFrame(rows, columns=["input", "file", "read", "accepted", "quarantined", "synthetic"])
        return frame.astype(dict.fromkeys(("read", "accepted", "quarantined"), "Int64"))

    def ledger(self, name: str) -> pd.DataFrame | None:
        """Return the row ledger of an input, which is read for that; None where its reader keeps none."""
        read = getattr(self, _READ_BY.get(name, name))
        return getattr(read, "ledger", None)


def open_inputs(folder: str | os.PathLike[str] = "") -> Inputs:
    """Open the inputs that a report.toml names.

    Parameters
    ----------
    folder : path
        The folder of report.toml; "" opens the demonstration inputs, made in the user's cache folder on first use.

    Returns
    -------
    Inputs

    Raises
    ------
    ReportRefused
        When report.toml is missing or wrong, or names a file that is not there.

    Examples
    --------
    >>> open_inputs("no/such/folder")
    Traceback (most recent call last):
    ...
    smarthan.report.refusals.ReportRefused: no/such/folder: there is no such folder; name the one with report.toml
    """
    from .refusals import ReportRefused

    if not os.fspath(folder):
        from .demonstration import demonstration_inputs

        return Inputs(read_configuration(Path(demonstration_inputs())))
    if not Path(folder).is_dir():
        raise ReportRefused([f"{os.fspath(folder)}: there is no such folder; name the one with report.toml"])
    return Inputs(read_configuration(Path(folder)))


def _says_synthetic(path: Path) -> bool:
    """Return whether a path or a file name in it holds the word, or the first lines of a text file do."""
    names = [path.name, *(p.name for p in path.glob("*"))] if path.is_dir() else [path.name]
    if any("synthetic" in name.casefold() for name in names):
        return True
    files = sorted(p for p in path.glob("*") if p.is_file()) if path.is_dir() else [path]
    return any(_head_says_synthetic(file) for file in files)


def _head_says_synthetic(file: Path) -> bool:
    with open(file, "rb") as stream:
        return b"synthetic" in stream.read(4096).lower()
