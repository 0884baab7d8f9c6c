"""Two clients in two regions that send queries without a pause."""
import random
import selectors
import socket
import threading
import time

import dns.exception
import dns.flags
import dns.message
import dns.rdataclass

from listing import Listing
from world import NAMES, TYPES, World

OUTSTANDING = 60  # queries in flight of each client
PATIENCE = 4.0


class Client:
    def __init__(self, world: World, listing: Listing, address: str, port: int) -> None:
        self._world, self._listing, self._address, self._port = world, listing, address, port
        self._chance = random.Random(f"{world.seed} client {address}")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.faults: list[str] = []
        self.answers = self.blocked = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _question(self) -> dns.message.Message:
        chance = self._chance
        name = chance.choice(NAMES)
        if chance.random() < 0.1:
            name = f"new{chance.randrange(1000)}.{name}"
        name = "".join(chance.choice([c, c.upper()]) for c in name)
        class_ = dns.rdataclass.ANY if chance.random() < 0.03 else dns.rdataclass.IN
        question = dns.message.make_query(name, chance.choice(TYPES), class_, use_edns=0,
                                          want_dnssec=chance.random() < 0.2)
        for flag, share in ((dns.flags.CD, 0.4), (dns.flags.AD, 0.1)):
            if chance.random() < share:
                question.flags |= flag
        if chance.random() < 0.02:
            question.flags &= ~dns.flags.RD
        return question

    def _run(self) -> None:
        selector, sockets = selectors.DefaultSelector(), []
        for _ in range(OUTSTANDING):
            one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            one.bind((self._address, 0))
            one.connect(("127.0.0.1", self._port))
            one.setblocking(False)
            selector.register(one, selectors.EVENT_READ)
            sockets.append(one)
        waiting: dict[socket.socket, tuple[dns.message.Message, float]] = {}
        while not self._stop.is_set():
            now = time.monotonic()
            for one in sockets:
                if one not in waiting or now - waiting[one][1] > PATIENCE:
                    question = self._question()
                    waiting[one] = question, now
                    one.send(question.to_wire())
            for key, _ in selector.select(0.1):
                try:
                    message = dns.message.from_wire(key.fileobj.recv(65535))
                except (OSError, dns.exception.DNSException):
                    continue
                question, sent = waiting.get(key.fileobj, (None, 0))
                if question and message.id == question.id:
                    del waiting[key.fileobj]
                    self._judge(message, sent)
        for one in sockets:
            one.close()

    def _judge(self, message: dns.message.Message, sent: float) -> None:
        self.answers += 1
        self.blocked += any(option.otype == 15 for option in message.options)
        if fault := self._listing.fault(self._world, message, self._address, sent, time.monotonic()):
            self.faults.append(f"{self._address} {fault}:\n{message}")
