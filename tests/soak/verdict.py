"""What the samples of a soak say: what is flat, what adds up, and the plot of it."""
import statistics
from pathlib import Path
from typing import Any

MIB = 1 << 20
# A figure is flat when the median of the last third is at most this many times that of the middle third,
# and this much more. The first third is the warming up.
FLAT = {"rss": (1.10, 4 * MIB), "anonymous": (1.10, 4 * MIB), "threads": (1, 0), "descriptors": (1, 2),
        "hits file": (1.25, MIB), "log files": (1.5, MIB), "p99, ms": (1.5, 2)}
SHORTEST_FLAT = 180  # seconds: a shorter run is all warming up

# Orders that ended and the journal stay for good (docs/growth.md), so the blocklist's file grows as orders come. It is
# to stay near what it holds: a file that was just compacted.
MOST_ROOM = 2


def thirds(samples: list[dict[str, Any]], key: str) -> tuple[float, float]:
    n = len(samples) // 3
    values = [s[key] for s in samples]
    return statistics.median(values[n:2 * n]), statistics.median(values[2 * n:])


def judge(told: dict[str, Any]) -> list[str]:
    """What is not as it should be."""
    bad = [f"{name}: {why}" for name, why in told["failed"].items()]
    if told["ended"] is not None:
        bad.append(f"Unbound ended with {told['ended']}")
    if told["servfail"]:
        bad.append(f"{told['servfail']} SERVFAIL")
    if not told["blocked"] <= told["hits"] <= told["blocked"] + told["lost"]:
        bad.append(f"{told['blocked']} blocked answers and {told['lost']} lost ones, but {told['hits']} hits")
    if told["lost"] > told["asked"] // 100:
        bad.append(f"{told['lost']} of {told['asked']} questions without an answer")
    if told["findings"]:
        bad.append(f"db check: {told['findings']}")
    if told["file"] > told["compacted"] * MOST_ROOM + MIB:
        bad.append(f"the blocklist's file has {told['file']:,} bytes, {told['compacted']:,} when compacted")
    if told["seconds"] >= SHORTEST_FLAT and len(told["samples"]) >= 30:
        for key, (times, more) in FLAT.items():
            middle, last = thirds(told["samples"], key)
            if last > middle * times + more:
                bad.append(f"{key} grew from {middle:,.1f} to {last:,.1f}")
    return bad


def outcomes(told: dict[str, Any]) -> dict[str, Any]:
    out = {
        "questions": told["asked"], "answers a second": round(told["asked"] / told["seconds"]),
        "blocked": told["blocked"], "hits": told["hits"], "without an answer": told["lost"],
        "servfail": told["servfail"], **{name: n for name, n in told["times"].items()}
    }
    out["blocklist file, MiB, at the end"] = round(told["file"] / MIB, 1)
    out["blocklist file, MiB, compacted"] = round(told["compacted"] / MIB, 1)
    for key in FLAT:
        middle, last = thirds(told["samples"], key)
        unit, name = (
            (MIB, f"{key}, MiB") if key in ("rss", "anonymous") or key.endswith(("file", "files")) else (1, key)
        )
        out[f"{name}, middle third"] = round(middle / unit, 1)
        out[f"{name}, last third"] = round(last / unit, 1)
    return out


def plot(told: dict[str, Any], path: Path) -> None:
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "saring"
    from matplotlib import pyplot
    groups = [("memory, MiB", ("rss", "anonymous"), MIB),
              ("files, MiB", ("blocklist file", "hits file", "log files"), MIB),
              ("threads and descriptors", ("threads", "descriptors"), 1), ("latency, ms", ("p50, ms", "p99, ms"), 1)]
    figure, axes = pyplot.subplots(2, 2, figsize=(10, 6), sharex=True)
    minutes = [s["at"] / 60 for s in told["samples"]]
    for axis, (title, keys, unit) in zip(axes.flat, groups):
        for key in keys:
            axis.plot(minutes, [s[key] / unit for s in told["samples"]], label=key, linewidth=1.2)
        axis.set(title=title)
        axis.set_ylim(bottom=0)
        axis.legend(fontsize=7)
    for axis in axes[1]:
        axis.set_xlabel("minutes")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
