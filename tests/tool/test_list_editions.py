"""Editions of a list: a destructive one waits for a person, who sees the names and addresses concerned."""
import hashlib

import pytest

from support.tool import DONE, UNSAFE, UNTRUSTED, USAGE

NAMES = [f"n{i:03}.example" for i in range(900)]


@pytest.fixture
def edition(workspace):
    def write(*names, end="\n"):
        file = workspace.folder / "list.txt"
        file.write_text("\n".join(names) + end)
        return file
    return write


def imported(workspace, file, *options):
    return workspace.tool("list", "import", "--source", "uji", "--format", "domains", file, *options)


def blocked(workspace, name):
    return workspace.tool("explain", name, "--json").json()["verdict"] == "blocked"


def show(workspace):
    return workspace.tool.do("quarantine", "show", "list:uji", "--json").json()


def editions(workspace):
    return {
        t["why"].split(" names")[0] + ", " + t["why"].split()[4]: t["state"]
        for t in workspace.tool.do("quarantine", "list", "--all", "--json").json()["targets"]
    }


def release(workspace):
    return workspace.tool.do("quarantine", "release", "list:uji", "--reason", "the publisher confirmed it")


@pytest.mark.parametrize("size", [10, 11, 100, 900])
def test_near_total_loss_is_held_for_a_list_of_any_size(workspace, edition, size):
    imported(workspace, edition(*NAMES[:size]))
    result = imported(workspace, edition("maintenance.example"))
    assert (
        result.code == UNSAFE and f"1 names added and {size} removed at once of {size}: nearly nothing" in result.err
    ), result
    assert blocked(workspace, NAMES[0]) and not blocked(workspace, "maintenance.example")


@pytest.mark.parametrize("kept", [20, 60, 89])
def test_what_keeps_more_than_a_tenth_is_judged_by_its_size_alone(workspace, edition, kept):
    imported(workspace, edition(*NAMES[:100]))
    assert imported(workspace, edition(*NAMES[:kept])).code == DONE


def test_a_list_that_keeps_a_tenth_or_less_is_held(workspace, edition):
    imported(workspace, edition(*NAMES[:100]))
    assert imported(workspace, edition(*NAMES[:10])).code == UNSAFE


def test_a_list_that_a_person_sees_at_a_glance_is_edited_freely(workspace, edition):
    imported(workspace, edition(*NAMES[:9]))
    assert imported(workspace, edition("c.example")).code == DONE


def test_near_total_loss_can_be_allowed_by_hand(workspace, edition):
    imported(workspace, edition(*NAMES))
    assert imported(workspace, edition("left.example"), "--allow-large").code == DONE and not blocked(
        workspace, NAMES[0]
    )


def test_an_emptied_list_leaves_the_old_one(workspace, edition):
    imported(workspace, edition(*NAMES[:10]))
    assert imported(workspace, edition("# nothing")).code == USAGE and blocked(workspace, NAMES[3])


def test_the_quarantine_shows_which_names_an_edition_would_change(workspace, edition):
    imported(workspace, edition(*NAMES[:20]))
    imported(workspace, edition("new.example"))
    change = show(workspace)["change"]
    assert (change["added"], change["removed"]) == (1, 20)
    assert {e["name"] for e in change["names"]["removed"]} == set(NAMES[:20]) and [
        e["name"] for e in change["names"]["added"]
    ] == ["new.example"]
    words = workspace.tool.do("quarantine", "show", "list:uji").out
    assert "- n019.example\n" in words and "+ new.example\n" in words, words


def test_an_edition_that_was_decided_keeps_no_names(workspace, edition):
    imported(workspace, edition(*NAMES[:20]))
    imported(workspace, edition("new.example"))
    release(workspace)
    assert show(workspace)["change"] is None


def test_a_very_large_change_shows_names_from_all_of_it(workspace, edition):
    many = [f"m{i:05}.example" for i in range(45000)]
    imported(workspace, edition(*many), "--quiet")
    imported(workspace, edition("new.example"), "--quiet")
    change = show(workspace)["change"]
    names = [e["name"] for e in change["names"]["removed"]]
    assert change["removed"] == 45000 and len(
        names) == 20000 and names[0] == "m00000.example" and names[-1] > "m44900.example"
    assert workspace.tool.do("quarantine", "show", "list:uji").out.count("\n- ") == 20001


