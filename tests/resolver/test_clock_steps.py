"""The system clock is set forwards and back under a running resolver: orders go by the new time,
for names in cache too. The clock is libfaketime's, which reads its offset from a file."""
import glob
import os

import pytest

from support import orders
from support.authority import RESOLVED
from support.waiting import wait_for

HOUR = 3600


class Clock:
    def __init__(self, file) -> None:
        self._file = file
        self.set(0)

    def set(self, offset: int) -> None:
        """`offset`: seconds from the true time."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{offset:+d}\n")
        os.replace(fresh, self._file)


@pytest.fixture
def clocked(workspace, resolver_of):
    library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    assert library, "Debian's package libfaketime is not installed"
    clock = Clock(workspace.folder / "clock")
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace, threads=2)
    environment = {**resolver.environment(), "LD_PRELOAD": library[0], "FAKETIME_TIMESTAMP_FILE": str(clock._file),
                   "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}
    resolver.environment = lambda: environment
    return resolver.start(), clock


def blocked(resolver, name="hoax.example"):
    answer = resolver.dig(name)
    if answer.blocked_by(orders.ID):
        return True
    assert answer.data("A") == [RESOLVED], answer.raw
    return False


def test_orders_follow_the_clock_both_ways(workspace, clocked):
    resolver, clock = clocked
    workspace.apply(
        "--scheduled", targets=orders.domains("hoax.example"), effective=orders.at(HOUR), expires=orders.at(3 * HOUR)
    )
    assert not blocked(resolver)
    clock.set(2 * HOUR)
    wait_for(lambda: blocked(resolver), "the order in force after the clock went forwards")
    clock.set(0)
    wait_for(lambda: not blocked(resolver), "the order not yet in force after the clock went back")
    clock.set(4 * HOUR)
    assert not blocked(resolver, "www.hoax.example")
    clock.set(2 * HOUR)
    wait_for(lambda: blocked(resolver), "the order in force after the clock went back into it")


def test_a_cached_name_is_blocked_when_its_time_comes_after_the_clock_went_back(workspace, clocked):
    """Due times computed with the wrong clock must not delay the module after the clock is corrected."""
    resolver, clock = clocked
    clock.set(10 * HOUR)
    workspace.apply(
        "--scheduled", targets=orders.domains("hoax.example"), effective=orders.at(8), expires=orders.at(20 * HOUR)
    )
    wait_for(lambda: blocked(resolver), "in force by the wrong clock")
    clock.set(0)
    # If eight seconds were not enough to get here, the order is in force already, and rightly.
    wait_for(lambda: blocked(resolver), "blocked at its time, though cached before")
