"""Throughput and processor time of one core: names in cache and unlisted, names blocked, names
that were not queried before. The contenders run side by side and are measured in turn."""
from pathlib import Path
from typing import Any, Callable

from bench.contenders import Contender
from bench.load import Burst, dnsperf
from bench.measure import summary
from bench.rounds import alternate, warm
from bench.stage import Options, Stage, costs, stage


def _figures(bursts: list[Burst]) -> dict[str, Any]:
    return {"qps": summary([b.qps for b in bursts]), "cpu_us": summary([b.cpu_us for b in bursts]),
            "lost": sum(b.lost for b in bursts), "codes": bursts[-1].codes}


def _compared(figures: dict[str, list[Burst]]) -> dict[str, Any]:
    """Each with its ratios to the stock Unbound, turn by turn, so that drift falls out."""
    out = {name: _figures(bursts) for name, bursts in figures.items()}
    for name, bursts in figures.items():
        base = figures.get("unbound")
        if base and name != "unbound":
            out[name]["qps_to_unbound"] = summary([b.qps / r.qps for b, r in zip(bursts, base)])
            out[name]["cpu_to_unbound"] = summary([b.cpu_us / r.cpu_us for b, r in zip(bursts, base)])
    return out


def _from_memory(options: Options, questions: Callable[[Stage], Path]) -> dict[str, Any]:
    out = {}
    for count in options.names:
        with stage(options, count) as s:
            contenders = s.started()
            asked = questions(s)
            warm(contenders, asked)
            bursts = alternate(
                options, contenders, lambda one: dnsperf(one.port, asked, one.pids, seconds=options.seconds)
            )
            out[str(count)] = {
                "contenders": _compared(bursts),
                "memory": {one.name: costs(one) for one in contenders},
                "failed": s.failed,
            }
    return out


def cached(options: Options) -> dict[str, Any]:
    return _from_memory(options, lambda s: s.mixes.hot())


def blocked(options: Options) -> dict[str, Any]:
    """Beside the blocked throughput stands what the stock Unbound makes of the same names from its
    cache, which is what a blocked answer is measured against."""
    return _from_memory(options, lambda s: s.mixes.blocked(10000 if options.quick else 50000))


def viral(options: Options) -> dict[str, Any]:
    """As `blocked`, but with a few names that every client queries, as when one site is in the news."""
    return _from_memory(options, lambda s: s.mixes.viral(10000))


def _resolving(
    options: Options, questions: Callable[[Stage], Path], prepare: Callable[[Stage], list[Path]] = lambda s: []
) -> dict[str, Any]:
    """By the processor time of a query, since the authority behind shares the generator's core."""
    out = {}
    for count in options.names:
        with stage(options, count) as s:
            contenders = s.started()
            for file in prepare(s):
                warm(contenders, file)

            def burst(one: Contender) -> Burst:
                return dnsperf(one.port, questions(s), one.pids, once=True, outstanding=100)
            for one in contenders:
                burst(one)
            out[str(count)] = {"contenders": _compared(alternate(options, contenders, burst)), "failed": s.failed}
    return out


def uncached(options: Options) -> dict[str, Any]:
    return _resolving(options, lambda s: s.mixes.cold(5000 if options.quick else 40000))


def realistic(options: Options) -> dict[str, Any]:
    """Stock Unbound resolves the blocked names, once, and then has them in cache."""
    count = 20000 if options.quick else 200000
    return _resolving(options, lambda s: s.mixes.realistic(count), lambda s: [s.mixes.hot()])
