"""Clients of several regions that wait for one and the same query: each gets its own answer."""
import threading
import time

import dns.flags
import dns.message
import dns.rcode
import pytest

from support.authority import RESOLVED
from support.crowd import Crowd
from support.regions import JAKARTA, NOWHERE, WEST_JAVA, located
from support.waiting import wait_for

TRUTH = "198.51.100.99"
MANY = """\
server:
    discard-timeout: 0
    wait-limit: 0
    incoming-num-tcp: 2000
    num-queries-per-thread: 1024
    extended-statistics: yes
"""


class Gate:
    """A slow authority: queries for names in `slow.example` wait until it opens."""

    def __init__(self) -> None:
        self._open = threading.Event()

    def __call__(self, name: str, type_: str):
        self._open.wait(60)
        if type_ != "A":
            return []
        if name.startswith("alias"):
            return [f"{name} 300 IN CNAME target.listed.example.", f"target.listed.example. 300 IN A {TRUTH}"]
        return [f"{name} 300 IN A {TRUTH}"]

    def open(self) -> None:
        self._open.set()

    def close(self) -> None:
        self._open = threading.Event()


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.open()


@pytest.fixture
def slow(workspace, resolver_of, scripted, gate):
    """A resolver to which `slow.example` answers when the gate opens, and the authority behind it."""
    def start(threads: int = 1, more_unbound: str = "", **options):
        located(workspace, **options)
        server = scripted(gate)
        resolver = resolver_of(
            workspace, threads=threads, extra=MANY + more_unbound + server.forward("slow.example.")
        ).start()
        return resolver, server
    return start


def statistics(resolver) -> dict[str, float]:
    return {key: float(value) for key, _, value in
            (line.partition("=") for line in resolver.control("stats_noreset").splitlines()) if value}


def wait_until_asked(resolver, before: float, count: int) -> None:
    wait_for(lambda: statistics(resolver)["total.num.queries"] >= before + count, f"{count} queries waiting")


def queries(resolver) -> float:
    return statistics(resolver)["total.num.queries"]


def nothing_waits(resolver) -> bool:
    now = statistics(resolver)
    return now["total.requestlist.current.all"] == now["total.requestlist.current.user"] == 0


def verdict(wire: bytes | None) -> str:
    """A client's answer: the true one, or an RCODE with the order that its EDE names."""
    if wire is None:
        return "closed"
    message = dns.message.from_wire(wire)
    assert message.flags & dns.flags.RA
    ede = [option.text for option in message.options if option.otype == 15]
    if message.answer and message.answer[-1][0].to_text() in (TRUTH, RESOLVED):
        assert not ede, message
        return "truth"
    return " ".join([dns.rcode.to_text(message.rcode()), *(text.split(" order ")[1] for text in ede)])


def test_inside_and_outside_at_the_same_moment(slow, workspace, gate):
    resolver, server = slow()
    workspace.block("listed.example", id="JK", regions=["ID-JK"])
    crowd, before = Crowd(resolver.port), queries(resolver)
    # The alias is unlisted, so all clients wait until its target is known.
    for source in (JAKARTA, WEST_JAVA, NOWHERE, JAKARTA):
        crowd.ask(source, "alias.slow.example")
    wait_until_asked(resolver, before, 4)
    gate.open()
    assert [verdict(wire) for _, wire in crowd.answers()] == ["NXDOMAIN JK", "truth", "truth", "NXDOMAIN JK"]
    assert nothing_waits(resolver)


def test_an_order_applied_while_clients_wait_divides_them(slow, workspace, gate):
    resolver, server = slow()
    crowd, before = Crowd(resolver.port), queries(resolver)
    for source in (JAKARTA, WEST_JAVA):
        crowd.ask(source, "www.slow.example")
    wait_until_asked(resolver, before, 2)
    workspace.block("slow.example", id="JK", regions=["ID-JK"])
    gate.open()
    assert [verdict(wire) for _, wire in crowd.answers()] == ["NXDOMAIN JK", "truth"]
    # Nothing of it is left for the next client of either kind.
    for source in (WEST_JAVA, JAKARTA, WEST_JAVA):
        crowd.ask(source, "www.slow.example")
    assert [verdict(wire) for _, wire in crowd.answers()] == ["truth", "NXDOMAIN JK", "truth"]


