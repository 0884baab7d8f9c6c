"""BIND 9 with a response policy zone."""
from pathlib import Path
from typing import Any, Callable

from bench.contenders.base import Contender
from bench.contenders.rpz import rewrite
from bench.measure import must

CONFIG = """\
options {{
    directory "{folder}";
    pid-file "{folder}/named.pid";
    session-keyfile none;
    managed-keys-directory "{folder}";
    listen-on port {port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    dnssec-validation no;
    empty-zones-enable no;
    max-cache-size 512m;
    recursion yes;
    recursive-clients 10000;
    forwarders {{ 127.0.0.1 port {upstream}; }};
    forward only;
    response-policy {{ zone "rpz" min-update-interval 0; }} qname-wait-recurse no;
}};
key control {{ algorithm hmac-sha256; secret "c2FyaW5nLWJlbmNoLWNvbnRyb2wta2V5"; }};
controls {{ inet 127.0.0.1 port {control} allow {{ 127.0.0.1; }} keys {{ control; }}; }};
zone "rpz" {{ type primary; file "{zone}"; masterfile-format text; notify no; }};
"""


class Bind(Contender):
    name = "bind-rpz"
    title = "BIND 9, RPZ"
    package = "bind9"

    def prepare(self) -> None:
        self.zone = self.folder / "rpz.zone"
        self.zone.symlink_to(self.blocklist.file("rpz"))
        self.control_port = self.new_port()
        self.config = self.folder / "named.conf"
        self.config.write_text(
            CONFIG.format(folder=self.folder, port=self.port, upstream=self.upstream, control=self.control_port,
                          zone=self.zone))
        (self.folder / "rndc.conf").write_text(
            'key control { algorithm hmac-sha256; secret "c2FyaW5nLWJlbmNoLWNvbnRyb2wta2V5"; };\n'
            f"options {{ default-key control; default-server 127.0.0.1; default-port {self.control_port}; }};\n")

    def files(self) -> list[Path]:
        return [self.zone.resolve()]

    def launch(self) -> None:
        self.spawn(["named", "-g", "-n", "1", "-c", self.config])

    def update(self, names: list[str]) -> Callable[[], Any]:
        self.added += names
        rewritten = rewrite(self.zone, self.blocklist, self.added)

        def apply() -> None:
            rewritten.rename(self.zone)
            must(["rndc", "-c", self.folder / "rndc.conf", "reload", "rpz"])
        return apply
