"""Measure ours beside the peers: `make bench`, or `python benchmarks/run.py --help`.

Absolute times drift with the machine; a claim is a ratio of medians from one run. The exit code is 0 whatever the
speeds, and 1 when results disagree or a contender breaks down.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from harness.contenders import Failed, environment
from harness.gates import Verdict, judge
from harness.running import ROUNDS, Job, Outcome, run_job
from harness.tables import as_document, as_markdown, as_text, describe_machine, gate_table, job_table
from jobs.bulk_lookup import bulk_lookup
from jobs.cold_start import cold_start, loaded_modules
from jobs.key_lookup import key_lookup
from jobs.opening import opening
from jobs.reading import reading
from jobs.scoring import DRAWS, scoring_cells, scoring_drawn, scoring_given
from jobs.trial import trial_making, trial_reading
from page import as_page
from picture import draw_page
from scene import Scene

ROWS = (1_000_000, 10_000_000, 30_000_000)
BYTES_A_ROW = 500  # of memory, all contenders of the bulk look-up at once; estimated from 10 million rows
BUILDINGS = (504, 50_000)
QUICK_DRAWS = 10_000
JOBS = ("cold", "key-lookup", "opening", "bulk", "reading", "trial", "scoring")
# Comparisons at full size with a harness of their own; each prints its table and stops when results disagree.
SCRIPTS = ("rollups", "differences", "maps", "suppression", "bootstrap", "paths")

Done = list[tuple[Job, list[Outcome]]]


def main() -> None:
    """Run what was asked for, print it, exit."""
    asked = read_arguments()
    scene = Scene(asked.area)
    chosen = asked.job or [*JOBS, *(() if asked.area else SCRIPTS)]
    rows = [count for count in asked.rows if "bulk" in chosen and fits(count)]
    done: Done = []
    try:
        for job in make_jobs(scene, chosen, rows, asked.buildings):
            outcomes = run_job(job, asked.rounds, say)
            done.append((job, outcomes))
            print(describe_job(job, outcomes, as_text), flush=True)
    except Failed as error:
        sys.exit(str(error))
    told = {name: run_script(name) for name in SCRIPTS if name in chosen}
    # One area is too small to judge a claim by.
    judged = [] if asked.area else done
    verdicts = [judge(job.name, gate, {o.name: o for o in outcomes}) for job, outcomes in judged for gate in job.gates]
    print_end(verdicts, scene, with_cold="cold" in chosen)
    write_files(asked, done, verdicts, told)
    sys.exit(0 if all_agree(done) and None not in told.values() else 1)


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--job", action="append", choices=[*JOBS, *SCRIPTS], help="one job; may be given again")
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS, help="sizes of the bulk look-up")
    parser.add_argument("--buildings", type=int, nargs="+", default=BUILDINGS, help="sizes of the building trial")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds of each job ({ROUNDS})")
    parser.add_argument("--area", help="only the postcodes of one area, such as ZE: a quick try")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything as JSON too")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables as Markdown too")
    return parser.parse_args()


def make_jobs(scene: Scene, chosen: Sequence[str], rows: Sequence[int], buildings: Sequence[int]) -> Iterator[Job]:
    """Return the jobs, each made when its turn comes."""
    few = QUICK_DRAWS if scene.area else DRAWS
    makers: dict[str, list[Callable[[], Job]]] = {
        "cold": [partial(cold_start, scene)],
        "key-lookup": [partial(key_lookup, scene)],
        "opening": [partial(opening, scene)],
        "bulk": [partial(bulk_lookup, scene, count) for count in rows],
        "reading": [partial(reading, scene, form) for form in ("parquet", "csv")],
        "scoring": [partial(make, few) for make in (scoring_given, scoring_drawn, scoring_cells)],
        "trial": [partial(make, scene, count) for count in buildings for make in (trial_making, trial_reading)],
    }
    for name in JOBS:
        if name in chosen:
            yield from (make() for make in makers[name])


def fits(rows: int) -> bool:
    """Return whether this machine has the memory for a bulk look-up of so many rows; say so when it has not."""
    held = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if rows * BYTES_A_ROW > held:
        say(f"bulk: {rows:,} rows left out, they need {rows * BYTES_A_ROW / 1e9:.0f} GB of memory")
    return rows * BYTES_A_ROW <= held


def run_script(name: str) -> str | None:
    """Run a comparison that stands by itself, showing its lines as they come; return them, or None if it failed."""
    print(f"\n{name}\n", flush=True)
    command = [sys.executable, str(Path(__file__).with_name(f"{name}.py"))]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as running:
        assert running.stdout is not None
        for line in running.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return None if running.returncode else "".join(lines)


def describe_job(job: Job, outcomes: list[Outcome], form: Callable[[list[list[str]]], str]) -> str:
    """Return a job's table with its title and notes."""
    rounds = max(len(outcome.measures) for outcome in outcomes)
    heading = f"\n{'## ' * (form is as_markdown)}{job.title} ({job.name}, {rounds} rounds)\n"
    return "\n".join([heading, form(job_table(job, outcomes)), "", *(f"* {note}" for note in job.notes)])


def print_end(verdicts: list[Verdict], scene: Scene, *, with_cold: bool) -> None:
    """Print the gates and what the figures depend on."""
    if verdicts:
        print("\nGates: ratios of medians in this run\n\n" + as_text(gate_table(verdicts)))
    if with_cold:
        print(f"\nHeavy modules that a cold look-up loads: {', '.join(loaded_modules(scene)) or 'none'}")
    print("\n" + ", ".join(f"{name} {value}" for name, value in describe_machine().items()))


def write_files(asked: argparse.Namespace, done: Done, verdicts: list[Verdict], told: dict[str, str | None]) -> None:
    """Write JSON and Markdown where they were asked for."""
    if asked.json:
        document = as_document(describe_machine(), done, verdicts) | {"scripts": told}
        asked.json.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    if asked.markdown:
        tables = [describe_job(job, outcomes, as_markdown) for job, outcomes in done]
        picture = draw_page(done, asked.markdown.with_suffix(".svg"))
        asked.markdown.write_text(as_page(tables, told, verdicts, area=asked.area, picture=picture), "utf-8")


def all_agree(done: Done) -> bool:
    """Say which results disagree; return whether none does."""
    agreed = True
    for job, outcomes in done:
        first = next((one for one in outcomes if one.result is not None), None)
        for one in outcomes:
            if not one.agrees and first is not None:
                agreed = False
                say(f"{job.name}: {one.name} gives another answer than {first.name}, or not the same one each time:")
                say(f"  {one.result}\n  {first.result}")
    if not agreed:
        say("Where the look-up itself was changed, delete the kept tables: `benchmarks` in the cache folder.")
    return agreed


def say(words: str) -> None:
    """Tell how far things are, apart from the results."""
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