REGIONS = {"127.0.1": "NXDOMAIN JK", "127.0.2": "REFUSED JB", "127.0.9": "truth", "127.0.3": "nothing"}


def assert_dropped_but_open(resolver, dropped: Crowd) -> None:
    """The first answers on the clients' streams are those to the new queries."""
    crowd = Crowd(resolver.port)
    for client in dropped._clients:
        crowd.ask(client.address, "news.example", transport="tcp", again=client)
    assert [verdict(wire) for _, wire in crowd.answers()] == ["truth"] * len(dropped._clients)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_two_hundred_clients_of_four_regions_in_flight(slow, workspace, gate, transport):
    from support.regions import TABLE
    resolver, server = slow(threads=2, table=TABLE + "127.0.3.0/24 ID-BA\n")
    workspace.block("listed.example", id="JK", regions=["ID-JK"])
    workspace.block("listed.example", id="JB", regions=["ID-JB"], action="refused")
    workspace.block("listed.example", id="BA", regions=["ID-BA"], action="drop")
    for turn in range(2):
        gate.close()
        crowd, dropped, before = Crowd(resolver.port), Crowd(resolver.port), statistics(resolver)
        for number in range(200):
            net = list(REGIONS)[number % len(REGIONS)]
            (dropped if REGIONS[net] == "nothing" else crowd).ask(
                f"{net}.{1 + number % 100}", f"alias{turn}.slow.example", transport=transport
            )
        wait_until_asked(resolver, before["total.num.queries"], 200)
        assert statistics(resolver)["total.requestlist.current.user"] in (1, 2), "one query a thread at most"
        gate.open()
        told = crowd.answers()
        wrong = [
            (address, verdict(wire)) for address, wire in told if verdict(wire) != REGIONS[address.rpartition(".")[0]]
        ]
        assert not wrong, wrong
        assert len(told) == 150
        wait_for(lambda: nothing_waits(resolver), "no query left over")
        after = statistics(resolver)
        sent = sum(1 for _, wire in told if wire is not None)
        assert after["total.num.recursivereplies"] - before["total.num.recursivereplies"] == sent
        count = sum(1 for _, wire in told if wire and verdict(wire).startswith("REFUSED"))
        assert after["num.answer.rcode.REFUSED"] - before.get("num.answer.rcode.REFUSED", 0) == count
        if transport == "tcp":
            assert_dropped_but_open(resolver, dropped)


def test_clients_dropped_in_flight_do_not_count_for_ever(slow, workspace, gate):
    """Unbound refuses to let clients join a query when it believes too many wait already."""
    resolver, server = slow()
    workspace.block("listed.example", id="JK", regions=["ID-JK"], action="drop")
    limit = 16 * 1024  # replies, of num-queries-per-thread above
    dropped = Crowd(resolver.port)
    before = queries(resolver)
    asked = 0
    while asked < limit + 200:  # as many at once as a socket's buffer holds
        dropped.ask(JAKARTA, f"www{asked}.listed.example", times=100)
        asked += 100
        wait_until_asked(resolver, before, asked)
    crowd, before = Crowd(resolver.port), queries(resolver)
    for source in (WEST_JAVA, NOWHERE):
        crowd.ask(source, "joined.slow.example")
    wait_until_asked(resolver, before, 2)
    gate.open()
    assert [verdict(wire) for _, wire in crowd.answers()] == ["truth", "truth"]


