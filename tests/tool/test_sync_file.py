"""`sync` from a feed on disk: orders are applied once, as a whole, and the state of the feed is stored."""
import fcntl
import hashlib
import json
from datetime import datetime, timedelta, timezone

import lmdb
import pytest

from support import keys, orders
from support.database import dump
from support.feeds import DAYS
from support.tool import DATABASE, DONE, NETWORK, UNSAFE, UNTRUSTED, USAGE
from support.waiting import wait_for


def synced(feed, code=DONE):
    """The state of the only feed."""
    result = feed.sync("--json")
    assert result.code == code, result
    return result.json()["feeds"][0]


def journal(feed):
    return feed.workspace.tool.do("status", "--json").json()["last_commit"]


def test_the_first_sync_applies_all_orders_in_one_commit(feed):
    feed.publish_orders("B-1", "B-2", "B-3")
    report = synced(feed)
    assert (report["applied"], report["names_added"], report["database_serial"]) == (3, 3, 1)
    assert feed.active() == {"B-1", "B-2", "B-3"}
    last = journal(feed)
    assert (last["command"], last["orders"]) == ("sync", ["B-1", "B-2", "B-3"]) and "feed ministry, serial 1" in last[
        "detail"
    ]


def test_a_name_of_the_feed_is_blocked_under_its_order(feed):
    feed.publish_orders("B-1")
    synced(feed)
    assert "B-1" in feed.workspace.tool("explain", "www.b-1.example").out


def test_the_same_feed_again_changes_nothing(feed):
    feed.publish_orders("B-1")
    synced(feed)
    before = feed.workspace.tool.do("order", "list", "--json").json()
    report = synced(feed)
    assert (report["applied"], report["already"], report["unchanged"], report["database_serial"]) == (0, 1, True, 1)
    assert feed.workspace.tool.do("order", "list", "--json").json() == before


def last_transaction(feed):
    with lmdb.open(str(feed.workspace.database), readonly=True, lock=False, max_dbs=20) as environment:
        return environment.info()["last_txnid"]


def test_a_sync_that_brings_nothing_writes_no_transaction_and_counts_as_success(feed):
    feed.publish_orders("B-1")
    synced(feed)
    before, first = last_transaction(feed), feed.state()["last_success"]
    wait_for(
        lambda: datetime.now(timezone.utc) > datetime.fromisoformat(first) + timedelta(seconds=1), "the next second"
    )
    synced(feed)
    assert last_transaction(feed) == before
    assert feed.state()["last_success"] > first


def test_a_sync_that_ends_a_failure_is_written_though_it_brings_nothing(feed):
    feed.publish_orders("B-1")
    synced(feed)
    hidden = feed.manifest.rename(feed.manifest.with_suffix(".hidden"))
    feed.workspace.tool.refused(NETWORK, "sync")
    hidden.rename(feed.manifest)
    synced(feed)
    assert feed.state()["failures"] == 0


def test_only_new_orders_are_applied(feed):
    feed.publish_orders("B-1")
    synced(feed)
    feed.publish_orders("B-2")
    report = synced(feed)
    assert (report["applied"], report["already"], report["serial"]) == (1, 1, 2)
    assert feed.active() == {"B-1", "B-2"}


def test_only_new_orders_are_read(feed):
    feed.publish_orders("B-1")
    synced(feed)
    for path in (feed.directory / "orders").iterdir():
        path.unlink()  # a stored order is not fetched again
    file = feed.order("B-2")
    feed.rewrite(lambda m: m.update(serial=2))
    assert synced(feed)["already"] == 1
    assert file.exists()


def test_an_order_of_the_feed_may_have_been_applied_by_hand(feed):
    file = feed.order("B-1")
    feed.workspace.tool.do("order", "apply", file)
    feed.publish(file)
    report = synced(feed)
    assert (report["applied"], report["already"]) == (0, 1)


def test_a_revocation_comes_through_the_feed(feed):
    feed.publish_orders("B-1", "B-2")
    synced(feed)
    feed.publish(feed.workspace.signed(id="B-LIFT", targets=orders.ABSENT, revokes=[{"order": "B-1"}]))
    report = synced(feed)
    assert (report["applied"], report["names_removed"]) == (1, 1)
    assert feed.active() == {"B-2", "B-LIFT"}


def test_a_withdrawn_order_stays_and_is_reported_every_time(feed):
    feed.publish_orders("B-1", "B-2")
    synced(feed)
    feed.workspace.tool.do("feed", "withdraw", feed.directory, "B-1", "--secret-key", feed.key.secret)
    for _ in range(2):
        result = feed.sync()
        assert result.code == DONE and "B-1 is no longer published" in result.out, result
        assert feed.active() == {"B-1", "B-2"}
    feed.workspace.tool.do("order", "revoke", "B-1", "--reason", "uji")
    assert "B-1" not in feed.sync().out


