"""Wall time, processor time and peak memory of one call."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
RESET_PEAK = "5"  # proc(5): resets the peak resident set size to its present value


@dataclass(frozen=True)
class Measure:
    """One call.

    Attributes
    ----------
    wall, cpu : float
        Seconds; processor time of all threads, user and system.
    level_mb, peak_mb : float or None
        Resident memory before the call, and its peak within [MB]; None where the system does not tell.
    """

    wall: float
    cpu: float
    level_mb: float | None
    peak_mb: float | None


def measure(work: Callable[[], Any]) -> tuple[Measure, Any]:
    """Call once; return what it took and what it gave."""
    level = resident_mb()
    reset_peak()
    cpu, wall = cpu_seconds(), time.perf_counter()
    answer = work()
    wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    return Measure(wall, cpu, level, resident_mb("VmHWM")), answer


def cpu_seconds() -> float:
    """Return the processor time of this process so far, all threads [s]."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def resident_mb(name: str = "VmRSS") -> float | None:
    """Return the resident memory now, or its peak by `VmHWM` [MB]; None where the system does not tell."""
    if not _STATUS.exists():
        return None
    kilobytes = next(line.split()[1] for line in _STATUS.read_text().splitlines() if line.startswith(name))
    return int(kilobytes) / 1024


def give_back() -> None:
    """Give freed memory back to the system, as far as each allocator can be told, so that a level is what is in use."""
    gc.collect()
    if "pyarrow" in sys.modules:
        sys.modules["pyarrow"].default_memory_pool().release_unused()
    with contextlib.suppress(OSError, AttributeError):  # only the GNU library has it
        ctypes.CDLL(None).malloc_trim(0)


def reset_peak() -> None:
    """Let the peak start from the present level, where the system can."""
    if _CLEAR.exists():
        _CLEAR.write_text(RESET_PEAK)
