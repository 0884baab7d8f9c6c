"""Knot Resolver 5 with its RPZ policy; it watches the file and reads it anew when it changes."""
from pathlib import Path
from typing import Any, Callable

from bench.contenders.base import Contender
from bench.contenders.rpz import rewrite

CONFIG = """\
net.listen('127.0.0.1', {port}, {{ kind = 'dns' }})
cache.open(512 * MB, 'lmdb://{folder}/cache')
modules = {{ 'policy' }}
trust_anchors.remove('.')
policy.add(policy.rpz(policy.DENY, '{zone}', true))
policy.add(policy.all(policy.FORWARD({{ '127.0.0.1@{upstream}' }})))
"""


class KnotResolver(Contender):
    name = "knot-resolver-rpz"
    title = "Knot Resolver 5, RPZ"
    package = "knot-resolver"

    def prepare(self) -> None:
        self.zone = self.folder / "rpz.zone"
        self.zone.symlink_to(self.blocklist.file("rpz"))
        (self.folder / "cache").mkdir()
        self.config = self.folder / "kresd.conf"
        self.config.write_text(
            CONFIG.format(folder=self.folder, port=self.port, upstream=self.upstream, zone=self.zone)
        )

    def files(self) -> list[Path]:
        return [self.zone.resolve()]

    def launch(self) -> None:
        self.spawn(["kresd", "-n", "-q", "-c", self.config, self.folder])

    def update(self, names: list[str]) -> Callable[[], Any]:
        self.added += names
        rewritten = rewrite(self.zone, self.blocklist, self.added)
        return lambda: rewritten.rename(self.zone)
