"""Names listed in really signed zones: the block is seen as a block, other answers stay validated."""
import re

import pytest

from support import orders, signed_zone
from support.authority import ANYTHING, RESOLVED, Authority
from support.kept import is_kept, keep
from support.workspace import REDIRECT_A, Workspace

REDIRECTED, EXACT, ADDRESS, ALIAS, CUT = (f"B-{n}/SIGNED" for n in range(2, 7))

CHILD = ANYTHING
ZONE = f"""\
hoax A {RESOLVED}
news A {RESOLVED}
news TXT "news"
landing A {RESOLVED}
p A {RESOLVED}
below.p A {RESOLVED}
gone-after A {RESOLVED}
address A 203.0.113.5
alias CNAME target
target A {RESOLVED}
cut NS ns.cut
ns.cut A 127.0.0.1
free NS ns.free
ns.free A 127.0.0.1
"""


@pytest.fixture(scope="module", params=[(), ("-n",)], ids=["nsec", "nsec3"])
def zone(request, new_folder):
    children = {
        name: signed_zone.sign(new_folder("child"), name, CHILD) for name in ("cut.signed.test.", "free.signed.test.")
    }
    delegations = "".join(child.anchor + "\n" for child in children.values())
    parent = signed_zone.sign(new_folder("zone"), "signed.test.", ZONE + delegations, *request.param)
    return parent, {name: child.text for name, child in children.items()}


@pytest.fixture(scope="module")
def authority(new_folder, zone):
    parent, children = zone
    broken = signed_zone.sign(new_folder("zone"), "broken.test.", ANYTHING).broken(RESOLVED, "198.51.100.66")
    server = Authority(new_folder("authority"), {"signed.test.": parent.text, "broken.test.": broken.text, **children})
    server.broken = broken
    yield server.start()
    server.stop()


@pytest.fixture(scope="module")
def workspace(zone, new_folder):  # one for each way of signing
    return Workspace(new_folder("work"))


@pytest.fixture(scope="module")
def resolver(workspace, zone, authority, resolver_of):
    workspace.block("hoax.signed.test", "nothere.signed.test", "hoax.broken.test")
    workspace.block("landing.signed.test", "landing.broken.test", id=REDIRECTED, action="redirect")
    workspace.block("p.signed.test", "x.nothing.signed.test", id=EXACT, match="exact")
    workspace.apply(id=ADDRESS, targets=[{"address": "203.0.113.5"}])
    workspace.block("target.signed.test", id=ALIAS)
    workspace.block("cut.signed.test", id=CUT)
    return resolver_of(
        workspace, extra=zone[0].trust() + authority.broken.trust() +
        "server:\n    aggressive-nsec: yes\n    harden-below-nxdomain: yes\n    extended-statistics: yes\n").start()


def assert_blocked(answer, order=orders.ID, status="NXDOMAIN"):
    assert answer.status == status and answer.blocked_by(order) and set(answer.errors) == {16}, answer.raw
    assert "ad" not in answer.flags and not answer.answer, answer.raw
    assert [record.type for record in answer.authority] == ["SOA"], answer.raw


def assert_secure(answer, status="NOERROR"):
    assert answer.status == status and "ad" in answer.flags and not answer.errors, answer.raw


OPTIONS = [("+dnssec",), ("+dnssec", "+cdflag"), ("+adflag",), ("+tcp", "+dnssec")]


@pytest.mark.parametrize("options", OPTIONS)
def test_a_listed_name_of_a_signed_zone_is_blocked_and_never_authenticated(resolver, options):
    for type_ in ("A", "TXT", "DNSKEY", "NSEC", "RRSIG"):
        assert_blocked(resolver.dig("hoax.signed.test", type_, *options))
    assert_blocked(resolver.dig("www.hoax.signed.test", "DS", *options))
    redirected = resolver.dig("landing.signed.test", "A", *options)
    assert redirected.data("A") == [REDIRECT_A] and redirected.blocked_by(REDIRECTED), redirected.raw
    assert "ad" not in redirected.flags and len(redirected.answer) == 1, redirected.raw


