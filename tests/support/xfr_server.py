"""A name server in Python that answers each request over TCP with the messages that a test gives."""
import socket
import struct
import threading
from typing import Callable, Iterable

import dns.flags
import dns.message
import dns.name
import dns.rrset
import dns.tsig
import dns.tsigkeyring

from support.knot import ZONE, TsigKey

APEX = dns.name.from_text(ZONE)


def soa(serial: int, zone: str = ZONE) -> str:
    return f"{zone}. 300 IN SOA localhost. root.localhost. {serial} 3600 600 86400 60"


def block(name: str) -> str:
    return f"{name}.{ZONE}. 300 IN CNAME ."


def keyring(key: TsigKey) -> dict:
    return {dns.name.from_text(key.name): dns.tsig.Key(key.name, key.secret, key.algorithm)}


class Answer:
    """The messages of one answer, signed as the request was."""

    def __init__(self, query: dns.message.Message) -> None:
        self._query = query
        self._context = None

    def message(self, records: Iterable[str], *, signed: bool = True, rcode: int = 0, truncated: bool = False) -> bytes:
        response = dns.message.make_response(self._query)
        response.set_rcode(rcode)
        if truncated:
            response.flags |= dns.flags.TC
        # One RRset a record: the order matters, and SOA records recur.
        response.answer = [
            dns.rrset.from_text(*record.split(maxsplit=4)[:1], int(record.split()[1]), *record.split(maxsplit=4)[2:])
            for record in records
        ]
        if not self._query.had_tsig:
            return response.to_wire(max_size=65535)
        if not signed:
            response.tsig = None
            wire = response.to_wire(max_size=65535)
            if self._context is not None:
                self._context.update(wire)
            return wire
        wire = response.to_wire(max_size=65535, multi=True, tsig_ctx=self._context)
        self._context = response.tsig_ctx
        return wire


Handler = Callable[[dns.message.Message, Answer], Iterable[bytes]]


class XfrServer:
    """`handler` yields the messages; it may be replaced between requests. None: waits without end."""

    def __init__(self, handler: Handler, key: TsigKey | None = None) -> None:
        self.handler = handler
        self.asked: list[str] = []  # the types of the requests
        self._keyring = keyring(key) if key else None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ended = threading.Event()
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._attend, args=(connection,), daemon=True).start()

    def _attend(self, connection: socket.socket) -> None:
        with connection:
            try:
                self._serve(connection)
            except OSError:
                pass  # the client closed the connection, as it may

    def _serve(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        [size] = struct.unpack("!H", stream.read(2))
        query = dns.message.from_wire(stream.read(size), keyring=self._keyring)
        self.asked.append(dns.rdatatype.to_text(query.question[0].rdtype))
        for wire in self.handler(query, Answer(query)):
            if wire is None:
                self._ended.wait()
                return
            connection.sendall(struct.pack("!H", len(wire)) + wire)

    def stop(self) -> None:
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
