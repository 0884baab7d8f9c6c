"""Many clients with different addresses that send queries at the same moment."""
import socket
import struct
from dataclasses import dataclass

import dns.message
import dns.query

PATIENCE = 30.0


@dataclass
class Client:
    address: str
    transport: str
    socket: socket.socket


class Crowd:
    """Sends from loopback addresses and keeps the sockets until the answers are read."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._clients: list[Client] = []

    def ask(self, address: str, name: str, type_: str = "A", transport: str = "udp", times: int = 1,
            prefix: bytes = b"", port: int | None = None, again: Client | None = None, **options) -> Client:
        """`times`: how often in a row. `again`: on that client's socket. `prefix`: in front of a
        datagram or stream."""
        kind = socket.SOCK_STREAM if transport == "tcp" else socket.SOCK_DGRAM
        client = again or Client(address, transport, socket.socket(socket.AF_INET, kind))
        if not again:
            client.socket.settimeout(PATIENCE)
            client.socket.bind((address, 0))
            client.socket.connect(("127.0.0.1", port or self._port))
        wires = [dns.message.make_query(name, type_, use_edns=0, **options).to_wire() for _ in range(times)]
        if transport == "tcp":
            client.socket.sendall(prefix + b"".join(struct.pack("!H", len(wire)) + wire for wire in wires))
        else:
            for wire in wires:
                client.socket.send(prefix + wire)
        self._clients += [client] * times
        return client

    def answers(self) -> list[tuple[str, bytes | None]]:
        """(address, wire) in the order of the queries; None: the resolver closed the stream."""
        said = [(client.address, self._read(client)) for client in self._clients]
        for client in self._clients:
            client.socket.close()
        self._clients.clear()
        return said

    @staticmethod
    def _exactly(stream: socket.socket, size: int) -> bytes | None:
        data = b""
        while len(data) < size:
            more = stream.recv(size - len(data))
            if not more:
                return None
            data += more
        return data

    def _read(self, client: Client) -> bytes | None:
        if client.transport == "udp":
            return client.socket.recv(65535)
        try:
            size = self._exactly(client.socket, 2)
            return size and self._exactly(client.socket, struct.unpack("!H", size)[0])
        except ConnectionResetError:
            return None
