"""`sync` of an axfr:// feed from a real Knot: whole, then differences, signed or refused."""
import pytest

from support.bind import Bind
from support.knot import ZONE, Knot, TsigKey, zone_text
from support.tool import NETWORK, UNSAFE, UNTRUSTED
from support.transfers import NAME, Follower

BLOCK = "CNAME ."


def block(*names):
    return [f"{name} {BLOCK}" for name in names]


@pytest.fixture
def knot_of(new_folder):
    made = []

    def make(key, **options):
        made.append(Knot(new_folder("knot"), key, **options))
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def key():
    return TsigKey()


@pytest.fixture
def knot(knot_of, key):
    server = knot_of(key)
    server.publish(10, *block("a.example", "*.a.example", "b.example"), "pass.example CNAME rpz-passthru.")
    return server.start()


@pytest.fixture
def follower(workspace, knot, key):
    return Follower(workspace, knot.port, key.write(workspace.folder))


def test_the_first_time_the_whole_zone_comes(follower):
    report = follower.sync()
    assert (report["serial"], report["names_added"]) == (10, 2) and report["notes"][0].startswith("AXFR"), report
    assert follower.names() == {"a.example": BLOCK, "*.a.example": BLOCK, "b.example": BLOCK}


def test_an_unchanged_zone_writes_nothing(follower):
    follower.sync()
    serial = follower.serial()
    report = follower.sync()
    assert report["unchanged"] and follower.serial() == serial and report["notes"] == [], report


def test_after_an_update_only_differences_are_transferred_and_written(follower, knot):
    follower.sync()
    knot.publish(11, *block("a.example", "b.example", "c.example", "*.c.example"))
    report = follower.sync()
    assert report["notes"][0].startswith("IXFR: ") and report["serial"] == 11, report
    assert follower.names() == {"a.example": BLOCK, "b.example": BLOCK, "c.example": BLOCK, "*.c.example": BLOCK}
    order = follower.workspace.tool.do("order", "show", f"list:{NAME}", "--json").json()
    assert order["names"] == 3, order


def test_several_updates_come_as_one_sequence_of_differences(follower, knot):
    follower.sync()
    for serial in range(11, 16):
        knot.publish(serial, *block("a.example", f"n{serial}.example", f"*.n{serial}.example"))
    report = follower.sync()
    assert report["notes"][0].startswith("IXFR: ") and report["serial"] == 15, report
    assert follower.names() == {"a.example": BLOCK, "n15.example": BLOCK, "*.n15.example": BLOCK}


def test_a_server_without_differences_sends_the_whole_zone(workspace, knot_of, key):
    knot = knot_of(key, incremental=False)
    knot.publish(10, *block("a.example"))
    knot.start()
    follower = Follower(workspace, knot.port, key.write(workspace.folder))
    follower.sync()
    knot.publish(11, *block("b.example"))
    report = follower.sync()
    assert report["notes"][0].startswith("AXFR") and (report["names_added"], report["names_removed"]) == (1, 1), report
    assert follower.names() == {"b.example": BLOCK}


def test_a_name_that_turns_from_blocked_to_passed_is_released(follower, knot):
    follower.sync()
    knot.publish(11, *block("a.example", "*.a.example"), "b.example CNAME rpz-passthru.")
    report = follower.sync()
    assert report["notes"][0].startswith("IXFR") and set(follower.names()) == {"a.example", "*.a.example"}, report


def test_of_several_landing_addresses_one_may_go_without_releasing_the_name(workspace, knot, key):
    """The difference does not show whether the name is still listed; the whole zone does."""
    follower = Follower(workspace, knot.port, key.write(workspace.folder), landing=["192.0.2.80", "192.0.2.81"])
    knot.publish(11, "a.example A 192.0.2.80", "a.example A 192.0.2.81", "b.example A 192.0.2.80")
    follower.sync()
    knot.publish(12, "a.example A 192.0.2.81")
    report = follower.sync()
    assert report["notes"][0].startswith("AXFR"), report
    assert follower.names() == {"a.example": BLOCK}


def test_other_landing_pages_in_the_configuration_mean_reading_the_whole_zone_again(workspace, knot, key):
    follower = Follower(workspace, knot.port, key.write(workspace.folder))
    knot.publish(11, *block("a.example"), "b.example CNAME landing.example.")
    follower.sync()
    follower.configure(knot.port, key.write(workspace.folder), landing=["landing.example"])
    report = follower.sync()
    assert report["notes"][0].startswith("AXFR") and set(follower.names()) == {"a.example", "b.example"}, report


