"""Instructions a query, counted by callgrind: the same on a busy machine as on a quiet one. Counts
Saring's own instructions for a cached answer too."""
from collections import Counter
from typing import Any

from bench import callgrind
from bench.load import dnsperf
from bench.stage import Options, Stage, say, stage

CONTENDERS = ("unbound", "saring", "saring-unkept", "saring-unrecorded")


def _per_query(s: Stage, one, questions, count: int) -> Counter:
    callgrind.switch(one, True)
    burst = dnsperf(one.port, questions, one.pids, once=True, outstanding=20, clients=1)
    callgrind.switch(one, False)
    return Counter({key: cost / (count - burst.lost) for key, cost in callgrind.dumped(one).items()})


def _told(cost: Counter) -> dict[str, Any]:
    by_library: Counter = Counter()
    for (library, _), n in cost.items():
        by_library[library] += n
    return {
        "instructions": round(sum(cost.values())),
        "libraries": {k: round(v, 1) for k, v in by_library.most_common() if v >= 0.05},
        "saring": round(by_library["saring.so"], 2),
        "functions": {f"{library} {function}"[:120]: round(n, 1) for (library, function), n in cost.most_common(250)},
    }


def instructions(options: Options) -> dict[str, Any]:
    out = {}
    for count in options.names:
        with stage(options, count) as s:
            figures: dict[str, Any] = {}
            hot = s.mixes.hot(2000)
            blocked, viral, negative = s.mixes.blocked(2000), s.mixes.viral(2000), s.mixes.negative(2000)
            for name in CONTENDERS:
                one = s.prepared(name)
                callgrind.wrap(one)
                one.start()
                # A blocked answer is kept when its question is repeated.
                for questions in (hot, blocked, blocked, blocked, viral, negative, s.mixes.cold(500)):
                    dnsperf(one.port, questions, one.pids, once=True, outstanding=20, clients=1)
                figures[name] = {
                    "cached": _told(_per_query(s, one, hot, 2000)),
                    "blocked": _told(_per_query(s, one, blocked, 2000)),
                    "viral": _told(_per_query(s, one, viral, 2000)),
                    "negative": _told(_per_query(s, one, negative, 2000)),
                    "first": _told(_per_query(s, one, s.mixes.first(1000), 1000)),
                    "uncached": _told(_per_query(s, one, s.mixes.cold(1000), 1000)),
                }
                for kind, counts in figures[name].items():
                    say(
                        f"{name}, {kind}: {counts['instructions']} instructions, {counts['saring']} of them in "
                        f"saring.so"
                    )
                s.drop(one)
            out[str(count)] = figures
    return out
