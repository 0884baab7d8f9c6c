"""Hits chosen by a test, written as a resolver writes them, and the output of `hits`."""
import json
import subprocess
from typing import Any

from support import paths
from support.workspace import Workspace

MAKE_HITS = paths.BUILD / "tests" / "make-hits"


def record(workspace: Workspace, *batches: list[dict[str, Any]]) -> None:
    """Each batch is one block of the database; members as in support/make_hits.cc."""
    lines = "\n\n".join("\n".join(json.dumps(hit) for hit in batch) for batch in batches)
    subprocess.run(
        [str(MAKE_HITS), "--config", str(workspace.config)], input=lines + "\n", text=True, check=True, timeout=60
    )


def record_by_hour(workspace: Workspace, rows: list[dict[str, Any]]) -> None:
    """A block holds the hits of one hour."""
    by_hour: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_hour.setdefault(row["time"][:13], []).append(row)
    record(workspace, *by_hour.values())


def listed(workspace: Workspace, *options: str) -> list[dict[str, Any]]:
    """The hits that `hits list` finds; its exit code must agree."""
    result = workspace.tool("hits", "list", *options, "--json")
    found = result.json()["hits"]
    assert result.code == (0 if found else 1), result
    return found


def load(workspace: Workspace, hits: int, batch: int = 700, until: str | None = None) -> None:
    """Hits of the day before `until` (now) with different names and orders, in blocks of `batch`."""
    command = [str(MAKE_HITS), "--config", str(workspace.config), "--load", str(hits), "--batch", str(batch)]
    subprocess.run(command + (["--until", until] if until else []), check=True, timeout=120)
