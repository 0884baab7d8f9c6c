"""`diff`: the differences between two serials."""
import pytest

from support.tool import NO, USAGE


@pytest.fixture(scope="module")
def workspace(shared_workspace):
    shared_workspace.block("a.example", "b.example", id="B-1")                      # serial 1
    shared_workspace.block("b.example", id="B-2", match="exact")                    # 2
    shared_workspace.tool.do("order", "revoke", "B-1", "--reason", "uji")                              # 3
    shared_workspace.apply(id="B-3", targets=[{"address": "203.0.113.0/28"}])       # 4
    shared_workspace.tool.do("db", "rollback", "1", "--reason", "uji")              # 5
    return shared_workspace


def diff(workspace, start, end):
    told = workspace.tool("diff", str(start), str(end), "--json").json()
    entries = {("+" if side == "added" else "-", *entry.values()) for kind in ("names", "addresses")
               for side in ("added", "removed") for entry in told[kind][side]}
    return entries, {order["id"]: order["change"] for order in told["orders"]}


A, B = ("a.example", "subtree", "B-1"), ("b.example", "subtree", "B-1")
EXACT, ADDRESS = ("b.example", "exact", "B-2"), ("203.0.113.0/28", "subtree", "B-3")


@pytest.mark.parametrize("start, end, entries, changes",
                         [(0, 1, {("+", *A),
                                  ("+", *B)}, {"B-1": "applied"}), (1, 2, {("+", *EXACT)}, {"B-2": "applied"}),
                          (2, 3, {("-", *A), ("-", *B)}, {"B-1": "revoked"}),
                          (3, 4, {("+", *ADDRESS)}, {"B-3": "applied"}),
                          (0, 3, {("+", *EXACT)}, {"B-1": "applied", "B-2": "applied"}),
                          (1, 4, {("-", *A), ("-", *B), ("+", *EXACT),
                                  ("+", *ADDRESS)}, {"B-1": "revoked", "B-2": "applied", "B-3": "applied"}),
                          (4, 5, {("+", *A), ("+", *B), ("-", *EXACT),
                                  ("-", *ADDRESS)}, {"B-1": "restored", "B-2": "removed", "B-3": "removed"}),
                          (5, 4, {("-", *A), ("-", *B), ("+", *EXACT),
                                  ("+", *ADDRESS)}, {"B-1": "revoked", "B-2": "applied", "B-3": "applied"}),])
def test_names_addresses_and_orders_of_each_step(workspace, start, end, entries, changes):
    assert diff(workspace, start, end) == (entries, changes)


@pytest.mark.parametrize("start, end", [(2, 2), (1, 5), (0, 0)])
def test_nothing_differs_where_a_rollback_came_back(workspace, start, end):
    result = workspace.tool("diff", str(start), str(end))
    assert result.code == NO and "nothing differs" in result.out


def test_people_read_one_line_an_entry(workspace):
    out = workspace.tool.do("diff", "1", "4").out.splitlines()
    assert (
        "- a.example (subtree), order B-1" in out
        and "+ 203.0.113.0/28, order B-3" in out
        and "order B-1: revoked" in out
    )
    assert out[-1] == "1 name added, 2 names removed, 1 address added, 0 addresses removed, 3 orders changed"


def test_counts_leave_the_entries_out(workspace):
    out = workspace.tool.do("diff", "1", "4", "--counts").out
    assert "a.example" not in out and "1 name added" in out
    assert "names" not in workspace.tool.do("diff", "1", "4", "--counts", "--json").json()


@pytest.mark.parametrize("serials", [("0", "6"), ("6", "0"), ("0", "x"), ("0",)])
def test_a_serial_that_is_none_is_refused(workspace, serials):
    workspace.tool.refused(USAGE, "diff", *serials)
