"""The common part of the tests' authoritative and resolving Unbounds."""
import os
import subprocess
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rdataclass

from support import paths, ports
from support.dig import Answer, dig, kdig
from support.process import Server
from support.waiting import wait_for

START_ATTEMPTS = 5

# chroot and username empty: it runs in the test's folder as the user who runs the tests.
# so-reuseport off: a port in use must be an error, not a port shared with another test.
COMMON = """\
server:
    directory: "{folder}"
    pidfile: "{folder}/unbound.pid"
    chroot: ""
    username: ""
    interface: 127.0.0.1
    port: {port}
    so-reuseport: no
    outgoing-port-avoid: "{first}-{last}"
    do-not-query-localhost: no
    do-ip6: no
    use-syslog: no
    log-time-ascii: yes
    verbosity: 1
    num-threads: {threads}
    # By default Unbound answers `test.` itself.
    local-zone: "test." nodefault
remote-control:
    control-enable: yes
    control-interface: "{folder}/control"
    control-use-cert: no
"""


KEPT_MARK = 1 << 30  # module/unbound/kept.c


class Unbound:
    """One running Unbound. Subclasses define the rest of its configuration."""

    threads = 1
    wrapper: tuple[str, ...] = ()  # e.g. valgrind and its options
    program: Path = paths.UNBOUND_PROGRAM
    staying = "-dd"  # in the foreground, its log on stderr

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config_file = folder / "unbound.conf"
        self.server: Server | None = None
        self._ports: list[ports.Port] = []
        folder.mkdir(parents=True, exist_ok=True)

    def configuration(self) -> str:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def new_port(self) -> int:
        self._ports.append(ports.Port())
        return self._ports[-1].number

    def spawn(self) -> None:
        """Starts it on fresh ports without waiting for it."""
        self.port = self.new_port()
        common = COMMON.format(folder=self.folder, port=self.port, threads=self.threads,
                               first=ports.FIRST, last=ports.LAST)
        self.config_file.write_text(common + self.configuration())
        self.server = Server([*self.wrapper, str(self.program), self.staying, "-c", str(self.config_file)],
                             self.folder / "log", self.environment())

    def start(self, deadline: float = 60.0) -> "Unbound":
        for _ in range(START_ATTEMPTS):
            self.spawn()
            try:
                wait_for(lambda: self.server.exit_code() is not None or self.answers(),
                         f"an answer from the Unbound in {self.folder}", deadline)
            except AssertionError as error:
                log = self.log_text()
                self.stop()
                raise AssertionError(f"{error}; its log:\n{log}") from None
            if self.server.exit_code() is None:
                return self
            log = self.log_text()
            self.stop()
            if "Address already in use" not in log:
                raise AssertionError(f"Unbound ended at start; its log:\n{log}")
            self.server.log.unlink()
        raise AssertionError(f"no port could be bound in {START_ATTEMPTS} attempts")

    def answers(self) -> bool:
        """Whether it answers; CHAOS queries are answered before any module is called."""
        if "start of service" not in self.log_text():
            return False
        question = dns.message.make_query("version.bind.", "TXT", dns.rdataclass.CH)
        try:
            dns.query.udp(question, "127.0.0.1", port=self.port, timeout=1)
        except (dns.exception.DNSException, OSError):
            return False
        return True

    def wait_exit(self, deadline: float = 30.0) -> int:
        """The exit code of an Unbound that is expected to exit."""
        wait_for(lambda: self.server.exit_code() is not None, "Unbound ending by itself", deadline)
        return self.server.exit_code()

    def stop(self, patience: float = 20.0) -> int | None:
        code = self.server.stop(patience) if self.server else None
        for port in self._ports:
            port.release()
        self._ports.clear()
        return code

    def dig(self, name: str, type_: str = "A", *options: str) -> Answer:
        return dig(self.port, name, type_, *options)

    def kdig(self, name: str, type_: str = "A", *options: str, port: int | None = None) -> Answer:
        return kdig(port or self.port, name, type_, *options)

    def control(self, *arguments: str, stdin: str | None = None) -> str:
        """unbound-control; fails the test when the command fails."""
        done = subprocess.run([str(paths.UNBOUND_CONTROL), "-c", str(self.config_file), *arguments],
                              input=stdin, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"unbound-control {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def cached_messages(self, *, kept: bool = True) -> set[tuple[str, str]]:
        """Name and type of each message in the cache; if asked, without the blocked answers that the module keeps
        there."""
        out: set[tuple[str, str]] = set()
        begun: tuple[str, str] | None = None
        for words in (line.split() for line in self.control("dump_cache").splitlines()):
            if words and words[0] == "msg":
                begun = words[1].lower(), words[3]
                out.add(begun)
            elif begun and not kept and len(words) == 4 and int(words[3]) & KEPT_MARK:
                out.discard(begun)
        return out

    def log_text(self) -> str:
        return self.server.log_text() if self.server else ""

    def starts(self) -> int:
        """Number of starts of service: one, and one more for each finished reload."""
        return self.log_text().count("start of service")

    def reload(self) -> None:
        before = self.starts()
        self.control("reload")
        wait_for(lambda: self.starts() > before and self.answers(), "Unbound serving again after a reload", 60)
