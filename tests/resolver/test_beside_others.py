"""Orders beside what else an ISP runs in its Unbound: each does its work, none undoes the other's."""
import re
import subprocess

import pytest

from support import orders, paths
from support.authority import ANYTHING, RESOLVED, Authority
from support.scripted import Scripted
from support.waiting import wait_for
from support.workspace import REDIRECT_A

LANDING, ADDRESS, EXACT = "B-2/BESIDE", "B-3/BESIDE", "B-4/BESIDE"
OWN = "192.0.2.53"

EXAMPLE = ANYTHING + f"""\
alias CNAME hoax
listed-address A 203.0.113.5
hosted A 198.51.100.99
short 1 A {RESOLVED}
hoax-short 1 A {RESOLVED}
www.hoax-short 1 A {RESOLVED}
alias-short 1 CNAME www.hoax-short
"""


@pytest.fixture(scope="module")
def authority(new_folder):
    server = Authority(new_folder("authority"), {"example.": EXAMPLE})
    yield server.start()
    server.stop()


@pytest.fixture
def beside(workspace, resolver_of):
    """A resolver that blocks hoax.example and 203.0.113.5 and redirects landing.example."""
    workspace.block("hoax.example")
    workspace.block("landing.example", id=LANDING, action="redirect")
    workspace.apply(id=ADDRESS, targets=[{"address": "203.0.113.5"}])

    def start(extra="", **options):
        return resolver_of(workspace, extra=extra, **options).start()
    return start


def assert_blocked(answer, order=orders.ID, status="NXDOMAIN"):
    assert answer.status == status and not answer.data("A") and answer.blocked_by(order), answer.raw


def assert_resolves(answer, address=RESOLVED):
    assert answer.status == "NOERROR" and answer.data("A") == [address] and not answer.errors, answer.raw


def assert_all_as_ever(resolver, *options):
    """Twice, so that the second may come from the cache."""
    for _ in range(2):
        for name in ("hoax.example", "www.hoax.example", "alias.example"):
            assert_blocked(resolver.dig(name, "A", *options))
        assert_blocked(resolver.dig("listed-address.example", "A", *options), ADDRESS, "NOERROR")
        redirected = resolver.dig("landing.example", "A", *options)
        assert redirected.data("A") == [REDIRECT_A] and redirected.blocked_by(LANDING), redirected.raw
        assert_resolves(resolver.dig("news.example", "A", *options))


# Response policy zones

RPZ = """\
$ORIGIN rpz.test.
@ 60 SOA localhost. nobody.invalid. 1 3600 600 86400 60
@ 60 NS localhost.
rpz-own.example 60 CNAME .
rpz-empty.example 60 CNAME *.
rpz-data.example 60 A 192.0.2.53
rpz-leads.example 60 CNAME hoax.example.
www.hoax.example 60 CNAME rpz-passthru.
both.hoax.example 60 A 192.0.2.53
32.99.100.51.198.rpz-ip 60 A 192.0.2.53
"""


@pytest.mark.parametrize("chain", ["respip dynlib validator iterator", "dynlib respip validator iterator"])
def test_response_policy_zones(beside, workspace, chain):
    zone = workspace.folder / "rpz"
    zone.write_text(RPZ)
    resolver = beside(f'rpz:\n    name: "rpz.test"\n    zonefile: "{zone}"\n', chain=chain)
    assert_all_as_ever(resolver)
    for _ in range(2):
        denied = resolver.dig("rpz-own.example")
        assert denied.status == "NXDOMAIN" and 16 not in denied.errors, denied.raw
        empty = resolver.dig("rpz-empty.example")
        assert empty.status == "NOERROR" and not empty.answer and 16 not in empty.errors, empty.raw
        assert resolver.dig("rpz-data.example").data("A") == [OWN]
        assert resolver.dig("hosted.example").data("A") == [OWN], "by the address in the answer"
        # Unbound applies the ISP's own RPZ before any module: its own answers stand; names that it passes
        # or redirects are judged by the orders.
        assert resolver.dig("both.hoax.example").data("A") == [OWN]
        assert_blocked(resolver.dig("www.hoax.example"))
        leads = resolver.dig("rpz-leads.example")
        assert RESOLVED not in leads.raw, leads.raw


# Views and local zones

def test_views(beside):
    resolver = beside("server:\n    access-control-view: 127.0.0.7/32 office\n"
                      'view:\n    name: "office"\n    view-first: yes\n    local-zone: "intranet.example" static\n'
                      f'    local-data: "intranet.example A {OWN}"\n')
    assert_all_as_ever(resolver)
    assert_all_as_ever(resolver, "-b", "127.0.0.7")
    assert_resolves(resolver.dig("intranet.example", "A", "-b", "127.0.0.7"), OWN)
    assert_resolves(resolver.dig("intranet.example"))


