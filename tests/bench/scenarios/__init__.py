"""The scenarios by name. Each takes Options and returns figures that JSON can hold."""
from dataclasses import dataclass
from typing import Any, Callable

from bench.scenarios.flood import flood
from bench.scenarios.growth import growth
from bench.scenarios.instructions import instructions
from bench.scenarios.loading import load
from bench.scenarios.night import night
from bench.scenarios.rebase import rebase
from bench.scenarios.steady import blocked, cached, realistic, uncached, viral
from bench.scenarios.sweep import sweep
from bench.scenarios.tool import tool
from bench.scenarios.update import update
from bench.scenarios.workers import workers
from bench.stage import Options


@dataclass
class Scenario:
    about: str
    run: Callable[[Options], dict[str, Any]]
    names: list[int]
    quick_names: list[int]


# 500,000 names are a million triggers of a policy zone: a name, and all below it.
SCENARIOS = {
    "load": Scenario("time from start until the list is in force, memory, file size", load, [500_000],
                     [50_000]), "large": Scenario("the same of 10 M names, as many as a ministry's list has", load,
                                                  [10_000_000], [100_000]),
    "huge": Scenario("the same of 20 M names, whoever survives it", load, [20_000_000],
                     [200_000]), "cached": Scenario("throughput on unlisted names that are in cache", cached, [500_000],
                                                    [50_000]), "blocked": Scenario("throughput on blocked names",
                                                                                   blocked, [500_000], [50_000]),
    "viral": Scenario("throughput on ten blocked names that everybody asks for", viral, [500_000],
                      [50_000]), "uncached": Scenario("processor time of names that nobody asked for before", uncached,
                                                      [500_000], [50_000]),
    "realistic": Scenario("processor time of a mix as subscribers ask: 85 % in cache, 5 % blocked, 10 % new", realistic,
                          [500_000], [50_000]),
    "workers": Scenario("processor time of a question with one worker and with two", workers, [500_000],
                        [50_000]), "instructions": Scenario(
                            "instructions a query, by callgrind, and how many of them ours", instructions, [500_000],
                            [50_000]), "flood": Scenario("blocked names at full rate: the hits' writer's share, memory",
                                                         flood, [500_000], [50_000]),
    "update": Scenario("latency of others, and time until in force, as 1, 1 k and 100 k names come", update, [500_000],
                       [50_000]), "rebase": Scenario("latency of others as a new base of the whole list is loaded",
                                                     rebase, [20_000_000], [200_000]),
    "sweep": Scenario("orders as 1 M messages are in cache: latency of others, and time until in force", sweep,
                      [500_000], [50_000]), "night": Scenario(
                          "rising load to saturation with urgent orders, with and without Saring", night, [1_000_000],
                          [50_000]),
    "tool": Scenario("import, apply, explain, idle sync, large orders, a year of churn", tool, [10_000_000, 20_000_000],
                     [100_000]), "growth": Scenario("Saring from 1 M to 20 M names", growth,
                                                    [1_000_000, 5_000_000, 10_000_000, 20_000_000], [50_000, 200_000]),
}
