"""An order may lift orders of its own authority, never the ISP's own entries or a list."""
import json

import pytest

from support import database, orders
from support.feeds import Feed
from support.tool import DONE, UNSAFE

OTHER = "Kementerian Lain"


def blocked(workspace, name):
    return workspace.tool("explain", name).code == DONE and "BLOCKED" in workspace.tool("explain", name).out


def lift(workspace, target, id="B-9", **fields):
    return workspace.signed(id=id, targets=fields.pop("targets", orders.ABSENT), revokes=[{"order": target}], **fields)


@pytest.mark.parametrize("target", ["local:1", "list:uji"])
@pytest.mark.parametrize("domain", [None, "news.example"])
def test_what_is_the_isps_own_is_never_lifted(workspace, target, domain):
    """Not even before the entry exists."""
    revoke = {"order": target, **({"domain": domain} if domain else {})}
    file = workspace.signed(id="B-9", targets=orders.ABSENT, revokes=[revoke])
    error = workspace.tool.refused(UNSAFE, "order", "apply", file).err
    assert target in error and "revokes" in error and not workspace.database.exists()
    workspace.tool.do("local", "allow", "news.example", "--reason", "ours")
    (workspace.folder / "list.txt").write_text("news.example\nbad.example\n")
    workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", workspace.folder / "list.txt")
    before = workspace.digest()
    assert target in workspace.tool.refused(UNSAFE, "order", "apply", file).err
    assert workspace.digest() == before
    assert not blocked(workspace, "news.example") and blocked(workspace, "bad.example")


def test_an_order_that_lifts_the_isps_own_blocks_nothing_either(workspace):
    file = lift(workspace, "local:1", targets=orders.domains("new.example"))
    workspace.tool.refused(UNSAFE, "order", "apply", file)
    assert not workspace.database.exists()


@pytest.mark.parametrize("command", ["sign", "verify"])
def test_such_an_order_is_refused_where_it_is_written(workspace, command):
    file = lift(workspace, "list:uji")
    if command == "sign":
        plain = workspace.write(json.loads(file.read_text()))
        result = workspace.tool("order", "sign", "--yes", plain, "--secret-key", workspace.ministry.secret)
    else:
        result = workspace.tool("order", "verify", file)
    assert result.code == UNSAFE and "list:uji" in result.err, result


def test_order_new_refuses_to_lift_the_isps_own(workspace):
    result = workspace.tool(
        "order", "new", "--id", "B-1", "--authority", "A", "--expires", orders.at(3600), "--revoke", "local:3"
    )
    assert result.code == UNSAFE and "local:3" in result.err, result


def test_an_order_of_another_authority_is_not_lifted(workspace):
    workspace.block("hoax.example")
    before = workspace.digest()
    error = workspace.tool.refused(
        UNSAFE, "order", "apply", lift(workspace, orders.ID, authority=OTHER, targets=orders.domains("new.example"))
    ).err
    assert orders.ID in error and OTHER in error and "Kementerian Uji" in error and "safety.may_lift" in error
    assert workspace.digest() == before and blocked(workspace, "hoax.example")


def test_one_name_of_another_authority_s_order_is_not_lifted(workspace):
    workspace.block("hoax.example")
    file = workspace.signed(
        id="B-9", authority=OTHER, targets=orders.ABSENT, revokes=[{"order": orders.ID, "domain": "hoax.example"}]
    )
    workspace.tool.refused(UNSAFE, "order", "apply", file)
    assert blocked(workspace, "hoax.example")


def test_a_lift_that_came_first_does_not_count_against_another_authority(workspace):
    workspace.apply(id="B-9", authority=OTHER, targets=orders.ABSENT,
                    revokes=[{"order": orders.ID}, {"order": "B-2", "domain": "two.example"}])
    workspace.block("hoax.example")
    workspace.block("two.example", "three.example", id="B-2")
    assert (
        blocked(workspace, "hoax.example") and blocked(workspace, "two.example") and blocked(workspace, "three.example")
    )
    assert workspace.tool("db", "check").code == DONE


@pytest.mark.parametrize("others", ['["Kementerian Uji"]', '["*"]', '["X", "Kementerian Uji"]'])
def test_the_configuration_can_allow_it(workspace, others):
    workspace.configure(more=f'\n[safety]\nmax_order_lifetime_days = 400000\nmay_lift = {{ "{OTHER}" = {others} }}\n')
    workspace.block("hoax.example")
    workspace.apply(id="B-9", authority=OTHER, targets=orders.ABSENT, revokes=[{"order": orders.ID}])
    assert not blocked(workspace, "hoax.example")


def test_what_the_configuration_allows_one_authority_it_allows_no_other(workspace):
    workspace.configure(
        more=f'\n[safety]\nmax_order_lifetime_days = 400000\nmay_lift = {{ "{OTHER}" = ["Kementerian Ketiga"] }}\n'
    )
    workspace.block("hoax.example")
    workspace.tool.refused(UNSAFE, "order", "apply", lift(workspace, orders.ID, authority=OTHER))
    assert blocked(workspace, "hoax.example")


def test_the_isps_own_entry_holds_though_an_older_database_lifts_it(workspace):
    """Earlier versions accepted such an order."""
    workspace.block("hoax.example")
    with database.writing(workspace.database, b"lifts") as transaction:
        transaction.put(b"local:1\0", (1).to_bytes(4, "big"))
    workspace.tool.do("local", "allow", "hoax.example", "--reason", "ours")
    assert not blocked(workspace, "hoax.example")


def test_a_feeds_order_with_a_forbidden_lift_is_refused_alone(workspace):
    feed = Feed(workspace)
    workspace.tool.do("local", "allow", "news.example", "--reason", "ours")
    feed.publish_orders("B-1")
    feed.sync()
    workspace.block("other.example", id="C-1", authority=OTHER)
    file = workspace.signed(id="B-2", targets=orders.domains("two.example"), revokes=[{"order": "C-1"}])
    feed.publish(workspace.signed(id="B-3", targets=orders.domains("three.example")))
    feed.plant(file, "B-2", before="B-3")  # `feed publish` refuses such a lift
    assert [order["id"] for order in feed.read()["orders"]] == ["B-1", "B-2", "B-3"]
    result = workspace.tool("sync")
    assert result.code == UNSAFE and "B-2" in result.err and "C-1" in result.err, result
    assert blocked(workspace, "other.example") and blocked(workspace,
                                                           "three.example") and not blocked(workspace, "two.example")
