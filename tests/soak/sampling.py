"""Figures of a running process and of its files, taken every few seconds."""
import os
import threading
import time
from pathlib import Path
from typing import Any

from bench.measure import file_bytes, memory
from resolver import KEPT_LOGS, Soaked
from support.workspace import Workspace


class Sampler:
    def __init__(self, resolver: Soaked, workspace: Workspace, period: float) -> None:
        self.samples: list[dict[str, Any]] = []
        self._resolver, self._workspace, self._period = resolver, workspace, period
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._begun = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stop.wait(self._period):
            try:
                self.samples.append(self._look())
            except (FileNotFoundError, ProcessLookupError):
                continue  # the process has ended; the verdict reports it

    def _look(self) -> dict[str, Any]:
        pid, process = self._resolver.server.pid, Path(f"/proc/{self._resolver.server.pid}")
        of = memory([pid])
        log = self._resolver.log_file
        logs = [log, *(log.with_suffix(f".{n}") for n in range(1, KEPT_LOGS + 1))]
        return {
            "at": time.monotonic() - self._begun, "rss": of["rss"], "anonymous": of["anonymous"],
            "threads": len(os.listdir(process / "task")), "descriptors": len(os.listdir(process / "fd")),
            "blocklist file": file_bytes([self._workspace.database / "data.mdb"]),
            "hits file": file_bytes([*self._workspace.hits.glob("*.hits"),
                                     *self._workspace.hits.glob("*.counts")]), "log files": file_bytes(logs)
        }
