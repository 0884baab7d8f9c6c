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
    """Whether the name is still listed cannot be told from the difference; the whole zone tells."""
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


def test_records_that_a_list_cannot_carry_are_told(follower, knot):
    knot.publish(11, *block("a.example", "com"), "32.1.2.0.192.rpz-ip CNAME .")
    notes = "\n".join(follower.sync()["notes"])
    assert "1 bad" in notes and "top-level" in notes and "rpz-ip" in notes, notes


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
    assert "BADKEY" in follower.refused(UNTRUSTED)


def test_no_key_where_one_is_needed_is_refused(follower, knot):
    follower.configure(knot.port)
    error = follower.refused(NETWORK)
    assert "NOTAUTH" in error or "REFUSED" in error
    assert "tsig_file" in error


def test_an_unsigned_answer_to_a_signed_request_is_refused(workspace, new_folder, key):
    """A server that knows the key by name only could not sign; one in the middle would strip the signature."""
    folder = new_folder("bind")
    (folder / "zone").write_text(zone_text(5, block("a.example")))
    server = Bind(folder, "recursion no;", f'zone "{ZONE}" {{ type primary; file "{folder}/zone"; allow-transfer {{ any; }}; }};')
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
