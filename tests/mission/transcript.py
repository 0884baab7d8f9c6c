"""The transcript of the mission: prose, commands as typed with their output and duration, and the table of times."""
import itertools
import re
import textwrap
import threading
from dataclasses import dataclass, field

LONGEST = 14  # lines of an output that are shown whole


def shortened(text: str, most: int = LONGEST) -> str:
    lines = [line.rstrip() for line in text.splitlines()]
    if len(lines) > most:
        lines = [*lines[:most * 2 // 3], "…", *lines[len(lines) - most // 3:]]
    return "\n".join(lines)


def wrapped(typed: str, width: int = 112) -> str:
    """A long command on several lines, broken before options and pipes."""
    lines = [""]
    for part in re.split(r" (?=--|\| )", typed):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("   ")
        lines[-1] += f" {part}" if lines[-1] else part
    return " \\\n".join(lines)


@dataclass
class Transcript:
    parts: list[tuple[bool, str]] = field(default_factory=list)  # whether it is a command, and its text
    times: list[tuple[str, float]] = field(default_factory=list)
    checks: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def heading(self, text: str) -> None:
        self._add(f"\n## {text}\n")

    def say(self, text: str) -> None:
        self._add(text)

    def command(self, prompt: str, typed: str, output: str, code: int, seconds: float, most: int) -> None:
        ending = (f"exit code {code}, " if code else "") + f"{seconds:.1f} s"
        self._add(f"{prompt}$ {wrapped(typed)}  # {ending}\n{shortened(output, most)}".rstrip(), is_command=True)

    def time(self, what: str, seconds: float) -> None:
        with self._lock:
            self.times.append((what, seconds))
        print(f"{seconds:7.1f} s  {what}", flush=True)

    def _add(self, part: str, is_command: bool = False) -> None:
        with self._lock:
            self.parts.append((is_command, part))
        print(part, flush=True)

    def page(self, head: str) -> str:
        table = "| from – to | seconds |\n|---|---|\n"
        table += "".join(f"| {what} | {seconds:.1f} |\n" for what, seconds in self.times)
        body = ""
        for is_command, together in itertools.groupby(self.parts, lambda part: part[0]):
            texts = [text.strip() for _, text in together]
            body += "\n```console\n" + "\n".join(texts) + "\n```\n" if is_command else "".join(
                f"\n{textwrap.fill(text, 120)}\n" for text in texts)
        return f"{head}\n{table}\n{self.checks} statements were checked; all held.\n{body}"
