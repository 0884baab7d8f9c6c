"""dnsdist in front of a stock Unbound, both on the one core: blocked names in its LMDB store, its
packet cache on. Rules come before that cache, so an update holds at once."""
import subprocess
from pathlib import Path
from typing import Any, Callable

import lmdb

from bench import machine
from bench.contenders.base import Contender
from bench.contenders.unbound import Stock
from bench.names import Blocklist

CONFIG = """\
setLocal("127.0.0.1:{port}")
setSecurityPollSuffix("")
newServer({{ address = "127.0.0.1:{behind}" }}):setUp()
getPool(""):setCache(newPacketCache(1000000, {{ maxTTL = 86400 }}))
store = newLMDBKVStore("{store}", "names")
addAction(KeyValueStoreLookupRule(store, KeyValueLookupKeySuffix(2)), RCodeAction(DNSRCode.NXDOMAIN))
"""


def wire(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


class Dnsdist(Contender):
    name = "dnsdist-lmdb"
    title = "dnsdist with LMDB before Unbound"
    package = "dnsdist"
    incremental = True

    def __init__(self, folder: Path, blocklist: Blocklist, upstream: int, memory_limit: int) -> None:
        super().__init__(folder, blocklist, upstream, memory_limit)
        self.behind = Stock(folder / "behind", blocklist, upstream, memory_limit)
        self.store = folder / "names.lmdb"

    @classmethod
    def available(cls) -> bool:
        """Not every build of it has LMDB."""
        if not machine.debian_version(cls.package):
            return False
        done = subprocess.run(["dnsdist", "--version"], capture_output=True, text=True, check=False)
        return "lmdb" in (done.stdout + done.stderr).split()

    def _put(self, names) -> None:
        with lmdb.open(str(self.store), subdir=False, map_size=1 << 36, max_dbs=2, max_readers=512) as environment:
            table = environment.open_db(b"names")
            with environment.begin(db=table, write=True) as transaction:
                transaction.cursor().putmulti(sorted((wire(name), b"") for name in names))

    def prepare(self) -> None:
        self._put(self.blocklist)
        (self.folder / "dnsdist.conf").write_text(
            CONFIG.format(port=self.port, behind=self.behind.port, store=self.store)
        )

    def files(self) -> list[Path]:
        return [self.store]

    def launch(self) -> None:
        self.behind.launch()
        self.servers += self.behind.servers
        self.spawn(["dnsdist", "--supervised", "--disable-syslog", "-C", self.folder / "dnsdist.conf"])

    def update(self, names: list[str]) -> Callable[[], Any]:
        return lambda: self._put(names)

    def stop(self) -> None:
        super().stop()
        self.behind.servers.clear()

    def discard(self) -> None:
        super().discard()
        self.behind.discard()
