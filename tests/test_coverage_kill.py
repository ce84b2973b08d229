"""Publishers are killed at random moments while readers look: nobody ever sees a torn release, or two mixed.

A kill does not test power loss; the order of fsync and renaming does (test_coverage_publishing.py).
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HARNESS = Path(__file__).parent / "publish_under_kill.py"


def run(store: Path, kills: int, seed: int) -> dict[str, Any]:
    arguments = [sys.executable, str(HARNESS), "--store", str(store), "--kills", str(kills), "--seed", str(seed)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def hold(seen: dict[str, Any], kills: int) -> None:
    assert seen["faults"] == []
    assert (seen["torn"], seen["raised"], seen["backwards"]) == (0, 0, 0)
    assert (seen["kills"], seen["good after kill"]) == (kills, kills)
    # 0 torn proves nothing unless something was written, seen to change, and read whole.
    assert seen["kills without a write"] == 0
    assert seen["writes"] > kills
    assert seen["releases"] > kills
    assert seen["whole"] > 0


def test_a_few_kills_tear_nothing(tmp_path: Path) -> None:
    seen = run(tmp_path / "store", 10, seed=1)
    hold(seen, 10)
    assert seen["reads"] > 100


@pytest.mark.slow
def test_many_kills_tear_nothing(tmp_path: Path) -> None:
    seen = run(tmp_path / "store", 200, seed=2)
    hold(seen, 200)
    assert seen["reads"] >= 10_000
    assert seen["kills that left something"] > 0
