"""A running Unbound while its database, its files and other processes break. load.py counts the clients' answers. The
promise: clients are answered throughout, no unlisted name is blocked, and every listed name is blocked while there is
an image."""
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Iterator

from load import Load
from row import Row
from support import database, mmdb, orders, paths
from support.authority import Authority
from support.resolver import Resolver
from support.waiting import wait_for
from support.workspace import Workspace

GROUP = "A resolver under load"
PAGE = 4096


class Scene:
    """An ISP with two orders, and resolvers that use its image."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        self.folder, self.authority = folder, authority
        folder.mkdir()
        (folder / "isp").mkdir()
        self.workspace = Workspace(folder / "isp")
        self.resolvers: list[Resolver] = []

    def fill(self) -> None:
        self.workspace.tool.do("db", "init")
        self.workspace.block("hoax.example")
        self.workspace.block(*[f"x{i}.other{i % 9}.example" for i in range(400)], id="B-MANY")
        self.saved = self.folder / "saved"
        shutil.copytree(self.workspace.database, self.saved)

    @property
    def data(self) -> Path:
        return self.workspace.database / "data.mdb"

    def resolver(self, environment: dict[str, str] | None = None, **options) -> Resolver:
        made = Resolver(
            self.folder / f"resolver{len(self.resolvers)}", self.workspace.config, self.authority, **options
        )
        if environment:
            whole = {**made.environment(), **environment}
            made.environment = lambda: whole
        self.resolvers.append(made)
        return made.start()

    def images(self) -> list[Path]:
        """The image's files: base, current, delta."""
        return sorted((self.workspace.database / "image").iterdir())

    def put_back(self) -> None:
        """Restores each file of the image by rename, `current` last."""
        for name in ("base-*", "delta-*", "current"):
            for good in (self.saved / "image").glob(name):
                shutil.copy(good, self.workspace.database / "new")
                os.replace(self.workspace.database / "new", self.workspace.database / "image" / good.name)

    def touch_current(self) -> None:
        """Replaces `current` by a copy, as publishing does, so that resolvers read the image again."""
        current = self.workspace.database / "image" / "current"
        if current.exists():
            shutil.copy(current, self.workspace.database / "new")
            os.replace(self.workspace.database / "new", current)

    def in_force(self, resolver: Resolver) -> None:
        number = iter(range(10**6))
        wait_for(lambda: resolver.dig(f"z{next(number)}.hoax.example").blocked_by(orders.ID), "the blocklist in force")

    def close(self) -> None:
        for resolver in self.resolvers:
            resolver.stop()


def finish(
    row: Row, load: Load, resolver: Resolver | None, *, may_pass: bool = False, silent: int = 0, servfail: int = 0
) -> Row:
    for what, number in load.counts.items():
        if number:
            row.count(what, number)
    row.outcomes["answers a second"] = load.rate()
    row.expect(load.counts["wrong"] == 0, f"{load.counts['wrong']} unlisted names were not answered")
    row.expect(load.counts["servfail"] <= servfail, f"{load.counts['servfail']} SERVFAIL")
    row.expect(load.counts["silent"] <= silent, f"{load.counts['silent']} queries without an answer")
    row.expect(may_pass or load.counts["passed"] == 0, f"{load.counts['passed']} listed names were answered")
    row.expect(load.total() >= 20, "fewer than 20 queries were sent")
    if resolver:
        row.expect(resolver.server.exit_code() is None, f"Unbound ended with {resolver.server.exit_code()}")
    return row