def test_the_same_question_twice_on_one_connection_is_dropped_and_others_on_it_are_not(slow, workspace, gate):
    resolver, server = slow()
    workspace.block("listed.example", id="JK", regions=["ID-JK"], action="drop")
    for turn in range(5):
        gate.close()
        crowd, dropped, before, name = Crowd(resolver.port), Crowd(
            resolver.port), queries(resolver), f"alias{turn}.slow.example"
        streams = []
        for number in range(4):
            streams.append(dropped.ask(JAKARTA, name, transport="tcp"))
            wait_until_asked(resolver, before, number + 1)
        crowd.ask(WEST_JAVA, name, transport="tcp", times=2)
        for number, stream in enumerate(streams):
            crowd.ask(JAKARTA, name, transport="tcp", again=stream)
            crowd._clients.pop()
            wait_until_asked(resolver, before, 7 + number)
        gate.open()
        assert [verdict(wire) for _, wire in crowd.answers()] == ["truth"] * 2
        wait_for(lambda: nothing_waits(resolver), "no query left over")
        assert_dropped_but_open(resolver, dropped)
    gate.close()
    before = queries(resolver)
    for number in range(40):
        crowd.ask(WEST_JAVA, f"after{number}.slow.example", transport="tcp")
    wait_until_asked(resolver, before, 40)
    gate.open()
    assert [verdict(wire) for _, wire in crowd.answers()] == ["truth"] * 40


def test_a_waiting_client_that_leaves_does_not_affect_others(slow, workspace, gate):
    resolver, server = slow()
    workspace.block("listed.example", id="JK", regions=["ID-JK"])
    crowd, leaving, before = Crowd(resolver.port), Crowd(resolver.port), queries(resolver)
    for number in range(20):
        (leaving if number % 2 else crowd).ask(
            f"127.0.{1 + number // 2 % 2}.{1 + number}", "alias.slow.example", transport="tcp"
        )
    wait_until_asked(resolver, before, 20)
    for client in leaving._clients:
        client.socket.close()
    gate.open()
    told = {(address.rpartition(".")[0], verdict(wire)) for address, wire in crowd.answers()}
    assert told == {("127.0.1", "NXDOMAIN JK"), ("127.0.2", "truth")}
    wait_for(lambda: nothing_waits(resolver), "no query left over")


def test_client_subnets_that_differ_are_never_answered_as_one(workspace, resolver_of, scripted, gate):
    import dns.edns
    located(workspace, more="believe_client_subnet = true")
    server = scripted(gate)
    resolver = resolver_of(workspace, extra=MANY + server.forward("slow.example.")).start()
    workspace.block("listed.example", id="JK", regions=["ID-JK"])
    for transport in ("udp", "tcp"):
        gate.close()
        crowd, before = Crowd(resolver.port), queries(resolver)
        for source in (WEST_JAVA, JAKARTA, NOWHERE):
            crowd.ask("127.0.0.1", f"alias-{transport}.slow.example", transport=transport,
                      options=[dns.edns.ECSOption(source, 32)])
        wait_until_asked(resolver, before, 3)
        gate.open()
        assert [verdict(wire) for _, wire in crowd.answers()] == ["truth", "NXDOMAIN JK", "truth"]


def test_the_resolvers_own_question_gets_the_truth_while_a_client_is_refused(workspace, resolver_of, scripted, gate):
    """A landing host is listed while it is being looked up."""
    workspace.configure(answer='redirect_cname = "landing.slow.example"')
    workspace.block("hoax.example", id="TO-LANDING", action="redirect")
    server = scripted(gate)
    resolver = resolver_of(workspace, extra=MANY + server.forward("slow.example.")).start()
    crowd, before = Crowd(resolver.port), queries(resolver)
    crowd.ask(NOWHERE, "hoax.example")
    crowd.ask(NOWHERE, "landing.slow.example")
    wait_until_asked(resolver, before, 2)
    wait_for(lambda: server.questions("landing.slow.example"), "the authority being asked")
    assert server.questions("landing.slow.example") == 1, "one query for both"
    workspace.block_in_spite("slow.example", id="ALL")
    gate.open()
    redirected, asked = (wire for _, wire in crowd.answers())
    assert dns.message.from_wire(redirected).answer[-1][0].to_text() == TRUTH
    assert verdict(asked) == "NXDOMAIN ALL"
    assert nothing_waits(resolver)


