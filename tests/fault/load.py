"""Clients that keep asking while something breaks, and count the answers."""
import socket
import threading
import time

import dns.message
import dns.rcode

BLOCKED, ALLOWED = "hoax.example", "news.example"
PATIENCE = 10.0  # seconds; the machine may be busy


class Load:
    """Asks for a listed and an unlisted name in turn, new names and repeated ones. Counts: blocked, passed (listed but
    answered), answered, wrong (unlisted but refused), servfail, silent (no answer in time)."""

    def __init__(self, port: int, pause: float = 0.003) -> None:
        self.counts = dict.fromkeys(("blocked", "passed", "answered", "wrong", "servfail", "silent"), 0)
        self.moments: dict[str, list[float]] = {"passed": [], "wrong": [], "servfail": [], "silent": []}
        self._port, self._pause = port, pause
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Load":
        self._begun = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._stop.set()
        self._thread.join(PATIENCE + 5)
        self._ended = time.monotonic()

    def rate(self) -> float:
        """Answers a second, of one client that sends one query after the other."""
        return round((self.total() - self.counts["silent"]) / (self._ended - self._begun), 1)

    def total(self) -> int:
        return sum(self.counts.values())

    def wait(self, more: int, deadline: float = 60.0) -> None:
        """Until `more` further queries were answered or timed out."""
        until, end = self.total() + more, time.monotonic() + deadline
        while self.total() < until and time.monotonic() < end:
            self._stop.wait(0.01)

    def _run(self) -> None:
        asker, number = Asker(self._port), 0
        while not self._stop.wait(self._pause):
            number += 1
            listed = number % 2 == 0
            fresh = f"n{number}." if number % 4 < 2 else ""
            seen = asker.ask(fresh + (BLOCKED if listed else ALLOWED), listed)
            self.counts[seen] += 1
            if seen in self.moments:
                self.moments[seen].append(time.monotonic())


class Asker:
    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)

    def ask(self, name: str, listed: bool) -> str:
        question = dns.message.make_query(name, "A", use_edns=0)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(PATIENCE)
            try:
                asking.sendto(question.to_wire(), self._to)
                answer = dns.message.from_wire(asking.recv(65535))
            except OSError:
                return "silent"
        if answer.rcode() == dns.rcode.SERVFAIL:
            return "servfail"
        if answer.rcode() == dns.rcode.NOERROR and answer.answer:
            return "passed" if listed else "answered"
        return "blocked" if listed and answer.rcode() == dns.rcode.NXDOMAIN else "wrong"
