"""Which names an order's targets cover."""
import pytest

from support import orders
from support.authority import RESOLVED

ORDER = "B-7/UJI/2024"


@pytest.fixture(scope="module")
def resolver(shared_workspace, resolver_of):
    shared_workspace.apply(id=ORDER, targets=[
        *orders.domains("hoax.example"),
        *orders.domains("exact.example", match="exact"),
        *orders.domains("Large.Example"),
        *orders.domains("höax.example"),
        *orders.domains("_dns.srv.example"),
        *orders.domains("one.two.three.example"),
    ])
    return resolver_of(shared_workspace).start()


def assert_blocked(answer):
    assert answer.status == "NXDOMAIN" and answer.blocked_by(ORDER), answer.raw


def assert_resolves(answer):
    assert answer.status == "NOERROR" and answer.data("A") == [RESOLVED], answer.raw
    assert not answer.errors, answer.raw


def test_the_listed_name_is_blocked_and_the_answer_names_the_order(resolver):
    assert_blocked(resolver.dig("hoax.example"))


@pytest.mark.parametrize("name", ["www.hoax.example", "a.b.c.d.hoax.example", "*.hoax.example"])
def test_names_below_it_are_blocked(resolver, name):
    assert_blocked(resolver.dig(name))


def test_a_name_of_full_length_below_it_is_blocked(resolver):
    label = "x" * 63
    name = f"{label}.{label}.{label}.{'x' * 48}.hoax.example"
    assert len(name) + 2 == 255
    assert_blocked(resolver.dig(name))


@pytest.mark.parametrize("name", ["nothoax.example", "hoax.example.test", "hoax-example.example",
                                  "hoax.test", "oax.example", r"not\.hoax.example"])
def test_names_that_only_look_alike_resolve(resolver, name):
    assert_resolves(resolver.dig(name))


def test_its_parent_and_an_unlisted_name_resolve(resolver):
    assert_resolves(resolver.dig("example"))
    assert_resolves(resolver.dig("news.example"))


def test_exact_blocks_the_name_but_not_its_children(resolver):
    assert_blocked(resolver.dig("exact.example"))
    assert_resolves(resolver.dig("www.exact.example"))


@pytest.mark.parametrize("name", ["HOAX.example", "hOaX.eXaMpLe", "WWW.HOAX.EXAMPLE", "large.example", "LARGE.EXAMPLE"])
def test_any_letter_case_is_blocked(resolver, name):
    assert_blocked(resolver.dig(name))


def test_the_answer_keeps_the_question_s_letter_case(resolver):
    """Clients that randomise the case (0x20) discard an answer in any other."""
    answer = resolver.dig("wWw.hOaX.ExAmPlE")
    assert_blocked(answer)
    assert answer.question == "wWw.hOaX.ExAmPlE."


def test_a_target_in_another_script_blocks_its_ascii_form(resolver):
    assert_blocked(resolver.dig("xn--hax-sna.example"))


def test_a_target_with_an_underscore_is_blocked(resolver):
    assert_blocked(resolver.dig("_dns.srv.example", "TXT"))


def test_only_the_listed_depth_is_blocked(resolver):
    assert_blocked(resolver.dig("one.two.three.example"))
    assert_resolves(resolver.dig("two.three.example"))
    assert_resolves(resolver.dig("other.two.three.example"))


@pytest.mark.parametrize(
    "type_", ["A", "AAAA", "TXT", "MX", "NS", "SOA", "HTTPS", "DNSKEY", "CNAME", "ANY", "TYPE65400"]
)
def test_every_type_is_blocked(resolver, type_):
    assert_blocked(resolver.dig("hoax.example", type_, "+notcp"))
