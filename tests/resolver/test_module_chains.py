"""The module does its work, and lets the others do theirs, wherever an ISP puts it in the chain."""
import pytest

from support import orders
from support.authority import RESOLVED
from support.workspace import REDIRECT_A, REDIRECT_AAAA

# Chains that unbound-checkconf accepts.
CHAINS = [
    "dynlib iterator",
    "dynlib validator iterator",
    "dynlib respip validator iterator",
    "dynlib subnetcache validator iterator",
    "dynlib respip subnetcache validator iterator",
    "dynlib dns64 validator iterator",
    "dynlib dns64 subnetcache validator iterator",
    "respip dynlib validator iterator",
]
REWRITTEN = "203.0.113.99"


@pytest.fixture(params=CHAINS)
def chain(request):
    return request.param


@pytest.fixture
def resolver(workspace, resolver_of, chain):
    workspace.block("hoax.example")
    workspace.block("empty.example", id="B-2/UJI/2024", action="nodata")
    workspace.block("landing.example", id="B-3/UJI/2024", action="redirect")
    extra = "server:\n"
    if "respip" in chain:
        extra += f'    response-ip: {RESOLVED}/32 redirect\n    response-ip-data: {RESOLVED}/32 "A {REWRITTEN}"\n'
    if "subnetcache" in chain:
        extra += "    send-client-subnet: 127.0.0.1\n    client-subnet-always-forward: yes\n"
    server = resolver_of(workspace, chain=chain, extra=extra).start()
    yield server
    server.stop()


def test_blocks_and_resolves(resolver, chain):
    for name in ("hoax.example", "www.hoax.example"):
        answer = resolver.dig(name)
        assert answer.status == "NXDOMAIN" and answer.blocked_by(orders.ID), answer.raw
    redirected = resolver.dig("landing.example")
    assert redirected.data("A") == [REDIRECT_A] and redirected.blocked_by("B-3/UJI/2024"), redirected.raw
    assert resolver.dig("news.example").data("A") == [REWRITTEN if "respip" in chain else RESOLVED]


def test_no_address_of_a_blocked_name_leaks(resolver):
    for name in ("hoax.example", "empty.example"):
        answer = resolver.dig(name, "AAAA")
        assert not answer.answer and answer.errors, answer.raw
    assert resolver.dig("landing.example", "AAAA").data("AAAA") == [REDIRECT_AAAA]


def test_a_revoked_name_resolves_with_nothing_of_the_block_left_behind(resolver, workspace):
    assert resolver.dig("hoax.example").status == "NXDOMAIN"
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    answer = resolver.dig("hoax.example")
    assert answer.status == "NOERROR" and len(answer.data("A")) == 1 and not answer.errors, answer.raw


def test_a_client_subnet_does_not_get_around_the_block(resolver):
    answer = resolver.dig("hoax.example", "A", "+subnet=192.0.2.0/24")
    assert answer.status == "NXDOMAIN" and answer.blocked_by(orders.ID), answer.raw
