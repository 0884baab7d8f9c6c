"""The verdict on a soak's samples: flat figures, sums that add up, and the plot."""
import statistics
from pathlib import Path
from typing import Any

MIB = 1 << 20
# A figure is flat when the median of the last third is at most this many times that of the middle third,
# and this much more. The first third is the warming up.
FLAT = {"rss": (1.10, 4 * MIB), "anonymous": (1.10, 4 * MIB), "threads": (1, 0), "descriptors": (1, 2),
        "hits file": (1.25, MIB), "log files": (1.5, MIB), "p99, ms": (1.5, 2)}
SHORTEST_FLAT = 180  # seconds: a shorter run is all warming up

# Orders that ended and the journal are kept (docs/growth.md), so the blocklist's file grows with each order. Its size
# must stay near that of a compacted file.
MOST_ROOM = 2


def thirds(samples: list[dict[str, Any]], key: str) -> tuple[float, float]:
    n = len(samples) // 3
    values = [s[key] for s in samples]
    return statistics.median(values[n:2 * n]), statistics.median(values[2 * n:])


def judge(result: dict[str, Any]) -> list[str]:
    """The broken promises."""
    bad = [f"{name}: {why}" for name, why in result["failed"].items()]
    if result["ended"] is not None:
        bad.append(f"Unbound ended with {result['ended']}")
    if result["servfail"]:
        bad.append(f"{result['servfail']} SERVFAIL")
    if not result["blocked"] <= result["hits"] <= result["blocked"] + result["lost"]:
        bad.append(f"{result['blocked']} blocked answers and {result['lost']} lost ones, but {result['hits']} hits")
    if result["lost"] > result["asked"] // 100:
        bad.append(f"{result['lost']} of {result['asked']} questions without an answer")
    if result["findings"]:
        bad.append(f"db check: {result['findings']}")
    if result["file"] > result["compacted"] * MOST_ROOM + MIB:
        bad.append(f"the blocklist's file has {result['file']:,} bytes, {result['compacted']:,} when compacted")
    if result["seconds"] >= SHORTEST_FLAT and len(result["samples"]) >= 30:
        for key, (times, more) in FLAT.items():
            middle, last = thirds(result["samples"], key)
            if last > middle * times + more:
                bad.append(f"{key} grew from {middle:,.1f} to {last:,.1f}")
    return bad


def outcomes(result: dict[str, Any]) -> dict[str, Any]:
    out = {
        "questions": result["asked"], "answers a second": round(result["asked"] / result["seconds"]),
        "blocked": result["blocked"], "hits": result["hits"], "without an answer": result["lost"],
        "servfail": result["servfail"], **{name: n for name, n in result["times"].items()}
    }
    out["blocklist file, MiB, at the end"] = round(result["file"] / MIB, 1)
    out["blocklist file, MiB, compacted"] = round(result["compacted"] / MIB, 1)
    for key in FLAT:
        middle, last = thirds(result["samples"], key)
        unit, name = (
            (MIB, f"{key}, MiB") if key in ("rss", "anonymous") or key.endswith(("file", "files")) else (1, key)
        )
        out[f"{name}, middle third"] = round(middle / unit, 1)
        out[f"{name}, last third"] = round(last / unit, 1)
    return out


def plot(result: dict[str, Any], path: Path) -> None:
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "saring"
    from matplotlib import pyplot
    groups = [("memory, MiB", ("rss", "anonymous"), MIB),
              ("files, MiB", ("blocklist file", "hits file", "log files"), MIB),
              ("threads and descriptors", ("threads", "descriptors"), 1), ("latency, ms", ("p50, ms", "p99, ms"), 1)]
    figure, axes = pyplot.subplots(2, 2, figsize=(10, 6), sharex=True)
    minutes = [s["at"] / 60 for s in result["samples"]]
    for axis, (title, keys, unit) in zip(axes.flat, groups):
        for key in keys:
            axis.plot(minutes, [s[key] / unit for s in result["samples"]], label=key, linewidth=1.2)
        axis.set(title=title)
        axis.set_ylim(bottom=0)
        axis.legend(fontsize=7)
    for axis in axes[1]:
        axis.set_xlabel("minutes")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
