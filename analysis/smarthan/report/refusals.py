"""The one error for input that a report cannot be made from: nothing has been written when it is raised."""

from __future__ import annotations

from collections.abc import Sequence


class ReportRefused(ValueError):
    """A report cannot be started; `.problems` holds every reason found, each a sentence for the person.

    Parameters
    ----------
    problems : sequence of str

    Examples
    --------
    >>> str(ReportRefused(["report.toml: inputs.matrix: no such file", "03_reach: draws is 'many'"]))
    "report.toml: inputs.matrix: no such file\\n03_reach: draws is 'many'"
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))
