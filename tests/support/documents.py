"""Command blocks of the guides, and a desk at which they are typed as they stand.

tests/tool/test_documents.py types each fenced block of `sh`, unless a comment before it says why not:
`<!-- not run: REASON -->`. Other comments before a block:
  `<!-- needs: WHAT -->`, `<!-- setup: WHAT -->`   the test prepares this first
  `<!-- broken: NAME -->`                          the test breaks this first (troubleshooting.md)
  `<!-- asks: WHAT -->`                            the commands ask on the terminal
  `<!-- prints -->`                                a block of `text`: the output of the `sh` block before it
  `<!-- prints: exit code 4 -->`                   the same, and its exit code
In an output … matches any text; alone on a line, any lines. SARING_UPDATE_GUIDES=1 writes new output into them."""
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from support import paths

FENCE = re.compile(r"(?:<!-- (not run|needs|setup|broken|asks|prints)(?:: ([^>]*?))? -->\n)?```(\w+)\n(.*?)^```$",
                   re.MULTILINE | re.DOTALL)
# Differs from run to run.
VARIES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|\b[0-9A-Fa-f]{16,}\b|(?<=\bRW)[0-9A-Za-z+/=]{54}|"
                    r"(?<=process )\d+|\b\d+(?= bytes?\b)|(?<=written )\d+(?= s ago)|"
                    r"\b\d+(?= s after)|(?<= id: )\d+|(?<=seed )\d+|\b\d{8}T\d{6}Z")


@dataclass(frozen=True)
class Block:
    mark: str  # not run, needs, setup, or empty
    what: str
    language: str
    text: str


def blocks(document: Path) -> list[Block]:
    return [Block(mark or "", what or "", language, text)
            for mark, what, language, text in FENCE.findall(document.read_text())]


def language_of(document: Path) -> str:
    return "id" if document.name.endswith(".id.md") else "en"


def with_outputs(document: Path) -> list[tuple[Block, Block | None]]:
    """Each block, and the one that shows what it prints."""
    found = blocks(document)
    return [(block, after if after and after.mark == "prints" else None)
            for block, after in zip(found, [*found[1:], None], strict=True) if block.mark != "prints"]


def matches(expected: str, printed: str) -> bool:
    lines = [r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*?") + r"\n"
             for line in expected.splitlines()]
    return re.fullmatch("".join(lines), printed) is not None


class Desk:
    """A reader's shell: the programs in PATH, and the folders that the guides name below one of the test."""

    def __init__(self, folder: Path, language: str = "en") -> None:
        self.folder = folder
        self.language = language
        self.home = folder / "home"
        self.config = folder / "etc/saring/saring.toml"
        for name in ("home", "etc/saring", "var/lib/saring", "var/backups", "srv", "run/saring"):
            (folder / name).mkdir(parents=True)
        self.configure("")

    def moved(self, text: str) -> str:
        text = text.replace("https://feed.example/orders/", f"file://{self.folder}/srv/feed/")
        return re.sub(r"(?<![\w/.])/(etc/saring|var/lib/saring|var/backups|srv|run/saring)\b",
                      rf"{self.folder}/\1", text)

    def configure(self, more: str) -> None:
        """The shipped saring.toml with its paths written out and moved, and more behind it."""
        shipped = (paths.ROOT / "conf/saring.toml").read_text()
        shipped = re.sub(r'^#(\w+ = "/(?:var/lib|run)/saring.*)$', r"\1", shipped, flags=re.MULTILINE)
        self.config.write_text(self.moved(shipped) + more)

    def type(self, script: str) -> subprocess.CompletedProcess:
        return subprocess.run(["bash", "-euo", "pipefail", "-xc", self.moved(script)], cwd=self.home,
                              env=self.environment(), text=True, capture_output=True, check=False, timeout=120)

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PATH": f"{paths.TOOL.parent}:{os.environ['PATH']}", "SARING_CONFIG": str(self.config),
                "HOME": str(self.home), "COLUMNS": "120", "LANGUAGE": self.language,
                "LC_ALL": "id_ID.UTF-8" if self.language == "id" else "C.UTF-8"}

    def as_printed(self, text: str) -> str:
        """As the reader of the guide sees it: with the paths of the guide, and … where runs differ."""
        text = text.replace(f"file://{self.folder}/srv/feed/", "https://feed.example/orders/")
        text = text.replace(f"{self.folder}/", "/")
        return VARIES.sub("…", "".join(f"{line.rstrip()}\n" for line in text.splitlines()))

    def show(self, script: str) -> tuple[int, str]:
        """The exit code, and all that a terminal would show."""
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", self.moved(script)], cwd=self.home,
                              env=self.environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              check=False, timeout=120)
        # The tool needs no generated locale; bash does.
        return done.returncode, self.as_printed(re.sub(r"bash: warning: setlocale: .*\n", "", done.stdout))

    def do_unasked(self, script: str) -> None:
        """Types commands that ask for passwords and for yes or no, with the options that keep them from asking:
        opening a key with a password takes 1 GiB of memory and seconds. test_order_sign.py answers such questions."""
        script = re.sub(r"^(blocklist-tool key generate .*)$", r"\1 --no-password", script, flags=re.MULTILINE)
        self.do(re.sub(r"^(blocklist-tool order sign .*)$", r"\1 --yes", script, flags=re.MULTILINE))

    def check_printed(self, document: Path, block: Block, output: Block) -> str:
        """Types the block, and compares what it prints with what the guide says that it does."""
        code, printed = self.show(block.text)
        wanted = int(output.what.removeprefix("exit code ") or 0)
        assert code == wanted, f"exit code {code}, not {wanted}, of\n{block.text}\n{printed}"
        if not matches(output.text, printed):
            if os.environ.get("SARING_UPDATE_GUIDES"):
                document.write_text(document.read_text().replace(f"```text\n{output.text}```",
                                                                 f"```text\n{printed}```", 1))
            else:
                assert printed == output.text, f"{document.name} shows another output of\n{block.text}"
        return printed

    def do(self, script: str) -> str:
        done = self.type(script)
        assert done.returncode == 0, f"exit code {done.returncode} of\n{script}\n{done.stdout}{done.stderr}"
        return done.stdout
