"""A report that publishes a trial lets nothing out that bears no record of disclosure control."""

from typing import Any

import pytest

from smarthan.report import ReportRefused
from smarthan.report.releasing import refuse_uncontrolled
from smarthan.report.shown import Shown

RECORD = {"method": "round"}


def _shown(name: str, record: dict[str, Any]) -> Shown:
    return Shown("chart", 1, "02_trial", {"name": name, "disclosure": record}, "", "", b"")


def _notebook(*outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cells": [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": list(outputs)}]}


GOOD: dict[str, Any] = {"output_type": "display_data", "metadata": {"smarthan": {"kind": "table"}}}
PRINTED: dict[str, Any] = {"output_type": "stream", "name": "stdout", "text": "12 homes"}


def test_what_bears_a_record_passes() -> None:
    refuse_uncontrolled([_shown("reach", RECORD)], {"02_trial": _notebook(GOOD)})


def test_what_bears_none_and_what_is_printed_are_refused_together() -> None:
    with pytest.raises(ReportRefused) as refused:
        refuse_uncontrolled([_shown("reach", {}), _shown("ok", RECORD)], {"02_trial": _notebook(GOOD, PRINTED)})
    assert len(refused.value.problems) == 2
    assert "Figure 1 (reach) bears no record" in refused.value.problems[0]
    assert "02_trial: cell 2 prints or shows something past disclosure control" in refused.value.problems[1]
