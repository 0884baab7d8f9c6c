"""A process's cost by the kernel's accounts, and summaries of repeated figures."""
import os
import statistics
from pathlib import Path
from typing import Any, Callable, Iterable, Sequence

from support import measured
from support.measured import Finished

TICKS = os.sysconf("SC_CLK_TCK")


def _threads_cpu(pid: int) -> float:
    """Seconds of processor time, to the nanosecond where the kernel keeps it so."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except FileNotFoundError:
            continue  # a thread that ended
    return total / 1e9


def cpu_seconds(pids: Iterable[int]) -> float:
    return sum(_threads_cpu(pid) for pid in pids)


def _memory_files(pid: int) -> tuple[int, int]:
    """Bytes of the process's memory files, and the part of them in its PSS: the pages that it has read."""
    sizes = {}
    for fd in Path(f"/proc/{pid}/fd").iterdir():
        try:
            if os.readlink(fd).startswith("/memfd:"):
                sizes[fd.stat().st_ino] = fd.stat().st_blocks * 512
        except FileNotFoundError:
            continue  # closed meanwhile
    counted, inside = 0, False
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines() if sizes else []:
        word = line.split()
        if "-" in word[0]:
            inside = "/memfd:" in line
        elif inside and word[0] == "Pss:":
            counted += int(word[1]) * 1024
    return sum(sizes.values()), counted


def memory(pids: Iterable[int]) -> dict[str, int]:
    """Bytes. rss counts shared pages in full, pss its share of them, and whole memory files (the image), whether it
    looked into them yet or not; private is what would be free if the process ended (its page cache stays)."""
    out = {"rss": 0, "pss": 0, "private": 0, "anonymous": 0}
    keys = {
        "Rss:": "rss", "Pss:": "pss", "Private_Clean:": "private", "Private_Dirty:": "private",
        "Anonymous:": "anonymous"
    }
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            word = line.split()
            if word[0] in keys:
                out[keys[word[0]]] += int(word[1]) * 1024
        held, counted = _memory_files(pid)
        out["pss"] += held - counted
    return out


def rss(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (FileNotFoundError, ProcessLookupError):
        return 0


def file_bytes(paths: Iterable[Path]) -> int:
    """On disk: a sparse file counts by its blocks."""
    return sum(path.stat().st_blocks * 512 for path in paths if path.exists())


def summary(values: Sequence[float]) -> dict[str, Any]:
    return (
        {"median": statistics.median(values), "min": min(values), "max": max(values), "runs": len(values)}
        if values
        else {}
    )


def must(command: Sequence[Any], **options: Any) -> Finished:
    done = measured.run(command, merge=True, **options)
    if done.code != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.code}:\n{done.out[-4000:]}")
    return done


def repeated(times: int, once: Callable[[], float]) -> dict[str, Any]:
    return summary([once() for _ in range(times)])
