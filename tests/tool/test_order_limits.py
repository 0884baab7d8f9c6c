"""An order beyond a limit is refused, naming the field, and does not affect the other orders of a feed."""
import hashlib
import json
import struct

import pytest

from support import orders
from support.database import dump, entry, lookup_key, writing
from support.tool import DONE, UNSAFE, USAGE

MOST = 10000  # orders at one name: ledger/records.h, Entries::most
TOO_MANY = {
    "regions": ({"regions": ["ID-JK"] * 65536}, "regions"), "contacts": ({"contact": ["tel:+62"] * 70000}, "contact"),
    "revoked-name": ({"revokes": [{"order": "B" * 200, "domain": ".".join(["\\000" * 60] * 4) + ".example"}]},
                     "revokes[0]"), "authority-direction": ({"authority": "Kementerian\u202eUji"}, "authority"),
    "authority-escape": ({"authority": "Kementerian\x1b[2J"},
                         "authority"), "authority-nul": ({"authority": "Kementerian\0Uji"}, "authority"),
    "reason-direction": ({"reason": {"id": "Hoaks\u2066"}},
                         "reason.id"), "look-alike-letter": ({"id": "\u0412-1/UJI/2024"}, "id"),
}


@pytest.mark.parametrize("fields, field", TOO_MANY.values(), ids=TOO_MANY)
def test_what_cannot_be_carried_is_refused_by_field_wherever_an_order_is_read(feed, fields, field):
    good, bad = feed.order("B-1"), feed.workspace.signed(**fields)
    for command in (("order", "verify", bad), ("order", "apply", bad), ("feed", "publish", feed.directory, bad,
                                                                        *feed.options())):
        result = feed.workspace.tool(*command)
        assert result.code == USAGE and f"field {field}" in result.err and "Traceback" not in result.err, (command,
                                                                                                           result)
        assert result.err.count("\n") == 1, result
    feed.publish(good)
    assert feed.sync().code == DONE and feed.active() == {"B-1"}


def test_content_behind_a_nul_is_refused(workspace):
    text = json.dumps(orders.document(id="B-1")).encode()
    file = workspace.signed(
        text + b"\0" + json.dumps(orders.document(id="B-2", targets=orders.domains("innocent.example"))).encode()
    )
    result = workspace.tool("order", "verify", file)
    assert result.code == USAGE and "NUL" in result.err, result


def fill(workspace, name):
    """Makes the maximum number of orders list a name."""
    workspace.block(name, id="B-0")
    with writing(workspace.database, b"names") as transaction:
        key = lookup_key(name)
        first, _ = struct.unpack("<IB", transaction.get(key))
        transaction.put(key, b"".join(entry(first + 1000 + i) for i in range(MOST)))


def test_an_order_refused_after_good_targets_leaves_none_of_them_in_a_sync(feed):
    fill(feed.workspace, "full.example")
    before = set(dump(feed.workspace.database)["names"])
    refused = feed.workspace.signed(id="X-1", targets=orders.domains("innocent.example", "full.example"))
    feed.publish(refused, feed.order("Y-1"))
    result = feed.sync()
    assert result.code == UNSAFE and "full.example" in result.err and "10000" in result.err, result
    assert set(dump(feed.workspace.database)["names"]) - before == {lookup_key("y-1.example")}
    told = feed.workspace.tool("explain", "innocent.example").out
    assert "not blocked" in told and "Y-1" not in told, told
    assert feed.active() >= {"Y-1"} and "X-1" not in feed.active()


@pytest.mark.parametrize("command", ["verify", "apply", "publish", "sync"])
def test_an_order_dated_ahead_is_refused(feed, command):
    file = feed.workspace.signed(id="B-9", issued="2099-01-01T00:00:00Z", effective="2024-01-01T00:00:00Z")
    if command == "sync":
        # By a publisher that does not check.
        feed.publish(feed.order("B-1"), feed.order("B-9"))
        replace(feed, "B-9", file)
    result = {
        "verify": lambda: feed.workspace.tool("order", "verify", file),
        "apply": lambda: feed.workspace.tool("order", "apply", file),
        "publish": lambda: feed.workspace.tool("feed", "publish", feed.directory, file, *feed.options()),
        "sync": feed.sync,
    }[command]()
    assert result.code == UNSAFE and "B-9" in result.err and "2099-01-01" in result.err, result
    if command == "sync":
        assert feed.active() == {"B-1"}


def replace(feed, id, file):
    """Puts another document, with its signature, in an order's place in the feed."""
    [signature] = [path.read_bytes() for path in file.parent.glob(f"{file.name}*.minisig")]
    content = file.read_bytes()

    def change(manifest):
        [order] = [o for o in manifest["orders"] if o["id"] == id]
        for entry_, octets in ((order, content), (order["signatures"][0], signature)):
            (feed.directory / entry_["path"]).write_bytes(octets)
            entry_["sha256"], entry_["size"] = hashlib.sha256(octets).hexdigest(), len(octets)
    feed.rewrite(change)


def test_an_order_dated_a_few_hours_ahead_by_another_clock_is_taken(workspace):
    workspace.apply(issued=orders.at(3600), effective="2024-01-01T00:00:00Z")


def test_an_id_that_looks_like_another_is_reported(feed):
    workspace = feed.workspace
    workspace.block("a.example", id="B-1O/2024")
    result = workspace.tool("order", "apply", workspace.signed(id="B-10/2024", targets=orders.domains("b.example")))
    assert result.code == DONE and "B-10/2024" in result.err and "B-1O/2024" in result.err, result
    assert workspace.tool("order", "apply", workspace.signed(id="B-11/2024",
                                                             targets=orders.domains("c.example"))).err == ""
    published = feed.publish(feed.order("B-1l/2024"), feed.order("B-Il/2024"))
    assert "looks like" in published.err, published
    synced = feed.sync("--json").json()["feeds"][0]
    assert any("B-11/2024" in note for note in synced["notes"]), synced


def test_texts_of_the_isp_reach_subscribers_as_well(workspace):
    result = workspace.tool("local", "block", "a.example", "--reason", "because\u202e")
    assert result.code == USAGE and "U+202E" in result.err, result
    hosts = workspace.folder / "list"
    hosts.write_text("a.example\n")
    result = workspace.tool(
        "list", "import", hosts, "--source", "x", "--format", "domains", "--authority", "ISP\x1b[2J"
    )
    assert result.code == USAGE and "U+001B" in result.err, result
    workspace.configure(more='[[feed]]\nname = "x"\nurl = "list+file:///nowhere"\nauthority = "ISP\\u202e"\n')
    result = workspace.tool("status")
    assert result.code == USAGE and "U+202E" in result.err, result
