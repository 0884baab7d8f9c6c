"""`order apply`: an order is applied once, as a whole."""
import json

from support import keys, orders
from support.tool import DONE, UNSAFE, UNTRUSTED, USAGE


def listed(workspace):
    return workspace.tool.do("order", "list", "--json").json()


def test_the_first_apply_creates_the_database(workspace):
    assert not workspace.database.exists()
    workspace.block("hoax.example", "other.example")
    [order] = listed(workspace)["orders"]
    assert (order["id"], order["state"], order["names"], order["kind"]) == (orders.ID, "active", 2, "order")


def test_the_identical_document_again_changes_nothing(workspace):
    file = workspace.signed()
    workspace.tool.do("order", "apply", file)
    before, serial = workspace.digest(), listed(workspace)["serial"]
    again = workspace.tool.do("order", "apply", file)
    assert "already" in (again.out + again.err).lower()
    assert listed(workspace)["serial"] == serial and workspace.digest() == before


def test_each_order_is_a_commit_of_its_own(workspace):
    files = [workspace.signed(id=f"B-{number}") for number in range(3)]
    workspace.tool.do("order", "apply", *files)
    result = listed(workspace)
    assert result["serial"] == 3 and len(result["orders"]) == 3


def test_a_refused_order_does_not_take_the_ones_before_it_along(workspace):
    good, bad = workspace.signed(id="B-GOOD"), workspace.write(orders.document(id="B-BAD"))
    result = workspace.tool("order", "apply", good, bad)
    assert result.code == UNTRUSTED and bad.name in result.err, result
    assert [order["id"] for order in listed(workspace)["orders"]] == ["B-GOOD"]


def test_the_orders_after_a_refused_one_are_applied_and_all_are_reported(workspace):
    files = [workspace.signed(id="B-1"), workspace.write(orders.document(id="B-BAD")), workspace.folder / "none.json",
             workspace.signed(id="B-2")]
    result = workspace.tool("order", "apply", "--json", *files)
    assert result.code == UNTRUSTED, result
    assert [(one.get("order"), one.get("exit_code")) for one in result.json()] == [
        ("B-1", None), (None, UNTRUSTED), (None, USAGE), ("B-2", None)]
    assert all(file.name in result.err for file in files[1:3])
    assert {order["id"] for order in listed(workspace)["orders"]} == {"B-1", "B-2"}


def test_a_lifted_order_again_is_not_in_force(workspace):
    file = workspace.signed()
    workspace.tool.do("order", "apply", file)
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "wrong site")
    again = workspace.tool.refused(UNSAFE, "order", "apply", file)
    assert again.out == "" and "was applied before, and lifted" in again.err and "wrong site" in again.err
    assert workspace.tool.refused(UNSAFE, "order", "apply", "--json", file).json()[0]["lifted"]


def test_a_held_order_again_is_still_held(workspace):
    file = workspace.signed(targets=orders.domains("kpu.go.id"))

    def apply():
        result = workspace.tool("order", "apply", "--json", file)
        assert result.code == UNSAFE, result
        return result

    first = apply().json()[0]
    again = apply()
    assert again.json()[0]["applied"] is False and again.json()[0]["held"] == first["held"] != []
    assert again.json()[0]["quarantined"] == 1 and "kpu.go.id" in again.err
    workspace.tool.do("quarantine", "discard", orders.ID, "kpu.go.id", "--reason", "a mistake")
    assert apply().json()[0]["quarantined"] == 0


def test_a_threshold_of_two_needs_two_approvers(workspace):
    second = workspace.key("second")
    workspace.configure(trusted=[workspace.ministry, second], threshold=2)
    file = workspace.signed()
    workspace.tool.refused(UNTRUSTED, "order", "apply", file)
    keys.sign(file, second)
    workspace.tool.do("order", "apply", file)


def test_a_not_yet_effective_order_is_refused_unless_scheduled(workspace):
    file = workspace.signed(effective=orders.at(3600))
    result = workspace.tool.refused(UNSAFE, "order", "apply", file)
    assert "--scheduled" in result.err
    assert workspace.tool("order", "apply", "--scheduled", file).code == DONE
    assert listed(workspace)["orders"][0]["state"] == "upcoming"


def test_json_reports_the_changes(workspace):
    result = workspace.tool.do("order", "apply", "--json", workspace.signed())
    assert orders.ID in json.dumps(result.json())
