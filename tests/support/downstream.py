"""Resolvers of customers that forward to Saring, from Debian: with validation and without. Validating ones trust
only the key of the tests' root zone."""
import os
import shutil
import subprocess
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from support import bind, ports
from support.dig import Answer, dig
from support.process import Server
from support.signed_zone import SignedZone
from support.unbound import Unbound
from support.waiting import wait_for


class UnboundForwarder(Unbound):
    def __init__(self, folder: Path, upstream: int, root: SignedZone | None) -> None:
        super().__init__(folder)
        self._upstream, self._root = upstream, root

    def configuration(self) -> str:
        return (f'server:\n    module-config: "{"validator " if self._root else ""}iterator"\n    ede: yes\n'
                "    access-control: 127.0.0.0/8 allow\n" + (self._root.trust() if self._root else "")
                + f'forward-zone:\n    name: "."\n    forward-addr: 127.0.0.1@{self._upstream}\n')


class BindForwarder(bind.Bind):
    def __init__(self, folder: Path, upstream: int, root: SignedZone | None) -> None:
        anchor = ""
        if root:
            tag, algorithm, digest_type, digest = ds_fields(root)
            anchor = f'trust-anchors {{ "." static-ds {tag} {algorithm} {digest_type} "{digest}"; }};'
        super().__init__(folder, f"recursion yes; forwarders {{ 127.0.0.1 port {upstream}; }}; forward only;", anchor)
        self._validates = root is not None

    def start(self) -> "BindForwarder":
        template = bind.OPTIONS
        try:
            if self._validates:
                bind.OPTIONS = template.replace("dnssec-validation no", "dnssec-validation yes")
            super().start()
        finally:
            bind.OPTIONS = template
        return self

    def dig(self, name: str, type_: str = "A", *options: str) -> Answer:
        return dig(self.port, name, type_, *options)


class Program:
    """A forwarder that is one program with a port."""

    def __init__(self, folder: Path, upstream: int, root: SignedZone | None) -> None:
        self.folder, self.upstream, self.root = folder, upstream, root
        self._port = ports.Port()
        self.port = self._port.number
        self.server: Server | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> "Program":
        self.server = Server(self.command(), self.folder / "log", dict(os.environ))
        wait_for(lambda: self.server.exit_code() is not None or self.answers(),
                 f"an answer from the {self.command()[0]} in {self.folder}", 60)
        assert self.server.exit_code() is None, self.server.log_text()
        return self

    def answers(self) -> bool:
        try:
            dns.query.udp(dns.message.make_query("version.bind.", "TXT", "CH"), "127.0.0.1", port=self.port, timeout=1)
        except (dns.exception.DNSException, OSError):
            return False
        return True

    def dig(self, name: str, type_: str = "A", *options: str) -> Answer:
        return dig(self.port, name, type_, *options)

    def stop(self) -> None:
        if self.server:
            self.server.stop()
        self._port.release()


class PowerDns(Program):
    def command(self) -> list[str]:
        policy = "clearTA('.')\n" + (f"addTA('.', '{' '.join(ds_fields(self.root))}')\n" if self.root else "")
        (self.folder / "anchors.lua").write_text(policy)
        (self.folder / "recursor.conf").write_text(f"""\
local-address=127.0.0.1
local-port={self.port}
socket-dir={self.folder}
daemon=no
write-pid=no
disable-syslog=yes
security-poll-suffix=
threads=1
pdns-distributes-queries=no
dnssec={"validate" if self.root else "off"}
forward-zones-recurse=.=127.0.0.1:{self.upstream}
dont-query=
export-etc-hosts=off
serve-rfc1918=no
extended-resolution-errors=yes
loglevel=4
packetcache-servfail-ttl=5
lua-config-file={self.folder}/anchors.lua
""")
        # Version 5 and later accept this format only with this option.
        told = subprocess.run(["pdns_recursor", "--help"], capture_output=True, text=True, check=False)
        old = ["--enable-old-settings"] if "enable-old-settings" in told.stdout + told.stderr else []
        return ["pdns_recursor", f"--config-dir={self.folder}", *old]


class KnotResolver(Program):
    def command(self) -> list[str]:
        anchor = f"trust_anchors.add([[{self.root.anchor}]])\n" if self.root else ""
        (self.folder / "cache").mkdir(exist_ok=True)
        (self.folder / "kresd.conf").write_text(f"""\
net.listen('127.0.0.1', {self.port}, {{ kind = 'dns' }})
net.ipv6 = false
cache.open(16 * MB, 'lmdb://{self.folder}/cache')
modules = {{ 'policy' }}
trust_anchors.remove('.')
{anchor}policy.add(policy.all(policy.{"FORWARD" if self.root else "STUB"}({{ '127.0.0.1@{self.upstream}' }})))
""")
        return ["kresd", "-n", "-q", "-c", str(self.folder / "kresd.conf"), str(self.folder)]


class Dnsmasq(Program):
    def command(self) -> list[str]:
        # Anchors of the tests' root; the package has those of the real one.
        validation = (
            ["--dnssec", f"--trust-anchor=.,{','.join(ds_fields(self.root))}", "--dnssec-check-unsigned"]
            if self.root
            else []
        )
        return [
            "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
            f"--port={self.port}", "--listen-address=127.0.0.1", "--bind-interfaces",
            f"--server=127.0.0.1#{self.upstream}", "--user=root", f"--pid-file={self.folder}/pid", "--log-facility=-",
            "--no-negcache", *validation
        ]


def ds_fields(root: SignedZone) -> list[str]:
    """Key tag, algorithm, digest type and digest of a zone's DS record."""
    fields = root.anchor.split(" DS ")[-1].split() if " DS " in root.anchor else root.anchor.split()[-4:]
    return [*fields[:3], "".join(fields[3:]).upper()]


KINDS = {
    "unbound": UnboundForwarder, "bind": BindForwarder, "pdns-recursor": PowerDns, "knot-resolver": KnotResolver,
    "dnsmasq": Dnsmasq
}
PROGRAMS = {"bind": "named", "pdns-recursor": "pdns_recursor", "knot-resolver": "kresd", "dnsmasq": "dnsmasq"}


def missing(kind: str) -> bool:
    return kind in PROGRAMS and shutil.which(PROGRAMS[kind]) is None
