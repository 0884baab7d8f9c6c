"""Each safety rule by its name and its message: what it holds, and what it lets pass."""
import pytest

from support import asn_mmdb, orders
from support.tool import DONE, UNSAFE, USAGE

GOOD = "hoax.example"


@pytest.fixture
def never_block(workspace):
    """A never-block file instead of the shipped one."""
    def write(text, more=""):
        file = workspace.folder / "never-block.txt"
        file.write_text(text)
        workspace.configure(
            more=f'\n[safety]\nmax_order_lifetime_days = 400000\nshared_asns = []\nnever_block_files = ["{file}"]\n'
                 f'{more}'
        )
        return file
    return write


def configure(workspace, safety="", more=""):
    if "asn" not in safety:
        safety += "\nshared_asns = []"
    workspace.configure(more=f"\n[safety]\nmax_order_lifetime_days = 400000\n{safety}\n{more}")


def submit(workspace, *names, addresses=(), match=None, **fields):
    """Applies an order of these and one harmless name; returns held targets: target -> (rule, why)."""
    targets = orders.domains(*names, match=match) + [{"address": a} for a in addresses] + orders.domains(GOOD)
    result = workspace.tool("order", "apply", "--json", workspace.signed(targets=targets, **fields))
    assert result.code == DONE, result
    [told] = result.json()
    held = {h["target"]: (h["rule"], h["why"]) for h in told["held"]}
    assert told["quarantined"] == len(held), told
    for target, (rule, why) in held.items():
        assert f"quarantined {target}: {rule}: {why}" in result.err, result
    for name in names:
        assert (workspace.tool("explain", name).code == DONE) == (name not in held), name
    assert workspace.tool("explain", GOOD).code == DONE, "the rest of the order applies"
    return held


def test_a_never_block_name_is_held(workspace, never_block):
    never_block("vote.test   # election commission\n")
    held = submit(workspace, "vote.test", "www.vote.test")
    assert held == {"vote.test": ("never-block", "vote.test (election commission) is protected")}


def test_a_never_block_name_is_held_from_exact_targets_too(workspace, never_block):
    never_block("vote.test\n")
    assert submit(workspace, "vote.test", match="exact")["vote.test"][0] == "never-block"


def test_a_subtree_that_would_take_a_never_block_name_along_is_held(workspace, never_block):
    never_block("www.vote.test # results\n")
    held = submit(workspace, "vote.test")
    assert held["vote.test"][0] == "above-never-block" and "www.vote.test (results) along" in held["vote.test"][1]


def test_an_exact_target_above_a_never_block_name_takes_nothing_along(workspace, never_block):
    never_block("www.vote.test\n")
    assert submit(workspace, "vote.test", match="exact") == {}


def test_a_leading_dot_protects_names_below_too(workspace, never_block):
    never_block(".vote.test # results\n")
    held = submit(workspace, "city.count.vote.test")
    assert held == {"city.count.vote.test": ("below-never-block", "names below vote.test (results) are protected")}


def test_a_neighbour_of_a_never_block_name_is_not_held(workspace, never_block):
    never_block(".vote.test\n")
    assert submit(workspace, "notvote.test", "vote.test.other.test") == {}


def test_never_block_addresses_are_held(workspace, never_block):
    never_block("198.51.100.128/25 # the election commission's servers\n")
    held = submit(workspace, addresses=["198.51.100.200", "198.51.100.1", "198.51.100.0/24"])
    assert set(held) == {"198.51.100.200", "198.51.100.0/24"}
    assert held["198.51.100.200"] == (
        "never-block-address",
        "198.51.100.200 overlaps 198.51.100.128/25 (the election commission's servers), which is protected",
    )


