"""An order that drops ends its question alone: others on the same TCP or TLS connection are answered."""
import socket
import ssl
import struct
import subprocess

import dns.message
import pytest

from support.authority import RESOLVED
from support.resolver import Tls


@pytest.fixture(scope="module")
def resolver(shared_workspace, resolver_of, new_folder):
    folder = new_folder("tls")
    tls = Tls(folder / "key.pem", folder / "certificate.pem")
    subprocess.run([
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-subj", "/CN=resolver.test", "-keyout", tls.key, "-out", tls.certificate
    ], check=True, capture_output=True)
    shared_workspace.block("dropped.example", action="drop")
    return resolver_of(shared_workspace, tls=tls, extra="server:\n    incoming-num-tcp: 100\n").start()


def connection(resolver, transport):
    stream = socket.create_connection(
        ("127.0.0.1", resolver.tls_port if transport == "tls" else resolver.port), timeout=10
    )
    if transport == "tcp":
        return stream
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(stream)


def send(stream, *questions):
    stream.sendall(b"".join(struct.pack("!H", len(wire)) + wire for wire in (q.to_wire() for q in questions)))


def receive(stream):
    def exactly(size):
        data = b""
        while len(data) < size:
            more = stream.recv(size - len(data))
            assert more, "the connection was closed"
            data += more
        return data
    return dns.message.from_wire(exactly(*struct.unpack("!H", exactly(2))))


def question(name):
    return dns.message.make_query(name, "A", use_edns=0)


@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_others_on_the_connection_are_answered(resolver, transport):
    with connection(resolver, transport) as stream:
        for turn in range(5):
            first, dropped, last = question(f"a{turn}.example"), question("dropped.example"), question(
                f"b{turn}.example")
            send(stream, first, dropped, dropped, last)
            told = {message.id: message for message in (receive(stream), receive(stream))}
            assert set(told) == {first.id, last.id}
            assert all(message.answer[0][0].to_text() == RESOLVED for message in told.values())


@pytest.mark.parametrize("transport", ["tcp", "tls"])
def test_however_many_were_dropped_on_it(resolver, transport):
    with connection(resolver, transport) as stream:
        for _ in range(200):
            send(stream, question("dropped.example"))
        last = question("last.example")
        send(stream, last)
        assert receive(stream).id == last.id
    assert resolver.dig("after.example").data("A") == [RESOLVED]


def test_connections_that_are_left_after_a_drop_are_free_again(resolver):
    for _ in range(300):
        with connection(resolver, "tcp") as stream:
            send(stream, question("dropped.example"))
    assert resolver.dig("after.example", "A", "+tcp").data("A") == [RESOLVED]
