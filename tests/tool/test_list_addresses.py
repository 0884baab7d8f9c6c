"""A list carries addresses as it carries names: imported, compared, counted, explained, exported, held and undone."""
import pytest

from support.tool import DONE, NO, UNSAFE

# A zone: other formats may have addresses too, but in a zone they are unambiguous.
HEAD = "@ SOA l. r. 1 1 1 1 1\n"
NAME = "hoax.example CNAME .\n*.hoax.example CNAME .\n"
ONE, NET, SIX = "32.5.113.0.203.rpz-ip", "24.0.100.51.198.rpz-ip", "48.zz.bad.db8.2001.rpz-ip"


def zone(*owners, more=""):
    return HEAD + more + "".join(f"{owner} CNAME .\n" for owner in owners)


@pytest.fixture
def put(workspace):
    def write(text):
        file = workspace.folder / "list.rpz"
        file.write_text(text)
        return file
    return write


def import_(workspace, file, *options):
    return workspace.tool("list", "import", "--source", "uji", "--format", "rpz", "--json", file, *options)


def done(workspace, file, *options):
    result = import_(workspace, file, *options)
    assert result.code == DONE, result
    return result.json()


def blocked(workspace, *targets):
    return {t for t in targets if workspace.tool("explain", t, "--json").json()["verdict"] == "blocked"}


def shown(workspace):
    return workspace.tool.do("order", "show", "list:uji", "--json").json()


def check(workspace):
    return workspace.tool.do("db", "check", "--json").json()


def test_names_and_addresses_of_a_list_go_in_together(workspace, put):
    result = done(workspace, put(zone(ONE, NET, SIX, more=NAME)))
    assert (result["names"], result["added"], result["addresses"], result["addresses_added"]) == (1, 1, 3, 3), result
    assert result["bad"] == result["skipped"] == result["held"] == []
    asked = ("203.0.113.5", "203.0.113.6", "198.51.100.77", "2001:db8:bad::7", "2001:db8:bae::7", "www.hoax.example")
    assert blocked(workspace, *asked) == {"203.0.113.5", "198.51.100.77", "2001:db8:bad::7", "www.hoax.example"}
    assert (shown(workspace)["names"], shown(workspace)["addresses"]) == (1, 3)
    status = workspace.tool.do("status", "--json").json()
    assert (status["names"], status["addresses"]) == (1, 3)
    check(workspace)


def test_the_summary_says_names_and_addresses(workspace, put):
    result = workspace.tool.do("list", "import", "--source", "uji", "--format", "rpz", put(zone(ONE, NET, more=NAME)))
    assert "list:uji: 1 name and 2 addresses, 3 added, 0 removed, SOA serial 1; serial 1" in result.out, result


def test_a_list_of_addresses_alone_is_a_list(workspace, put):
    result = done(workspace, put(zone(ONE, NET)))
    assert (result["names"], result["addresses"]) == (0, 2), result
    check(workspace)


def test_a_new_edition_adds_and_removes_addresses_only_where_they_differ(workspace, put):
    done(workspace, put(zone(ONE, NET, more=NAME)))
    result = done(workspace, put(zone(NET, SIX, more=NAME)))
    assert (result["addresses"], result["addresses_added"], result["addresses_removed"], result["added"],
            result["removed"]) == (2, 1, 1, 0, 0), result
    assert blocked(workspace, "203.0.113.5", "198.51.100.1", "2001:db8:bad::1") == {"198.51.100.1", "2001:db8:bad::1"}
    diff = workspace.tool.do("diff", "1", "2", "--json").json()
    assert (diff["addresses_added"], diff["addresses_removed"], diff["names_added"]) == (1, 1, 0)
    assert [e["address"] for e in diff["addresses"]["removed"]] == ["203.0.113.5"]
    check(workspace)


def test_the_same_addresses_again_write_nothing(workspace, put):
    file = put(zone(ONE, NET))
    done(workspace, file)
    before = workspace.digest()
    assert done(workspace, file)["addresses_added"] == 0 and workspace.digest() == before


def test_an_address_twice_is_one_and_an_address_in_a_prefix_is_kept(workspace, put):
    """The list has both, and the prefix may be removed alone."""
    inside = "32.9.100.51.198.rpz-ip"
    assert done(workspace, put(zone(NET, inside, NET, inside)))["addresses"] == 2
    done(workspace, put(zone(inside)))
    assert blocked(workspace, "198.51.100.9", "198.51.100.10") == {"198.51.100.9"}
    check(workspace)


