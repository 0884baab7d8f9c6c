"""The commands and options in the manual pages, and those in the programs' help."""
import re
import subprocess
from pathlib import Path

from support import paths

SOURCES = paths.ROOT / "docs" / "man"


def plain(text: str) -> str:
    """Without scdoc's escapes."""
    return re.sub(r"\\(.)", r"\1", text)


def documented() -> dict[str, set[str]]:
    """Options by command, as the sections `## blocklist-tool …` of the pages have them."""
    commands: dict[str, set[str]] = {}
    for page in sorted(SOURCES.glob("blocklist-tool*.8.scd")):
        command = None
        for line in page.read_text().splitlines():
            if line.startswith("#"):
                heading = re.match(r"## blocklist-tool (.*)", plain(line))
                command = heading[1] if heading else None
                if command is not None:
                    assert command not in commands, f"{page.name} has {command} a second time"
                    commands[command] = set()
            elif command is not None and line.startswith("*-"):
                commands[command] |= set(re.findall(r"(?<!\S)\*(--?[\w-]+)\*", line))
    return commands


def pairs() -> set[str]:
    """The commands of an object and an action, e.g. `order show` and `config check`, as the synopses have them."""
    pages = "\n".join(page.read_text() for page in SOURCES.glob("blocklist-tool*.8.scd"))
    return set(re.findall(r"^\*blocklist-tool (\w+ \w+)\*", pages, flags=re.MULTILINE))


def offered(*path: str) -> dict[str, set[str]]:
    """Options by command and operands, e.g. `order sign file`, as --help has them at every level."""
    shown = subprocess.run([str(paths.TOOL), *path, "--help"], capture_output=True, text=True, check=True).stdout
    parts = dict(re.findall(r"^(\w+):\n((?:(?:  .*)?\n)*)", shown, flags=re.MULTILINE))
    below = re.findall(r"^  (\w[\w-]*)", parts.get("Subcommands", ""), flags=re.MULTILINE)
    if below:
        return {command: options for name in below for command, options in offered(*path, name).items()}
    operands = re.findall(r"^  (\w+)(.*)", parts.get("Positionals", ""), flags=re.MULTILINE)
    words = [name + ("..." if "..." in rest else "") for name, rest in operands]
    flags = {
        flag for line in re.findall(r"^  (-\S+)", parts["Options"], flags=re.MULTILINE) for flag in line.split(",")
    }
    return {" ".join([*path, *words]): flags - {"-h", "--help"}}


def page(source: Path, folder: Path) -> Path:
    """The page that scdoc makes of it."""
    made = folder / source.stem
    with source.open() as given, made.open("w") as written:
        subprocess.run(["scdoc"], stdin=given, stdout=written, check=True)
    return made
