"""Effect of a walk through a large cache on other queries, and when the order that causes the walk is in force:
for the name it lists, names below it and an alias to it, all hot in a cache of very many messages.
With one slab each slice of the walk blocks every look-up, with four slabs every fourth."""
import json
from typing import Any

import numpy

from bench.authority import ALIASES
from bench.contenders import Saring
from bench.load import dnsperf
from bench.measure import summary
from bench.scenarios.update import measured
from bench.stage import Options, say, stage
from support.waiting import wait_for

KINDS = ("the name itself", "www below it", "three labels below it", "an alias to it")
SLABS = (1, 4)
CACHE = 2048  # MiB, each of the two: nothing is driven out


def _watched(number: int) -> list[str]:
    target = f"aliased{number}.test"
    return [target, f"www.{target}", f"a.b.c.{target}", f"alias{number}.test"]


def _status(one: Saring) -> dict[str, Any]:
    return json.loads((one.folder / "module.json").read_text())


def _summed(runs: list[dict[str, Any]]) -> dict[str, Any]:
    held = [[run["in_force_s"][i] for run in runs if run["in_force_s"][i] is not None] for i in range(len(KINDS))]
    return {
        "orders": len(runs),
        "never_in_force": sum(h is None for run in runs for h in run["in_force_s"]),
        "in_force_s": {
            kind: {**summary(h), "p99": float(numpy.percentile(h, 99))} for kind, h in zip(KINDS, held) if h
        },
        "walk_s": summary([run["walk_s"] for run in runs]),
        **{
            when: {
                key: summary([r[when][key] for r in runs if key in r[when]])
                for key in ("p50", "p99", "p99.9", "max", "lost")
            }
            for when in ("before", "during")
        },
    }


def sweep(options: Options) -> dict[str, Any]:
    messages = 50_000 if options.quick else 1_000_000
    orders = 3 if options.quick else min(ALIASES, 20)
    out: dict[str, Any] = {"messages": messages, "slabs": {}}
    with stage(options, options.names[0]) as s:
        for slabs in SLABS:
            one = s.contender("saring", f"-{slabs}")
            assert isinstance(one, Saring)
            s.begun.append(one)
            one.cache, one.more = CACHE, f"msg-cache-slabs: {slabs}"
            one.prepare()
            one.start()
            filled = dnsperf(one.port, s.mixes.cold(messages), one.pids, once=True, outstanding=400)
            say(f"{slabs} slabs: {filled.sent - filled.lost:,} messages in cache")
            runs = []
            for number in range(orders):
                watched = _watched(number)
                before = _status(one)["sweeps"]
                run = measured(one, watched[:1], watched)
                wait_for(lambda: _status(one)["sweeps"] > before, "the end of the walk in the status file", 60)
                runs.append({**run, "walk_s": _status(one)["last_sweep_us"] / 1e6})
            result = out["slabs"][str(slabs)] = {"cached": filled.sent - filled.lost, **_summed(runs)}
            say(
                f"{slabs} slabs: walk {result['walk_s']['median']:.2f} s, in force "
                + ", ".join(f"{k} {h['median']:.3f} s" for k, h in result["in_force_s"].items())
                + f"; longest answer {result['before']['max']['median']:.1f} -> "
                  f"{result['during']['max']['median']:.1f} ms"
            )
            s.drop(one)
    return out
