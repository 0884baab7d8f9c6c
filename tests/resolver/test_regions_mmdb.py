"""Clients located by a location database, made by the writer that vendors use."""
import ipaddress
import struct

import pytest

from support import mmdb, orders, ports
from support.authority import RESOLVED
from support.crowd import Crowd
from support.regions import JAKARTA, NOWHERE, WEST_JAVA
from support.waiting import wait_for

import dns.message

CITY = {"127.0.1.0/24": mmdb.subdivision("JK"), "127.0.2.0/24": mmdb.subdivision("JB"),
        "203.0.113.0/24": mmdb.subdivision("JK"), "2001:db8:1::/48": mmdb.subdivision("JK"),
        "127.0.9.0/24": {"country": {"iso_code": "ID"}}}  # as many mobile prefixes: no subdivision


def blocked(resolver, source, name="hoax.example"):
    answer = resolver.dig(name, "A", "-b", source)
    if answer.blocked_by(orders.ID):
        return True
    assert answer.data("A") == [RESOLVED] and not answer.errors, answer.raw
    return False


@pytest.fixture
def start(workspace, resolver_of):
    """A resolver with an order for Jakarta and this location database."""
    def make(records, more="", extra=""):
        path = mmdb.write(workspace.folder / "city.mmdb", records)
        workspace.configure(more=f'\n[region]\nmmdb = "{path}"\n{more}\n')
        workspace.block("hoax.example", regions=["ID-JK"])
        return resolver_of(workspace, extra=extra).start(), path
    return make


def test_by_the_subdivision_s_iso_code(start):
    resolver, _ = start(CITY)
    for _ in range(2):
        assert [blocked(resolver, source) for source in (JAKARTA, WEST_JAVA, NOWHERE)] == [True, False, False]


def test_by_a_name_and_the_table_of_names(start):
    records = {"127.0.1.0/24": {"state1": "Jakarta"}, "127.0.2.0/24": {"state1": "Jawa Barat"}}
    resolver, _ = start(records, 'mmdb_path = ["state1"]\nnames = { Jakarta = "ID-JK", "Jawa Barat" = "ID-JB" }')
    assert [blocked(resolver, source) for source in (JAKARTA, WEST_JAVA, NOWHERE)] == [True, False, False]


def test_a_name_that_the_table_does_not_know_is_no_region(start):
    resolver, _ = start(
        {"127.0.1.0/24": {"state1": "DKI Jakarta"}}, 'mmdb_path = ["state1"]\nnames = { Jakarta = "ID-JK" }'
    )
    assert not blocked(resolver, JAKARTA)


def test_a_record_without_a_subdivision_is_an_unknown_location(start):
    resolver, _ = start(CITY, "unknown_is_inside = true")
    assert [blocked(resolver, source) for source in (JAKARTA, WEST_JAVA, NOWHERE)] == [True, False, True]


def test_the_isps_own_table_is_asked_first(start, workspace):
    table = workspace.folder / "prefixes"
    table.write_text("127.0.1.5/32 ID-JB\n127.0.9.0/24 ID-JK\n")
    resolver, _ = start(CITY, f'prefix_table = "{table}"')
    assert [blocked(resolver, source) for source in (JAKARTA, "127.0.1.6", NOWHERE)] == [False, True, True]


def test_a_replaced_database_is_picked_up_without_a_restart(start):
    resolver, path = start(CITY)
    assert not blocked(resolver, WEST_JAVA)
    mmdb.write(path, {"127.0.2.0/24": mmdb.subdivision("JK")})
    wait_for(lambda: blocked(resolver, WEST_JAVA), "the new location database in force")
    assert not blocked(resolver, JAKARTA) and resolver.starts() == 1


def replace(path, content):
    fresh = path.with_suffix(".other")
    fresh.write_bytes(content)
    fresh.replace(path)


def overwrite(path, content):
    path.write_bytes(content)


@pytest.mark.parametrize("how, damage", [(replace, "garbage"), (replace, "truncated"), (overwrite, "truncated"),
                                         (overwrite, "empty"), (replace, "removed")])
def test_a_bad_replacement_keeps_the_old_one_and_says_so_once(start, workspace, how, damage):
    resolver, path = start(CITY)
    good = path.read_bytes()
    if damage == "removed":
        path.unlink()
    else:
        how(path, {"garbage": b"no location database" * 100, "truncated": good[:len(good) // 2], "empty": b""}[damage])
    wait_for(lambda: "SARING_LOCATION_REFUSED" in resolver.log_text(), "the complaint")
    stamps = set()
    wait_for(lambda: stamps.add(workspace.module_status.stat().st_mtime_ns) or len(stamps) > 3, "two more looks")
    assert resolver.log_text().count("SARING_LOCATION_REFUSED") == 1
    assert [blocked(resolver, source) for source in (JAKARTA, WEST_JAVA)] == [True, False]
    mmdb.write(path, {"127.0.2.0/24": mmdb.subdivision("JK")})
    wait_for(lambda: blocked(resolver, WEST_JAVA), "the good location database in force")


def proxied(client: str, transport: str) -> bytes:
    """A PROXY protocol version 2 header with the client's address, as a load balancer sends it."""
    address = ipaddress.ip_address(client)
    body = (address.packed + ipaddress.ip_address("192.0.2.53" if address.version == 4 else "2001:db8::53").packed
            + struct.pack("!HH", 40000, 53))
    family = (0x10 if address.version == 4 else 0x20) | (0x01 if transport == "tcp" else 0x02)
    return b"\r\n\r\n\0\r\nQUIT\n" + struct.pack("!BBH", 0x21, family, len(body)) + body


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_clients_behind_a_proxy_are_located_by_their_own_address(start, transport):
    port = ports.Port()
    resolver, _ = start(
        CITY, extra=("server:\n    access-control: 203.0.113.0/24 allow\n    access-control: 198.51.100.0/24 allow\n"
                     "    access-control: 2001:db8::/32 allow\n"
                     f"    interface: 127.0.0.1@{port.number}\n    proxy-protocol-port: {port.number}\n"))
    crowd = Crowd(resolver.port)
    clients = {"203.0.113.9": True, "198.51.100.9": False, "2001:db8:1::9": True, "2001:db8:2::9": False}
    for _ in range(2):
        for source in (JAKARTA, WEST_JAVA):  # the proxy's own location does not count
            for client in clients:
                crowd.ask(
                    source, "hoax.example", transport=transport, port=port.number, prefix=proxied(client, transport)
                )
        told = [bool(dns.message.from_wire(wire).rcode()) for _, wire in crowd.answers()]
        assert told == list(clients.values()) * 2
    port.release()
