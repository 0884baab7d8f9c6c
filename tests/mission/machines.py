"""The machines of the mission: each has its own files, and an ISP its own network namespace and Unbound."""
import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from link import inside_of, ip
from support import paths
from support.authority import Authority
from support.unbound import Unbound
from support.waiting import wait_for
from transcript import Transcript

FEED, INTERNET = "192.0.2.1", "192.0.2.53"
FEED_URL = "https://feed.example/orders/"
# As installed, and here.
PROGRAMS = {"/usr/lib/saring/saring.so": paths.MODULE, "/usr/sbin/unbound": paths.UNBOUND_PROGRAM}
# For subscribers. A blocked answer comes from the ISP itself, so only a query to the Internet is sent again.
DIGRC = "+noall +comments +answer +tries=3 +time=10\n"
FOLDERS = ("home", "etc/saring", "etc/unbound", "var/lib/saring", "srv", "run/saring")


class Machine:
    """Types commands with the paths of an installed machine; its files are below `folder`."""

    namespace: Path | None = None

    def __init__(self, folder: Path, name: str, transcript: Transcript) -> None:
        self.name, self.folder, self.transcript = name, folder / name, transcript
        self.home = self.folder / "home"
        for part in FOLDERS:
            (self.folder / part).mkdir(parents=True)
        self.config = self.folder / "etc/saring/saring.toml"

    def moved(self, text: str) -> str:
        for installed, here in PROGRAMS.items():
            text = text.replace(installed, str(here))
        places = "|".join(part for part in FOLDERS if part != "home")
        return re.sub(rf"(?<![\w/.])/({places})\b", rf"{self.folder}/\1", text)

    def as_seen(self, text: str) -> str:
        for installed, here in PROGRAMS.items():
            text = text.replace(str(here), installed)
        return text.replace(f"{self.folder}/", "/")

    def configure(self, changes: dict[str, str], more: str) -> None:
        """The shipped saring.toml, some of its lines changed, and tables behind it."""
        text = (paths.ROOT / "conf/saring.toml").read_text()
        text = re.sub(r'^#(\w+ = "/(?:var/lib|run)/saring.*)$', r"\1", text, flags=re.MULTILINE)
        for before, after in changes.items():
            assert text.count(before) == 1, f"conf/saring.toml has {text.count(before)} lines {before}"
            text = text.replace(before, after)
        shutil.copy(paths.ROOT / "conf/never-block.txt", self.config.parent)
        self.config.write_text(self.moved(text + more))

    def run(self, typed: str) -> tuple[int, str]:
        """The exit code, and all that a terminal would show."""
        environment = {**os.environ, "PATH": f"{paths.TOOL.parent}:{os.environ['PATH']}", "COLUMNS": "120",
                       "SARING_CONFIG": str(self.config), "HOME": str(self.home), "LC_ALL": "C.UTF-8",
                       "LANGUAGE": "en"}
        done = subprocess.run([*inside_of(self.namespace), "bash", "-o", "pipefail", "-c", self.moved(typed)],
                              cwd=self.home, env=environment, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False, timeout=300)
        return done.returncode, self.as_seen(done.stdout)

    def do(self, typed: str, *promised: str, code: int = 0, most: int = 14, shown: bool = True) -> str:
        """Types it, adds it to the transcript if it is to be shown, and returns the output. The mission fails unless
        it ends with this code and prints what was promised."""
        begun = time.monotonic()
        ended, output = self.run(typed)
        if shown:
            self.transcript.command(self.name, typed, output, ended, time.monotonic() - begun, most)
        assert ended == code, f"{self.name}: exit code {ended}, not {code}, of: {typed}\n{output}"
        for text in promised:
            assert text in output, f"{self.name}: {text!r} is not printed by: {typed}\n{output}"
        self.transcript.checks += 1 + len(promised)
        return output

    def send(self, to: "Machine", *names: str) -> None:
        """Files that go to another machine, e.g. by mail."""
        for name in names:
            found = sorted(self.home.glob(name))
            assert found, f"{self.name} has no {name}"
            for file in found:
                shutil.copy(file, to.home)


class Internet(Authority):
    """All sites, on port 53 of an address of their own."""

    def new_port(self) -> int:
        return 53

    def configuration(self) -> str:
        return (f"server:\n    interface: {INTERNET}\n    access-control: 192.0.2.0/24 refuse_non_local\n"
                + super().configuration())


