"""Steps the clock of a running resolver forward and back by libfaketime. Orders follow the clock, and nothing waits for
a time that has passed or never comes."""
import glob
import os
from pathlib import Path

from load import Load
from resolving import GROUP, Scene, finish
from row import Row
from support import orders
from support.waiting import wait_for

MINUTE, HOUR, DAY = 60, 3600, 86400
STEPS = (2, -2, MINUTE, -MINUTE, 3 * HOUR, -3 * HOUR, DAY, -DAY, 30 * DAY, -30 * DAY, 300 * DAY, -300 * DAY)
INSIDE = 90 * MINUTE  # the middle of the hour in which the timed order holds


class Clock:
    def __init__(self, file: Path) -> None:
        self._file = file
        self.set(0)

    def environment(self) -> dict[str, str]:
        [library] = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        return {"LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": str(self._file), "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}

    def set(self, offset: int) -> None:
        """`offset`: seconds from the true time."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{offset:+d}\n")
        os.replace(fresh, self._file)


def clock_steps(scene: Scene, trials: int) -> Row:
    row = Row(
        GROUP, "clock", "stepped forward and back by seconds to 300 days, into and out of an order's hour", note=
        "an order that ends far in the future stays in force throughout; an order of one hour follows the clock, "
        "cached answers included; "
        "a query in flight while the clock is stepped can be lost or fail, as without the module")
    clock = Clock(scene.folder / "clock")
    scene.workspace.apply("--scheduled", id="B-HOUR", targets=orders.domains("timed.example"),
                          effective=orders.at(HOUR), expires=orders.at(2 * HOUR))
    resolver = scene.resolver(environment=clock.environment(), threads=2)
    scene.in_force(resolver)
    with Load(resolver.port) as load:
        for number in range(max(6, trials)):
            row.trials += 1
            clock.set(STEPS[number % len(STEPS)])
            load.wait(20)
            # The unblocked answer is cached now, and must be evicted when the order begins.
            wait_for(lambda: resolver.dig("timed.example").status == "NOERROR", "the timed order out of force")
            clock.set(INSIDE)
            wait_for(lambda: resolver.dig("timed.example").blocked_by("B-HOUR"), "the timed order in force")
            row.count("order in force by the new time")
        clock.set(0)
        wait_for(lambda: resolver.dig("timed.example").status == "NOERROR", "the timed order out of force at the end")
    lost = 2 + row.trials // 8  # measured with Unbound alone: 7 of 240 steps
    return finish(row, load, resolver, silent=lost, servfail=lost)
