"""Tables and plots from the scenarios' JSON files, for those scenarios that have a file."""
import json
import textwrap
from pathlib import Path
from typing import Any, Iterator

from bench import plots, targets
from bench.contenders import ALL
from support import packed, paths

MB = 1e6


def spread(figure: dict[str, Any] | None, scale: float = 1, digits: int = 0) -> str:
    """Median, and least to most in brackets."""
    if not figure:
        return ""
    median, least, most = (f"{figure[key] * scale:,.{digits}f}" for key in ("median", "min", "max"))
    return f"{median} ({least}–{most})"


def _machine(results: dict[str, Any]) -> list[str]:
    lines = []
    seen = {}
    for name, document in results.items():
        m = document["machine"]
        seen.setdefault(
            (m["cpu"], m["cores"], m["memory_gb"], m["kernel"], m["date"], m["saring"], document["quick"]), []
        ).append((name, m["load_before"]))
        versions = m["versions"]
    for (cpu, cores, memory, kernel, date, commit, quick), names in seen.items():
        lines.append(
            f"- {', '.join(f'{n} (load {load:.1f})' for n, load in names)}: {date}, Saring {commit}, {cpu}, {cores} "
            f"cores, {memory:.0f} GB, "
            f"Linux {kernel}{', **quick run: not for quoting**' if quick else ''}"
        )
    lines.append("- " + ", ".join(f"{package} {version}" for package, version in versions.items()))
    return [
        "In brackets: the machine's load average when the scenario began, which a quiet machine has near 0.", "",
        *lines, ""
    ]


def _steady(title: str, document: dict[str, Any]) -> list[str]:
    lines = []
    for count, figures in document["figures"].items():
        lines += [
            f"### {title}, {int(count):,} names", "",
            "| | questions/s, thousands | to stock | CPU a question, µs | to stock |", "|---|---|---|---|---|"
        ]
        for name, f in figures["contenders"].items():
            lines.append(
                f"| {ALL[name].title} | {spread(f['qps'], 1e-3)} | {spread(f.get('qps_to_unbound'), 1, 3)} | "
                f"{spread(f['cpu_us'], 1, 2)} | {spread(f.get('cpu_to_unbound'), 1, 3)} |"
            )
        lines += _failed(figures) + [""]
    return lines


def _workers(document: dict[str, Any]) -> list[str]:
    lines = []
    for count, figures in document["figures"].items():
        lines += [
            f"### A second worker, {int(count):,} names", "",
            "| | questions | CPU a question, µs: one worker | two | two to one |", "|---|---|---|---|---|"
        ]
        for kind, contenders in figures.items():
            for name, f in contenders.items():
                lines.append(
                    f"| {ALL[name].title} | {kind} | {spread(f['cpu_us']['1'], 1, 2)} | "
                    f"{spread(f['cpu_us']['2'], 1, 2)} | {spread(f['second_worker'], 1, 3)} |"
                )
        lines.append("")
    return lines


def _failed(figures: dict[str, Any]) -> list[str]:
    return [f"| {ALL[name].title} | did not survive: {why} |" for name, why in figures.get("failed", {}).items()]


def _load(document: dict[str, Any]) -> list[str]:
    lines = []
    for count, figures in document["figures"].items():
        lines += [
            f"### Start and memory, {int(count):,} names", "",
            "| | ready, s | PSS, MB | of it anonymous, MB | file read, MB |", "|---|---|---|---|---|"
        ]
        for name, f in figures["contenders"].items():
            lines.append(
                f"| {ALL[name].title} | {spread(f['ready_s'], 1, 3)} | {f['pss'] / MB:,.0f} | "
                f"{f['anonymous'] / MB:,.0f} | {f['file'] / MB:,.0f} |"
            )
        lines += _failed(figures) + [""]
    return lines


