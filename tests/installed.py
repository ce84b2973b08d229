"""The installed command in a process of its own, and what must hold of every run."""

import subprocess
import sys
from pathlib import Path

SMARTHAN = str(Path(sys.executable).with_name("smarthan"))


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command; no run shows a traceback, and each ends with one of the three codes."""
    done = subprocess.run([SMARTHAN, *arguments], capture_output=True, text=True, cwd=cwd, check=False)
    assert "Traceback" not in done.stderr + done.stdout
    assert done.returncode in (0, 1, 2)
    return done
