"""conf/feed/nginx.conf with a real nginx: the feed is served as clients want it, and nothing else is."""
import http.client
import re
import ssl
from fnmatch import fnmatch

import pytest

from support import paths
from support.ports import Port
from support.process import Server
from support.served import follow
from support.tool import DONE
from support.waiting import wait_for


class FeedServer:
    """The example with the paths of a test."""

    def __init__(self, folder, directory, authority) -> None:
        certificate, key = authority.issue("DNS:localhost")
        self.port, self.authority, self.log = Port(), authority, folder / "access.log"
        text = (paths.ROOT / "conf/feed/nginx.conf").read_text()
        for shipped, here in {"/etc/nginx/saring-feed.pem": str(certificate), "/etc/nginx/saring-feed.key": str(key),
                              "alias /srv/feed/": f"alias {directory}/",
                              "server_name feed.example": "server_name localhost",
                              "listen 443 ssl": f"listen 127.0.0.1:{self.port.number} ssl"}.items():
            assert shipped in text, shipped
            text = text.replace(shipped, here)
        text = re.sub(r"\n *listen \[::\].*", "", text)
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n"
                            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(f"daemon off; master_process off; pid {folder}/pid; error_log stderr;\n"
                                           f"events {{ }}\nhttp {{ log_format short '$connection $request $status';\n"
                                           f"access_log {folder}/access.log short; {temporary}\n{text}\n}}\n")
        self.port.release()
        self.server = Server(["/usr/sbin/nginx", "-c", f"{folder}/nginx.conf", "-p", str(folder)], folder / "log", {})
        wait_for(self.listens, "nginx listening")

    def listens(self) -> bool:
        assert self.server.exit_code() is None, self.server.log_text()
        try:
            return bool(self.request("GET", "/"))
        except ConnectionRefusedError:
            return False

    def requests(self) -> list[tuple[str, ...]]:
        """Of each: connection, method, path, protocol, status. Forgets them."""
        lines = self.log.read_text().splitlines()
        self.log.write_text("")
        return [tuple(line.split()) for line in lines]

    def request(self, method: str, path: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
        context = ssl.create_default_context(cafile=self.authority.certificate)
        connection = http.client.HTTPSConnection("localhost", self.port.number, context=context, timeout=10)
        connection.request(method, path, headers=headers or {})
        return connection.getresponse()


@pytest.fixture
def served(feed, ca, new_folder):
    feed.publish_orders("B-1")
    (feed.directory / ".hidden").write_text("x")
    server = FeedServer(new_folder("nginx"), feed.directory, ca)
    yield server
    server.server.stop()


def test_a_client_can_verify_the_feed(served, feed, ca):
    url = f"https://localhost:{served.port.number}/orders/"
    done = feed.workspace.tool("feed", "verify", url, "--ca-file", str(ca.certificate))
    assert done.code == DONE and "all good" in done.out, done


def test_a_sync_takes_one_connection_and_fetches_no_file_twice(served, feed, ca):
    follow(feed, f"https://localhost:{served.port.number}/orders/", ca)
    served.requests()
    assert feed.sync().code == DONE
    made = served.requests()
    files = ["orders/*.json", "orders/*.json.*.minisig", "signatures/*.minisig", "feed.json"]
    assert len(made) == len(files) and made[0][2] == "/orders/feed.json", made
    for file in files:
        assert len([path for _, _, path, _, _ in made if fnmatch(path, f"/orders/{file}")]) == 1, (file, made)
    assert {(method, protocol, status) for _, method, _, protocol, status in made} == {("GET", "HTTP/2.0", "200")}
    assert len({connection for connection, *_ in made}) == 1, made
    assert feed.sync().code == DONE
    assert [(path, status) for _, _, path, _, status in served.requests()] == [("/orders/feed.json", "304")]


def test_nothing_is_compressed_and_caches_ask_again(served):
    answer = served.request("GET", "/orders/feed.json", {"Accept-Encoding": "gzip, br"})
    assert answer.status == 200 and answer.getheader("Content-Encoding") is None
    assert answer.getheader("Cache-Control") == "no-cache"


@pytest.mark.parametrize("method, path, status", [
    ("GET", "/orders/", 403), ("GET", "/orders/.hidden", 404), ("GET", "/", 404), ("GET", "/etc/passwd", 404),
    ("GET", "/orders/../etc/passwd", 404), ("POST", "/orders/feed.json", 403), ("PUT", "/orders/feed.json", 403),
])
def test_nothing_else_is_served(served, method, path, status):
    assert served.request(method, path).status == status
