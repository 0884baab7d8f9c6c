"""Command blocks of the guides, and a place to type them in as they stand.

A fenced block of `sh` is typed by tests/tool/test_documents.py unless a comment before it
gives a reason why not: `<!-- not run: REASON -->`. `<!-- needs: WHAT -->` and `<!-- setup: WHAT -->`
name what the test has to prepare first."""
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from support import paths

FENCE = re.compile(r"(?:<!-- (not run|needs|setup): ([^>]*?) -->\n)?```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    mark: str  # not run, needs, setup, or empty
    what: str
    language: str
    text: str


def blocks(document: Path) -> list[Block]:
    return [Block(mark or "", what or "", language, text) for mark, what, language, text in FENCE.findall(document.read_text())]


class Desk:
    """A reader's shell: the programs in PATH, and the machine's folders that the guides name moved into one of the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.config = folder / "etc/saring/saring.toml"
        for name in ("home", "etc/saring", "var/lib/saring", "var/backups", "srv", "run/saring"):
            (folder / name).mkdir(parents=True)
        self.configure("")

    def moved(self, text: str) -> str:
        text = text.replace("https://feed.example/orders/", f"file://{self.folder}/srv/feed/")
        return re.sub(r"(?<![\w/.])/(etc/saring|var/lib/saring|var/backups|srv|run/saring)\b", rf"{self.folder}/\1", text)

    def configure(self, more: str) -> None:
        """The shipped saring.toml with its paths written out and moved, and more behind it."""
        shipped = (paths.ROOT / "conf/saring.toml").read_text()
        shipped = re.sub(r'^#(\w+ = "/(?:var/lib|run)/saring.*)$', r"\1", shipped, flags=re.MULTILINE)
        self.config.write_text(self.moved(shipped) + more)

    def type(self, script: str) -> subprocess.CompletedProcess:
        environment = {**os.environ, "PATH": f"{paths.TOOL.parent}:{os.environ['PATH']}", "SARING_CONFIG": str(self.config),
                       "HOME": str(self.home), "LC_ALL": "C.UTF-8"}
        return subprocess.run(["bash", "-euo", "pipefail", "-xc", self.moved(script)], cwd=self.home, env=environment, text=True,
                              capture_output=True, check=False, timeout=120)

    def do(self, script: str) -> str:
        done = self.type(script)
        assert done.returncode == 0, f"exit code {done.returncode} of\n{script}\n{done.stdout}{done.stderr}"
        return done.stdout
