"""An authoritative server whose answers a test writes in Python: slow, odd, or changing."""
import socket
import threading
from typing import Callable

import dns.flags
import dns.message
import dns.rrset

from support import ports


class Scripted:
    """Answers over UDP. `handler(qname, qtype)` gives the answer's records as text lines such as
    "hoax.example. 300 IN A 192.0.2.1", an RCODE, or None to stay silent; it may block, since
    every question has a thread of its own. Lines that begin with "authority:" or "additional:" go
    into these sections."""

    def __init__(self, handler: Callable[[str, str], list[str] | int | None]) -> None:
        self._handler = handler
        self.asked: list[tuple[str, str]] = []
        self._port = ports.Port()
        self.port = self._port.number
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", self.port))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                data, client = self._socket.recvfrom(65535)
            except OSError:
                return
            threading.Thread(target=self._answer, args=(data, client), daemon=True).start()

    def _answer(self, data: bytes, client: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        name, type_ = query.question[0].name.to_text(), dns.rdatatype.to_text(query.question[0].rdtype)
        self.asked.append((name.lower(), type_))
        said = self._handler(name.lower(), type_)
        if said is None:
            return
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA
        if isinstance(said, int):
            response.set_rcode(said)
        else:
            for line in said:
                section, _, line = line.rpartition(": ")
                owner, ttl, class_, rtype, data_text = line.split(None, 4)
                owner = name if owner.rstrip(".") == name.lower().rstrip(".") else owner
                getattr(response, section or "answer").append(
                    dns.rrset.from_text(owner, int(ttl), class_, rtype, data_text)
                )
        try:
            self._socket.sendto(response.to_wire(), client)
        except OSError:
            pass

    def questions(self, name: str) -> int:
        return sum(1 for asked, _ in self.asked if asked.rstrip(".") == name.rstrip("."))

    def forward(self, zone: str) -> str:
        """A clause of unbound.conf that sends a zone here."""
        return f'forward-zone:\n    name: "{zone}"\n    forward-addr: 127.0.0.1@{self.port}\n'

    def stub(self, zone: str) -> str:
        """The same as an authority: Unbound sends queries without RD, with QNAME minimisation."""
        return f'stub-zone:\n    name: "{zone}"\n    stub-addr: 127.0.0.1@{self.port}\n'

    def stop(self) -> None:
        self._socket.close()
        self._port.release()
