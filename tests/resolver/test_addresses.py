"""Answers with a listed address or one in a listed prefix are blocked, whatever the name."""
import pytest

from support.authority import ANYTHING, Authority
from support.waiting import wait_for

ONE, NET, WIDE, PASSED, SIX, SIX_NET, NAMED, INNER = (f"B-{n}/ADDRESS" for n in range(1, 9))

EXAMPLE = ANYTHING + """\
one A 203.0.113.5
beside A 203.0.113.6
net A 203.0.113.70
let A 203.0.113.72
wide A 203.0.113.200
inner A 203.0.113.209
several A 198.51.100.7
several A 203.0.113.5
several A 198.51.100.8
passed-and-blocked A 203.0.113.72
passed-and-blocked A 203.0.113.70
six AAAA 2001:db8:bad::1
six-net AAAA 2001:db8:bad:1::99
six-free AAAA 2001:db8:bae::1
mapped AAAA ::ffff:203.0.113.5
mapped-free AAAA ::ffff:203.0.113.6
chain CNAME one
mail MX 10 one
hint4 HTTPS 1 . alpn=h2 ipv4hint=198.51.100.7,203.0.113.5
hint6 HTTPS 1 . alpn=h2 ipv6hint=2001:db8:bad::1
hint-second HTTPS 1 . alpn=h2
hint-second HTTPS 2 . ipv4hint=203.0.113.70
hint-let HTTPS 1 . ipv4hint=203.0.113.72
hint-free HTTPS 1 . alpn=h2 ipv4hint=198.51.100.7 ipv6hint=2001:db8:bae::1
_dns.hint SVCB 1 . alpn=dot ipv4hint=203.0.113.5
allowed A 203.0.113.5
named A 203.0.113.5
late A 203.0.113.250
listed A 203.0.113.130
listed-net A 203.0.113.150
listed-six AAAA 2001:db8:11:1::5
listed-late A 203.0.113.251
txt TXT "203.0.113.5"
"""


def import_list(workspace, *addresses):
    file = workspace.folder / "addresses.rpz"
    file.write_text("@ SOA l. r. 1 1 1 1 1\n" + "".join(f"{a} CNAME .\n" for a in addresses))
    workspace.tool.do("list", "import", "--source", "alamat", "--format", "rpz", file)


@pytest.fixture(scope="module")
def authority(new_folder):
    server = Authority(new_folder("authority"), {"example.": EXAMPLE})
    yield server.start()
    server.stop()


@pytest.fixture(scope="module")
def resolver(shared_workspace, resolver_of):
    def order(id_, address, **fields):
        shared_workspace.apply(id=id_, targets=[{"address": address}], **fields)
    order(ONE, "203.0.113.5", action="refused")
    order(NET, "203.0.113.64/28")
    order(PASSED, "203.0.113.72", action="passthru")
    order(WIDE, "203.0.113.192/27", action="nodata")
    order(INNER, "203.0.113.208/30", action="refused")
    order(SIX, "2001:db8:bad::1")
    order(SIX_NET, "2001:db8:bad:1::/64")
    import_list(shared_workspace, "32.130.113.0.203.rpz-ip", "28.144.113.0.203.rpz-ip", "48.zz.11.db8.2001.rpz-ip")
    shared_workspace.block("allowed.example", id="B-9/ADDRESS", action="passthru")
    shared_workspace.block("named.example", id=NAMED, action="nodata")
    return resolver_of(shared_workspace, threads=2).start()


def assert_by(answer, order, status="NOERROR"):
    """By default of an order whose action is nxdomain: the name, unlisted, has other types."""
    assert answer.status == status and not answer.answer and answer.blocked_by(order), answer.raw


def assert_free(answer, type_, data):
    assert answer.status == "NOERROR" and answer.data(type_) == data and not answer.errors, answer.raw


def test_an_address_is_blocked_and_its_neighbour_is_not(resolver):
    for _ in range(2):
        assert_by(resolver.dig("one.example"), ONE, "REFUSED")
        assert_free(resolver.dig("beside.example"), "A", ["203.0.113.6"])


def test_a_prefix_blocks_its_addresses(resolver):
    assert_by(resolver.dig("net.example"), NET)
    assert_by(resolver.dig("wide.example"), WIDE, "NOERROR")


def test_ipv6_addresses_and_prefixes(resolver):
    assert_by(resolver.dig("six.example", "AAAA"), SIX)
    assert_by(resolver.dig("six-net.example", "AAAA"), SIX_NET)
    assert_free(resolver.dig("six-free.example", "AAAA"), "AAAA", ["2001:db8:bae::1"])


def test_the_longest_prefix_decides(resolver):
    """203.0.113.72 is passed inside a blocked prefix."""
    assert_free(resolver.dig("let.example"), "A", ["203.0.113.72"])
    assert_by(resolver.dig("inner.example"), INNER, "REFUSED")
    assert_by(resolver.dig("wide.example"), WIDE, "NOERROR")


