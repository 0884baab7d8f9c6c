"""Clients that set CD get an answer that the iterator has found and the validator has not checked yet. While a zone's
operator delays its DNSKEY, that answer must not contain what an order lists."""
import re
import socket
import threading

import dns.message
import pytest

from support import orders
from support.authority import Authority
from support.signed_zone import sign
from support.waiting import wait_for

REAL = "198.51.100.66"
CHAINS = ["dynlib validator iterator", "dynlib subnetcache validator iterator"]
TRUSTED = 'server:\n    trust-anchor: "slow.test. DS 4711 13 2 ' + "AB" * 32 + '"\n    discard-timeout: 0\n'
ALIASES = {"al.good.test.": "mid.hoax.test.", "other.good.test.": "mid.hoax.test.", "mid.hoax.test.": "fin.slow.test."}


class Network:
    """The DNSKEY of `slow.test` is not answered before `keys` is set, the end of all chains not before `end` is."""

    def __init__(self) -> None:
        self.keys, self.end = threading.Event(), threading.Event()
        self.end.set()

    def __call__(self, name: str, type_: str):
        if name == "fin.slow.test.":
            self.end.wait(60)
        if type_ == "DNSKEY":
            self.keys.wait(60)
            return 2
        if name in ALIASES:
            return [f"{name} 300 IN CNAME {ALIASES[name]}"]
        return [f"{name} 300 IN A {REAL}"] if type_ == "A" else []


@pytest.fixture
def network():
    network = Network()
    yield network
    network.keys.set()
    network.end.set()


@pytest.fixture(params=CHAINS)
def slow(workspace, resolver_of, scripted, network, request):
    """A resolver before that network, and the server."""
    workspace.tool.do("db", "init")
    server = scripted(network)
    extra = TRUSTED + server.forward("test.")
    if "subnetcache" in request.param:
        extra += "server:\n    send-client-subnet: 192.0.2.1\n"
    return resolver_of(workspace, chain=request.param, extra=extra).start(), server


def ask_and_leave(resolver, name: str, type_: str = "A") -> None:
    """Sends a query without CD, so that the validator waits, and does not wait for the answer."""
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.sendto(dns.message.make_query(name, type_, use_edns=0).to_wire(), ("127.0.0.1", resolver.port))


def validator_waits(resolver, server, name: str) -> None:
    """Waits until the key is queried, while the client's query has its answer."""
    wait_for(lambda: ("slow.test.", "DNSKEY") in server.asked, "the validator asking for the key")
    wait_for(lambda: re.search(rf"{re.escape(name)}\. .*validator wants", resolver.control("dump_requestlist")),
             "the validator waiting")


def assert_no_answer_with_cd(resolver, name: str) -> None:
    for _ in range(4):
        answer = resolver.dig(name, "A", "+cd", "+tries=1", "+time=1")
        assert REAL not in answer.raw, answer.raw
        assert answer.status is None or answer.blocked_by(orders.ID), answer.raw


def test_a_listed_name_in_the_slow_zone(slow, workspace):
    resolver, server = slow
    # Listed in another region than the client's: this client may get the answer, others may not.
    table = workspace.folder / "prefixes"
    table.write_text("127.0.1.0/24 ID-JK\n127.0.2.0/24 ID-JB\n")
    workspace.configure(more=f'[region]\nprefix_table = "{table}"\n')
    resolver.reload()
    workspace.block("hoax.slow.test", regions=["ID-JK"])
    client = threading.Thread(
        target=resolver.dig, args=("hoax.slow.test", "A", "-b", "127.0.2.1", "+tries=1", "+time=5")
    )
    client.start()
    validator_waits(resolver, server, "hoax.slow.test")
    for _ in range(4):
        assert resolver.dig("hoax.slow.test", "A", "-b", "127.0.1.1", "+cd").blocked_by(orders.ID)
    client.join()


def test_an_alias_of_a_listed_name_in_the_slow_zone(slow, workspace):
    resolver, server = slow
    workspace.block("fin.slow.test")
    ask_and_leave(resolver, "al.good.test")
    validator_waits(resolver, server, "al.good.test")
    assert_no_answer_with_cd(resolver, "al.good.test")
    assert_no_answer_with_cd(resolver, "fin.slow.test")


