"""Redirect to a landing host by name: an alias that the module completes with the host's own addresses."""
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import orders, signed_zone
from support.authority import ANYTHING, Authority
from support.scripted import Scripted
from support.waiting import wait_for
from support.workspace import TTL, Workspace

ADDRESS = "B-2/LANDING"
PAGE, PAGE_AAAA = "192.0.2.80", "2001:db8::80"
LANDING = f"""\
page A {PAGE}
page AAAA {PAGE_AAAA}
page TXT "landing"
four A {PAGE}
named CNAME page
sub.hoax A {PAGE}
"""
EXAMPLE = ANYTHING + "listed-address A 203.0.113.5\nalias CNAME hoax\n"


@pytest.fixture(scope="module")
def bogus(new_folder):
    return signed_zone.sign(new_folder("zone"), "bogus.test.", f"page A {PAGE}\n").broken(PAGE, "192.0.2.66")


@pytest.fixture(scope="module")
def authority(new_folder, bogus):
    server = Authority(
        new_folder("authority"), {"landing.test.": LANDING, "example.": EXAMPLE, "bogus.test.": bogus.text}
    )
    yield server.start()
    server.stop()


@pytest.fixture(scope="module")
def redirecting(new_folder, resolver_of):
    """A resolver that redirects hoax.example and answers with 203.0.113.5 to the host."""
    def make(host, *listed, **options):
        workspace = Workspace(new_folder("work"))
        workspace.configure(action="redirect", answer=f'redirect_cname = "{host}"')
        workspace.block_in_spite("hoax.example", *listed)
        workspace.apply(id=ADDRESS, targets=[{"address": "203.0.113.5"}])
        return resolver_of(workspace, **options).start()
    return make


@pytest.fixture(scope="module")
def resolver(redirecting):
    return redirecting("page.landing.test", threads=2)


def assert_redirected(answer, host, name, addresses, type_="A", order=orders.ID):
    assert answer.status == "NOERROR" and answer.blocked_by(order) and "ad" not in answer.flags, answer.raw
    alias = answer.answer[0]
    assert (alias.name, alias.type, alias.data, alias.ttl) == (name + ".", "CNAME", host + ".", TTL), answer.raw
    assert answer.data(type_) == addresses, answer.raw


@pytest.mark.parametrize("type_, address", [("A", PAGE), ("AAAA", PAGE_AAAA)])
def test_an_alias_and_the_host_s_addresses_are_answered_first_and_from_cache(resolver, type_, address):
    for name in ("hoax.example", "www.hoax.example", "Www.hOAx.example"):
        for options in ((), ("+dnssec",), ("+cdflag",), ("+tcp",)):
            assert_redirected(resolver.dig(name, type_, *options), "page.landing.test", name, [address], type_)


def test_the_host_asked_for_directly_before_changes_nothing(redirecting):
    own = redirecting("page.landing.test")
    assert own.dig("page.landing.test").data("A") == [PAGE]
    assert_redirected(own.dig("hoax.example"), "page.landing.test", "hoax.example", [PAGE])
    answer = own.dig("page.landing.test")
    assert answer.data("A") == [PAGE] and not answer.errors, answer.raw


def test_what_an_alias_or_a_listed_address_leads_to_is_redirected_too(resolver):
    for _ in range(2):
        assert_redirected(resolver.dig("alias.example"), "page.landing.test", "alias.example", [PAGE])
        assert_redirected(resolver.dig("listed-address.example"), "page.landing.test", "listed-address.example",
                          [PAGE], order=ADDRESS)


@pytest.mark.parametrize("type_", ["CNAME", "ANY"])
def test_a_query_for_cname_gets_the_alias_alone(resolver, type_):
    answer = resolver.dig("hoax.example", type_)
    assert [record.type for record in answer.answer] == ["CNAME"] and answer.blocked_by(orders.ID), answer.raw


