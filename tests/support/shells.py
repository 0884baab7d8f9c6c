"""Real shells that complete a command line, as for a person who presses Tab."""
import os
import pty
import re
import select
import subprocess
import time
from pathlib import Path

from support import paths

SCRIPTS = paths.ROOT / "blocklist-tool" / "completion"
PROMPT = "READY> "
DEADLINE = 60.0


class Typing:
    """A shell on a terminal."""

    def __init__(self, words: list[str], environment: dict[str, str]) -> None:
        self._ours, its = pty.openpty()
        self._process = subprocess.Popen(
            words, stdin=its, stdout=its, stderr=its, env=environment, start_new_session=True
        )
        os.close(its)
        self._seen = ""

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def wait_for(self, pattern: str) -> re.Match:
        end = time.monotonic() + DEADLINE
        while not (found := re.search(pattern, self._seen)):
            left = end - time.monotonic()
            assert left > 0 and select.select([self._ours], [], [], left)[0], f"no {pattern!r} in {self._seen!r}"
            self._seen += os.read(self._ours, 65536).decode(errors="replace").replace("\r", "")
        self._seen = self._seen[found.end():]
        return found

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)


def environment(config: Path, folder: Path) -> dict[str, str]:
    return {
        "PATH": f"{paths.TOOL.parent}:/usr/bin:/bin", "SARING_CONFIG": str(config), "HOME": str(folder), "TERM": "dumb",
        "LC_ALL": "C.UTF-8", "PS1": PROMPT
    }


def bash(config: Path, folder: Path, line: str) -> str:
    """The line after Tab; if several words fit, `completions` has them."""
    shell = Typing(["bash", "--norc", "--noprofile", "-i"], environment(config, folder))
    try:
        shell.wait_for(re.escape(PROMPT))
        shell.type(f"source {SCRIPTS}/blocklist-tool.bash; bind 'set enable-bracketed-paste off'; echo sour''ced\n")
        shell.wait_for("sourced\n")
        # Prints the completed line instead of running it.
        shell.type("shown() { printf '<%s>\\n' \"$READLINE_LINE\"; }; bind -x '\"\\C-g\": shown'; echo bou''nd\n")
        shell.wait_for("bound\n")
        shell.wait_for(re.escape(PROMPT))
        shell.type(f"blocklist-tool {line}\t\x07")
        return shell.wait_for(r"<blocklist-tool (.*)>\n")[1]
    finally:
        shell.close()


def bash_choices(config: Path, folder: Path, line: str) -> set[str]:
    """All words that bash offers after two Tabs."""
    shell = Typing(["bash", "--norc", "--noprofile", "-i"], environment(config, folder))
    try:
        shell.wait_for(re.escape(PROMPT))
        shell.type(
            f"source {SCRIPTS}/blocklist-tool.bash; bind 'set enable-bracketed-paste off'; bind 'set page-completions "
            f"off'; echo sour''ced\n"
        )
        shell.wait_for("sourced\n")
        shell.wait_for(re.escape(PROMPT))
        shell.type(f"blocklist-tool {line}\t\t")
        shell.wait_for(re.escape(f"blocklist-tool {line}") + r"[^\n]*\n")
        return set(shell.wait_for(r"([^\x00]*?)" + re.escape(PROMPT))[1].split())
    finally:
        shell.close()


def fish(config: Path, folder: Path, line: str) -> set[str]:
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"source {SCRIPTS}/blocklist-tool.fish; complete -C 'blocklist-tool {line}'"],
        env=environment(config, folder), cwd=folder, capture_output=True, text=True, check=True)
    return {line.split("\t")[0] for line in done.stdout.splitlines()}


def zsh(config: Path, folder: Path, line: str) -> str:
    """The line after Tab."""
    shell = Typing(["zsh", "-f", "-i"], environment(config, folder))
    try:
        shell.type(
            f"autoload -Uz compinit; compinit -u -D; source {SCRIPTS}/blocklist-tool.zsh; shown() {{ print -r -- "
            f"\"<$BUFFER>\" }}; zle -N shown; bindkey '^G' shown; "
            "unsetopt zle_bracketed_paste 2>/dev/null; unset zle_bracketed_paste; echo sour''ced\n"
        )
        shell.wait_for("sourced\n")
        shell.type(f"blocklist-tool {line}\t\x07")
        return shell.wait_for(r"<blocklist-tool (.*)>")[1]
    finally:
        shell.close()
