"""The internet of the benchmarks: a Knot DNS that gives every name below `example` and `test` one
address, without rate limits. The contenders forward to it."""
import os
import subprocess
from pathlib import Path

from bench import machine
from support import ports
from support.process import Server
from support.waiting import wait_for

ADDRESS = "198.51.100.7"
CONFIG = """\
server:
    listen: 127.0.0.1@{port}
    rundir: "{folder}"
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: "{folder}/db"
log:
  - target: stderr
    any: warning
template:
  - id: default
    storage: "{folder}"
    file: "%s.zone"
    semantic-checks: off
    zonefile-sync: -1
    journal-content: none
zone:
  - domain: example
  - domain: test
"""
# An hour: longer than any scenario, so that cached means cached.
ZONE = f"""\
$TTL 3600
@ SOA localhost. root.localhost. 1 3600 600 86400 60
@ NS ns
ns A 127.0.0.1
* A {ADDRESS}
"""
# One of the zones also has aliases, each of a different name.
ALIASES = 64
ALIASED = "".join(f"alias{i} CNAME aliased{i}\n" for i in range(ALIASES))


class Authority:
    def __init__(self, folder: Path) -> None:
        (folder / "db").mkdir(parents=True)
        self.folder = folder
        self._port = ports.Port()
        self.port = self._port.number
        for zone in ("example", "test"):
            (folder / f"{zone}.zone").write_text(ZONE + (ALIASED if zone == "test" else ""))
        (folder / "knot.conf").write_text(CONFIG.format(port=self.port, folder=folder))
        self.server = Server(["taskset", "-c", str(machine.generator_core()), "knotd", "-c", str(folder / "knot.conf")],
                             folder / "log", dict(os.environ))
        wait_for(self._answers, "an answer from the authority", 60)

    def _answers(self) -> bool:
        assert self.server.exit_code() is None, self.server.log_text()
        done = subprocess.run(
            ["dig", "@127.0.0.1", "-p",
             str(self.port), "a.example", "A", "+short", "+tries=1", "+time=1"], capture_output=True, text=True,
            check=False)
        return done.stdout.strip() == ADDRESS

    def stop(self) -> None:
        self.server.stop()
        self._port.release()
