"""The comparison of coverage models: at its smallest, both give the same forecasts, and another one is seen."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "benchmarks"))
    monkeypatch.delitem(sys.modules, "paths", raising=False)
    script = import_module("paths")
    monkeypatch.setattr(script, "SURVEYORS", 3)
    monkeypatch.setattr(script, "FOLDS", 2)
    return script


def test_ours_and_the_plain_recipe_agree_and_another_answer_is_seen(script: ModuleType) -> None:
    paths = script.make_paths(1_000)
    works = paths["success"].to_numpy()
    found = {name: way(paths) for name, way in script.WAYS.items()}
    assert script.check(found, works) < 0.05
    assert all(np.isfinite(forecast).all() for one in found.values() for forecast in one.values())
    found["scikit-learn, plainly"]["random"] = np.full(1_000, 0.5)
    with pytest.raises(SystemExit, match="forecasts differ"):
        script.check(found, works)
