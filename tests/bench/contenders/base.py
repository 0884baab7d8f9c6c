"""A contender: one resolver that blocks the list in its own way."""
import os
import shutil
import time
from pathlib import Path
from typing import Any, Callable

import dns.exception
import dns.message
import dns.query
import dns.rcode

from bench import machine
from bench.measure import rss
from bench.names import Blocklist
from support import ports
from support.process import Server

START_PATIENCE = 400.0


class DidNotSurvive(Exception):
    """It ended, exceeded its memory limit, or was not ready in time."""


def ask(port: int, name: str, type_: str = "A", timeout: float = 1.0) -> int | None:
    """The RCODE, or None when nothing came back in time."""
    try:
        answer = dns.query.udp(dns.message.make_query(name, type_, use_edns=0), "127.0.0.1", port=port, timeout=timeout)
    except (dns.exception.DNSException, OSError):
        return None
    return answer.rcode()


class Contender:
    name = "?"
    title = "?"
    package: str | None = None
    blocks = True        # the stock Unbound blocks nothing
    incremental = False  # an update contains only new names
    cores = ""           # that its servers run on, as taskset has it; else the server's

    def __init__(self, folder: Path, blocklist: Blocklist, upstream: int, memory_limit: int) -> None:
        self.folder, self.blocklist, self.upstream = folder, blocklist, upstream
        self.memory_limit = memory_limit
        self.added: list[str] = []  # by updates, beyond the list
        self.servers: list[Server] = []
        self._ports: list[ports.Port] = []
        self.label = self.name     # where one contender runs in several forms, of this one
        folder.mkdir(parents=True)
        self.port = self.new_port()

    def new_port(self) -> int:
        self._ports.append(ports.Port())
        return self._ports[-1].number

    # Defined by each contender.
    @classmethod
    def available(cls) -> bool:
        """Whether it is on this machine."""
        return True

    def prepare(self) -> None:
        """Converts the list to the contender's format."""

    def files(self) -> list[Path]:
        """The list in that format."""
        return []

    def launch(self) -> None:
        raise NotImplementedError

    def update(self, names: list[str]) -> Callable[[], Any]:
        """The command that blocks more names at run time; preparations are done when this returns."""
        raise NotImplementedError

    def version(self) -> str:
        return machine.debian_version(self.package) if self.package else ""

    # The same for all.
    def spawn(self, command: list[Any], **environment: str) -> Server:
        words = ["taskset", "-c", self.cores or str(machine.server_core()), *map(str, command)]
        self.servers.append(Server(words, self.folder / f"log{len(self.servers)}", {**os.environ, **environment}))
        return self.servers[-1]

    @property
    def pids(self) -> list[int]:
        return [server.pid for server in self.servers]

    def log_text(self) -> str:
        return "".join(server.log_text() for server in self.servers)[-3000:]

    def ready(self) -> bool:
        last = self.blocklist.added(-1, 1)[0]
        return ask(self.port, last, timeout=0.2) == (dns.rcode.NXDOMAIN if self.blocks else dns.rcode.NOERROR)

    def start(self) -> float:
        """Seconds until the list's last name is blocked."""
        begun = time.monotonic()
        self.launch()
        while not self.ready():
            if any(server.exit_code() is not None for server in self.servers):
                raise DidNotSurvive(f"ended at start: {self.log_text()}")
            if sum(map(rss, self.pids)) > self.memory_limit:
                raise DidNotSurvive(f"takes more than {self.memory_limit / 1e9:.1f} GB")
            if time.monotonic() - begun > START_PATIENCE:
                raise DidNotSurvive(f"not ready within {START_PATIENCE:.0f} s: {self.log_text()}")
            time.sleep(0.005)
        return time.monotonic() - begun

    def stop(self) -> None:
        for server in self.servers:
            server.stop(10)
        self.servers.clear()

    def discard(self) -> None:
        self.stop()
        for port in self._ports:
            port.release()
        self._ports.clear()
        shutil.rmtree(self.folder, ignore_errors=True)
