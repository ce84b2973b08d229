"""One run of the command line in this process, watched: exit code, words, time, memory, files opened, programs run."""

from __future__ import annotations

import contextlib
import io
import resource
import sys
import time
from pathlib import Path
from typing import Any

import smarthan.coverage
from smarthan.cli import main

WATCHED = ("open", "socket.connect", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")
MEMORY = 3 << 30  # bytes that a child may take
_events: list[tuple[str, str, str]] | None = None


def start_watch() -> None:
    """Limit the memory of this process and begin to hear what it does."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.addaudithook(_watch)


def run_watched(arguments: list[str], path: Path) -> dict[str, Any]:
    """Run the command line on an input; return what happened, and whether the input is as it was."""
    global _events
    before = path.read_bytes()
    said, told = io.StringIO(), io.StringIO()
    base, clock, cpu = _reset_peak(), time.perf_counter(), time.process_time()
    _events = []
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(told):
        try:
            main(arguments)
            code: object = None
        except SystemExit as stop:
            code = stop.code
    events, _events = _events, None
    return {
        "code": code,
        "seconds": time.perf_counter() - clock,
        "cpu_seconds": time.process_time() - cpu,
        "growth_mb": (_peak() - base) / 1024,
        "stdout": said.getvalue(),
        "stderr": told.getvalue(),
        "events": [e for e in events if not _is_own(e[1])],
        "untouched": path.read_bytes() == before,
    }


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _events is not None and event in WATCHED and not isinstance(arguments[0], int):
        mode = str(arguments[1]) if event == "open" else ""
        _events.append((event, str(arguments[0]), mode))


def _is_own(path: str) -> bool:
    """Return whether a file is the program's own: Python, its packages, this project's code and data."""
    roots = {sys.prefix, sys.base_prefix, *(str(Path(entry)) for entry in smarthan.__path__)}
    return any(path.startswith(root) for root in roots) or path.startswith(("/proc", "/dev/null", "/sys"))


def _peak() -> int:
    """Return the highest memory in use since the last reset [KiB]."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _reset_peak() -> int:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _peak()
