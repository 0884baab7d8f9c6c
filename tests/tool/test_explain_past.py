"""`explain --at` and `db history --name`: who blocked a site then, under which order, until when."""
import time

import pytest

from support import orders
from support.tool import DONE, NO, USAGE
from support.waiting import wait_for

LIST = "list:uji"


def commit_times(workspace):
    """The journal's times by serial."""
    return {
        r["serial"]: r["time"] for r in workspace.tool.do("db", "history", "--limit", "0", "--json").json()["records"]
    }


def next_second():
    now = int(time.time())
    wait_for(lambda: int(time.time()) > now, "the next second")


def at(workspace, serial, name, *options):
    result = workspace.tool("explain", name, "--at", commit_times(workspace)[serial], *options, "--json")
    told = result.json()
    assert result.code == (NO if told["verdict"] == "not listed" else DONE), result
    assert told["serial"] == serial or serial == max(commit_times(workspace)), told
    return told


@pytest.fixture(scope="module")
def workspace(shared_workspace):
    """One commit a second: 1 B-1, 2 its lift by name, 3 a list, 4 the list without a name, 5 B-2,
    6 B-2 revoked, 7 rolled back to 5."""
    work = shared_workspace
    listed = work.folder / "list"

    def import_list(*names):
        listed.write_text("".join(name + "\n" for name in names))
        work.tool.do("list", "import", "--source", "uji", "--format", "domains", listed)

    steps = [
        lambda: work.apply(
            id="B-1",
            targets=[*orders.domains("hoax.example", "other.example"), {"address": "203.0.113.0/28"}],
            regions=["ID-JK"],
        ),
        lambda: work.apply(
            id="L-1",
            format="saring-order/2",
            targets=orders.ABSENT,
            revokes=[{"order": "B-1", "domain": "hoax.example", "match": "subtree"}],
        ),
        lambda: import_list("listed.example", "kept.example"),
        lambda: import_list("kept.example"),
        lambda: work.block("hoax.example", id="B-2"),
        lambda: work.tool.do("order", "revoke", "B-2", "--reason", "keberatan diterima"),
        lambda: work.tool.do("db", "rollback", "5", "--reason", "revoked by mistake"),
    ]
    for step in steps:
        step()
        next_second()
    return work


def test_a_name_that_was_lifted_since_was_blocked_then(workspace):
    told = at(workspace, 1, "www.hoax.example", "--region", "ID-JK")
    assert (told["verdict"], told["order"]["id"], told["matched"]) == ("blocked", "B-1", "hoax.example")
    assert told["until"] == commit_times(workspace)[2] and told["ended_by"] == "order L-1"
    out = workspace.tool.do("explain", "www.hoax.example", "--at", commit_times(workspace)[1], "--region", "ID-JK").out
    for word in (
        "BLOCKED",
        "B-1",
        "lifted by order L-1 (serial 2)",
        "serial 1 of",
        "Hoaks pemilu",
        "Pasal 40",
        "mailto:",
        "ID-JK",
    ):
        assert word in out, (word, out)


def test_the_lift_shows_from_the_moment_it_was_applied(workspace):
    assert at(workspace, 2, "hoax.example", "--region", "ID-JK")["verdict"] == "not listed"
    out = workspace.tool("explain", "hoax.example", "--at", commit_times(workspace)[2], "--region", "ID-JK").out
    assert "removed" in out and "lifted by order L-1" in out and "listed" in out and "B-2" in out, out


def test_a_revocation_and_its_rollback_show(workspace):
    assert at(workspace, 5, "hoax.example")["order"]["id"] == "B-2"
    told = at(workspace, 5, "hoax.example")
    assert (
        told["until"] == commit_times(workspace)[6]
        and told["ended_by"].startswith("operator ")
        and "keberatan" in told["ended_by"]
    )
    assert at(workspace, 6, "hoax.example")["verdict"] == "not listed"
    assert at(workspace, 7, "hoax.example")["order"]["id"] == "B-2"