def test_a_listed_link_of_a_chain_into_the_slow_zone(slow, workspace):
    resolver, server = slow
    workspace.block("hoax.test")
    ask_and_leave(resolver, "al.good.test")
    validator_waits(resolver, server, "al.good.test")
    assert_no_answer_with_cd(resolver, "al.good.test")


@pytest.mark.parametrize("listed", ["al.good.test", "mid.hoax.test"])
@pytest.mark.parametrize("begins", ["on publication", "later"])
def test_a_chain_that_becomes_listed_before_its_end_is_known(slow, workspace, network, listed, begins):
    resolver, server = slow
    network.end.clear()
    targets = [{"domain": listed, "match": "exact"}]
    if begins == "later":
        workspace.apply("--scheduled", targets=targets, effective=orders.at(3))
    ask_and_leave(resolver, "al.good.test")
    wait_for(lambda: ("fin.slow.test.", "A") in server.asked, "the end of the chain being asked for")
    if begins == "later":
        wait_for(lambda: resolver.dig(listed, "CNAME").blocked_by(orders.ID), "the order's beginning")
    else:
        workspace.apply(targets=targets)
        wait_for(lambda: workspace.module().get("serial") == 1, "the cache being swept")
    network.end.set()
    validator_waits(resolver, server, "al.good.test")
    assert_no_answer_with_cd(resolver, "al.good.test")


def warm(resolver, workspace, *names: str) -> None:
    """The names' links and ends are cached, unchecked, when `hoax.test` is listed."""
    for name in names:
        assert resolver.dig(name, "A", "+cd").data("A") == [REAL]
    workspace.block("hoax.test")
    wait_for(lambda: workspace.module().get("serial") == 1, "the cache being swept")


def test_a_chain_whose_links_and_end_are_cached(slow, workspace):
    resolver, server = slow
    warm(resolver, workspace, "al.good.test", "fin.slow.test")
    ask_and_leave(resolver, "al.good.test")
    validator_waits(resolver, server, "al.good.test")
    assert_no_answer_with_cd(resolver, "al.good.test")


def test_a_chain_whose_first_link_alone_comes_from_upstream(slow, workspace):
    resolver, server = slow
    warm(resolver, workspace, "mid.hoax.test", "fin.slow.test")
    ask_and_leave(resolver, "other.good.test")
    validator_waits(resolver, server, "other.good.test")
    assert_no_answer_with_cd(resolver, "other.good.test")


def test_a_chain_that_begins_with_a_cached_dname(workspace, resolver_of, scripted, network, new_folder):
    zone = sign(new_folder("zone"), "signed.test.", "d DNAME hoax.test.\n")
    authority = Authority(new_folder("signed"), {"signed.test.": zone.text}).start()
    try:
        workspace.tool.do("db", "init")
        server = scripted(network)
        ALIASES["x.hoax.test."] = "fin.slow.test."
        resolver = resolver_of(
            workspace, extra=TRUSTED + zone.trust() + server.forward("test.") +
            f'forward-zone:\n    name: "signed.test."\n    forward-addr: 127.0.0.1@{authority.port}\n').start()
        resolver.dig("d.signed.test", "DNAME")  # validated
        warm(resolver, workspace, "x.hoax.test", "fin.slow.test")
        ask_and_leave(resolver, "x.d.signed.test")
        validator_waits(resolver, server, "x.d.signed.test")
        assert_no_answer_with_cd(resolver, "x.d.signed.test")
    finally:
        del ALIASES["x.hoax.test."]
        authority.stop()


def test_a_chain_of_dns64_whose_links_are_cached(workspace, resolver_of, scripted, network):
    """The module sees the query for AAAA. dns64's own for A begins behind it, with a listed link in the cache."""
    workspace.tool.do("db", "init")
    server = scripted(lambda name, type_: 2 if type_ == "AAAA" else network(name, type_))
    resolver = resolver_of(
        workspace, chain="dynlib dns64 validator iterator", extra=TRUSTED + server.forward("test.")).start()
    warm(resolver, workspace, "al.good.test", "fin.slow.test")
    for name in ("al.good.test", "fin.slow.test"):
        resolver.control("flush_type", name, "A")
    ask_and_leave(resolver, "al.good.test", "AAAA")
    validator_waits(resolver, server, "al.good.test")
    assert_no_answer_with_cd(resolver, "al.good.test")
