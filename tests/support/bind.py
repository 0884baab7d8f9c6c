"""A real BIND 9 (named): as a resolver with a response policy zone, or authoritative with transfers."""
import os
import signal
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from support import ports
from support.process import Server
from support.waiting import wait_for

OPTIONS = """\
options {{
    directory "{folder}";
    pid-file "{folder}/named.pid";
    session-keyfile none;
    managed-keys-directory "{folder}";
    listen-on port {port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    dnssec-validation no;
    empty-zones-enable no;
    {options}
}};
controls {{ }};
{rest}
"""


class Bind:
    """`options` are inside BIND's options clause, `rest` after it; both may contain {folder}."""

    def __init__(self, folder: Path, options: str, rest: str) -> None:
        self.folder = folder
        self._options, self._rest = options, rest
        self._port = ports.Port()
        self.port = self._port.number
        self.server: Server | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def start(self) -> "Bind":
        config = self.folder / "named.conf"
        config.write_text(OPTIONS.format(folder=self.folder, port=self.port, options=self._options, rest=self._rest))
        # -g: in the foreground, its log on stderr; one thread is enough.
        self.server = Server(["named", "-g", "-n", "1", "-c", str(config)], self.folder / "log", dict(os.environ))
        try:
            wait_for(lambda: self.server.exit_code() is not None or self.answers(),
                     f"an answer from the BIND in {self.folder}", 60)
            assert self.server.exit_code() is None, "BIND ended at start"
        except AssertionError as error:
            log = self.server.log_text()
            self.stop()
            raise AssertionError(f"{error}; its log:\n{log}") from None
        return self

    def answers(self) -> bool:
        if "running" not in self.server.log_text():
            return False
        try:
            dns.query.udp(dns.message.make_query("version.bind.", "TXT", "CH"), "127.0.0.1", port=self.port, timeout=1)
        except (dns.exception.DNSException, OSError):
            return False
        return True

    def reload(self, zone: str, serial: int) -> None:
        """Reads its files again, as after `rndc reload`."""
        os.kill(self.server.pid, signal.SIGHUP)
        wait_for(lambda: f"zone {zone}/IN: loaded serial {serial}" in self.log_text(), f"BIND serving serial {serial}")

    def log_text(self) -> str:
        return self.server.log_text() if self.server else ""

    def stop(self) -> None:
        if self.server:
            self.server.stop()
        self._port.release()


def policy_resolver(folder: Path, origin: str, zone: Path, upstream: int) -> Bind:
    """Resolves through the server at `upstream`, except the names in the policy zone."""
    return Bind(folder, f"""
    recursion yes;
    forwarders {{ 127.0.0.1 port {upstream}; }};
    forward only;
    response-policy {{ zone "{origin}"; }} qname-wait-recurse no;""",
                f'zone "{origin}" {{ type primary; file "{zone}"; allow-query {{ any; }}; }};')
