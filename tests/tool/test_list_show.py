"""`list show` and `list remove`: what a list holds, and the end of it."""
import pytest

from support import orders
from support.tool import NO, UNSAFE, USAGE

NAMES = ["a.example", "b.example", "c.example"]


@pytest.fixture
def listed(workspace):
    file = workspace.folder / "names.txt"
    file.write_text("\n".join([*NAMES, "203.0.113.0/24"]) + "\n")
    workspace.tool.do(
        "list", "import", "--source", "old", "--format", "domains", "--authority", "Kementerian Uji", file
    )
    file.write_text("b.example\nother.example\n")
    workspace.tool.do("list", "import", "--source", "second", "--format", "domains", file)
    return workspace


def shown(workspace, *words):
    return workspace.tool.do("list", "show", *words, "--json").json()["lists"]


def verdict(workspace, name):
    said = workspace.tool("explain", name, "--json").json()
    return said["verdict"], said["order"] and said["order"]["id"]


def test_all_lists_are_shown_with_their_size(listed):
    listed.block("hoax.example")
    assert {one["list"]: (one["names"], one["addresses"], one["state"], one["authority"]) for one in shown(listed)} == {
        "list:old": (3, 1, "active", "Kementerian Uji"),
        "list:second": (2, 0, "active", "legacy list"),
    }
    told = listed.tool.do("list", "show").out
    assert "list:old" in told and "Kementerian Uji" in told and "B-" not in told


@pytest.mark.parametrize("name", ["old", "list:old"])
def test_one_list_is_shown_with_its_targets(listed, name):
    [one] = shown(listed, name, "--limit", "0")
    assert {(t["target"], t["match"]) for t in one["targets"]} == {(n, "subtree") for n in NAMES} | {
        ("203.0.113.0/24", "subtree")
    }
    assert one["more"] is False and one["feed"] is None


def test_so_many_targets_are_shown_and_that_there_are_more(listed):
    [one] = shown(listed, "old", "-n", "2")
    assert len(one["targets"]) == 2 and one["more"] is True
    assert "more are left out" in listed.tool.do("list", "show", "old", "-n", "2").out
    [one] = shown(listed, "old", "-n", "4")
    assert len(one["targets"]) == 4 and one["more"] is False


def test_a_removed_list_blocks_nothing_that_nobody_else_does(listed):
    said = listed.tool.do("list", "remove", "old", "--reason", "ticket 7", "--json").json()
    assert (said["list"], said["names"], said["addresses"], said["feed"]) == ("list:old", 3, 1, None)
    assert all(verdict(listed, name)[0] != "blocked" for name in ("a.example", "c.example", "203.0.113.7"))
    assert verdict(listed, "b.example") == ("blocked", "list:second")
    [old] = [one for one in shown(listed) if one["list"] == "list:old"]
    assert old["state"] == "revoked" and "ticket 7" in old["removed_by"]
    last = listed.tool.do("db", "history", "-n", "1", "--json").json()["records"][0]
    assert (last["command"], last["detail"], last["names_removed"], last["addresses_removed"]) == (
        "list remove",
        "ticket 7",
        3,
        1,
    )
    listed.tool.refused(UNSAFE, "list", "remove", "old", "--reason", "again")


def test_it_can_be_imported_again(listed):
    listed.tool.do("list", "remove", "old", "--reason", "ticket 7")
    listed.tool.do("list", "import", "--source", "old", "--format", "domains", listed.folder / "names.txt")
    assert verdict(listed, "other.example")[0] == "blocked" and shown(listed, "old")[0]["state"] == "active"


def test_the_feed_of_a_removed_list_is_refused_and_the_command_says_so(listed):
    text = listed.config.read_text()
    listed.config.write_text(
        text + f'\n[[feed]]\nname = "old"\nurl = "list+file://{listed.folder}/names.txt"\nunsigned = true\n'
    )
    result = listed.tool.do("list", "remove", "old", "--reason", "ticket 7")
    assert "sync refuses feed old from now on" in result.err
    assert "list:old was revoked" in listed.tool.refused(UNSAFE, "sync").err
    assert shown(listed, "old")[0]["feed"] == "old"


@pytest.mark.parametrize(
    "words", [("show", "none"), ("remove", "none", "--reason", "x"), ("remove", orders.ID, "--reason", "x")]
)
def test_what_is_no_list_is_not_found(listed, words):
    listed.block("hoax.example")
    assert "is no list in the database" in listed.tool.refused(NO, "list", *words).err


def test_no_reason_no_removal(listed):
    assert "reason" in listed.tool.refused(USAGE, "list", "remove", "old", "--reason", " ").err
    assert verdict(listed, "a.example")[0] == "blocked"