def test_an_order_that_takes_effect_later_is_taken_in(feed):
    feed.publish(feed.order("B-1", effective=orders.at(3600)))
    assert synced(feed)["applied"] == 1
    [order] = feed.workspace.tool.do("order", "list", "--json").json()["orders"]
    assert order["state"] == "upcoming"


def test_a_revocation_of_a_time_to_come_waits_for_it(feed):
    feed.publish_orders("B-1")
    feed.publish(
        feed.workspace.signed(id="B-LIFT", effective=orders.at(3600), targets=orders.ABSENT, revokes=[{"order": "B-1"}])
    )
    for _ in range(2):
        report = synced(feed)
        assert report["later"] == 1 and report["refused"] == 0
    assert feed.active() == {"B-1"}


def test_an_expired_order_does_not_stop_the_others(feed):
    feed.publish_orders("B-1", "B-2")
    # `feed publish` leaves an expired order out; another publisher may not.
    manifest = feed.read()
    expired = feed.order("B-OLD", expires="2024-02-01T00:00:00Z")
    signature = expired.with_name(f"{expired.name}.{feed.workspace.ministry.id}.minisig")
    manifest["orders"].insert(1, {"id": "B-OLD", **place(feed, expired, "orders/old.json"),
                                  "signatures": [place(feed, signature, "orders/old.minisig")]})
    feed.put(json.dumps(manifest).encode())
    result = feed.sync()
    assert result.code == UNSAFE and "B-OLD" in result.err and "2024-02-01" in result.err, result
    assert feed.active() == {"B-1", "B-2"}
    assert feed.state()["withheld"] == 1


