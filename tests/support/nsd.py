"""A real NSD that serves one policy zone, to whoever has its TSIG key; without stored differences, which it keeps only
of zones that it fetches."""
import os
import signal
from pathlib import Path

from support import ports
from support.knot import ZONE, TsigKey, served_serial, zone_text
from support.process import Server
from support.waiting import wait_for

CONFIG = """\
server:
    ip-address: 127.0.0.1@{port}
    username: ""
    pidfile: ""
    database: ""
    zonesdir: "{folder}"
    xfrdfile: ""
    xfrdir: "{folder}"
    zonelistfile: "{folder}/zone.list"
    server-count: 1
remote-control:
    control-enable: no
key:
    name: {key.name}
    algorithm: {key.algorithm}
    secret: "{key.secret}"
zone:
    name: {zone}
    zonefile: zone
    provide-xfr: 127.0.0.1 {access}
"""


class Nsd:
    def __init__(self, folder: Path, key: TsigKey, *, signed: bool = True) -> None:
        self.folder, self.key, self._signed = folder, key, signed
        self._port = ports.Port()
        self.port = self._port.number
        self.server: Server | None = None

    def publish(self, serial: int, *records: str) -> None:
        """Puts this content in place: before the start, or into the running server."""
        (self.folder / "zone").write_text(zone_text(serial, list(records)))
        if self.server:
            os.kill(self.server.pid, signal.SIGHUP)
            wait_for(lambda: served_serial(self.port) == serial, f"NSD serving serial {serial}")

    def start(self) -> "Nsd":
        config = self.folder / "nsd.conf"
        config.write_text(
            CONFIG.format(port=self.port, folder=self.folder, key=self.key, zone=ZONE,
                          access=self.key.name if self._signed else "NOKEY"))
        self.server = Server(["nsd", "-d", "-c", str(config)], self.folder / "log", dict(os.environ))
        try:
            wait_for(lambda: self.server.exit_code() is not None or served_serial(self.port) is not None,
                     f"an answer from the NSD in {self.folder}", 60)
            assert self.server.exit_code() is None, "NSD ended at start"
        except AssertionError as error:
            log = self.server.log_text()
            self.stop()
            raise AssertionError(f"{error}; its log:\n{log}") from None
        return self

    def stop(self) -> None:
        if self.server:
            self.server.stop()
            self.server = None
        self._port.release()