def test_a_list_imported_by_hand_meanwhile_is_replaced_as_a_whole(follower, knot):
    """Differences from a state that is gone would leave names that the zone never listed."""
    follower.sync()
    file = follower.workspace.folder / "other.txt"
    file.write_text("other.example\n")
    follower.workspace.tool.do("list", "import", "--source", NAME, "--format", "domains", file)
    knot.publish(11, *block("a.example"))
    report = follower.sync()
    assert report["notes"][0].startswith("AXFR") and follower.names() == {"a.example": BLOCK}, report


def test_a_list_that_an_operator_revoked_stays_revoked(follower, knot):
    follower.sync()
    follower.workspace.tool.do("order", "revoke", f"list:{NAME}", "--reason", "objection upheld")
    knot.publish(11, *block("a.example", "new.example"))
    assert "revoked" in follower.refused(UNSAFE) and follower.names() == {}


def test_unsupported_records_are_reported(follower, knot):
    knot.publish(11, *block("a.example", "com"), "32.1.2.0.192.rpz-nsip CNAME .")
    notes = "\n".join(follower.sync()["notes"])
    assert "1 bad" in notes and "top-level" in notes and "name servers" in notes, notes


@pytest.mark.parametrize("algorithm", ["hmac-sha1", "hmac-sha256", "hmac-sha512"])
def test_each_algorithm_signs_and_verifies(workspace, knot_of, algorithm):
    key = TsigKey(algorithm=algorithm)
    knot = knot_of(key)
    knot.publish(10, *block(*[f"n{i}.example" for i in range(5000)]))
    knot.start()
    assert Follower(workspace, knot.port, key.write(workspace.folder)).sync()["names_added"] == 5000


def test_a_wrong_secret_is_refused_and_the_last_good_state_kept(follower, knot, key):
    follower.sync()
    knot.publish(11, *block("new.example"))
    follower.configure(knot.port, TsigKey(name=key.name).write(follower.workspace.folder))
    assert "BADSIG" in follower.refused(UNTRUSTED)


def test_an_unknown_key_is_refused(follower, knot):
    follower.configure(knot.port, TsigKey(name="stranger").write(follower.workspace.folder))
    # Knot 3.4 answers as if the request were unsigned.
    error = follower.refused({UNTRUSTED, NETWORK})
    assert "BADKEY" in error or ("NOTAUTH" in error and "key" in error), error


def test_no_key_where_one_is_needed_is_refused(follower, knot):
    follower.configure(knot.port)
    error = follower.refused(NETWORK)
    assert "NOTAUTH" in error or "REFUSED" in error
    assert "tsig_file" in error


def test_an_unsigned_answer_to_a_signed_request_is_refused(workspace, new_folder, key):
    """A server that knows the key by name only could not sign; one in the middle would strip the signature."""
    folder = new_folder("bind")
    (folder / "zone").write_text(zone_text(5, block("a.example")))
    server = Bind(
        folder, "recursion no;", f'zone "{ZONE}" {{ type primary; file "{folder}/zone"; allow-transfer {{ any; }}; }};'
    )
    try:
        server.start()
        error = Follower(workspace, server.port, key.write(workspace.folder)).refused(UNTRUSTED)
        assert "BADKEY" in error or "did not sign" in error, error
    finally:
        server.stop()


def test_a_zone_that_is_not_served_is_refused(follower, knot, key):
    follower.configure(knot.port, key.write(follower.workspace.folder), zone="other.example")
    error = follower.refused(NETWORK)
    assert "other.example" in error and ("NOTAUTH" in error or "REFUSED" in error), error


def test_a_server_that_is_not_there_is_a_network_failure(follower, knot):
    follower.sync()
    follower.configure(knot.port, knot.key.write(follower.workspace.folder), retries=0)
    knot.stop()
    error = follower.refused(NETWORK)
    assert "127.0.0.1" in error
    assert follower.state()["failures"] == 1


def test_a_dry_run_writes_nothing(follower):
    follower.workspace.tool.do("db", "init")
    follower.workspace.tool.do("sync", "--dry-run")
    assert follower.names() == {}


