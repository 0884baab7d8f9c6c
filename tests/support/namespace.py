"""A network and a resolv.conf of the test's own, for programs that ask the system's resolver on port 53.

The whole test process moves in, and with it every server and browser it starts; loopback is
all there is, so nothing gets out. Needs root or the right to make namespaces."""
import ctypes
import os
import subprocess
from pathlib import Path

import pytest

_CLONE_NEWNS, _CLONE_NEWNET = 0x00020000, 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), what)


class Namespace:
    def __init__(self, folder: Path, addresses: list[str]) -> None:
        """Enters it. Skips the test, with the reason, if that is not allowed."""
        self._before = [(os.open(f"/proc/self/ns/{kind}", os.O_RDONLY), flag)
                        for kind, flag in (("net", _CLONE_NEWNET), ("mnt", _CLONE_NEWNS))]
        # Entering a mount namespace ends at its root: outside the chroot, if the tests run in one.
        self._places = [os.open(place, os.O_PATH | os.O_DIRECTORY) for place in ("/", ".")]
        self._entered = False
        try:
            _check(_libc.unshare(_CLONE_NEWNS | _CLONE_NEWNET), "unshare")
            self._entered = True
            for arguments in (["mount", "--make-rprivate", "/"], ["ip", "link", "set", "lo", "up"],
                              *(["ip", "address", "add", address, "dev", "lo", *(["nodad"] if ":" in address else [])]
                                for address in addresses)):
                subprocess.run(arguments, check=True, capture_output=True)
            resolv = folder / "resolv.conf"
            resolv.write_text("nameserver 127.0.0.1\n")
            subprocess.run(["mount", "--bind", str(resolv), "/etc/resolv.conf"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            self.leave()
            why = error.stderr.decode(errors="replace") if isinstance(error, subprocess.CalledProcessError) else error
            pytest.skip(f"no network namespace of our own here: {why}")

    def leave(self) -> None:
        for file, flag in self._before:
            _libc.setns(file, flag)
            os.close(file)
        if self._entered:
            root, folder = self._places
            os.fchdir(root)
            os.chroot(".")
            os.fchdir(folder)
        for place in self._places:
            os.close(place)
        self._before, self._places, self._entered = [], [], False


def own_mounts() -> list[str]:
    """The words before a command that mounts, so that no other process sees the mount. Skips the test where that is not
    possible, as in a chroot whose root is no mount point."""
    words = ["unshare", "--mount", "--propagation", "private"]
    tried = subprocess.run([*words, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"no mounts of our own here: {tried.stderr.strip()}")
    return words
