"""Runs the probe (probe.cc) and reads what it wrote down."""
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy

from bench import machine
from support import paths

PROGRAM = paths.BUILD / "tests" / "bench" / "bench-probe"
NONE = 0xFFFFFFFF
RECORD = numpy.dtype([("sent_us", "<u4"), ("latency_us", "<u4"), ("rcode", "<u4")])
PERCENTILES = (50, 99, 99.9)
_PRIORITY = ("chrt", "-f", "10")
if subprocess.run([*_PRIORITY, "true"], capture_output=True, check=False).returncode != 0:
    _PRIORITY = ()  # not for everybody, nor for root in every container


class Probe:
    """Asks in the background from the moment it is made, ahead of whatever else its core has to do."""

    def __init__(
        self, folder: Path, port: int, questions: Path, rate: int, to: int = 0, seconds: float = 600, sources: int = 16
    ) -> None:
        self._output = folder / f"probe-{port}"
        self._process = subprocess.Popen([
            "taskset", "-c",
            str(machine.generator_core()), *_PRIORITY,
            str(PROGRAM), "--port",
            str(port), "--questions",
            str(questions), "--from",
            str(rate), "--to",
            str(to or rate), "--seconds", f"{seconds:g}", "--sources",
            str(sources), "--output",
            str(self._output)
        ], stdout=subprocess.PIPE, text=True)
        self.begun = float(self._process.stdout.readline())

    def now(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.begun

    def stop(self) -> None:
        self._process.terminate()

    def records(self) -> numpy.ndarray:
        if self._process.wait() != 0:
            raise RuntimeError("the probe failed")
        records = numpy.fromfile(self._output, dtype=RECORD)
        self._output.unlink()
        return records


def percentiles(records: numpy.ndarray) -> dict[str, Any]:
    """Milliseconds. An unanswered question counts as lost, and as no latency."""
    answered = records["latency_us"][records["latency_us"] != NONE] / 1000
    if len(answered) == 0:
        return {"asked": len(records), "lost": len(records)}
    out: dict[str, Any] = {f"p{p:g}": round(float(numpy.percentile(answered, p)), 3) for p in PERCENTILES}
    return {**out, "max": round(float(answered.max()), 3), "asked": len(records), "lost": len(records) - len(answered)}


def between(records: numpy.ndarray, begin: float, end: float) -> numpy.ndarray:
    """The queries between two moments, in seconds from the start."""
    return records[(records["sent_us"] >= begin * 1e6) & (records["sent_us"] < end * 1e6)]
