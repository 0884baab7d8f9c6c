"""`db history`: who changed what when."""
import getpass

import pytest

from support import orders
from support.tool import NO, USAGE


def history(workspace, *options):
    return workspace.tool.do("db", "history", *options, "--json").json()["records"]


@pytest.fixture(scope="module")
def workspace(shared_workspace):
    shared_workspace.block("a.example", "b.example", id="B-1")
    shared_workspace.block("b.example", id="B-2")
    shared_workspace.tool.do("order", "revoke", "B-1", "--reason", "keberatan diterima")
    file = shared_workspace.folder / "list"
    file.write_text("c.example\nd.example\n")
    shared_workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", file)
    return shared_workspace


def test_every_commit_is_listed_newest_first(workspace):
    records = history(workspace)
    assert [(r["serial"], r["command"], r["orders"]) for r in records] == [(4, "list import", ["list:uji"]),
                                                                           (3, "order revoke", ["B-1"]),
                                                                           (2, "order apply", ["B-2"]),
                                                                           (1, "order apply", ["B-1"])]
    assert [(r["names_added"], r["names_removed"]) for r in records] == [(2, 0), (0, 2), (1, 0), (2, 0)]
    assert records[1]["detail"] == "keberatan diterima"
    assert {r["operator"] for r in records} == {getpass.getuser()}
    assert len({r["hash"] for r in records}) == 4 and all(len(r["hash"]) == 64 for r in records)


def test_an_orders_own_history(workspace):
    assert [r["serial"] for r in history(workspace, "--order", "B-1")] == [3, 1]


def test_a_limit_leaves_older_ones_out_and_says_so(workspace):
    told = workspace.tool.do("db", "history", "--limit", "2", "--json").json()
    assert [r["serial"] for r in told["records"]] == [4, 3] and told["more"] is True
    assert "--limit" in workspace.tool.do("db", "history", "--limit", "2").out
    told = workspace.tool.do("db", "history", "--limit", "4", "--json").json()
    assert len(told["records"]) == 4 and told["more"] is False


def test_since_takes_a_serial_or_a_time(workspace):
    assert [r["serial"] for r in history(workspace, "--since", "3")] == [4, 3]
    assert len(history(workspace, "--since", "2024-01-01T00:00:00Z")) == 4


@pytest.mark.parametrize("options", [["--order", "B-404"], ["--since", orders.at(3600)], ["--since", "5"]])
def test_nothing_found_shows_in_the_exit_code(workspace, options):
    result = workspace.tool("db", "history", *options, "--json")
    assert result.code == NO and result.json()["records"] == []


def test_an_empty_database_has_no_history(new_folder):
    from support.workspace import Workspace
    empty = Workspace(new_folder("empty"))
    empty.tool.do("db", "init")
    assert history(empty) == []


def test_a_time_that_is_none_is_refused(workspace):
    assert "--since" in workspace.tool.refused(USAGE, "db", "history", "--since", "someday").err


def test_people_read_it_as_a_table(workspace):
    lines = workspace.tool.do("db", "history").out.splitlines()
    assert lines[0].split() == ["SERIAL", "TIME", "OPERATOR", "COMMAND", "NAMES", "ADDRESSES", "ORDERS", "DETAIL"]
    assert "keberatan diterima" in lines[2] and "+0 -2" in lines[2]
