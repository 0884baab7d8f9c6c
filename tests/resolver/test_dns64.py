"""With dns64 in the chain, names without IPv6 addresses still get synthesised ones, blocked names none."""
import pytest

from support import orders
from support.authority import ANYTHING, Authority

ADDRESS = "B-2/DNS64"
CHAIN = "dynlib dns64 validator iterator"
EXAMPLE = ANYTHING + """\
*.v4only A 198.51.100.7
listed.v4only A 203.0.113.5
alias.v4only CNAME hoax.v4only
"""


@pytest.fixture(scope="module")
def authority(new_folder):
    server = Authority(new_folder("authority"), {"example.": EXAMPLE})
    yield server.start()
    server.stop()


def test_synthesis_goes_on_for_unlisted_names_only(workspace, resolver_of):
    workspace.block("hoax.v4only.example")
    resolver = resolver_of(workspace, chain=CHAIN).start()
    for _ in range(2):
        assert resolver.dig("news.v4only.example", "AAAA").data("AAAA") == ["64:ff9b::c633:6407"]
        for name in ("hoax", "www.hoax", "alias"):
            answer = resolver.dig(f"{name}.v4only.example", "AAAA")
            assert answer.status == "NXDOMAIN" and answer.blocked_by(orders.ID), answer.raw


@pytest.mark.parametrize("prefix, made", [
    ("64:ff9b::/96", "64:ff9b::c633:6407"), ("2001:db8:64::/96", "2001:db8:64::c633:6407"),
    ("2001:db8:64::/64", "2001:db8:64:0:c6:3364:700:0"), ("2001:db8:64::/48", "2001:db8:64:c633:64:700::"),
    ("2001:db8::/32", "2001:db8:c633:6407::")])
def test_a_listed_ipv4_address_is_not_reached_through_translation(workspace, resolver_of, prefix, made):
    workspace.apply(id=ADDRESS, targets=[{"address": "203.0.113.0/28"}])
    resolver = resolver_of(workspace, chain=CHAIN, extra=f"server:\n    dns64-prefix: {prefix}\n").start()
    for _ in range(2):
        assert resolver.dig("news.v4only.example", "AAAA").data("AAAA") == [made]
        for type_ in ("AAAA", "A"):
            answer = resolver.dig("listed.v4only.example", type_)
            assert answer.status == "NOERROR" and not answer.answer and answer.blocked_by(ADDRESS), answer.raw


@pytest.mark.parametrize(
    "prefix, made", [("64:ff9b::/96", "64:ff9b::c000:250"), ("2001:db8:64::/64", "2001:db8:64:0:c0:2:5000:0")]
)
def test_an_ipv4_landing_page_alone_serves_clients_behind_translation(workspace, resolver_of, prefix, made):
    workspace.configure(answer="")
    workspace.config.write_text(workspace.config.read_text().replace('redirect_aaaa = ["2001:db8::80"]', ""))
    workspace.block("hoax.example", action="redirect")
    resolver = resolver_of(workspace, chain=CHAIN, extra=f"server:\n    dns64-prefix: {prefix}\n").start()
    answer = resolver.dig("hoax.example", "AAAA")
    assert answer.data("AAAA") == [made] and answer.blocked_by(orders.ID), answer.raw
    assert resolver.dig("hoax.example", "A").data("A") == ["192.0.2.80"]
    # Without translation there is no such address.
    plain = resolver_of(workspace).start()
    answer = plain.dig("hoax.example", "AAAA")
    assert answer.status == "NOERROR" and not answer.answer and answer.blocked_by(orders.ID), answer.raw
