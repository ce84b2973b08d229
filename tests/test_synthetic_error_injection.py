"""Errors put in on purpose: each in a row of its own, at the line the manifest says, in a copy."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarthan.trial_data.declared import TRIAL_TABLES
from smarthan.trial_data.synthetic.damage import FOLLOWS
from smarthan.trial_data.synthetic.error_injection import choose_counts, inject_errors, list_errors
from smarthan.trial_data.synthetic.error_kinds import ERROR_KINDS
from smarthan.trial_data.synthetic.generator import make_trial


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    folder: Path = tmp_path_factory.mktemp("clean")
    make_trial(folder, seed=2, buildings_per_stratum=12, size_premises=3_000, errors=False)
    return {n: pd.read_csv(folder / f"{n}.csv", dtype="str", keep_default_na=False) for n in TRIAL_TABLES}


def test_tables_given_are_not_changed(tables: dict[str, pd.DataFrame]) -> None:
    before = {name: frame.copy() for name, frame in tables.items()}
    inject_errors(tables, choose_counts(True), np.random.default_rng(1), exact=False)
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, before[name])


def test_each_changed_row_is_in_the_manifest_and_each_row_there_has_one_code(tables: dict[str, pd.DataFrame]) -> None:
    damage = inject_errors(tables, choose_counts(True), np.random.default_rng(1), exact=False)
    manifest = list_errors(damage)
    for name, frame in tables.items():
        broken = damage.tables[name].rename(columns=lambda c: c.strip().casefold()).loc[frame.index, frame.columns]
        # Visits that were handed to another surveyor are no error; the distances that he writes are.
        changed = set(
            np.flatnonzero((broken != frame).drop(columns="surveyor_id", errors="ignore").any(axis=1).to_numpy()) + 2
        )
        listed = set(manifest.loc[manifest["file"] == f"{name}.csv", "line"])
        assert changed <= listed
    rows = manifest[manifest["line"] > 1]
    assert Counter(zip(rows["file"], rows["line"], strict=True)).most_common(1)[0][1] == 1


def test_errors_on_paths_take_their_readings_along(tables: dict[str, pd.DataFrame]) -> None:
    damage = inject_errors(tables, {"path_self": 1}, np.random.default_rng(1), exact=True)
    manifest = list_errors(damage)
    row = manifest.loc[manifest["code"] == "path_self", "line"].iloc[0] - 2
    children = tables["measurements"]["path_id"] == tables["paths"].loc[row, "path_id"]
    lines = (np.flatnonzero(children.to_numpy()) + 2).tolist()
    assert manifest.loc[manifest["code"] == FOLLOWS, "line"].tolist() == lines
    assert len(lines) > 0


def test_fabricator_writes_one_level_everywhere(tables: dict[str, pd.DataFrame]) -> None:
    damage = inject_errors(tables, {"surveyor_constant": 1}, np.random.default_rng(1), exact=True)
    readings = damage.tables["measurements"]
    changed = (readings != tables["measurements"]).any(axis=1)
    assert set(readings.loc[changed, "rssi_dbm"]) == {"-61.0"}
    assert (readings.loc[changed, "packets_ok"] == readings.loc[changed, "packets_sent"]).all()


@pytest.mark.parametrize("kind", ERROR_KINDS, ids=lambda k: f"{k.table}-{k.code}")
def test_kinds_name_declared_columns(kind: object) -> None:
    assert kind.column in TRIAL_TABLES[kind.table].by_name  # type: ignore[attr-defined]
