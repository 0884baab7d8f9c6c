"""The answer of each action."""
import pytest

from support import orders
from support.authority import RESOLVED
from support.workspace import REDIRECT_A, REDIRECT_AAAA, TTL

ACTIONS = ["nxdomain", "nodata", "refused", "redirect", "drop", "passthru", "log"]


def order_of(action):
    return f"ORDER-{action}"


@pytest.fixture(scope="module")
def resolver(shared_workspace, resolver_of):
    for action in ACTIONS:
        shared_workspace.block(f"{action}.example", id=order_of(action), action=action)
    shared_workspace.block("default.example", id="ORDER-default")
    shared_workspace.block("allowed.nxdomain.example", id="ORDER-allowed", action="passthru")
    shared_workspace.block("both.example", id="ORDER-both-pass", action="passthru")
    shared_workspace.block("both.example", id="ORDER-both-block", action="nxdomain", issued="2024-06-01T00:00:00Z")
    return resolver_of(shared_workspace).start()


def test_nxdomain_says_so_with_a_soa_for_negative_caching(resolver):
    answer = resolver.dig("nxdomain.example")
    assert answer.status == "NXDOMAIN" and not answer.answer, answer.raw
    assert answer.soa and answer.soa.ttl <= TTL, answer.raw
    assert answer.blocked_by(order_of("nxdomain"))


def test_the_soa_is_at_or_above_the_qname(resolver):
    """Resolvers behind this one ignore a SOA that is not an ancestor of the name."""
    soa = resolver.dig("www.nxdomain.example").soa
    assert soa and "www.nxdomain.example.".endswith(soa.name.lstrip(".")), soa


def test_an_order_without_an_action_takes_the_configured_one(resolver):
    answer = resolver.dig("default.example")
    assert answer.status == "NXDOMAIN" and answer.blocked_by("ORDER-default"), answer.raw


@pytest.mark.parametrize("type_", ["A", "AAAA", "TXT"])
def test_nodata_is_an_empty_noerror_with_a_soa(resolver, type_):
    answer = resolver.dig("nodata.example", type_)
    assert answer.status == "NOERROR" and not answer.answer, answer.raw
    assert answer.soa and answer.soa.ttl <= TTL, answer.raw
    assert answer.blocked_by(order_of("nodata"))


def test_refused_is_refused(resolver):
    answer = resolver.dig("refused.example")
    assert answer.status == "REFUSED" and not answer.answer, answer.raw
    assert answer.blocked_by(order_of("refused"))


@pytest.mark.parametrize("type_, address", [("A", REDIRECT_A), ("AAAA", REDIRECT_AAAA)])
def test_redirect_answers_the_configured_addresses(resolver, type_, address):
    answer = resolver.dig("wWw.reDirect.example", type_)
    assert answer.status == "NOERROR" and answer.data(type_) == [address], answer.raw
    assert [record.ttl for record in answer.answer] == [TTL]
    assert answer.answer[0].name == "wWw.reDirect.example."
    assert answer.blocked_by(order_of("redirect"))


@pytest.mark.parametrize("type_", ["TXT", "MX", "HTTPS"])
def test_redirect_has_no_data_of_other_types(resolver, type_):
    answer = resolver.dig("redirect.example", type_)
    assert answer.status == "NOERROR" and not answer.answer and answer.soa, answer.raw
    assert answer.blocked_by(order_of("redirect"))


def test_drop_gives_no_answer_and_the_resolver_lives_on(resolver):
    assert resolver.dig("drop.example", "A", "+time=1", "+tries=1").status is None
    assert resolver.dig("news.example").data("A") == [RESOLVED]


@pytest.mark.parametrize("name", ["passthru.example", "log.example"])
def test_passthru_and_log_resolve_without_a_trace_in_the_answer(resolver, name):
    answer = resolver.dig(name)
    assert answer.status == "NOERROR" and answer.data("A") == [RESOLVED], answer.raw
    assert not answer.errors, answer.raw


def test_passthru_below_a_blocked_name_lets_it_through(resolver):
    assert resolver.dig("allowed.nxdomain.example").data("A") == [RESOLVED]
    assert resolver.dig("www.allowed.nxdomain.example").data("A") == [RESOLVED]
    assert resolver.dig("other.nxdomain.example").status == "NXDOMAIN"


def test_passthru_wins_over_a_newer_block_of_the_same_name(resolver):
    assert resolver.dig("both.example").data("A") == [RESOLVED]


@pytest.mark.parametrize("action", ["nxdomain", "nodata", "refused", "redirect"])
def test_a_block_is_never_marked_authenticated(resolver, action):
    answer = resolver.dig(f"{action}.example", "A", "+adflag", "+dnssec")
    assert "ad" not in answer.flags and "ra" in answer.flags, answer.raw
    assert answer.blocked_by(order_of(action)), answer.raw


@pytest.mark.parametrize("action", ["nxdomain", "redirect"])
def test_a_validating_client_is_blocked_too(resolver, action):
    assert resolver.dig(f"{action}.example", "A", "+cdflag").blocked_by(order_of(action))
