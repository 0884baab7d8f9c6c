"""Unbound: without any list, with Saring, and with its own two kinds of list."""
import json
import os
from pathlib import Path
from typing import Any, Callable

from bench import machine
from bench.contenders.base import Contender
from bench.contenders.rpz import rewrite
from bench.measure import Finished, must
from bench.names import Blocklist
from support import keys, orders, paths

CONFIG = """\
server:
    directory: "{folder}"
    pidfile: "{folder}/unbound.pid"
    chroot: ""
    username: ""
    interface: 127.0.0.1
    port: {port}
    access-control: 127.0.0.0/8 allow
    do-not-query-localhost: no
    do-ip6: no
    use-syslog: no
    verbosity: 1
    num-threads: {threads}
    msg-cache-size: {cache}m
    rrset-cache-size: {cache}m
    # Big enough that no client's packets are dropped at the socket while others are answered.
    so-rcvbuf: 8m
    outgoing-range: 4096
    num-queries-per-thread: 2048
    local-zone: "test." nodefault
    ede: yes
    module-config: "{chain}"
    {more}
remote-control:
    control-enable: yes
    control-interface: "{folder}/control"
    control-use-cert: no
forward-zone:
    name: "."
    forward-addr: 127.0.0.1@{upstream}
{rest}
"""


class Stock(Contender):
    name = "unbound"
    title = "Unbound without a list"
    blocks = False
    chain = "validator iterator"
    more = rest = ""
    threads = 1
    cache = 256  # MiB, each of the two

    def version(self) -> str:
        return (paths.UNBOUND / "../key").read_text().split()[0]

    def configuration(self) -> str:
        return CONFIG.format(folder=self.folder, port=self.port, chain=self.chain, more=self.more, rest=self.rest,
                             upstream=self.upstream, threads=self.threads, cache=self.cache)

    def launch(self) -> None:
        (self.folder / "unbound.conf").write_text(self.configuration())
        self.spawn([paths.UNBOUND_PROGRAM, "-dd", "-c", self.folder / "unbound.conf"], **self.environment())

    def environment(self) -> dict[str, str]:
        return {}

    def control(self, *words: str, stdin: str | None = None) -> str:
        return must([paths.UNBOUND_CONTROL, "-c", self.folder / "unbound.conf", *words], stdin=stdin).out

    def update(self, names: list[str]) -> Callable[[], Any]:
        """The control: the same load, no update."""
        return lambda: None


class Saring(Stock):
    name = "saring"
    title = "Unbound with Saring"
    chain = "dynlib validator iterator"
    blocks = True
    incremental = True
    records = True
    module, program = paths.MODULE, paths.TOOL
    database = "resolver_wait_seconds = 60\n"  # more of this table

    def __init__(self, folder: Path, blocklist: Blocklist, upstream: int, memory_limit: int) -> None:
        super().__init__(folder, blocklist, upstream, memory_limit)
        self.rest = f'dynlib:\n    dynlib-file: "{self.module}"\n'
        self.config = folder / "saring.toml"
        self.ministry = keys.make_key(folder, "ministry")
        self.orders = 0
        self.configure()

    def configure(self, answer: str = "", more: str = "") -> None:
        hits = f"{self.folder}/hits" if self.records else ""
        self.config.write_text(
            f'[database]\npath = "{self.folder}/db"\n{self.database}'
            f'[[trust.key]]\nname = "ministry"\npublic_key = "{self.ministry.public_text}"\nroles = ["order"]\n'
            f'[answer]\n{answer}\n[module]\nstatus_file = "{self.folder}/module.json"\n[hits]\npath = "{hits}"\n'
            '[safety]\nmax_order_targets = 4000000\nmax_order_lifetime_days = 400000\n'
            'max_list_change_names = 100000000\n'
            f"max_list_change_percent = 100\n{more}"
        )

    def tool(self, *words: Any, **options: Any) -> Finished:
        """On the generator's core: on a machine with more of them it would not share the server's."""
        return must(
            ["taskset", "-c", machine.generator_core(), self.program, "--config", self.config, *words], **options
        )

    def environment(self) -> dict[str, str]:
        return {"SARING_CONFIG": str(self.config)}

    def prepare(self) -> None:
        self.tool("db", "init")
        self.tool(
            "list", "import", "--quiet", "--source", "bench", "--format", "domains", self.blocklist.file("domains")
        )

    def files(self) -> list[Path]:
        """The file that the resolver reads."""
        return [*(self.folder / "db" / "image").glob("base-*"), *(self.folder / "db" / "image").glob("delta-*")]

    def database_file(self) -> Path:
        return self.folder / "db" / "data.mdb"

    def order(self, names: list[str], **fields: Any) -> Path:
        """A signed order on these names, in a file."""
        self.orders += 1
        document = orders.document(id=f"B-{self.orders}/BENCH", targets=[{"domain": one} for one in names], **fields)
        file = self.folder / f"order-{self.orders}.json"
        file.write_text(json.dumps(document))
        keys.sign(file, self.ministry)
        return file

    def update(self, names: list[str]) -> Callable[[], Any]:
        order = self.order(names)
        return lambda: self.tool("order", "apply", order)


class Former(Saring):
    """An earlier version: SARING_FORMER is the folder that it was built in. For the same Unbound."""
    name = "saring-former"
    title = "Unbound with an earlier Saring"
    former = Path(os.environ.get("SARING_FORMER", ""))
    module, program = former / "module" / "saring.so", former / "blocklist-tool" / "blocklist-tool"
    database = ""

    @classmethod
    def available(cls) -> bool:
        return cls.module.exists()

    def files(self) -> list[Path]:
        return super().files() or [self.database_file()]


class Unrecorded(Saring):
    """The difference is the cost of recording."""
    name = "saring-unrecorded"
    title = "Unbound with Saring, hits not recorded"
    records = False


class Unkept(Saring):
    """The difference is the gain by Unbound's own cache."""
    name = "saring-unkept"
    title = "Unbound with Saring, answer.keep = 0"

    def configure(self, answer: str = "", more: str = "") -> None:
        super().configure(f"keep = 0\n{answer}", more)


class Rpz(Stock):
    name = "unbound-rpz"
    title = "Unbound, its own RPZ"
    chain = "respip validator iterator"
    blocks = True

    def prepare(self) -> None:
        self.zone = self.folder / "rpz.zone"
        self.zone.symlink_to(self.blocklist.file("rpz"))
        self.rest = f'rpz:\n    name: "rpz."\n    zonefile: "{self.zone}"\n'

    def files(self) -> list[Path]:
        return [self.zone.resolve()]

    def update(self, names: list[str]) -> Callable[[], Any]:
        self.added += names
        rewritten = rewrite(self.zone, self.blocklist, self.added)

        def apply() -> None:
            rewritten.rename(self.zone)
            self.control("auth_zone_reload", "rpz.")
        return apply


class LocalZone(Stock):
    name = "unbound-local-zone"
    title = "Unbound, local-zone"
    blocks = True
    incremental = True

    def prepare(self) -> None:
        # A clause of its own at the end, for include: stands where it is read.
        self.rest = f'server:\n    include: "{self.blocklist.file("local-zone")}"\n'

    def files(self) -> list[Path]:
        return [self.blocklist.file("local-zone")]

    def update(self, names: list[str]) -> Callable[[], Any]:
        return lambda: self.control("local_zones", stdin="".join(f"{one}. always_nxdomain\n" for one in names))
