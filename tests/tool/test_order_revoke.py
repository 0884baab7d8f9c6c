"""`order revoke` and orders that lift others."""
import struct

import pytest

from support import orders
from support.database import writing
from support.tool import DATABASE, NO, USAGE

SECOND = "B-2/UJI/2024"


def state(workspace, id=orders.ID):
    return workspace.tool.do("order", "show", id, "--json").json()["state"]


def blocked(workspace, name):
    return workspace.tool("explain", name, "--json").json()["verdict"] == "blocked"


def test_its_names_are_released_and_the_order_stays_on_record(workspace):
    workspace.block("hoax.example")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "keberatan diterima")
    assert not blocked(workspace, "hoax.example") and state(workspace) == "revoked"


def test_an_unknown_order_is_not_found(workspace):
    workspace.block("hoax.example")
    before = workspace.digest()
    assert "B-404" in workspace.tool.refused(NO, "order", "revoke", "B-404", "--reason", "uji").err
    assert workspace.digest() == before


def test_revoking_again_changes_nothing(workspace):
    workspace.block("hoax.example")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    before = workspace.digest()
    workspace.tool("order", "revoke", orders.ID, "--reason", "uji")
    assert workspace.digest() == before and state(workspace) == "revoked"


def test_applying_a_revoked_order_again_does_not_bring_it_back(workspace):
    file = workspace.signed()
    workspace.tool.do("order", "apply", file)
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    workspace.tool("order", "apply", file)
    assert not blocked(workspace, "hoax.example") and state(workspace) == "revoked"


def test_a_name_in_two_orders_stays_until_both_are_gone(workspace):
    workspace.block("hoax.example")
    workspace.block("hoax.example", id=SECOND)
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    assert blocked(workspace, "hoax.example")
    workspace.tool.do("order", "revoke", SECOND, "--reason", "uji")
    assert not blocked(workspace, "hoax.example")


def test_an_order_lifts_another_whole(workspace):
    workspace.block("hoax.example")
    workspace.apply(id=SECOND, targets=orders.ABSENT, revokes=[{"order": orders.ID}])
    assert not blocked(workspace, "hoax.example") and state(workspace) == "revoked"


def test_an_order_lifts_one_name_of_another(workspace):
    workspace.block("hoax.example", "other.example")
    workspace.apply(id=SECOND, targets=orders.ABSENT, revokes=[{"order": orders.ID, "domain": "Other.Example"}])
    assert blocked(workspace, "hoax.example") and not blocked(workspace, "other.example")
    assert state(workspace) == "active"


def test_lifting_an_order_leaves_the_names_other_orders_hold(workspace):
    workspace.block("hoax.example")
    workspace.block("hoax.example", id=SECOND)
    workspace.apply(id="B-3/UJI/2024", targets=orders.ABSENT, revokes=[{"order": orders.ID}])
    assert blocked(workspace, "hoax.example") and state(workspace, SECOND) == "active"


def test_an_order_lifted_before_it_came_stays_lifted(workspace):
    """Files arrive in any order; the outcome must not depend on it."""
    workspace.apply(id=SECOND, targets=orders.ABSENT, revokes=[{"order": orders.ID}])
    workspace.tool("order", "apply", workspace.signed())
    assert not blocked(workspace, "hoax.example")


def test_a_damaged_document_is_damage_and_no_bad_input(workspace):
    workspace.block("hoax.example")
    key = struct.pack(">I", 1)
    with writing(workspace.database, b"documents") as table:
        table.put(key, table.get(key).replace(b'"expires"', b'"expired"'))
    before = workspace.digest()
    error = workspace.tool.refused(DATABASE, "order", "revoke", orders.ID, "--reason", "uji").err
    assert f"the document of order {orders.ID} cannot be read" in error and "blocklist-tool db check" in error
    assert workspace.digest() == before


@pytest.mark.parametrize("command", [["order", "revoke", orders.ID], ["local", "remove", "pass.example"],
                                     ["db", "rollback", "0"], ["quarantine", "discard", orders.ID]])
@pytest.mark.parametrize("reason", [[], ["--reason", ""], ["--reason", "  "]])
def test_undoing_requires_a_reason(workspace, command, reason):
    workspace.block("hoax.example")
    workspace.tool.do("local", "allow", "pass.example", "--reason", "uji")
    before = workspace.digest()
    assert "--reason" in workspace.tool.refused(USAGE, *command, *reason).err
    assert workspace.digest() == before
