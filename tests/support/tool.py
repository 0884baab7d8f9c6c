"""Runs the real blocklist-tool."""
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support import paths

# The tool's exit codes, as its manual promises them.
DONE, NO, USAGE, UNSAFE, UNTRUSTED, DATABASE, NETWORK = range(7)


@dataclass(frozen=True)
class Result:
    command: str
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)

    def __str__(self) -> str:  # what pytest shows when an assertion on it fails
        return f"$ {self.command}\nexit code {self.code}\n{self.out}{self.err}"

    __repr__ = __str__


class Tool:
    def __init__(self, config: Path | None) -> None:
        self._config = config

    def __call__(self, *arguments: str | Path, stdin: str | None = None) -> Result:
        """Runs it and returns the result, success or failure."""
        words = [str(word) for word in arguments]
        options = ["--config", str(self._config)] if self._config else []
        done = subprocess.run([str(paths.TOOL), *options, *words], input=stdin, text=True, errors="replace",
                              capture_output=True, check=False, timeout=240)
        return Result(" ".join(["blocklist-tool", *words]), done.returncode, done.stdout, done.stderr)

    def do(self, *arguments: str | Path) -> Result:
        """Runs it and fails the test unless it succeeds."""
        result = self(*arguments)
        assert result.code == DONE, result
        return result

    def refused(self, code: int | set[int], *arguments: str | Path) -> Result:
        """Runs it and fails the test unless it ends with this code and a one-line reason."""
        result = self(*arguments)
        assert result.code in (code if isinstance(code, set) else {code}), result
        lines = result.err.strip().splitlines()
        assert lines and lines[-1].startswith("blocklist-tool: "), result
        return result