def test_one_listed_address_among_several_blocks_the_answer(resolver):
    assert_by(resolver.dig("several.example"), ONE, "REFUSED")
    assert_by(resolver.dig("passed-and-blocked.example"), NET)


def test_an_ipv4_address_does_not_hide_in_a_mapped_ipv6_one(resolver):
    assert_by(resolver.dig("mapped.example", "AAAA"), ONE, "REFUSED")
    assert_free(resolver.dig("mapped-free.example", "AAAA"), "AAAA", ["::ffff:203.0.113.6"])


def test_an_address_at_the_end_of_an_alias_is_blocked(resolver):
    assert_by(resolver.dig("chain.example"), ONE, "REFUSED")


@pytest.mark.parametrize("name, order", [("hint4.example", ONE), ("hint6.example", SIX), ("hint-second.example", NET)])
def test_address_hints_of_https_are_blocked(resolver, name, order):
    assert_by(resolver.dig(name, "HTTPS"), order, "REFUSED" if order == ONE else "NOERROR")


def test_address_hints_of_svcb_are_blocked(resolver):
    assert_by(resolver.dig("_dns.hint.example", "SVCB"), ONE, "REFUSED")


@pytest.mark.parametrize("name", ["hint-free.example", "hint-let.example"])
def test_hints_to_other_addresses_are_left_alone(resolver, name):
    answer = resolver.dig(name, "HTTPS")
    assert answer.status == "NOERROR" and len(answer.data("HTTPS")) == 1 and not answer.errors, answer.raw


def test_the_additional_section_blocks_nothing(resolver):
    """The exchanger's address is additional data and left out; a client that queries it gets the block."""
    answer = resolver.dig("mail.example", "MX")
    assert_free(answer, "MX", ["10 one.example."])


def test_an_address_in_text_is_no_address(resolver):
    assert_free(resolver.dig("txt.example", "TXT"), "TXT", ['"203.0.113.5"'])


def test_passthru_of_the_name_lets_it_lead_to_a_listed_address(resolver):
    assert_free(resolver.dig("allowed.example"), "A", ["203.0.113.5"])
    assert_by(resolver.dig("one.example"), ONE, "REFUSED")


def test_the_names_own_order_decides_before_the_address(resolver):
    assert_by(resolver.dig("named.example"), NAMED, "NOERROR")


def test_other_types_of_such_a_name_are_left_alone(resolver):
    assert_free(resolver.dig("one.example", "TXT"), "TXT", [])


def test_any_shows_no_listed_address(resolver):
    assert_by(resolver.dig("one.example", "ANY"), ONE, "REFUSED")


def test_a_blocked_address_is_counted_as_one(resolver, shared_workspace):
    before = wait_for(shared_workspace.module, "the status file")["triggers"]["address"]
    resolver.dig("one.example")
    wait_for(lambda: shared_workspace.module()["triggers"]["address"] > before, "the counter of addresses")


def test_an_address_listed_later_blocks_answers_already_cached(workspace, resolver_of):
    workspace.tool.do("db", "init")
    own = resolver_of(workspace).start()
    assert_free(own.dig("late.example"), "A", ["203.0.113.250"])
    workspace.apply(id=WIDE, targets=[{"address": "203.0.113.248/29"}])
    wait_for(lambda: own.dig("late.example").blocked_by(WIDE), "late.example blocked")
    workspace.tool.do("order", "revoke", WIDE, "--reason", "uji")
    wait_for(lambda: own.dig("late.example").data("A") == ["203.0.113.250"], "late.example released")
    own.stop()


def test_addresses_and_prefixes_of_a_list_are_blocked_as_those_of_orders(resolver):
    assert_by(resolver.dig("listed.example"), "list:alamat")
    assert_by(resolver.dig("listed-net.example"), "list:alamat")
    assert_by(resolver.dig("listed-six.example", "AAAA"), "list:alamat")


def test_an_address_that_a_list_gains_or_loses_counts_at_once(shared_workspace, resolver):
    assert_free(resolver.dig("listed-late.example"), "A", ["203.0.113.251"])
    kept = ["32.130.113.0.203.rpz-ip", "28.144.113.0.203.rpz-ip", "48.zz.11.db8.2001.rpz-ip"]
    import_list(shared_workspace, *kept, "32.251.113.0.203.rpz-ip")
    wait_for(
        lambda: resolver.dig("listed-late.example").blocked_by("list:alamat"), "the list's new address to be blocked"
    )
    import_list(shared_workspace, *kept)
    wait_for(lambda: resolver.dig("listed-late.example").data("A") == ["203.0.113.251"], "the address to be free again")
