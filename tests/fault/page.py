"""docs/reliability.md, from results."""
from itertools import groupby
from pathlib import Path

from row import Row

HEAD = """# Reliability: what was broken on purpose, and what came of it

Made by `tests/fault/run` from its own results; `tests/fault/run --page` writes it again. Not
edited by hand. A trial is one fault in one run; what was promised is checked after each: the old
state or the new and nothing between, an exit code that tells which, a database that `db check`
finds sound, no file left behind by what could still clean up, and a next run that completes. A
resolver under load must answer throughout, must block nothing that is not listed, and must block
what is listed whenever its database can say so.

{trials} trials; {bad} broke a promise.
"""
BOUND = """
## What may be lost

- **A commit that did not return**: a command that was killed or failed may have committed or not;
  `db history` says which. One that returned 0 is on the disk (LMDB, fsync; no option turns it off).
- **Between a commit and the module**: at most a second until it is in force in every Unbound.
- **While a database cannot be read** `failure.policy` decides: `resolve` (the default) answers as if
  nothing were listed, `servfail` refuses. Both are logged, counted and shown by `status`.
- **A bit that flips in the file** is found by `db check`, not by a query: LMDB has no checksums.
  A backup or a new synchronisation mends it.
- **`order sign`, `key generate` and backups** leave a whole file or none, but for a key pair whose
  making was killed between its two files: make it again.
"""


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def line(row: Row) -> str:
    outcomes = ", ".join(f"{name} {number:,}" for name, number in row.outcomes.items())
    result = "**broken**: " + "; ".join(row.bad[:3]) if row.bad else "kept"
    return f"| {cell(row.victim)} | {cell(row.fault)} | {row.trials} | {cell(outcomes)} | {cell(result)} |"


def write(path: Path, rows: list[Row]) -> None:
    text = HEAD.format(trials=f"{sum(row.trials for row in rows):,}", bad=sum(len(row.bad) for row in rows))
    for group, members in groupby(sorted(rows, key=lambda row: row.group), key=lambda row: row.group):
        members = list(members)
        text += f"\n## {group}\n\n"
        notes = [f"- {row.victim}, {row.fault}: {row.note}." for row in members if row.note]
        text += "\n".join(["| what | fault | trials | outcomes | promise |", "|---|---|---|---|---|", *map(line, members)]) + "\n"
        if notes:
            text += "\n" + "\n".join(notes) + "\n"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text + BOUND)