def test_names_may_leave_a_list_that_keeps_its_addresses(workspace, put):
    done(workspace, put(zone(ONE, more=NAME)))
    result = done(workspace, put(zone(ONE)))
    assert (result["names"], result["removed"], result["addresses"]) == (0, 1, 1), result
    assert done(workspace, put(zone(ONE, more=NAME)))["added"] == 1
    check(workspace)


def test_a_rollback_restores_addresses_of_a_list(workspace, put):
    done(workspace, put(zone(ONE, NET, more=NAME)))
    done(workspace, put(zone(SIX, more=NAME)))
    workspace.tool.do("db", "rollback", "1", "--reason", "test")
    assert blocked(workspace, "203.0.113.5", "198.51.100.1", "2001:db8:bad::1") == {"203.0.113.5", "198.51.100.1"}
    check(workspace)
    workspace.tool.do("db", "rollback", "0", "--reason", "test")
    assert blocked(workspace, "203.0.113.5", "hoax.example") == set()
    check(workspace)


def test_a_backup_brings_back_addresses_of_a_list(workspace, put):
    done(workspace, put(zone(ONE, more=NAME)))
    backup = workspace.folder / "backup"
    workspace.tool.do("db", "backup", backup)
    done(workspace, put(zone(SIX, more=NAME)))
    workspace.tool.do("db", "restore", backup, "--reason", "test")
    assert blocked(workspace, "203.0.113.5", "2001:db8:bad::1") == {"203.0.113.5"}
    check(workspace)


def test_a_revoked_list_blocks_none_of_its_addresses_and_can_come_again(workspace, put):
    done(workspace, put(zone(ONE, more=NAME)))
    workspace.tool.do("order", "revoke", "list:uji", "--reason", "test")
    assert blocked(workspace, "203.0.113.5", "hoax.example") == set() and shown(workspace)["addresses"] == 0
    check(workspace)
    done(workspace, put(zone(ONE, more=NAME)))
    assert blocked(workspace, "203.0.113.5", "hoax.example") == {"203.0.113.5", "hoax.example"}
    check(workspace)


def test_addresses_of_two_lists_and_an_order_stand_beside_each_other(workspace, put):
    workspace.apply(targets=[{"address": "203.0.113.5"}])
    done(workspace, put(zone(ONE)))
    workspace.tool.do("list", "import", "--source", "lain", "--format", "rpz", put(zone(ONE, NET)))
    workspace.tool.do("order", "revoke", "list:uji", "--reason", "test")
    assert blocked(workspace, "203.0.113.5", "198.51.100.1") == {"203.0.113.5", "198.51.100.1"}
    check(workspace)


def test_the_export_says_the_addresses_and_reads_back_the_same(workspace, put):
    done(workspace, put(zone(ONE, NET, SIX, more=NAME)))
    exported = workspace.folder / "out.rpz"
    workspace.tool.do("feed", "export", "--origin", "rpz.test", "--output", exported)
    assert {line.split()[0] for line in exported.read_text().splitlines() if "rpz-ip" in line} == {ONE, NET, SIX}
    again = workspace.tool.do("list", "import", "--source", "balik", "--format", "rpz", "--json", exported).json()
    assert (again["names"], again["addresses"], again["bad"], again["skipped"]) == (1, 3, [], []), again


# Safety rules

def test_addresses_that_a_rule_holds_stay_out_and_the_rest_applies(workspace, put):
    result = done(
        workspace, put(zone(ONE, "8.0.0.0.10.rpz-ip", "16.0.0.113.203.rpz-ip", "32.1.0.0.127.rpz-ip", more=NAME))
    )
    assert {h["target"]: h["rule"] for h in result["held"]} == {
        "10.0.0.0/8": "special-address", "127.0.0.1": "special-address", "203.113.0.0/16": "wide-prefix"}, result
    assert (result["addresses"], result["quarantined"]) == (1, 3)
    assert blocked(workspace, "203.0.113.5", "10.1.2.3", "127.0.0.1") == {"203.0.113.5"}
    check(workspace)


