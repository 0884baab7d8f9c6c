"""A policy zone as a file, for contenders that read the whole file again."""
import shutil
from pathlib import Path

from bench.names import Blocklist


def rewrite(zone: Path, blocklist: Blocklist, added: list[str]) -> Path:
    """A file to replace the zone, with these names added and a higher serial."""
    partial = zone.with_suffix(".partial")
    with blocklist.file("rpz").open("rb") as old, partial.open("wb") as out:
        head = old.readline() + old.readline()  # $TTL, SOA
        out.write(head.replace(b" 1 3600", f" {len(added) + 1} 3600".encode()))
        shutil.copyfileobj(old, out, 1 << 20)
        for line in list(Blocklist.lines("rpz", added))[1:]:
            out.write(line.encode())
    return partial
