"""Targets held by a safety rule wait until a person releases or discards them; each step is reported."""
import pytest

from support import orders
from support.tool import DONE, NO, UNSAFE, USAGE
from support.waiting import wait_for

HELD, OTHER = "blogspot.com", "hoax.example"


@pytest.fixture
def held(workspace):
    """An order with one target in force, and a name and an address held."""
    workspace.apply(targets=orders.domains(HELD, OTHER) + [{"address": "10.0.0.1"}])
    return workspace


def targets(workspace, *options):
    return workspace.tool.do("quarantine", "list", "--json", *options).json()["targets"]


def states(workspace):
    return {t["target"]: t["state"] for t in targets(workspace, "--all")}


def blocked(workspace, name):
    return workspace.tool("explain", name, "--json").json()["verdict"] == "blocked"


def count(workspace):
    return workspace.tool.do("status", "--json").json()["quarantined"]


def journal(workspace):
    return workspace.tool.do("status", "--json").json()["last_commit"]


def release(workspace, *words, reason="the ministry confirmed it"):
    return workspace.tool.do("quarantine", "release", *words, "--reason", reason)


def test_each_held_target_is_listed_with_its_rule_and_order(held):
    told = {t["target"]: t for t in targets(held)}
    assert set(told) == {HELD, "10.0.0.1"}
    name = told[HELD]
    assert (name["order"], name["rule"], name["match"], name["state"], name["serial"]) == (orders.ID, "shared-suffix",
                                                                                           "subtree", "held", 1)
    assert name["since"] and name["why"] and name["decided"] is None
    assert told["10.0.0.1"]["rule"] == "special-address"
    words = held.tool.do("quarantine", "list").out
    assert HELD in words and "shared-suffix" in words and orders.ID in words


def test_the_status_says_how_many_are_held(workspace):
    workspace.tool.do("db", "init")
    assert count(workspace) == 0 and "quarantine 0 held" in workspace.tool.do("status").out
    workspace.apply(targets=orders.domains(HELD, OTHER))
    assert count(workspace) == 1 and "quarantine 1 held" in workspace.tool.do("status").out


def test_explain_says_that_a_name_is_held(held):
    result = held.tool("explain", f"someone.{HELD}")
    assert (
        result.code == NO
        and "quarantine held" in result.out
        and "shared-suffix" in result.out
        and orders.ID in result.out
    )
    [told] = held.tool("explain", HELD, "--json").json()["quarantined"]
    assert (told["order"], told["rule"], told["state"]) == (orders.ID, "shared-suffix", "held")
    assert held.tool("explain", "10.0.0.1", "--json").json()["quarantined"][0]["rule"] == "special-address"
    assert held.tool("explain", OTHER, "--json").json()["quarantined"] == []


def test_a_released_name_is_in_force_under_its_order(held):
    release(held, orders.ID, HELD)
    verdict = held.tool.do("explain", f"someone.{HELD}", "--json").json()
    assert verdict["verdict"] == "blocked" and verdict["order"]["id"] == orders.ID and verdict["order"]["names"] == 2
    assert states(held) == {HELD: "released", "10.0.0.1": "held"} and count(held) == 1


def test_a_released_address_is_in_force_under_its_order(held):
    release(held, orders.ID, "10.0.0.1")
    assert blocked(held, "10.0.0.1")


def test_a_release_is_one_commit_with_the_reason_in_the_journal(held):
    release(held, orders.ID, HELD, "10.0.0.1", reason="letter 77")
    last = journal(held)
    assert (last["serial"], last["command"], last["detail"], last["orders"]) == (2, "quarantine release", "letter 77",
                                                                                 [orders.ID])
    told = held.tool.do("quarantine", "show", orders.ID, HELD, "--json").json()
    assert told["reason"] == "letter 77" and told["operator"] == last["operator"] and told["decided"]


@pytest.mark.parametrize("command", ["release", "discard"])
@pytest.mark.parametrize("reason", [[], ["--reason", " "]])
def test_a_decision_needs_a_reason(held, command, reason):
    before = held.digest()
    result = held.tool.refused(USAGE, "quarantine", command, orders.ID, HELD, *reason)
    assert "--reason" in result.err and held.digest() == before


def test_several_targets_are_decided_together_or_not_at_all(held):
    before = held.digest()
    result = held.tool.refused(NO, "quarantine", "release", orders.ID, HELD, "not-held.example", "--reason", "x")
    assert "not-held.example" in result.err
    assert held.digest() == before and not blocked(held, HELD)


def test_a_discarded_target_stays_out_and_on_record(held):
    held.tool.do("quarantine", "discard", orders.ID, HELD, "--reason", "typing error")
    assert not blocked(held, HELD) and states(held)[HELD] == "discarded" and count(held) == 1
    assert journal(held)["command"] == "quarantine discard"


