"""The night the votes are counted: ever more questions, from clients of several regions, until the
resolver is saturated, while an urgent order arrives every few seconds. The same questions go to
the same Unbound without Saring, and with a policy zone of the same names in its place, that nobody
updates (`update` tells what that does): their latencies lie one over the other."""
import random
import threading
from pathlib import Path
from typing import Any

import numpy

from bench.contenders import Contender, Saring
from bench.load import dnsperf
from bench.measure import summary
from bench.names import name, unlisted
from bench.probe import NONE, Probe, between, percentiles
from bench.stage import Options, Stage, say, stage

REGIONS = ("ID-JK", "ID-JB", "ID-JT")
SOURCES = 600          # 200 addresses of each region
EVERY = 3.0            # seconds between urgent orders
NAMES_AN_ORDER = 10
STEPS = 20             # of the rising load; latencies are reported for each
BEGIN = 0.05           # of the saturation that the load begins and ends at
END = 1.1
NXDOMAIN = 3


def _prefix_table(folder: Path) -> Path:
    table = folder / "regions"
    table.write_text("".join(f"127.1.{i}.0/24 {region}\n" for i, region in enumerate(REGIONS)))
    return table


def _questions(s: Stage, path: Path, urgent: list[str]) -> int:
    """In 100: 85 hot ones, 10 blocked, 3 that nobody asked before, 2 that an urgent order will
    block. The number of questions after which all repeats."""
    chance = random.Random(5)
    lines, cold = [], 10_000_000
    for i in range(200_000):
        slot = i % 50
        if slot == 49:
            lines.append(urgent[i // 50 % len(urgent)])
        elif slot in (7, 17, 27, 37, 47):
            lines.append(name(chance.randrange(s.blocklist.count)))
        elif slot == 23 or (slot == 33 and i // 50 % 2):
            lines.append(unlisted(cold + i))
        else:
            lines.append(unlisted(chance.randrange(20000)))
    path.write_text("".join(f"{one} A\n" for one in lines))
    return len(lines)


def _urgent(one: Saring, batches: list[list[str]], probe: Probe, begun: list[float], stop: threading.Event) -> None:
    """An order for everywhere, then one for a region, and so on."""
    for number, names in enumerate(batches):
        fields = {"regions": [REGIONS[0]]} if number % 4 == 3 else {}
        order = one.order(names, **fields)
        if stop.wait(max(0.0, (number + 1) * EVERY - probe.now())):
            return
        begun.append(probe.now())
        one.tool("order", "apply", order)


def _held_after(
    records: numpy.ndarray, period: int, batches: list[list[str]], urgent: int, begun: list[float]
) -> list[float]:
    """For each name of an order for everywhere, until the first answer from which on it was blocked."""
    out = []
    place = numpy.arange(len(records)) % period
    which = place // 50 % urgent
    for number, at in enumerate(begun):
        if number % 4 == 3:
            continue
        for i in range(NAMES_AN_ORDER):
            mine = records[
                (place % 50 == 49) & (which == number * NAMES_AN_ORDER + i) & (records["latency_us"] != NONE)
            ]
            open_ = numpy.flatnonzero(mine["rcode"] != NXDOMAIN)
            if len(open_) and open_[-1] + 1 < len(mine):  # seen open, then blocked
                first = open_[-1] + 1
                out.append(max(0.0, int(mine["sent_us"][first]) / 1e6 - at))
    return out


def _play(s: Stage, one: Contender, saturation: float, seconds: float) -> dict[str, Any]:
    orders = int(seconds / EVERY) - 1
    batches = [s.blocklist.added(i * NAMES_AN_ORDER, NAMES_AN_ORDER) for i in range(orders)]
    urgent = [n for batch in batches for n in batch]
    path = s.folder / "night-questions"
    period = _questions(s, path, urgent)
    begun: list[float] = []
    stop = threading.Event()
    begin, end = int(saturation * BEGIN), int(saturation * END)
    probe = Probe(one.folder, one.port, path, begin, end, seconds, SOURCES)
    clerk = threading.Thread(target=_urgent, args=(one, batches, probe, begun, stop)) if one.name == "saring" else None
    if clerk:
        clerk.start()
    records = probe.records()
    stop.set()
    if clerk:
        clerk.join()
    steps = []
    for i in range(STEPS):
        at, until = seconds * i / STEPS, seconds * (i + 1) / STEPS
        rate = begin + (end - begin) * (i + 0.5) / STEPS
        steps.append({"rate": round(rate), **percentiles(between(records, at, until))})
    held = _held_after(records, period, batches, len(urgent), begun) if clerk else []
    blocked = int((records["rcode"] == NXDOMAIN).sum())
    return {
        "steps": steps, "orders": len(begun),
        "in_force_s": {**summary(held), **({"p99": float(numpy.percentile(held, 99))} if held else {})},
        "blocked_answers": blocked, "whole": percentiles(records)
    }


def night(options: Options) -> dict[str, Any]:
    count = options.names[0]
    seconds = 12 if options.quick else 60
    with stage(options, count) as s:
        runs: dict[str, list[Any]] = {"unbound": [], "saring": [], "unbound-rpz": []}
        saturation = 0.0
        for turn in range(1 if options.quick else 3):
            for name_ in runs:
                one = s.contender(name_, f"-{turn}")
                s.begun.append(one)
                if name_ == "saring":
                    one.configure(more=f'[region]\nprefix_table = "{_prefix_table(one.folder)}"\n')
                one.prepare()
                one.start()
                hot = s.mixes.hot()
                dnsperf(one.port, hot, one.pids, once=True, outstanding=50)
                if not saturation:
                    saturation = dnsperf(one.port, hot, one.pids, seconds=3).qps
                    say(f"saturated at {saturation / 1000:.0f} k questions a second")
                played = _play(s, one, saturation, seconds)
                runs[name_].append(played)
                middle = played["steps"][STEPS // 2]
                say(
                    f"{name_}: at {middle['rate'] / 1000:.0f} k/s p50 {middle.get('p50')} ms, p99 {middle.get('p99')} "
                    f"ms, p99.9 {middle.get('p99.9')} ms"
                )
                s.drop(one)
    return {"names": count, "saturation_qps": saturation, "seconds": seconds, "runs": runs}