class IspResolver(Unbound):
    """An ISP's Unbound with the module, on port 53 in the ISP's namespace."""

    def __init__(self, isp: "Isp") -> None:
        super().__init__(isp.folder / "etc/unbound")
        self._isp = isp
        self.wrapper = tuple(inside_of(isp.namespace))

    def new_port(self) -> int:
        return 53

    def environment(self) -> dict[str, str]:
        return {**os.environ, "SARING_CONFIG": str(self._isp.config)}

    def configuration(self) -> str:
        return (f'server:\n    module-config: "dynlib validator iterator"\n    interface: {self._isp.address}\n'
                f'    access-control: 203.0.113.0/24 allow\ndynlib:\n    dynlib-file: "{paths.MODULE}"\n'
                f'forward-zone:\n    name: "."\n    forward-addr: {INTERNET}\n')

    def answers(self) -> bool:
        if "start of service" not in self.log_text():
            return False
        asked = subprocess.run([*self.wrapper, "dig", "-r", "@127.0.0.1", "+time=1", "+tries=1", "version.bind", "CH",
                                "TXT"], capture_output=True, check=False)
        return asked.returncode == 0


class Isp(Machine):
    """An ISP: `number` gives its addresses, and `regions` the region of each of its subscribers."""

    def __init__(self, folder: Path, number: int, city: str, regions: list[str], transcript: Transcript) -> None:
        super().__init__(folder, f"isp-{city.lower()}", transcript)
        self.title, self.city, self.namespace = f"ISP {city}", city, folder / f"isp{number}"
        first = 64 * (number - 1)
        self.address = f"203.0.113.{first + 53}"
        self.near, self.far = f"192.0.2.{97 + 4 * number}", f"192.0.2.{98 + 4 * number}"
        self.subscribers = [f"203.0.113.{first + 10 + 16 * i}" for i in range(len(regions))]
        self.namespace.touch()
        subprocess.run(["unshare", f"--net={self.namespace}", "true"], check=True)
        ip("link", "set", "lo", "up", inside=self.namespace)
        for address in (self.address, *self.subscribers):
            ip("address", "add", f"{address}/32", "dev", "lo", inside=self.namespace)
        (self.folder / "etc/saring/prefixes").write_text(
            "".join(f"203.0.113.{first + 16 * i}/28 {region}\n" for i, region in enumerate(regions)))
        (self.home / ".digrc").write_text(DIGRC)
        self.resolver = IspResolver(self)
        self.blocked = 0  # answers that subscribers got

    def stop(self) -> None:
        self.resolver.stop()
        subprocess.run(["umount", str(self.namespace)], check=True)

    def ask(self, name: str, subscriber: int = 0, shown: bool = True) -> str:
        return self._dig(f"{name} | grep -E 'status:|EDE:|IN\\s'", subscriber, shown)

    def _dig(self, rest: str, subscriber: int, shown: bool = True) -> str:
        output = self.do(f"dig @{self.address} -b {self.subscribers[subscriber]} {rest}", most=60, shown=shown)
        self.blocked += output.count("EDE: 16 (Censored)")
        return output

    def ask_blocked(self, name: str, order: str, subscriber: int = 0, shown: bool = True) -> None:
        self._check(self.ask(name, subscriber, shown), "status: NXDOMAIN", "EDE: 16 (Censored)", order)

    def ask_resolved(self, name: str, subscriber: int = 0, shown: bool = True) -> None:
        output = self.ask(name, subscriber, shown)
        self._check(output, "status: NOERROR", "198.51.100.7")
        assert "EDE:" not in output, output

    def ask_many_blocked(self, domain: str, count: int, order: str) -> None:
        """The queries of an evening, one dig for all."""
        output = self._dig(f"w{{1..{count}}}.{domain} | grep -o 'EDE: 16.*' | uniq -c", 0)
        self._check(output, f"{count} EDE: 16 (Censored)", order)
        self.blocked += count - 1  # one line was counted

    def _check(self, output: str, *promised: str) -> None:
        for text in promised:
            assert text in output, f"{self.name}: {text!r} is not in the answer:\n{output}"
        self.transcript.checks += len(promised)

    def wait_for_hits(self) -> None:
        """Until every blocked answer is recorded: the module writes hits twice a second."""
        wait_for(lambda: json.loads(self.run("blocklist-tool hits report --json")[1])["refused"] >= self.blocked,
                 f"{self.blocked} hits at {self.name}")