@pytest.mark.parametrize("type_", ["TXT", "MX", "HTTPS", "SVCB", "DNSKEY", "TYPE65534"])
def test_other_types_have_no_data(resolver, type_):
    answer = resolver.dig("hoax.example", type_)
    assert answer.status == "NOERROR" and not answer.answer and answer.soa and answer.blocked_by(orders.ID), answer.raw
    assert answer.soa.ttl == TTL, answer.raw


def test_a_host_that_is_an_alias_is_followed(redirecting):
    own = redirecting("named.landing.test")
    for _ in range(2):
        answer = own.dig("hoax.example")
        assert_redirected(answer, "named.landing.test", "hoax.example", [PAGE])
        assert answer.data("CNAME") == ["named.landing.test.", "page.landing.test."], answer.raw


def test_a_host_without_addresses_of_the_type_leaves_the_alias_alone(redirecting):
    own = redirecting("four.landing.test")
    assert_redirected(own.dig("hoax.example"), "four.landing.test", "hoax.example", [PAGE])
    assert_redirected(own.dig("hoax.example", "AAAA"), "four.landing.test", "hoax.example", [], "AAAA")


@pytest.mark.parametrize("host", ["gone.landing.test", "refused.nowhere"], ids=["nxdomain", "servfail"])
def test_a_host_that_cannot_be_resolved_leaves_the_block_in_place(redirecting, host):
    own = redirecting(host)
    for _ in range(2):
        assert_redirected(own.dig("hoax.example"), host, "hoax.example", [])
        assert_redirected(own.dig("listed-address.example"), host, "listed-address.example", [], order=ADDRESS)


def test_a_host_whose_servers_are_silent_leaves_the_block_in_place(redirecting):
    silent = Scripted(lambda name, type_: None)
    try:
        own = redirecting(
            "page.silent.test", extra="server:\n    outbound-msg-retry: 1\n" + silent.forward("silent.test")
        )
        wait_for(lambda: own.dig("hoax.example").blocked_by(orders.ID), "the block")
        assert silent.asked
        assert_redirected(own.dig("hoax.example"), "page.silent.test", "hoax.example", [])
    finally:
        silent.stop()


def test_a_host_whose_signatures_fail_is_not_believed(redirecting, bogus):
    own = redirecting("page.bogus.test", extra=bogus.trust())
    assert own.dig("page.bogus.test").status == "SERVFAIL"
    for options in ((), ("+cdflag",), ("+dnssec",)):
        for name, order in (("hoax.example", orders.ID), ("listed-address.example", ADDRESS)):
            assert_redirected(own.dig(name, "A", *options), "page.bogus.test", name, [], order=order)


def test_a_host_below_the_listed_name_is_still_found(redirecting):
    own = redirecting("sub.hoax.landing.test", "hoax.landing.test")
    for _ in range(2):
        assert_redirected(own.dig("hoax.landing.test"), "sub.hoax.landing.test", "hoax.landing.test", [PAGE])
        assert_redirected(own.dig("www.hoax.landing.test"), "sub.hoax.landing.test", "www.hoax.landing.test", [PAGE])


def test_a_listed_host_is_not_pointed_at_itself(redirecting):
    own = redirecting("page.landing.test", "page.landing.test")
    for _ in range(2):
        answer = own.dig("page.landing.test")
        assert (
            answer.status == "NOERROR" and not answer.answer and answer.soa and answer.blocked_by(orders.ID)
        ), answer.raw
        assert_redirected(own.dig("hoax.example"), "page.landing.test", "hoax.example", [PAGE])


def test_many_at_once_for_a_host_not_yet_known_are_all_completed(redirecting):
    own = redirecting("page.landing.test", threads=2)
    names = [f"n{number}.hoax.example" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        for name, answer in zip(names, pool.map(own.dig, names)):
            assert_redirected(answer, "page.landing.test", name, [PAGE])


def test_behind_another_module_in_the_chain(redirecting):
    own = redirecting("page.landing.test", chain="respip dynlib dns64 validator iterator")
    assert_redirected(own.dig("hoax.example"), "page.landing.test", "hoax.example", [PAGE])
