"""The same inputs give the same report, byte for byte, wherever, whenever and in whatever language it is made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from smarthan.files import sha256_of
from smarthan.report.demonstration import demonstration_inputs

SETTINGS = (
    {"TZ": "UTC", "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"},
    {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LC_ALL": "de_DE.UTF-8", "HOME": "elsewhere"},
)


def _hashes(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "run.json"]
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in files}


@pytest.mark.slow
def test_the_whole_fast_pack_is_the_same_to_the_byte(tmp_path: Path) -> None:
    made = []
    for place, setting in enumerate(SETTINGS):
        here = tmp_path / f"place {place}"
        shutil.copytree(demonstration_inputs(), here / "in")
        environment = {**os.environ, "SMARTHAN_CACHE": str(tmp_path / f"cache{place}"), **setting}
        command = [
            str(Path(sys.executable).with_name("smarthan")),
            "report",
            "--config",
            "in",
            "--fast",
            "--out",
            "out",
        ]
        done = subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        made.append(_hashes(here / "out"))
    different = {name for name in made[0] | made[1] if made[0].get(name) != made[1].get(name)}
    assert different == set()
    assert len(made[0]) > 100
