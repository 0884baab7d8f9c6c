"""A policy zone as a file, for the contenders that read the whole of it anew."""
import shutil
from pathlib import Path

from bench.names import Blocklist


def rewrite(zone: Path, blocklist: Blocklist, added: list[str]) -> Path:
    """A file to put in the zone's place, that has these names as well and a higher serial."""
    partial = zone.with_suffix(".partial")
    with blocklist.file("rpz").open("rb") as old, partial.open("wb") as out:
        head = old.readline() + old.readline()  # $TTL, SOA
        out.write(head.replace(b" 1 3600", f" {len(added) + 1} 3600".encode()))
        shutil.copyfileobj(old, out, 1 << 20)
        for line in list(Blocklist.lines("rpz", added))[1:]:
            out.write(line.encode())
    return partial
