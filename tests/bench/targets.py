"""The figures that the project promises, each taken from the scenarios' results. A target without a result is
reported as not measured."""
from dataclasses import dataclass
from typing import Any, Callable

Results = dict[str, Any]


@dataclass
class Target:
    text: str
    wanted: str
    value: Callable[[Results], float]
    met: Callable[[float], bool]
    unit: str = ""


def _list(r: Results, scenario: str, size: int | None = None) -> dict[str, Any]:
    figures = r[scenario]["figures"]
    return figures[str(size) if size else next(iter(figures))]


def _one(r: Results, scenario: str, contender: str) -> dict[str, Any]:
    return _list(r, scenario)["contenders"][contender]


# A process with threads of its own runs more of the C library's code in system calls, whatever the threads do.
def _beyond(r: Results, contender: str) -> float:
    def count(name: str) -> float:
        f = _list(r, "instructions")[name]["cached"]
        return f["instructions"] - f["libraries"].get("libc.so.6", 0)
    return count(contender) - count("unbound")


def _to_cheapest(r: Results, scenario: str) -> float:
    """Saring's processor time a query, relative to the cheapest other contender."""
    cost = {name: one["cpu_us"]["median"] for name, one in _list(r, scenario)["contenders"].items()}
    return cost["saring"] / min(us for name, us in cost.items() if not name.startswith("saring") and name != "unbound")


def _net_ready(r: Results, contender: str) -> float:
    """Without Unbound's own start time."""
    return _one(r, "load", contender)["ready_s"]["min"] - _one(r, "load", "unbound")["ready_s"]["min"]


def _longest(r: Results, contender: str) -> float:
    return max(told["during"]["max"]["median"] for told in _one(r, "update", contender).values())


def _tool(r: Results, size: int, *path: str) -> float:
    value = r["tool"]["figures"][str(size)]
    for word in path:
        value = value[word]
    return value


def _large(r: Results, what: str) -> float:
    return _tool(r, next(int(k) for k, v in r["tool"]["figures"].items() if "large_order" in v), "large_order", what,
                 "during", "max")


def _churn_growth(r: Results) -> float:
    churn = next(v["churn"] for v in r["tool"]["figures"].values() if "churn" in v)
    return churn["sizes"][-1]["file"] / churn["content"]


def _second_worker(r: Results, kind: str) -> float:
    f = _list(r, "workers")[kind]
    return f["saring"]["second_worker"]["median"] / f["unbound"]["second_worker"]["median"]


