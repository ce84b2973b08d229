"""Run `smarthan check coverage` on many files in one process, watched: one JSON line a file (see test_contract.py).

python -m tests.contract_runner FOLDER OUT ID...   FOLDER holds the corpus; rejects and `report.jsonl` go to OUT.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
from tests.contract_watch import run_watched, start_watch

import smarthan.coverage
from smarthan.coverage import MatrixRead, read_matrix

SHOWN = 100  # lines of a quarantine that are handed back for tracing
_read: list[MatrixRead] = []
_twins: dict[tuple[str, ...], pd.DataFrame] = {}


def _remember(*arguments: Any, **options: Any) -> MatrixRead:
    _read.append(read_matrix(*arguments, **options))
    return _read[-1]


def run_case(case: dict[str, Any], folder: Path, out: Path, twins: Path) -> dict[str, Any]:
    """Check one file through the command line; return what happened."""
    path, rejects = folder / case["input"], out / f"{case['id']}.rejects.csv"
    _read.clear()
    wanted = ["--rejects", str(rejects)] if case["family"] != "vast" else []
    arguments = ["check", "coverage", str(path), *wanted, "--format", "json"]
    found: dict[str, Any] = {"id": case["id"], **run_watched(arguments, path)}
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


def run_all(folder: Path, out: Path, ids: list[str]) -> None:
    """Run the named cases, a line of the report after each."""
    setattr(smarthan.coverage, "read_matrix", _remember)  # noqa: B010
    start_watch()
    manifest = {case["id"]: case for case in json.loads((folder / "manifest.json").read_text())}
    with open(out / "report.jsonl", "a", encoding="utf-8") as report:
        for name in ids:
            report.write(json.dumps({"id": name, "begun": True}) + "\n")
            report.flush()
            report.write(json.dumps(run_case(manifest[name], folder, out, out)) + "\n")
            report.flush()


if __name__ == "__main__":
    run_all(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]).read_text().split())
