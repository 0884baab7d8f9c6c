"""`status`: the state of the database at a glance."""
from support import orders


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


def test_people_read_it_in_words(workspace):
    workspace.block("a.example")
    out = workspace.tool.do("status").out
    assert str(workspace.database) in out and "1" in out