def _update(document: dict[str, Any]) -> list[str]:
    lines = []
    for count, figures in document["figures"].items():
        lines += [
            f"### Updates onto {int(count):,} names",
            "",
            "| | names | command, s | in force, s (p99) | p50, ms | p99 | p99.9 | longest |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for name, sizes in figures["contenders"].items():
            for size, f in sizes.items():
                d, held = f["during"], f["in_force_s"]
                in_force = f"{held['median']:.2f} ({held['p99']:.2f})" if held else ""
                if f["never_in_force"]:
                    in_force += f" {f['never_in_force']} not within {f['patience_s']:.0f} s"
                cell = lambda key: f"{d[key]['median']:.2f}" if d.get(key) else ""
                lines.append(
                    f"| {ALL[name].title} | {int(size):,} | {f['command_s'].get('median', 0):.3f} | {in_force} | "
                    f"{cell('p50')} | {cell('p99')} | {cell('p99.9')} | {cell('max')} |"
                )
        lines += _failed(figures) + [""]
    return lines


def _sweep(document: dict[str, Any]) -> list[str]:
    f = document["figures"]
    kinds = list(next(iter(f["slabs"].values()))["in_force_s"])
    lines = [
        f"### Orders with {f['messages']:,} messages in cache", "",
        "In force: median (p99), s. Latencies of others, ms: before, then from the order's command until a while "
        "after.",
        "", "| slabs | orders | walk, s | " + " | ".join(f"in force: {k}" for k in kinds) +
        " | p50 | p99 | p99.9 | longest |", "|---|---|---|" + "---|" * (len(kinds) + 4)
    ]
    for slabs, figures in f["slabs"].items():
        held = [f"{figures['in_force_s'][k]['median']:.3f} ({figures['in_force_s'][k]['p99']:.3f})" for k in kinds]
        latency = [
            f"{figures['before'][key]['median']:.2f}, {figures['during'][key]['median']:.2f}"
            for key in ("p50", "p99", "p99.9", "max")
        ]
        lines.append(f"| {slabs} | {figures['orders']} | {spread(figures['walk_s'], 1, 2)} | " +
                     " | ".join(held + latency) + " |")
    return lines + [""]


def _rebase(document: dict[str, Any]) -> list[str]:
    lines = [
        "### A new base is loaded while the old one serves", "",
        "| names | import, s | p50, p99, p99.9, longest before, ms | the same during it |", "|---|---|---|---|"
    ]
    for count, f in document["figures"].items():
        figures = [
            ", ".join(f"{f[when][key]:.2f}" for key in ("p50", "p99", "p99.9", "max")) for when in ("before", "during")
        ]
        lines.append(f"| {int(count):,} | {f['import_s']:.1f} | {figures[0]} | {figures[1]} |")
    return lines + [""]


def _flood(document: dict[str, Any]) -> list[str]:
    lines = []
    for count, figures in document["figures"].items():
        lines += [
            f"### Blocked names at full rate, {int(count):,} names",
            "",
            "| | k/s | hits' writer to worker, processor time | memory of its own at start, MB | after, MB |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {ALL[name].title} | {spread(f['qps'], 1e-3)} | {spread(f['writer_to_worker'], 1, 3)} | "
            f"{f['at_start']['anonymous'] / MB:.1f} | {f['after']['anonymous'] / MB:.1f} |"
            for name, f in figures.items()
        ]
        lines.append("")
    return lines


KINDS = {
    "cached": "cached", "negative": "cached, no data", "blocked": "blocked, all over the list, repeated",
    "viral": "blocked, ten names", "first": "blocked, asked once", "uncached": "not in cache"
}


def _instructions(document: dict[str, Any]) -> list[str]:
    lines = []
    for count, figures in document["figures"].items():
        lines += [
            f"### Instructions a question, {int(count):,} names (callgrind, user mode)", "",
            "| | " + " | ".join(KINDS.values()) + " |", "|---" * (len(KINDS) + 1) + "|"
        ]
        for name, f in figures.items():
            lines.append(f"| {ALL[name].title} | " +
                         " | ".join(f"{f[k]['instructions']:,}, of ours {f[k]['saring']:,.0f}" if k in f else ""
                                    for k in KINDS) + " |")
        lines.append("")
    return lines


def _night(document: dict[str, Any]) -> list[str]:
    f = document["figures"]
    titles = {"unbound": "stock", "saring": "with Saring", "unbound-rpz": "its own RPZ"}
    lines = [
        f"### Counting night, {f['names']:,} names", "",
        f"Load rising to {f['saturation_qps'] * 1.1 / 1000:.0f} k questions a second within {f['seconds']} s. Medians "
        f"over the runs, ms.",
        "", "| load, k/s |" + "".join(f" {titles[name]} p50 | p99 | p99.9 |" for name in f["runs"]),
        "|---" * (1 + 3 * len(f["runs"])) + "|"
    ]
    for i in range(1, 20, 3):
        row = [f"{f['runs']['unbound'][0]['steps'][i]['rate'] / 1000:.0f}"]
        for name in f["runs"]:
            row += [f"{plots.middle(f['runs'][name], i, key):.3g}" for key in ("p50", "p99", "p99.9")]
        lines.append("| " + " | ".join(row) + " |")
    held = [r["in_force_s"] for r in f["runs"]["saring"] if r["in_force_s"]]
    if held:
        lines += [
            "",
            f"Urgent orders in force: median {max(h['median'] for h in held):.2f} s, p99 "
            f"{max(h['p99'] for h in held):.2f} s (the worst run). "
            "Lost: "
            + ", ".join(f"{titles[name]} {sum(r['whole']['lost'] for r in runs):,}" for name, runs in f["runs"].items())
            + ".",
        ]
    return lines + [""]


def _tool(document: dict[str, Any]) -> list[str]:
    lines = [
        "### The tool",
        "",
        "| names | import, s | peak, GB | bytes a name | order of 1,000, ms | explain, ms | idle sync, ms |",
        "|---|---|---|---|---|---|---|",
    ]
    for count, f in document["figures"].items():
        lines.append(
            f"| {int(count):,} | {spread(f['import']['wall_s'], 1, 1)} | {f['import']['peak_rss']['max'] / 1e9:.2f} | "
            f"{f['import']['bytes_a_name']:.1f} | "
            f"{spread(f['apply_1k']['wall_s'], 1e3, 0)} | {spread(f['explain']['wall_s'], 1e3, 1)} | "
            f"{spread(f['idle_sync']['wall_s'], 1e3, 0)} |"
        )
    for f in document["figures"].values():
        if "large_order" in f:
            large = f["large_order"]
            lines += [
                "", f"An order of {large['names']:,} names under 4,000 questions a second, longest answer: " +
                ", ".join(f"{what} {large[what]['during']['max']} ms (command {large[what]['command_s']:.1f} s)"
                          for what in ("apply", "revoke", "expire"))
            ]
        if "churn" in f:
            c = f["churn"]
            lines += [
                "",
                f"{c['days']} days of churn: file {c['sizes'][0]['file'] / MB:.1f} MB after a month, "
                f"{c['sizes'][-1]['file'] / MB:.1f} MB at the end; "
                f"what it holds then, journal and all documents included, takes {c['content'] / MB:.1f} MB compacted",
            ]
    return lines + [""]


def growth_table(document: dict[str, Any]) -> list[str]:
    lines = [
        "| names | import, s | peak, MB | database, MB | bytes a name | image, MB | bytes a name | ready, s | memory "
        "at start, MB | anonymous after blocks, MB | blocked, k/s | "
        "look-up listed, ns | unlisted, ns | order of 1,000, ms |",
        "|---" * 14 + "|",
    ]
    for count, f in document["figures"].items():
        m = f["micro_ns"]
        image = (
            f"{f['image'] / MB:,.0f} | {f['image_bytes_a_name']:.1f}" if "image" in f else " | "
        )  # figures from before there were images
        lines.append(
            f"| {int(count):,} | {f['import_s']:.1f} | {f['import_peak_rss'] / MB:,.0f} | {f['file'] / MB:,.0f} | "
            f"{f['bytes_a_name']:.1f} | {image} | {f['ready_s']:.3f} | "
            f"{f['memory_at_start']['pss'] / MB:.0f} | {f['memory_after_blocks']['anonymous'] / MB:.0f} | "
            f"{spread(f['blocked_qps'], 1e-3)} | {m.get('decide_listed', 0):.0f} | "
            f"{m.get('decide_unlisted', 0):.0f} | {spread(f['apply_1k_s'], 1e3)} |"
        )
    return lines + [""]


SECTIONS = {
    "load": _load, "large": _load, "huge": _load, "cached": lambda d: _steady("Cached, unlisted", d),
    "blocked": lambda d: _steady("Blocked", d),
    "viral": lambda d: _steady("Blocked, ten names that everybody asks for", d),
    "uncached": lambda d: _steady("Not in cache", d),
    "realistic": lambda d: _steady("A realistic mix: 85 % in cache, 5 % blocked, 10 % not in cache", d),
    "workers": _workers, "instructions": _instructions, "flood": _flood, "rebase": _rebase, "update": _update,
    "sweep": _sweep, "night": _night, "tool": _tool, "growth": lambda d: ["### Growth", "", *growth_table(d)]
}


KEPT = paths.ROOT / "tests" / "bench" / "results.tar.gz"  # the figures behind RESULTS.md beside it
GROWTH_PAGE = paths.ROOT / "docs" / "growth.md"
MARKS = ("<!-- measured: written by tests/bench/run -->", "<!-- end of what was measured -->")


def _growth_page(document: dict[str, Any]) -> None:
    """Replaces the table in docs/growth.md."""
    text = GROWTH_PAGE.read_text()
    begin, end = text.index(MARKS[0]) + len(MARKS[0]), text.index(MARKS[1])
    GROWTH_PAGE.write_text(
        text[:begin] + "\n" + "\n".join([*_machine({"growth": document}), *growth_table(document)]) + text[end:]
    )


def _wrapped(lines: list[str]) -> Iterator[str]:
    """At 120 columns, tables excepted."""
    for line in lines:
        indent = "  " if line.startswith("- ") else ""
        whole = line.startswith("|") or len(line) <= 120
        yield from [line] if whole else textwrap.wrap(line, 120, subsequent_indent=indent, break_on_hyphens=False)


def write(folder: Path, keep: bool) -> None:
    """RESULTS.md and the plots in the folder. `keep`: the figures and RESULTS.md into the repository too."""
    results = {name: json.loads(file.read_text()) for name in SECTIONS if (file := folder / f"{name}.json").exists()}
    if not results:
        return
    lines = [
        "# Results", "", "Written by `tests/bench/run`; see README.md beside it. Medians, in brackets least to most.",
        "", *_machine(results), "## Targets", "", *targets.table(results), "", "## Figures", ""
    ]
    for name, document in results.items():
        lines += SECTIONS[name](document)
    drawn = plots.draw(results, folder)
    embedded = ["## Plots", "", *(f"![{path.stem}]({path.name})" for path in drawn), ""]
    (folder / "RESULTS.md").write_text("\n".join([*_wrapped(lines), *embedded]))
    print(f"bench: {folder / 'RESULTS.md'}")
    if not keep:
        return
    redraw = ["Plots: `tests/bench/run --report --keep` draws them in `build/bench/kept` from the packed figures.", ""]
    (KEPT.parent / "RESULTS.md").write_text("\n".join([*_wrapped(lines), *redraw]))
    packed.write(KEPT, {f"{name}.json": (folder / f"{name}.json").read_bytes() for name in results})
    if "growth" in results:
        _growth_page(results["growth"])
