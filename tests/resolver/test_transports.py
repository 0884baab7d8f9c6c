"""Blocked in the same way over every transport and by every kind of client."""
import subprocess

import pytest

from support import orders
from support.authority import RESOLVED
from support.resolver import Tls
from support.workspace import REDIRECT_A


@pytest.fixture(scope="module")
def resolver(shared_workspace, resolver_of, new_folder):
    folder = new_folder("tls")
    tls = Tls(folder / "key.pem", folder / "certificate.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=resolver.test", "-addext", "subjectAltName=DNS:resolver.test",
                    "-keyout", tls.key, "-out", tls.certificate], check=True, capture_output=True)
    shared_workspace.block("hoax.example")
    shared_workspace.block("landing.example", id="B-2/UJI/2024", action="redirect")
    return resolver_of(shared_workspace, tls=tls, threads=2).start()


def assert_blocked(answer):
    assert answer.status == "NXDOMAIN" and answer.blocked_by(orders.ID), answer.raw


def test_udp(resolver):
    assert_blocked(resolver.dig("hoax.example"))
    assert resolver.dig("udp.example").data("A") == [RESOLVED]


def test_tcp(resolver):
    assert_blocked(resolver.dig("hoax.example", "A", "+tcp"))
    assert resolver.dig("tcp.example", "A", "+tcp").data("A") == [RESOLVED]


def test_tls(resolver):
    options = ("+tls-ca=" + str(resolver._tls.certificate), "+tls-hostname=resolver.test")
    assert_blocked(resolver.kdig("hoax.example", "A", *options, port=resolver.tls_port))
    assert resolver.kdig("tls.example", "A", *options, port=resolver.tls_port).data("A") == [RESOLVED]


@pytest.mark.parametrize("method", ["+https", "+https-get"])
def test_https(resolver, method):
    options = (method, "+tls-ca=" + str(resolver._tls.certificate), "+tls-hostname=resolver.test")
    assert_blocked(resolver.kdig("hoax.example", "A", *options, port=resolver.https_port))
    landing = resolver.kdig("landing.example", "A", *options, port=resolver.https_port)
    assert landing.data("A") == [REDIRECT_A], landing.raw
    assert resolver.kdig("https.example", "A", *options, port=resolver.https_port).data("A") == [RESOLVED]


def test_several_questions_on_one_tcp_connection(resolver):
    output = subprocess.run([
        "dig", "-r", "@127.0.0.1", "-p",
        str(resolver.port), "+tcp", "+keepopen", "+noall", "+comments", "hoax.example", "A", "many.example", "A",
        "www.hoax.example", "A"
    ], capture_output=True, text=True, check=False).stdout
    statuses = [line.split("status: ")[1].split(",")[0] for line in output.splitlines() if "status: " in line]
    assert statuses == ["NXDOMAIN", "NOERROR", "NXDOMAIN"], output


def test_a_client_without_edns_is_blocked_without_the_explanation(resolver):
    answer = resolver.dig("hoax.example", "A", "+noedns")
    assert answer.status == "NXDOMAIN" and "OPT PSEUDOSECTION" not in answer.raw, answer.raw


def test_a_client_with_a_small_buffer_gets_a_whole_answer(resolver):
    assert_blocked(resolver.dig("hoax.example", "A", "+bufsize=512", "+ignore"))
    assert resolver.dig("landing.example", "AAAA", "+bufsize=512", "+ignore").status == "NOERROR"
