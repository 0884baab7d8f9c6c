"""Rollback, restore and compacting under an Unbound that runs: no reload, restart or signal."""
from support import orders
from support.authority import RESOLVED
from support.waiting import wait_for

WHY = ("--reason", "uji")


def assert_blocked(resolver, name, order=orders.ID):
    answer = resolver.dig(name)
    assert answer.status == "NXDOMAIN" and answer.blocked_by(order), answer.raw


def assert_resolves(resolver, name):
    answer = resolver.dig(name)
    assert answer.data("A") == [RESOLVED] and not answer.errors, answer.raw


def test_a_rolled_back_order_releases_at_the_next_query(workspace, resolver):
    workspace.block("hoax.example")
    assert_blocked(resolver, "hoax.example")
    workspace.tool.do("db", "rollback", "0", *WHY)
    assert_resolves(resolver, "hoax.example")


def test_a_rolled_back_revocation_evicts_cached_answers(workspace, resolver):
    workspace.block("hoax.example")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    assert_resolves(resolver, "www.hoax.example")
    assert_resolves(resolver, "www.hoax.example")  # from the cache
    workspace.tool.do("db", "rollback", "1", *WHY)
    wait_for(lambda: resolver.dig("www.hoax.example").blocked_by(orders.ID), "the cached answer's end")
    assert resolver.starts() == 1


def test_a_restore_is_seen_as_a_commit(workspace, resolver):
    workspace.block("hoax.example")
    workspace.tool.do("db", "backup", workspace.folder / "backup")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    workspace.block("later.example", id="B-2")
    assert_resolves(resolver, "hoax.example")
    assert_blocked(resolver, "later.example", "B-2")
    workspace.tool.do("db", "restore", workspace.folder / "backup", *WHY)
    wait_for(lambda: resolver.dig("hoax.example").blocked_by(orders.ID), "the cached answer's end")
    assert_resolves(resolver, "later.example")
    assert resolver.starts() == 1


def test_blocks_hold_while_the_database_is_compacted_and_commits_after_it_are_seen(workspace, resolver):
    workspace.block("hoax.example")
    for number in range(3):
        workspace.tool.do("db", "compact")
        assert_blocked(resolver, f"n{number}.hoax.example")
        workspace.block(f"after{number}.example", id=f"B-{number}")
        wait_for(
            lambda: resolver.dig(f"after{number}.example").blocked_by(f"B-{number}"), "the commit after compacting"
        )
    assert resolver.starts() == 1
    assert workspace.tool.do("db", "check", "--json").json()["sound"]


def test_what_was_cached_before_compacting_is_evicted_by_a_commit_after_it(workspace, resolver):
    workspace.block("other.example", id="B-0")
    assert_resolves(resolver, "hoax.example")
    workspace.tool.do("db", "compact")
    workspace.block("hoax.example")
    wait_for(lambda: resolver.dig("hoax.example").blocked_by(orders.ID), "the cached answer's end")