def test_local_zones_are_left_alone(beside):
    resolver = beside(
        'server:\n    local-zone: "own.test" static\n    local-data: "www.own.test A 192.0.2.53"\n'
        '    local-zone: "local.hoax.example" redirect\n    local-data: "local.hoax.example A 192.0.2.53"\n'
        '    local-zone: "refused.example" always_refuse\n'
        '    local-zone: "to-hoax.test" redirect\n    local-data: "to-hoax.test CNAME hoax.example."\n'
    )
    assert_all_as_ever(resolver)
    for _ in range(2):
        assert_resolves(resolver.dig("www.own.test"), OWN)
        assert resolver.dig("none.own.test").status == "NXDOMAIN"
        assert resolver.dig("refused.example").status == "REFUSED"
        local = resolver.dig("www.local.hoax.example")
        assert local.data("A") == [OWN] and not local.errors, local.raw
        # The operator's alias points at a listed name, which is looked up as any other.
        alias = resolver.dig("to-hoax.test")
        assert not alias.data("A") and alias.blocked_by(orders.ID), alias.raw


# Modules

def test_respip(beside):
    resolver = beside("server:\n    response-ip: 198.51.100.99/32 redirect\n"
                      f'    response-ip-data: 198.51.100.99/32 "A {OWN}"\n', chain="dynlib respip validator iterator")
    assert_all_as_ever(resolver)
    for _ in range(2):
        assert resolver.dig("hosted.example").data("A") == [OWN]


def test_respip_s_own_alias_to_a_listed_name_is_blocked(beside):
    resolver = beside(
        "server:\n    response-ip: 198.51.100.99/32 redirect\n"
        '    response-ip-data: 198.51.100.99/32 "CNAME hoax.example."\n', chain="dynlib respip validator iterator")
    for _ in range(2):
        answer = resolver.dig("hosted.example")
        assert RESOLVED not in answer.raw and answer.blocked_by(orders.ID), answer.raw


def test_subnetcache_s_own_cache_does_not_answer_for_an_order(workspace, resolver_of):
    """It comes after this module, so its cached answers are blocked at the next query."""
    workspace.tool.do("db", "init")
    resolver = resolver_of(
        workspace, chain="dynlib subnetcache validator iterator",
        extra="server:\n    send-client-subnet: 127.0.0.1\n    client-subnet-always-forward: yes\n").start()
    subnets = [("+subnet=192.0.2.0/24",), ("+subnet=198.51.100.0/24",), ()]
    for options in subnets * 2:
        assert_resolves(resolver.dig("hoax.example", "A", *options))
        assert_resolves(resolver.dig("alias.example", "A", *options))
    workspace.block("hoax.example")
    for options in subnets * 2:
        wait_for(lambda: resolver.dig("hoax.example", "A", *options).blocked_by(orders.ID), "hoax.example blocked")
        wait_for(lambda: resolver.dig("alias.example", "A", *options).blocked_by(orders.ID), "alias.example blocked")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    for options in subnets * 2:
        assert_resolves(resolver.dig("hoax.example", "A", *options))


def has_module(name):
    version = subprocess.run([str(paths.UNBOUND_PROGRAM), "-V"], capture_output=True, text=True, check=True).stdout
    return name in re.search(r"Linked modules: (.*)", version)[1].split()


@pytest.mark.skipif(not has_module("cachedb"), reason="this Unbound was built without cachedb, as Debian's is")
def test_cachedb(beside, workspace):
    resolver = beside("cachedb:\n    backend: testframe\n", chain="dynlib validator cachedb iterator")
    assert_all_as_ever(resolver)
    assert_resolves(resolver.dig("later.example"))
    workspace.block("later.example", id=EXACT)
    wait_for(lambda: resolver.dig("later.example").blocked_by(EXACT), "later.example blocked")


# Versions differ in the TTL of an expired answer (1.26 gives no more than the record once had) and in
# how long they try to do better first (nothing in 1.17, 1.8 s in 1.26): so it is recognised by its EDE, and the
# wait is always configured. An alias has a target that no other query asks for: with a target that the cache has
# with a TTL of 0, Unbound stores no message for the alias, so there is nothing that could expire.
SERVE_EXPIRED = "server:\n    serve-expired: yes\n    ede-serve-expired: yes\n    serve-expired-client-timeout: {}\n"
STALE_ANSWER = 3  # RFC 8914 section 4.4


def expired(answer):
    return bool(answer.answer) and STALE_ANSWER in answer.errors


