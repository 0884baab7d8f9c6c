"""conf/console's examples with a real nginx: people with passwords, people with certificates, and what reaches the console."""
import base64
import http.client
import json
import re
import ssl
import subprocess
from pathlib import Path

import pytest

from support import made_hits as hits
from support import paths
from support.console import Answer, Console, Events
from support.ports import Port
from support.process import Server
from support.waiting import wait_for
from support.webserver import Authority

EXAMPLES = paths.ROOT / "conf" / "console"


class Fronted:
    """An example's text with the paths of a test, and the console behind it."""

    def __init__(self, workspace, folder: Path, example: str) -> None:
        self.folder, self.log = folder, folder / "access.log"
        workspace.configure(more=f'[console]\nidentity_header = "X-Saring-User"\naccess_log = "{self.log}"\n')
        self.console = Console(workspace, listen=f"unix:{folder}/s")
        self.authority = Authority(folder)
        certificate, key = self.authority.issue("DNS:localhost")
        self.port = Port()
        text = (EXAMPLES / example).read_text()
        for ours, there in {"/etc/nginx/saring-console.pem": str(certificate), "/etc/nginx/saring-console.key": str(key), "/etc/nginx/saring-console.users": f"{folder}/users",
                            "/etc/nginx/saring-console-ca.pem": str(self.authority.certificate), "/run/saring-console/console.sock": f"{folder}/s",
                            "listen 443 ssl": f"listen 127.0.0.1:{self.port.number} ssl", "console.isp.example": "localhost"}.items():
            assert ours in text or ours.endswith(("users", "ca.pem")), ours
            text = text.replace(ours, there)
        text = re.sub(r"\n *listen \[::\].*", "", text)
        hashed = subprocess.run(["openssl", "passwd", "-6", "rahasia"], capture_output=True, text=True, check=True).stdout.strip()
        (folder / "users").write_text(f"budi:{hashed}\n")
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(f"daemon off; master_process off; pid {folder}/pid; error_log stderr;\nevents {{ }}\nhttp {{ access_log off; {temporary}\n{text}\n}}\n")
        self.port.release()
        self._nginx = Server(["/usr/sbin/nginx", "-c", f"{folder}/nginx.conf", "-p", str(folder)], folder / "nginx.log", {})
        wait_for(lambda: "listen" if self._reachable() else None, "nginx listening")

    def _reachable(self) -> bool:
        assert self._nginx.exit_code() is None, self._nginx.log_text()
        try:
            self.get("/style.css")
            return True
        except ConnectionRefusedError:
            return False
        except ssl.SSLError:
            return True

    def connection(self, client=None) -> http.client.HTTPSConnection:
        context = ssl.create_default_context(cafile=self.authority.certificate)
        if client:
            context.load_cert_chain(*client)
        return http.client.HTTPSConnection("localhost", self.port.number, context=context, timeout=30)

    def get(self, path: str, *, client=None, method: str = "GET", **headers: str) -> Answer:
        connection = self.connection(client)
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        out = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        return out

    def seen(self) -> list[str]:
        return [json.loads(line)["who"] for line in self.log.read_text().splitlines() if json.loads(line)["subscribers"]]

    def stop(self) -> None:
        self._nginx.stop()
        self.console.stop()


@pytest.fixture
def fronted(workspace, new_folder):
    hits.record(workspace, [{"time": "now", "qname": "hoax.example"}])
    made = []

    def make(example):
        made.append(Fronted(workspace, new_folder("nginx"), example))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_people_with_a_password_are_let_in_and_named(fronted):
    front = fronted("nginx-passwords.conf")
    assert front.get("/hits").status == 401 and front.get("/hits", Authorization=basic("budi", "wrong")).status == 401
    answer = front.get("/hits", Authorization=basic("budi", "rahasia"), X_Saring_User="siti")
    assert answer.status == 200 and "hoax.example" in answer.text and "default-src 'none'" in answer.headers["content-security-policy"]
    assert front.seen() == ["budi"], "whatever a browser claims"
    assert front.get("/hits", Authorization=basic("budi", "rahasia"), method="POST").status == 403


def test_people_with_a_certificate_are_let_in_and_named(fronted):
    front = fronted("nginx-certificates.conf")
    assert front.get("/hits").status == 400, "no certificate"
    client = front.authority.issue_person("budi.isp.example")
    answer = front.get("/hits", client=client)
    assert answer.status == 200 and "hoax.example" in answer.text
    assert front.seen() == ["CN=budi.isp.example"]


def test_the_live_view_comes_through_at_once(workspace, fronted):
    front = fronted("nginx-passwords.conf")
    connection = front.connection()
    connection.request("GET", "/events", headers={"Authorization": basic("budi", "rahasia")})
    events = Events.__new__(Events)
    events._connection, events.answer = connection, connection.getresponse()
    events.wait("now")
    hits.record(workspace, [{"time": "now", "qname": "fresh.example"}])
    assert events.wait("hit")["qname"] == "fresh.example"
    events.close()
