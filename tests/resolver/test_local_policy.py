"""The ISP's own entries in a running resolver: an allow passes, a block says whose it is."""
from support import orders
from support.waiting import wait_for
from support.authority import RESOLVED

BLOCKED = 15  # RFC 8914: by the operator's own policy, where 16 is an authority's


def test_an_allowed_name_passes_although_an_order_lists_it(workspace, resolver):
    workspace.block("hoax.example")
    assert resolver.dig("www.hoax.example").blocked_by(orders.ID)
    workspace.tool.do("local", "allow", "www.hoax.example", "--reason", "ticket 1")
    answer = resolver.dig("www.hoax.example")
    assert answer.data("A") == [RESOLVED] and not answer.errors, answer.raw
    assert resolver.dig("hoax.example").blocked_by(orders.ID)


def test_an_allow_above_passes_names_listed_below(workspace, resolver):
    workspace.block("www.hoax.example")
    workspace.tool.do("local", "allow", "hoax.example", "--reason", "ticket 1")
    assert resolver.dig("www.hoax.example").data("A") == [RESOLVED]


def test_a_local_block_says_blocked_and_not_censored(workspace, resolver):
    workspace.tool.do("local", "block", "phish.example", "--reason", "ticket 2")
    answer = resolver.dig("www.phish.example")
    assert (
        answer.status == "NXDOMAIN" and list(answer.errors) == [BLOCKED] and "local:1" in answer.errors[BLOCKED]
    ), answer.raw


def test_a_removed_allow_blocks_again(workspace, resolver):
    workspace.block("hoax.example")
    workspace.tool.do("local", "allow", "hoax.example", "--reason", "ticket 1")
    assert resolver.dig("hoax.example").data("A") == [RESOLVED]
    workspace.tool.do("local", "remove", "hoax.example", "--reason", "uji")
    wait_for(lambda: resolver.dig("hoax.example").blocked_by(orders.ID), "the block back in force")


def test_a_name_held_in_quarantine_resolves_until_it_is_released(workspace, resolver):
    workspace.configure(more="\n[safety]\nmax_order_lifetime_days = 400000\nown_names = [\"own.example\"]\n")
    workspace.block("own.example", "hoax.example")
    assert resolver.dig("own.example").data("A") == [RESOLVED]
    workspace.tool.do("quarantine", "release", orders.ID, "own.example", "--reason", "meant so")
    wait_for(lambda: resolver.dig("own.example").blocked_by(orders.ID), "the released target in force")