def test_serve_expired(beside, workspace):
    resolver = beside(SERVE_EXPIRED.format(0))
    assert_all_as_ever(resolver)
    names = ("hoax-short.example", "alias-short.example")
    for name in names:
        assert_resolves(resolver.dig(name))
        wait_for(lambda: expired(resolver.dig(name)), f"{name} served though expired")
    workspace.block("hoax-short.example", id=EXACT)
    for name in names:
        wait_for(lambda: resolver.dig(name).blocked_by(EXACT), f"{name} blocked")
    for name in names * 2:
        assert_blocked(resolver.dig(name), EXACT)


def test_serve_expired_while_upstream_is_silent(beside, workspace):
    """Unbound then answers from expired data; of a listed name there must be none."""
    upstream = {"hoax.slow.test.": "1 IN A 198.51.100.7", "www.hoax.slow.test.": "1 IN A 198.51.100.7",
                "alias.slow.test.": "1 IN CNAME www.hoax.slow.test.", "free.slow.test.": "1 IN A 198.51.100.7"}
    silent = []
    server = Scripted(lambda name, type_: None if silent else [f"{name} {upstream[name]}"])
    try:
        resolver = beside(SERVE_EXPIRED.format(50) + "    outbound-msg-retry: 1\n" + server.forward("slow.test"))
        names = ("hoax.slow.test", "alias.slow.test", "free.slow.test")
        for name in names:
            assert_resolves(resolver.dig(name))
        silent.append(True)
        for name in names:
            wait_for(lambda: expired(resolver.dig(name, "A", "+time=1", "+tries=1")), f"{name} served though expired")
        workspace.block("hoax.slow.test", id=EXACT)
        # A query that was sent upstream before the order delays the same query until it ends.
        wait_for(lambda: resolver.dig("hoax.slow.test", "A", "+time=1", "+tries=1").blocked_by(EXACT),
                 "hoax.slow.test blocked")
        wait_for(
            lambda: not resolver.dig("alias.slow.test", "A", "+time=1", "+tries=1").answer, "the alias no longer served"
        )
        assert expired(resolver.dig("free.slow.test"))
        for _ in range(2):
            assert_blocked(resolver.dig("hoax.slow.test"), EXACT)
            assert not resolver.dig("alias.slow.test", "A", "+time=1", "+tries=1").answer
    finally:
        server.stop()


def test_aggressive_nsec_harden_below_nxdomain_and_minimal_responses(beside):
    """Options by which Unbound infers answers for other names from one answer."""
    resolver = beside(
        "server:\n    aggressive-nsec: yes\n    harden-below-nxdomain: yes\n    qname-minimisation: yes\n"
        "    qname-minimisation-strict: yes\n    minimal-responses: yes\n    unwanted-reply-threshold: 10000\n"
    )
    assert_all_as_ever(resolver)


# Several of them

def two(chain="dynlib dynlib validator iterator"):
    return {"chain": chain, "extra": f'dynlib:\n    dynlib-file: "{paths.MODULE}"\n'}


def test_two_instances_load_work_and_unload(beside, workspace):
    """With one configuration, since $SARING_CONFIG names one; usually the second is another author's dynlib module."""
    resolver = beside(**two(), threads=2)
    assert_all_as_ever(resolver)
    workspace.block("later.example", id=EXACT)
    wait_for(lambda: resolver.dig("later.example").blocked_by(EXACT), "later.example blocked")
    resolver.reload()
    assert_all_as_ever(resolver)
    assert resolver.stop() == 0
    assert resolver.log_text().count("saring: SARING_IMAGE_LOADED: ") == 4, resolver.log_text()


def test_two_instances_complete_a_redirect_once(workspace, resolver_of):
    workspace.configure(action="redirect", answer='redirect_cname = "page.test"')
    workspace.block("hoax.example")
    resolver = resolver_of(workspace, **two()).start()
    for _ in range(2):
        for name in ("hoax.example", "alias.example"):
            answer = resolver.dig(name)
            assert [record.type for record in answer.answer] == ["CNAME", "A"], answer.raw
            assert len(re.findall(r"EDE: 16", answer.raw)) == 1, answer.raw


@pytest.mark.parametrize("threads", [1, 4])
def test_threads(beside, workspace, threads):
    resolver = beside(threads=threads, extra="server:\n    so-reuseport: yes\n")
    # Each dig has a source port of its own, by which the kernel chooses the worker.
    for _ in range(3):
        assert_all_as_ever(resolver)
    workspace.block("later.example", id=EXACT)
    for _ in range(20):
        wait_for(lambda: resolver.dig("later.example").blocked_by(EXACT), "later.example blocked")
    resolver.reload()
    assert_all_as_ever(resolver)
    assert resolver.stop() == 0
