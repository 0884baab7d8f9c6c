"""`db rollback`: the blocklist of an earlier serial, as one more commit."""
import pytest

from support import orders
from support.tool import DATABASE, USAGE

WHY = ("--reason", "salah impor")


def blocked(workspace, name):
    return workspace.tool("explain", name, "--json").json()["verdict"] == "blocked"


def listed(workspace):
    return sorted(order["id"] for order in workspace.tool.do("order", "list", "--json").json()["orders"])


def test_an_order_applied_since_is_gone_and_the_journal_tells_it(workspace):
    workspace.block("kept.example", id="B-1")
    workspace.block("wrong.example", id="B-2")
    told = workspace.tool.do("db", "rollback", "1", *WHY, "--json").json()
    assert (told["serial"], told["rolled_back"], told["names_removed"], told["names_added"]) == (3, True, 1, 0)
    assert told["orders"] == [{"id": "B-2", "kind": "order", "change": "removed"}]
    assert blocked(workspace, "kept.example") and not blocked(workspace, "wrong.example")
    assert listed(workspace) == ["B-1"]
    record = workspace.tool.do("db", "history", "--json").json()["records"][0]
    assert (record["command"], record["detail"], record["orders"]) == ("db rollback", "to serial 1: salah impor",
                                                                       ["B-2"])


def test_a_revocation_is_undone(workspace):
    workspace.block("hoax.example")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    told = workspace.tool.do("db", "rollback", "1", *WHY, "--json").json()
    assert told["orders"] == [{"id": orders.ID, "kind": "order", "change": "restored"}]
    assert blocked(workspace, "hoax.example")


def test_an_order_rolled_back_can_be_applied_again(workspace):
    file = workspace.signed()
    workspace.tool.do("order", "apply", file)
    workspace.tool.do("db", "rollback", "0", *WHY)
    assert workspace.tool.do("order", "apply", file, "--json").json()[0]["applied"] is True
    assert blocked(workspace, "hoax.example")


def test_a_rollback_is_rolled_back(workspace):
    file = workspace.folder / "list"
    file.write_text("a.example\nb.example\n")
    workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", file)
    workspace.block("hoax.example", reason={"en": "kept word for word"})
    workspace.tool.do("db", "rollback", "0", *WHY)
    assert not blocked(workspace, "a.example") and listed(workspace) == []
    workspace.tool.do("db", "rollback", "2", *WHY)
    assert blocked(workspace, "a.example") and listed(workspace) == [orders.ID, "list:uji"]
    shown = workspace.tool.do("order", "show", orders.ID, "--json").json()
    assert shown["document"]["reason"] == {"en": "kept word for word"}


def test_a_dry_run_says_the_same_and_changes_nothing(workspace):
    workspace.block("hoax.example")
    before = workspace.digest()
    dry = workspace.tool.do("db", "rollback", "0", "--dry-run", "--json").json()
    assert (dry["dry_run"], dry["rolled_back"], dry["serial"]) == (True, False, 1) and workspace.digest() == before
    assert "would go back" in workspace.tool.do("db", "rollback", "0", "--dry-run").out
    done = workspace.tool.do("db", "rollback", "0", *WHY, "--json").json()
    assert {**dry, "dry_run": False, "rolled_back": True, "serial": 2} == done


def test_back_to_the_present_is_no_commit(workspace):
    workspace.block("hoax.example")
    before = workspace.digest()
    assert workspace.tool.do("db", "rollback", "1", *WHY, "--json").json()["rolled_back"] is False
    assert workspace.digest() == before


def test_without_a_reason_it_is_refused(workspace):
    workspace.block("hoax.example")
    before = workspace.digest()
    assert "--reason" in workspace.tool.refused(USAGE, "db", "rollback", "0").err
    assert workspace.digest() == before


@pytest.mark.parametrize("serial", ["2", "99999999999", "-1", "first"])
def test_a_serial_that_is_none_is_refused(workspace, serial):
    workspace.block("hoax.example")
    before = workspace.digest()
    workspace.tool.refused(USAGE, "db", "rollback", serial, *WHY)
    assert workspace.digest() == before


def test_it_makes_no_database(workspace):
    workspace.tool.refused(DATABASE, "db", "rollback", "0", *WHY)
    assert not workspace.database.exists()