def test_a_wildcard_alone_that_a_rule_holds_comes_by_difference_too(follower, knot):
    """Such a transfer was committed once, and then the quarantine could not be read."""
    follower.sync()
    knot.publish(11, *block("a.example", "*.a.example", "b.example", "*.duckdns.org"))
    assert follower.sync()["notes"][0].startswith("IXFR")
    tool = follower.workspace.tool
    [held] = tool.do("quarantine", "list", "--json").json()["targets"]
    assert (held["target"], held["match"], held["rule"]) == ("duckdns.org", "below", "shared-suffix")
    for command in (["status"], ["metrics"], ["db", "check"]):
        tool.do(*command)


def test_addresses_of_a_zone_come_whole_and_by_difference(follower, knot):
    knot.publish(11, *block("a.example", "32.5.113.0.203.rpz-ip", "24.0.100.51.198.rpz-ip"))
    report = follower.sync()
    assert (report["names_added"], report["addresses_added"]) == (1, 2), report
    knot.publish(12, *block("a.example", "24.0.100.51.198.rpz-ip", "48.zz.bad.db8.2001.rpz-ip"))
    report = follower.sync()
    assert report["notes"][0].startswith("IXFR") and (report["names_added"], report["addresses_added"],
                                                      report["addresses_removed"]) == (0, 1, 1), report
    assert set(follower.names()) == {"a.example", "24.0.100.51.198.rpz-ip", "48.zz.bad.db8.2001.rpz-ip"}
    follower.workspace.tool.do("db", "check")


def test_an_address_that_a_rule_holds_comes_by_difference(follower, knot):
    follower.sync()
    knot.publish(11, *block("a.example", "*.a.example", "b.example", "32.1.0.0.127.rpz-ip"))
    follower.sync()
    [held] = follower.workspace.tool.do("quarantine", "list", "--json").json()["targets"]
    assert (held["target"], held["rule"]) == ("127.0.0.1", "special-address")
    follower.workspace.tool.do("db", "check")


def test_a_difference_that_takes_nearly_all_away_is_held_and_shown(follower, knot):
    names = [f"n{i}.example" for i in range(40)]
    knot.publish(11, *block(*names))
    follower.sync()
    knot.publish(12, *block("n7.example"))
    for options in (["--dry-run"], []):
        result = follower.workspace.tool("sync", *options, "--json")
        [report] = result.json()["feeds"]
        assert result.code == UNSAFE and report["held_change"]["removed"] == 39, result
        assert {e["name"] for e in report["held_change"]["names"]["removed"]} == set(names) - {"n7.example"}
    change = follower.workspace.tool.do("quarantine", "show", f"list:{NAME}", "--json").json()["change"]
    assert change["removed"] == 39 and len(follower.names()) == 40
    follower.workspace.tool.do("quarantine", "release", f"list:{NAME}", "--reason", "test")
    follower.sync()
    assert set(follower.names()) == {"n7.example"}


def test_an_unknown_landing_host_is_reported_by_name(workspace, knot, key):
    follower = Follower(workspace, knot.port, key.write(workspace.folder))
    knot.publish(11, *[f"n{i}.example CNAME landing.example." for i in range(300)])
    err = follower.refused(UNSAFE)
    assert 'redirect to "landing.example"' in err and 'landing = ["landing.example"]' in err, err
    follower.configure(knot.port, key.write(workspace.folder), landing=["landing.example"])
    assert follower.sync()["names_added"] == 300


def held_states(follower):
    return {
        t["target"]: (t["match"], t["state"])
        for t in follower.workspace.tool.do("quarantine", "list", "--all", "--json").json()["targets"]
    }


def test_what_a_rule_holds_waits_no_more_once_a_difference_removes_it(follower, knot):
    knot.publish(11, *block("a.example", "*.duckdns.org", "32.1.0.0.127.rpz-ip"))
    follower.sync()
    assert held_states(follower) == {"duckdns.org": ("below", "held"), "127.0.0.1": (None, "held")}
    knot.publish(12, *block("a.example"))
    assert follower.sync()["notes"][0].startswith("IXFR")
    assert held_states(follower) == {"duckdns.org": ("below", "closed"), "127.0.0.1": (None, "closed")}


def test_a_difference_adds_to_a_held_name(follower, knot):
    knot.publish(11, *block("a.example", "*.duckdns.org"))
    follower.sync()
    knot.publish(12, *block("a.example", "*.duckdns.org", "duckdns.org"))
    assert follower.sync()["notes"][0].startswith("IXFR")
    assert held_states(follower) == {"duckdns.org": ("subtree", "held")}
    knot.publish(13, *block("a.example", "duckdns.org"))
    follower.sync()
    assert held_states(follower)["duckdns.org"][1] == "held", "a part of it is still there"