def test_a_list_of_held_addresses_only_ends_with_code_3(workspace, put):
    assert import_(workspace, put(zone("32.1.0.0.127.rpz-ip"))).code == UNSAFE


def test_a_released_address_of_a_list_is_in_force_and_survives_the_next_edition(workspace, put):
    done(workspace, put(zone(ONE, "16.0.0.113.203.rpz-ip")))
    workspace.tool.do("quarantine", "release", "list:uji", "203.113.0.0/16", "--reason", "test")
    assert blocked(workspace, "203.113.9.9") and shown(workspace)["addresses"] == 2
    check(workspace)
    done(workspace, put(zone(ONE, "16.0.0.113.203.rpz-ip", SIX)))
    assert blocked(workspace, "203.113.9.9") and shown(workspace)["addresses"] == 3
    check(workspace)


def test_a_held_address_that_leaves_the_list_is_closed(workspace, put):
    done(workspace, put(zone(ONE, "32.1.0.0.127.rpz-ip")))
    done(workspace, put(zone(ONE)))
    [held] = workspace.tool.do("quarantine", "list", "--all", "--json").json()["targets"]
    assert (held["target"], held["state"]) == ("127.0.0.1", "closed")


def test_all_that_one_rule_holds_is_decided_at_once(workspace, put):
    done(workspace, put(zone(ONE, "16.0.0.113.203.rpz-ip", "16.0.0.114.203.rpz-ip", "32.1.0.0.127.rpz-ip")))
    result = workspace.tool.do(
        "quarantine", "release", "list:uji", "--rule", "wide-prefix", "--reason", "test", "--json"
    ).json()
    assert result["released"] == ["203.113.0.0/16", "203.114.0.0/16"], result
    assert blocked(workspace, "203.113.9.9", "203.114.9.9", "127.0.0.1") == {"203.113.9.9", "203.114.9.9"}
    assert workspace.tool("quarantine", "discard", "list:uji", "--rule", "wide-prefix", "--reason", "test").code == NO


def test_an_allow_list_of_addresses_is_not_screened(workspace, put):
    assert done(workspace, put(zone("16.0.0.113.203.rpz-ip")), "--action", "passthru")["held"] == []


def test_near_total_loss_counts_addresses(workspace, put):
    done(workspace, put(zone(*[f"32.{i}.113.0.203.rpz-ip" for i in range(1, 30)])))
    result = import_(workspace, put(zone("32.200.113.0.203.rpz-ip")))
    assert result.code == UNSAFE and "1 names and addresses added and 29 removed" in result.err, result
    assert blocked(workspace, "203.0.113.7") and not blocked(workspace, "203.0.113.200")


# Addresses in a zone

@pytest.mark.parametrize("owner, address", [("32.5.113.0.203.rpz-ip", "203.0.113.5"),
                                            ("25.128.113.0.203.rpz-ip", "203.0.113.200"),
                                            ("128.1.zz.db8.2001.rpz-ip", "2001:db8::1"),
                                            ("128.5.0.0.0.0.0.db8.2001.rpz-ip", "2001:db8::5"),
                                            ("64.zz.1.db8.2001.rpz-ip", "2001:db8:1::9"),])
def test_an_address_is_read_as_policy_zones_write_it(workspace, put, owner, address):
    assert done(workspace, put(zone(owner)))["addresses"] == 1 and blocked(workspace, address)


@pytest.mark.parametrize("owner", [
    "rpz-ip", "5.113.0.203.rpz-ip", "33.5.113.0.203.rpz-ip", "24.5.113.0.203.rpz-ip", "x.5.113.0.203.rpz-ip",
    "32.5.113.0.999.rpz-ip", "128.zz.1.zz.2001.rpz-ip"
])
def test_a_malformed_address_is_reported(workspace, put, owner):
    result = done(workspace, put(zone(owner, more=NAME)))
    assert (
        [line["line"] for line in result["bad"]] == [4]
        and result["addresses"] == 0
        and "rpz-ip" in result["bad"][0]["reason"]
    ), result


def test_an_address_that_the_zone_passes_is_reported(workspace, put):
    result = done(workspace, put(HEAD + NAME + f"{ONE} CNAME rpz-passthru.\n"))
    assert result["addresses"] == 0 and result["skipped_count"] == 1, result
