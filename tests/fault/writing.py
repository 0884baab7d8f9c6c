"""Every command that writes, with the system refusing or the program ended at one call after the
other. The promise: the old state or the new one, said truly by the exit code; a sound database;
nothing left lying about by a program that could still clean up; and the next run completes."""
import os
import random
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator

from row import Row
from support import database, keys, orders, paths
from support.workspace import Workspace

SHIM = paths.BUILD / "tests" / "fault" / "fault-shim.so"
GROUP = "Writing commands"
FAULTS = {  # what the page calls it: kind, fault
    "kill -9 before each call": ("any", "kill"),
    "kill -9 after each call": ("any", "killed"),
    "disk full (ENOSPC) at each write, and from then on": ("write", "ENOSPC+"),
    "EIO at each write": ("write", "EIO"),
    "short write at each write": ("write", "short"),
    "EIO at each flush": ("flush", "EIO"),
    "EROFS at each file made, renamed or removed": ("name", "EROFS"),
}
LOCKS = ("lock.mdb", ".sync-lock")  # come and go without meaning


@dataclass
class Command:
    name: str
    words: list[str]
    again: tuple[int, ...] = (0,)  # exit codes when it has been done already
    produces: Path | None = None   # instead of a change of the database
    repeats: bool = False          # done again it changes something more
    leaves: tuple[str, ...] = ()   # beginnings of files that may stay after a failure: named by their hash, and found by nobody


