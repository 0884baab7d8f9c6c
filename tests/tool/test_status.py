"""`status`: the state of the database at a glance."""
import pytest
from support import orders
from support.feeds import Feed
from support.tool import DATABASE, DONE, NO
from support.waiting import wait_for


def status(workspace):
    return workspace.tool.do("status", "--json").json()


def test_an_empty_database(workspace):
    workspace.tool.do("db", "init")
    told = status(workspace)
    assert told["database"] == str(workspace.database) and told["schema"] >= 1
    assert (told["serial"], told["names"], told["addresses"]) == (0, 0, 0)
    assert told["orders"] == {"active": 0, "upcoming": 0, "expired": 0, "revoked": 0}


def test_it_counts_names_once_and_orders_by_state(workspace):
    workspace.block("a.example", "b.example", id="B-1")
    workspace.block("b.example", "c.example", id="B-2")
    workspace.block("d.example", id="B-3")
    workspace.tool.do("order", "revoke", "B-3", "--reason", "uji")
    workspace.apply("--scheduled", id="B-4", effective=orders.at(3600), targets=orders.domains("e.example"))
    told = status(workspace)
    assert told["orders"] == {"active": 2, "upcoming": 1, "expired": 0, "revoked": 1}
    assert told["serial"] == 5 and told["names"] in (4, 5), told  # a revoked order's names may stay on record
    assert told["last_commit"]


def test_lifts_are_counted_apart(workspace):
    workspace.block("a.example", "b.example", id="B-1")
    assert status(workspace)["active_lifts"] == 0 and "lift" not in workspace.tool.do("status").out
    workspace.apply(id="L-1", targets=orders.ABSENT, revokes=[{"order": "B-1", "domain": "a.example"}])
    told = status(workspace)
    assert (told["orders"]["active"], told["active_lifts"]) == (2, 1)
    assert "2 active, 0 upcoming, 0 expired, 0 revoked; 1 of the active only lifts others" in workspace.tool.do(
        "status"
    ).out


def test_people_read_it_in_words(workspace):
    workspace.block("a.example")
    out = workspace.tool.do("status").out
    assert str(workspace.database) in out and "1" in out


def first_line(workspace):
    return workspace.tool.do("status").out.splitlines()[0]


def concerns(workspace):
    told = status(workspace)
    assert told["in_order"] == (told["concerns"] == [])
    assert workspace.tool("status", "--check").code == (DONE if told["in_order"] else NO)
    return {concern["code"] for concern in told["concerns"]}


@pytest.fixture
def followed(workspace):
    feed = Feed(workspace)
    feed.publish_orders("B-1")
    workspace.tool.do("sync")
    return feed


def test_the_first_line_says_that_all_is_in_order(followed):
    assert "in order" in first_line(followed.workspace) and concerns(followed.workspace) == set()


def test_the_first_line_says_that_no_module_reports(workspace):
    workspace.block("a.example")
    assert "no module reports here" in first_line(workspace)


def test_the_first_line_names_a_feed_that_is_stale(followed):
    past = lambda manifest: manifest.update(
        generated="2024-01-01T00:00:00Z", valid_until="2024-01-02T00:00:00Z", serial=manifest["serial"] + 1
    )
    followed.rewrite(past)
    followed.sync()
    line = first_line(followed.workspace)
    assert "ATTENTION" in line and "ministry" in line, line
    assert concerns(followed.workspace) & {"feed.stale", "feed.failing"}


def test_the_first_line_names_orders_that_were_refused(workspace):
    feed = Feed(workspace)
    feed.publish_orders("B-1", "B-2")
    feed.follow(keys={workspace.key("another-ministry"): {"roles": ["order"]}, feed.key: {"roles": ["feed"]}})
    feed.sync()
    assert "feed ministry: 2 orders refused" in first_line(workspace) and "feed.refused" in concerns(workspace)


def test_the_first_line_names_a_feed_that_fails_or_was_never_followed(followed):
    followed.manifest.unlink()
    followed.sync()
    assert "failed 1 time" in first_line(followed.workspace) and "feed.failing" in concerns(followed.workspace)
    followed.follow(url="file:///nowhere/")
    followed.workspace.config.write_text(
        followed.workspace.config.read_text().replace('name = "ministry"\nurl', 'name = "new"\nurl')
    )
    assert "feed.never" in concerns(followed.workspace)


def test_the_first_line_counts_held_targets(workspace):
    workspace.tool("order", "apply", workspace.signed(targets=orders.domains("a.example", "kpu.go.id")))
    assert "1 target is held" in first_line(workspace) and concerns(workspace) == {"quarantine"}


def test_without_a_database_the_first_line_says_so(workspace):
    result = workspace.tool("status")
    assert result.code == DATABASE and "ATTENTION" in result.out.splitlines(
    )[0] and "database" in result.out.splitlines()[0], result


def test_the_first_line_names_a_list_that_ends_soon_or_has_ended(workspace):
    listed = workspace.folder / "list"
    listed.write_text("lama.example\n")
    for expires, code in [(orders.at(3600), "list.ending"), (orders.at(1), "list.ended")]:
        workspace.tool.do("list", "import", "--source", "lama", "--format", "domains", "--expires", expires, listed)
        wait_for(lambda wanted=code: wanted in concerns(workspace), code)
        assert "list:lama" in first_line(workspace)


def test_a_truncated_image_is_a_concern(workspace):
    workspace.block("a.example")
    [base] = (workspace.database / "image").glob("base-*")
    base.write_bytes(base.read_bytes()[:100])
    assert "image.damaged" in concerns(workspace)
    assert "has 100 bytes instead of" in first_line(workspace)
    workspace.tool.do("db", "publish")
    assert "image.damaged" not in concerns(workspace)
