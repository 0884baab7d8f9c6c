"""An attacker with the server, the network or an old copy cannot make an ISP block more, less or nothing.

Each attack is refused by name with exit code 4, and the blocklist stays as it was.
"""
import hashlib
import json
import shutil

import pytest

from support import keys, orders
from support.database import dump
from support.tool import DONE, UNTRUSTED, USAGE
from support.waiting import wait_for


@pytest.fixture
def followed(feed):
    """A feed at serial 2 with two orders, synchronised."""
    feed.publish_orders("B-1")
    feed.old_copy = feed.workspace.folder / "old-copy"
    shutil.copytree(feed.directory, feed.old_copy)
    feed.publish_orders("B-2")
    assert feed.sync().code == DONE
    return feed


def content(feed):
    """The blocklist without the table `feeds`, in which the failure is recorded."""
    return {table: rows for table, rows in dump(feed.workspace.database).items() if table != "feeds"}


def refused(feed, *culprits, code=UNTRUSTED):
    before, known = content(feed), feed.state()
    result = feed.workspace.tool.refused(code, "sync")
    for culprit in culprits:
        assert culprit in result.err, result
    assert content(feed) == before, "the blocklist changed"
    state = feed.state()
    assert (state["serial"], state["last_success"]) == (known["serial"], known["last_success"])
    assert state["failure_exit_code"] == code and culprits[0] in state["failure"]
    return result


def recovers(feed):
    """The next good publication is accepted."""
    feed.publish_orders("B-9")
    assert feed.sync().code == DONE
    assert "B-9" in feed.active()


