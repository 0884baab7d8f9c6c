"""Keys are added, removed and lost; their rights follow the configuration at once."""
from support import keys, orders
from support.tool import DONE, UNTRUSTED


def rotated(feed, new, **old_options):
    """The ministry's old order key with options, and its successor."""
    feed.follow(keys={feed.workspace.ministry: old_options, new: {}, feed.key: {"roles": ["feed"]}})


def signed_by(feed, id, *signers):
    file = feed.workspace.write(orders.document(id=id, targets=orders.domains(id.lower() + ".example")))
    for key in signers:
        keys.sign(file, key)
    return file


def apply(feed, file):
    return feed.workspace.tool("order", "apply", file)


def test_an_expired_key_no_longer_counts_and_its_successor_does(feed):
    old, new = feed.workspace.ministry, feed.workspace.key("new")
    rotated(feed, new, valid_until="2024-01-01T00:00:00Z")
    result = apply(feed, signed_by(feed, "B-OLD", old))
    assert result.code == UNTRUSTED and "was valid until 2024-01-01" in result.err
    assert apply(feed, signed_by(feed, "B-NEW", new)).code == DONE


def test_a_key_does_not_count_before_its_time(feed):
    new = feed.workspace.key("new")
    feed.follow(keys={feed.workspace.ministry: {}, new: {"valid_from": orders.at(3600)}})
    result = apply(feed, signed_by(feed, "B-1", new))
    assert result.code == UNTRUSTED and "is valid from" in result.err


def test_both_count_while_they_overlap(feed):
    new = feed.workspace.key("new")
    rotated(feed, new, valid_until=orders.at(3600))
    assert apply(feed, signed_by(feed, "B-1", feed.workspace.ministry)).code == DONE
    assert apply(feed, signed_by(feed, "B-2", new)).code == DONE


def test_orders_of_an_expired_key_stay_and_are_not_doubted(feed):
    assert apply(feed, signed_by(feed, "B-1", feed.workspace.ministry)).code == DONE
    rotated(feed, feed.workspace.key("new"), valid_until="2024-01-01T00:00:00Z")
    assert feed.active() == {"B-1"}
    assert feed.workspace.tool.do("status", "--json").json()["signed_by_revoked_keys"] == []


def test_a_revoked_key_no_longer_counts(feed):
    rotated(feed, feed.workspace.key("new"), revoked="2024-01-01T00:00:00Z")
    result = apply(feed, signed_by(feed, "B-1", feed.workspace.ministry))
    assert result.code == UNTRUSTED and '"ministry" was revoked 2024-01-01' in result.err


def test_a_key_counts_until_the_time_of_its_revocation(feed):
    rotated(feed, feed.workspace.key("new"), revoked=orders.at(3600))
    assert apply(feed, signed_by(feed, "B-1", feed.workspace.ministry)).code == DONE


def test_orders_that_rest_on_a_revoked_key_stay_and_are_named(feed):
    new = feed.workspace.key("new")
    rotated(feed, new)
    for id, signers in (("B-OLD", [feed.workspace.ministry]), ("B-NEW", [new]), ("B-BOTH",
                                                                                 [feed.workspace.ministry, new])):
        assert apply(feed, signed_by(feed, id, *signers)).code == DONE
    rotated(feed, new, revoked="2024-01-01T00:00:00Z")
    assert feed.active() == {"B-OLD", "B-NEW", "B-BOTH"}
    status = feed.workspace.tool.do("status", "--json").json()
    assert status["signed_by_revoked_keys"] == ["B-OLD"]
    assert "DOUBTFUL   order B-OLD" in feed.workspace.tool.do("status").out


def test_a_revoked_approver_is_missed_at_a_threshold_of_two(feed):
    second, third = feed.workspace.key("second"), feed.workspace.key("third")
    trusted = {feed.workspace.ministry: {"revoked": "2024-01-01T00:00:00Z"}, second: {}, third: {}}
    feed.follow(keys=trusted, threshold=2)
    file = signed_by(feed, "B-1", feed.workspace.ministry, second)
    result = apply(feed, file)
    assert result.code == UNTRUSTED and "1 of 2" in result.err
    keys.sign(file, third)
    assert apply(feed, file).code == DONE


def test_one_key_twice_is_one_approver(feed):
    second = feed.workspace.key("second")
    feed.follow(keys={feed.workspace.ministry: {}, second: {}}, threshold=2)
    file = signed_by(feed, "B-1", feed.workspace.ministry)
    again = file.with_name(file.name + ".minisig")
    keys.sign(file, feed.workspace.ministry).rename(again)
    keys.sign(file, feed.workspace.ministry)
    assert apply(feed, file).code == UNTRUSTED


def test_a_feed_is_rotated_to_a_new_feed_key(feed):
    new = feed.workspace.key("new-feed")
    both = {feed.workspace.ministry: {}, feed.key: {"roles": ["feed"]}, new: {"roles": ["feed"]}}
    feed.follow(keys=both)
    feed.publish_orders("B-1")
    assert feed.sync().code == DONE
    feed.publish_orders("B-2", secret_key=new.secret)
    feed.follow(keys={**both, feed.key: {"roles": ["feed"], "revoked": "2024-01-01T00:00:00Z"}})
    assert feed.sync().code == DONE and feed.active() == {"B-1", "B-2"}


def test_an_unchanged_feed_is_refused_once_its_key_is_revoked(feed):
    feed.publish_orders("B-1")
    assert feed.sync().code == DONE
    feed.follow(keys={feed.workspace.ministry: {}, feed.key: {"roles": ["feed"], "revoked": "2024-01-01T00:00:00Z"}})
    assert "was revoked" in feed.workspace.tool.refused(UNTRUSTED, "sync").err
    assert feed.active() == {"B-1"}
