"""The setup of every scenario: the authority, the list, the contenders that started."""
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator

from bench.authority import Authority
from bench.contenders import ALL, Contender, DidNotSurvive
from bench.measure import file_bytes, memory
from bench.mixes import Mixes
from bench.names import Blocklist
from support import paths

LISTS = paths.ROOT / "build" / "bench"  # generated lists stay for the next run


def say(text: str) -> None:
    print(f"bench: {text}", flush=True)


@dataclass
class Options:
    names: list[int]
    contenders: list[str]
    repeat: int
    seconds: float
    memory_limit: int
    quick: bool


@dataclass
class Stage:
    options: Options
    folder: Path
    authority: Authority
    blocklist: Blocklist
    mixes: Mixes
    failed: dict[str, str] = field(default_factory=dict)
    begun: list[Contender] = field(default_factory=list)

    def contender(self, name: str, suffix: str = "") -> Contender:
        return ALL[name](
            self.folder / f"{name}{suffix}", self.blocklist, self.authority.port, self.options.memory_limit
        )

    def prepared(self, name: str, suffix: str = "") -> Contender | None:
        """The contender, ready to start; None: preparation failed."""
        one = self.contender(name, suffix)
        self.begun.append(one)
        try:
            one.prepare()
        except Exception as error:  # noqa: BLE001: one contender's failure is a result
            self.fail(one, error)
            return None
        return one

    def started(self, names: list[str] | None = None) -> list[Contender]:
        """The contenders that start, running side by side; failures are recorded."""
        out = []
        for name in names or self.options.contenders:
            one = self.prepared(name)
            if one is None:
                continue
            try:
                seconds = one.start()
            except DidNotSurvive as error:
                self.fail(one, error)
                continue
            say(f"{name}: ready after {seconds:.3f} s")
            out.append(one)
        return out

    def fail(self, one: Contender, error: Exception) -> None:
        say(f"{one.name}: {error}")
        self.failed[one.name] = str(error).splitlines()[0][:200]
        self.drop(one)

    def drop(self, one: Contender) -> None:
        one.discard()
        self.begun.remove(one)


@contextmanager
def stage(options: Options, count: int) -> Iterator[Stage]:
    folder = Path(tempfile.mkdtemp(prefix="saring-bench-"))
    blocklist = Blocklist(LISTS, count)
    blocklist.file("domains")
    authority = Authority(folder / "authority")
    made = Stage(options, folder, authority, blocklist, Mixes(folder / "mixes", blocklist))
    try:
        yield made
    finally:
        for one in list(made.begun):
            made.drop(one)
        authority.stop()
        shutil.rmtree(folder, ignore_errors=True)


def costs(one: Contender) -> dict[str, Any]:
    return {**memory(one.pids), "file": file_bytes(one.files())}
