"""For names that no order lists the module is invisible: Unbound with and without it gives the same bytes for a mix of
queries."""
import random
import socket

import dns.edns
import dns.flags
import dns.message
import dns.opcode
import dns.rdataclass
import pytest

from support.authority import Authority
from support.waiting import wait_for

ZONE = {"mix.test.": """\
@ A 198.51.100.1
@ MX 10 mail
@ TXT "v=spf1 -all"
@ CAA 0 issue "ca.test"
mail A 198.51.100.2
mail AAAA 2001:db8:7::2
many A 198.51.100.10
many A 198.51.100.11
many A 198.51.100.12
many A 198.51.100.13
alias CNAME other
other CNAME many
loop CNAME pool
pool CNAME loop
dangling CNAME missing
out CNAME www.unserved.invalid.
dname DNAME tree
deep.tree A 198.51.100.14
*.wild A 198.51.100.15
*.wild TXT "wild"
srv SRV 1 2 443 many
https HTTPS 1 . alpn=h2 ipv4hint=198.51.100.16
long TXT "%s" "%s" "%s" "%s"
xn--bcher-kva A 198.51.100.17
under_score A 198.51.100.18
\\032blank A 198.51.100.19
ptr PTR mail
naptr NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:a@test!" .
""" % tuple(letter * 240 for letter in "abcd")}

NAMES = [
    "mix.test", "mail.mix.test", "many.mix.test", "alias.mix.test", "loop.mix.test", "dangling.mix.test",
    "out.mix.test", "deep.dname.mix.test", "nothing.mix.test", "a.b.nothing.mix.test", "x.wild.mix.test",
    "y.x.wild.mix.test", "srv.mix.test", "https.mix.test", "long.mix.test", "xn--bcher-kva.mix.test",
    "under_score.mix.test", r"\032blank.mix.test", "ptr.mix.test", "naptr.mix.test", "MiX.TeSt", "nothoax.example",
    "hoax.example.test", "example", ".", "localhost", "1.0.0.127.in-addr.arpa", "10.in-addr.arpa", "invalid",
    "onion.onion", "hoax.examples", "oax.example"
]
TYPES = [
    "A", "AAAA", "MX", "TXT", "NS", "SOA", "CNAME", "DNAME", "SRV", "HTTPS", "CAA", "PTR", "NAPTR", "DS", "DNSKEY",
    "ANY", "TYPE65280"
]


@pytest.fixture(scope="module")
def pair(shared_workspace, resolver_of, new_folder):
    """The same Unbound twice: with the module and an order, and without."""
    authority = Authority(new_folder("mix"), ZONE).start()
    shared_workspace.block("hoax.example")
    shared_workspace.apply(id="B-2/UJI/2024", targets=[{"address": "203.0.113.0/24"}])
    extra = (f'forward-zone:\n    name: "mix.test."\n    forward-addr: 127.0.0.1@{authority.port}\n'
             # Retries to an unreachable server would differ by chance.
             'server:\n    local-zone: "unserved.invalid." always_nxdomain\n')
    yield (resolver_of(shared_workspace, extra=extra).start(),
           resolver_of(shared_workspace, extra=extra, chain="validator iterator").start())
    authority.stop()


def query(name, type_, seed):
    chance = random.Random(seed)
    message = dns.message.make_query(name, type_, use_edns=False)
    message.id = chance.randrange(65536)
    if chance.random() < 0.8:
        options = [dns.edns.GenericOption(10, bytes(8))] if chance.random() < 0.2 else []
        message.use_edns(
            0, dns.flags.DO if chance.random() < 0.5 else 0, chance.choice([512, 1232, 4096]), options=options
        )
    for flag in (dns.flags.CD, dns.flags.AD):
        if chance.random() < 0.3:
            message.flags |= flag
    if chance.random() < 0.1:
        message.flags &= ~dns.flags.RD
    return message.to_wire()


def ask(resolver, wire, tcp=False, patience=10):
    """The answer's bytes; None: no answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM) as client:
        client.settimeout(patience)
        client.connect(("127.0.0.1", resolver.port))
        if not tcp:
            client.send(wire)
            try:
                return client.recv(65535)
            except TimeoutError:
                return None
        client.sendall(len(wire).to_bytes(2, "big") + wire)
        stream = client.makefile("rb")
        return stream.read(int.from_bytes(stream.read(2), "big"))


def untimed(wire):
    """With every TTL set to 0: a cached answer may be a second older in one of the two."""
    try:
        message = dns.message.from_wire(wire)
    except dns.exception.DNSException:
        return wire
    for section in (message.answer, message.authority, message.additional):
        for rrset in section:
            rrset.ttl = 0
    return message.to_wire()


def assert_same(pair, wire, tcp=False):
    with_module, without = (ask(resolver, wire, tcp) for resolver in pair)
    assert bool(with_module) == bool(without), wire  # newer versions do not answer some: RD=0 over TCP
    if with_module and with_module != without and len(with_module) == len(without):
        with_module, without = untimed(with_module), untimed(without)
    assert with_module == without, f"{with_module!r}\n{without!r}"


def assert_same_or_silent(pair, wire):
    """Newer versions limit how many errors they send in a second."""
    wait_for(lambda: len({ask(resolver, wire, patience=1) for resolver in pair}) == 1,
             f"the same answer to {wire!r} from both", 15)


@pytest.mark.parametrize("name", NAMES)
def test_every_type_of_an_unlisted_name(pair, name):
    for number, type_ in enumerate(TYPES):
        assert_same(pair, query(name, type_, f"{name} {type_}"))


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_a_random_mix_fresh_and_from_the_cache(pair, tcp):
    chance = random.Random(f"mix {tcp}")
    for number in range(600):
        name, type_ = chance.choice(NAMES), chance.choice(TYPES)
        if chance.random() < 0.3:
            name = f"n{number}.wild.mix.test"
        assert_same(pair, query(name, type_, number), tcp)


def test_class_chaos(pair):
    for name in ("version.bind", "hostname.bind", "hoax.example"):
        message = dns.message.make_query(name, "TXT", dns.rdataclass.CH)
        message.id = 7
        assert_same(pair, message.to_wire())


def test_a_listed_name_in_another_class(pair):
    for number in (2, 4, 254):
        wire = bytearray(query("hoax.example", "A", "class"))
        at = wire.index(b"\x07example\x00") + 9 + 2
        wire[at:at + 2] = number.to_bytes(2, "big")
        assert_same(pair, bytes(wire))


def test_operations_that_are_no_queries(pair):
    for opcode in (dns.opcode.NOTIFY, dns.opcode.STATUS, dns.opcode.UPDATE):
        message = dns.message.make_query("hoax.example", "SOA")
        message.id = 9
        message.set_opcode(opcode)
        assert_same_or_silent(pair, message.to_wire())


def test_requests_that_are_malformed(pair):
    good = query("hoax.example", "A", "malformed")
    two_questions = bytearray(good)
    two_questions[5] = 2
    compressed = bytearray(good)
    compressed[12] = 0xc0
    for wire in (good[:17], bytes(two_questions), bytes(compressed)):
        assert_same_or_silent(pair, wire)


def test_the_listed_name_differs(pair):
    """The comparison can fail."""
    with_module, without = (ask(resolver, query("hoax.example", "A", 1)) for resolver in pair)
    assert untimed(with_module) != untimed(without)
