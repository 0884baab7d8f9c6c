"""What a hit says, one behaviour a test; read from the database by its format document alone."""
import subprocess
import time

import pytest

from support import asn_mmdb, orders
from support.authority import ANYTHING, RESOLVED, Authority
from support.hits import hits_in
from support.regions import JAKARTA, NOWHERE, TABLE
from support.resolver import Tls
from support.waiting import wait_for

EXAMPLE = ANYTHING + "alias CNAME www.hoax.test.\nlisted-address A 203.0.113.9\n"


@pytest.fixture(scope="module")
def authority(new_folder):
    server = Authority(new_folder("authority"), {"example.": EXAMPLE})
    yield server.start()
    server.stop()


@pytest.fixture(scope="module")
def resolver(shared_workspace, resolver_of, new_folder):
    folder = new_folder("tls")
    tls = Tls(folder / "key.pem", folder / "certificate.pem")
    subprocess.run([
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-subj", "/CN=resolver.test", "-keyout", tls.key, "-out", tls.certificate
    ], check=True, capture_output=True)
    table = folder / "prefixes"
    table.write_text(TABLE)
    networks = asn_mmdb.write(folder / "asn.mmdb", {"127.0.1.0/24": 64500})
    shared_workspace.configure(
        hits=f'instance = "ns1.isp.example"\nasn_mmdb = "{networks}"', more=f'\n[region]\nprefix_table = "{table}"\n'
    )
    shared_workspace.block("hoax.example", "hoax.test")
    shared_workspace.block("dropped.example", id="B-2/DROP", action="drop")
    shared_workspace.block("rehearsed.example", id="B-3/LOG", action="log")
    shared_workspace.block("passed.example", id="B-4/PASS", action="passthru")
    shared_workspace.block("jakarta.example", id="B-5/JK", regions=["ID-JK"])
    shared_workspace.apply(id="B-6/ADDRESS", targets=[{"address": "203.0.113.0/28"}])
    return resolver_of(shared_workspace, tls=tls, threads=2).start()


@pytest.fixture
def hits_of(resolver, shared_workspace):
    """The `count` hits that `ask` causes; fails if there are others."""
    def run(ask, count=1):
        before = len(hits_in(shared_workspace.hits))
        ask()
        if count == 0:
            # A marker after it: hits are recorded in order.
            resolver.dig("marker.hoax.example")
        def come():
            hits = hits_in(shared_workspace.hits)
            return hits[before:] if len(hits) >= before + max(count, 1) else None
        hits = wait_for(come, f"{count} hits")
        return [hit for hit in hits if hit.qname != "marker.hoax.example"]
    return run


def test_a_hit_says_when_who_what_and_by_which_order(hits_of, resolver, shared_workspace):
    begun = time.time_ns() // 1000
    [hit] = hits_of(lambda: resolver.dig("WWW.hoax.example", "AAAA", "-b", JAKARTA))
    assert begun <= hit.time <= time.time_ns() // 1000
    assert (hit.instance, hit.client, hit.region, hit.asn) == ("ns1.isp.example", "127.0.1.0/24", "ID-JK", 64500)
    assert (hit.qname, hit.qtype, hit.trigger, hit.matched) == ("www.hoax.example", 28, "qname", "hoax.example")
    assert (hit.action, hit.order, hit.transport) == ("nxdomain", orders.ID, "udp")
    assert hit.serial == shared_workspace.tool.do("status", "--json").json()["serial"]


def test_a_client_nobody_can_locate_has_no_region_and_no_network_number(hits_of, resolver):
    [hit] = hits_of(lambda: resolver.dig("hoax.example", "A", "-b", NOWHERE))
    assert (hit.region, hit.asn, hit.client) == ("", 0, "127.0.9.0/24")


def test_an_alias_to_a_listed_name_is_a_hit_of_that_name(hits_of, resolver):
    [hit] = hits_of(lambda: resolver.dig("alias.example"))
    assert (hit.qname, hit.trigger, hit.matched) == ("alias.example", "cname", "hoax.test")


def test_a_listed_address_is_a_hit_of_its_prefix(hits_of, resolver):
    [hit] = hits_of(lambda: resolver.dig("listed-address.example"))
    assert (hit.qname, hit.trigger, hit.matched, hit.order) == ("listed-address.example", "address", "203.0.113.0/28",
                                                                "B-6/ADDRESS")


def test_a_dropped_query_is_a_hit(hits_of, resolver):
    [hit] = hits_of(lambda: resolver.dig("dropped.example", "A", "+tries=1", "+timeout=1"))
    assert (hit.action, hit.order) == ("drop", "B-2/DROP")


def test_a_rehearsed_order_records_what_it_would_have_blocked_and_blocks_nothing(hits_of, resolver):
    answers = []
    [hit] = hits_of(lambda: answers.append(resolver.dig("rehearsed.example")))
    assert (hit.action, hit.order) == ("log", "B-3/LOG")
    assert answers[0].data("A") == [RESOLVED]


def test_passed_and_unlisted_names_and_clients_outside_are_no_hits(hits_of, resolver):
    def ask():
        assert resolver.dig("passed.example").data("A") == [RESOLVED]
        assert resolver.dig("unlisted.example").data("A") == [RESOLVED]
        assert resolver.dig("jakarta.example", "A", "-b", NOWHERE).data("A") == [RESOLVED]
    assert hits_of(ask, 0) == []


def test_a_client_inside_a_region_is_a_hit_of_the_regions_order(hits_of, resolver):
    [hit] = hits_of(lambda: resolver.dig("jakarta.example", "A", "-b", JAKARTA))
    assert (hit.order, hit.region) == ("B-5/JK", "ID-JK")


@pytest.mark.parametrize("transport", ["udp", "tcp", "dot", "doh"])
def test_a_hit_says_over_which_transport(hits_of, resolver, transport):
    options = {"udp": [], "tcp": ["+tcp"], "dot": ["+tls"], "doh": ["+https"]}[transport]
    port = {"dot": resolver.tls_port, "doh": resolver.https_port}.get(transport, resolver.port)
    [hit] = hits_of(lambda: resolver.kdig("hoax.example", "A", *options, port=port))
    assert hit.transport == transport
