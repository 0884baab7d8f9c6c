"""`hits top`: what is counted, from which source, and what is said of it."""
import csv
import io

import pytest

from support import made_hits as hits
from support.tool import NO, USAGE

NOON = "2024-02-14T12:"


@pytest.fixture(scope="module")
def workspace(shared_workspace):
    hits.record(shared_workspace,
                [{"time": NOON + "00:00Z", "qname": "a.example", "order": "B-1", "region": "ID-JK", "client": "192.0.2.0/24", "count": 5, "asn": 64500},
                 {"time": NOON + "30:00Z", "qname": "www.b.example", "listed": "b.example", "order": "B-2", "region": "", "client": "198.51.100.0/24", "count": 3, "action": "refused"}],
                [{"time": "2024-02-14T13:10:00Z", "qname": "b.example", "order": "B-2", "region": "ID-AC", "client": "", "count": 4},
                 {"time": "2024-02-14T13:20:00Z", "qname": "a.example", "order": "B-1", "region": "ID-JK", "dropped": True, "count": 10}])
    return shared_workspace


def top(workspace, *options):
    told = workspace.tool("hits", "top", *options, "--json").json()
    return {row[told["by"]]: row["hits"] for row in told["rows"]}, told


@pytest.mark.parametrize("what, rows", [
    ("names", {"a.example": 15, "b.example": 7}), ("orders", {"B-1": 15, "B-2": 7}),
    ("regions", {"ID-JK": 15, "ID-AC": 4, None: 3}), ("actions", {"nxdomain": 19, "refused": 3}),
])
def test_counts_by_hour_hold_what_has_no_record(workspace, what, rows):
    counted, told = top(workspace, what)
    assert counted == rows and told["from"] == "hours" and told["dropped"] == 10 and told["total"] == 22
    assert list(counted) == sorted(rows, key=lambda key: -rows[key])


@pytest.mark.parametrize("what, rows", [
    ("clients", {"192.0.2.0/24": 5, "198.51.100.0/24": 3, None: 4}), ("qnames", {"a.example": 5, "www.b.example": 3, "b.example": 4}),
    ("networks", {"AS64500": 5, None: 7}), ("types", {"A": 12}), ("transports", {"udp": 12}), ("triggers", {"qname": 12}),
])
def test_what_hours_do_not_hold_comes_from_records_and_says_so(workspace, what, rows):
    counted, told = top(workspace, what)
    assert counted == rows and told["from"] == "records" and told["records_from"] == NOON + "00:00.000000Z"
    out = workspace.tool.do("hits", "top", what).out
    assert "10 hits in these hours could not be recorded" in out and "not in these figures" in out


def test_a_time_within_an_hour_comes_from_records(workspace):
    counted, told = top(workspace, "names", "--since", NOON + "10:00Z", "--until", "2024-02-14T13:00Z")
    assert counted == {"b.example": 3} and told["from"] == "records" and told["dropped"] == 0
    counted, told = top(workspace, "names", "--since", NOON + "00:00Z", "--until", "2024-02-14T13:00Z")
    assert counted == {"a.example": 5, "b.example": 3} and told["from"] == "hours"


def test_a_day_ago_goes_down_to_the_hour_and_says_so(workspace):
    told = workspace.tool("hits", "top", "names", "--since", "2d", "--json").json()
    assert told["from"] == "hours" and told["since"].endswith(":00:00.000000Z")
    assert workspace.tool("hits", "top", "names", "--since", "2h", "--json").json()["from"] == "records"


def test_filters_hold(workspace):
    assert top(workspace, "names", "--order", "B-2")[0] == {"b.example": 7}
    assert top(workspace, "names", "--client", "192.0.2.0/24")[0] == {"a.example": 5}
    assert top(workspace, "regions", "--name", "b.example")[0] == {"ID-AC": 4, None: 3}


def test_a_limit_keeps_the_largest_and_the_totals(workspace):
    counted, told = top(workspace, "orders", "--limit", "1")
    assert counted == {"B-1": 15} and (told["total"], told["distinct"]) == (22, 2)


def test_people_see_shares_and_where_they_come_from(workspace):
    out = workspace.tool.do("hits", "top", "names").out
    assert out.splitlines()[1].split() == ["15", "68.2%", "a.example"]
    assert "22 hits, 2 names" in out and "counts by hour, which go back to 2024-02-14T12:00:00Z" in out
    assert "10 hits in these hours could not be recorded" in out and "counted here all the same" in out
    assert "█" not in out and "#" not in out, "bars belong on a terminal"


def test_csv(workspace):
    rows = list(csv.reader(io.StringIO(workspace.tool.do("hits", "top", "orders", "--csv").out, newline="")))
    assert rows == [["order", "hits"], ["B-1", "15"], ["B-2", "7"]]


def test_nothing_found_is_told(workspace):
    result = workspace.tool("hits", "top", "names", "--since", "2030-01-01")
    assert result.code == NO and result.out.startswith("no hits\n")


def test_what_cannot_be_counted_is_refused(workspace):
    assert "things" in workspace.tool.refused(USAGE, "hits", "top", "things").err


def test_bars_are_drawn_on_a_terminal(workspace):
    from support.terminal import on_a_terminal
    out = on_a_terminal(workspace, "hits", "top", "names", columns=100)
    bars = {line.split()[2]: line.count("█") for line in out.splitlines() if "%" in line}
    assert bars["a.example"] == pytest.approx(bars["b.example"] * 15 / 7, abs=2) and bars["b.example"] > 5, out
    assert all(len(line) <= 100 for line in out.splitlines()), out
    assert "#" in on_a_terminal(workspace, "hits", "top", "names", locale="C")