def entry(feed, name):
    data = (feed.directory / name).read_bytes()
    return {"path": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def test_rollback_to_an_older_serial(followed):
    current = followed.directory.rename(followed.directory.with_name("current"))
    followed.old_copy.rename(followed.directory)
    refused(followed, "rollback", "its serial is 1", "serial 2 was accepted before")
    shutil.rmtree(followed.directory)
    current.rename(followed.directory)
    recovers(followed)


def test_rollback_while_the_url_changes(followed):
    """A feed moved to another server remembers its serial."""
    followed.follow(f"file://{followed.old_copy}")
    refused(followed, "rollback")


def test_freeze_at_a_feed_past_its_time(followed):
    followed.rewrite(lambda m: m.update(serial=3, generated="2024-01-01T00:00:00Z", valid_until="2024-02-01T00:00:00Z"))
    refused(followed, "freeze", "2024-02-01T00:00:00Z")
    assert "STALE" not in followed.workspace.tool.do("status").out  # the good state is in force
    followed.publish(serial=4)
    recovers(followed)


def test_freeze_of_an_unchanged_feed(feed):
    """The same manifest is refused after its valid_until."""
    feed.publish_orders("B-1")
    feed.rewrite(lambda m: m.update(valid_until=orders.at(2)))
    assert feed.sync().code == DONE
    wait_for(lambda: feed.sync().code == UNTRUSTED, "the feed's time being over")
    refused(feed, "freeze")
    assert "STALE" in feed.workspace.tool.do("status").out and feed.state()["stale"]
    assert feed.active() == {"B-1"}


def test_a_feed_from_the_future(followed):
    followed.rewrite(lambda m: m.update(serial=3, generated=orders.at(3 * 86400), valid_until=orders.at(9 * 86400)))
    refused(followed, "set the clock")


def test_the_same_serial_with_other_content(followed):
    followed.rewrite(lambda m: m["orders"].pop())
    refused(followed, "serial 2 was accepted before with other content")


def test_another_feed_under_the_same_keys(followed):
    followed.rewrite(lambda m: m.update(serial=3, name="tobacco"))
    refused(followed, "feed \"tobacco\"", "ministry")


def test_an_order_file_that_is_another(followed):
    """Mix and match: a properly signed order in the place of the one that the manifest names."""
    followed.publish_orders("B-3")
    path = followed.read()["orders"][2]["path"]
    intruder = followed.order("B-EVIL", targets=orders.domains("bank.example"))
    (followed.directory / path).write_bytes(intruder.read_bytes())
    shutil.copy(intruder.with_name(f"{intruder.name}.{followed.workspace.ministry.id}.minisig"),
                followed.directory / f"{path}.{followed.workspace.ministry.id}.minisig")
    result = followed.sync()
    assert result.code == UNTRUSTED and "the manifest says" in result.err and path in result.err, result
    assert followed.active() == {"B-1", "B-2"}


def test_an_order_file_of_the_same_size_with_one_byte_changed(followed):
    followed.publish_orders("B-3", "B-4")
    file = followed.directory / followed.read()["orders"][2]["path"]
    data = file.read_bytes()
    file.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
    result = followed.sync()
    assert result.code == UNTRUSTED and "SHA-256" in result.err, result
    assert followed.active() == {"B-1", "B-2", "B-4"}  # the others apply


def test_a_signature_file_that_is_another(followed):
    followed.publish_orders("B-3")
    [signature] = followed.read()["orders"][2]["signatures"]
    (followed.directory / signature["path"]).write_text("x" * signature["size"])
    result = followed.sync()
    assert result.code == UNTRUSTED and signature["path"] in result.err
    assert followed.active() == {"B-1", "B-2"}


def test_an_order_under_the_number_of_another(followed):
    """The manifest gives a good order another id, to have it mistaken for one that is known."""
    followed.publish_orders("B-3")
    followed.rewrite(lambda m: m["orders"][2].update(id="B-4"))
    result = followed.sync()
    assert result.code == UNTRUSTED and "is order B-3, but the manifest says B-4" in result.err, result
    assert followed.active() == {"B-1", "B-2"}


def test_an_order_that_the_manifest_does_not_name_is_never_read(followed):
    intruder = followed.order("B-EVIL")
    for file in (intruder, intruder.with_name(f"{intruder.name}.{followed.workspace.ministry.id}.minisig")):
        shutil.copy(file, followed.directory / "orders" / file.name)
    assert followed.sync().code == DONE
    assert followed.active() == {"B-1", "B-2"}


def test_a_manifest_signed_by_an_order_key(followed):
    """An authority that may sign orders cannot hide other authorities' orders from ISPs."""
    followed.rewrite(lambda m: m.update(serial=3), followed.workspace.ministry)
    refused(followed, "may not sign feeds", "ministry")


def test_an_order_signed_by_a_feed_key(followed):
    file = followed.workspace.write(orders.document(id="B-3"))
    signature = keys.sign(file, followed.key)
    for source, name in ((file, "orders/3.json"), (signature, "orders/3.minisig")):
        shutil.copy(source, followed.directory / name)
    followed.rewrite(lambda m: (m.update(serial=3), m["orders"].append(
        {"id": "B-3", **entry(followed, "orders/3.json"), "signatures": [entry(followed, "orders/3.minisig")]})))
    result = followed.sync()
    assert result.code == UNTRUSTED and "may not sign orders" in result.err, result
    assert followed.active() == {"B-1", "B-2"}


def test_a_manifest_signed_by_an_unknown_key(followed):
    stranger = followed.workspace.key("stranger")
    followed.rewrite(lambda m: m.update(serial=3), stranger)
    refused(followed, stranger.id, "the key is not trusted")


def test_a_manifest_signed_by_a_feed_key_that_this_feed_does_not_accept(followed):
    other = followed.workspace.key("other-feed")
    followed.follow(
        keys={followed.workspace.ministry: {}, followed.key: {"roles": ["feed"]}, other: {"roles": ["feed"]}}
    )
    with followed.workspace.config.open("a") as config:
        config.write('keys = ["feed-key"]\n')
    followed.rewrite(lambda m: m.update(serial=3), other)
    refused(followed, other.id, "the key is not trusted")


def test_a_manifest_without_a_signature(followed):
    followed.rewrite(lambda m: m.update(serial=3))
    shutil.rmtree(followed.directory / "signatures")
    (followed.directory / "feed.json.minisig").unlink()
    refused(followed, "has no signature")


def test_a_truncated_manifest(followed):
    followed.publish_orders("B-3")
    data = followed.manifest.read_bytes()
    for length in (len(data) - 1, len(data) // 2, 1):
        followed.manifest.write_bytes(data[:length])
        refused(followed, "does not match")


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d + b" ",
        lambda d: d.replace(b'"serial": 2', b'"serial": 9'),
        lambda d: d.replace(b"ministry", b"Ministry"),
    ],
    ids=["longer", "serial", "name"],
)
def test_a_changed_manifest(followed, change):
    followed.manifest.write_bytes(change(followed.manifest.read_bytes()))
    refused(followed, "does not match")