@pytest.mark.parametrize("first", ["release", "discard"])
def test_what_is_decided_is_not_decided_again(held, first):
    held.tool.do("quarantine", first, orders.ID, HELD, "--reason", "once")
    result = held.tool.refused(UNSAFE, "quarantine", "release", orders.ID, HELD, "--reason", "again")
    assert f"was {first}" in result.err and HELD in result.err


def test_the_same_document_again_is_already_applied(workspace):
    file = workspace.signed(targets=orders.domains(HELD, OTHER))
    workspace.tool.do("order", "apply", file)
    before = workspace.digest()
    again = workspace.tool.do("order", "apply", "--json", file).json()[0]
    assert not again["applied"] and workspace.digest() == before and count(workspace) == 1


def test_an_order_of_which_nothing_was_left_is_still_held_when_applied_again(workspace):
    file = workspace.signed(targets=orders.domains(HELD))
    assert workspace.tool("order", "apply", file).code == UNSAFE
    again = workspace.tool("order", "apply", file)
    assert again.code == UNSAFE and "already" in again.out and HELD in again.err
    release(workspace, orders.ID, HELD)
    assert blocked(workspace, HELD)


def test_revoking_an_order_closes_its_held_targets(held):
    held.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    assert set(states(held).values()) == {"closed"} and count(held) == 0 and targets(held) == []
    result = held.tool.refused(UNSAFE, "quarantine", "release", orders.ID, HELD, "--reason", "x")
    assert "revoked" in result.err and not blocked(held, HELD)


def test_an_orders_expiry_closes_its_held_targets(workspace):
    workspace.apply(targets=orders.domains(HELD, OTHER), expires=orders.at(4))
    wait_for(lambda: count(workspace) == 0, "the order expires")
    assert states(workspace) == {HELD: "closed"}
    assert "expired" in workspace.tool.refused(UNSAFE, "quarantine", "release", orders.ID, HELD, "--reason", "x").err


def test_lifting_a_held_name_closes_it(held):
    held.apply(id="B-2", targets=[], revokes=[{"order": orders.ID, "domain": HELD}])
    assert states(held) == {HELD: "closed", "10.0.0.1": "held"}
    held.tool.refused(UNSAFE, "quarantine", "release", orders.ID, HELD, "--reason", "x")


def test_a_released_name_goes_with_its_order(held):
    release(held, orders.ID, HELD)
    held.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    assert not blocked(held, HELD) and held.tool.do("status", "--json").json()["names"] == 0


def test_an_order_held_as_a_whole_is_released_as_a_whole(workspace):
    workspace.configure(more="\n[safety]\nmax_order_lifetime_days = 400000\nmax_order_targets = 2\n")
    file = workspace.signed(targets=orders.domains(OTHER, "b.example", HELD))
    assert workspace.tool("order", "apply", file).code == UNSAFE and not blocked(workspace, OTHER)
    assert workspace.tool("explain", OTHER, "--json").json()["quarantined"][0]["rule"] == "too-many-targets"
    release(workspace, orders.ID)
    assert blocked(workspace, OTHER) and blocked(workspace, "b.example")
    assert not blocked(workspace, HELD), "what a rule holds by itself stays held"
    assert states(workspace) == {"*": "released", HELD: "held"}


def test_only_an_order_held_as_a_whole_is_released_without_targets(held):
    result = held.tool.refused(NO, "quarantine", "release", orders.ID, "--reason", "x")
    assert "not held as a whole" in result.err


def test_targets_of_one_order_can_be_listed(held):
    held.apply(id="B-2", targets=orders.domains("pages.dev", "c.example"))
    assert [t["target"] for t in targets(held, "--order", "B-2")] == ["pages.dev"]
    assert held.tool.refused(NO, "quarantine", "list", "--order", "B-9").err


# Lists

@pytest.fixture
def listing(workspace):
    workspace.configure(
        more="\n[safety]\nlist_change_free_names = 3\nmax_list_change_percent = 50\nmax_list_change_names = 8\n"
    )

    def write(*names):
        file = workspace.folder / "list.txt"
        file.write_text("\n".join(names))
        return file
    return write


def imported(workspace, file, *options):
    return workspace.tool("list", "import", "--source", "uji", "--format", "domains", file, *options)


def test_a_lists_held_names_stay_out_and_the_rest_applies(workspace, listing):
    result = imported(workspace, listing(HELD, OTHER, "kpu.go.id", "x.kpu.go.id", "go.id"), "--json")
    assert result.code == DONE and result.json()["names"] == 1 and result.json()["quarantined"] == 4
    assert {h["target"]: h["rule"] for h in result.json()["held"]} == {
        HELD: "shared-suffix", "kpu.go.id": "never-block", "x.kpu.go.id": "below-never-block", "go.id": "public-suffix"}
    assert f"quarantined {HELD}: shared-suffix" in result.err
    assert blocked(workspace, OTHER) and not blocked(workspace, "www.kpu.go.id") and count(workspace) == 4


