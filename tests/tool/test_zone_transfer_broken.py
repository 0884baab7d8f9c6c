"""Transfers that a correct server never sends: each is refused, and the last good state stays."""
import time

import dns.rcode
import pytest

from support.knot import TsigKey
from support.tool import NETWORK, UNTRUSTED
from support.transfers import Follower
from support.xfr_server import XfrServer, block, soa

GOOD = [soa(10), block("a.example"), block("b.example"), soa(10)]
GOOD_NAMES = {"a.example", "b.example"}
NAMES = [block(f"n{n}.example") for n in range(300)]


def whole(*records, **options):
    return lambda query, answer: [answer.message(records, **options)]


@pytest.fixture
def key():
    return TsigKey()


@pytest.fixture
def server_of():
    made = []

    def make(handler, key=None):
        made.append(XfrServer(handler, key))
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def server(server_of):
    return server_of(whole(*GOOD))


@pytest.fixture
def follower(workspace, server):
    """After a first good synchronisation."""
    follower = Follower(workspace, server.port, retries=0)
    follower.sync()
    assert set(follower.names()) == GOOD_NAMES
    return follower


@pytest.mark.parametrize(
    "records, why", [([soa(11), block("c.example")], "closed the connection"), ([soa(11)], "closed the connection"),
                     ([soa(11), block("c.example"), soa(12)], "ends with 12"),
                     ([block("c.example"), soa(11)], "does not begin with the zone's SOA"),
                     ([soa(11), block("c.example"), soa(11), block("d.example")], "after its end"),
                     ([soa(11, "other.example"), block("c.example"),
                       soa(11, "other.example")], "of another zone"),
                     ([soa(11), soa(12), block("c.example"), soa(11)], "goes on with 12"),
                     ([], "without records"),], ids=[
                         "no-final-soa", "soa-alone", "another-serial-at-the-end", "no-first-soa",
                         "records-behind-the-end", "another-zone", "two-serials", "nothing"
                     ])
def test_a_broken_sequence(follower, server, records, why):
    server.handler = whole(*records)
    assert why in follower.refused(NETWORK)


def test_where_differences_and_the_whole_zone_are_broken_the_transfer_fails(follower, server):
    server.handler = whole(soa(12), soa(10), block("a.example"), soa(9), soa(12))
    assert "goes on with 10" in follower.refused(NETWORK)
    assert server.asked[-2:] == ["IXFR", "AXFR"]


def test_good_differences_are_followed_by_the_same_server(follower, server):
    server.handler = whole(
        soa(12), soa(10), block("a.example"), soa(11), block("c.example"), soa(11), soa(12), block("a.example"), soa(12)
    )
    assert follower.sync()["serial"] == 12
    assert set(follower.names()) == {"a.example", "b.example", "c.example"}


def test_serials_go_round(follower, server):
    """RFC 1982: 4294967290 is far behind 10, 2147483657 just ahead of it, and 5 ahead of that."""
    server.handler = whole(soa(2147483657), block("a.example"), block("c.example"), soa(2147483657))
    assert follower.sync()["serial"] == 2147483657
    server.handler = whole(soa(5), soa(2147483657), block("a.example"), soa(5), block("d.example"), soa(5))
    assert follower.sync()["serial"] == 5
    assert set(follower.names()) == {"c.example", "d.example"}


@pytest.mark.parametrize("serial", [9, 4294967290])
def test_a_serial_that_goes_back_is_refused_by_name(follower, server, serial):
    server.handler = whole(soa(serial), block("c.example"), soa(serial))
    error = follower.refused(UNTRUSTED)
    assert f"went back from serial 10 to {serial}" in error, error


def test_an_older_serial_alone_is_refused_too(follower, server):
    server.handler = whole(soa(9))
    assert "went back" in follower.refused(UNTRUSTED)


@pytest.mark.parametrize("rcode", [dns.rcode.REFUSED, dns.rcode.NOTAUTH, dns.rcode.SERVFAIL])
def test_a_refusal(follower, server, rcode):
    server.handler = whole(rcode=rcode)
    assert dns.rcode.to_text(rcode) in follower.refused(NETWORK)


def test_a_truncated_message(follower, server):
    server.handler = whole(*GOOD, truncated=True)
    assert "truncated" in follower.refused(NETWORK)


def test_an_answer_to_something_else(follower, server):
    server.handler = lambda query, answer: [
        b"\x00\x00" + answer.message(GOOD)[2:] if query.id else b"\x00\x01" + answer.message(GOOD)[2:]
    ]
    assert "does not answer the query" in follower.refused(NETWORK)


def test_a_web_server(follower, server):
    server.handler = lambda query, answer: [b"HTTP/1.1 400 Bad Request\r\n\r\n<html></html>"]
    assert "not a DNS message" in follower.refused(NETWORK) or "does not answer the query" in follower.refused(NETWORK)


