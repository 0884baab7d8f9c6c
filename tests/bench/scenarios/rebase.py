"""A new base of the whole list is published and loaded while the old one serves: latency of others."""
from typing import Any

from bench.load import dnsperf
from bench.names import name
from bench.probe import Probe, between, percentiles
from bench.stage import Options, say, stage

RATE = 5000  # questions a second


def rebase(options: Options) -> dict[str, Any]:
    out = {}
    for count in options.names:
        with stage(options, count) as s:
            one = s.prepared("saring")
            one.start()
            hot = s.mixes.hot()
            dnsperf(one.port, hot, one.pids, once=True, outstanding=50)
            # More than 1 % of the names are new: no delta.
            listing = s.folder / "renewed"
            with s.blocklist.file("domains").open() as old, listing.open("w") as new:
                new.writelines(old)
                new.writelines(f"{name(count + i)}\n" for i in range(count // 50))
            probe = Probe(s.folder, one.port, hot, RATE)
            before = probe.now()
            say(f"{count} names: asking, then a new base")
            imported = one.tool("list", "import", "--quiet", "--source", "bench", "--format", "domains", listing)
            end = probe.now()
            probe.stop()
            records = probe.records()
            # Quiet at first, and the command's own part before it publishes.
            begin = end - imported.wall
            out[str(count)] = {
                "import_s": imported.wall,
                "before": percentiles(between(records, before, begin + imported.wall / 4)),
                "during": percentiles(between(records, end - imported.wall / 4, end)),
            }
            result = out[str(count)]
            say(
                f"{count} names: longest answer {result['before']['max']} ms while the list is read, "
                f"{result['during']['max']} ms while its base is published and loaded"
            )
    return out