def test_a_release_survives_a_second_bad_edition(workspace, edition):
    imported(workspace, edition(*NAMES[:50]))
    assert imported(workspace, edition(*NAMES[:5])).code == UNSAFE
    release(workspace)
    assert imported(workspace, edition("maintenance.example")).code == UNSAFE
    assert editions(workspace) == {"0, 45": "released", "1, 50": "held"}
    assert imported(workspace, edition(*NAMES[:5])).code == DONE
    assert blocked(workspace, NAMES[4]) and not blocked(workspace, NAMES[5])
    assert editions(workspace) == {"0, 45": "closed", "1, 50": "closed"}, "the one is taken, the other overtaken"


def test_a_release_is_for_one_time(workspace, edition):
    """An old edition that was accepted once is not accepted again when a server sends it a year later."""
    imported(workspace, edition(*NAMES[:50]))
    imported(workspace, edition(*NAMES[:5]))
    release(workspace)
    assert imported(workspace, edition(*NAMES[:5])).code == DONE
    assert imported(workspace, edition(*NAMES[:60])).code == DONE
    assert imported(workspace, edition(*NAMES[:5])).code == UNSAFE


def test_one_edition_waits_at_a_time(workspace, edition):
    imported(workspace, edition(*NAMES[:50]))
    for n in (1, 2, 3):
        assert imported(workspace, edition(*NAMES[:n])).code == UNSAFE
    assert sorted(editions(workspace).items()) == [("0, 47", "held"), ("0, 48", "closed"), ("0, 49", "closed")]
    assert workspace.tool.do("status", "--json").json()["quarantined"] == 1


def test_a_good_edition_closes_the_waiting_one(workspace, edition):
    imported(workspace, edition(*NAMES[:50]))
    imported(workspace, edition(*NAMES[:2]))
    assert imported(workspace, edition(*NAMES[:51])).code == DONE
    assert editions(workspace) == {"0, 48": "closed"}


def test_a_discarded_edition_stays_out(workspace, edition):
    imported(workspace, edition(*NAMES[:50]))
    imported(workspace, edition(*NAMES[:2]))
    workspace.tool.do("quarantine", "discard", "list:uji", "--reason", "no")
    before = workspace.digest()
    assert imported(workspace, edition(*NAMES[:2])).code == UNSAFE and workspace.digest() == before
    assert editions(workspace) == {"0, 48": "discarded"}


def test_a_database_with_such_editions_is_sound(workspace, edition):
    test_a_release_survives_a_second_bad_edition(workspace, edition)
    workspace.tool.do("db", "check")
    workspace.tool.do("db", "rollback", "1", "--reason", "test")
    workspace.tool.do("db", "check")


# A first import

def test_a_first_import_with_another_count_than_expected_is_refused(workspace, edition):
    for count, code in (("900", DONE), ("899", UNSAFE), ("901", UNSAFE), ("800-1000", DONE), ("901-1000", UNSAFE),
                        ("x", USAGE), ("9-1", USAGE), ("0", USAGE), ("5-", USAGE)):
        result = workspace.tool(
            "list", "import", "--source", "c" + count, "--format", "domains", "--expect-count", count, edition(*NAMES)
        )
        assert result.code == code, (count, result)
    refused = workspace.tool(
        "list", "import", "--source", "x", "--format", "domains", "--expect-count", "5", edition(*NAMES)
    )
    assert "has 900 names and addresses, but 5 are expected (--expect-count)" in refused.err, refused
    assert {o["id"]
            for o in workspace.tool.do("order", "list", "--json").json()["orders"]} == {"list:c900", "list:c800-1000"}


def test_an_import_of_another_file_than_the_pinned_one_is_refused(workspace, edition):
    file = edition(*NAMES)
    right = hashlib.sha256(file.read_bytes()).hexdigest()
    assert imported(workspace, file, "--sha256", "0" * 64).code == UNTRUSTED and imported(
        workspace, file, "--sha256", right).code == DONE
    assert imported(workspace, file, "--sha256", "abc").code == USAGE


def test_a_dry_run_of_an_import_reports_the_changes_and_writes_nothing(workspace, edition):
    imported(workspace, edition(*NAMES[:50]))
    before = workspace.digest()
    result = imported(workspace, edition(*NAMES[5:55]), "--dry-run")
    assert "50 names, 5 added, 5 removed (dry run: nothing was written)" in result.out and result.code == DONE, result
    result = imported(workspace, edition(*NAMES[:2]), "--dry-run")
    assert result.code == UNSAFE and "- n049.example" in result.out and len(result.err.splitlines()) == 1, result
    assert workspace.digest() == before


