"""Time and memory of one run of a program. A small process starts it and waits for it: on newer kernels the
peak memory of a child (ru_maxrss) starts at that of its parent, and a test may have a gigabyte."""
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any, Sequence

_STARTER = """
import json, os, sys
result = int(sys.argv[1])
os.set_inheritable(result, False)
pid = os.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
_, status, used = os.wait4(pid, 0)
code = os.waitstatus_to_exitcode(status)
os.write(result, json.dumps([code, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024]).encode())
"""


@dataclass
class Finished:
    code: int
    wall: float     # seconds, as cpu
    cpu: float
    peak_rss: int   # bytes
    out: str
    err: str


def run(command: Sequence[Any], environment: dict[str, str] | None = None, stdin: str | None = None,
        timeout: float = 3600, merge: bool = False) -> Finished:
    """`merge`: stderr goes to `out` too."""
    reader, writer = os.pipe()
    begun = time.monotonic()
    process = subprocess.Popen([sys.executable, "-I", "-S", "-c", _STARTER,
                                str(writer), *map(str, command)],
                               stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT if merge else subprocess.PIPE,
                               text=True, errors="replace", env=environment, pass_fds=[writer], start_new_session=True)
    os.close(writer)
    with os.fdopen(reader) as result:
        try:
            out, err = process.communicate(stdin, timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        wall = time.monotonic() - begun
        code, cpu, peak = json.loads(result.read())
    return Finished(code, wall, cpu, peak, out, err or "")
