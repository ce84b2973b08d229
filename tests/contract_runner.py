"""Run `smarthan check coverage` on many files in one process, watched: one JSON line a file (see test_contract.py).

python contract_runner.py FOLDER OUT ID...   FOLDER holds the corpus; rejects and `report.jsonl` go to OUT.
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

import pandas as pd

import smarthan.coverage
from smarthan.cli import main
from smarthan.coverage import MatrixRead, read_matrix

WATCHED = ("open", "socket.connect", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")
SHOWN = 100  # lines of a quarantine that are handed back for tracing
_events: list[tuple[str, str, str]] | None = None
_read: list[MatrixRead] = []
_twins: dict[tuple[str, ...], pd.DataFrame] = {}


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _events is not None and event in WATCHED and not isinstance(arguments[0], int):
        mode = str(arguments[1]) if event == "open" else ""
        _events.append((event, str(arguments[0]), mode))


def _remember(*arguments: Any, **options: Any) -> MatrixRead:
    _read.append(read_matrix(*arguments, **options))
    return _read[-1]


def run_case(case: dict[str, Any], folder: Path, out: Path, twins: Path) -> dict[str, Any]:
    """Check one file through the command line; return what happened."""
    global _events
    path, rejects = folder / case["input"], out / f"{case['id']}.rejects.csv"
    before = path.read_bytes()
    _read.clear()
    said, told = io.StringIO(), io.StringIO()
    base, clock = _reset_peak(), time.perf_counter()
    _events = []
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
        try:
            wanted = ["--rejects", str(rejects)] if case["family"] != "vast" else []
            main(["check", "coverage", str(path), *wanted, "--format", "json"])
            code: object = None
        except SystemExit as stop:
            code = stop.code
    events, _events = _events, None
    found: dict[str, Any] = {
        "id": case["id"],
        "code": code,
        "seconds": time.perf_counter() - clock,
        "growth_mb": (_peak() - base) / 1024,
        "stdout": said.getvalue(),
        "stderr": told.getvalue(),
        "events": [e for e in events if not _is_own(e[1])],
        "untouched": path.read_bytes() == before,
    }
    if _read:
        found |= _describe(_read[-1], case, rejects, twins)
    return found


def _describe(read: MatrixRead, case: dict[str, Any], rejects: Path, twins: Path) -> dict[str, Any]:
    quarantine = read.quarantine
    return {
        "ledger": json.loads(read.ledger.to_json(orient="records"))[0],
        "rows": json.loads(quarantine.head(SHOWN).to_json(orient="records")),
        "quarantine_lines": int(quarantine["line"].nunique()),
        "quarantine_codes": sorted(set(quarantine["code"])),
        "note_codes": sorted(set(read.notes["code"])),
        "escaped": not _starts_formula(rejects) if len(quarantine) <= SHOWN else True,
        "like_twin": None if case["twin"] is None else _same_rows(read, tuple(case["twin"]), twins),
        "digest": _digest(read.matrix.rows, quarantine, read.notes, read.ledger) if len(quarantine) <= SHOWN else "",
    }


def _same_rows(read: MatrixRead, twin: tuple[str, ...], folder: Path) -> bool:
    if twin not in _twins:
        path = folder / f"twin-{len(_twins)}.csv"
        path.write_text("\n".join(twin) + "\n", encoding="utf-8", newline="")
        _twins[twin] = read_matrix(path).matrix.rows.drop(columns="release_id")
    found = read.matrix.rows.drop(columns="release_id")
    return bool(_plain(found).equals(_plain(_twins[twin])))


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows as text, in one order: categories may be listed in another."""
    text = rows.astype("object").map(lambda cell: "" if pd.isna(cell) else str(cell))
    return text.sort_values(list(text.columns)).reset_index(drop=True)


def _starts_formula(rejects: Path) -> bool:
    if not rejects.is_file():
        return False
    cells = pd.read_csv(rejects, dtype=str, keep_default_na=False)
    return bool(cells.map(lambda cell: cell.startswith(("=", "+", "-", "@", "\t", "\r"))).any(axis=None))


def _digest(*frames: pd.DataFrame) -> str:
    total = hashlib.sha256()
    for frame in frames:
        total.update(frame.to_csv(index=False).encode("utf-8", errors="surrogatepass"))
    return total.hexdigest()


def _is_own(path: str) -> bool:
    """Return whether a file is the program's own: Python, its packages, this project's code and data."""
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
    setattr(smarthan.coverage, "read_matrix", _remember)  # noqa: B010
    sys.addaudithook(_watch)
    manifest = {case["id"]: case for case in json.loads((folder / "manifest.json").read_text())}
    with open(out / "report.jsonl", "a", encoding="utf-8") as report:
        for name in ids:
            report.write(json.dumps({"id": name, "begun": True}) + "\n")
            report.flush()
            report.write(json.dumps(run_case(manifest[name], folder, out, out)) + "\n")
            report.flush()


if __name__ == "__main__":
    run_all(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]).read_text().split())
