"""An order with `regions` holds for the clients located there, and for nobody else."""
import dns.message
import dns.query
import pytest

from support import orders
from support.authority import RESOLVED
from support.regions import BANTEN, JAKARTA, NOWHERE, TABLE, WEST_JAVA, located
from support.waiting import wait_for
from support.workspace import REDIRECT_A


@pytest.fixture(scope="module")
def resolver(shared_workspace, resolver_of):
    workspace = shared_workspace
    located(workspace)
    for action in ("nxdomain", "nodata", "redirect", "refused", "drop"):
        workspace.block(f"{action}.example", id=f"JK-{action}", action=action, regions=["ID-JK"])
    workspace.block("both.example", id="BOTH", regions=["ID-JK", "ID-JB"])
    workspace.block("everywhere.example", id="ALL")
    workspace.block("free.everywhere.example", id="JK-passthru", action="passthru", regions=["ID-JK"])
    workspace.block("rehearsed.example", id="JK-log", action="log", regions=["ID-JK"])
    workspace.block("two.example", id="TWO-JK", action="refused", regions=["ID-JK"])
    workspace.block("two.example", id="TWO-JB", action="nodata", regions=["ID-JB"])
    return resolver_of(workspace, threads=2).start()


def ask(resolver, source, name, *options):
    return resolver.dig(name, "A", "-b", source, *options)


def assert_resolves(answer):
    assert answer.data("A") == [RESOLVED] and not answer.errors, answer.raw


def test_inside_is_blocked_outside_is_not(resolver):
    assert ask(resolver, JAKARTA, "nxdomain.example").blocked_by("JK-nxdomain")
    assert_resolves(ask(resolver, WEST_JAVA, "nxdomain.example"))


@pytest.mark.parametrize("first, then", [(JAKARTA, WEST_JAVA), (WEST_JAVA, JAKARTA)])
def test_one_after_another_each_gets_its_own_answer_however_often(resolver, first, then):
    name = f"n{first.replace('.', '-')}.nxdomain.example"
    for _ in range(5):
        for source in (first, then, NOWHERE, BANTEN):
            answer = ask(resolver, source, name)
            if source == JAKARTA:
                assert answer.status == "NXDOMAIN" and answer.blocked_by("JK-nxdomain"), answer.raw
            else:
                assert_resolves(answer)


def test_the_longest_prefix_of_the_table_decides(resolver):
    assert_resolves(ask(resolver, BANTEN, "nxdomain.example"))


def test_an_unknown_location_is_outside(resolver):
    assert_resolves(ask(resolver, NOWHERE, "nxdomain.example"))


def test_an_unknown_location_is_inside_when_configured(workspace, resolver_of):
    located(workspace, more="unknown_is_inside = true")
    workspace.block("hoax.example", regions=["ID-JK"])
    resolver = resolver_of(workspace).start()
    assert ask(resolver, NOWHERE, "hoax.example").blocked_by(orders.ID)
    assert_resolves(ask(resolver, WEST_JAVA, "hoax.example"))


def test_an_order_for_several_regions_holds_in_each(resolver):
    assert ask(resolver, JAKARTA, "both.example").blocked_by("BOTH")
    assert ask(resolver, WEST_JAVA, "both.example").blocked_by("BOTH")
    assert_resolves(ask(resolver, NOWHERE, "both.example"))


def test_two_orders_for_two_regions_each_act_in_theirs(resolver):
    for _ in range(2):
        assert ask(resolver, JAKARTA, "two.example").status == "REFUSED"
        answer = ask(resolver, WEST_JAVA, "two.example")
        assert answer.status == "NOERROR" and answer.blocked_by("TWO-JB"), answer.raw
        assert_resolves(ask(resolver, NOWHERE, "two.example"))


def test_an_order_without_regions_holds_everywhere(resolver):
    for source in (JAKARTA, WEST_JAVA, NOWHERE):
        assert ask(resolver, source, "everywhere.example").blocked_by("ALL")


@pytest.mark.parametrize("action", ["nodata", "redirect", "refused"])
def test_each_action_acts_inside_only(resolver, action):
    inside = ask(resolver, JAKARTA, f"{action}.example")
    assert inside.blocked_by(f"JK-{action}"), inside.raw
    assert inside.data("A") == ([REDIRECT_A] if action == "redirect" else [])
    assert_resolves(ask(resolver, WEST_JAVA, f"{action}.example"))


def test_drop_drops_inside_only(resolver):
    assert ask(resolver, JAKARTA, "drop.example", "+time=1", "+tries=1").status is None
    assert_resolves(ask(resolver, WEST_JAVA, "drop.example"))
    assert ask(resolver, JAKARTA, "drop.example", "+time=1", "+tries=1").status is None


