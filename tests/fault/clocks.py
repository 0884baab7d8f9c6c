"""The clock of a running resolver is stepped forwards and back; libfaketime tells it the time. Orders
go by the clock as it is, and nobody waits for a time that went by or never comes."""
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
        """Seconds beside the true time."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{offset:+d}\n")
        os.replace(fresh, self._file)


def clock_steps(scene: Scene, trials: int) -> Row:
    row = Row(GROUP, "clock", "stepped forwards and back by seconds to 300 days, into an order's hour and out of it",
              note="an order without an end in reach stays in force throughout; one for an hour holds by the clock as it is, cached answers too; "
                   "a question on its way to an authority while the clock jumps can be lost or fail, as it can without the module")
    clock = Clock(scene.folder / "clock")
    scene.workspace.apply("--scheduled", id="B-HOUR", targets=orders.domains("timed.example"), effective=orders.at(HOUR), expires=orders.at(2 * HOUR))
    resolver = scene.resolver(environment=clock.environment(), threads=2)
    scene.in_force(resolver)
    with Load(resolver.port) as load:
        for number in range(max(6, trials)):
            row.trials += 1
            clock.set(STEPS[number % len(STEPS)])
            load.wait(20)
            # In the cache before, without the order; and blocked all the same.
            wait_for(lambda: resolver.dig("timed.example").status == "NOERROR", "the timed order out of force")
            clock.set(INSIDE)
            wait_for(lambda: resolver.dig("timed.example").blocked_by("B-HOUR"), "the timed order in force")
            row.count("order in force by the new time")
        clock.set(0)
        wait_for(lambda: resolver.dig("timed.example").status == "NOERROR", "the timed order out of force at the end")
    lost = 2 + row.trials // 8  # tried with Unbound alone: seven of 240 jumps
    return finish(row, load, resolver, silent=lost, servfail=lost)
