"""The sheet that stands beside shipped data: source, date, licence, and each file's rows and hash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from smarthan.files import sha256_of, write_whole


def write_sheet(path: Path, rows: Mapping[str, int], about: Mapping[str, object]) -> Path:
    """Write a sheet of TOML: what is said of all files, then of each file beside it its rows and hash."""
    # A JSON string, boolean or list of strings is written the same way in TOML.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in about.items()]
    for name, count in rows.items():
        lines += ["", f'[files."{name}"]', f"rows = {count}", f'sha256 = "{sha256_of(path.with_name(name))}"']
    with write_whole(path, "w") as stream:
        stream.write("\n".join(lines) + "\n")
    return path
