"""`feed publish`, `withdraw` and `verify`: the ministry's side."""
import fcntl
import hashlib
import json
import subprocess
import time

import pytest

from support import keys, orders, paths
from support.tool import NO, UNSAFE, UNTRUSTED, USAGE


def verified(feed):
    return feed.workspace.tool.do("feed", "verify", feed.directory, "--json").json()


def snapshot(feed):
    return {path.relative_to(feed.directory): path.read_bytes() for path in feed.directory.rglob("*")
            if path.is_file() and path.name != ".publish-lock"}


def refused(feed, code, *words):
    """Refused; no byte of the directory has changed."""
    before = snapshot(feed)
    result = feed.workspace.tool.refused(code, "feed", *words)
    assert snapshot(feed) == before
    return result


def test_a_new_feed_holds_the_orders_as_signed(feed):
    files = [feed.order("B-1"), feed.order("B-2")]
    result = feed.publish(*files)
    assert "serial 1" in result.out, result
    manifest = feed.read()
    assert (manifest["format"], manifest["name"], manifest["serial"]) == ("saring-feed/1", "ministry", 1)
    assert [order["id"] for order in manifest["orders"]] == ["B-1", "B-2"]
    for file, order in zip(files, manifest["orders"]):
        published = feed.directory / order["path"]
        assert published.read_bytes() == file.read_bytes()
        assert order["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest() and order["size"] == file.stat().st_size


def test_the_minisign_program_verifies_manifest_and_orders(feed):
    feed.publish_orders("B-1")
    done = keys.minisign("-V", "-m", feed.manifest, "-p", feed.key.public)
    assert done.returncode == 0 and "serial 1" in done.stdout, done
    [order] = feed.read()["orders"]
    [signature] = order["signatures"]
    done = keys.minisign("-V", "-m", feed.directory / order["path"], "-x", feed.directory / signature["path"],
                         "-p", feed.workspace.ministry.public)
    assert done.returncode == 0, done


def test_the_manifest_s_signature_is_found_by_the_manifest_s_hash(feed):
    feed.publish_orders("B-1")
    first = hashlib.sha256(feed.manifest.read_bytes()).hexdigest()
    feed.publish_orders("B-2")
    second = hashlib.sha256(feed.manifest.read_bytes()).hexdigest()
    names = {path.name for path in (feed.directory / "signatures").iterdir()}
    assert names == {f"{first}.minisig", f"{second}.minisig"}  # readers of the old manifest still find its files
    assert (feed.directory / "feed.json.minisig").read_bytes() == (
        feed.directory / "signatures" / f"{second}.minisig"
    ).read_bytes()


def test_publishing_without_orders_renews_the_feed(feed):
    feed.publish_orders("B-1", valid_days=3)
    before = feed.read()
    feed.publish(valid_days=9)
    after = feed.read()
    assert (before["serial"], after["serial"]) == (1, 2) and after["orders"] == before["orders"]
    assert after["valid_until"] > before["valid_until"]


def test_the_same_order_again_is_reported_and_not_doubled(feed):
    file = feed.order("B-1")
    feed.publish(file)
    assert "already" in feed.publish(file).out
    assert len(feed.read()["orders"]) == 1


def test_a_second_approver_s_signature_is_added(feed):
    second = feed.workspace.key("second")
    feed.follow(keys={feed.workspace.ministry: {}, second: {}, feed.key: {"roles": ["feed"]}})
    file = feed.order("B-1")
    feed.publish(file)
    published = (feed.directory / feed.read()["orders"][0]["signatures"][0]["path"]).read_bytes()
    keys.sign(file, feed.workspace.ministry)  # in another second, so with another trusted comment
    keys.sign(file, second)
    feed.publish(file)
    signatures = feed.read()["orders"][0]["signatures"]
    assert len(signatures) == 2
    assert (feed.directory / signatures[0]["path"]).read_bytes() == published, "a published file changed"
    assert verified(feed)["orders"][0]["signers"] == "ministry, second"


def test_an_unsigned_order_is_not_published(feed):
    feed.publish_orders("B-1")
    file = feed.workspace.write(orders.document(id="B-2"))
    result = refused(feed, UNTRUSTED, "publish", feed.directory, file, *feed.options())
    assert file.name in result.err and "no signature" in result.err


def test_an_order_with_too_few_approvers_is_not_published(feed):
    second = feed.workspace.key("second")
    feed.follow(keys={feed.workspace.ministry: {}, second: {}, feed.key: {"roles": ["feed"]}}, threshold=2)
    result = feed.workspace.tool.refused(
        UNTRUSTED, "feed", "publish", feed.directory, feed.order("B-1"), *feed.options()
    )
    assert "1 of 2" in result.err and not feed.directory.exists()


def test_a_good_order_is_not_published_beside_a_bad_one(feed):
    feed.publish_orders("B-1")
    bad = feed.workspace.write(orders.document(id="B-3"))
    refused(feed, UNTRUSTED, "publish", feed.directory, feed.order("B-2"), bad, *feed.options())


def test_a_changed_order_under_a_published_number_is_refused(feed):
    feed.publish_orders("B-1")
    other = feed.order("B-1", targets=orders.domains("other.example"))
    result = refused(feed, UNSAFE, "publish", feed.directory, other, *feed.options())
    assert "B-1" in result.err and "immutable" in result.err


def test_an_expired_order_is_refused(feed):
    feed.publish_orders("B-1")
    result = refused(
        feed, UNSAFE, "publish", feed.directory, feed.order("B-2", expires="2024-02-01T00:00:00Z"), *feed.options()
    )
    assert "B-2" in result.err and "2024-02-01" in result.err


def test_a_key_that_clients_do_not_trust_for_feeds_is_refused(feed):
    feed.publish_orders("B-1")
    for key, complaint in ((feed.workspace.key("stranger"), "the key is not trusted"), (feed.workspace.ministry,
                                                                                   "may not sign feeds")):
        result = refused(feed, UNTRUSTED, "publish", feed.directory, *feed.options(secret_key=key.secret))
        assert complaint in result.err, result


def test_a_manifest_that_somebody_altered_is_not_signed_anew(feed):
    feed.publish_orders("B-1", "B-2")
    manifest = feed.read()
    manifest["orders"].pop()
    feed.manifest.write_text(json.dumps(manifest))
    result = refused(feed, UNTRUSTED, "publish", feed.directory, *feed.options())
    assert "feed.json" in result.err


def test_a_published_order_that_somebody_altered_is_found(feed):
    feed.publish_orders("B-1")
    path = feed.read()["orders"][0]["path"]
    (feed.directory / path).write_bytes(b"x" + (feed.directory / path).read_bytes()[1:])
    assert path in refused(feed, UNTRUSTED, "publish", feed.directory, *feed.options()).err


def test_an_order_leaves_the_feed_when_it_has_expired(feed):
    feed.publish_orders("B-1")
    # An order cannot be published expired; faketime would be one more dependency, so the
    # manifest of another publisher names one.
    old = feed.order("B-OLD", expires="2024-02-01T00:00:00Z")
    signature = old.with_name(f"{old.name}.{feed.workspace.ministry.id}.minisig")
    for file, name in ((old, "orders/old.json"), (signature, "orders/old.json.minisig")):
        (feed.directory / name).write_bytes(file.read_bytes())

    def entry(name):
        content = (feed.directory / name).read_bytes()
        return {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}

    feed.rewrite(lambda m: m["orders"].append(
        {"id": "B-OLD", **entry("orders/old.json"), "signatures": [entry("orders/old.json.minisig")]}))
    result = feed.publish()
    assert "B-OLD: expired" in result.out
    assert [order["id"] for order in feed.read()["orders"]] == ["B-1"]


def test_the_serial_only_rises(feed):
    feed.publish_orders("B-1", serial=40)
    assert feed.read()["serial"] == 40
    for serial in (40, 39):
        complaint = refused(feed, UNSAFE, "publish", feed.directory, *feed.options(serial=serial)).err
        assert "is not higher than 40" in complaint
    feed.publish()
    assert feed.read()["serial"] == 41


def test_a_feed_keeps_its_name(feed):
    result = feed.workspace.tool.refused(
        USAGE, "feed", "publish", feed.directory, feed.order("B-1"), "--secret-key", feed.key.secret
    )
    assert "--name" in result.err
    feed.publish_orders("B-1")
    assert "ministry" in refused(feed, UNSAFE, "publish", feed.directory, *feed.options(name="other")).err


def test_withdrawing_leaves_the_rest(feed):
    feed.publish_orders("B-1", "B-2")
    result = feed.workspace.tool.do("feed", "withdraw", feed.directory, "B-1", "--secret-key", feed.key.secret)
    assert "B-1: withdrawn" in result.out and "revokes" in result.out
    manifest = feed.read()
    assert [order["id"] for order in manifest["orders"]] == ["B-2"] and manifest["serial"] == 2


def test_withdrawing_an_unknown_order_changes_nothing(feed):
    feed.publish_orders("B-1")
    assert "B-9" in refused(feed, NO, "withdraw", feed.directory, "B-1", "B-9", "--secret-key", feed.key.secret).err


def test_verify_reports_the_errors_that_a_client_would_find(feed):
    feed.publish_orders("B-1", "B-2")
    found = verified(feed)
    assert (found["feed"], found["serial"], found["signer"], found["good"]) == ("ministry", 1, "feed-key", True)
    assert [(o["id"], o["signers"]) for o in found["orders"]] == [("B-1", "ministry"), ("B-2", "ministry")]
    assert "all good" in feed.workspace.tool.do("feed", "verify", feed.directory).out


def test_verify_names_the_bad_order_and_goes_on(feed):
    feed.publish_orders("B-1", "B-2")
    path = feed.read()["orders"][0]["path"]
    (feed.directory / path).write_text("{}")
    result = feed.workspace.tool("feed", "verify", feed.directory)
    assert result.code == UNTRUSTED and "BAD   B-1" in result.out and "good  B-2" in result.out, result


def test_verify_refuses_a_feed_past_its_time(feed):
    feed.publish_orders("B-1")
    feed.rewrite(lambda m: m.update(generated="2024-01-01T00:00:00Z", valid_until="2024-01-02T00:00:00Z"))
    assert "2024-01-02" in feed.workspace.tool.refused(UNTRUSTED, "feed", "verify", feed.directory).err


@pytest.mark.parametrize("command", ["publish", "withdraw", "verify"])
def test_help_has_an_example(feed, command):
    assert "Example: blocklist-tool feed " + command in feed.workspace.tool.do("feed", command, "--help").out


def test_another_publication_is_waited_for(feed):
    feed.publish_orders("B-1")
    more = feed.order("B-2")
    with (feed.directory / ".publish-lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [paths.TOOL, "--config", feed.workspace.config, "feed", "publish", feed.directory]
        command += [*feed.options(), more]
        waiting = subprocess.Popen(list(map(str, command)))
        time.sleep(1.5)
        assert waiting.poll() is None
    assert waiting.wait(30) == 0 and len(feed.read()["orders"]) == 2


def test_a_lost_manifest_does_not_begin_the_feed_again(feed):
    feed.publish_orders("B-1", "B-2")
    feed.manifest.unlink()
    more = feed.order("B-3")
    result = refused(feed, UNSAFE, "publish", feed.directory, *feed.options(), more)
    assert "orders/" in result.err and "--serial" in result.err
    feed.workspace.tool.do("feed", "publish", feed.directory, *feed.options(serial=50), more)
    assert feed.read()["serial"] == 50


def test_a_broken_manifest_gets_advice_for_its_publisher(feed):
    feed.publish_orders("B-1")
    feed.manifest.write_bytes(feed.manifest.read_bytes()[:-20])
    result = refused(feed, UNTRUSTED, "publish", feed.directory, *feed.options())
    assert "from a backup" in result.err and "ask the authority" not in result.err
