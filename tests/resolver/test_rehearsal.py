"""An order with action `log` is a rehearsal: it is counted and logged, and changes no byte of any answer."""
import socket

import dns.message
import pytest

from support import orders
from support.authority import ANYTHING, Authority
from support.waiting import wait_for
from support.workspace import Workspace

ID, ADDRESS = "B-1/LOG", "B-2/LOG"


@pytest.fixture(scope="module")
def authority(new_folder):
    example = ANYTHING + (
        'alias CNAME www.hoax\nhoax A 198.51.100.7\nhoax MX 10 mail\nhoax TXT "text"\nwww.hoax A 198.51.100.7\n'
        "address A 203.0.113.5\nhoax HTTPS 1 . alpn=h2\ngone.hoax CNAME gone.none.test.\n"
        "dname DNAME hoax\n"
    )
    server = Authority(new_folder("authority"), {"example.": example, "none.test.": ""})
    yield server.start()
    server.stop()


@pytest.fixture
def rehearse(workspace, resolver_of):
    def start(extra=""):
        workspace.block("hoax.example", id=ID, action="log")
        workspace.apply(id=ADDRESS, targets=[{"address": "203.0.113.5"}], action="log")
        return resolver_of(workspace, extra=extra).start()
    return start


@pytest.fixture
def rehearsing(rehearse):
    return rehearse()


@pytest.fixture
def without_orders(new_folder, resolver_of):
    def start(extra=""):
        empty = Workspace(new_folder("empty"))
        empty.tool.do("db", "init")
        return resolver_of(empty, extra=extra).start()
    return start


QUERIES = [("hoax.example.", "A"), ("hoax.example.", "AAAA"), ("hoax.example.", "MX"), ("hoax.example.", "TXT"),
           ("hoax.example.", "HTTPS"), ("hoax.example.", "ANY"), ("hoax.example.", "DNSKEY"), ("hoax.example.", "CAA"),
           ("wWw.hOax.example.", "A"), ("alias.example.", "A"), ("alias.example.", "AAAA"), ("address.example.", "A"),
           ("gone.hoax.example.", "A"), ("www.dname.example.", "A"), ("news.example.", "A")]


def octets(resolver, name, type_):
    """The answers over UDP and TCP, without EDNS, with it, and with DNSSEC."""
    answers = []
    for options in ({"use_edns": False}, {"use_edns": 0, "payload": 1232}, {"want_dnssec": True}):
        question = dns.message.make_query(name, type_, id=4711, **options).to_wire()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(10)
            client.connect(("127.0.0.1", resolver.port))
            client.send(question)
            answers.append(client.recv(65535))
        with socket.create_connection(("127.0.0.1", resolver.port), timeout=10) as client:
            client.sendall(len(question).to_bytes(2, "big") + question)
            with client.makefile("rb") as stream:
                answers.append(stream.read(int.from_bytes(stream.read(2), "big")))
    return answers


def test_no_octet_of_any_looked_up_answer_changes(rehearse, without_orders):
    """With an empty cache, so that each name is looked up and no TTL has counted down."""
    extra = "server:\n    cache-max-ttl: 0\n"
    one, other = rehearse(extra), without_orders(extra)
    for name, type_ in QUERIES:
        assert octets(one, name, type_) == octets(other, name, type_), (name, type_)


def without_ttls(answer):
    message = dns.message.from_wire(answer)
    for rrset in message.answer + message.authority + message.additional:
        rrset.ttl = 0
    return len(answer), message.to_wire()


def test_nothing_of_any_cached_answer_changes(rehearse, without_orders):
    """Without TTLs, which count down from each resolver's look-up."""
    one, other = rehearse(), without_orders()
    for name, type_ in QUERIES * 2:
        pairs = zip(octets(one, name, type_), octets(other, name, type_))
        assert all(without_ttls(mine) == without_ttls(theirs) for mine, theirs in pairs), (name, type_)


def test_what_would_be_blocked_is_counted_and_said(rehearsing, workspace):
    for number in range(3):
        assert rehearsing.dig(f"v{number}.hoax.example").status in ("NOERROR", "NXDOMAIN")
    wait_for(lambda: workspace.module().get("rehearsed") == 3, "three rehearsals counted")
    rehearsing.dig("alias.example")
    wait_for(lambda: workspace.module()["rehearsed"] == 4, "the alias counted")
    rehearsing.dig("address.example")
    wait_for(lambda: workspace.module()["rehearsed"] == 5, "the address counted")
    rehearsing.dig("news.example")
    assert f"would block a query for hoax.example by order {ID}" in rehearsing.log_text()
    told = wait_for(lambda: (m := workspace.module())["queries"] >= 6 and m, "all counted")
    assert told["rehearsed"] == 5 and set(told["blocked"].values()) == {0}, told


def test_a_rehearsed_name_is_answered_from_cache_as_any_other(rehearsing, workspace):
    """The count is of look-ups, not of all queries."""
    for _ in range(5):
        rehearsing.dig("hoax.example")
    wait_for(lambda: workspace.module().get("queries", 0) >= 1, "the query counted")
    assert workspace.module()["rehearsed"] == 1


def test_rehearsal_becomes_a_block_when_the_order_is_given(rehearsing, workspace):
    assert not rehearsing.dig("hoax.example").errors
    workspace.block("hoax.example", id=orders.ID, action="nxdomain")
    wait_for(lambda: rehearsing.dig("hoax.example").blocked_by(orders.ID), "the block")


def test_a_rehearsed_answer_lives_no_longer_than_a_block(workspace, resolver_of):
    """A query that is repeated after answer.ttl is counted again, so that the figure means something."""
    workspace.configure(ttl=1)
    workspace.block("hoax.example", id=ID, action="log")
    resolver = resolver_of(workspace).start()
    for count in range(1, 4):
        wait_for(
            lambda n=count: resolver.dig("hoax.example") and workspace.module().get("rehearsed", 0) >= n, f"hit {count}"
        )


def test_with_a_ttl_of_nothing_every_question_counts(workspace, resolver_of):
    workspace.configure(ttl=0)
    workspace.block("hoax.example", id=ID, action="log")
    workspace.apply(id=ADDRESS, targets=[{"address": "203.0.113.5"}], action="log")
    resolver = resolver_of(workspace).start()
    for name in ["hoax.example", "alias.example", "address.example"]:
        for _ in range(3):
            resolver.dig(name)
    wait_for(lambda: workspace.module().get("rehearsed") == 9, "each of nine counted")


def test_a_name_in_cache_before_it_is_rehearsed_is_counted_soon(workspace, resolver):
    """Not only after the record's own TTL, here a day."""
    for _ in range(3):
        resolver.dig("hoax.example")
    workspace.block("hoax.example", id=ID, action="log")
    wait_for(lambda: resolver.dig("hoax.example") and workspace.module().get("rehearsed", 0) >= 1, "a hit")


def test_prefetching_and_stale_answers_do_not_keep_it_in_the_cache(workspace, resolver_of):
    workspace.configure(ttl=1)
    workspace.block("hoax.example", id=ID, action="log")
    resolver = resolver_of(workspace, extra="server:\n    prefetch: yes\n").start()
    for count in range(1, 4):
        wait_for(
            lambda n=count: resolver.dig("hoax.example") and workspace.module().get("rehearsed", 0) >= n, f"hit {count}"
        )
