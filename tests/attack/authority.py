"""The authority of a world: answers slowly and in any order, or not at all."""
import heapq
import random
import selectors
import socket
import threading
import time

import dns.flags
import dns.message
import dns.rdataclass
import dns.rrset

from support import ports
from world import World

KEY_HELD = 2.5  # seconds by which the slow zone's DNSKEY is delayed


class Authority:
    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = random.Random(f"{world.seed} authority")
        self._port = ports.Port()
        self.port = self._port.number
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", self.port))
        self._socket.setblocking(False)
        self._waiting: list[tuple[float, int, bytes, tuple]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self.asked = 0

    def _delay(self, type_: str, name: str) -> float | None:
        if type_ == "DNSKEY" and name == "slow.test":
            return KEY_HELD
        luck = self._chance.random()
        return self._chance.uniform(0, 0.02) if luck < 0.85 else self._chance.uniform(0.05, 0.3) if luck < 0.97 else \
            self._chance.uniform(1, 2) if luck < 0.995 else None

    def _answer(self, wire: bytes, client: tuple) -> None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, type_ = question.name.to_text().lower().rstrip("."), dns.rdatatype.to_text(question.rdtype)
        delay = self._delay(type_, name)
        self.asked += 1
        if delay is None:
            return
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA
        for line in self._world.records(name, type_, self._chance.choice([2, 5, 30, 300])):
            section, _, line = line.rpartition(": ")
            owner, ttl, class_, rtype, data = line.split(None, 4)
            owner = question.name.to_text() if owner == f"{name}." else owner  # the qname's letter case
            getattr(response, section or "answer").append(dns.rrset.from_text(owner, int(ttl), class_, rtype, data))
        if not response.answer:
            soa = "ns.test. hostmaster.test. 1 3600 600 86400 5"
            response.authority.append(dns.rrset.from_text("test.", 30, "IN", "SOA", soa))
        heapq.heappush(self._waiting, (time.monotonic() + delay, self.asked, response.to_wire(), client))

    def _serve(self) -> None:
        selector = selectors.DefaultSelector()
        selector.register(self._socket, selectors.EVENT_READ)
        while not self._stop.is_set():
            pause = min(0.2, self._waiting[0][0] - time.monotonic()) if self._waiting else 0.2
            if selector.select(max(pause, 0)):
                try:
                    self._answer(*self._socket.recvfrom(65535))
                except (dns.exception.DNSException, OSError):
                    pass
            while self._waiting and self._waiting[0][0] <= time.monotonic():
                _, _, wire, client = heapq.heappop(self._waiting)
                self._socket.sendto(wire, client)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self._socket.close()
        self._port.release()