# A cut file

@pytest.mark.parametrize("last", ["n007.exam", "n007.exampl", "n0", "n007.", "http://n007.ex"])
def test_a_last_line_that_is_cut_is_reported_and_left_out(workspace, edition, last):
    result = imported(workspace, edition("a.example", "b.example", last, end=""), "--json").json()
    assert result["names"] == 2 and [line["line"] for line in result["bad"]] == [3], result


@pytest.mark.parametrize("last, others", [("bank.co", ["kabar.co.id", "hoaks.id"]), ("bank.co", ["kabar.com"]),
                                          ("bank.co", ["kabar.org"]), ("news.in", ["kabar.info"])])
def test_a_last_line_that_may_be_the_beginning_of_another_name_is_left_out(workspace, edition, last, others):
    result = imported(workspace, edition(*others, last, end=""), "--json").json()
    assert result["names"] == len(others) and "truncated" in result["bad"][0]["reason"], result
    assert imported(workspace, edition(*others, last)).code == DONE and blocked(workspace, last)


@pytest.mark.parametrize("last", ["hoax.example", "hoax.com", "hoax.co.id", "a.b.c.test", "# a comment"])
def test_a_last_line_without_its_end_is_taken_where_nothing_could_follow(workspace, edition, last):
    result = imported(workspace, edition("a.example", "b.example", last, end=""), "--json").json()
    assert result["bad"] == [] and result["names"] == 2 + (last[0] != "#"), result


def test_a_pinned_file_is_whole_as_it_is(workspace, edition):
    file = edition("kabar.co.id", "bank.co", end="")
    pinned = hashlib.sha256(file.read_bytes()).hexdigest()
    assert imported(workspace, file, "--sha256", pinned, "--json").json()["names"] == 2


# Its life

def test_the_status_says_when_a_list_changed_and_when_it_ends(workspace, edition):
    imported(workspace, edition("a.example"), "--expires", "2198-01-01T00:00:00Z")
    [told] = workspace.tool.do("status", "--json").json()["lists"]
    assert (told["list"], told["names"], told["addresses"], told["ends"], told["ended"], told["ends_soon"]) == (
        "list:uji", 1, 0, "2198-01-01T00:00:00Z", False, False)
    assert told["changed"] == told["renewed"]
    words = workspace.tool.do("status").out
    assert (
        f"list:uji: 1 name and 0 addresses, last changed {told['changed']}, ends 2198-01-01T00:00:00Z unless renewed"
        in words
    ), words


def test_a_renewal_is_no_change_of_the_content(workspace, edition):
    file = edition("a.example")
    imported(workspace, file, "--expires", "2198-01-01T00:00:00Z")
    [first] = workspace.tool.do("status", "--json").json()["lists"]
    imported(workspace, file, "--expires", "2199-01-01T00:00:00Z")
    [again] = workspace.tool.do("status", "--json").json()["lists"]
    assert again["changed"] == first["changed"] and again["ends"] == "2199-01-01T00:00:00Z"


def test_a_list_near_its_end_is_reported(workspace, edition):
    import datetime
    soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    imported(workspace, edition("a.example"), "--expires", soon)
    [told] = workspace.tool.do("status", "--json").json()["lists"]
    assert told["ends_soon"] and f"ENDS SOON, {soon} unless" in workspace.tool.do("status").out


def test_the_metrics_say_it_too(workspace, edition):
    imported(workspace, edition("a.example"), "--expires", "2198-01-01T00:00:00Z")
    metrics = workspace.tool.do("metrics").out
    assert (
        'saring_list_names{list="list:uji"} 1' in metrics and 'saring_list_addresses{list="list:uji"} 0' in metrics
    ), metrics
    assert (
        'saring_list_ends_timestamp_seconds{list="list:uji"} 71' in metrics
        and 'saring_list_changed_timestamp_seconds{list="list:uji"} 1' in metrics
    )


def test_a_revoked_list_is_no_list_any_more(workspace, edition):
    imported(workspace, edition("a.example"))
    workspace.tool.do("order", "revoke", "list:uji", "--reason", "test")
    assert workspace.tool.do("status",
                             "--json").json()["lists"] == [] and "saring_list_" not in workspace.tool.do("metrics").out
