"""The machine, the versions, and the assignment of cores."""
import os
import platform
import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path
from typing import Any


def _cores() -> list[int]:
    return sorted(os.sched_getaffinity(0))


def server_core() -> int:
    return _cores()[0]


def generator_core() -> int:
    return _cores()[-1]


def all_cores() -> str:
    return ",".join(map(str, _cores()))


def debian_version(package: str) -> str:
    done = subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], capture_output=True, text=True, check=False)
    return done.stdout or "not installed"


def about() -> dict[str, Any]:
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False,
                            cwd=Path(__file__).parent)
    packages = ("bind9", "knot-resolver", "pdns-recursor", "dnsdist", "unbound", "knot", "liblmdb0", "dnsperf", "g++")
    return {
        "cpu": cpu[1] if cpu else platform.processor(), "cores": len(_cores()),
        "memory_gb": round(int(memory[1]) / 1e6, 1), "kernel": platform.release(),
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"), "saring": commit.stdout.strip(),
        "load_before": os.getloadavg()[0], "versions": {package: debian_version(package) for package in packages},
    }
