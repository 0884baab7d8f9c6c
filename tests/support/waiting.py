"""Waits for a condition, with a deadline. The only place in the tests that sleeps."""
import threading
import time
from typing import Callable, TypeVar

T = TypeVar("T")

# Generous, because a deadline only costs time when something is broken.
DEADLINE = 30.0
STEP = 0.02


def wait_for(condition: Callable[[], T], what: str, deadline: float = DEADLINE) -> T:
    """Returns the condition's first true value, or fails with `what`."""
    end = time.monotonic() + deadline
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= end:
            raise AssertionError(f"not within {deadline:g} s: {what}")
        pause.wait(STEP)
