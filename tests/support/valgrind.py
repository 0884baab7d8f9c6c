"""Runs a server under valgrind and returns the findings that concern our code."""
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from support import paths


def command(report: Path) -> tuple[str, ...]:
    # --keep-debuginfo: a reload unmaps saring.so, and a leak found at exit must
    # still be recognised as ours. Nothing is suppressed.
    return ("valgrind", "--quiet", "--leak-check=full", "--show-leak-kinds=definite,indirect,possible",
            "--errors-for-leak-kinds=definite,indirect,possible", "--keep-debuginfo=yes", "--num-callers=40",
            "--track-fds=no", "--child-silent-after-fork=yes", "--xml=yes", f"--xml-file={report}")


def _ours(frame: ElementTree.Element) -> bool:
    place = " ".join(frame.findtext(tag, "") for tag in ("obj", "dir", "file"))
    return (paths.MODULE.name in place or "saring::" in frame.findtext("fn", "")
            or any(f"{paths.ROOT}/{folder}" in place for folder in ("blocklist", "module")))


def findings(report: Path) -> list[str]:
    """Errors and leaks with a frame of ours in any of their stacks, as readable text."""
    found = []
    for error in ElementTree.parse(report).getroot().iter("error"):
        frames = list(error.iter("frame"))
        if any(_ours(frame) for frame in frames):
            stack = [frame.findtext("fn") or frame.findtext("obj") or "?" for frame in frames]
            text = error.findtext("what") or error.findtext("xwhat/text") or ""
            found.append(f"{error.findtext('kind')}: {text}\n    " + "\n    ".join(stack))
    return found
