"""A listed name that Unbound asks for on the way to another one is not answered from what it learned
there: steps of QNAME minimisation, links of aliases, addresses of name servers."""
import threading

import pytest

from support import orders
from support.waiting import wait_for

REAL = "198.51.100.66"
OWN = "198.51.100.11"  # of unlisted names
CHAINS = [
    "dynlib iterator", "dynlib validator iterator", "dynlib subnetcache iterator",
    "dynlib subnetcache validator iterator", "dynlib dns64 validator iterator"
]
ALL = [(), ("+cd",), ("+dnssec",), ("+tcp",)]


class Network:
    """`test.` and names below it: the given aliases, an address for all other names."""

    def __init__(self, **aliases: str) -> None:
        self.aliases = {name.replace("_", ".") + ".test.": target for name, target in aliases.items()}
        self.held: dict[str, threading.Event] = {}  # names whose answers are delayed

    def hold(self, name: str) -> threading.Event:
        return self.held.setdefault(name, threading.Event())

    def __call__(self, name: str, type_: str):
        if name in self.held:
            self.held[name].wait(60)
        if name in self.aliases:
            return [f"{name} 300 IN CNAME {self.aliases[name]}"]
        if type_ not in ("A", "AAAA"):
            return []
        listed = "hoax" in name
        return [f"{name} 300 IN A {REAL if listed else OWN}" if type_ == "A" else
                f"{name} 300 IN AAAA 2001:db8::{66 if listed else 11}"]


@pytest.fixture(params=CHAINS)
def chain(request):
    return request.param


@pytest.fixture
def network(workspace, resolver_of, scripted, chain):
    """Starts a resolver of the chain before a network with these aliases; gives resolver, network, server."""
    made: list[Network] = []

    def start(extra: str = "", **aliases: str):
        workspace.tool.do("db", "init")
        net = Network(**aliases)
        made.append(net)
        server = scripted(net)
        subnet = "server:\n    send-client-subnet: 192.0.2.1\n" if "subnetcache" in chain else ""
        return resolver_of(workspace, chain=chain, threads=2,
                           extra=subnet + server.stub("test.") + extra.format(port=server.port)).start(), net, server
    yield start
    for net in made:
        for event in net.held.values():
            event.set()


def assert_blocked(resolver, *names: str) -> None:
    for name in names:
        for type_ in ("A", "AAAA"):
            for options in ALL:
                answer = resolver.dig(name, type_, *options)
                assert answer.blocked_by(orders.ID) and not answer.answer, answer.raw


def assert_none_cached(resolver, *names: str) -> None:
    cached = {name.rstrip(".") for name, _ in resolver.cached_messages()}
    assert not cached & set(names), cached


def test_the_ancestors_of_an_alias_s_target(network, workspace):
    resolver, _, server = network(tow_good="a.b.www.hoax.test.")
    workspace.block("hoax.test")
    assert resolver.dig("tow.good.test").blocked_by(orders.ID)
    assert server.questions("hoax.test") and server.questions("www.hoax.test"), "asked step by step"
    assert_none_cached(resolver, "hoax.test", "www.hoax.test", "b.www.hoax.test", "a.b.www.hoax.test", "tow.good.test")
    assert_blocked(resolver, "hoax.test", "www.hoax.test")


def test_the_ancestors_of_an_alias_s_target_while_its_last_step_is_slow(network, workspace):
    resolver, net, server = network(tow_good="a.b.www.hoax.test.")
    workspace.block("hoax.test")
    last = net.hold("a.b.www.hoax.test.")
    client = threading.Thread(target=resolver.dig, args=("tow.good.test",))
    client.start()
    wait_for(lambda: server.questions("a.b.www.hoax.test"), "the last step")
    assert_blocked(resolver, "hoax.test", "www.hoax.test")
    last.set()
    client.join()


