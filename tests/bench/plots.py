"""The plots, as SVG: small, and readable at any size."""
import statistics
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "saring"  # the same figures, the same file
from matplotlib import pyplot  # noqa: E402

from bench.contenders import ALL  # noqa: E402

OURS, OTHERS, STOCK = "#b5121b", "#6b7785", "#24292f"


def _save(figure, path: Path) -> Path:
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return path


def _colour(name: str) -> str:
    return OURS if name == "saring" else STOCK if name == "unbound" else OTHERS


def _throughput(results: dict[str, Any], folder: Path) -> Path:
    kinds = [k for k in ("cached", "blocked") if k in results]
    figure, axes = pyplot.subplots(1, len(kinds), figsize=(5.5 * len(kinds), 3.6), squeeze=False)
    for axis, kind in zip(axes[0], kinds):
        [(count, figures), *_] = results[kind]["figures"].items()
        names = sorted(figures["contenders"], key=lambda n: figures["contenders"][n]["qps"]["median"])
        qps = [figures["contenders"][n]["qps"] for n in names]
        axis.barh([ALL[n].title for n in names], [q["median"] / 1e3 for q in qps], color=[_colour(n) for n in names],
                  xerr=[[(q["median"] - q["min"]) / 1e3 for q in qps], [(q["max"] - q["median"]) / 1e3 for q in qps]])
        axis.set_title(
            f"{kind}, {int(count):,} names" + (" (stock: from cache)" if kind == "blocked" else ""), fontsize=10
        )
        axis.set_xlabel("thousand questions a second, one core")
    return _save(figure, folder / "throughput.svg")


def _updates(results: dict[str, Any], folder: Path) -> Path:
    [(count, figures), *_] = results["update"]["figures"].items()
    figure, axis = pyplot.subplots(figsize=(7, 4))
    for name, sizes in figures["contenders"].items():
        points = [(int(size), f["during"]["max"]["median"]) for size, f in sizes.items() if f["during"].get("max")]
        if points:
            axis.plot(*zip(*points), marker="o", label=ALL[name].title,
                      color=_colour(name) if name in ("saring", "unbound") else None,
                      linewidth=2.5 if name == "saring" else 1.2)
    axis.set(xscale="log", yscale="log", xlabel="names that the update brings", ylabel="longest answer to others, ms",
             title=f"Updates onto {int(count):,} names")
    axis.legend(fontsize=7)
    return _save(figure, folder / "updates.svg")


def middle(runs: list[dict[str, Any]], step: int, key: str) -> float:
    values = [r["steps"][step][key] for r in runs if key in r["steps"][step]]
    return statistics.median(values) if values else float("nan")


def _night(results: dict[str, Any], folder: Path) -> Path:
    f = results["night"]["figures"]
    figure, axis = pyplot.subplots(figsize=(8, 4.5))
    for name, runs in f["runs"].items():
        rates = [s["rate"] / 1e3 for s in runs[0]["steps"]]
        for key, style in (("p50", "-"), ("p99", "--"), ("p99.9", ":")):
            axis.plot(rates, [middle(runs, i, key) for i in range(len(rates))], style, color=_colour(name),
                      label=f"{ALL[name].title}, {key}")
    axis.set(yscale="log", xlabel="thousand questions a second", ylabel="latency, ms",
             title="Counting night: an urgent order every 3 s, load rising to saturation")
    axis.legend(fontsize=7)
    return _save(figure, folder / "night.svg")


def _growth(results: dict[str, Any], folder: Path) -> Path:
    figures = results["growth"]["figures"]
    counts = [int(c) / 1e6 for c in figures]
    series = {
        "database, MB": [f["file"] / 1e6 for f in figures.values()],
        "import, s": [f["import_s"] for f in figures.values()],
        "look-up of a listed name, ns": [f["micro_ns"].get("decide_listed", 0) for f in figures.values()],
        "blocked, k/s": [f["blocked_qps"]["median"] / 1e3 for f in figures.values()],
    }
    figure, axes = pyplot.subplots(1, 4, figsize=(13, 3))
    for axis, (title, values) in zip(axes, series.items()):
        axis.plot(counts, values, marker="o", color=OURS)
        axis.set(title=title, xlabel="million names", ylim=(0, max(values) * 1.15))
    return _save(figure, folder / "growth.svg")


def draw(results: dict[str, Any], folder: Path) -> list[Path]:
    out = []
    if "cached" in results or "blocked" in results:
        out.append(_throughput(results, folder))
    for name, plot in (("update", _updates), ("night", _night), ("growth", _growth)):
        if name in results:
            out.append(plot(results, folder))
    return out
