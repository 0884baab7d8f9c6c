"""The resolver of the soak: its log file is rotated while it runs, its caches are small enough to fill."""
import os
import threading
from pathlib import Path

from support.resolver import Resolver
from support.waiting import wait_for

KEPT_LOGS = 2


class Soaked(Resolver):
    staying = "-d"  # in the foreground, its log where the configuration says

    @property
    def log_file(self) -> Path:
        return self.folder / "unbound.log"

    def configuration(self) -> str:
        return (super().configuration() +
                f'server:\n    logfile: "{self.log_file}"\n    verbosity: 1\n    log-servfail: yes\n'
                "    msg-cache-size: 4m\n    rrset-cache-size: 8m\n    cache-min-ttl: 0\n")

    def log_text(self) -> str:
        """All kept logs, the newest last."""
        files = [self.log_file.with_suffix(f".{n}") for n in range(KEPT_LOGS, 0, -1)] + [self.log_file]
        return "".join(file.read_text(errors="replace") for file in files if file.exists())

    def rotate(self) -> None:
        """Renames the log and makes Unbound reopen it, as logrotate does."""
        for n in range(KEPT_LOGS, 0, -1):
            older, newer = self.log_file.with_suffix(f".{n}"), self.log_file.with_suffix(
                f".{n - 1}") if n > 1 else self.log_file
            if newer.exists():
                os.replace(newer, older)
        self.control("log_reopen")
        wait_for(self.log_file.exists, "a new log file")

    def reload(self) -> None:
        """Until it answers again; the log may be rotated meanwhile, so nothing is read from it."""
        self.control("reload")
        pause = threading.Event()
        pause.wait(0.05)
        wait_for(self._controls, "Unbound in service again after a reload", 60)

    def _controls(self) -> bool:
        try:
            return "is running" in self.control("status")
        except AssertionError:
            return False
