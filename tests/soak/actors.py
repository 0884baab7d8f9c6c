"""The activity around a resolver in service: each actor repeats one action on its own thread."""
import os
import threading
from itertools import count
from typing import Callable

from resolver import Soaked
from support import mmdb, orders
from support.workspace import Workspace

LIVING = 20  # orders in force besides the permanent one
REGIONS = ("JK", "JB", "JT")


class Actor:
    def __init__(self, name: str, period: float, act: Callable[[int], None]) -> None:
        self.name, self.times, self.failed = name, 0, ""
        self._period, self._act = period, act
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(120)

    def _run(self) -> None:
        for number in count():
            if self._stop.wait(self._period):
                return
            try:
                self._act(number)
                self.times += 1
            except Exception as error:  # noqa: BLE001: whatever it is, the verdict tells it
                self.failed = self.failed or f"{type(error).__name__}: {error}"[:600]


def all_of(workspace: Workspace, resolver: Soaked) -> list[Actor]:
    tool, lock = workspace.tool, threading.Lock()
    listed = workspace.folder / "list"
    location = workspace.folder / "city.mmdb"

    def order(n: int) -> None:
        id = f"B-CHURN-{n}"
        workspace.block(*[f"s{i}.churn{n % 40}.example" for i in range(10)], id=id,
                        **({"regions": [f"ID-{REGIONS[n % 3]}"]} if n % 4 == 0 else {}))
        if n >= LIVING:
            tool.do("order", "revoke", f"B-CHURN-{n - LIVING}", "--reason", "uji")

    def import_list(n: int) -> None:
        listed.write_text("\n".join(f"l{i}.list.example" for i in range(n % 7 * 300, n % 7 * 300 + 3000)))
        tool.do("list", "import", "--allow-large", "--source", "uji", "--format", "domains", listed)

    def swap_location(n: int) -> None:
        mmdb.write(location, {"127.0.0.0/8": mmdb.subdivision(REGIONS[n % 3])})

    def maintain(n: int) -> None:
        if n % 3 == 0:
            tool.do("db", "compact")
        elif n % 3 == 1:
            tool.do("db", "backup", workspace.folder / "backup", "--replace")
        else:
            assert tool.do("db", "check", "--json").json()["findings"] == []

    def reload(n: int) -> None:
        with lock:
            resolver.reload()

    def rotate(n: int) -> None:
        with lock:
            resolver.rotate()

    return [
        Actor("orders applied and revoked", 2, order),
        Actor("lists imported", 11, import_list),
        Actor("Unbound reloaded", 29, reload),
        Actor("logs rotated", 17, rotate),
        Actor("location database swapped", 7, swap_location),
        Actor("compacted, backed up or checked", 13, maintain),
        Actor("old hits purged", 19, lambda n: purge(workspace)),
    ]


def purge(workspace: Workspace) -> None:
    """Keeps the last half minute, so that the file's size can be flat within minutes."""
    result = workspace.tool("hits", "purge", "--until", "30s", "--yes")
    assert result.code in (0, 1), result


def questions(workspace: Workspace) -> "os.PathLike[str]":
    """Half of the names are unlisted and hot, a quarter are queried rarely, a quarter are listed for good or for a
    while."""
    file = workspace.folder / "questions"
    lines = []
    for i in range(6000):
        lines += [
            f"hot{i % 50}.news.example A", f"hot{i % 37}.news.example AAAA", f"cold{i}.news.example A",
            (f"w{i % 200}.hoax.example A", f"s{i % 10}.churn{i % 40}.example A", f"l{i % 5000}.list.example A")[i % 3]
        ]
    file.write_text("\n".join(lines) + "\n")
    return file


def permanent(workspace: Workspace) -> None:
    location = workspace.folder / "city.mmdb"
    workspace.configure(more=f'\n[region]\nmmdb = "{location}"\n')
    mmdb.write(location, {"127.0.0.0/8": mmdb.subdivision("JK")})
    workspace.block("hoax.example", id=orders.ID)