def deleted(scene: Scene, trials: int) -> Row:
    row = Row(GROUP, "image", "each file deleted, then put back", note="the image in memory stays in force")
    resolver = scene.resolver()
    scene.in_force(resolver)
    with Load(resolver.port) as load:
        for number in range(max(3, trials // 8)):
            row.trials += 1
            scene.images()[number % 3].unlink()
            load.wait(100)
            scene.put_back()
            load.wait(50)
        scene.in_force(resolver)
    return finish(row, load, resolver)


def cut_short(scene: Scene, trials: int) -> Row:
    row = Row(GROUP, "image", "each file truncated in place",
              note="refused when it is read again; the image in memory stays in force")
    resolver = scene.resolver()
    scene.in_force(resolver)
    with Load(resolver.port) as load:
        for file in scene.images():
            for size in pick(file.stat().st_size, max(1, trials // 3)):
                row.trials += 1
                os.truncate(file, size)
                scene.touch_current()
                load.wait(10)
                scene.put_back()
        scene.in_force(resolver)
    return finish(row, load, resolver)


def flipped(scene: Scene, trials: int) -> Row:
    row = Row(GROUP, "image", "bits flipped in each file, byte by byte", note="each is refused by its hash")
    resolver = scene.resolver()
    scene.in_force(resolver)
    chance = random.Random(3)
    with Load(resolver.port) as load:
        for file in scene.images():
            good = file.read_bytes()
            for at in pick(len(good), max(2, trials // 3)):
                row.trials += 1
                with file.open("r+b") as out:
                    out.seek(at)
                    out.write(bytes([good[at] ^ 1 << chance.randrange(8)]))
                scene.touch_current()
                load.wait(8)
                with file.open("r+b") as out:
                    out.seek(at)
                    out.write(good[at:at + 1])
        scene.put_back()
        scene.in_force(resolver)
        row.expect(scene.workspace.tool("explain", "hoax.example").code == 0, "the image cannot be read at the end")
    return finish(row, load, resolver)


def exchanged(scene: Scene, trials: int) -> Row:
    row = Row(GROUP, "image", "replaced, while in use, by an identical one")
    resolver = scene.resolver(threads=2)
    scene.in_force(resolver)
    with Load(resolver.port) as load:
        for _ in range(trials):
            row.trials += 1
            scene.put_back()
            load.wait(5)
        load.wait(20)
    return finish(row, load, resolver)


def ledger_broken(scene: Scene, trials: int) -> Row:
    row = Row(GROUP, "database", "truncated, overwritten with noise or deleted, the lock file too",
              note="the resolver does not read it")
    resolver = scene.resolver()
    scene.in_force(resolver)
    chance = random.Random(5)
    saved = {name: (scene.workspace.database / name).read_bytes() for name in ("data.mdb", "lock.mdb")}
    with Load(resolver.port) as load:
        for number in range(max(6, trials // 4)):
            row.trials += 1
            file = scene.workspace.database / ("data.mdb" if number % 2 else "lock.mdb")
            match number % 3:
                case 0: os.truncate(file, 4096)
                case 1: file.unlink()
                case 2: file.write_bytes(chance.randbytes(8192))
            load.wait(20)
            for name, content in saved.items():
                (scene.workspace.database / name).write_bytes(content)
        scene.in_force(resolver)
    return finish(row, load, resolver)


def unbound_killed(scene: Scene, trials: int) -> Row:
    row = Row(GROUP, "Unbound", "kill -9 at random moments while orders are applied",
              note="it holds no lock and no reader slot")
    chance, number = random.Random(6), 0
    for _ in range(max(2, trials // 2)):
        row.trials += 1
        resolver = scene.resolver(threads=2)
        with Load(resolver.port) as load:
            load.wait(chance.randrange(10, 40))
            number += 1
            scene.workspace.block(f"k{number}.example", id=f"B-K{number}")
            scene.in_force(resolver)
            before = dict(load.counts)
            resolver.server.kill()
        row.expect(before["wrong"] == before["passed"] == before["servfail"] == 0, f"before the kill: {before}")
        for what in ("blocked", "answered"):
            row.count(what, before[what])
        row.expect(scene.workspace.tool("db", "check").code == 0, "the database is not sound")
    listed = {order["id"] for order in scene.workspace.tool.do("order", "list", "--json").json()["orders"]}
    row.expect({f"B-K{n}" for n in range(1, number + 1)} <= listed, "a committed order is lost")
    return row


HOLD = """import lmdb, sys, time
e = lmdb.open(sys.argv[1], max_dbs=16, map_size=1 << 30)
t = e.begin(write=True)
t.put(b'x' * 20, b'y' * 5000, db=e.open_db(b'names', t, create=False))
print('held', flush=True)
time.sleep(600)
"""


def writer_killed(scene: Scene, trials: int) -> Row:
    row = Row(GROUP, "a writer", "killed during a transaction",
              note="its lock is released with it (a robust mutex); its pages were never in force")
    resolver = scene.resolver()
    scene.in_force(resolver)
    with Load(resolver.port) as load:
        for number in range(max(2, trials // 8)):
            row.trials += 1
            holder = subprocess.Popen(
                [sys.executable, "-c", HOLD, str(scene.workspace.database)], stdout=subprocess.PIPE, text=True
            )
            assert holder.stdout.readline() == "held\n"
            load.wait(10)
            holder.kill()
            holder.wait()
            scene.workspace.block(f"w{number}.example", id=f"B-W{number}")
            row.expect(
                resolver.dig(f"w{number}.example").blocked_by(f"B-W{number}")
                or bool(wait_for(lambda: resolver.dig(f"v.w{number}.example").blocked_by(f"B-W{number}"), "in force")),
                "the next order is not in force",
            )
    row.expect(scene.workspace.tool("db", "check").code == 0, "the database is not sound")
    return finish(row, load, resolver)


def reload_storm(scene: Scene, trials: int) -> Row:
    row = Row(GROUP, "Unbound", "reloaded repeatedly while orders are applied and revoked")
    resolver = scene.resolver(threads=2)
    scene.in_force(resolver)
    with Load(resolver.port) as load:
        for number in range(max(3, trials)):
            row.trials += 1
            subprocess.run([str(paths.UNBOUND_CONTROL), "-c",
                            str(resolver.config_file), "reload"], capture_output=True, check=False, timeout=60)
            if number % 3 == 0:
                scene.workspace.block(f"r{number}.example", id=f"B-R{number}")
            elif number % 3 == 1:
                scene.workspace.tool("order", "revoke", f"B-R{number - 1}", "--reason", "uji")
        scene.in_force(resolver)
        load.wait(20)
    row.note = "Unbound does not answer while it reloads; queries then wait or are retried"
    return finish(row, load, resolver, silent=load.total() // 4)


def crowd(scene: Scene, trials: int) -> Row:
    row = Row(GROUP, "two Unbounds, two tools", "writing and reading at the same time while both Unbounds reload")
    pair = [scene.resolver(threads=2), scene.resolver(threads=2)]
    for resolver in pair:
        scene.in_force(resolver)
    rounds = max(2, trials // 4)
    files = [
        [scene.workspace.signed(id=f"B-{who}-{n}", targets=orders.domains(f"{who}{n}.example")) for n in range(rounds)]
        for who in "ab"
    ]
    with Load(pair[0].port) as one, Load(pair[1].port) as two:
        for n in range(rounds):
            row.trials += 1
            writers = [
                subprocess.Popen(
                    [str(paths.TOOL), "--config", str(scene.workspace.config), "order", "apply", str(own[n])],
                    stdout=subprocess.DEVNULL,
                )
                for own in files
            ]
            subprocess.run([str(paths.UNBOUND_CONTROL), "-c",
                            str(pair[n % 2].config_file), "reload"], capture_output=True, check=False, timeout=60)
            row.expect([w.wait() for w in writers] == [0, 0], "a writer failed")
        one.wait(10), two.wait(10)
    listed = {order["id"] for order in scene.workspace.tool.do("order", "list", "--json").json()["orders"]}
    row.expect({f"B-{who}-{n}" for who in "ab" for n in range(rounds)} <= listed, "an order is lost")
    for who in "ab":
        for resolver in pair:
            wait_for(lambda: resolver.dig(f"{who}{rounds - 1}.example").blocked_by(f"B-{who}-{rounds - 1}"),
                     "the last orders in force in both")
    row.expect(scene.workspace.tool("db", "check").code == 0, "the database is not sound")
    finish(row, one, pair[0], silent=one.total() // 4)
    return finish(row, two, pair[1], silent=two.total() // 4)


def read_only(scene: Scene, trials: int) -> Row:
    row = Row(GROUP, "database", "on a read-only file system (EROFS)", trials=1,
              note="Unbound reads on; the tool refuses to write, exit code 5")
    shim = {
        "LD_PRELOAD": str(paths.BUILD / "tests" / "fault" / "fault-shim.so"),
        "SARING_FAULT": "any:EROFS:1+",
        "SARING_FAULT_UNDER": str(scene.workspace.database),
    }
    resolver = scene.resolver(environment=shim)
    scene.in_force(resolver)
    with Load(resolver.port) as load:
        load.wait(100)
        done = subprocess.run(
            [str(paths.TOOL), "--config",
             str(scene.workspace.config), "order", "revoke", orders.ID, "--reason", "uji"], env={**os.environ, **shim},
            capture_output=True, text=True, check=False)
        row.expect(done.returncode == 5 and "blocklist-tool: " in done.stderr,
                   f"the tool ended with {done.returncode}: {done.stderr}")
        load.wait(50)
    return finish(row, load, resolver)


def map_full(scene: Scene, trials: int) -> Row:
    row = Row(GROUP, "database", "full (map_size_mib reached) by an import",
              note="refused before anything is written; a larger map_size_mib helps")
    workspace = scene.workspace
    text = workspace.config.read_text()
    size = -(-scene.data.stat().st_size // (1 << 20)) + 1
    workspace.config.write_text(text.replace("[database]\n", f"[database]\nmap_size_mib = {size}\n"))
    resolver = scene.resolver()
    scene.in_force(resolver)
    big = workspace.folder / "big"
    big.write_text("\n".join(f"b{i}.big{i % 100}.example" for i in range(60000)))
    before = database.content(workspace.database)
    with Load(resolver.port) as load:
        for _ in range(max(1, trials // 20)):
            row.trials += 1
            result = workspace.tool("list", "import", "--allow-large", "--source", "big", "--format", "domains", big)
            row.expect(result.code == 5 and "map_size_mib" in result.err, str(result))
            row.expect(database.content(workspace.database) == before, "something was written")
        workspace.config.write_text(text)
        row.expect(
            workspace.tool("list", "import", "--allow-large", "--source", "big", "--format", "domains", big).code == 0,
            "a larger map does not help",
        )
        wait_for(lambda: resolver.dig("b1.big1.example").status == "NXDOMAIN",
                 "the list in force in a resolver that began with the smaller map")
        load.wait(10)
    return finish(row, load, resolver)


def location(scene: Scene, trials: int) -> Row:
    row = Row(
        GROUP, "location database (MMDB)", "missing, truncated, noise, replaced", note="the previous one stays in use"
    )
    path = scene.workspace.folder / "city.mmdb"
    records = {"127.0.0.0/8": mmdb.subdivision("JK")}
    mmdb.write(path, records)
    good = path.read_bytes()
    scene.workspace.configure(more=f'\n[region]\nmmdb = "{path}"\n')
    scene.workspace.apply(id=orders.ID + "-regional", targets=orders.domains("regional.example"), regions=["ID-JK"])
    resolver = scene.resolver()
    scene.in_force(resolver)
    chance = random.Random(9)

    def swap(content: bytes) -> None:
        path.with_suffix(".new").write_bytes(content)
        os.replace(path.with_suffix(".new"), path)

    with Load(resolver.port) as load:
        for number in range(max(4, trials // 4)):
            row.trials += 1
            match number % 4:
                case 0: path.unlink()
                case 1: swap(good[:chance.randrange(len(good))])
                case 2: swap(bytes(byte ^ (1 << chance.randrange(8) if chance.random() < 0.05 else 0) for byte in good))
                case 3: swap(chance.randbytes(5000))
            load.wait(10)
            for _ in range(4):
                answer = resolver.dig(f"m{chance.randrange(10**6)}.regional.example")
                row.count("regional order held" if answer.errors else "regional order not applied")
                row.expect(answer.status in ("NXDOMAIN", "NOERROR"), answer.raw)
            swap(good)
        wait_for(
            lambda: resolver.dig(f"m{chance.randrange(10**6)}.regional.example").errors, "the good one in use again"
        )
    return finish(row, load, resolver)


def scenarios() -> dict[str, Callable[[Scene, int], Row]]:
    from clocks import clock_steps  # imports this module
    return {
        f.__name__: f for f in (deleted, cut_short, flipped, exchanged, ledger_broken, unbound_killed, writer_killed,
                                reload_storm, crowd, read_only, map_full, location, clock_steps)
    }


def pick(total: int, count: int) -> list[int]:
    return list(range(total)) if total <= count else sorted(random.Random(1).sample(range(total), count))


def run(folder: Path, trials: int, only: Callable[[str], bool] = lambda name: True) -> Iterator[Row]:
    (folder / "authority").mkdir()
    authority = Authority(folder / "authority").start()
    try:
        for name, scenario in scenarios().items():
            if not only(name):
                continue
            scene = Scene(folder / name, authority)
            scene.fill()
            begin = time.monotonic()
            try:
                row = scenario(scene, trials)
            except AssertionError as error:
                row = Row(GROUP, name, "scenario", bad=[str(error)[:500]])
            finally:
                scene.close()
            row.outcomes["seconds"] = round(time.monotonic() - begin)
            yield row
    finally:
        authority.stop()
