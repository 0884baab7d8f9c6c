"""`local`: the ISP's own entries, apart from the orders."""
import pytest

from support import orders
from support.tool import NO, UNSAFE, USAGE


def local(workspace, *words, reason="ticket 77"):
    return workspace.tool.do("local", *words, "--reason", reason, "--json").json()


def listed(workspace, *options):
    return workspace.tool.do("local", "list", "--json", *options).json()["entries"]


def verdict(workspace, name):
    told = workspace.tool("explain", name, "--json").json()
    return told["verdict"], (told["order"] or {}).get("kind")


def test_an_allowed_name_passes_over_every_order(workspace):
    workspace.block("www.news.example")
    assert local(workspace, "allow", "news.example")["id"] == "local:1"
    assert verdict(workspace, "www.news.example") == ("passed", "local")


def test_an_exact_allow_does_not_affect_names_below(workspace):
    workspace.block("news.example")
    local(workspace, "allow", "news.example", "--exact")
    assert verdict(workspace, "news.example") == ("passed", "local")
    assert verdict(workspace, "www.news.example") == ("blocked", "order")


def test_an_allowed_address_passes(workspace):
    workspace.apply(targets=[{"address": "203.0.113.0/28"}])
    local(workspace, "allow", "203.0.113.4")
    assert verdict(workspace, "203.0.113.4")[0] == "passed" and verdict(workspace, "203.0.113.5")[0] == "blocked"


def test_a_local_block_is_of_kind_local(workspace):
    local(workspace, "block", "phish.example")
    assert verdict(workspace, "www.phish.example") == ("blocked", "local")
    [order] = workspace.tool.do("order", "list", "--json").json()["orders"]
    assert (order["id"], order["kind"], order["authority"]) == ("local:1", "local", "local")


def test_entries_are_listed_with_target_reason_and_end(workspace):
    local(workspace, "allow", "News.Example.", reason="ticket 1")
    local(workspace, "block", "203.0.113.9", "--expires", "2199-01-01T00:00:00Z", reason="ticket 2")
    first, second = listed(workspace)
    assert (first["id"], first["action"], first["target"], first["match"], first["expires"], first["reason"]) == (
        "local:1", "allow", "news.example", "subtree", None, "ticket 1")
    assert (second["action"], second["target"], second["expires"]) == ("block", "203.0.113.9", "2199-01-01T00:00:00Z")
    words = workspace.tool.do("local", "list").out
    assert "news.example" in words and "never" in words and "ticket 2" in words


def test_a_block_expires_and_an_allow_does_not_unless_configured(workspace):
    assert local(workspace, "block", "a.example")["expires"] and not local(workspace, "allow", "b.example")["expires"]
    workspace.configure(more="\n[local]\nallow_days = 3\n")
    assert local(workspace, "allow", "c.example")["expires"]


def test_a_block_without_end_is_refused(workspace):
    result = workspace.tool.refused(USAGE, "local", "block", "a.example", "--reason", "x", "--expires", "never")
    assert "never" in result.err and not workspace.database.exists()


@pytest.mark.parametrize("which", ["news.example", "local:1"])
def test_a_removed_entry_no_longer_counts(workspace, which):
    workspace.block("news.example")
    local(workspace, "allow", "news.example")
    assert workspace.tool.do("local", "remove", which, "--reason", "done", "--json").json()["removed"] == ["local:1"]
    assert verdict(workspace, "news.example") == ("blocked", "order")
    assert listed(workspace) == [] and listed(workspace, "--all")[0]["state"] == "revoked"


def test_removing_an_unknown_entry_says_so(workspace):
    workspace.tool.do("db", "init")
    assert "news.example" in workspace.tool.refused(NO, "local", "remove", "news.example", "--reason", "uji").err


def test_an_entry_given_again_replaces_the_first(workspace):
    local(workspace, "allow", "news.example")
    assert local(workspace, "allow", "news.example", "--expires", "2199-01-01T00:00:00Z")["replaced"] == "local:1"
    [entry] = listed(workspace)
    assert entry["id"] == "local:2" and entry["expires"] == "2199-01-01T00:00:00Z"


@pytest.mark.parametrize("first, then", [("allow", "block"), ("block", "allow")])
def test_a_name_is_not_allowed_and_blocked_at_once(workspace, first, then):
    local(workspace, first, "news.example")
    result = workspace.tool.refused(UNSAFE, "local", then, "news.example", "--reason", "x")
    assert "local:1" in result.err and len(listed(workspace)) == 1


@pytest.mark.parametrize("target, rule", [("kpu.go.id", "never-block"), ("go.id", "public-suffix"),
                                          ("google.co.id", "never-block"), ("blogspot.com", "shared-suffix"),
                                          ("10.0.0.1", "special-address"), ("203.0.0.0/16", "wide-prefix")])
