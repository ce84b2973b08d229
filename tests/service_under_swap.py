"""The service asked while releases are published to its store and publishers are killed: run by the tests, and by hand.

    python tests/service_under_swap.py --seconds 600 --every 5 --store /tmp/store

Every row of a release says the release's own number, so that an answer mixed of two is known when it is seen. One
process serves, one publishes and is killed with SIGKILL at a random moment of its work, this one asks: single look-ups,
batches, the page, roll-ups. Prints one JSON document with what was counted.
"""

import argparse
import json
import os
import random
import re
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
from tests.publish_under_kill import UNITS, drain, fork, make_read, number_rows, publish_on

from smarthan.coverage import ReleaseStore
from smarthan.coverage.releases.current import read_current

LONGEST_S = 0.4  # a publisher lives at most this long after its first release
BATCH = 20


@contextmanager
def serve(store: Path) -> Iterator[HTTPConnection]:
    """Run `smarthan serve` on a free port, and give a connection to it."""
    program = Path(sys.executable).with_name("smarthan")
    command = [
        str(program),
        "serve",
        "--port",
        "0",
        "--store",
        str(store),
        "--audit",
        str(store.parent / "audit.jsonl"),
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    try:
        found = re.search(r"http://([0-9.]+):(\d+)", process.stderr.readline())
        assert found, "it does not serve"
        connection = HTTPConnection(found[1], int(found[2]), timeout=30)
        yield connection
        connection.close()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        process.stderr.close()


def ask(connection: HTTPConnection, path: str, document: object = None) -> bytes:
    body = None if document is None else json.dumps(document).encode()
    headers = {} if body is None else {"content-type": "application/json"}
    connection.request("GET" if body is None else "POST", path, body, headers)
    reply = connection.getresponse()
    found = reply.read()
    if reply.status != 200:
        raise ValueError(f"{reply.status} for {path}: {found[:200]!r}")
    return found


def number_of(answer: Any) -> int:
    """Return the release an answer names; -1 when any of its rows says another."""
    number = int(answer["release_id"][1:])
    return number if {row["premises"] for row in answer["rows"]} == {number} else -1


def ask_one(connection: HTTPConnection, rng: random.Random) -> int:
    return number_of(json.loads(ask(connection, f"/v1/coverage/{quote(rng.choice(UNITS))}")))


def ask_many(connection: HTTPConnection, rng: random.Random) -> int:
    document = json.loads(ask(connection, "/v1/coverage:batch", {"postcodes": rng.sample(UNITS, BATCH)}))
    said = {number_of(answer) for answer in document["answers"]} | {int(document["release_id"][1:])}
    return said.pop() if len(said) == 1 else -1


def ask_page(connection: HTTPConnection, rng: random.Random) -> int:
    page = ask(connection, f"/?q={quote(rng.choice(UNITS))}").decode()
    said = set(map(int, re.findall(r">of (\d+)<", page))) | set(map(int, re.findall(r"[Rr]elease r(\d+)", page)))
    return said.pop() if len(said) == 1 else -1


def ask_table(connection: HTTPConnection, rng: random.Random) -> int:
    document = json.loads(ask(connection, "/v1/rollup?by=sector"))
    number = int(document["release_id"][1:])
    return number if [row["weight"] for row in document["rows"]] == [number * len(UNITS)] else -1


QUESTIONS = (*[ask_one] * 20, ask_many, ask_page, ask_table)


class Asking:
    """Questions put one after another, and what came of them."""

    def __init__(self, connection: HTTPConnection, seed: int) -> None:
        self.connection, self.rng, self.last = connection, random.Random(seed), 0
        self.seen: Counter[str] = Counter(answers=0, wrong=0, errors=0, backwards=0, swaps=0)
        self.faults: list[str] = []

    def until(self, done: Callable[[], bool]) -> None:
        """Ask until something is done."""
        while not done():
            self._ask(self.rng.choice(QUESTIONS))

    def _ask(self, question: Callable[[HTTPConnection, random.Random], int]) -> None:
        try:
            number = question(self.connection, self.rng)
        except (ValueError, OSError) as error:
            self.seen["errors"] += 1
            self.faults.append(str(error))
            return
        self.seen["answers"] += 1
        self.seen["wrong"] += number < 0
        if number >= 0:
            self.seen["backwards"] += number < self.last
            self.seen["swaps"] += 0 < self.last < number
            self.last = number


def run(store: Path, seconds: float, every_s: float, seed: int) -> dict[str, object]:
    pa.set_cpu_count(1)
    read, rng = make_read(store.parent), random.Random(seed)
    ReleaseStore(store).publish(number_rows(read, 1))
    kills = published = 0
    with serve(store) as connection:
        for question in (ask_page, ask_table):  # what is asked first waits for pandas
            question(connection, rng)
        asking, end = Asking(connection, seed), time.monotonic() + seconds
        while time.monotonic() < end:
            turn = time.monotonic() + every_s
            child, told = fork(lambda told: publish_on(store, read, told))
            patience = time.monotonic() + rng.uniform(0, 4)  # most publishers finish something, some nothing
            asking.until(lambda: time.monotonic() > patience or bool(select.select([told], [], [], 0)[0]))  # noqa: B023
            kill_at = time.monotonic() + rng.uniform(0, LONGEST_S)
            asking.until(lambda: time.monotonic() > kill_at)  # noqa: B023
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            kills, published = kills + 1, published + len(drain(told))
            asking.until(lambda: time.monotonic() > turn)  # noqa: B023
        caught_up = _wait_for_current(connection, store)
    return {**asking.seen, "kills": kills, "published": published, "caught_up": caught_up, "faults": asking.faults[:5]}


def _wait_for_current(connection: HTTPConnection, store: Path) -> bool:
    """Whether the service ends up with the release that CURRENT names."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if json.loads(ask(connection, "/healthz"))["release_id"] == read_current(str(store))[0]:
            return True
        time.sleep(0.1)
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--every", type=float, default=5, help="seconds from one publisher to the next")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", type=Path, required=True, help="a new folder")
    asked = parser.parse_args()
    asked.store.parent.mkdir(parents=True, exist_ok=True)
    json.dump(run(asked.store, asked.seconds, asked.every, asked.seed), sys.stdout, indent=2)


if __name__ == "__main__":
    main()