def place(feed, file, name):
    """Puts a file into the feed; its entry in the manifest."""
    content = file.read_bytes()
    (feed.directory / name).write_bytes(content)
    return {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def test_an_order_without_enough_approvers_does_not_stop_the_others(feed):
    second = feed.workspace.key("second")
    both = feed.order("B-2")
    keys.sign(both, second)
    feed.follow(keys={feed.workspace.ministry: {}, second: {}, feed.key: {"roles": ["feed"]}})
    feed.publish(feed.order("B-1"), both)
    feed.follow(keys={feed.workspace.ministry: {}, second: {}, feed.key: {"roles": ["feed"]}}, threshold=2)
    result = feed.sync("--json")
    assert result.code == UNTRUSTED and "1 of 2" in result.err, result
    assert feed.active() == {"B-2"}
    # The approver's signature arrives: the next synchronisation applies the order.
    first = next(f for f in feed.workspace.folder.glob("order-*.json") if json.loads(f.read_text())["id"] == "B-1")
    keys.sign(first, second)
    feed.publish(first)
    synced(feed)
    assert feed.active() == {"B-1", "B-2"} and feed.state()["withheld"] == 0


def test_an_order_that_is_gone_from_the_server_does_not_stop_the_others(feed):
    feed.publish_orders("B-1", "B-2")
    (feed.directory / feed.read()["orders"][0]["path"]).unlink()
    assert feed.sync().code == NETWORK
    assert feed.active() == {"B-2"}


def test_a_dry_run_tells_and_writes_nothing(feed):
    feed.workspace.tool.do("db", "init")
    feed.publish_orders("B-1")
    before = dump(feed.workspace.database)
    result = feed.sync("--dry-run")
    assert result.code == DONE and "1 order applied, 1 name added, 0 removed" in result.out
    assert "nothing was written" in result.out
    assert dump(feed.workspace.database) == before
    assert feed.active() == set() and feed.state()["last_success"] is None


def test_status_shows_the_feed_before_and_after(feed):
    feed.workspace.tool.do("db", "init")
    state = feed.state()
    assert (state["url"], state["serial"], state["last_success"], state["failure"]) == (f"file://{feed.directory}", 0,
                                                                                        None, None)
    assert "never synchronised" in feed.workspace.tool.do("status").out
    feed.publish_orders("B-1")
    synced(feed)
    state = feed.state()
    assert (state["serial"], state["orders"], state["stale"], state["failures"]) == (1, 1, False, 0)
    assert state["valid_until"] == feed.read()["valid_until"] and state["last_success"]
    assert "serial 1, last success" in feed.workspace.tool.do("status").out


def test_status_keeps_the_last_failure_until_a_success(feed):
    feed.publish_orders("B-1")
    synced(feed)
    hidden = feed.manifest.rename(feed.manifest.with_suffix(".hidden"))
    for times in (1, 2):
        feed.workspace.tool.refused(NETWORK, "sync")
        state = feed.state()
        assert (
            state["failures"] == times and "is not there" in state["failure"] and state["failure_exit_code"] == NETWORK
        )
        assert state["serial"] == 1 and state["last_success"]
    assert "FAILED 2 times" in feed.workspace.tool.do("status").out
    hidden.rename(feed.manifest)
    synced(feed)
    assert (feed.state()["failure"], feed.state()["failures"]) == (None, 0)


def test_a_failed_feed_does_not_stop_the_next_one(feed, new_folder):
    feed.publish_orders("B-1")
    text = feed.workspace.config.read_text()
    broken = '\n[[feed]]\nname = "broken"\nurl = "file:///nonexistent/feed"\n'
    feed.workspace.config.write_text(text.replace("\n[[feed]]", broken + "\n[[feed]]"))
    result = feed.sync("--json")
    assert result.code == NETWORK, result
    assert [f["ok"] for f in result.json()["feeds"]] == [False, True] and feed.active() == {"B-1"}


def test_one_feed_of_several_is_chosen_by_name(feed):
    feed.publish_orders("B-1")
    with feed.workspace.config.open("a") as config:
        config.write('\n[[feed]]\nname = "broken"\nurl = "file:///nonexistent/feed"\n')
    assert feed.sync("--feed", "ministry").code == DONE
    assert feed.sync("--feed", "broken").code == NETWORK
    assert "ministry, broken" in feed.workspace.tool.refused(USAGE, "sync", "--feed", "other").err


def test_a_second_sync_is_refused_and_the_holder_named(feed):
    feed.publish_orders("B-1")
    synced(feed)
    with open(f"{feed.workspace.database}.sync-lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = feed.workspace.tool.refused(UNSAFE, "sync")
    assert "process " in result.err and " of " in result.err and " since 20" in result.err, result
    synced(feed)  # a process that died no longer holds the lock


def test_a_feed_with_no_orders_is_a_feed(feed):
    feed.publish()
    assert synced(feed)["applied"] == 0


@pytest.mark.parametrize("url, culprit", [("ftp://feed.example/", "ftp://feed.example/"),
                                          ("http://feed.example/", "not encrypted"), ("file://relative", "absolute"),
                                          ("https://user:secret@feed.example/", "user name"),
                                          ("https://feed.example/?a=b", "query"),
                                          ("https://feed.example/#a", "fragment"), ("https://", "web address")])
def test_an_address_that_cannot_be_followed_is_refused_before_anything_runs(feed, url, culprit):
    feed.follow(url)
    result = feed.workspace.tool.refused(USAGE, "sync")
    assert culprit in result.err and "feed ministry" in result.err and "secret" not in result.err


def test_http_to_another_machine_is_refused_even_when_insecure_is_allowed(feed):
    feed.follow("http://feed.example/", insecure_http=True)
    assert "loopback" in feed.workspace.tool.refused(USAGE, "sync").err


def test_no_feed_is_no_silent_success(feed):
    feed.workspace.configure()
    assert "[[feed]]" in feed.workspace.tool.refused(USAGE, "sync").err


def test_a_database_that_cannot_be_written_is_its_own_exit_code(feed):
    feed.publish_orders("B-1")
    feed.workspace.database.write_text("no folder")
    assert feed.workspace.tool.refused(DATABASE, "sync").code == DATABASE


@pytest.mark.parametrize("option, culprit", [('url = "https://a.example/"\nname = "ministry"', "twice"),
                                             ('name = "b"', "feed.url is missing"),
                                             ('url = "https://a.example/"', "feed.name is missing"),
                                             ('name = "../b"', "../b"),
                                             ('name = "b"\ncolour = 1', "feed.colour is unknown"),
                                             ('name = "b"\nretries = 99', "99")])
def test_a_feed_that_is_configured_wrongly_is_refused_with_its_place(feed, option, culprit):
    with feed.workspace.config.open("a") as config:
        config.write(f"\n[[feed]]\n{option}\n")
    result = feed.workspace.tool.refused(USAGE, "sync")
    assert "saring.toml:" in result.err and culprit in result.err


def test_a_key_that_the_feed_may_be_signed_with_must_be_a_feed_key(feed):
    feed.publish_orders("B-1")
    with feed.workspace.config.open("a") as config:
        config.write('keys = ["feed-key", "ministry"]\n')  # into the [[feed]] at the end
    assert '"ministry" is not a [[trust.key]]' in feed.workspace.tool.refused(USAGE, "sync").err


def test_a_dry_run_without_a_database_creates_none(feed):
    feed.publish_orders("B-1")
    feed.workspace.tool.refused(DATABASE, "sync", "--dry-run")
    assert not feed.workspace.database.exists()


def test_days_are_days(feed):
    feed.publish_orders("B-1", valid_days=2)
    manifest = feed.read()
    spans = [
        datetime.fromisoformat(manifest[k].replace("Z", "+00:00")).timestamp() for k in ("generated", "valid_until")
    ]
    assert spans[1] - spans[0] == 2 * DAYS


def test_a_feed_that_is_named_twice_is_synchronised_once(feed):
    feed.publish_orders("B-1")
    assert len(feed.sync("--feed", "ministry", "--feed", "ministry", "--json").json()["feeds"]) == 1
