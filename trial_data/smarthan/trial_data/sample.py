"""A small synthetic trial to try things on; it says so everywhere."""

from __future__ import annotations

import datetime as dt
import functools
import tempfile
from dataclasses import replace

from .reading import read_trial
from .synthetic.generator import make_trial
from .trial import Trial

SEED = 20_250_303
BUILDINGS_PER_STRATUM = 20
# The day asked is fixed, so that the sample is the same on every day.
DAY = dt.date(2025, 12, 31)


def sample_trial() -> Trial:
    """Return a small synthetic building trial, read by `read_trial` like any survey team's files.

    Returns
    -------
    Trial
        About 160 buildings in eight strata, some 380 sampled dwellings and 3,000 to 4,000 readings of ZigBee at
        2.4 GHz and 868 MHz, wireless M-Bus, Wi-Fi, and narrow- and broadband power line. `synthetic` is True, and so
        is `frame.attrs["synthetic"]` of each table.

    Notes
    -----
    Data sheet. Source: made by `make_trial` from a fixed seed when first asked for, in a temporary folder that is
    removed again; later calls in the same process return the same trial. Licence: none needed, it describes nothing
    that exists. Content: shares, geometry and link constants are illustrative, not measured
    (`smarthan.trial_data.synthetic.constants`). It holds errors on purpose, two of each kind that a file can carry,
    and one surveyor who invents readings: so the quarantine and the notes are not empty. Tables may be changed freely;
    the next call returns them as they were.

    Examples
    --------
    >>> trial = sample_trial()
    >>> trial.synthetic, trial["buildings"].shape[0]
    (True, 160)
    """
    trial = _make_sample()
    # Shallow copies: pandas copies on write, so the kept trial stays as it is.
    return replace(
        trial,
        tables={name: table.copy(deep=False) for name, table in trial.tables.items()},
        quarantine=trial.quarantine.copy(deep=False),
        ledger=trial.ledger.copy(deep=False),
        notes=trial.notes.copy(deep=False),
    )


@functools.cache
def _make_sample() -> Trial:
    with tempfile.TemporaryDirectory(prefix="smarthan-sample-") as folder:
        make_trial(folder, seed=SEED, buildings_per_stratum=BUILDINGS_PER_STRATUM)
        return read_trial(folder, day=DAY)
