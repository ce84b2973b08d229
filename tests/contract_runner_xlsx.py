"""Run `smarthan check trial` on many workbooks in one process, watched: one JSON line a case.

python -m tests.contract_runner_xlsx FOLDER OUT IDS   FOLDER holds the corpus; rejects and `report.jsonl` go to OUT.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from tests.contract_watch import run_watched, start_watch

import smarthan.trial_data
from smarthan.trial_data import Trial, read_trial

_read: list[Trial] = []


def _remember(*arguments: Any, **options: Any) -> Trial:
    _read.append(read_trial(*arguments, **options))
    return _read[-1]


def run_case(case: dict[str, Any], folder: Path, out: Path, good: Trial) -> dict[str, Any]:
    """Check one workbook through the command line; return what happened."""
    path, rejects = folder / case["input"], out / f"{case['id']}.rejects.csv"
    _read.clear()
    arguments = ["check", "trial", str(path), "--rejects", str(rejects), "--format", "json"]
    found: dict[str, Any] = {"id": case["id"], **run_watched(arguments, path)}
    return found | (_describe(_read[-1], rejects, good) if _read else {})


def _describe(trial: Trial, rejects: Path, good: Trial) -> dict[str, Any]:
    ledger = trial.ledger
    return {
        "ledger": json.loads(ledger.to_json(orient="records")),
        "rows": json.loads(trial.quarantine.to_json(orient="records")),
        "note_codes": sorted(set(trial.notes["code"])),
        "like_twin": all(trial[name].equals(good[name]) for name in good.tables),
        "rejects": rejects.read_text(encoding="utf-8"),
        "digest": hashlib.sha256(
            "".join(f.to_csv() for f in (*trial.tables.values(), trial.quarantine, trial.notes, ledger)).encode()
        ).hexdigest(),
    }


def run_all(folder: Path, out: Path, ids: list[str]) -> None:
    """Run the named cases, a line of the report after each."""
    good = read_trial(folder / "good")
    setattr(smarthan.trial_data, "read_trial", _remember)  # noqa: B010
    start_watch()
    manifest = {case["id"]: case for case in json.loads((folder / "manifest.json").read_text())}
    with open(out / "report.jsonl", "a", encoding="utf-8") as report:
        for name in ids:
            report.write(json.dumps(run_case(manifest[name], folder, out, good)) + "\n")
            report.flush()


if __name__ == "__main__":
    run_all(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]).read_text().split())
