"""Kills a program while it works."""
import random
import subprocess
import time
from typing import Callable


def killed_after(process: subprocess.Popen, seconds: float) -> bool:
    """Kills it after that time; returns whether it was still running."""
    try:
        process.wait(timeout=seconds)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True


def duration(action: Callable[[], object]) -> float:
    begun = time.monotonic()
    action()
    return time.monotonic() - begun


class Moments:
    """Random moments during a program's run, at any speed of the machine: if the program ended before one, the next are
    earlier."""

    def __init__(self, seed: int, span: float) -> None:
        self._chance, self._span = random.Random(seed), span
        self.killed = 0

    def kill(self, process: subprocess.Popen) -> None:
        moment = self._chance.uniform(0.001, self._span)
        if killed_after(process, moment):
            self.killed += 1
            self._span *= 1.2
        else:
            self._span = moment
