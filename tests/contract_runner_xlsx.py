"""Run `smarthan check trial` on many workbooks in one process, watched: one JSON line a case.

python contract_runner_xlsx.py FOLDER OUT IDS   FOLDER holds the corpus; rejects and `report.jsonl` go to OUT.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import smarthan.trial_data
from smarthan.cli import main
from smarthan.trial_data import Trial, read_trial

WATCHED = ("open", "socket.connect", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")
_events: list[tuple[str, str, str]] | None = None
_read: list[Trial] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _events is not None and event in WATCHED and not isinstance(arguments[0], int):
        _events.append((event, str(arguments[0]), str(arguments[1]) if event == "open" else ""))


def _remember(*arguments: Any, **options: Any) -> Trial:
    _read.append(read_trial(*arguments, **options))
    return _read[-1]


def run_case(case: dict[str, Any], folder: Path, out: Path, good: Trial) -> dict[str, Any]:
    """Check one workbook through the command line; return what happened."""
    global _events
    path, rejects = folder / case["input"], out / f"{case['id']}.rejects.csv"
    before = path.read_bytes()
    _read.clear()
    said, told = io.StringIO(), io.StringIO()
    base, clock, cpu = _reset_peak(), time.perf_counter(), time.process_time()
    _events = []
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
        try:
            main(["check", "trial", str(path), "--rejects", str(rejects), "--format", "json"])
            code: object = None
        except SystemExit as stop:
            code = stop.code
    events, _events = _events, None
    found: dict[str, Any] = {
        "id": case["id"],
        "code": code,
        "seconds": time.perf_counter() - clock,
        "cpu_seconds": time.process_time() - cpu,
        "growth_mb": (_peak() - base) / 1024,
        "stdout": said.getvalue(),
        "stderr": told.getvalue(),
        "events": [e for e in events if not _is_own(e[1])],
        "untouched": path.read_bytes() == before,
    }
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


def _is_own(path: str) -> bool:
    roots = {sys.prefix, sys.base_prefix, *(str(Path(entry)) for entry in smarthan.__path__)}
    return any(path.startswith(root) for root in roots) or path.startswith(("/proc", "/dev/null", "/sys"))


def _peak() -> int:
    """Return the highest memory in use since the last reset [KiB]."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _reset_peak() -> int:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def run_all(folder: Path, out: Path, ids: list[str]) -> None:
    """Run the named cases, a line of the report after each."""
    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    good = read_trial(folder / "good")
    setattr(smarthan.trial_data, "read_trial", _remember)  # noqa: B010
    sys.addaudithook(_watch)
    manifest = {case["id"]: case for case in json.loads((folder / "manifest.json").read_text())}
    with open(out / "report.jsonl", "a", encoding="utf-8") as report:
        for name in ids:
            report.write(json.dumps(run_case(manifest[name], folder, out, good)) + "\n")
            report.flush()


if __name__ == "__main__":
    run_all(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]).read_text().split())
