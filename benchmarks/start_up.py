"""How long a cold start takes, beside a bare interpreter and the pandas way, alternating in one run.

Run `make bench`. Absolute times drift with the machine; the ratios are the claim.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 9
POSTCODE = "SW1A 1AA"


def contenders(reference: Path) -> dict[str, list[str]]:
    """Return each contender's command line."""
    python = sys.executable
    pandas_way = (
        "import pandas as pd; frame = pd.read_parquet(r'{path}'); "
        "print(frame.loc[frame['postcode'].eq('{postcode}')].iloc[0].to_dict())"
    )
    return {
        "bare Python": [python, "-c", "pass"],
        "from smarthan import coverage": [python, "-c", "from smarthan import coverage"],
        "smarthan lookup": [str(Path(python).with_name("smarthan")), "lookup", POSTCODE],
        "pandas, one row of Parquet": [python, "-c", pandas_way.format(path=reference, postcode=POSTCODE)],
    }


def measure(commands: dict[str, list[str]]) -> dict[str, list[float]]:
    """Return wall seconds of each command, one round of all after another."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            seconds[name].append(time.perf_counter() - start)
    return seconds


def main() -> None:
    """Print medians, spread and the ratio to a bare interpreter."""
    import smarthan.coverage

    commands = contenders(Path(smarthan.coverage.__path__[0]) / "data" / "postcodes.parquet")
    for command in commands.values():  # once each, so that caches are warm and the demonstration release is made
        subprocess.run(command, check=True, capture_output=True)
    seconds = measure(commands)
    bare = statistics.median(seconds["bare Python"])
    print(f"{'command':<32}{'median ms':>10}{'min':>8}{'max':>8}{'x bare Python':>15}")
    for name, runs in seconds.items():
        median = statistics.median(runs)
        print(f"{name:<32}{median * 1e3:>10.0f}{min(runs) * 1e3:>8.0f}{max(runs) * 1e3:>8.0f}{median / bare:>15.1f}")


if __name__ == "__main__":
    main()
