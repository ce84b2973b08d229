"""One look-up from a cold start: a new process each time, from its start to its end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from harness.contenders import Command, Contender
from harness.gates import Gate
from harness.running import Job
from scene import Scene

POSTCODE = "SW1A 1AA"
BARE, OURS = "bare Python", "smarthan lookup"
HEAVY = ("numpy", "pandas", "pyarrow", "typer")  # what the cold path must not load

LIBRARY = "from smarthan.coverage.lookup.cold import lookup_one; print(lookup_one('{key}', matrix=r'{release}').state)"
SQLITE = (
    "import sqlite3; c = sqlite3.connect(r'{database}'); "
    "print(c.execute('SELECT state FROM releases WHERE postcode = ?', ('{key}',)).fetchone()[0])"
)
PANDAS = (
    "import pandas as pd; t = pd.read_parquet(r'{table}', filters=[('postcode', '==', '{key}')]); "
    "print(t['state'].iloc[0])"
)
DUCKDB = (
    "import duckdb; t = duckdb.read_parquet(r'{table}').filter(\"postcode = '{key}'\"); "
    "print(t.select('state').fetchall()[0][0])"
)
POLARS = (
    "import polars as pl; t = pl.scan_parquet(r'{table}').filter(pl.col('postcode') == '{key}'); "
    "print(t.collect()['state'][0])"
)
NOTES = ("Extra MB: here the whole of the process at its peak.",)


def cold_start(scene: Scene) -> Job:
    """Return the job."""
    key = POSTCODE if scene.area is None else scene.postcodes().iloc[0]
    places = {"table": scene.table(), "release": scene.release(), "database": scene.database(), "key": key}

    def python(name: str, code: str, needs: str = "") -> Command:
        return Command(name, [sys.executable, "-c", code.format(**places)], needs, str.strip)

    script = str(Path(sys.executable).with_name("smarthan"))
    arguments = [script, "lookup", str(key), "--matrix", str(scene.release()), "--format", "json"]
    contenders: tuple[Contender, ...] = (
        Command(OURS, arguments, read=lambda text: json.loads(text)["state"]),
        Command(BARE, [sys.executable, "-c", "pass"]),
        python("smarthan as a library", LIBRARY),
        python("sqlite", SQLITE),
        Command("numpy, import alone", [sys.executable, "-c", "import numpy"], "numpy"),
        python("duckdb on Parquet", DUCKDB, "duckdb"),
        python("polars on Parquet", POLARS, "polars"),
        python("pandas on Parquet", PANDAS, "pandas"),
    )
    gates = (Gate("cold `smarthan lookup`, of bare Python", OURS, (BARE,), 2.5, 1.5, at_most=True),)
    return Job("cold", f"A look-up of {key} from a cold start", contenders, gates=gates, unit="ms", notes=NOTES)


def loaded_modules(scene: Scene) -> list[str]:
    """Return which of the `HEAVY` modules a cold look-up loads; there should be none."""
    code = (
        "import sys, contextlib, io\n"
        "from smarthan.cli import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        f"    main(['lookup', '{scene.postcodes().iloc[0]}', '--matrix', r'{scene.release()}'])\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