def test_a_name_of_a_list_that_came_in_whole_is_known(workspace):
    assert at(workspace, 3, "listed.example")["order"]["id"] == LIST
    assert at(workspace, 4, "listed.example")["verdict"] == "not listed"
    assert (
        at(workspace, 2, "kept.example")["verdict"] == "not listed"
        and at(workspace, 4, "kept.example")["order"]["id"] == LIST
    )


def test_an_address_is_asked_about_as_a_name_is(workspace):
    told = at(workspace, 1, "203.0.113.9", "--region", "ID-JK")
    assert (told["verdict"], told["order"]["id"], told["matched"]) == ("blocked", "B-1", "203.0.113.0/28")


def test_before_the_first_commit_nothing_was_blocked_and_that_is_said(workspace):
    result = workspace.tool("explain", "hoax.example", "--at", "2024-02-14")
    assert (
        result.code == NO
        and "not blocked" in result.out
        and "begins" in result.out
        and commit_times(workspace)[1] in result.out
    )


def test_a_moment_between_two_commits_is_of_the_earlier_one(workspace):
    assert at(workspace, 1, "other.example", "--region", "ID-JK")["serial"] == 1


def test_asking_leaves_the_database_and_the_temporary_folder_as_they_were(workspace, monkeypatch, new_folder):
    folder = new_folder("tmp")
    monkeypatch.setenv("TMPDIR", str(folder))
    before = workspace.digest()
    at(workspace, 1, "hoax.example")
    assert workspace.digest() == before and not list(folder.iterdir())


def test_history_of_a_name_tells_each_change_and_why(workspace):
    records = workspace.tool.do("db", "history", "--name", "www.hoax.example", "--json").json()["records"]
    assert [r["serial"] for r in records] == [7, 6, 5, 2, 1]
    changes = [[(c["change"], c["order"], c["target"], c["match"]) for c in r["changes"]] for r in records]
    assert changes == [
        [("listed", "B-2", "hoax.example", "subtree")],
        [("removed", "B-2", "hoax.example", "subtree")],
        [("listed", "B-2", "hoax.example", "subtree")],
        [("removed", "B-1", "hoax.example", "subtree")],
        [("listed", "B-1", "hoax.example", "subtree")],
    ]
    assert (
        records[1]["changes"][0]["lifted_by"].endswith(": keberatan diterima")
        and records[3]["changes"][0]["lifted_by"] == "order L-1"
    )
    out = workspace.tool.do("db", "history", "--name", "hoax.example").out
    assert (
        "order B-1 no longer lists hoax.example: lifted by order L-1" in out and "order B-2 lists hoax.example" in out
    )


def test_history_of_a_name_of_a_list(workspace):
    records = workspace.tool.do("db", "history", "--name", "listed.example", "--json").json()["records"]
    assert [(r["serial"], r["changes"][0]["change"], r["changes"][0]["order"]) for r in records] == [
        (4, "removed", LIST),
        (3, "listed", LIST),
    ]


@pytest.mark.parametrize("name", ["never.example", "example", "192.0.2.1"])
def test_history_of_a_name_that_nothing_concerned_is_empty(workspace, name):
    result = workspace.tool("db", "history", "--name", name, "--json")
    assert result.code == NO and result.json()["records"] == []


def test_history_of_an_address(workspace):
    records = workspace.tool.do("db", "history", "--name", "203.0.113.3", "--json").json()["records"]
    assert [(r["serial"], r["changes"][0]["target"]) for r in records] == [(1, "203.0.113.0/28")]


def test_a_time_that_is_none_is_refused(workspace):
    assert "--at" in workspace.tool.refused(USAGE, "explain", "hoax.example", "--at", "someday").err
    assert (
        "--resolver"
        in workspace.tool.refused(USAGE, "explain", "hoax.example", "--at", "1h", "--resolver", "127.0.0.1").err
    )
