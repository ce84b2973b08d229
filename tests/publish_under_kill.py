"""Publishers killed at random moments while readers look: run by the tests, and by hand for the long count.

    python tests/publish_under_kill.py --kills 100 --store /tmp/store

One process publishes release after release to one store; each says the same number in every row, so that a reader knows
a torn or mixed read when it sees one. It is killed with SIGKILL at a random moment and the next takes over. Two readers
open the store afresh for every question all the while. Prints one JSON document with what was counted.
"""

import argparse
import datetime as dt
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from smarthan.coverage import CoverageMatrix, MatrixRead, ReleaseStore, read_matrix
from smarthan.coverage.releases.current import open_store, read_current

UNITS = [f"LL57 2{a}{b}" for a in "ABDEFGH" for b in "ABDEFGH"]
FIRST_DAY = dt.date(2020, 1, 1)
READERS = 2
ROWS_EVERY = 25  # of so many reads one also reads the Parquet file


def name_of(number: int) -> str:
    return f"r{number:06d}"


def make_read(folder: Path) -> MatrixRead:
    path = folder / "small.csv"
    head = "postcode,csp_region,available,wan_technology,premises\n"
    lines = [f"{code},Central,{'true' if k else 'false'},Cellular,1\n" for k, code in enumerate(UNITS)]
    path.write_text(head + "".join(lines), encoding="utf-8")
    return read_matrix(path, as_of=FIRST_DAY.isoformat(), release_id=name_of(0))


def number_rows(read: MatrixRead, number: int) -> MatrixRead:
    """Return the reading as release `number`, which every row of it says."""
    rows = read.matrix.rows.assign(premises=number)
    rows["premises"] = rows["premises"].astype("Int32")
    rows["release_id"] = rows["release_id"].cat.rename_categories([name_of(number)])
    day = FIRST_DAY + dt.timedelta(days=number)
    release = read.matrix.release.with_facts(release_id=name_of(number), as_of=day)
    return MatrixRead(CoverageMatrix(rows, release), read.quarantine, read.ledger, read.notes)


def publish_on(store: Path, read: MatrixRead, told: int) -> None:
    """Publish from the number after the current one until killed; write a byte for each that is done."""
    number = int((read_current(str(store))[0] or name_of(0))[1:]) + 1
    while True:
        ReleaseStore(store).publish(number_rows(read, number))
        os.write(told, b".")
        number += 1


def read_on(store: Path, seed: int, told: int) -> None:
    """Open and ask until asked to stop; then tell what was seen."""
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stop.append(number))
    rng, seen = random.Random(seed), Counter[str]()
    last, faults = 0, []
    while not stop:
        try:
            number, faulty = _read_once(store, rng, seen)
        except Exception as error:
            seen["raised"] += 1
            faults.append(f"{type(error).__name__}: {error}")
            continue
        seen["reads"] += 1
        seen["torn"] += faulty
        seen["backwards"] += number < last
        seen["releases"] += number != last
        last = number
    os.write(told, json.dumps({**seen, "faults": faults[:5]}).encode())


def _read_once(store: Path, rng: random.Random, seen: Counter[str]) -> tuple[int, bool]:
    matrix = CoverageMatrix.of(open_store(store))
    number = int(matrix.release.release_id[1:])
    answers = [matrix.lookup(code) for code in rng.sample(UNITS, 3)]
    said = {row["premises"] for answer in answers for row in answer.rows}
    said |= {int(answer.release_id[1:]) for answer in answers}
    seen["noted"] += bool(matrix.notes)
    if seen["reads"] % ROWS_EVERY == 0:
        said |= set(matrix.rows["premises"]) | {int(matrix.rows["release_id"].iloc[0][1:])}
        said |= set() if len(matrix.rows) == len(UNITS) else {-1}
        seen["whole"] += 1
    return number, said != {number}


def fork(work: Callable[[int], None]) -> tuple[int, int]:
    """Run work(handle) in a child that shares what is imported; return its id and where it writes."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        return child, reader
    os.close(reader)
    try:
        work(writer)
    finally:
        os._exit(1)


def drain(handle: int) -> bytes:
    parts = []
    while part := os.read(handle, 65536):
        parts.append(part)
    os.close(handle)
    return b"".join(parts)


def run(store: Path, kills: int, seed: int, longest_s: float) -> dict[str, object]:
    pa.set_cpu_count(1)
    read, rng = make_read(store.parent), random.Random(seed)
    ReleaseStore(store).publish(number_rows(read, 1))
    readers = [fork(lambda told, n=n: read_on(store, seed + n, told)) for n in range(READERS)]  # type: ignore[misc]
    total: Counter[str] = Counter(kills=0, writes=1)
    started = time.monotonic()
    for _ in range(kills):
        child, told = fork(lambda told: publish_on(store, read, told))
        first = os.read(told, 1)
        time.sleep(rng.uniform(0, longest_s))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        done = len(first + drain(told))
        total["kills"] += 1
        total["writes"] += done
        total["kills without a write"] += done == 0
        opened = open_store(store)
        total["good after kill"] += read_current(str(store))[0] == opened.mapped.release.release_id
        total["kills that left something"] += any("did not finish" in note for note in opened.notes)
    for child, _ in readers:
        os.kill(child, signal.SIGTERM)
    seen: Counter[str] = Counter(reads=0, torn=0, raised=0, backwards=0)
    faults: list[str] = []
    for child, told in readers:
        document = json.loads(drain(told))
        os.waitpid(child, 0)
        faults += document.pop("faults")
        seen.update(document)
    return {**total, **seen, "faults": faults, "seconds": round(time.monotonic() - started, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", type=Path, required=True, help="a new folder")
    parser.add_argument(
        "--longest", type=float, default=0.4, help="seconds a publisher may live after its first release"
    )
    asked = parser.parse_args()
    asked.store.parent.mkdir(parents=True, exist_ok=True)
    json.dump(run(asked.store, asked.kills, asked.seed, asked.longest), sys.stdout, indent=2)


if __name__ == "__main__":
    main()
