"""A change that the tool commits is in force at once in a running Unbound, without reload, restart or signal."""
import json

from support import orders
from support.authority import RESOLVED

SECOND = "B-2/UJI/2024"


def assert_blocked(resolver, name, order=orders.ID):
    answer = resolver.dig(name)
    assert answer.status == "NXDOMAIN" and answer.blocked_by(order), answer.raw


def assert_resolves(resolver, name):
    answer = resolver.dig(name)
    assert answer.data("A") == [RESOLVED] and not answer.errors, answer.raw


def test_an_applied_order_blocks_at_the_next_query(workspace, resolver):
    assert_resolves(resolver, "before.example")
    workspace.block("hoax.example")
    assert_blocked(resolver, "hoax.example")
    assert resolver.starts() == 1


def test_a_revoked_order_releases_at_the_next_query(workspace, resolver):
    workspace.block("hoax.example")
    assert_blocked(resolver, "hoax.example")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    assert_resolves(resolver, "hoax.example")
    assert_resolves(resolver, "www.hoax.example")


def test_a_name_in_two_orders_stays_blocked_until_both_are_gone(workspace, resolver):
    workspace.block("hoax.example")
    workspace.block("hoax.example", "other.example", id=SECOND)
    workspace.tool.do("order", "revoke", SECOND, "--reason", "uji")
    assert_blocked(resolver, "hoax.example")
    assert_resolves(resolver, "other.example")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    assert_resolves(resolver, "hoax.example")


def test_the_newest_order_is_the_one_named(workspace, resolver):
    workspace.block("hoax.example", issued="2024-01-01T00:00:00Z")
    workspace.block("hoax.example", id=SECOND, issued="2024-02-01T00:00:00Z")
    assert_blocked(resolver, "hoax.example", SECOND)
    workspace.tool.do("order", "revoke", SECOND, "--reason", "uji")
    assert_blocked(resolver, "hoax.example", orders.ID)


def test_a_subtree_above_stays_blocked_when_a_name_below_is_released(workspace, resolver):
    workspace.block("hoax.example")
    workspace.block("www.hoax.example", id=SECOND)
    assert_blocked(resolver, "www.hoax.example", SECOND)
    workspace.tool.do("order", "revoke", SECOND, "--reason", "uji")
    assert_blocked(resolver, "www.hoax.example", orders.ID)


def test_an_order_that_lifts_another_releases_its_names(workspace, resolver):
    workspace.block("hoax.example", "other.example")
    workspace.apply(id=SECOND, targets=orders.ABSENT, revokes=[{"order": orders.ID}])
    assert_resolves(resolver, "hoax.example")
    assert_resolves(resolver, "other.example")


def test_an_order_that_lifts_one_name_of_another_releases_only_that(workspace, resolver):
    workspace.block("hoax.example", "other.example")
    workspace.apply(id=SECOND, targets=orders.ABSENT, revokes=[{"order": orders.ID, "domain": "other.example"}])
    assert_blocked(resolver, "hoax.example")
    assert_resolves(resolver, "other.example")


def test_a_list_imported_again_releases_names_no_longer_in_it(workspace, resolver):
    listing = workspace.folder / "list"
    listing.write_text("0.0.0.0 first.example\n0.0.0.0 second.example\n")
    workspace.tool.do("list", "import", "--source", "uji", "--format", "hosts", listing)
    assert_blocked(resolver, "first.example", "list:uji")
    listing.write_text("0.0.0.0 second.example\n")
    workspace.tool.do("list", "import", "--source", "uji", "--format", "hosts", listing)
    assert_resolves(resolver, "first.example")
    assert_blocked(resolver, "second.example", "list:uji")


def test_many_orders_one_after_the_other_each_hold_at_once(workspace, resolver):
    for number in range(20):
        workspace.block(f"hoax{number}.example", id=f"B-{number}/UJI/2024")
        assert_blocked(resolver, f"hoax{number}.example", f"B-{number}/UJI/2024")
    assert resolver.starts() == 1


def test_two_workers_see_every_commit(workspace, resolver_of):
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace, threads=2).start()
    workspace.block("hoax.example")
    # Different source ports reach different workers; none may still have the old snapshot.
    for number in range(20):
        assert_blocked(resolver, f"w{number}.hoax.example")


def test_the_orders_own_words_reach_the_answer_unharmed(workspace, resolver):
    strange = 'B-9 "kutip" \\ akhir/UJI'
    workspace.block("hoax.example", id=strange)
    listed = workspace.tool.do("order", "list", "--json").json()
    assert [order["id"] for order in listed["orders"]] == [strange], json.dumps(listed)
    answer = resolver.dig("hoax.example")
    assert answer.status == "NXDOMAIN" and "kutip" in answer.errors[16], answer.raw
