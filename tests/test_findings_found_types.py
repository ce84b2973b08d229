"""Types found from the data: exploratory in every word, hidden where they hold few."""

from dataclasses import replace
from typing import Any

import pytest

from smarthan.analysis import find_building_types
from smarthan.charts.bundle import Facts, check_facts
from smarthan.findings import Finding, found_types_of, type_stability_of
from smarthan.findings.disclosed import is_hidden
from smarthan.trial_data import Trial, sample_trial


@pytest.fixture(scope="module")
def trial() -> Trial:
    return sample_trial()


@pytest.fixture(scope="module")
def found(trial: Trial) -> Any:
    return find_building_types(trial["buildings"], k=[2, 3], bootstraps=3)


def problems_of(finding: Finding) -> list[str]:
    said: dict[str, Any] = {name: finding.table_caption[name] for name in ("name", "title", "subtitle", "source", "n")}
    facts = Facts("table", **said, alt="", method=finding.method, notes=finding.notes, level=2, synthetic=True)
    return list(check_facts(facts, finding.table))


def test_findings_can_be_shown_and_say_exploratory(trial: Trial, found: Any) -> None:
    types, stability = found_types_of(trial, found), type_stability_of(trial, found)
    for finding in (types, stability):
        assert problems_of(finding) == []
        assert finding.table.attrs == {"synthetic": True}
        assert set(finding.headings) >= set(finding.table.columns) - {"status"}
    assert types.title.startswith("Exploratory:")
    assert types.notes[0].startswith("Exploratory: found from these data, so no interval or verdict")
    assert stability.table["chosen"].sum() == 1


def test_sizes_are_rounded_and_a_type_of_few_is_hidden_with_another(trial: Trial, found: Any) -> None:
    table = found_types_of(trial, found).table
    shown = table[~is_hidden(table)]
    assert shown["buildings"].mod(5).eq(0).all()
    profile = found.profile.copy()
    profile["buildings"] = [*profile["buildings"].iloc[:-1] - 0, 3]
    hidden = found_types_of(trial, replace(found, profile=profile)).table
    assert is_hidden(hidden).sum() == 2
    assert hidden.loc[is_hidden(hidden), ["buildings", "storeys", "wall_type", "mostly"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("silhouette", "said"),
    [(0.12, "The buildings fall into no clear types (silhouette 0.12)"), (0.6, "2 types stand out, 90% alike")],
)
def test_weak_structure_is_called_weak(trial: Trial, found: Any, silhouette: float, said: str) -> None:
    choice = found.choice.head(1).assign(silhouette=silhouette, stability=0.9, chosen=True)
    assert type_stability_of(trial, replace(found, choice=choice)).title.startswith(said)
