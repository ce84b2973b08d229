"""How long a synthetic trial takes to make, at several sizes; run `python benchmarks/synthetic_trial.py`."""

from __future__ import annotations

import argparse
import resource
import tempfile
import time

from smarthan.trial_data import make_trial

STRATA = 8


def main() -> None:
    """Print seconds and peak memory for each number of buildings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("buildings", type=int, nargs="*", default=[504, 5_000, 50_000], help="buildings in all, rising")
    print(f"{'buildings':>10}{'premises':>12}{'seconds':>9}{'peak GB':>9}")
    for buildings in parser.parse_args().buildings:
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            truth = make_trial(folder, seed=1, buildings_per_stratum=max(1, buildings // STRATA))
            seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"{buildings:>10,}{truth.parameters['premises']:>12,}{seconds:>9.1f}{peak:>9.2f}")


if __name__ == "__main__":
    main()
