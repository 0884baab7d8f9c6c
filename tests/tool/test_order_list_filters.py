"""`order list --active|--upcoming|--expired|--revoked|--due`: which orders each of them shows."""
import pytest

from support import orders
from support.tool import NO, USAGE
from support.waiting import wait_for

HOUR = 3600
DAY = 24 * HOUR


def ids(workspace, *filters):
    result = workspace.tool("order", "list", *filters, "--json")
    found = [order["id"] for order in result.json()["orders"]]
    assert result.code == (0 if found or not filters else NO), result
    return sorted(found)


@pytest.fixture(scope="module")
def workspace(shared_workspace):
    """One order of each state."""
    shared_workspace.block("a.example", id="B-ACTIVE", deadline=orders.at(2 * DAY))
    shared_workspace.block("b.example", id="B-LATE", deadline="2024-01-02T00:00:00Z")
    shared_workspace.block("c.example", id="B-FAR", deadline=orders.at(30 * DAY))
    shared_workspace.apply("--scheduled", id="B-UPCOMING", effective=orders.at(HOUR), deadline=orders.at(HOUR))
    shared_workspace.block("d.example", id="B-REVOKED", deadline="2024-01-02T00:00:00Z")
    shared_workspace.tool.do("order", "revoke", "B-REVOKED", "--reason", "uji")
    shared_workspace.block("e.example", id="B-EXPIRED", expires=orders.at(1), deadline="2024-01-02T00:00:00Z")
    wait_for(lambda: "B-EXPIRED" in ids(shared_workspace, "--expired"), "the order's end")
    return shared_workspace


@pytest.mark.parametrize("state, expected", [
    ("--active", ["B-ACTIVE", "B-FAR", "B-LATE"]),
    ("--upcoming", ["B-UPCOMING"]),
    ("--expired", ["B-EXPIRED"]),
    ("--revoked", ["B-REVOKED"]),
])
def test_a_state_shows_its_orders_only(workspace, state, expected):
    assert ids(workspace, state) == expected


def test_due_shows_past_and_near_deadlines_of_orders_in_force_or_upcoming(workspace):
    assert ids(workspace, "--due") == ["B-ACTIVE", "B-LATE", "B-UPCOMING"]


@pytest.mark.parametrize("days, expected", [("0", ["B-LATE"]), ("1", ["B-LATE", "B-UPCOMING"]),
                                            ("40", ["B-ACTIVE", "B-FAR", "B-LATE", "B-UPCOMING"])])
def test_due_takes_the_days_to_look_ahead(workspace, days, expected):
    assert ids(workspace, "--due", days) == expected


def test_two_filters_show_the_union(workspace):
    assert ids(workspace, "--revoked", "--expired") == ["B-EXPIRED", "B-REVOKED"]


def test_missed_and_met_deadlines_differ(workspace):
    listed = {order["id"]: order for order in workspace.tool.do("order", "list", "--json").json()["orders"]}
    assert listed["B-LATE"]["deadline_met"] is False and listed["B-ACTIVE"]["deadline_met"] is True
    lines = {line.split()[1]: line for line in workspace.tool.do("order", "list", "--due").out.splitlines()[1:]}
    assert "2024-01-02T00:00:00Z MISSED" in lines["B-LATE"] and " met " in lines["B-ACTIVE"]


def test_a_filter_that_finds_nothing_says_so_in_its_exit_code(new_folder):
    from support.workspace import Workspace
    empty = Workspace(new_folder("empty"))
    empty.block("a.example", id="B-1")
    for state in ("--upcoming", "--expired", "--revoked", "--due"):
        result = empty.tool("order", "list", state)
        assert result.code == NO and result.out == "no such orders\n", result


@pytest.mark.parametrize("days", ["-1", "soon", "99999"])
def test_days_that_are_none_are_refused(workspace, days):
    assert "--due" in workspace.tool.refused(USAGE, "order", "list", "--due", days).err