def test_passthru_lets_through_inside_only(resolver):
    for _ in range(2):
        assert_resolves(ask(resolver, JAKARTA, "free.everywhere.example"))
        assert ask(resolver, WEST_JAVA, "free.everywhere.example").blocked_by("ALL")


def test_log_is_rehearsed_inside_only_and_changes_nothing(resolver):
    assert_resolves(ask(resolver, WEST_JAVA, "outside.rehearsed.example"))
    assert_resolves(ask(resolver, JAKARTA, "inside.rehearsed.example"))
    lines = [line for line in resolver.log_text().splitlines() if "SARING_REHEARSAL" in line]
    assert len(lines) == 1 and "JK-log" in lines[0], lines


def test_edns_client_subnet_is_not_believed(resolver):
    assert_resolves(ask(resolver, WEST_JAVA, "nxdomain.example", f"+subnet={JAKARTA}/32"))
    assert ask(resolver, JAKARTA, "nxdomain.example", f"+subnet={WEST_JAVA}/32").blocked_by("JK-nxdomain")


def test_edns_client_subnet_is_believed_when_configured(workspace, resolver_of):
    located(workspace, more="believe_client_subnet = true")
    workspace.block("hoax.example", regions=["ID-JK"])
    resolver = resolver_of(workspace).start()
    for _ in range(2):
        assert ask(resolver, WEST_JAVA, "hoax.example", f"+subnet={JAKARTA}/32").blocked_by(orders.ID)
        assert_resolves(ask(resolver, JAKARTA, "hoax.example", f"+subnet={WEST_JAVA}/32"))
        assert ask(resolver, JAKARTA, "hoax.example").blocked_by(orders.ID)


def wire(resolver, source, name, type_, **options):
    """The answer without its id and the first label of its name."""
    query = dns.message.make_query(name, type_, use_edns=0, **options)
    answer = dns.query.udp(query, "127.0.0.1", port=resolver.port, source=source, timeout=10).to_wire()
    return answer[2:13] + answer[13 + len(name.split(".")[0]):]


@pytest.mark.parametrize("type_", ["A", "AAAA", "TXT", "MX", "HTTPS", "NS", "ANY"])
@pytest.mark.parametrize("options", [{}, {"want_dnssec": True}], ids=["plain", "dnssec"])
def test_outside_an_answer_is_byte_by_byte_that_of_an_unlisted_name(resolver, type_, options):
    label = f"{type_.lower()}{len(options)}"
    listed, unlisted = f"{label}x.nxdomain.example", f"{label}y.unlisted.example"
    assert len(listed) == len(unlisted)
    # The SOA of an earlier answer would come from the cache with less of its TTL left.
    resolver.control("flush_zone", "example")
    mine = wire(resolver, WEST_JAVA, listed, type_, **options)
    plain = wire(resolver, WEST_JAVA, unlisted, type_, **options)
    assert mine == plain.replace(b"\x08unlisted", b"\x08nxdomain")


def test_a_replaced_prefix_table_is_picked_up_without_a_restart(workspace, resolver_of):
    table = located(workspace)
    workspace.block("hoax.example", regions=["ID-JK"])
    resolver = resolver_of(workspace).start()
    assert_resolves(ask(resolver, WEST_JAVA, "hoax.example"))
    fresh = table.with_suffix(".new")
    fresh.write_text(TABLE.replace("ID-JB", "ID-JK"))
    fresh.replace(table)
    wait_for(lambda: ask(resolver, WEST_JAVA, "hoax.example").blocked_by(orders.ID), "the new table in force")
    assert resolver.starts() == 1


def test_a_corrupt_replacement_of_the_table_keeps_the_old_one_and_says_so_once(workspace, resolver_of):
    table = located(workspace)
    workspace.block("hoax.example", regions=["ID-JK"])
    resolver = resolver_of(workspace).start()
    table.write_text("127.0.1.0/24 ID-JK\n127.0.2.0/40 ID-JB\n")
    wait_for(lambda: "SARING_LOCATION_REFUSED" in resolver.log_text(), "the complaint")
    assert f"{table}:2" in resolver.log_text()
    # The status file is written each second, after the look for replaced files: two more looks.
    stamps = set()
    wait_for(lambda: stamps.add(workspace.module_status.stat().st_mtime_ns) or len(stamps) > 3, "two more looks")
    assert resolver.log_text().count("SARING_LOCATION_REFUSED") == 1
    assert ask(resolver, JAKARTA, "hoax.example").blocked_by(orders.ID)
    table.write_text(TABLE.replace("ID-JB", "ID-JK"))
    wait_for(lambda: ask(resolver, WEST_JAVA, "hoax.example").blocked_by(orders.ID), "the good table in force")
