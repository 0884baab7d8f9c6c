"""Every command that writes, with the system refusing or the program ended at one call after the
other. The promise: the old state or the new one, said truly by the exit code; a sound database;
nothing left lying about by a program that could still clean up; and the next run completes."""
import hashlib
import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Callable, Iterator

from commands import LOCKS, Command, Place
from row import Row

GROUP = "Writing commands"
IN_FULL = 5
FAULTS = {  # what the page calls it: kind, fault
    "kill -9 before each call that writes": ("any", "kill"),
    "kill -9 after each call that writes": ("any", "killed"),
    "disk full (ENOSPC) at each write, and from then on": ("write", "ENOSPC+"),
    "EIO at each write": ("write", "EIO"),
    "short write at each write": ("write", "short"),
    "EIO at each flush": ("flush", "EIO"),
    "disk full (ENOSPC) at each file made or renamed": ("name", "ENOSPC"),
    "EROFS at each file made, renamed or removed": ("name", "EROFS"),
}


class Trials:
    """One command in its place: what its good run leads to, and the judgement of every other."""

    def __init__(self, place: Place, command: Command, scratch: Path) -> None:
        self.place, self.command = place, command
        place.reset()
        count = scratch / "count"
        assert place.run(command, count=count) == 0, (command.name, place.said)
        self.calls: dict[str, int] = json.loads(count.read_text())
        self.new, self.made = place.state(command), place.strays()
        place.pages = sum(1 for _ in (place.folder / "landing" / "www" / "order").iterdir())
        assert command.produces is None or place.produced(command), command.name
        place.reset()
        assert place.run(command, count=count, kill_at=0) == 0, (command.name, place.said)
        self.system_calls = int(count.read_text())
        place.reset()
        self.old = place.state(command)
        self._judged: dict[bytes, str] = {}
        self._repeated: Counter[bytes] = Counter()

    def digest(self) -> bytes:
        """Of all that is there but the lock files."""
        out = hashlib.sha256()
        for file in sorted(self.place.folder.rglob("*")):
            if not file.name.endswith(LOCKS):
                out.update(str(file).encode() + b"\0" + (file.read_bytes() if file.is_file() and not file.is_symlink() else b""))
        return out.digest()

    def judge(self, row: Row, code: int, where: str) -> None:
        """Judges what a trial left, then lets the command run again. What kills leave again as it is, octet for
        octet, is not looked at again, and what the next run made of it only the first times."""
        place, command = self.place, self.command
        row.trials += 1
        digest = self.digest()
        found = self._judged.get(digest) if code == -9 else None
        if found is None:
            found = self._look(row, code, where)
            if found is None:
                return
            self._judged[digest] = found
        row.count(f"{found} state")
        if code > 0:
            self._failed(row, code, where)
            if found == "new" and self.old != self.new:
                row.count("done, though reported as failed")
        elif code not in (0, -9):
            row.expect(False, f"{where}: ended by signal {-code}")
        self._repeated[digest] += 1
        self._again(row, found, where, in_full=code != -9 or self._repeated[digest] <= IN_FULL)

    def _look(self, row: Row, code: int, where: str) -> str | None:
        place, command = self.place, self.command
        if not row.expect(place.sound(command), f"{where}: the database is not sound"):
            return None
        state = place.state(command)
        if command.produces:
            row.expect(state == self.old, f"{where}: the database has changed")
            found = "new" if place.produced(command) else "old"
            row.expect(found == "old" or self._usable(), f"{where}: what it made cannot be used")
        else:
            row.expect(state in (self.old, self.new), f"{where}: neither the old state nor the new")
            found = "new" if state == self.new else "old"
        row.expect(code != 0 or found == "new", f"{where}: said done, and is not")
        return found

    def _usable(self) -> bool:
        try:
            return self.command.usable is None or self.command.usable()
        except (OSError, ValueError, KeyError):  # half a document
            return False

    def _failed(self, row: Row, code: int, where: str) -> None:
        place, command = self.place, self.command
        row.expect(place.said.startswith("blocklist-tool: ") and code in (2, 3, 4, 5, 6), f"{where}: exit code {code}, {place.said!r}")
        left = {name for name in place.strays() - self.made if not name.startswith(command.leaves)}
        row.expect(not left, f"{where}: left {sorted(left)}")
        row.expect(command.name != "key generate" or not command.produces.exists(), f"{where}: left half a key pair")

    def _again(self, row: Row, found: str, where: str, in_full: bool) -> None:
        place, command = self.place, self.command
        retried = place.run(command)
        row.expect(retried == 0 or (retried in command.again and found == "new"), f"{where}: the next run ends with {retried}: {place.said}")
        if not in_full:
            return
        if command.produces:
            row.expect(place.produced(command) and self._usable(), f"{where}: after the next run what it makes is not there")
        elif not (command.repeats and found == "new"):
            row.expect(place.state(command) == self.new, f"{where}: the next run does not lead to the new state")
        row.expect(place.sound(command), f"{where}: after the next run the database is not sound")
        left = place.strays() - self.made
        row.expect(not any("compacting" in name or "building" in name for name in left), f"{where}: {sorted(left)} stays for good")


def spread(total: int, most: int) -> list[int]:
    """At most so many of 1 to total, the first and the last among them."""
    if total <= most:
        return list(range(1, total + 1))
    return sorted({1 + round(i * (total - 1) / max(1, most - 1)) for i in range(most)})


def each_command(folder: Path, only: Callable[[str], bool]) -> Iterator[Trials]:
    place = Place(folder)
    for command in filter(lambda c: only(c.name), place.commands):
        yield Trials(place, command, folder)


def shimmed(folder: Path, points: int, only: Callable[[str], bool] = lambda name: True) -> Iterator[Row]:
    """`points`: of each command and fault, at most."""
    for trials in each_command(folder, only):
        for what, (kind, fault) in FAULTS.items():
            row = Row(GROUP, trials.command.name, what)
            sticky = "+" if fault.endswith("+") else ""
            for at in spread(trials.calls[kind], points):
                trials.place.reset()
                code = trials.place.run(trials.command, f"{kind}:{fault.rstrip('+')}:{at}{sticky}")
                trials.judge(row, code, f"call {at} of {trials.calls[kind]}")
            yield row


def traced(folder: Path, points: int, only: Callable[[str], bool] = lambda name: True) -> Iterator[Row]:
    """Whatever the system call and whoever makes it: LMDB's on its mapping, the C library's, reads too."""
    for trials in each_command(folder, only):
        row = Row(GROUP, trials.command.name, "kill -9 before each system call, of whatever kind")
        for at in spread(trials.system_calls, points):
            trials.place.reset()
            code = trials.place.run(trials.command, kill_at=at)
            if row.expect(code in (-9, 0), f"system call {at}: exit code {code}: {trials.place.said}"):
                trials.judge(row, code, f"system call {at} of {trials.system_calls}")
        yield row


def killed(folder: Path, moments: int, only: Callable[[str], bool] = lambda name: True) -> Iterator[Row]:
    """By the clock instead of by the call: at random moments."""
    chance = random.Random(11)
    for trials in each_command(folder, only):
        place, command = trials.place, trials.command
        begin = time.monotonic()
        assert place.run(command) == 0
        span = time.monotonic() - begin
        row = Row(GROUP, command.name, "kill -9 at random moments")
        for _ in range(moments):
            place.reset()
            moment = chance.uniform(0, 1.1 * span)
            code = place.run(command, kill_after=max(moment, 1e-4))
            row.count("killed" if code == -9 else "finished first")
            trials.judge(row, code, f"after {moment * 1000:.1f} ms")
        yield row
