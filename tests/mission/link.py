"""A slow and lossy link between this network namespace and another one, as over a geostationary satellite.

With netem where the kernel has it: a pair of veth devices, each delayed. Otherwise two tun devices, and a thread
between them that delays and drops packets. Both act on IP packets, so TCP, TLS and DNS meet delay and loss as on such
a link."""
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time
from pathlib import Path

_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


def inside_of(namespace: Path | None) -> list[str]:
    """The words before a command that is to run in a namespace."""
    return ["nsenter", f"--net={namespace}"] if namespace else []


def ip(*words: str, inside: Path | None = None) -> None:
    done = subprocess.run([*inside_of(inside), "ip", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"


def join(namespace: Path, near: str, far: str) -> None:
    """A fast link to a namespace; `near` and `far` are the addresses of its ends, which have a /30 to themselves."""
    ip("link", "add", _near_end(namespace), "type", "veth", "peer", "name", "uplink", "netns", str(namespace))
    _address(_near_end(namespace), namespace, near, far)


def _near_end(namespace: Path) -> str:
    return f"to-{namespace.name}"


def _address(device: str, namespace: Path, near: str, far: str) -> None:
    ip("address", "add", f"{near}/30", "dev", device)
    ip("link", "set", device, "up")
    ip("address", "add", f"{far}/30", "dev", "uplink", inside=namespace)
    ip("link", "set", "uplink", "up", inside=namespace)
    ip("route", "add", "default", "via", near, inside=namespace)


class SlowLink:
    """`delay` in seconds and `loss` as a share, both in each direction."""

    def __init__(self, namespace: Path, near: str, far: str, delay: float, loss: float) -> None:
        self._delay, self._loss = delay, loss
        self._relay: threading.Thread | None = None
        join(namespace, near, far)
        self.means = "netem"
        if not (_netem(_near_end(namespace), delay, loss) and _netem("uplink", delay, loss, namespace)):
            ip("link", "delete", _near_end(namespace))
            self.means = "a relay between two tun devices (this kernel has no netem)"
            self._join_by_relay(namespace, near, far)

    def _join_by_relay(self, namespace: Path, near: str, far: str) -> None:
        self._devices = [_tun("satellite"), _tun("uplink")]
        self._random = random.Random(21)
        ip("link", "set", "uplink", "netns", str(namespace))
        _address("satellite", namespace, near, far)
        self._ended = threading.Event()
        self._relay = threading.Thread(target=self._pass_on, daemon=True)
        self._relay.start()

    def _pass_on(self) -> None:
        waiting: list[tuple[float, int, int, bytes]] = []
        count = 0
        while not self._ended.is_set():
            pause = max(0.0, waiting[0][0] - time.monotonic()) if waiting else 0.1
            for device in select.select(self._devices, [], [], min(pause, 0.1))[0]:
                packet = os.read(device, 65536)
                if self._random.random() >= self._loss:
                    count += 1
                    to = self._devices[1 - self._devices.index(device)]
                    heapq.heappush(waiting, (time.monotonic() + self._delay, count, to, packet))
            while waiting and waiting[0][0] <= time.monotonic():
                _, _, to, packet = heapq.heappop(waiting)
                os.write(to, packet)

    def stop(self) -> None:
        if self._relay:
            self._ended.set()
            self._relay.join()
            for device in self._devices:
                os.close(device)


def _netem(device: str, delay: float, loss: float, inside: Path | None = None) -> bool:
    words = [*inside_of(inside), "tc", "qdisc", "add", "dev", device, "root", "netem",
             "delay", f"{delay * 1000:g}ms", "loss", f"{loss * 100:g}%"]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _tun(name: str) -> int:
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TUN | _IFF_NO_PI))
    return device
