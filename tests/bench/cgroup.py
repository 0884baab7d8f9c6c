"""A bound on the memory of a process and of the file pages that it reads, by the kernel's control groups."""
import os
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

V1 = Path("/sys/fs/cgroup/memory")
V2 = Path("/sys/fs/cgroup")


@contextmanager
def bounded(limit: int) -> Iterator[Path | None]:
    """A group to write a process id to, or None where groups cannot be made."""
    root, file = (V1, "memory.limit_in_bytes") if V1.is_dir() else (V2, "memory.max")
    group = root / f"saring-bench-{os.getpid()}"
    try:
        group.mkdir()
        (group / file).write_text(str(limit))
    except OSError:
        yield None
        return
    try:
        yield group / "cgroup.procs"
    finally:
        try:
            group.rmdir()
        except OSError:
            pass  # a process that is still ending
