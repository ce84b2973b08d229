"""How long the full difference of two national releases takes, beside pandas, and that both count the same.

Run `python benchmarks/differences.py`. Two perturbed copies of the demonstration release are saved and opened again.
"Fresh" means just opened: states and weights of every location of both releases are worked out within the time. "Warm"
means that a roll-up or a look-up of many has asked for them before. The pandas way starts from the two tables of rows
in memory; "merge alone" is given one finished row a location and does nothing but join and compare.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from smarthan.coverage import CoverageMatrix, ReleaseDiff, diff, sample_matrix

ROUNDS = 3
STATES = ("COVERED", "PLANNED", "OVERDUE", "NOT_CONFIRMED", "ERROR", "MIXED")


def perturb(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return a copy without some postcodes, with gaps filled, opened and moved, and other likelihoods."""
    rng = np.random.default_rng(seed)
    postcodes = rows["postcode"].unique()
    gone = pd.Index(rng.choice(postcodes, len(postcodes) // 500, replace=False))
    rows = rows[~rows["postcode"].isin(gone)].reset_index(drop=True)
    draw, answered = rng.random(len(rows)), rows["available"].notna() & rows["uprn"].isna()
    gained, lost = answered & ~rows["available"].fillna(True) & (draw < 0.1), answered & (draw > 0.9995)
    rows.loc[gained, ["available", "anticipated"]] = [True, pd.NaT]
    rows.loc[gained, "premises_available"] = rows.loc[gained, "premises"]
    rows.loc[lost, "available"], rows.loc[lost, "premises_available"] = False, 0
    rows.loc[answered & (draw > 0.4) & (draw < 0.405), "likelihood"] = "Low"
    later = rows["anticipated"].notna() & (draw > 0.5)
    rows.loc[later, "anticipated"] += pd.Timedelta(days=91)
    return rows


def save_pair(folder: Path) -> tuple[Path, Path]:
    """Save two releases, a quarter apart."""
    sample = sample_matrix()
    for name, seed, day in (("before", 1, "2026-11-02"), ("after", 2, "2027-02-01")):
        facts = sample.release.with_facts(release_id=f"synthetic-{name}", as_of=day)
        CoverageMatrix(perturb(sample.rows, seed), facts).save(folder / name)
    return folder / "before", folder / "after"


def by_smarthan(before: CoverageMatrix, after: CoverageMatrix) -> ReleaseDiff:
    """Compare, and ask for everything but the lists: summary, revisions, alarm, net by area."""
    found = diff(before, after)
    _ = found.summary, found.revisions_note, found.sanity, found.net("area")
    return found


def describe_by_pandas(rows: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """Return one row a postcode: its state, and the technology and likelihood of its best row."""
    error, covered = rows["region_code"].astype("str").str.startswith("E"), rows["available"].fillna(False).astype(bool)
    dated, overdue = rows["anticipated"].notna(), rows["anticipated"] < pd.Timestamp(day)
    state = np.select([error, covered, dated & ~overdue, dated], [4, 0, 1, 2], 3)
    reached = rows["premises_available"].fillna(rows["premises"].where(covered, 0)).where(~error, 0).fillna(0)
    grade = rows["likelihood"].map({"High": 0, "Medium": 1, "Low": 2}).astype("float").fillna(3)
    rank = state * 8 + grade * 2 + ~rows["csp_region"].astype("str").str.startswith("4G")
    frame = rows[["postcode", "uprn", "premises", "wan_technology", "likelihood"]].assign(
        state=state, reached=reached, rank=rank, uprn=rows["uprn"].fillna("")
    )
    unit = frame.groupby(["postcode", "uprn"], sort=False).agg(
        low=("state", "min"), premises=("premises", "max"), reached=("reached", "max")
    )
    unit["partial"] = (unit["reached"] > 0) & (unit["reached"] < unit["premises"])
    whole = unit.groupby("postcode", sort=False).agg(
        low=("low", "min"), high=("low", "max"), partial=("partial", "any")
    )
    best = frame.sort_values("rank", kind="stable").drop_duplicates("postcode").set_index("postcode")
    mixed = (whole["low"] != whole["high"]) | whole["partial"]
    found = pd.DataFrame({"state": whole["low"].mask(mixed, 5)})
    for name in ("wan_technology", "likelihood"):
        found[name] = best[name].astype("str").reindex(found.index)
    found["answered"] = best["state"].reindex(found.index) != 4
    return found.reset_index()


def merge_by_pandas(old: pd.DataFrame, new: pd.DataFrame) -> dict[str, Any]:
    """Join two tables of one row a postcode and count what changed."""
    both = old.merge(new, on="postcode", how="outer", indicator=True, suffixes=("_before", "_after"))
    pair = both["_merge"] == "both"
    was, now = both["state_before"], both["state_after"]
    answered = pair & both["answered_before"].eq(True) & both["answered_after"].eq(True)
    counts: dict[str, Any] = {
        "added": int((both["_merge"] == "right_only").sum()),
        "removed": int((both["_merge"] == "left_only").sum()),
        "gained": int((pair & (was != 0) & (now == 0)).sum()),
        "lost": int((pair & (was == 0) & (now != 0)).sum()),
        "planned_to_covered": int((pair & (was == 1) & (now == 0)).sum()),
        "planned_to_overdue": int((pair & (was == 1) & (now == 2)).sum()),
    }
    for name in ("technology", "likelihood"):
        column = name if name == "likelihood" else f"wan_{name}"
        counts[name] = int((answered & (both[f"{column}_before"] != both[f"{column}_after"])).sum())
    names = dict(enumerate(STATES))
    sides = [side.map(names).fillna("ABSENT") for side in (was, now)]
    counts["revisions"] = pd.Series(1, index=pd.MultiIndex.from_arrays(sides)).groupby(level=[0, 1]).sum().to_dict()
    return counts


def counts_of(found: ReleaseDiff) -> dict[str, Any]:
    """Return the same counts from a difference."""
    note = found.revisions_note
    names = (
        "added",
        "removed",
        "gained",
        "lost",
        "planned_to_covered",
        "planned_to_overdue",
        "technology",
        "likelihood",
    )
    pairs = zip(note["state_before"], note["state_after"], strict=True)
    return {
        **{name: found.changes[name].count for name in names},
        "revisions": dict(zip(pairs, note["locations"].tolist(), strict=True)),
    }


def run_once(name: str, folders: tuple[Path, Path]) -> tuple[float, dict[str, Any], float]:
    """Return seconds, counts and extra peak memory [MB] of one contender, what it is given made beforehand."""
    sides = [CoverageMatrix.open(folder) for folder in folders]
    days = [side.release.as_of or dt.date.min for side in sides]
    if name == "smarthan, fresh":
        work: Callable[[], Any] = lambda: counts_of(by_smarthan(*sides))  # noqa: E731
    elif name == "smarthan, warm":
        by_smarthan(*sides)
        work = lambda: counts_of(by_smarthan(*sides))  # noqa: E731
    elif name == "pandas, from rows":
        rows = [side.rows for side in sides]
        work = lambda: merge_by_pandas(*map(describe_by_pandas, rows, days))  # noqa: E731
    else:
        tables = [describe_by_pandas(side.rows, day) for side, day in zip(sides, days, strict=True)]
        work = lambda: merge_by_pandas(*tables)  # noqa: E731
    forget_peak()
    held = read_memory("VmRSS")
    start = time.perf_counter()
    counts = work()
    seconds = time.perf_counter() - start
    return seconds, counts, read_memory("VmHWM") - held


def forget_peak() -> None:
    """Set the peak of this process's memory back to what it holds now (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def read_memory(name: str) -> float:
    """Return a figure of this process's memory [MB] (Linux; NaN elsewhere)."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) / 1024
    return float("nan")


NAMES = ("smarthan, fresh", "smarthan, warm", "pandas, merge alone", "pandas, from rows")


def measure(folders: tuple[Path, Path]) -> dict[str, list[tuple[float, float]]]:
    """Return seconds and extra peak memory of each contender, alternating, each run in a process of its own."""
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in NAMES}
    for _ in range(ROUNDS):
        for name in NAMES:
            command = [sys.executable, __file__, "--one", name, *map(str, folders)]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            runs[name].append((float(told[0]), float(told[1])))
    return runs


def main() -> None:
    """Check that the counts are equal, then print medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--one", choices=NAMES)
    parser.add_argument("folders", nargs="*", type=Path)
    asked = parser.parse_args()
    if asked.one:
        seconds, _, memory = run_once(asked.one, (asked.folders[0], asked.folders[1]))
        print(seconds, memory)
        return
    with tempfile.TemporaryDirectory() as folder:
        pair = save_pair(Path(folder))
        ours, theirs = (run_once(name, pair)[1] for name in ("smarthan, fresh", "pandas, from rows"))
        if ours != theirs:
            raise SystemExit(f"the counts differ:\n{ours}\n{theirs}")
        print(f"equal counts: {', '.join(f'{k} {v:,}' for k, v in ours.items() if k != 'revisions')}")
        runs = measure(pair)
    best = statistics.median(seconds for seconds, _ in runs[NAMES[0]])
    title = "full difference of two national releases"
    print(f"{title:<42}{'median s':>10}{'min':>8}{'max':>8}{'peak MB':>10}{'x fresh':>9}")
    for name, found in runs.items():
        seconds = [one for one, _ in found]
        median, memory = statistics.median(seconds), statistics.median(extra for _, extra in found)
        print(f"{name:<42}{median:>10.2f}{min(seconds):>8.2f}{max(seconds):>8.2f}{memory:>10.0f}{median / best:>9.1f}")


if __name__ == "__main__":
    main()
