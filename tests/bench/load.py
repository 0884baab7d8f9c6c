"""Load from dnsperf, pinned to the generator's core, and what it and the server's accounts say."""
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench import machine
from bench.measure import cpu_seconds


LONGEST = 300  # seconds that a file of questions may take


@dataclass
class Burst:
    qps: float
    sent: int
    lost: int
    cpu_us: float  # of the server, a query
    codes: dict[str, int]


def dnsperf(port: int, questions: Path, pids: list[int], *, seconds: float | None = None, once: bool = False,
            outstanding: int = 200, clients: int = 8, rate: int | None = None) -> Burst:
    """`once`: the file from beginning to end instead of a time."""
    command = [
        "taskset", "-c",
        str(machine.generator_core()), "dnsperf", "-s", "127.0.0.1", "-p",
        str(port), "-d",
        str(questions), "-c",
        str(clients), "-q",
        str(outstanding), "-t", "5", "-e", "-O", "suppress=timeouts"
    ]
    # With -n alone dnsperf sometimes does not end after its last answer; the time limit ends it.
    command += ["-n", "1", "-l", str(LONGEST)] if once else ["-l", f"{seconds:g}"]
    command += ["-Q", str(rate)] if rate else []
    before = cpu_seconds(pids)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    spent = cpu_seconds(pids) - before
    if done.returncode != 0:
        raise RuntimeError(f"dnsperf: {done.stdout}{done.stderr}")
    number = lambda what: float(re.search(rf"{what}:\s+([\d.]+)", done.stdout)[1])
    completed = number("Queries completed")
    codes = {code: int(count) for code, count in re.findall(r"([A-Z]+) (\d+) \(", done.stdout)}
    return Burst(number("Queries per second"), int(number("Queries sent")), int(number("Queries lost")),
                 spent / max(completed, 1) * 1e6, codes)
