"""The landing site as built, and conf/landing/nginx.conf serving it with a real nginx."""
import http.client
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from support import paths
from support.ports import Port
from support.process import Server
from support.waiting import wait_for

SHIPPED = paths.ROOT / "conf" / "landing"


def files(site: Path) -> dict[str, bytes]:
    return {str(file.relative_to(site)): file.read_bytes() for file in sorted(site.rglob("*")) if file.is_file()}


def host_map(site: Path) -> dict[str, str]:
    """".name", "name" or "*.name" -> page."""
    lines = (site / "nginx" / "hosts.map").read_text().splitlines()
    return dict(re.fullmatch(r"(\S+) (\S+);", line).groups() for line in lines)


def page_of(site: Path, host: str) -> str:
    """The page in the map's line for `host`."""
    return (site / "www" / host_map(site)[host].lstrip("/")).read_text()


@dataclass(frozen=True)
class Response:
    status: int
    headers: dict[str, str]
    body: str


class LandingServer:
    """The shipped nginx.conf with its site moved; `listen` None keeps its port 80, which needs a network of one's
    own."""

    def __init__(self, folder: Path, site: Path, more: str = "", own_port: bool = True) -> None:
        self._folder = folder
        self.port = Port() if own_port else None
        shipped = (SHIPPED / "nginx.conf").read_text().replace("/srv/landing", str(site))
        if self.port:
            shipped = shipped.replace(
                "listen 80 default_server", f"listen 127.0.0.1:{self.port.number} default_server"
            ).replace("    listen [::]:80 default_server;\n", "")
        (folder / "saring-landing.conf").write_text(shipped)
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        self._config = folder / "nginx.conf"
        # Started by root, its worker would run as www-data, which may not enter the test's folder.
        user = "user root;" if os.geteuid() == 0 else ""
        self._config.write_text(f"daemon off; {user} pid {folder}/nginx.pid; error_log stderr;\nevents {{ }}\nhttp {{\n"
                                f"access_log {folder}/access.log; types {{ text/html html; }}\n{temporary}"
                                f"include {folder}/saring-landing.conf;\n{more}\n}}\n")
        self._server = Server([*self._command()], folder / "nginx.log", dict(os.environ))
        wait_for(self._answers, "nginx serving the landing site")

    def _command(self, *more: str) -> list[str]:
        return ["/usr/sbin/nginx", "-c", str(self._config), "-p", str(self._folder), "-e", "stderr", *more]

    def _answers(self) -> bool:
        assert self._server.exit_code() is None, self.log()
        try:
            return self.get("anything.test").status > 0
        except OSError:
            return False

    def get(self, host: str, path: str = "/", method: str = "GET") -> Response:
        connection = http.client.HTTPConnection("127.0.0.1", self.port.number if self.port else 80, timeout=20)
        connection.request(method, path, headers={"Host": host})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return Response(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)

    def reload(self) -> None:
        """Returns once there are new workers; the old ones may still answer a request or two."""
        before = self._workers()
        subprocess.run(self._command("-s", "reload"), check=True, capture_output=True)
        wait_for(lambda: self._workers() - before, "nginx's new workers")

    def _workers(self) -> set[str]:
        children = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children").read_text().split()
        return set(children)

    def logged(self) -> str:
        access = self._folder / "access.log"
        return (access.read_text() if access.exists() else "") + self.log()

    def log(self) -> str:
        return self._server.log_text()

    def stop(self) -> None:
        self._server.stop()