def test_safety_rules_refuse_a_local_block(workspace, target, rule):
    result = workspace.tool.refused(UNSAFE, "local", "block", target, "--reason", "x")
    assert rule in result.err and not workspace.database.exists()


def test_safety_rules_do_not_refuse_a_local_allow(workspace):
    local(workspace, "allow", "kpu.go.id")


@pytest.mark.parametrize(
    "target", ["https://news.example/page", "*.news.example", "bad..name", "203.0.113.0/99", "com"]
)
def test_a_target_that_cannot_be_is_refused(workspace, target):
    result = workspace.tool.refused(USAGE, "local", "allow", target, "--reason", "x")
    assert target.removeprefix("https://") in result.err or target in result.err


@pytest.mark.parametrize("reason", [[], ["--reason", ""]])
def test_an_entry_needs_a_reason(workspace, reason):
    assert "--reason" in workspace.tool.refused(USAGE, "local", "allow", "news.example", *reason).err


def test_each_change_is_a_commit_with_its_reason(workspace):
    local(workspace, "block", "phish.example", reason="ticket 9")
    last = workspace.tool.do("status", "--json").json()["last_commit"]
    assert (last["command"], last["detail"], last["orders"]) == ("local block", "ticket 9", ["local:1"])


def test_no_order_of_the_ministry_takes_a_local_id(workspace):
    local(workspace, "allow", "news.example")
    workspace.tool.refused(UNSAFE, "order", "apply", workspace.signed(id="local:2"))
    assert orders.ID not in str(listed(workspace))


@pytest.mark.parametrize("target, listed, useful", [("news.example", ["news.example"], True),
                                                    ("www.news.example", ["news.example"], True),
                                                    ("news.example", ["www.news.example"], True),
                                                    ("news.example", ["other.example"], False),
                                                    ("news.example", [], False),
                                                    ("ews.example", ["news.example"], False)])
def test_an_allow_that_nothing_blocks_says_so(workspace, target, listed, useful):
    if listed:
        workspace.block(*listed)
    result = workspace.tool.do("local", "allow", target, "--reason", "uji")
    assert ("nothing blocks" in result.err) is not useful, result
    assert listed_entry(workspace)["useful"] is useful
    assert ("nothing blocks it" in workspace.tool.do("local", "list").out) is not useful


def listed_entry(workspace):
    [entry] = workspace.tool.do("local", "list", "--json").json()["entries"]
    return entry


def test_an_allow_of_one_name_is_of_no_use_against_a_block_below_it(workspace):
    workspace.block("www.news.example")
    assert "nothing blocks" in workspace.tool.do("local", "allow", "news.example", "--exact", "--reason", "uji").err


@pytest.mark.parametrize("target, useful", [("203.0.113.4", True), ("203.0.113.0/24", True), ("198.51.100.1", False)])
def test_an_allowed_address_that_nothing_blocks_says_so(workspace, target, useful):
    workspace.apply(targets=[{"address": "203.0.113.0/28"}])
    assert ("nothing blocks" in workspace.tool.do("local", "allow", target, "--reason", "uji").err) is not useful


def test_what_only_logs_or_passes_blocks_nothing(workspace):
    workspace.block("news.example", action="log")
    workspace.block("news.example", id="B-2", action="passthru")
    assert "nothing blocks" in workspace.tool.do("local", "allow", "news.example", "--reason", "uji").err


def test_an_allow_is_of_use_until_the_order_is_lifted(workspace):
    workspace.block("news.example")
    assert "nothing blocks" not in workspace.tool.do("local", "allow", "news.example", "--reason", "uji").err
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    assert listed_entry(workspace)["useful"] is False


@pytest.mark.parametrize("prefix", ["0.0.0.0/0", "203.0.112.0/23", "::/0"])
def test_a_wide_prefix_is_allowed_only_on_purpose(workspace, prefix):
    words = ("local", "allow", prefix, "--reason", "x")
    assert "safety.shortest_ipv" in workspace.tool.refused(UNSAFE, *words).err
    workspace.tool.do(*words, "--yes")


def test_a_reason_that_is_not_utf8_is_refused(workspace):
    result = workspace.tool.refused(USAGE, "local", "block", "hoax.example", "--reason", "a\udcff")
    assert "--reason: has a byte that is not UTF-8" in result.err and not workspace.database.exists()


@pytest.mark.parametrize("words, fragment", [(("block", "."), "root"), (("remove", "999"), "local:999")])
def test_what_is_no_address_is_not_called_one(workspace, words, fragment):
    workspace.tool.do("db", "init")
    error = workspace.tool.refused(USAGE, "local", *words, "--reason", "x").err
    assert fragment in error and "IP address" not in error
