"""A real nginx over TLS on a loopback port, and the certificate authority behind it."""
import socket
import subprocess
from pathlib import Path

from support.ports import Port
from support.process import Server
from support.waiting import wait_for

HOST = "localhost"


class Authority:
    """A certificate authority of the test's own, made by openssl."""

    def __init__(self, folder: Path, name: str = "Test CA") -> None:
        self._folder = folder
        self.certificate = folder / "ca.pem"
        self._key = folder / "ca.key"
        _openssl("req", "-x509", *_NEW_KEY, "-keyout", self._key, "-out", self.certificate, "-days", "2", "-subj",
                 f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE", "-addext",
                 "keyUsage=critical,keyCertSign")

    def issue(self, names: str) -> tuple[Path, Path]:
        """Certificate and key for a server; names as in "DNS:localhost,IP:127.0.0.1"."""
        key, request, certificate, extensions = (self._folder / f"server.{end}" for end in ("key", "csr", "pem", "ext"))
        extensions.write_text(f"subjectAltName={names}\n")
        _openssl("req", "-new", *_NEW_KEY, "-keyout", key, "-out", request, "-subj", "/CN=server")
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key, "-CAcreateserial",
                 "-out", certificate, "-days", "2", "-extfile", extensions)
        return certificate, key

    def issue_person(self, name: str) -> tuple[Path, Path]:
        """Issues a certificate and its key."""
        key, request, certificate = (self._folder / f"person.{end}" for end in ("key", "csr", "pem"))
        _openssl("req", "-new", *_NEW_KEY, "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._key, "-CAcreateserial",
                 "-out", certificate, "-days", "2")
        return certificate, key


_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def _openssl(*arguments: str | Path) -> None:
    done = subprocess.run(["openssl", *map(str, arguments)], text=True, capture_output=True, check=False)
    assert done.returncode == 0, done


class Nginx:
    """Serves a folder at /; `locations` are nginx's own words for other paths."""

    def __init__(self, folder: Path, root: Path, authority: Authority, names: str = "DNS:localhost,IP:127.0.0.1",
                 locations: str = "", options: str = "") -> None:
        self.port = Port()
        self.root = root
        self._folder = folder
        self._certificate, self._key = authority.issue(names)
        self._locations, self._options = locations, options
        self._server: Server | None = None
        self.plain_port = Port()

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port.number}/"

    @property
    def plain_url(self) -> str:
        return f"http://127.0.0.1:{self.plain_port.number}/"

    def start(self) -> "Nginx":
        temporary = "".join(f"{kind}_temp_path {self._folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi",
                                                                                      "uwsgi", "scgi"))
        config = self._folder / "nginx.conf"
        # Started by root, its worker would run as www-data, which may not enter the test's folder.
        config.write_text(f"""
daemon off; master_process off; pid {self._folder}/nginx.pid; error_log stderr;
events {{ }}
http {{
    access_log {self._folder}/access.log combined; {temporary}
    default_type application/octet-stream; types {{ application/json json; text/html html; }}
    {self._options}
    server {{
        listen 127.0.0.1:{self.port.number} ssl;
        listen 127.0.0.1:{self.plain_port.number};
        ssl_certificate {self._certificate}; ssl_certificate_key {self._key};
        root {self.root};
        {self._locations}
    }}
}}
""")
        self._server = Server(
            ["/usr/sbin/nginx", "-c", str(config), "-p", str(self._folder)], self._folder / "nginx.log", {}
        )
        wait_for(self._answers, "nginx listening")
        return self

    def _answers(self) -> bool:
        assert self._server and self._server.exit_code() is None, self._server and self._server.log_text()
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self.port.number)) == 0

    def requests(self) -> list[str]:
        """Requested paths with their status: "GET /feed.json 200"."""
        lines = (self._folder / "access.log").read_text().splitlines()
        return [" ".join([*line.split('"')[1].split()[:2], line.split('"')[2].split()[0]]) for line in lines]

    def forget_requests(self) -> None:
        (self._folder / "access.log").write_text("")

    def stop(self) -> None:
        if self._server:
            self._server.stop()
        self._server = None
