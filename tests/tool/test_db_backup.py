"""`db backup` and `db restore`: the same content again, as one more commit of the journal."""
import shutil

import pytest

from support import database, orders
from support.tool import DATABASE, UNSAFE, USAGE
from support.workspace import Workspace

WHY = ("--reason", "uji")


def blocked(workspace, name):
    return workspace.tool("explain", name, "--json").json()["verdict"] == "blocked"


def serials(workspace):
    return [r["serial"] for r in workspace.tool.do("db", "history", "--limit", "0", "--json").json()["records"]]


def sound(workspace):
    return workspace.tool.do("db", "check", "--signatures", "--json").json()["sound"]


@pytest.fixture
def backup(workspace):
    """Of a workspace with two orders and a list; serial 3."""
    workspace.block("hoax.example", "other.example", reason={"en": "kept word for word"})
    workspace.apply(id="B-2", targets=[{"address": "203.0.113.0/28"}, {"domain": "exact.example", "match": "exact"}])
    file = workspace.folder / "list"
    file.write_text("l1.example\nl2.example\n")
    workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", file)
    target = workspace.folder / "backup"
    told = workspace.tool.do("db", "backup", target, "--json").json()
    assert (told["serial"], told["names"], told["addresses"], told["orders"]) == (3, 5, 1, 3)
    assert told["bytes"] == target.stat().st_size
    return target


def test_what_came_after_the_backup_is_undone_by_one_commit(workspace, backup):
    before = database.content(workspace.database)
    workspace.block("wrong.example", id="B-3")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    told = workspace.tool.do("db", "restore", backup, *WHY, "--json").json()
    assert (told["kinship"], told["backup_serial"], told["restored"], told["serial"]) == ("past", 3, True, 6)
    assert database.content(workspace.database) == before
    assert serials(workspace) == [6, 5, 4, 3, 2, 1] and sound(workspace)
    record = workspace.tool.do("db", "history", "--json").json()["records"][0]
    assert (record["command"], record["detail"]) == ("db restore", "backup, serial 3: uji")
    assert record["orders"] == [orders.ID, "B-3"] and (record["names_added"], record["names_removed"]) == (2, 1)


def test_a_restore_is_rolled_back(workspace, backup):
    workspace.block("later.example", id="B-3")
    before = database.content(workspace.database)
    workspace.tool.do("db", "restore", backup, *WHY)
    workspace.tool.do("db", "rollback", "4", *WHY)
    assert database.content(workspace.database) == before and sound(workspace)


def test_a_lost_database_comes_back_with_its_journal(workspace, backup):
    before = database.content(workspace.database)
    shutil.rmtree(workspace.database)
    told = workspace.tool.do("db", "restore", backup, *WHY, "--json").json()
    assert (told["kinship"], told["serial"]) == ("ahead", 4)
    assert database.content(workspace.database) == before
    assert serials(workspace) == [4, 3, 2, 1] and sound(workspace)
    workspace.tool.do("db", "rollback", "1", *WHY)
    assert blocked(workspace, "hoax.example") and not blocked(workspace, "l1.example")


def test_a_backup_that_is_ahead_brings_the_missing_commits(workspace, backup):
    """As after an older copy of the machine was started."""
    older = workspace.folder / "older"
    shutil.copytree(workspace.database, older)
    workspace.block("later.example", id="B-3")
    workspace.tool.do("order", "revoke", "B-2", "--reason", "uji")
    ahead = workspace.folder / "ahead"
    workspace.tool.do("db", "backup", ahead)
    after = database.content(workspace.database)
    shutil.rmtree(workspace.database)
    older.rename(workspace.database)
    assert workspace.tool.do("db", "restore", ahead, *WHY, "--json").json()["kinship"] == "ahead"
    assert database.content(workspace.database) == after
    assert serials(workspace) == [6, 5, 4, 3, 2, 1] and sound(workspace)