@pytest.mark.parametrize("line, fragment", [("bad..name", "empty label"), ("192.0.2.1/24", "bits set"), (".", "root")])
def test_a_bad_line_of_a_never_block_file_is_named(workspace, never_block, line, fragment):
    file = never_block(f"# a comment\n{line}\n")
    result = workspace.tool.refused(USAGE, "order", "apply", workspace.signed())
    assert f"{file}:2" in result.err and fragment in result.err, result
    assert not workspace.database.exists()


def test_a_never_block_file_that_is_missing_stops_everything(workspace, never_block):
    file = never_block("vote.test\n")
    file.unlink()
    result = workspace.tool.refused(USAGE, "order", "apply", workspace.signed())
    assert str(file) in result.err
    assert not workspace.database.exists()


@pytest.mark.parametrize("name", [
    "kpu.go.id", "infopemilu.kpu.go.id", "bawaslu.go.id", "dkpp.go.id", "a.root-servers.net", "google.com",
    "r3.o.lencr.org", "download.windowsupdate.com"
])
def test_the_shipped_names_hold_without_any_configuration(workspace, name):
    assert submit(workspace, name)[name][0] in ("never-block", "below-never-block")


def test_the_landing_host_is_held(workspace):
    workspace.configure(answer='redirect_cname = "landing.isp.test"')
    held = submit(workspace, "landing.isp.test", "isp.test")
    assert {rule for rule, _ in held.values()} == {"own-name"} and set(held) == {"landing.isp.test", "isp.test"}
    assert "landing page" in held["landing.isp.test"][1]


def test_the_landing_address_is_held(workspace):
    assert submit(workspace, addresses=["192.0.2.80"])["192.0.2.80"][0] == "never-block-address"


def test_the_resolvers_own_names_are_held(workspace):
    configure(workspace, 'own_names = ["Resolver.ISP.test"]')
    held = submit(workspace, "resolver.isp.test")
    assert held["resolver.isp.test"][0] == "own-name" and "the resolver" in held["resolver.isp.test"][1]


@pytest.mark.parametrize("suffix", ["co.id", "go.id", "com.ac"])
def test_a_registry_s_suffix_is_held(workspace, suffix):
    held = submit(workspace, suffix)
    assert held == {suffix: ("public-suffix", f"{suffix} is a public suffix: people register their own names below it")}
    assert submit(workspace, suffix, match="exact", id="B-2")[suffix][0] == "public-suffix"


def test_a_wildcard_suffix_is_held_and_its_exception_is_not(workspace):
    held = submit(workspace, "anything.ck", "www.ck")
    assert set(held) == {"anything.ck"} and held["anything.ck"][0] == "public-suffix"


@pytest.mark.parametrize("suffix", ["blogspot.com", "pages.dev", "github.io"])
def test_a_subtree_of_a_lent_suffix_is_held(workspace, suffix):
    held = submit(workspace, suffix, f"one-author.{suffix}")
    assert set(held) == {suffix} and held[suffix][0] == "shared-suffix" and "unrelated people" in held[suffix][1]


def test_a_lent_suffix_itself_is_held(workspace):
    assert submit(workspace, "blogspot.com", match="exact")["blogspot.com"][0] == "public-suffix"


def test_a_subtree_above_a_lent_suffix_is_held(workspace, never_block):
    never_block("vote.test\n")
    held = submit(workspace, "amazonaws.com")
    assert held["amazonaws.com"][0] == "above-suffix" and "amazonaws.com along, a public suffix" in held[
        "amazonaws.com"][1]


@pytest.mark.parametrize("address, use", [("10.1.2.3", "RFC 1918"), ("172.16.0.0/24", "RFC 1918"),
                                          ("192.168.1.1", "RFC 1918"), ("100.64.0.1", "RFC 6598"),
                                          ("127.0.0.1", "loopback"), ("169.254.1.1", "link-local"),
                                          ("224.0.0.1", "multicast"), ("255.255.255.255", "broadcast"),
                                          ("0.0.0.0", "this network"), ("::1", "loopback"), ("fe80::1", "link-local"),
                                          ("fc00::/64", "unique local"), ("64:ff9b::c000:201", "NAT64"),
                                          ("ff02::1", "multicast"), ("8.0.0.0/5", "RFC 1918")])