def test_the_ancestors_of_a_name_server_s_name(network, workspace):
    resolver, _, server = network('stub-zone:\n    name: "child.test."\n    stub-host: ns.deep.hoax.test@{port}\n')
    workspace.block("hoax.test")
    server._handler = lambda name, type_, plain=server._handler: (
        [f"{name} 300 IN A 127.0.0.1"] if name == "ns.deep.hoax.test." and type_ == "A" else
        [] if name == "ns.deep.hoax.test." else plain(name, type_))
    assert resolver.dig("www.child.test").data("A") == [OWN]
    assert server.questions("hoax.test"), "asked step by step"
    assert_none_cached(resolver, "hoax.test", "deep.hoax.test", "ns.deep.hoax.test")
    assert_blocked(resolver, "hoax.test", "deep.hoax.test", "ns.deep.hoax.test")


def test_an_exact_name_above_an_open_one(network, workspace):
    resolver, _, server = network()
    workspace.block("hoax.test", match="exact")
    assert resolver.dig("x.y.hoax.test").data("A") == [REAL]
    assert server.questions("hoax.test"), "asked step by step"
    assert_none_cached(resolver, "hoax.test")
    assert_blocked(resolver, "hoax.test")
    # The unlisted name itself is cached.
    asked = server.questions("x.y.hoax.test")
    assert resolver.dig("x.y.hoax.test").data("A") == [REAL] and server.questions("x.y.hoax.test") == asked


def test_a_listed_name_above_a_locally_allowed_one(network, workspace):
    resolver, _, server = network()
    workspace.block("hoax.test")
    workspace.tool.do("local", "allow", "open.www.hoax.test", "--reason", "asked for")
    wait_for(lambda: resolver.dig("a.open.www.hoax.test").data("A") == [REAL], "the allowed name")
    assert server.questions("www.hoax.test"), "asked step by step"
    assert_none_cached(resolver, "hoax.test", "www.hoax.test")
    assert_blocked(resolver, "hoax.test", "www.hoax.test")
    asked = server.questions("a.open.www.hoax.test")
    assert (
        resolver.dig("a.open.www.hoax.test").data("A") == [REAL] and server.questions("a.open.www.hoax.test") == asked
    )


def test_an_allowed_alias_of_a_listed_name_is_kept_and_its_target_is_not(network, workspace):
    resolver, _, server = network(popular_good="cdn.hoax.test.")
    workspace.block("hoax.test")
    workspace.tool.do("local", "allow", "popular.good.test", "--reason", "asked for")
    wait_for(lambda: resolver.dig("popular.good.test").data("A") == [REAL], "the allowed name")
    asked = server.questions("cdn.hoax.test")
    for _ in range(5):
        answer = resolver.dig("popular.good.test")
        assert answer.data("A") == [REAL] and 0 < min(record.ttl for record in answer.answer) <= 300, answer.raw
    assert server.questions("cdn.hoax.test") == asked
    assert_blocked(resolver, "hoax.test", "cdn.hoax.test")


REGIONAL = "127.0.1.0/24 ID-JK\n127.0.2.0/24 ID-JB\n"


def test_a_step_for_clients_of_another_region(network, workspace):
    table = workspace.folder / "prefixes"
    table.write_text(REGIONAL)
    workspace.configure(more=f'[region]\nprefix_table = "{table}"\n')
    resolver, _, server = network(tow_good="a.b.www.hoax.test.")
    workspace.block("hoax.test", regions=["ID-JK"])
    for _ in range(2):
        assert resolver.dig("tow.good.test", "A", "-b", "127.0.2.1").data("A") == [REAL]
        assert resolver.dig("www.hoax.test", "A", "-b", "127.0.2.1").data("A") == [REAL]
        for name in ("hoax.test", "www.hoax.test", "tow.good.test"):
            for options in ALL:
                assert resolver.dig(name, "A", "-b", "127.0.1.1", *options).blocked_by(orders.ID), name
