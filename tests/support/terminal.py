"""Runs the tool with its output on a terminal."""
import fcntl
import os
import pty
import struct
import subprocess
import termios

from support import paths
from support.workspace import Workspace


def on_a_terminal(workspace: Workspace, *arguments: str, columns: int = 80, locale: str = "C.UTF-8", typed: str = "",
                  environment: dict[str, str] | None = None) -> str:
    """The output on a terminal; `typed` is the input. Without a pager, unless `environment` names one."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {**os.environ, "LC_ALL": locale, "PAGER": "cat", "TERM": "xterm", **(environment or {})}
    process = subprocess.Popen([str(paths.TOOL), "--config", str(workspace.config), *arguments],
                               stdin=its, stdout=its, stderr=its, env=environment)
    os.close(its)
    if typed:
        os.write(ours, typed.encode())
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # EIO: the other end has closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    process.wait(timeout=60)
    return shown.decode().replace("\r\n", "\n")