def test_the_same_list_again_changes_nothing(workspace, listing):
    file = listing(HELD, OTHER)
    imported(workspace, file)
    before = workspace.digest()
    assert imported(workspace, file).code == DONE and workspace.digest() == before


def test_a_released_name_of_a_list_survives_the_next_import(workspace, listing):
    imported(workspace, listing(HELD, OTHER))
    release(workspace, "list:uji", HELD)
    assert blocked(workspace, HELD)
    imported(workspace, listing(HELD, OTHER, "more.example"))
    assert blocked(workspace, HELD) and states(workspace) == {HELD: "released"}


def test_a_discarded_name_of_a_list_stays_discarded(workspace, listing):
    imported(workspace, listing(HELD, OTHER))
    workspace.tool.do("quarantine", "discard", "list:uji", HELD, "--reason", "no")
    imported(workspace, listing(HELD, OTHER, "more.example"))
    assert states(workspace) == {HELD: "discarded"} and not blocked(workspace, HELD)


def test_a_held_name_that_leaves_the_list_is_closed(workspace, listing):
    imported(workspace, listing(HELD, OTHER))
    imported(workspace, listing(OTHER))
    assert states(workspace) == {HELD: "closed"} and count(workspace) == 0
    imported(workspace, listing(HELD, OTHER))
    assert states(workspace) == {HELD: "held"}


def test_a_list_of_held_names_only_ends_with_code_3(workspace, listing):
    assert imported(workspace, listing(HELD)).code == UNSAFE and count(workspace) == 1


FIRST = [f"n{i}.example" for i in range(8)]


def test_too_large_a_share_of_a_list_is_not_changed_at_once(workspace, listing):
    imported(workspace, listing(*FIRST))
    result = imported(workspace, listing(*FIRST[:3]))
    assert (
        result.code == UNSAFE and "large-change: 0 names added and 5 removed at once of 8, more than 50 %" in result.err
    ), result
    assert all(blocked(workspace, name) for name in FIRST)
    [told] = targets(workspace)
    assert (told["order"], told["target"], told["rule"]) == ("list:uji", "*", "large-change")


def test_too_many_names_of_a_list_are_not_changed_at_once(workspace, listing):
    imported(workspace, listing(*[f"m{i}.example" for i in range(20)]))
    result = imported(workspace, listing(*[f"m{i}.example" for i in range(20)], *[f"x{i}.example" for i in range(9)]))
    assert result.code == UNSAFE and "more than 8 (safety.max_list_change_names)" in result.err, result


def test_a_small_change_of_a_small_list_is_no_share(workspace, listing):
    imported(workspace, listing("a.example", "b.example"))
    assert imported(workspace, listing("c.example")).code == DONE


def test_the_same_too_large_change_is_recorded_once(workspace, listing):
    imported(workspace, listing(*FIRST))
    imported(workspace, listing(*FIRST[:3]))
    before = workspace.digest()
    assert imported(workspace, listing(*FIRST[:3])).code == UNSAFE and workspace.digest() == before


def test_a_released_change_of_a_list_goes_through_at_the_next_import(workspace, listing):
    imported(workspace, listing(*FIRST))
    imported(workspace, listing(*FIRST[:3]))
    release(workspace, "list:uji")
    assert imported(workspace, listing(*FIRST[:2])).code == UNSAFE, "another content is another decision"
    assert imported(workspace, listing(*FIRST[:3])).code == DONE and not blocked(workspace, FIRST[7])


def test_a_large_change_of_a_list_can_be_allowed_at_once(workspace, listing):
    imported(workspace, listing(*FIRST))
    assert imported(workspace, listing(*FIRST[:3]), "--allow-large").code == DONE
    assert not blocked(workspace, FIRST[7])


def test_an_orders_own_output_shows_what_is_held(held):
    [order] = held.tool.do("order", "list", "--json").json()["orders"]
    assert order["held"] == 2 and held.tool.do("order", "show", orders.ID, "--json").json()["held"] == 2
    assert "active, 2 held" in held.tool.do("order", "list").out
    assert "2 targets; see: blocklist-tool quarantine list" in held.tool.do("order", "show", orders.ID).out


def test_an_order_that_is_held_whole_does_not_look_active(workspace):
    workspace.configure(more="\n[safety]\nmax_order_lifetime_days = 400000\nmax_order_targets = 1\n")
    workspace.tool("order", "apply", workspace.signed(targets=orders.domains("a.example", "b.example")))
    assert "active, all held" in workspace.tool.do("order", "list").out
    assert "all targets; see: blocklist-tool quarantine show" in workspace.tool.do("order", "show", orders.ID).out


def test_show_without_a_target_lists_the_held_ones(held):
    out = held.tool.do("quarantine", "show", orders.ID).out
    assert HELD in out and "10.0.0.1" in out
    held.tool.do("quarantine", "discard", orders.ID, HELD, "10.0.0.1", "--reason", "x")
    assert "is not held as a whole" in held.tool.refused(NO, "quarantine", "show", orders.ID).err
