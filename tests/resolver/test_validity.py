"""An order begins and ends on time by itself: decided at each query, with no tool running."""
import itertools
import time

from support import orders
from support.authority import RESOLVED
from support.waiting import wait_for

# A slow machine may need longer than the first between applying and asking.
LIFETIMES = (3, 10, 30)

# Every query has a different name, so that none is answered from Unbound's cache.
_fresh = (f"n{number}" for number in itertools.count())


def blocked(resolver, name):
    answer = resolver.dig(f"{next(_fresh)}.{name}")
    if answer.status == "NXDOMAIN" and answer.errors.get(16):
        return True
    assert answer.data("A") == [RESOLVED], answer.raw
    return False


def test_an_order_ends_when_it_expires(workspace, resolver):
    for lifetime in LIFETIMES:
        end = time.time() + lifetime
        name = f"ends{lifetime}.example"
        workspace.block(name, id=f"B-{lifetime}/UJI", expires=orders.at(lifetime))
        if blocked(resolver, name):
            wait_for(lambda: not blocked(resolver, name), "the expired order released its name", lifetime + 20)
            assert time.time() >= end
            return
        assert time.time() >= end, "not blocked before its end"
    raise AssertionError("no order was ever seen in force")


def test_a_scheduled_order_begins_when_it_takes_effect(workspace, resolver):
    for lifetime in LIFETIMES:
        start = time.time() + lifetime
        name = f"begins{lifetime}.example"
        workspace.apply("--scheduled", id=f"B-{lifetime}/UJI", targets=orders.domains(name),
                        effective=orders.at(lifetime))
        if not blocked(resolver, name):
            wait_for(lambda: blocked(resolver, name), "the scheduled order took effect", lifetime + 20)
            assert time.time() >= start
            return
        assert time.time() >= start, "blocked before its time"
    raise AssertionError("the order was never seen before its time")


def test_an_older_order_takes_over_when_the_newer_one_ends(workspace, resolver):
    workspace.block("hoax.example", id="B-OLD", issued="2024-01-01T00:00:00Z")
    workspace.block("hoax.example", id="B-NEW", issued="2024-02-01T00:00:00Z", expires=orders.at(3))
    wait_for(lambda: resolver.dig("hoax.example").blocked_by("B-OLD"), "the older order takes over")
    assert resolver.dig("hoax.example").status == "NXDOMAIN"