def test_a_special_address_is_held(workspace, address, use):
    rule, why = submit(workspace, addresses=[address])[address]
    assert rule == "special-address" and use in why


def test_a_prefix_wider_than_configured_is_held(workspace):
    held = submit(workspace, addresses=["198.51.100.0/23", "203.0.113.0/24", "2001:db8:2::/47", "2001:db8:1::/48"])
    assert held["198.51.100.0/23"] == ("wide-prefix", "198.51.100.0/23 is wider than /24 (safety.shortest_ipv4)")
    assert held["2001:db8:2::/47"] == ("wide-prefix", "2001:db8:2::/47 is wider than /48 (safety.shortest_ipv6)")
    assert len(held) == 2


def test_the_widest_prefix_can_be_configured(workspace):
    configure(workspace, "shortest_ipv4 = 28")
    assert set(submit(workspace, addresses=["203.0.113.0/27", "203.0.113.0/28"])) == {"203.0.113.0/27"}


@pytest.mark.parametrize(
    "numbers, key",
    [({"203.0.113.64/26": 64500, "2001:db8:7::/48": 64500, "198.51.100.0/24": 64501}, "autonomous_system_number"),
     ({"203.0.113.64/26": "AS64500", "2001:db8:7::/48": "AS64500", "198.51.100.0/24": "AS64501"}, "asn")])
def test_an_address_of_a_shared_network_is_held(workspace, numbers, key):
    file = asn_mmdb.write(workspace.folder / "asn.mmdb", numbers, key)
    configure(workspace, f'asn_mmdb = "{file}"\nasn_path = ["{key}"]\nshared_asns = [64500]')
    held = submit(
        workspace, addresses=[
            "203.0.113.65", "203.0.113.0/24", "203.0.113.1", "203.0.113.128/25", "2001:db8:7::1", "198.51.100.1"
        ])
    assert set(held) == {"203.0.113.65", "203.0.113.0/24", "2001:db8:7::1"}
    assert held["203.0.113.65"] == (
        "shared-network", "203.0.113.65 is in AS64500, a network that many unrelated sites share (safety.shared_asns)")


def test_without_a_database_of_networks_every_address_is_held(workspace):
    configure(workspace, "asn_path = []")
    held = submit(workspace, addresses=["203.0.113.7", "198.51.100.0/28", "2001:db8:7::1"])
    assert set(held) == {"203.0.113.7", "198.51.100.0/28", "2001:db8:7::1"}
    assert held["203.0.113.7"] == (
        "unknown-network",
        "it is unknown whether many unrelated sites share 203.0.113.7: there is no ASN data (safety.asn_mmdb)",
    )
    assert "unknown-network" in workspace.tool.refused(UNSAFE, "local", "block", "203.0.113.9", "--reason", "x").err
    status = workspace.tool.do("status")
    assert "every address target is held" in status.out and "asn_mmdb" in status.out and str(
        workspace.config) in status.out
    assert workspace.tool.do("status", "--json").json()["safety"] == {"shared_networks": "no-data", "popular_lists": 0}


def test_the_rule_of_shared_networks_can_be_switched_off_and_status_says_so(workspace):
    configure(workspace, "shared_asns = []")
    assert submit(workspace, addresses=["203.0.113.7"]) == {}
    assert "shared_asns is empty" in workspace.tool.do("status").out


def test_with_a_database_of_networks_status_complains_of_nothing(workspace):
    file = asn_mmdb.write(workspace.folder / "asn.mmdb", {"203.0.113.64/26": 64500})
    configure(workspace, f'asn_mmdb = "{file}"')
    assert submit(workspace, addresses=["203.0.113.65"]) == {}
    assert workspace.tool.do("status", "--json").json()["safety"]["shared_networks"] == "on"
    assert "asn" not in workspace.tool.do("status").out