def test_an_empty_zone(follower, server):
    """More likely a provider's mistake than the intention to release everything."""
    server.handler = whole(soa(11), soa(11))
    before = follower.names()
    result = follower.workspace.tool("sync")
    assert result.code != 0 and "order revoke" in result.err and follower.names() == before, result


def test_a_connection_that_breaks_is_tried_again(workspace, server):
    follower = Follower(workspace, server.port, retries=2)
    server.handler = lambda query, answer: [answer.message([soa(11), block("half.example")])] if len(
        server.asked) < 3 else [answer.message(GOOD)]
    assert follower.sync()["names_added"] == 2 and server.asked == ["AXFR"] * 3
    assert set(follower.names()) == GOOD_NAMES


def test_a_refusal_is_not_tried_again(workspace, server):
    follower = Follower(workspace, server.port, retries=2)
    server.handler = whole(rcode=dns.rcode.REFUSED)
    follower.refused(NETWORK)
    assert server.asked == ["AXFR"]


def test_more_bytes_than_allowed(workspace, server):
    follower = Follower(workspace, server.port, max_mib=1)

    def endless(query, answer):
        yield answer.message([soa(11)])
        while True:
            yield answer.message(NAMES)

    server.handler = endless
    assert "max_mib" in follower.refused(NETWORK)


def test_a_server_that_falls_silent(workspace, server):
    follower = Follower(workspace, server.port, stall_seconds=1)
    server.handler = lambda query, answer: [answer.message([soa(11)]), None]
    assert "sent nothing for 1 seconds" in follower.refused(NETWORK)


def test_a_server_that_never_ends(workspace, server):
    follower = Follower(workspace, server.port, timeout_seconds=1)

    def endless(query, answer):
        yield answer.message([soa(11)])
        while True:
            yield answer.message(NAMES[:1])

    server.handler = endless
    assert "the transfer's time limit" in follower.refused(NETWORK)


# Signed by another server than Knot, with what RFC 8945 allows and what it does not.

@pytest.fixture
def signing(server_of, key):
    return server_of(whole(*GOOD), key)


@pytest.fixture
def signed_follower(workspace, signing, key):
    return Follower(workspace, signing.port, key.write(workspace.folder))


def test_messages_without_a_signature_between_signed_ones_are_allowed(signing, signed_follower):
    signing.handler = lambda query, answer: [
        answer.message([soa(10), block("first.example")]),
        *[answer.message([record], signed=False) for record in NAMES[:99]],
        answer.message([block("last.example")]),
        answer.message(NAMES[100:110], signed=False),
        answer.message([soa(10)])]
    assert signed_follower.sync()["names_added"] == 111


def test_more_than_99_messages_without_a_signature_are_refused(signing, signed_follower):
    signing.handler = lambda query, answer: [
        answer.message([soa(10)]),
        *[answer.message([record], signed=False) for record in NAMES[:100]],
        answer.message([soa(10)]),
    ]
    assert "99" in signed_follower.refused(UNTRUSTED)


def test_an_end_without_a_signature_is_refused(signing, signed_follower):
    signing.handler = lambda query, answer: [answer.message(GOOD[:2]), answer.message(GOOD[2:], signed=False)]
    assert "did not sign the end" in signed_follower.refused(UNTRUSTED)


def test_a_beginning_without_a_signature_is_refused(signing, signed_follower):
    signing.handler = lambda query, answer: [answer.message(GOOD[:2], signed=False), answer.message(GOOD[2:])]
    assert "did not sign its answer" in signed_follower.refused(UNTRUSTED)


def test_an_unsigned_message_that_was_slipped_in_is_refused(signing, signed_follower):
    def slip(query, answer):
        yield answer.message(GOOD[:2])
        plain = answer.message([block("evil.example")], signed=False)
        # Not the message that the server signed.
        yield plain.replace(b"evil", b"live")
        yield answer.message(GOOD[2:])

    signing.handler = slip
    assert "BADSIG" in signed_follower.refused(UNTRUSTED)


def test_an_altered_record_is_refused(signing, signed_follower):
    signing.handler = lambda query, answer: [answer.message(GOOD).replace(b"\x01a\x07example", b"\x01z\x07example")]
    assert "BADSIG" in signed_follower.refused(UNTRUSTED)


def test_an_old_signature_is_refused(signing, signed_follower, monkeypatch):
    real = time.time
    signing.handler = whole(*GOOD)

    def late(query, answer):
        monkeypatch.setattr(time, "time", lambda: real() - 1000)
        try:
            return [answer.message(GOOD)]
        finally:
            monkeypatch.undo()

    signing.handler = late
    assert "more than 300 seconds" in signed_follower.refused(UNTRUSTED)


def test_messages_in_another_order_are_refused(signing, signed_follower):
    def swap(query, answer):
        first, second, third = answer.message(GOOD[:1]), answer.message(GOOD[1:2]), answer.message(GOOD[2:])
        return [first, third, second]

    signing.handler = swap
    assert "BADSIG" in signed_follower.refused(UNTRUSTED)
