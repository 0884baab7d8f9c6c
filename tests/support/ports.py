"""Free loopback ports that tests running side by side do not take from each other.

Binding port 0 and letting go of it is not enough: Unbound sets SO_REUSEADDR on its
UDP sockets, so two of them can bind one port without an error and steal each other's
queries. Each port handed out is therefore also held by an abstract unix socket, which
every test process sees and which goes away with the process that holds it.
"""
import random
import socket

# Below the kernel's ephemeral range; the tests' Unbounds send from outside it too.
FIRST, LAST = 20000, 29999


def _bindable(kind: int, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as trial:
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Port:
    """One loopback port, free for UDP and TCP when handed out, held until released."""

    def __init__(self) -> None:
        self._hold = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        for number in random.sample(range(FIRST, LAST + 1), 1000):
            try:
                self._hold.bind(f"\0saring-test-port-{number}")
            except OSError:
                continue
            if _bindable(socket.SOCK_DGRAM, number) and _bindable(socket.SOCK_STREAM, number):
                self.number = number
                return
            self._hold.close()
            self._hold = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        raise RuntimeError(f"no free port among 1000 tried in {FIRST}-{LAST}")

    def release(self) -> None:
        self._hold.close()
