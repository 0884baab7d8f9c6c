"""`sync` holds targets that a safety rule forbids, applies the others, and reports it, now and later."""
import pytest

from support import orders
from support.tool import DONE, UNSAFE

HELD = "blogspot.com"


@pytest.fixture
def one(feed):
    """One order published: a good target and a held one; another order is good."""
    feed.publish(feed.order("B-1", targets=orders.domains(HELD, "hoax.example")), feed.order("B-2"))
    return feed


def test_the_rest_of_the_order_and_of_the_feed_applies(one):
    result = one.sync("--json")
    assert result.code == DONE, result
    assert f"order B-1: quarantined {HELD}: shared-suffix" in result.err
    [report] = result.json()["feeds"]
    assert (report["applied"], report["quarantined"], report["names_added"]) == (2, 1, 2)
    by_id = {order["order"]: order for order in report["orders"]}
    assert by_id["B-1"]["held"][0]["target"] == HELD and by_id["B-2"]["quarantined"] == 0
    assert one.active() == {"B-1", "B-2"}


def test_the_output_reports_it_and_status_keeps_reporting_it(one):
    assert "1 target quarantined" in one.sync().out
    assert "nothing new" in one.sync().out
    assert one.workspace.tool.do("status", "--json").json()["quarantined"] == 1


def test_the_next_sync_holds_nothing_anew(one):
    one.sync()
    before = one.workspace.tool.do("quarantine", "list", "--json").json()
    result = one.sync("--json")
    assert result.code == DONE and result.json()["feeds"][0]["quarantined"] == 0
    assert one.workspace.tool.do("quarantine", "list", "--json").json() == before


def test_what_was_released_stays_in_force_after_the_next_sync(one):
    one.sync()
    one.workspace.tool.do("quarantine", "release", "B-1", HELD, "--reason", "confirmed")
    one.publish(one.order("B-3"))
    assert one.sync().code == DONE
    assert one.workspace.tool("explain", HELD).code == DONE


def test_an_order_of_which_nothing_is_left_gives_code_3(feed):
    feed.publish(feed.order("B-1", targets=orders.domains(HELD)))
    assert feed.sync().code == UNSAFE
    assert feed.sync().code == DONE, "it is recorded: the next run has nothing new to say"


def test_an_order_held_as_a_whole_gives_code_3_and_the_others_apply(feed):
    feed.workspace.config.write_text(
        feed.workspace.config.read_text().replace("[safety]\n", "[safety]\nmax_order_targets = 2\n")
    )
    feed.publish(feed.order("B-1", targets=orders.domains("a.example", "b.example", "c.example")), feed.order("B-2"))
    result = feed.sync()
    assert result.code == UNSAFE and "quarantined all targets: too-many-targets" in result.err, result
    assert feed.workspace.tool("explain",
                               "b-2.example").code == DONE and feed.workspace.tool("explain", "a.example").code != DONE


def test_a_dry_run_tells_and_holds_nothing(one):
    one.workspace.tool.do("db", "init")
    assert "quarantined" in one.sync("--dry-run").err
    assert one.workspace.tool.do("status", "--json").json()["quarantined"] == 0


def test_a_feeds_own_host_is_never_blocked(workspace):
    workspace.configure(more='\n[[feed]]\nname = "other"\nurl = "https://orders.ministry.example:8443/feed/"\n')
    result = workspace.tool(
        "order", "apply",
        workspace.signed(targets=orders.domains("orders.ministry.example", "ministry.example", "hoax.example")))
    assert (
        result.code == DONE
        and "own-name: orders.ministry.example (the host of the feed other) is protected" in result.err
    ), result
    assert workspace.tool("explain", "ministry.example").code != DONE
