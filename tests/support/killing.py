"""Killing a program in the middle of what it does."""
import subprocess
import time
from typing import Callable


def killed_after(process: subprocess.Popen, seconds: float) -> bool:
    """Kills it then; whether it was still running."""
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