class Place:
    """A ministry and an ISP with something to lose, put back before each trial."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "isp"
        self.saved = folder / "saved"
        self.folder.mkdir()
        workspace = self.workspace = Workspace(self.folder)
        workspace.block(*[f"n{i}.hoax{i % 7}.example" for i in range(300)], id="B-OLD")
        listed = self.folder / "list"
        listed.write_text("\n".join(f"l{i}.example" for i in range(400)))
        workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", listed)
        backup = self.folder / "backup"
        workspace.tool.do("db", "backup", backup)
        workspace.tool("order", "apply", workspace.signed(id="B-HELD", targets=orders.domains("held.example", "co.id")))
        workspace.tool.do("local", "allow", "passed.example", "--reason", "uji")
        listed.write_text("\n".join(f"l{i}.example" for i in range(100, 700)))
        new = workspace.signed(id="B-NEW", targets=orders.domains(*[f"m{i}.example" for i in range(300)]), revokes=[{"order": "B-OLD"}])
        feed_key = workspace.key("feed")
        feed = self.folder / "feed"
        text = workspace.config.read_text() + f'\n[[trust.key]]\nname = "feed"\npublic_key = "{feed_key.public_text}"\nroles = ["feed"]\n'
        workspace.config.write_text(text + f'\n[[feed]]\nname = "ministry"\nurl = "file://{feed}"\n')
        workspace.tool.do("feed", "publish", feed, workspace.signed(id="B-FEED", targets=orders.domains("f.example")), "--name", "ministry", "--secret-key", feed_key.secret)
        unsigned = workspace.write(orders.document(id="B-UNSIGNED"))
        out = self.folder / "out"
        self.commands = [
            Command("order apply", ["order", "apply", str(new)]),
            Command("order revoke", ["order", "revoke", "B-OLD", "--reason", "uji"], again=(3,)),
            Command("list import", ["list", "import", "--allow-large", "--source", "uji", "--format", "domains", str(listed)]),
            Command("sync", ["sync"]),
            Command("quarantine release", ["quarantine", "release", "B-HELD", "co.id", "--reason", "uji"], again=(3,)),
            Command("local block", ["local", "block", "x.example", "--reason", "uji"], repeats=True),
            Command("local remove", ["local", "remove", "passed.example", "--reason", "uji"], again=(1,)),
            Command("db rollback", ["db", "rollback", "1", "--reason", "uji"]),
            Command("db restore", ["db", "restore", str(backup), "--reason", "uji"]),
            Command("db compact", ["db", "compact"]),
            Command("db backup", ["db", "backup", str(self.folder / "another"), "--replace"], produces=self.folder / "another"),
            Command("feed publish", ["feed", "publish", str(feed), str(new), "--name", "ministry", "--secret-key", str(feed_key.secret)], produces=feed / "feed.json", leaves=("feed/orders/", "feed/signatures/")),
            Command("feed export", ["feed", "export", "--origin", "rpz.example", "--output", str(out)], produces=out),
            Command("order sign", ["order", "sign", str(unsigned), "--secret-key", str(workspace.ministry.secret)], produces=Path(f"{unsigned}.{workspace.ministry.id}.minisig"), again=(0, 2)),
            Command("key generate", ["key", "generate", "--no-password", "--secret-key", str(out), "--public-key", f"{out}.pub"], produces=out, again=(2,)),
        ]
        shutil.copytree(self.folder, self.saved)

    def reset(self) -> None:
        shutil.rmtree(self.folder)
        shutil.copytree(self.saved, self.folder)

    def run(self, command: Command, fault: str = "", count: Path | None = None, kill_after: float | None = None) -> int:
        environment = dict(os.environ)
        if fault or count:
            environment |= {"LD_PRELOAD": str(SHIM), "SARING_FAULT_UNDER": str(self.folder)}
            if fault:
                environment["SARING_FAULT"] = fault
            if count:
                environment["SARING_FAULT_COUNT"] = str(count)
        process = subprocess.Popen([str(paths.TOOL), "--config", str(self.workspace.config), *command.words], env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            self.said = process.communicate(timeout=kill_after or 120)[1].decode(errors="replace").strip()
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return -9 if kill_after else -1
        return process.returncode

    def state(self) -> tuple:
        """What the blocklist says, but for the moments at which it was told so, which stand in local orders'
        documents too. What is remembered of feeds is no part of it: a failed sync is to be remembered."""
        tables = database.dump(self.workspace.database)
        listed = self.workspace.tool.do("order", "list", "--json").json()["orders"]
        for order in listed:
            told = ["applied", "revoked"] + (["issued", "effective", "expires"] if order["kind"] != "order" else [])
            order.update({name: order[name] and "some time" for name in told})
        held = sorted((key, value[0]) for key, value in tables["quarantine"].items())
        return {name: tables[name] for name in ("names", "addresses", "order_ids", "lifts")}, listed, held, sorted(tables["documents"])

    def strays(self) -> set[str]:
        """Files that were not there, besides what the command is to make."""
        def files(top: Path) -> set[str]:
            return {str(file.relative_to(top)) for file in top.rglob("*") if not file.name.endswith(LOCKS)}
        return files(self.folder) - files(self.saved)


def calls(place: Place, command: Command, scratch: Path) -> dict[str, int]:
    place.reset()
    count = scratch / "count"
    assert place.run(command, count=count) == 0, (command.name, place.said)
    return eval(count.read_text())  # noqa: S307 - the shim's own four numbers


def sound(place: Place) -> bool:
    return place.workspace.tool("db", "check", "--json").json()["findings"] == []


def after(place: Place, command: Command, row: Row, code: int, old, new, made: set[str], where: str) -> None:
    """Judges what a trial left."""
    row.trials += 1
    if not row.expect(place.workspace.database.exists() and sound(place), f"{where}: the database is not sound"):
        return
    found = None
    if command.produces is None or command.name == "db backup":
        found = place.state()
        row.expect(found in (old, new), f"{where}: neither the old state nor the new")
        if old != new:
            row.count("new state" if found == new else "old state")
            row.expect(code != 0 or found == new, f"{where}: said done, and is not")
            if code > 0 and found == new:
                row.count("done, though reported as failed")
    if command.produces:
        there = command.produces.exists() and command.produces.read_bytes() != (place.saved / command.produces.relative_to(place.folder)).read_bytes() if (
            place.saved / command.produces.relative_to(place.folder)).exists() else command.produces.exists()
        row.count("new state" if there else "old state")
        row.expect(code != 0 or there, f"{where}: said done, and is not")
        if there:
            row.expect(usable(place, command), f"{where}: what it made cannot be used")
    if code > 0:
        row.expect(place.said.startswith("blocklist-tool: ") and code in (2, 3, 4, 5, 6), f"{where}: exit code {code}, {place.said!r}")
        left = {name for name in place.strays() - made if not name.startswith(command.leaves)}
        row.expect(not left, f"{where}: left {sorted(left)}")
        row.expect(command.name != "key generate" or not command.produces.exists(), f"{where}: left half a key pair")
    elif code != 0 and code != -9:
        row.expect(False, f"{where}: ended by signal {-code}")
    retried = place.run(command)
    row.expect(retried in command.again or retried == 0, f"{where}: the next run ends with {retried}: {place.said}")
    if command.produces is None and not (command.repeats and found == new):
        row.expect(place.state() == new, f"{where}: the next run does not lead to the new state")
    row.expect(sound(place), f"{where}: after the next run the database is not sound")
    left = place.strays() - made
    row.expect(not any("compacting" in name for name in left), f"{where}: {sorted(left)} stays for good")


def usable(place: Place, command: Command) -> bool:
    tool = place.workspace.tool
    if command.name == "db backup":
        return tool("db", "check", "--file", command.produces).code in (0, 2)
    if command.name == "feed publish":
        return tool("feed", "verify", command.produces.parent).code == 0
    if command.name == "feed export":
        return command.produces.read_text().rstrip().splitlines()[-1].strip() != "" and "SOA" in command.produces.read_text()
    if command.name == "order sign":
        document = Path(str(command.produces).removesuffix(f".{place.workspace.ministry.id}.minisig"))
        return keys.minisign("-V", "-p", place.workspace.ministry.public, "-m", document, "-x", command.produces).returncode == 0
    return True


def spread(total: int, most: int) -> list[int]:
    """At most so many of 1 to total, the first and the last among them."""
    if total <= most:
        return list(range(1, total + 1))
    return sorted({1 + round(i * (total - 1) / max(1, most - 1)) for i in range(most)})


def shimmed(folder: Path, points: int, only: Callable[[str], bool] = lambda name: True) -> Iterator[Row]:
    """`points`: of each command and fault, at most."""
    place = Place(folder)
    for command in filter(lambda c: only(c.name), place.commands):
        number = calls(place, command, folder)
        new, made = place.state(), place.strays()
        place.reset()
        old = place.state()
        for what, (kind, fault) in FAULTS.items():
            row = Row(GROUP, command.name, what)
            sticky = "+" if fault.endswith("+") else ""
            for at in spread(number[kind], points):
                place.reset()
                code = place.run(command, f"{kind}:{fault.rstrip('+')}:{at}{sticky}")
                after(place, command, row, code, old, new, made, f"call {at} of {number[kind]}")
            yield row


def killed(folder: Path, trials: int, only: Callable[[str], bool] = lambda name: True) -> Iterator[Row]:
    """By the clock instead of by the call: at random moments."""
    place = Place(folder)
    chance = random.Random(11)
    for command in filter(lambda c: only(c.name), place.commands):
        place.reset()
        old, begin = place.state(), time.monotonic()
        assert place.run(command) == 0
        span = time.monotonic() - begin
        new, made = place.state(), place.strays()
        row = Row(GROUP, command.name, "kill -9 at random moments")
        for _ in range(trials):
            place.reset()
            moment = chance.uniform(0, 1.1 * span)
            code = place.run(command, kill_after=max(moment, 1e-4))
            row.count("killed" if code == -9 else "finished first")
            after(place, command, row, code, old, new, made, f"after {moment * 1000:.1f} ms")
        yield row
