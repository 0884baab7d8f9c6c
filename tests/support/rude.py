"""An HTTPS server that misbehaves in a given way, which no real server does on request."""
import socket
import ssl
import threading
from pathlib import Path
from typing import Callable

# Gets the request's number (from 0), its path, and the connection to answer on.
Behaviour = Callable[[int, str, ssl.SSLSocket], None]


class Rude:
    def __init__(
        self, certificate: Path, key: Path, behaviour: Behaviour, newest: ssl.TLSVersion | None = None
    ) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if newest:
            self._context.set_ciphers("ALL:@SECLEVEL=0")  # without this OpenSSL offers no protocol that old
            self._context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            self._context.maximum_version = newest
        self._context.load_cert_chain(certificate, key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._behaviour = behaviour
        self._stopped = threading.Event()
        self.paths: list[str] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"https://localhost:{self._listener.getsockname()[1]}/"

    @property
    def stopped(self) -> threading.Event:
        return self._stopped

    def stop(self) -> None:
        self._stopped.set()
        self._listener.close()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with self._context.wrap_socket(connection, server_side=True) as secure:
                request = b""
                while b"\r\n\r\n" not in request:
                    more = secure.recv(65536)
                    if not more:
                        return
                    request += more
                path = request.split()[1].decode()
                self.paths.append(path)
                self._behaviour(len(self.paths) - 1, path, secure)
        except OSError:
            pass  # the client closed the connection, as it should


def reply(status: str, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    lines = [
        f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close",
        *headers
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
