"""The commands that write, and a setup with data that a broken command could lose."""
import json
import os
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from support import database, keys, made_hits, orders, paths
from support.hits import HitLog
from support.workspace import Workspace

SHIM = paths.BUILD / "tests" / "fault" / "fault-shim.so"
KILL_AT = paths.BUILD / "tests" / "fault" / "kill-at"
LOCKS = ("lock.mdb", ".sync-lock", "writer.lock", "publish.lock")  # come and go without meaning


@dataclass
class Command:
    name: str
    words: list[str]
    again: tuple[int, ...] = (0,)  # exit codes of a repetition after success
    produces: Path | None = None   # output file, instead of a change of the database
    repeats: bool = False          # a repetition changes the database once more
    leaves: tuple[str, ...] = ()   # prefixes of files that may stay after a failure, because nothing refers to them
    about: str = "blocklist"       # the database that it changes: blocklist or hits
    config: Path | None = None     # a saring.toml other than the ISP's
    usable: Callable[[], bool] | None = None  # whether its output is usable


class Place:
    """A ministry and an ISP with data to lose, restored before each trial."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "isp"
        self.saved = folder / "saved"
        self.folder.mkdir()
        workspace = self.workspace = Workspace(self.folder)
        workspace.block(*[f"n{i}.hoax{i % 7}.example" for i in range(300)], id="B-OLD")
        self.list = self.folder / "list"
        self.list.write_text("\n".join(f"l{i}.example" for i in range(400)))
        workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", self.list)
        self.backup = self.folder / "backup"
        workspace.tool.do("db", "backup", self.backup)
        workspace.tool("order", "apply", workspace.signed(id="B-HELD", targets=orders.domains("held.example", "co.id")))
        workspace.tool.do("local", "allow", "passed.example", "--reason", "uji")
        self.list.write_text("\n".join(f"l{i}.example" for i in range(100, 700)))
        # `feed publish` requires an order that lifts nothing outside its feed.
        self.published = workspace.signed(
            id="B-PUBLISHED", targets=orders.domains(*[f"p{i}.example" for i in range(300)])
        )
        self.new = workspace.signed(
            id="B-NEW", targets=orders.domains(*[f"m{i}.example" for i in range(300)]), revokes=[{"order": "B-OLD"}]
        )
        self.feed, self.feed_key, self.isp_key = self.folder / "feed", workspace.key("feed"), workspace.key("isp")
        text = workspace.config.read_text(
        ) + f'\n[[trust.key]]\nname = "feed"\npublic_key = "{self.feed_key.public_text}"\nroles = ["feed"]\n'
        workspace.config.write_text(text + f'\n[[feed]]\nname = "ministry"\nurl = "file://{self.feed}"\n')
        self.fresh = self.folder / "fresh.toml"
        self.fresh.write_text(text.replace(str(workspace.database), str(self.folder / "fresh")))
        workspace.tool.do("feed", "publish", self.feed,
                          workspace.signed(id="B-FEED", targets=orders.domains("f.example")), "--name", "ministry",
                          "--secret-key", self.feed_key.secret)
        (self.folder / "unbound.conf.d").mkdir()
        self.unsigned = workspace.write(orders.document(id="B-UNSIGNED"))
        made_hits.record(workspace, [{"qname": f"n{i}.hoax.example", "client": "192.0.2.0/24", "count": 3}
                                     for i in range(40)],
                         [{"qname": "b.example", "order": "B-2", "client": "198.51.100.0/24", "count": 20}])
        workspace.tool.do("landing", "build", self.folder / "landing", "--languages", "id")
        self.commands = [*self._orders(), *self._database(), *self._hits(), *self._files()]
        shutil.copytree(self.folder, self.saved)

    def _orders(self) -> list[Command]:
        held, why = ["B-HELD", "co.id"], ["--reason", "uji"]
        return [
            Command("order apply", ["order", "apply", str(self.new)]),
            Command("order revoke", ["order", "revoke", "B-OLD", *why], again=(3,)),
            Command(
                "list import",
                ["list", "import", "--allow-large", "--source", "uji", "--format", "domains", str(self.list)],
            ),
            Command("list remove", ["list", "remove", "uji", *why], again=(3,)),
            Command("sync", ["sync"]),
            Command("quarantine release", ["quarantine", "release", *held, *why], again=(3,)),
            Command("quarantine discard", ["quarantine", "discard", *held, *why], again=(3,)),
            Command("local block", ["local", "block", "x.example", *why], repeats=True),
            Command("local allow", ["local", "allow", "y.example", *why], repeats=True),
            Command("local remove", ["local", "remove", "passed.example", *why], again=(1,)),
        ]

    def _database(self) -> list[Command]:
        another = self.folder / "another"
        return [
            Command("db init", ["db", "init"], produces=self.folder / "fresh" / "data.mdb", config=self.fresh,
                    leaves=("fresh",)),
            Command("db rollback", ["db", "rollback", "1", "--reason", "uji"]),
            Command("db restore", ["db", "restore", str(self.backup), "--reason", "uji"]),
            Command("db compact", ["db", "compact"]),
            Command("db backup", ["db", "backup", str(another), "--replace"], produces=another,
                    usable=lambda: self.workspace.tool("db", "check", "--file", another).code in (0, 2)),
        ]

    def _hits(self) -> list[Command]:
        page = self.folder / "report.html"
        return [
            Command("hits purge", ["hits", "purge", "--client", "192.0.2.7", "--yes"], again=(1,), about="hits"),
            Command("hits ship", ["hits", "ship", "--to", "stdout"], about="hits"),
            Command("hits report", ["hits", "report", "--html", str(page)], produces=page,
                    usable=lambda: page.read_text().rstrip().endswith("</html>")),
        ]

    def _files(self) -> list[Command]:
        out, ministry, manifest = self.folder / "out", self.workspace.ministry, self.feed / "feed.json"
        zone, receipt, draft = self.folder / "zone", self.folder / "receipt.json", self.folder / "draft.json"
        signature = Path(f"{self.unsigned}.{ministry.id}.minisig")
        feed_key = ["--secret-key", str(self.feed_key.secret)]
        good_feed = lambda: self.workspace.tool("feed", "verify", self.feed).code == 0  # noqa: E731
        ended = self.folder / "landing" / "www" / "ended.html"
        first, snippets = self.folder / "first.toml", self.folder / "unbound.conf.d"

        def configured() -> bool:
            snippet = snippets / "saring.conf"
            keys_in_it = tomllib.loads(first.read_text())["trust"]["key"]
            return len(keys_in_it) == 1 and (
                not snippet.exists() or "dynlib-file" in snippet.read_text() and snippet.read_text().endswith("\n")
            )
        return [
            Command("feed publish",
                    ["feed", "publish",
                     str(self.feed),
                     str(self.published), "--name", "ministry", *feed_key], produces=manifest,
                    leaves=("feed/orders/", "feed/signatures/"), usable=good_feed),
            Command("feed withdraw", ["feed", "withdraw", str(self.feed), "B-FEED", *feed_key], produces=manifest,
                    again=(2, 3, 1), leaves=("feed/signatures/",), usable=good_feed),
            Command("feed export", ["feed", "export", "--origin", "rpz.example", "--output",
                                    str(zone)], produces=zone,
                    usable=lambda: "SOA" in zone.read_text() and zone.read_text().endswith("\n")),
            Command("order new", [
                "order", "new", "--id", "B-9", "--authority", "Kementerian Uji", "--expires", "2199-01-01T00:00:00Z",
                "--domain", "d.example", "--output",
                str(draft)
            ], produces=draft, again=(2,), usable=lambda: json.loads(draft.read_text())["id"] == "B-9"),
            Command(
                "order sign", ["order", "sign", "--yes",
                               str(self.unsigned), "--secret-key",
                               str(ministry.secret)], produces=signature, again=(0, 2), usable=lambda: keys.minisign(
                                   "-V", "-p", ministry.public, "-m", self.unsigned, "-x", signature).returncode == 0),
            Command("receipt make", [
                "receipt", "make", "--isp", "ISP Uji", "--secret-key",
                str(self.isp_key.secret), "--output",
                str(receipt)
            ], produces=receipt,
                    usable=lambda: keys.minisign("-V", "-p", self.isp_key.public, "-m", receipt).returncode == 0),
            Command("landing build",
                    ["landing", "build", str(self.folder / "landing"), "--languages", "id,en"], produces=ended,
                    usable=lambda: len(list((self.folder / "landing" / "www" / "order").iterdir())) == self.pages),
            Command("setup", [
                "setup", "--non-interactive", "--key",
                str(ministry.public), "--database",
                str(self.folder / "first"), "--output",
                str(first), "--unbound-dir",
                str(snippets), "--unbound",
                str(paths.UNBOUND_PROGRAM)
            ], produces=first, again=(3,), usable=configured),
            Command("key generate",
                    ["key", "generate", "--no-password", "--secret-key",
                     str(out), "--public-key", f"{out}.pub"], produces=out, again=(2,)),
        ]

    def reset(self) -> None:
        shutil.rmtree(self.folder)
        shutil.copytree(self.saved, self.folder)

    def run(self, command: Command, fault: str = "", count: Path | None = None, kill_after: float | None = None,
            kill_at: int | None = None) -> int:
        """`fault`: SARING_FAULT of shim.c. `kill_at`: kills before that system call; 0 counts the calls."""
        environment = dict(os.environ)
        words = [str(paths.TOOL), "--config", str(command.config or self.workspace.config), *command.words]
        if kill_at is not None:
            words = [str(KILL_AT), str(kill_at), str(self.folder), *words]
        elif fault or count:
            environment |= {"LD_PRELOAD": str(SHIM), "SARING_FAULT_UNDER": str(self.folder)}
        if fault:
            environment["SARING_FAULT"] = fault
        if count:
            environment["SARING_FAULT_COUNT"] = str(count)
        process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            self.said = process.communicate(timeout=kill_after or 120)[1].decode(errors="replace").strip()
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return -9 if kill_after else -1
        return -9 if kill_at and process.returncode == 137 else process.returncode

    def state(self, command: Command) -> tuple:
        """The content of the command's database without the times of changes, which local orders' documents contain
        too, and without the state of feeds, which records failed synchronisations."""
        if command.about == "hits":
            log = HitLog(self.workspace.hits)
            shipped = {file.name: file.read_text() for file in self.workspace.hits.glob("shipped-*.json")}
            return sorted(map(repr, log.hits)), sorted(log.order_hours.items()), shipped
        tables = database.dump(self.workspace.database)
        listed = self.workspace.tool.do("order", "list", "--json").json()["orders"]
        for order in listed:
            times = ["applied", "revoked"] + (["issued", "effective", "expires"] if order["kind"] != "order" else [])
            order.update({name: order[name] and "some time" for name in times})
        held = sorted((key, value[0]) for key, value in tables["quarantine"].items())
        return {name: tables[name]
                for name in ("names", "addresses", "order_ids", "lifts")}, listed, held, sorted(tables["documents"])

    def sound(self, command: Command) -> bool:
        if command.about == "hits":
            summary = self.workspace.tool("hits", "summary", "--json")
            if summary.code != 0:
                return False
            counts = summary.json()
            return (counts["kept"] + counts["purged"] + counts["expired"] == counts["recorded"] == 140 and
                    len(HitLog(self.workspace.hits).hits) == counts["kept"])
        return (
            self.workspace.database.exists() and self.workspace.tool("db", "check", "--json").json()["findings"] == []
        )

    def produced(self, command: Command) -> bool:
        """Whether the output exists and differs from the one before the trial."""
        if command.config:
            return subprocess.run(
                [str(paths.TOOL), "--config", str(command.config), "db", "check"], capture_output=True,
                check=False).returncode == 0
        old, new = self.saved / command.produces.relative_to(self.folder), command.produces
        return new.exists() and not (old.exists() and old.read_bytes() == new.read_bytes())

    def strays(self) -> set[str]:
        """Files that did not exist before the trial."""
        def files(top: Path) -> set[str]:
            return {str(file.relative_to(top)) for file in top.rglob("*") if not file.name.endswith(LOCKS)}
        # The image's files are named by their hash and removed by the next publication: test_image.py.
        return {file for file in files(self.folder) - files(self.saved) if not file.startswith("db/image/")}
