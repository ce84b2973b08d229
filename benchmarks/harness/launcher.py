"""Run one command from its start to its end; tell in JSON what it took and what it said.

A process of its own with hardly anything loaded: a child counts the memory of the one that forked it as its own peak.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

with tempfile.TemporaryFile("w+") as output:
    start = time.perf_counter()
    child = subprocess.Popen(sys.argv[1:], stdout=output)
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    output.seek(0)
    told = {
        "wall": wall,
        "cpu": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / 1024,  # kilobytes, on Linux
        "code": child.returncode,
        "output": output.read(),
    }
print(json.dumps(told))
