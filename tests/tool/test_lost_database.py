"""A lost database is not silently begun anew: the image that resolvers use would be replaced by an empty one."""
import pytest

from support import orders
from support.tool import DATABASE

BLOCK = ["local", "block", "zz.example", "--reason", "x"]
LOSSES = {"no data.mdb": lambda data: data.unlink(), "an empty data.mdb": lambda data: data.write_bytes(b"")}


@pytest.fixture(params=LOSSES)
def lost(workspace, request):
    workspace.block("hoax.example")
    workspace.tool.do("db", "backup", workspace.folder / "backup")
    LOSSES[request.param](workspace.database / "data.mdb")
    return workspace


def image(workspace):
    return (workspace.database / "image/current").read_bytes()


@pytest.mark.parametrize("command", [BLOCK, ["order", "list"], ["db", "publish"], ["status"]], ids=" ".join)
def test_commands_refuse_and_keep_the_image(lost, command):
    before = image(lost)
    result = lost.tool.refused(DATABASE, *command)
    assert "an image is published" in result.err and "db restore" in result.err, result
    assert image(lost) == before


def test_a_sync_refuses_and_keeps_the_image(feed):
    feed.publish_orders("B-1")
    feed.workspace.tool.do("sync")
    (feed.workspace.database / "data.mdb").write_bytes(b"")
    before = image(feed.workspace)
    assert "an image is published" in feed.workspace.tool.refused(DATABASE, "sync").err
    assert image(feed.workspace) == before


def test_a_backup_is_restored(lost):
    lost.tool.do("db", "restore", lost.folder / "backup", "--reason", "lost")
    assert orders.ID in lost.tool.do("explain", "hoax.example").out


def test_init_begins_anew(lost):
    assert "ready" in lost.tool.do("db", "init").out
    assert "no orders" in lost.tool.do("order", "list").out


def test_an_image_that_cannot_be_read_counts_too(workspace):
    workspace.block("hoax.example")
    (workspace.database / "data.mdb").unlink()
    (workspace.database / "image/current").write_bytes(b"")
    assert "an image is published" in workspace.tool.refused(DATABASE, *BLOCK).err


def test_another_databases_image_is_replaced_on_purpose_only(workspace):
    workspace.block("hoax.example")
    current = workspace.database / "image/current"
    lines = current.read_text().splitlines()
    current.write_text("\n".join([lines[0], "ledger " + 32 * "0", *lines[2:], ""]))
    before = image(workspace)
    assert "image of another database" in workspace.tool.refused(DATABASE, "db", "publish").err
    assert image(workspace) == before
    workspace.tool.do("db", "init")
    assert image(workspace) != before


def test_publishing_a_damaged_database_speaks_of_no_commit(workspace):
    workspace.block("hoax.example")
    with open(workspace.database / "data.mdb", "r+b") as data:
        data.truncate(3 * 4096)
    (workspace.database / "image/current").unlink()
    result = workspace.tool.refused(DATABASE, "db", "publish")
    assert "commit" not in result.err, result
