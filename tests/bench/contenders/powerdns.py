"""PowerDNS Recursor with a policy zone, and its packet cache in front of it, as installed."""
from pathlib import Path
from typing import Any, Callable

from bench.contenders.base import Contender
from bench.contenders.rpz import rewrite
from bench.measure import must

CONFIG = """\
local-address=127.0.0.1
local-port={port}
socket-dir={folder}
daemon=no
write-pid=no
disable-syslog=yes
security-poll-suffix=
threads=1
pdns-distributes-queries=no
dnssec=off
forward-zones-recurse=.=127.0.0.1:{upstream}
export-etc-hosts=off
serve-rfc1918=no
max-packetcache-entries=1000000
max-cache-entries=1000000
loglevel=4
lua-config-file={folder}/policy.lua
"""


class PowerDns(Contender):
    name = "pdns-recursor-rpz"
    title = "PowerDNS Recursor, RPZ"
    package = "pdns-recursor"

    def prepare(self) -> None:
        self.zone = self.folder / "rpz.zone"
        self.zone.symlink_to(self.blocklist.file("rpz"))
        (self.folder / "policy.lua").write_text(f'rpzFile("{self.zone}", {{policyName="rpz"}})\n')
        (self.folder / "recursor.conf").write_text(
            CONFIG.format(folder=self.folder, port=self.port, upstream=self.upstream)
        )

    def files(self) -> list[Path]:
        return [self.zone.resolve()]

    def launch(self) -> None:
        self.spawn(["pdns_recursor", f"--config-dir={self.folder}"])

    def update(self, names: list[str]) -> Callable[[], Any]:
        self.added += names
        rewritten = rewrite(self.zone, self.blocklist, self.added)

        def apply() -> None:
            rewritten.rename(self.zone)
            must(["rec_control", f"--config-dir={self.folder}", "--timeout=300", "reload-lua-config"])
        return apply
