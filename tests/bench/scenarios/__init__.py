"""The scenarios by name. Each takes Options and returns figures that JSON can hold."""
from dataclasses import dataclass
from typing import Any, Callable

from bench.scenarios import steady
from bench.scenarios.instructions import instructions
from bench.scenarios.update import update
from bench.stage import Options


@dataclass
class Scenario:
    about: str
    run: Callable[[Options], dict[str, Any]]
    names: list[int]
    quick_names: list[int]


# 500,000 names are a million triggers of a policy zone: a name, and all below it.
SCENARIOS = {
    "cached": Scenario("throughput on unlisted names that are in cache", steady.cached, [500_000], [50_000]),
    "blocked": Scenario("throughput on blocked names", steady.blocked, [500_000], [50_000]),
    "uncached": Scenario("processor time of names that nobody asked for before", steady.uncached, [500_000], [50_000]),
    "update": Scenario("latency of others, and time until in force, while 1, 1 k and 100 k names come onto the list", update, [500_000], [50_000]),
    "instructions": Scenario("instructions a query, by callgrind: none of ours on cached answers", instructions, [500_000], [50_000]),
}
