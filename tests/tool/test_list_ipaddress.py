"""Lists of addresses as ministries publish them: one a line, names beside them, prefixes among them, a hundred thousand
of them."""
import ipaddress
import random
import time

import pytest

from support.tool import DONE


@pytest.fixture
def put(workspace):
    def write(text):
        file = workspace.folder / "ipaddress_isp"
        file.write_text(text)
        return file
    return write


def done(workspace, file, *options):
    result = workspace.tool("list", "import", "--source", "alamat", "--quiet", "--json", file, *options)
    assert result.code == DONE, result
    return result.json()


def blocked(workspace, *targets):
    return {t for t in targets if workspace.tool("explain", t, "--json").json()["verdict"] == "blocked"}


def made(count, seed=1):
    """Addresses, one in twenty a prefix, none of which the safety rules hold."""
    chance = random.Random(seed)
    out = set()
    while len(out) < count:
        address = ipaddress.ip_address((chance.choice([36, 45, 103, 185]) << 24) + chance.randrange(1 << 24))
        out.add(
            str(ipaddress.ip_network((
                address, chance.choice([24, 28, 30])), strict=False)) if chance.random() < 0.05 else str(address))
    return sorted(out, key=lambda text: chance.random())


PLAIN = "203.0.113.5\n198.51.100.0/24\n2001:db8:bad::/48\nhoax.example\n203.0.113.5\n"


@pytest.mark.parametrize("format", ["domains", "auto"])
def test_plain_addresses_and_prefixes_stand_beside_names(workspace, put, format):
    result = done(workspace, put(PLAIN), "--format", format)
    assert (result["names"], result["addresses"], result["bad"]) == (1, 3, []), result
    assert blocked(workspace, "203.0.113.5", "198.51.100.9", "2001:db8:bad::1", "www.hoax.example", "203.0.113.6") == {
        "203.0.113.5", "198.51.100.9", "2001:db8:bad::1", "www.hoax.example"}


def test_a_hundred_thousand_addresses_are_imported_in_seconds(workspace, put):
    targets = made(102427)
    begin = time.monotonic()
    result = done(workspace, put("\n".join(targets) + "\n"), "--format", "auto", "--expect-count", "102427")
    took = time.monotonic() - begin
    assert (result["addresses"], result["names"], result["bad_count"], result["quarantined"]) == (102427, 0, 0, 0), {
        k: v for k, v in result.items() if k != "held"
    }
    assert took < 60, took
    assert blocked(workspace, targets[0].split("/")[0]) and workspace.tool.do("status",
                                                                              "--json").json()["addresses"] == 102427
    workspace.tool.do("db", "check")
    exported = workspace.folder / "out.rpz"
    workspace.tool.do("feed", "export", "--origin", "rpz.test", "--output", exported)
    assert sum(".rpz-ip " in line for line in exported.read_text().splitlines()) == 102427
    later = done(workspace, put("\n".join(targets[500:]) + "\n"), "--format", "auto")
    assert (later["addresses_added"], later["addresses_removed"]) == (0, 500)
    diff = workspace.tool.do("diff", "1", "2", "--counts", "--json").json()
    assert (diff["addresses_added"], diff["addresses_removed"]) == (0, 500)
    workspace.tool.do("db", "rollback", "1", "--reason", "test")
    assert workspace.tool.do("status", "--json").json()["addresses"] == 102427


@pytest.mark.parametrize(
    "last, taken", [("203.0.113.2", False), ("203.0.113.70", True), ("198.51.100.0/24", True), ("198.51.100.7", False)]
)
def test_an_address_at_the_end_of_a_cut_file_is_left_out_where_another_digit_could_follow(workspace, put, last, taken):
    result = done(workspace, put("192.0.2.1\n192.0.2.9\n" + last), "--format", "domains")
    assert result["addresses"] == 2 + taken and result["bad_count"] == (not taken), result