def test_a_redirect_to_a_landing_host_takes_only_those_inside_along(workspace, resolver_of, scripted, gate):
    located(workspace)
    workspace.configure(answer='redirect_cname = "landing.slow.example"',
                        more=f'[region]\nprefix_table = "{workspace.folder}/prefixes"\n')
    workspace.block("hoax.example", id="JK", action="redirect", regions=["ID-JK"])
    server = scripted(gate)
    resolver = resolver_of(workspace, extra=MANY + server.forward("slow.example.")).start()
    crowd, before = Crowd(resolver.port), queries(resolver)
    for source in (JAKARTA, WEST_JAVA, JAKARTA):  # the later ones join while the landing host is looked up
        crowd.ask(source, "hoax.example")
    wait_until_asked(resolver, before, 3)
    gate.open()
    told = [dns.message.from_wire(wire) for _, wire in crowd.answers()]
    assert [[rrset[0].to_text() for rrset in message.answer] for message in told] == [
        ["landing.slow.example.", TRUTH], [RESOLVED], ["landing.slow.example.", TRUTH]]
    assert nothing_waits(resolver)


def test_a_client_inside_is_refused_at_once_while_one_outside_waits(slow, workspace, gate):
    """The name itself is listed there, whatever its authority answers and when."""
    resolver, server = slow()
    workspace.block("slow.example", id="JK", regions=["ID-JK"])
    outside, inside, before = Crowd(resolver.port), Crowd(resolver.port), queries(resolver)
    outside.ask(WEST_JAVA, "www.slow.example")
    wait_until_asked(resolver, before, 1)
    inside.ask(JAKARTA, "www.slow.example")
    assert [verdict(wire) for _, wire in inside.answers()] == ["NXDOMAIN JK"]
    gate.open()
    assert [verdict(wire) for _, wire in outside.answers()] == ["truth"]
    assert nothing_waits(resolver)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_clients_part_where_unbound_has_no_room_left(slow, workspace, gate, transport):
    """Their queries were admitted already and displace no other."""
    resolver, server = slow(more_unbound="server:\n    num-queries-per-thread: 32\n    jostle-timeout: 60000\n")
    workspace.block("listed.example", id="JK", regions=["ID-JK"])
    crowd, others, before = Crowd(resolver.port), Crowd(resolver.port), queries(resolver)
    for number in range(16):
        others.ask(WEST_JAVA, f"other{number}.slow.example")
    wait_until_asked(resolver, before, 16)
    for number in range(100):
        crowd.ask((JAKARTA, WEST_JAVA)[number % 2], "alias.slow.example", transport=transport)
    wait_until_asked(resolver, before, 116)
    gate.open()
    assert [verdict(wire) for _, wire in crowd.answers()] == ["NXDOMAIN JK", "truth"] * 50
    assert [verdict(wire) for _, wire in others.answers()] == ["truth"] * 16
    wait_for(lambda: nothing_waits(resolver), "no query left over")


def test_many_clients_of_a_slow_regional_name_leave_room_for_others(slow, workspace, gate):
    """Each client has its own query until half of Unbound's query slots are in use."""
    resolver, server = slow(more_unbound="server:\n    num-queries-per-thread: 32\n")
    workspace.block("slow.example", id="JK", regions=["ID-JK"])
    crowd, before = Crowd(resolver.port), queries(resolver)
    for number in range(100):
        crowd.ask(WEST_JAVA, "www.slow.example")
    wait_until_asked(resolver, before, 100)
    assert statistics(resolver)["total.requestlist.current.user"] < 32
    assert resolver.dig("news.example").data("A") == [RESOLVED]
    gate.open()
    assert [verdict(wire) for _, wire in crowd.answers()] == ["truth"] * 100