TARGETS = [
    Target("cached, unlisted: throughput to the same Unbound without Saring", ">= 0.99",
           lambda r: _one(r, "cached", "saring")["qps_to_unbound"]["median"], lambda v: v >= 0.99),
    Target("cached, unlisted: instructions a query beyond the same Unbound without Saring, its C library's aside",
           "<= 60", lambda r: _beyond(r, "saring"), lambda v: v <= 60),
    Target("the same with answer.keep = 0: instructions of ours", "0",
           lambda r: _list(r, "instructions")["saring-unkept"]["cached"]["saring"], lambda v: v == 0),
    Target("a realistic mix: processor time to the same Unbound", "<= 1.02",
           lambda r: _one(r, "realistic", "saring")["cpu_to_unbound"]["median"], lambda v: v <= 1.02),
    Target("uncached: processor time to the same Unbound", "<= 1.03",
           lambda r: _one(r, "uncached", "saring")["cpu_to_unbound"]["median"], lambda v: v <= 1.03),
    Target("blocked: throughput to the same Unbound answering from cache", ">= 0.90",
           lambda r: _one(r, "blocked", "saring")["qps_to_unbound"]["median"], lambda v: v >= 0.90),
    Target("blocked, ten names: the same", ">= 0.95", lambda r: _one(r, "viral", "saring")["qps_to_unbound"]["median"],
           lambda v: v >= 0.95),
    Target("blocked: processor time to the cheapest of the others", "<= 1", lambda r: _to_cheapest(r, "blocked"),
           lambda v: v <= 1),
    Target("blocked, ten names: the same", "<= 1", lambda r: _to_cheapest(r, "viral"), lambda v: v <= 1),
    Target("cached: what a second worker adds to a question's time, to what it adds without Saring", "<= 1.02",
           lambda r: _second_worker(r, "cached"), lambda v: v <= 1.02),
    Target("blocked: the same, to stock's cached answers", "<= 1.02", lambda r: _second_worker(r, "blocked"),
           lambda v: v <= 1.02),
    Target("cached throughput to native RPZ", ">= 1.8",
           lambda r: _one(r, "cached", "saring")["qps"]["median"] / _one(r, "cached", "unbound-rpz")["qps"]["median"],
           lambda v: v >= 1.8),
    Target("blocked throughput to native RPZ", ">= 1",
           lambda r: _one(r, "blocked", "saring")["qps"]["median"] / _one(r, "blocked", "unbound-rpz")["qps"]["median"],
           lambda v: v >= 1),
    Target(
        "memory that the list takes, to native RPZ (PSS beyond a stock Unbound)", "<= 0.1", lambda r:
        (_one(r, "load", "saring")["pss"] - _one(r, "load", "unbound")["pss"]) /
        (_one(r, "load", "unbound-rpz")["pss"] - _one(r, "load", "unbound")["pss"]), lambda v: v <= 0.1),
    Target("native RPZ's load to Saring's, beyond Unbound's own start", ">= 20",
           lambda r: _net_ready(r, "unbound-rpz") / max(_net_ready(r, "saring"), 0.005), lambda v: v >= 20),
    Target("blocked at full rate: processor time of the hits' writer to the worker's", "<= 0.05",
           lambda r: _list(r, "flood")["saring"]["writer_to_worker"]["median"], lambda v: v <= 0.05),
    Target("longest answer during an update", "<= 20 ms", lambda r: _longest(r, "saring"), lambda v: v <= 20, "ms"),
    Target("the same of native RPZ", "for comparison", lambda r: _longest(r, "unbound-rpz"), lambda v: True, "ms"),
    Target("in force on hot cached names, p99", "<= 1 s",
           lambda r: max(t["in_force_s"]["p99"] for t in _one(r, "update", "saring").values()), lambda v: v <= 1, "s"),
    Target("the same of names below and aliases, with 1 M messages in cache, p99", "<= 1 s",
           lambda r: max(h["p99"]
                         for t in r["sweep"]["figures"]["slabs"].values()
                         for h in t["in_force_s"].values()), lambda v: v <= 1, "s"),
    Target(
        "longest answer beyond what it was before, as 1 M messages are walked", "<= 5 ms",
        lambda r: max(t["during"]["max"]["median"] - t["before"]["max"]["median"]
                      for t in r["sweep"]["figures"]["slabs"].values()), lambda v: v <= 5, "ms"),
    Target("import of 10 M names", "<= 40 s", lambda r: _tool(r, 10_000_000, "import", "wall_s", "median"),
           lambda v: v <= 40, "s"),
    Target("peak memory of that import", "<= 1.5 GB", lambda r: _tool(r, 10_000_000, "import", "peak_rss", "max") / 1e9,
           lambda v: v <= 1.5, "GB"),
    Target("database, bytes a name at 10 M", "<= 60", lambda r: _tool(r, 10_000_000, "import", "bytes_a_name"),
           lambda v: v <= 60),
    Target("order of 1,000 names onto 20 M", "<= 100 ms",
           lambda r: _tool(r, 20_000_000, "apply_1k", "wall_s", "median") * 1000, lambda v: v <= 100, "ms"),
    Target("explain at 20 M", "<= 10 ms", lambda r: _tool(r, 20_000_000, "explain", "wall_s", "median") * 1000,
           lambda v: v <= 10, "ms"),
    Target("sync with nothing new, at 20 M", "<= 50 ms",
           lambda r: _tool(r, 20_000_000, "idle_sync", "wall_s", "median") * 1000, lambda v: v <= 50, "ms"),
    Target("transactions it writes", "0", lambda r: _tool(r, 20_000_000, "idle_sync", "transactions_written"),
           lambda v: v == 0),
    Target("longest answer while an order of 1 M names is revoked", "<= 20 ms", lambda r: _large(r, "revoke"),
           lambda v: v <= 20, "ms"),
    Target("longest answer while an order of 1 M names expires", "<= 20 ms", lambda r: _large(r, "expire"),
           lambda v: v <= 20, "ms"),
    Target("file after a year of churn, to what it holds", "<= 2", _churn_growth, lambda v: v <= 2),
]


def table(results: Results) -> list[str]:
    lines = ["| target | wanted | measured | |", "|---|---|---|---|"]
    for t in TARGETS:
        try:
            value = t.value(results)
            lines.append(
                f"| {t.text} | {t.wanted} | {value:.3g} {t.unit} | {'met' if t.met(value) else '**missed**'} |"
            )
        except (KeyError, StopIteration, TypeError, ZeroDivisionError, ValueError):
            lines.append(f"| {t.text} | {t.wanted} | | not measured |")
    return lines
