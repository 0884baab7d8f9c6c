"""Feed servers that fail, stall or send wrong data, while clients keep asking. The promise: `sync` ends within its
feed's time limit and bounded memory, with an exit code that distinguishes network from trust; the blocklist does not
change; clients notice nothing; and the next synchronisation with a good server succeeds."""
import ssl
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator

from load import Load
from resolving import Scene, finish
from row import Row
from support import database, measured, paths
from support.authority import Authority
from support.feeds import Feed, name_of
from support.rude import Behaviour, Rude, reply
from support.served import follow, from_disk
from support.tool import NETWORK, UNTRUSTED
from support.waiting import wait_for
from support.webserver import Authority as CertificateAuthority

GROUP = "A feed server under load"
SECONDS = 3            # the feed's timeout_seconds in these trials
MEMORY_MIB = 300       # limit for the tool; mostly its libraries and the bounded manifest


@dataclass
class Fault:
    name: str
    code: int  # of sync
    behave: Callable[[Feed, Rude], Behaviour] = lambda feed, rude: lambda number, path, c: c.sendall(
        from_disk(feed, path)
    )
    certificate: str = "DNS:localhost"
    newest_tls: ssl.TLSVersion | None = None


def dawdle(line: bytes):
    def made(feed: Feed, rude: Rude) -> Behaviour:
        def behave(number, path, connection):
            connection.sendall(line)
            while not rude.stopped.wait(0.05):
                connection.sendall(b"x")
        return behave
    return made


def endless(feed: Feed, rude: Rude) -> Behaviour:
    def behave(number, path, connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while not rude.stopped.is_set():
            connection.sendall(b" " * 65536)
    return behave


def says(*words: bytes | str, **options):
    return lambda feed, rude: lambda number, path, c: c.sendall(reply(*words, **options))


def flipped(feed: Feed, rude: Rude) -> Behaviour:
    def behave(number, path, connection):
        whole = bytearray(from_disk(feed, path))
        whole[-10] ^= 1
        connection.sendall(whole)
    return behave


def bomb(feed: Feed, rude: Rude) -> Behaviour:
    """A gigabyte of zeros, compressed to a megabyte piece by piece."""
    packer, piece = zlib.compressobj(9, wbits=31), bytes(1 << 20)
    packed = b"".join(packer.compress(piece) for _ in range(1024)) + packer.flush()
    return lambda number, path, c: c.sendall(reply("200 OK", packed, "Content-Encoding: gzip"))


FAULTS = [
    Fault("slow loris: header one byte at a time", NETWORK, dawdle(b"HTTP/1.1 200 OK\r\nX: ")),
    Fault("slow loris: body one byte at a time", NETWORK, dawdle(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")),
    Fault("sends nothing", NETWORK, lambda feed, rude: lambda number, path, c: rude.stopped.wait(60)),
    Fault("body without end", NETWORK, endless),
    Fault(
        "redirects to itself without end", NETWORK, lambda feed, rude: lambda number, path, c: c.sendall(
            reply("302 Found", b"", f"Location: {rude.url}feed.json"))),
    Fault("redirects to plain http", NETWORK, says("302 Found", b"", "Location: http://localhost:1/feed.json")),
    Fault("TLS downgrade: offers TLS 1.1 at most", NETWORK, newest_tls=ssl.TLSVersion.TLSv1_1),
    Fault("certificate for another host name", UNTRUSTED, certificate="DNS:other.example"),
    Fault("compressed bomb: a gigabyte in a megabyte", NETWORK, bomb),
    Fault("one bit flipped in each file", UNTRUSTED, flipped),
    Fault("closes the connection half-way", NETWORK,
          lambda feed, rude: lambda number, path, c: c.sendall(from_disk(feed, path)[:-50])),
]


def blocklist(feed: Feed) -> dict:
    return {table: rows for table, rows in database.dump(feed.workspace.database).items() if table != "feeds"}


def sync(feed: Feed) -> tuple[int, str, float, float]:
    """Exit code, standard error, seconds, peak MiB."""
    done = measured.run([paths.TOOL, "--config", feed.workspace.config, "sync"], timeout=300)
    return done.code, done.err, done.wall, done.peak_rss / (1 << 20)


def tried(scene: Scene, ca: CertificateAuthority, fault: Fault, trials: int) -> Row:
    row = Row(GROUP, "feed server", fault.name)
    feed = Feed(scene.workspace)
    feed.publish_orders("B-1")
    assert feed.sync().code == 0
    feed.publish_orders("B-2")  # which the broken server withholds
    before, resolver = blocklist(feed), scene.resolver()
    scene.in_force(resolver)
    rude = Rude(*ca.issue(fault.certificate), lambda *request: behave(*request), newest=fault.newest_tls)
    behave = fault.behave(feed, rude)
    follow(feed, rude.url, ca, timeout_seconds=SECONDS, stall_seconds=2, max_manifest_mib=1)
    longest = most = 0.0
    with Load(resolver.port) as load:
        for _ in range(max(2, trials // 8)):
            row.trials += 1
            code, said, seconds, memory = sync(feed)
            longest, most = max(longest, seconds), max(most, memory)
            row.expect(code == fault.code and "blocklist-tool: " in said,
                       f"sync ended with {code}, not {fault.code}: {said[-300:]}")
            row.expect(blocklist(feed) == before, "the blocklist has changed")
        load.wait(100)
        rude.stop()
        follow(feed, f"file://{feed.directory}", ca)
        row.expect(sync(feed)[0] == 0, "the next synchronisation, with a good server, fails")
        wait_for(lambda: resolver.dig(f"v.{name_of('B-2')}").blocked_by("B-2"), "the withheld order in force")
    row.expect(most < MEMORY_MIB, f"{most:.0f} MiB")
    # Each of the few requests has the feed's time limit; the machine may be busy.
    row.expect(longest < 20 * SECONDS, f"{longest:.0f} s")
    row.outcomes |= {"seconds of the longest sync": round(longest, 1), "MiB of memory at most": round(most)}
    return finish(row, load, resolver)


def run(folder: Path, trials: int, only: Callable[[str], bool] = lambda name: True) -> Iterator[Row]:
    for name in ("authority", "ca"):
        (folder / name).mkdir()
    ca, authority = CertificateAuthority(folder / "ca"), Authority(folder / "authority").start()
    try:
        for number, fault in enumerate(FAULTS):
            if not only(fault.name):
                continue
            scene = Scene(folder / str(number), authority)
            try:
                scene.fill()
                yield tried(scene, ca, fault, trials)
            except AssertionError as error:
                yield Row(GROUP, "feed server", fault.name, bad=[str(error)[:500]])
            finally:
                scene.close()
    finally:
        authority.stop()