def test_restoring_the_same_content_changes_nothing(workspace, backup):
    before = workspace.digest()
    assert workspace.tool.do("db", "restore", backup, *WHY, "--json").json()["restored"] is False
    assert workspace.digest() == before


def test_a_backup_of_another_database_is_refused_unless_asked(workspace, backup, new_folder):
    other = Workspace(new_folder("other"))
    other.block("own.example", id="B-9")
    before = other.digest()
    assert "another database" in other.tool.refused(UNSAFE, "db", "restore", backup, *WHY).err
    assert other.digest() == before
    other.tool.do("db", "restore", backup, "--foreign", *WHY)
    assert database.content(other.database) == database.content(workspace.database)
    assert serials(other) == [2, 1] and other.tool.do("db", "check", "--json").json()["sound"]


def test_a_dry_run_says_what_would_change_and_changes_nothing(workspace, backup):
    workspace.block("later.example", id="B-3")
    before = workspace.digest()
    told = workspace.tool.do("db", "restore", backup, "--dry-run", "--json").json()
    assert (told["names_removed"], told["names_added"], told["restored"]) == (1, 0, False)
    assert told["orders"] == [{"id": "B-3", "kind": "order", "change": "removed"}]
    assert "would restore" in workspace.tool.do("db", "restore", backup, "--dry-run").out
    assert workspace.digest() == before


def test_orders_applied_after_a_restore_take_no_index_used_before(workspace, backup):
    workspace.block("later.example", id="B-3")  # index 4, removed by the restore
    workspace.tool.do("db", "restore", backup, *WHY)
    workspace.block("last.example", id="B-5")
    ids = database.content(workspace.database)[b"order_ids"]
    assert ids[b"B-5"] == b"\0\0\0\5"


@pytest.mark.parametrize("damage", ["cut", "garbage", "page", "name", "empty"])
def test_a_damaged_backup_is_refused_and_nothing_changes(workspace, backup, damage):
    workspace.block("later.example", id="B-3")
    content = backup.read_bytes()
    if damage == "cut":
        backup.write_bytes(content[:-8192])
    elif damage == "garbage":
        backup.write_bytes(b"no database" * 1000)
    elif damage == "empty":
        backup.write_bytes(b"")
    elif damage == "page":
        at = content.index(database.lookup_key("hoax.example")) // 4096 * 4096
        backup.write_bytes(content[:at] + b"\xa5" * 4096 + content[at + 4096:])
    else:
        key = database.lookup_key("other.example")
        assert content.count(key) == 1
        backup.write_bytes(content.replace(key, database.lookup_key("0ther.example")))
    before = workspace.digest()
    assert str(backup) in workspace.tool.refused(DATABASE, "db", "restore", backup, *WHY).err
    assert workspace.digest() == before


def test_a_backup_replaces_a_file_only_when_asked(workspace, backup):
    content = backup.read_bytes()
    assert "--replace" in workspace.tool.refused(USAGE, "db", "backup", backup).err
    assert backup.read_bytes() == content
    workspace.block("later.example", id="B-3")
    workspace.tool.do("db", "backup", backup, "--replace")
    assert backup.read_bytes() != content


@pytest.mark.parametrize("target", ["absent/backup", "."])
def test_a_backup_that_cannot_be_written_leaves_nothing(workspace, backup, target):
    before = sorted(workspace.folder.iterdir())
    assert workspace.tool("db", "backup", workspace.folder / target).code in (USAGE, DATABASE)
    assert sorted(workspace.folder.iterdir()) == before


def test_a_missing_backup_is_reported(workspace, backup):
    assert "absent" in workspace.tool.refused(USAGE, "db", "restore", workspace.folder / "absent", *WHY).err


def test_without_a_reason_nothing_is_restored(workspace, backup):
    workspace.block("later.example", id="B-3")
    before = workspace.digest()
    assert "--reason" in workspace.tool.refused(USAGE, "db", "restore", backup).err
    assert workspace.digest() == before
