"""With dns64 in the chain, names without IPv6 addresses still get synthesised ones, blocked names none."""
from support import orders


def test_synthesis_goes_on_for_unlisted_names_only(workspace, resolver_of):
    workspace.block("hoax.v4only.example")
    resolver = resolver_of(workspace, chain="dynlib dns64 validator iterator").start()
    assert resolver.dig("news.v4only.example", "AAAA").data("AAAA") == ["64:ff9b::c633:6407"]
    answer = resolver.dig("hoax.v4only.example", "AAAA")
    assert answer.status == "NXDOMAIN" and answer.blocked_by(orders.ID), answer.raw
