"""Effect of an update on other queries: names come onto the list while a steady stream of other
questions is answered from cache. A quarter of the questions are for names that the update
blocks, hot in cache like the rest: from them comes the time until it holds."""
import time
from pathlib import Path
from typing import Any

import numpy

from bench.contenders import Contender, DidNotSurvive
from bench.contenders.base import ask
from bench.load import dnsperf
from bench.measure import summary
from bench.names import unlisted
from bench.probe import NONE, Probe, between, percentiles
from bench.stage import Options, say, stage

RATE = 4000          # questions a second
WATCHED = 10         # names among those of the update that are asked for
PATIENCE = 20.0      # seconds after its command that an update may take to hold
BEFORE = 1.0         # seconds of the same load without an update
NXDOMAIN = 3
SIZES = {1: 5, 1000: 3, 100_000: 1}  # names an update brings, and how often


def _questions(folder: Path, watched: list[str]) -> tuple[Path, int]:
    """Every fourth for a watched name; and after how many questions all repeats."""
    lines = []
    for i in range(3000):
        lines += [unlisted(i)]
        if i % 3 == 2:
            lines += [watched[(i // 3) % len(watched)]]
    path = folder / "update-questions"
    path.write_text("".join(f"{one} A\n" for one in lines))
    return path, len(lines)


def _held_after(records: numpy.ndarray, period: int, watched: int, begun: float) -> list[float | None]:
    """For each watched name, seconds from the update's beginning to the first of the answers from
    which on it was blocked; None when it was not."""
    out: list[float | None] = []
    place = numpy.arange(len(records)) % period
    turn = place // 4 % watched
    for which in range(watched):
        mine = records[(place % 4 == 3) & (turn == which) & (records["latency_us"] != NONE)]
        open_ = numpy.flatnonzero(mine["rcode"] != NXDOMAIN)
        first = open_[-1] + 1 if len(open_) else 0
        out.append(None if first >= len(mine) else max(
            0.0, (int(mine["sent_us"][first]) + int(mine["latency_us"][first])) / 1e6 - begun))
    return out


def measured(one: Contender, names: list[str], watched: list[str]) -> dict[str, Any]:
    """One update that brings `names`, and with them blocks `watched`."""
    questions, period = _questions(one.folder, watched)
    dnsperf(one.port, questions, one.pids, once=True, outstanding=20)
    command = one.update(names)
    probe = Probe(one.folder, one.port, questions, RATE)
    time.sleep(BEFORE)
    begun = probe.now()
    command()
    took = probe.now() - begun
    # Asked seldom: the probe's answers give the figure, this only says when to stop.
    end = time.monotonic() + PATIENCE
    while one.blocks and time.monotonic() < end and any(ask(one.port, w) != NXDOMAIN for w in watched):
        time.sleep(0.1)
    time.sleep(0.5)
    until = probe.now()
    probe.stop()
    records = probe.records()
    held = _held_after(records, period, len(watched), begun) if one.blocks else []
    return {"command_s": took, "in_force_s": held, "before": percentiles(between(records, 0.2, begun)),
            "during": percentiles(between(records, begun, until))}


def _summed(runs: list[dict[str, Any]]) -> dict[str, Any]:
    held = [h for run in runs for h in run["in_force_s"]]
    known = [h for h in held if h is not None]
    return {
        "command_s": summary([r["command_s"] for r in runs]),
        "in_force_s": {**summary(known), **({"p99": float(numpy.percentile(known, 99))} if known else {})},
        "never_in_force": len(held) - len(known),
        "patience_s": PATIENCE,
        **{
            when: {
                key: summary([r[when][key] for r in runs if key in r[when]])
                for key in ("p50", "p99", "p99.9", "max", "lost")
            }
            for when in ("before", "during")
        },
    }


def update(options: Options) -> dict[str, Any]:
    out = {}
    for count in options.names:
        with stage(options, count) as s:
            figures: dict[str, Any] = {}
            for name in options.contenders:
                one = s.prepared(name)
                if one is None:
                    continue
                try:
                    one.start()
                except DidNotSurvive as error:
                    s.fail(one, error)
                    continue
                figures[name], at = {}, 0
                for size, times in SIZES.items():
                    runs = []
                    for _ in range(1 if options.quick else times):
                        names = one.blocklist.added(at, size)
                        runs.append(measured(one, names, names[:WATCHED]))
                        at += size
                    result = figures[name][str(size)] = _summed(runs)
                    say(f"{name}, {size} names: command {result['command_s'].get('median', 0):.3f} s, in force "
                        f"{result['in_force_s'].get('median', -1):.3f} s, "
                        f"longest answer {result['during']['max'].get('max', -1):.1f} ms")
                s.drop(one)
            out[str(count)] = {"contenders": figures, "failed": s.failed}
    return out
