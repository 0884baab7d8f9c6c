"""Time from start until the list is in force, and its size in memory and on disk. One contender at a time, so that
large lists fit."""
from typing import Any

from bench.contenders import DidNotSurvive
from bench.measure import summary
from bench.stage import Options, costs, say, stage


def load(options: Options) -> dict[str, Any]:
    out = {}
    for count in options.names:
        with stage(options, count) as s:
            figures: dict[str, Any] = {}
            # The file stays in the page cache: what is timed is the reading, not the disk.
            for kind in ("domains", "rpz", "local-zone"):
                s.blocklist.file(kind)
            for name in options.contenders:
                one = s.prepared(name)
                if one is None:
                    continue
                ready = []
                try:
                    for turn in range(min(options.repeat, 3)):
                        ready.append(one.start())
                        if turn == 0:
                            figures[name] = costs(one)
                        one.stop()
                except DidNotSurvive as error:
                    figures.pop(name, None)
                    s.fail(one, error)
                    continue
                figures[name]["ready_s"] = summary(ready)
                say(
                    f"{name}: ready after {min(ready):.3f} s, {figures[name]['pss'] / 1e6:.0f} MB PSS, file "
                    f"{figures[name]['file'] / 1e6:.0f} MB"
                )
                s.drop(one)
            out[str(count)] = {"contenders": figures, "failed": s.failed}
    return out