def test_a_database_of_networks_that_is_none_stops_everything(workspace):
    file = workspace.folder / "asn.mmdb"
    file.write_text("no database")
    configure(workspace, f'asn_mmdb = "{file}"')
    assert str(file) in workspace.tool.refused(USAGE, "order", "apply", workspace.signed()).err


def whole(workspace, *options, **fields):
    """Applies an order that is held as a whole."""
    result = workspace.tool("order", "apply", "--json", *options, workspace.signed(**fields))
    assert result.code == UNSAFE, result
    [told] = result.json()
    [held] = [h for h in told["held"] if h["target"] == "*"]
    assert told["names"] == 0 and f"quarantined all targets: {held['rule']}: {held['why']}" in result.err, result
    return held


def test_an_order_of_too_many_targets_is_held_as_a_whole(workspace):
    configure(workspace, "max_order_targets = 2")
    targets = orders.domains("a.example", "b.example") + [{"address": "203.0.113.1"}]
    assert whole(workspace, targets=targets) == {
        "target": "*",
        "rule": "too-many-targets",
        "why": "3 targets in one order, more than 2 (safety.max_order_targets)",
    }
    assert workspace.tool("explain", "a.example").code != DONE
    submit(workspace, "c.example", id="B-2")


def test_an_order_of_8000_names_is_held_as_a_whole(workspace):
    """As many as were listed by mistake in Denmark."""
    held = whole(workspace, targets=orders.domains(*[f"n{i}.example" for i in range(8000)]))
    assert held["rule"] == "too-many-targets" and "8000 targets" in held["why"]
    assert workspace.apply("--json", id="B-2",
                           targets=orders.domains(*[f"n{i}.example" for i in range(5000)])).json()[0]["names"] == 5000


def test_many_targets_can_be_allowed(workspace):
    configure(workspace, "max_order_targets = 2")
    result = workspace.apply(
        "--allow-large", "--json", targets=orders.domains("a.example", "b.example", "c.example")
    ).json()
    assert result[0]["names"] == 3 and result[0]["quarantined"] == 0


def test_an_order_that_holds_too_long_is_held_as_a_whole(workspace):
    configure(workspace)
    workspace.config.write_text(workspace.config.read_text().replace("400000", "30"))
    held = whole(workspace, issued="2024-01-01T00:00:00Z", expires="2199-01-01T00:00:00Z")
    assert held["rule"] == "too-long" and "2024-01-01T00:00:00Z to 2199-01-01T00:00:00Z, longer than 30 days" in held[
        "why"]
    submit(workspace, "c.example", id="B-2", issued=orders.at(-60), expires=orders.at(29 * 86400))


def test_an_order_of_which_nothing_is_left_ends_with_code_3(workspace):
    result = workspace.tool(
        "order", "apply", workspace.signed(targets=orders.domains("blogspot.com") + [{"address": "10.0.0.1"}])
    )
    assert result.code == UNSAFE and "0 names, 0 addresses, 2 quarantined" in result.out, result


def test_a_revocation_applies_although_its_targets_are_held(workspace):
    workspace.block("hoax.example")
    result = workspace.tool(
        "order", "apply",
        workspace.signed(id="B-2", targets=orders.domains("blogspot.com"), revokes=[{"order": orders.ID}]))
    assert result.code == DONE, result
    assert workspace.tool("explain", "hoax.example").code != DONE


def test_an_order_that_only_passes_is_not_screened(workspace):
    assert submit(workspace, "kpu.go.id", action="passthru") == {}


@pytest.mark.parametrize("id", ["list:x", "local:1"])
def test_an_order_cannot_bear_the_id_of_the_isps_own(workspace, id):
    assert id in workspace.tool.refused(UNSAFE, "order", "apply", workspace.signed(id=id)).err