def test_unlisted_names_of_the_zone_stay_authenticated(resolver):
    for _ in range(2):
        assert_secure(resolver.dig("news.signed.test", "A", "+dnssec"))
        assert_secure(resolver.dig("signed.test", "DNSKEY", "+dnssec"))
        assert_secure(resolver.dig("news.signed.test", "CAA", "+dnssec"))
        assert_secure(resolver.dig("other.signed.test", "A", "+dnssec"), "NXDOMAIN")


def test_an_answer_blocked_after_it_was_validated_is_not_authenticated(resolver):
    for name, order in (("address", ADDRESS), ("alias", ALIAS)):
        for options in OPTIONS:
            assert_blocked(
                resolver.dig(f"{name}.signed.test", "A", *options), order, "NOERROR" if order == ADDRESS else "NXDOMAIN"
            )


def test_a_block_in_a_zone_with_broken_signatures_is_still_a_block(resolver):
    assert resolver.dig("news.broken.test", "A", "+dnssec").status == "SERVFAIL"
    assert_blocked(resolver.dig("hoax.broken.test", "A", "+dnssec"))
    assert resolver.dig("landing.broken.test", "A", "+dnssec").data("A") == [REDIRECT_A]


def test_a_listed_zone_is_blocked_from_its_apex_down_and_its_sibling_stays_secure(resolver):
    """Except its DS record, which belongs to the parent zone."""
    assert_secure(resolver.dig("cut.signed.test", "DS", "+dnssec"))
    for type_ in ("DNSKEY", "NS", "SOA", "A"):
        assert_blocked(resolver.dig("cut.signed.test", type_, "+dnssec"), CUT)
    assert_blocked(resolver.dig("www.cut.signed.test", "A", "+dnssec"), CUT)
    assert_secure(resolver.dig("free.signed.test", "DS", "+dnssec"))
    assert_secure(resolver.dig("www.free.signed.test", "A", "+dnssec"))


def test_denial_proven_from_cache_does_not_answer_in_place_of_the_block(resolver, zone):
    """Aggressive use of NSEC, RFC 8198: the gap that the listed name lies in is in the cache."""
    for name in ("m.signed.test", "o.signed.test", "nothere1.signed.test"):
        assert_secure(resolver.dig(name, "A", "+dnssec"), "NXDOMAIN")
    assert_blocked(resolver.dig("nothere.signed.test", "A", "+dnssec"))
    assert_secure(resolver.dig("nothere2.signed.test", "A", "+dnssec"), "NXDOMAIN")
    if "NSEC3" not in zone[0].text:  # from which Unbound 1.17 infers nothing
        used = re.search(r"num.query.aggressive.NXDOMAIN=(\d+)", resolver.control("stats_noreset"))
        assert used and int(used[1]) > 0, "the test did not reach the aggressive use of NSEC"


def test_a_block_says_nothing_about_names_below_or_beside_it(resolver):
    """Unbound may infer nothing from our NXDOMAIN, by RFC 8020 or RFC 8198."""
    for _ in range(2):
        assert_blocked(resolver.dig("p.signed.test", "A", "+dnssec"), EXACT)
        assert_secure(resolver.dig("below.p.signed.test", "A", "+dnssec"))
        assert_blocked(resolver.dig("hoax.signed.test", "A", "+dnssec"))
        assert_secure(resolver.dig("gone-after.signed.test", "A", "+dnssec"))
    assert_blocked(resolver.dig("x.nothing.signed.test", "A", "+dnssec"), EXACT)
    assert_secure(resolver.dig("nothing.signed.test", "A", "+dnssec"), "NXDOMAIN")


def test_a_kept_answer_in_a_signed_zone_says_nothing_about_its_neighbours(resolver):
    """It is in the cache as insecure data of a secure zone."""
    for name, order in (("hoax.signed.test", orders.ID), ("target.signed.test", ALIAS)):
        keep(resolver, name, order=order)
    assert_blocked(resolver.dig("alias.signed.test", "A", "+dnssec"), ALIAS)
    for _ in range(2):
        assert_secure(resolver.dig("news.signed.test", "TXT", "+dnssec"))
        assert_secure(resolver.dig("hoay.signed.test", "A", "+dnssec"), "NXDOMAIN")
    assert is_kept(resolver, "hoax.signed.test")
