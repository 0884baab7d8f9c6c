"""`sync` from servers that fail, lie or stall: retried, bounded, and the last good state kept."""
import gzip
import shutil
import time

import pytest

from support.rude import reply
from support.served import from_disk, refused, synced_from_disk
from support.tool import DONE, NETWORK, UNTRUSTED


def test_a_publication_between_two_requests_is_no_mixture(feed, rude_of):
    """Between feed.json and its signature the ministry publishes: the old pair is still there."""
    feed.publish_orders("B-1")

    def behave(number, path, connection):
        connection.sendall(from_disk(feed, path))
        if number == 0:
            feed.publish_orders("B-2")

    rude_of(behave)
    assert feed.sync().code == DONE and feed.active() == {"B-1"}
    assert feed.sync().code == DONE and feed.active() == {"B-1", "B-2"}


def test_a_pair_signed_by_hand_is_read_again_when_it_does_not_match(feed, rude_of):
    feed.publish_orders("B-1")
    shutil.rmtree(feed.directory / "signatures")
    good = {name: (feed.directory / name).read_bytes() for name in ("feed.json", "feed.json.minisig")}
    feed.publish()
    shutil.rmtree(feed.directory / "signatures")

    def behave(number, path, connection):
        old = good.get(path.lstrip("/")) if number == 0 else None  # the manifest before, the signature after
        connection.sendall(reply("200 OK", old) if old else from_disk(feed, path))

    server = rude_of(behave)
    assert feed.sync().code == DONE
    assert feed.state()["serial"] == 2 and server.paths.count("/feed.json") == 2


def test_a_server_error_that_passes(feed, rude_of):
    feed.publish_orders("B-1")
    server = rude_of(
        lambda number, path, c: c.sendall(reply("500 Oops") if number < 2 else from_disk(feed, path)), retries=4
    )
    assert feed.sync().code == DONE
    assert server.paths[:3] == ["/feed.json"] * 3 and feed.active() == {"B-1"}


def test_a_connection_that_breaks_off_is_tried_again(feed, rude_of):
    feed.publish_orders("B-1")

    def behave(number, path, connection):
        connection.sendall(from_disk(feed, path) if number % 2 else from_disk(feed, path)[:-10])

    rude_of(behave, retries=3)
    assert feed.sync().code == DONE and feed.active() == {"B-1"}


def test_an_order_cut_short(feed, rude_of):
    feed.publish_orders("B-1")

    def behave(number, path, connection):
        whole = from_disk(feed, path)
        connection.sendall(whole if "/orders/" not in path else whole[:-50])

    rude_of(behave)
    assert feed.sync().code == NETWORK
    assert feed.active() == set()


def test_a_server_that_dawdles_is_left_after_the_feeds_time(feed, rude_of):
    synced_from_disk(feed)

    def behave(number, path, connection):
        connection.sendall(reply("200 OK", length=100000))
        while not server.stopped.wait(0.05):
            connection.sendall(b" ")

    server = rude_of(behave, timeout_seconds=2)
    begun = time.monotonic()
    refused(feed, NETWORK, server.url)
    assert time.monotonic() - begun < 25  # a bound for hanging, not a measurement


def test_a_server_that_says_nothing_is_left_when_it_stalls(feed, rude_of):
    synced_from_disk(feed)
    server = rude_of(lambda number, path, connection: server.stopped.wait(60), timeout_seconds=60, stall_seconds=1)
    refused(feed, NETWORK, server.url)


@pytest.mark.parametrize("told", [True, False], ids=["with-length", "without-length"])
def test_a_manifest_without_end(feed, rude_of, told):
    synced_from_disk(feed)

    def behave(number, path, connection):
        connection.sendall(reply("200 OK", length=3 << 20) if told else b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(3 << 6):
            connection.sendall(b" " * 16384)

    rude_of(behave, max_manifest_mib=1)
    refused(feed, NETWORK, "larger than the 1048576 bytes")


def test_an_order_without_end_is_refused_alone(feed, rude_of):
    feed.publish_orders("B-1", "B-2")
    big = "/" + feed.read()["orders"][0]["path"]

    def behave(number, path, connection):
        if path != big:
            return connection.sendall(from_disk(feed, path))
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while not server.stopped.is_set():
            connection.sendall(b" " * 16384)

    server = rude_of(behave)
    result = feed.sync()
    assert result.code == UNTRUSTED and "larger than" in result.err and feed.active() == {"B-2"}, result


def test_more_bytes_than_a_synchronisation_may_read(feed, rude_of):
    synced_from_disk(feed)
    feed.publish(feed.order("B-BIG", targets=[{"domain": f"n{n}.big.example"} for n in range(40000)]))
    rude_of(lambda number, path, connection: connection.sendall(from_disk(feed, path)), max_mib=1)
    refused(feed, NETWORK, "max_mib")


def test_a_packed_body_is_refused(feed, rude_of):
    """A small body that unpacks to a large one; hashes are of the published bytes."""
    synced_from_disk(feed)
    packed = gzip.compress(feed.manifest.read_bytes())
    rude_of(lambda number, path, connection: connection.sendall(reply("200 OK", packed, "Content-Encoding: gzip")))
    refused(feed, NETWORK, "content coding \"gzip\"")
