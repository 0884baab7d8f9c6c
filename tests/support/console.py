"""A real `blocklist-tool console`, on a loopback port or a unix socket, and what a browser without scripts gets of it."""
import html.parser
import http.client
import json
import os
import re
import socket
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from support import paths
from support.waiting import wait_for
from support.workspace import Workspace

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Parsed(html.parser.HTMLParser):
    """A page's tables, text, links and headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.tables: list[list[list[str]]] = []
        self.links: list[tuple[str, str]] = []
        self.words = ""
        self.unclosed: list[str] = []
        self._cell: str | None = None
        self._link: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID and "/" not in self.get_starttag_text()[-2:]:
            self.unclosed.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell = ""
        elif tag == "a":
            self._link = [dict(attrs)["href"], ""]

    def handle_endtag(self, tag):
        if tag in self.unclosed:
            assert self.unclosed[-1] == tag, (tag, self.unclosed[-5:])
            self.unclosed.pop()
        if tag in ("td", "th"):
            self.tables[-1][-1].append(self._cell)
            self._cell = None
        elif tag == "a":
            self.links.append(tuple(self._link))
            self._link = None

    def handle_data(self, data):
        self.words += data
        if self._cell is not None:
            self._cell += data
        if self._link is not None:
            self._link[1] += data

    def rows(self, table: int = 0) -> list[list[str]]:
        return self.tables[table][1:]


class Answer:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)

    def page(self) -> Parsed:
        return Parsed(self.text)

    def __repr__(self) -> str:
        return f"{self.status} {self.headers}\n{self.text[:3000]}"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=30)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self._path)


class Console:
    """Started at once; whoever makes it calls stop()."""

    def __init__(self, workspace: Workspace, *options: str, listen: str = "127.0.0.1:0", environment: dict[str, str] | None = None) -> None:
        self._log = (workspace.folder / f"console-{id(self)}.log").open("w+b")
        self._process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", str(paths.TOOL), "--config", str(workspace.config), "console", "--listen", listen, *options], stdout=subprocess.PIPE,
                                         stderr=self._log, text=True, env={**os.environ, "LANGUAGE": "en", **(environment or {})})
        line = self._process.stdout.readline()
        found = re.search(r"listens on (\S+)", line)
        assert found, (line, self.log())
        self.url = found[1]
        self.socket = Path(self.url[5:]) if self.url.startswith("unix:") else None
        self.pid = self._process.pid

    def log(self) -> str:
        self._log.flush()
        return Path(self._log.name).read_text(errors="replace")

    def connection(self) -> http.client.HTTPConnection:
        if self.socket:
            return UnixConnection(self.socket)
        host, port = self.url.removeprefix("http://").rstrip("/").rsplit(":", 1)
        return http.client.HTTPConnection(host.strip("[]"), int(port), timeout=30)

    def get(self, path: str, *, patient: bool = True, **asked: Any) -> Answer:
        """Waits when it is asked to slow down, unless that is what a test is about."""
        last: list[Answer] = []

        def answered() -> bool:
            last[:] = [self._get(path, **asked)]
            return not patient or (last[0].status, last[0].headers.get("retry-after")) != (429, "1")

        wait_for(answered, "an answer")
        return last[0]

    def _get(self, path: str, *, method: str = "GET", headers: dict[str, str] | None = None, body: bytes | None = None, **query: Any) -> Answer:
        connection = self.connection()
        try:
            asked = path + ("?" + urlencode(query) if query else "")
            connection.request(method, asked, body=body, headers={"Accept-Language": "en", **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def page(self, path: str, **query: Any) -> Parsed:
        answer = self.get(path, **query)
        assert answer.status == 200, answer
        return answer.page()

    def stop(self) -> int:
        self._process.terminate()
        code = self._process.wait(timeout=30)
        self._process.stdout.close()
        self._log.close()
        return code


class Events:
    """A live view, read as it comes."""

    def __init__(self, console: Console, path: str) -> None:
        def is_taken() -> bool:
            self._connection = console.connection()
            self._connection.request("GET", path)
            self.answer = self._connection.getresponse()
            return self.answer.status != 429

        wait_for(is_taken, "an answer")
        assert self.answer.status == 200, self.answer.read()

    def wait(self, kind: str) -> Any:
        """The next event of this kind; others are passed over."""
        event = None
        while True:
            line = self.answer.readline().decode().rstrip("\n")
            if line.startswith("event: "):
                event = line[7:]
            elif line.startswith("data: ") and event == kind:
                return json.loads(line[6:])

    def close(self) -> None:
        self.answer.close()
        self._connection.close()
