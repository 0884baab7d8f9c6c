"""A real Knot DNS that serves one policy zone by AXFR and IXFR, to whoever has its TSIG key."""
import base64
import os
import secrets
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rcode

from support import ports
from support.process import Server
from support.waiting import wait_for

ZONE = "rpz.provider.example"

CONFIG = """\
server:
    listen: 127.0.0.1@{port}
    rundir: "{folder}"
    identity: ""
database:
    storage: "{folder}/db"
log:
  - target: stderr
    any: info
key:
  - id: {key.name}
    algorithm: {key.algorithm}
    secret: "{key.secret}"
acl:
  - id: transfer
    {acl}
    action: transfer
zone:
  - domain: {zone}
    storage: "{folder}"
    file: "{zone}.zone"
    acl: transfer
    semantic-checks: off
    zonefile-load: {load}
    journal-content: {journal}
    zonefile-sync: -1
"""


@dataclass(frozen=True)
class TsigKey:
    name: str = "transfer-key"
    algorithm: str = "hmac-sha256"
    secret: str = field(default_factory=lambda: base64.b64encode(secrets.token_bytes(32)).decode())

    def write(self, folder: Path) -> Path:
        file = folder / f"{self.name}.tsig"
        file.write_text(f'key "{self.name}" {{\n\talgorithm {self.algorithm};\n\tsecret "{self.secret}";\n}};\n')
        file.chmod(0o600)
        return file


def zone_text(serial: int, records: list[str]) -> str:
    lines = [f"{ZONE}. 300 SOA localhost. root.localhost. {serial} 3600 600 86400 60", f"{ZONE}. 300 NS localhost."]
    return "\n".join(lines + [f"{record.split()[0]}.{ZONE}. 300 {' '.join(record.split()[1:])}"
                              for record in records]) + "\n"


def served_serial(port: int) -> int | None:
    """Of the zone at the server on this port; None while it does not serve it."""
    try:
        answer = dns.query.udp(dns.message.make_query(ZONE, "SOA"), "127.0.0.1", port=port, timeout=1)
    except (dns.exception.DNSException, OSError):
        return None
    if answer.rcode() != dns.rcode.NOERROR or not answer.answer:
        return None
    return answer.answer[0][0].serial


class Knot:
    """`incremental` off: it keeps no journal, so that an IXFR is answered with the whole zone."""

    def __init__(self, folder: Path, key: TsigKey, *, incremental: bool = True, signed: bool = True) -> None:
        self.folder, self.key = folder, key
        self._incremental, self._signed = incremental, signed
        self._port = ports.Port()
        self.port = self._port.number
        self.server: Server | None = None

    def publish(self, serial: int, *records: str) -> None:
        """Puts this content in place: before the start, or into the running server."""
        (self.folder / f"{ZONE}.zone").write_text(zone_text(serial, list(records)))
        if self.server:
            self.control("zone-reload", ZONE)
            wait_for(lambda: self.serial() == serial, f"Knot serving serial {serial}")

    def start(self) -> "Knot":
        (self.folder / "db").mkdir(exist_ok=True)
        config = self.folder / "knot.conf"
        config.write_text(CONFIG.format(
            port=self.port, folder=self.folder, key=self.key, zone=ZONE,
            acl=f"key: {self.key.name}" if self._signed else "address: 127.0.0.1",
            load="difference" if self._incremental else "whole", journal="changes" if self._incremental else "none"))
        self.server = Server(["knotd", "-c", str(config)], self.folder / "log", dict(os.environ))
        try:
            wait_for(lambda: self.server.exit_code() is not None or self.serial() is not None,
                     f"an answer from the Knot in {self.folder}", 60)
            assert self.server.exit_code() is None, "Knot ended at start"
        except AssertionError as error:
            log = self.server.log_text()
            self.stop()
            raise AssertionError(f"{error}; its log:\n{log}") from None
        return self

    def serial(self) -> int | None:
        return served_serial(self.port)

    def control(self, *words: str) -> None:
        done = subprocess.run(
            ["knotc", "-s", str(self.folder / "knot.sock"), *words], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"knotc {' '.join(words)}: {done.stdout}{done.stderr}"

    def log_text(self) -> str:
        return self.server.log_text() if self.server else ""

    def stop(self) -> None:
        if self.server:
            self.server.stop()
            self.server = None
        self._port.release()