def test_the_signature_of_an_older_manifest(followed):
    """The files of two publications mixed: neither is accepted."""
    shutil.copy(followed.old_copy / "feed.json", followed.manifest)
    shutil.rmtree(followed.directory / "signatures")
    refused(followed, "does not match")


PATHS = [
    "../../etc/passwd", "/etc/passwd", "orders/../../x", "orders//x", "./x", ".hidden", "orders/", "a\\b", "a b",
    "%2e%2e/x", "https://evil.example/x", "a" * 256
]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_leaves_the_feed_is_refused_though_signed(followed, path):
    followed.rewrite(lambda m: (m.update(serial=3), m["orders"][0].update(path=path)))
    refused(followed, "orders[0].path", code=USAGE)


@pytest.mark.parametrize("change, culprit", [(lambda m: m.update(colour="red"), "field colour: is unknown"),
                                             (lambda m: m.pop("valid_until"), "field valid_until: is missing"),
                                             (lambda m: m.update(format="saring-feed/2"), "saring-feed/2"),
                                             (lambda m: m.update(serial=0), "field serial: 0"),
                                             (lambda m: m.update(serial=2**53), "field serial: 9007199254740992"),
                                             (lambda m: m.update(serial="3"), "field serial"),
                                             (lambda m: m["orders"][0].update(size=1 << 40), "orders[0].size"),
                                             (lambda m: m["orders"][0].update(signatures=[]), "orders[0].signatures"),
                                             (lambda m: m["orders"][0].update(sha256="A" * 64), "orders[0].sha256"),
                                             (lambda m: m["orders"].append(m["orders"][0]), "B-1 appears twice")])
def test_a_signed_document_that_is_no_valid_manifest(followed, change, culprit):
    followed.rewrite(lambda m: (m.update(serial=3), change(m)))
    refused(followed, "feed.json", culprit, code=USAGE)


def test_a_second_signature_makes_up_for_no_wrong_one(followed):
    """feed.json.minisig is looked at only when no signature bears the manifest's hash."""
    followed.publish_orders("B-3")
    digest = hashlib.sha256(followed.manifest.read_bytes()).hexdigest()
    (followed.directory / "signatures" / f"{digest}.minisig").write_text("no signature\n")
    refused(followed, "is not a minisign signature")


def test_a_feed_signed_by_hand_is_followed(followed):
    """With minisign alone: feed.json and feed.json.minisig, no signatures/."""
    followed.rewrite(lambda m: m.update(serial=3))
    shutil.rmtree(followed.directory / "signatures")
    assert followed.sync().code == DONE
    assert followed.state()["serial"] == 3


def test_what_a_signed_text_says_does_not_act_on_the_terminal(followed):
    followed.rewrite(lambda m: (m.update(serial=3), m["orders"][0].update(path="\x1b[2J")))
    assert "\x1b" not in refused(followed, "path", code=USAGE).err
    assert json.loads(followed.workspace.tool.do("status", "--json").out)
