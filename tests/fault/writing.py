"""Makes each system call of every command that writes fail, or kills the command there. The promise: the old or the new
state, as the exit code says; a sound database; no temporary file from a program that could still clean up; and the next
run completes."""
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
    "disk full (ENOSPC) at each file created or renamed": ("name", "ENOSPC"),
    "EROFS at each file created, renamed or removed": ("name", "EROFS"),
}


class Trials:
    """One command: the state after an undisturbed run, and the judgement of every other run."""

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
        """Of all files except lock files."""
        out = hashlib.sha256()
        for file in sorted(self.place.folder.rglob("*")):
            if not file.name.endswith(LOCKS):
                out.update(
                    str(file).encode() + b"\0" +
                    (file.read_bytes() if file.is_file() and not file.is_symlink() else b""))
        return out.digest()

    def judge(self, row: Row, code: int, where: str) -> None:
        """Judges the state after a trial, then runs the command again. A state that an earlier kill left byte for byte
        is not examined again, and the next run after it only the first times."""
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
                row.count("done but reported as failed")
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
            row.expect(found == "old" or self._usable(), f"{where}: its output cannot be used")
        else:
            row.expect(state in (self.old, self.new), f"{where}: neither the old state nor the new")
            found = "new" if state == self.new else "old"
        row.expect(code != 0 or found == "new", f"{where}: exit code 0, but not done")
        return found

    def _usable(self) -> bool:
        try:
            return self.command.usable is None or self.command.usable()
        except (OSError, ValueError, KeyError):  # half a document
            return False

    def _failed(self, row: Row, code: int, where: str) -> None:
        place, command = self.place, self.command
        row.expect(
            place.said.startswith("blocklist-tool: ") and code in (2, 3, 4, 5, 6),
            f"{where}: exit code {code}, {place.said!r}",
        )
        left = {name for name in place.strays() - self.made if not name.startswith(command.leaves)}
        row.expect(not left, f"{where}: left {sorted(left)}")
        row.expect(command.name != "key generate" or not command.produces.exists(), f"{where}: left half a key pair")

    def _again(self, row: Row, found: str, where: str, in_full: bool) -> None:
        place, command = self.place, self.command
        retried = place.run(command)
        row.expect(retried == 0 or (retried in command.again and found == "new"),
                   f"{where}: the next run ends with {retried}: {place.said}")
        if not in_full:
            return
        if command.produces:
            row.expect(place.produced(command) and self._usable(), f"{where}: no usable output after the next run")
        elif not (command.repeats and found == "new"):
            row.expect(place.state(command) == self.new, f"{where}: not the new state after the next run")
        row.expect(place.sound(command), f"{where}: after the next run the database is not sound")
        left = place.strays() - self.made
        row.expect(not any("compacting" in name or "building" in name for name in left),
                   f"{where}: {sorted(left)} stays for good")


def spread(total: int, count: int) -> list[int]:
    """At most `count` numbers from 1 to `total`, evenly spread, the first and the last included."""
    if total <= count:
        return list(range(1, total + 1))
    return sorted({1 + round(i * (total - 1) / max(1, count - 1)) for i in range(count)})


def each_command(folder: Path, only: Callable[[str], bool]) -> Iterator[Trials]:
    place = Place(folder)
    for command in filter(lambda c: only(c.name), place.commands):
        yield Trials(place, command, folder)


def shimmed(folder: Path, points: int, only: Callable[[str], bool] = lambda name: True) -> Iterator[Row]:
    """`points`: maximum number of calls of each command and fault."""
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
    """Kills before any system call: also LMDB's on its mapping, the C library's, and reads."""
    for trials in each_command(folder, only):
        row = Row(GROUP, trials.command.name, "kill -9 before each system call")
        for at in spread(trials.system_calls, points):
            trials.place.reset()
            code = trials.place.run(trials.command, kill_at=at)
            if row.expect(code in (-9, 0), f"system call {at}: exit code {code}: {trials.place.said}"):
                trials.judge(row, code, f"system call {at} of {trials.system_calls}")
        yield row


def killed(folder: Path, moments: int, only: Callable[[str], bool] = lambda name: True) -> Iterator[Row]:
    """Kills at random moments."""
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
