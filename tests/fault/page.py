"""docs/reliability.md, from results."""
import json
import shutil
from itertools import groupby
from pathlib import Path

from row import Row
from support import paths

SOAK = paths.ROOT / "build" / "soak"
FUZZ = paths.ROOT / "build" / "fuzz" / "report"

SUITES = "Tests of these and other faults"

HEAD = """# Reliability: what was broken on purpose, and what came of it

Made by `tests/fault/run` from its own results; `tests/fault/run --page` writes it again. Not
edited by hand. A trial is one fault in one run; what was promised is checked after each: the old
state or the new and nothing between, an exit code that tells which, a database that `db check`
finds sound, no file left behind by what could still clean up, and a next run that completes. A
resolver under load must answer throughout, must block nothing that is not listed, and must block
what is listed whenever it has an image. The tests of the last table are not counted.

{trials} trials; {bad} broke a promise.
"""
INTRODUCTIONS = {
    "Writing commands": "Kills \"before each system call, of whatever kind\" count from the first file of the trial that is opened; of many "
                        "calls, so many evenly spread ones are tried as the number says.",
    "A running resolver": "One subscriber asks one question after the other, listed names and others in turn; how many answers a second "
                          "that makes says how long answers take, on a machine that does other things too, not what a resolver can do.",
    "A feed's server, while subscribers ask": "`sync` runs against the broken server; `timeout_seconds = 3`, `stall_seconds = 2`, `max_manifest_mib = 1`.",
}
BOUND = """
## What may be lost

- **A commit that did not return**: a command that was killed or failed may have committed or not, and may have
  committed without publishing; `db history` and the `image` line of `status` say which, and the next command that writes, or `db publish`, publishes. One that
  returned 0 is on the disk and published (LMDB, fsync; no option turns it off).
- **Between publishing and the module**: a command that returned 0 is in force in each Unbound that runs on its machine.
  Otherwise it says which one does not judge by it, and ends with 5 (`database.resolver_wait_seconds`).
- **A damaged, lost or unreadable image** changes no answer: the last good one stays in force. Only an Unbound that starts without one does what
  `failure.policy` says: `resolve` (the default) answers as if nothing were listed, `servfail` refuses. Both are logged, counted and shown by `status`.
- **A bit that flips in a file of the image** is found when the file is loaded, by its hash. **One that flips in the database** is found by `db check`:
  LMDB has no checksums. A backup or a new synchronisation mends it. Where it sends LMDB to an address that is not there, a command ends with
  exit code 5 and one line; resolvers do not open the database.
- **Commands that make files** leave a whole file or the old one. Where there are two files, a kill
  between them leaves a key without its public half (`key generate`), a signature that is newer
  than its receipt (`receipt make`), or a `saring.toml` without its place in Unbound (`setup`): make
  them again, the last after moving `saring.toml` away, over which `setup` does not write.
- **A question on its way while Unbound is reloaded, or while the clock jumps** may have to be asked again,
  as with Unbound alone.
"""


HEADS = {SUITES: "| file | what it tests | tests | outcomes | |"}


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def line(row: Row) -> str:
    outcomes = ", ".join(f"{name} {number:,}" for name, number in row.outcomes.items())
    result = "**broken**: " + "; ".join(row.bad[:3]) if row.bad else "kept"
    return f"| {cell(row.victim)} | {cell(row.fault)} | {row.trials} | {cell(outcomes)} | {cell(result)} |"


def soak(folder: Path) -> str:
    """What tests/soak/run last found, its plot copied beside the page."""
    if not (SOAK / "soak.json").exists():
        return ""
    told = json.loads((SOAK / "soak.json").read_text())
    shutil.copy(SOAK / "soak.svg", folder / "soak.svg")
    result = "**It did not hold**: " + "; ".join(told["bad"]) if told["bad"] else "It held"
    return (f"\n## Soak\n\n`tests/soak/run --minutes {told['minutes']:g}`, on {told['machine']}: mixed load, half of the names in cache, while orders come "
            "and go, lists are imported, Unbound is reloaded, its log rotated, the location database swapped, the blocklist compacted, and old hits purged. "
            "Flat means: the median of the last third is that of the middle third, within the margins of `tests/soak/verdict.py`; hits add up when they are no "
            f"fewer than blocked answers that arrived, and no more than these and the lost ones. {result}.\n\n| what | figure |\n|---|---|\n"
            + "".join(f"| {cell(name)} | {figure:,} |\n" for name, figure in told["outcomes"].items()) + "\n![memory, files, threads and latency over time](soak.svg)\n")


def fuzz() -> str:
    """What tests/fuzz/run last found."""
    if not FUZZ.exists():
        return ""
    told = json.loads(FUZZ.read_text())
    text = ("\n## Fuzzing\n\n`tests/fuzz/run` (libFuzzer, with AddressSanitizer and UndefinedBehaviorSanitizer), one target after the other. Edges and features are "
            "what the corpus and its additions reach in the program; findings are inputs of this run that ended it. The corpora, with what was found earlier "
            "as `finding-*`, run in `tests/run` as well, without libFuzzer.\n\n"
            "| target | seconds | executions | edges | features | inputs kept | earlier findings | findings |\n|---|---|---|---|---|---|---|---|\n")
    for target in told:
        corpus = list((paths.ROOT / "tests" / "fuzz" / "corpus" / target["target"]).iterdir())
        earlier = sum(file.name.startswith("finding-") for file in corpus)
        text += f"| {target['target']} | {target['seconds']} | {target['executions']:,} | {target['edges']:,} | {target['features']:,} | {len(corpus)} | {earlier} | {target['findings']} |\n"
    executions, findings = (sum(target[key] for target in told) for key in ("executions", "findings"))
    return text + f"\n{executions:,} executions; {findings} findings.\n"


def write(path: Path, rows: list[Row]) -> None:
    injected = [row for row in rows if row.group != SUITES]
    text = HEAD.format(trials=f"{sum(row.trials for row in injected):,}", bad=sum(len(row.bad) for row in injected))
    rows.sort(key=lambda row: (row.group == SUITES, row.group))
    for group, members in groupby(rows, key=lambda row: row.group):
        members = list(members)
        text += f"\n## {group}\n\n"
        if group in INTRODUCTIONS:
            text += INTRODUCTIONS[group] + "\n\n"
        notes = [f"- {row.victim}, {row.fault}: {row.note}." for row in members if row.note]
        head = HEADS.get(group, "| what | fault | trials | outcomes | promise |")
        text += "\n".join([head, "|---|---|---|---|---|", *map(line, members)]) + "\n"
        if notes:
            text += "\n" + "\n".join(notes) + "\n"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text + fuzz() + soak(path.parent) + BOUND)
