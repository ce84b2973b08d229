"""What a notebook reads is found in its code, so that it runs again only when that has changed."""

from typing import Any

import pytest

from smarthan.report.kinds import KINDS
from smarthan.report.needs import find_needs
from smarthan.report.notebooks import list_notebooks, notebook_folder, read_notebook


def _notebook(*sources: str) -> dict[str, Any]:
    return {"cells": [{"cell_type": "code", "source": source} for source in sources]}


@pytest.mark.parametrize(
    ("source", "needed", "read"),
    [
        ("data.matrix", ("matrix",), {"matrix"}),
        ("data.coverage_read.ledger", ("matrix",), {"matrix"}),
        ("data.earlier, data.stock", (), {"earlier", "stock"}),
        ("given = open_inputs(inputs)\ngiven.trial", ("trial",), {"trial"}),
        ("import smarthan.report as r\nx = r.open_inputs(inputs)\nx.appraisal", ("appraisal",), {"appraisal"}),
        ("appraisal = open_inputs(inputs).appraisal\nappraisal.score()", ("appraisal",), {"appraisal"}),
        ("use(r.open_inputs('').trial)", ("trial",), {"trial"}),
        ("other.matrix", (), set()),
    ],
)
def test_inputs_are_found_by_the_names_they_are_asked_by(source: str, needed: tuple[str, ...], read: set[str]) -> None:
    found = find_needs(_notebook(source))
    assert (found.needed, set(found.read), found.everything, found.day) == (needed, read, False, False)


@pytest.mark.parametrize(
    "source", ["data.sources", "data.synthetic", "use(data)", "%matplotlib inline", "x = data", "use(open_inputs(''))"]
)
def test_what_cannot_be_followed_counts_as_everything(source: str) -> None:
    assert find_needs(_notebook("data = open_inputs('')", source)).everything


def test_the_day_of_the_report_is_a_need_of_its_own() -> None:
    found = find_needs(_notebook("data.as_of"))
    assert (found.day, found.everything, found.needed) == (True, False, ())


@pytest.mark.parametrize(
    ("source", "reports"),
    [
        ("data.matrix, data.installs", {"consultation", "coverage"}),
        ("data.trial, data.stock", {"consultation", "characterisation"}),
        ("data.trial, data.matrix", {"consultation", "characterisation"}),
        ("data.appraisal, data.trial", {"consultation"}),
    ],
)
def test_a_notebook_belongs_to_the_reports_that_its_inputs_say(source: str, reports: set[str]) -> None:
    found = find_needs(_notebook(source))
    assert {name for name, kind in KINDS.items() if kind.holds(found)} == reports


def test_each_report_has_a_notebook_that_leads_its_summary() -> None:
    found = list_notebooks(notebook_folder())
    for kind in KINDS.values():
        assert (
            len([n for n, path in found.items() if kind.lead in n and kind.holds(find_needs(read_notebook(path)))]) == 1
        )


def test_every_shipped_notebook_reads_something_and_can_be_followed() -> None:
    found = {name: find_needs(read_notebook(path)) for name, path in list_notebooks(notebook_folder()).items()}
    assert [name for name, needs in found.items() if not (needs.read or needs.everything)] == []
    assert found["01_where_does_the_wan_reach"].read == {"matrix", "earlier", "installs"}
    assert not found["01_where_does_the_wan_reach"].everything
