"""A real ClickHouse server on loopback ports, and a proxy that loses or delays the shippers' requests."""
import http.client
import os
import platform
import socket
import subprocess
import threading
import urllib.parse
from pathlib import Path
from typing import Callable

from support.ports import Port
from support.process import Server
from support.waiting import wait_for

PROGRAM = "/usr/sbin/clickhouse-server"
# Debian 13 has no such package; where there is one, packaging/bootstrap installs it, and its absence is a failure.
ABSENT = not Path(PROGRAM).exists() and platform.freedesktop_os_release().get("VERSION_CODENAME") != "bookworm"
USER, PASSWORD = "saring", "rahasia & sandi"

CONFIG = """<yandex>
 <logger><level>error</level><console>1</console></logger>
 <http_port>{http}</http_port><tcp_port>{tcp}</tcp_port><interserver_http_port>{interserver}</interserver_http_port>
 <listen_host>127.0.0.1</listen_host><timezone>Asia/Jakarta</timezone>
 <path>{folder}/data/</path><tmp_path>{folder}/tmp/</tmp_path>
 <format_schema_path>{folder}/formats/</format_schema_path><user_files_path>{folder}/files/</user_files_path>
 <users_config>{folder}/users.xml</users_config>
   <default_profile>default</default_profile><default_database>default</default_database>
 <mark_cache_size>33554432</mark_cache_size>
   <uncompressed_cache_size>0</uncompressed_cache_size><max_concurrent_queries>50</max_concurrent_queries>
 <merge_tree><old_parts_lifetime>1</old_parts_lifetime></merge_tree>
</yandex>
"""
USERS = """<yandex>
 <profiles><default><max_threads>2</max_threads>
   <log_queries>0</log_queries><background_pool_size>2</background_pool_size>
   <fsync_metadata>0</fsync_metadata></default></profiles>
 <users>
  <default><password></password>
   <networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>
  <{user}><password>{password}</password>
   <networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></{user}>
 </users>
 <quotas><default></default></quotas>
</yandex>
"""


class ClickHouse:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ports = [Port() for _ in range(3)]
        self.port = self._ports[0].number
        http_port, tcp, interserver = (port.number for port in self._ports)
        (folder / "config.xml").write_text(
            CONFIG.format(http=http_port, tcp=tcp, interserver=interserver, folder=folder)
        )
        (folder / "users.xml").write_text(USERS.format(user=USER, password=PASSWORD.replace("&", "&amp;")))
        self._server: Server | None = None

    def url(self, database: str, user: str = USER, port: int | None = None) -> str:
        return f"http://{user}@127.0.0.1:{port or self.port}/{database}"

    def start(self) -> "ClickHouse":
        self._server = Server(
            [PROGRAM, f"--config-file={self.folder}/config.xml"], self.folder / "log", dict(os.environ)
        )
        wait_for(self._answers, "ClickHouse answering")
        return self

    def _answers(self) -> bool:
        assert self._server and self._server.exit_code() is None, self._server and self._server.log_text()[-3000:]
        try:
            return self.ask("SELECT 1") == "1\n"
        except (OSError, http.client.HTTPException):
            return False

    def ask(self, sql: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", "/", sql.encode())
            answer = connection.getresponse()
            text = answer.read().decode()
            assert answer.status == 200, f"{sql}\n{text}"
            return text
        finally:
            connection.close()

    def rows(self, sql: str) -> list[tuple[str, ...]]:
        return [tuple(line.split("\t")) for line in self.ask(sql).splitlines()]

    def kill(self) -> None:
        """kill -9."""
        if self._server:
            self._server.kill()

    def stop(self) -> None:
        self.kill()  # its data is no longer needed, and a clean end takes seconds
        for port in self._ports:
            port.release()


class Between:
    """Forwards HTTP requests to the server. `judge(number)` says of each insert, numbered from 1:
    "pass"; "lose" the answer; "hold" the insert back, as a network or a busy server may, until release().
    `before(request)` runs before each request is forwarded, with all its text."""

    def __init__(self, server: ClickHouse, judge: Callable[[int], str] = lambda _: "pass",
                 before: Callable[[str], None] = lambda _: None) -> None:
        self._server, self._judge, self._before = server, judge, before
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.inserts = 0
        self.held: list[tuple[str, bytes, dict[str, str]]] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            while line := stream.readline():
                path = line.split()[1].decode()
                headers = http.client.parse_headers(stream)
                body = stream.read(int(headers["Content-Length"]))
                kept = {"Authorization": headers["Authorization"]} if headers["Authorization"] else {}
                verdict = "pass"
                if "INSERT INTO" in urllib.parse.unquote_plus(path):
                    self.inserts += 1
                    verdict = self._judge(self.inserts)
                if verdict == "hold":
                    self.held.append((path, body, kept))
                    return  # the shipper sees the connection break
                self._before(urllib.parse.unquote_plus(path) + body.decode(errors="replace"))
                status, text = self._forward(path, body, kept)
                if verdict == "lose":
                    return
                connection.sendall(f"HTTP/1.1 {status} X\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text)

    def _forward(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        forward = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=60)
        forward.request("POST", path, body, headers)
        answer = forward.getresponse()
        text = answer.read()
        forward.close()
        return answer.status, text

    def release(self) -> list[int]:
        """Delivers the delayed requests; the server's status for each."""
        held, self.held = self.held, []
        return [self._forward(*one)[0] for one in held]

    def close(self) -> None:
        self._listener.close()


class Shipper(subprocess.Popen):
    """`hits ship` in the background."""

    def __init__(self, tool: Path, config: Path, log: Path, *words: str) -> None:
        with log.open("ab") as output:
            super().__init__([str(tool), "--config", str(config), "hits", "ship", *words], stdin=subprocess.DEVNULL,
                             stdout=output, stderr=output)
