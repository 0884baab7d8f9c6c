"""`order list` and `order show`: the content of the database, for people and for programs."""
import json

import pytest

from support import orders
from support.tool import NO, USAGE


def listed(workspace):
    return {order["id"]: order for order in workspace.tool.do("order", "list", "--json").json()["orders"]}


def test_an_empty_database_lists_nothing(workspace):
    workspace.tool.do("db", "init")
    assert workspace.tool.do("order", "list", "--json").json() == {"serial": 0, "orders": []}


def test_every_order_is_listed_with_its_state(workspace):
    workspace.block("a.example", "b.example", id="B-ACTIVE", action="redirect")
    workspace.apply("--scheduled", id="B-UPCOMING", effective=orders.at(3600))
    workspace.block("c.example", id="B-REVOKED")
    workspace.tool.do("order", "revoke", "B-REVOKED", "--reason", "uji")
    result = listed(workspace)
    assert {id: order["state"] for id, order in result.items()} == {
        "B-ACTIVE": "active", "B-UPCOMING": "upcoming", "B-REVOKED": "revoked"}
    active = result["B-ACTIVE"]
    assert (active["authority"], active["category"], active["action"], active["names"], active["addresses"]) == (
        "Kementerian Uji", "election-hoax", "redirect", 2, 0)
    assert (active["issued"], active["effective"], active["expires"]) == (
        "2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "2199-01-01T00:00:00Z")
    assert active["applied"].endswith("Z") and active["kind"] == "order"


def test_a_list_is_listed_as_one(workspace):
    file = workspace.folder / "list"
    file.write_text("hoax.example\n")
    workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", file)
    assert listed(workspace)["list:uji"]["kind"] == "list"


def test_show_gives_the_document_as_it_was_signed(workspace):
    document = orders.document(clarification="https://cek.example/1", regions=["ID-JK"])
    workspace.tool.do("order", "apply", workspace.signed(document))
    shown = workspace.tool.do("order", "show", orders.ID, "--json").json()
    assert shown["document"] == document
    assert {**shown, "document": None} == {**listed(workspace)[orders.ID], "document": None}


@pytest.mark.parametrize("command", [["list"], ["show", orders.ID]])
def test_people_read_the_same_in_words(workspace, command):
    workspace.block("hoax.example")
    out = workspace.tool.do("order", *command).out
    assert orders.ID in out and "active" in out
    with pytest.raises(json.JSONDecodeError):
        json.loads(out)


def test_show_of_an_unknown_order_finds_nothing(workspace):
    workspace.tool.do("db", "init")
    assert "B-404" in workspace.tool.refused(NO, "order", "show", "B-404", "--json").err


def test_show_of_a_file_needs_no_database(workspace):
    file = workspace.write(orders.document(id="B-7", targets=orders.domains("bücher.example")))
    out = workspace.tool.do("order", "show", file).out
    assert "B-7" in out and "xn--bcher-kva.example (bücher.example)" in out and "Kementerian Uji" in out
    told = workspace.tool.do("order", "show", file, "--json").json()
    assert (told["id"], told["names"], told["applied"], told["file"]) == ("B-7", 1, None, str(file))
    assert told["readable_names"] == {"xn--bcher-kva.example": "bücher.example"}


def test_show_of_a_file_that_is_no_order_says_so(workspace):
    assert "order-1.json" in workspace.tool.refused(USAGE, "order", "show", workspace.write("{}")).err
