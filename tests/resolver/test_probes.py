"""Queries of `doctor`, `selftest` and `migrate check` are no hits, and no subscriber can imitate them."""
import hashlib
import struct
import time

import dns.edns
import dns.message
import dns.query
import pytest
from support import orders, paths
from support.hits import hits_in
from support.waiting import wait_for

OPTION = 65313


@pytest.fixture
def blocking(workspace, resolver_of):
    workspace.block("hoax.example")
    workspace.block("logged.example", id="B-LOG", action="log")
    resolver = resolver_of(workspace).start()
    wait_for(lambda: workspace.module().get("serial") == 2, "the module's state")
    return resolver


def probes(workspace):
    return workspace.module()["probes"]


def only_hit(workspace, resolver, name="last.hoax.example"):
    """A subscriber's query; once it is recorded, all earlier hits are too."""
    assert resolver.dig(name).blocked_by(orders.ID)
    return wait_for(
        lambda: any(h.qname == name for h in hits_in(workspace.hits)) and hits_in(workspace.hits), "the hit"
    )


def test_selftest_leaves_no_hits(workspace, blocking):
    result = workspace.tool.do("selftest", "--resolver", f"127.0.0.1:{blocking.port}")
    assert "1 of 1" in result.out, result
    wait_for(lambda: probes(workspace) == 1, "the probe counted apart")
    assert [hit.qname for hit in only_hit(workspace, blocking)] == ["last.hoax.example"]
    assert wait_for(lambda: workspace.module()["blocked"]["nxdomain"] == 1, "one block counted")


def test_doctor_leaves_no_hits(workspace, blocking):
    conf = workspace.folder / "unbound.conf"
    conf.write_text(
        f'server:\n    module-config: "dynlib validator iterator"\n    username: ""\n'
        f'    interface: 127.0.0.1@{blocking.port}\ndynlib:\n    dynlib-file: "{paths.MODULE}"\n'
    )
    found = workspace.tool("doctor", "--quick", "--json", "--unbound", paths.UNBOUND_PROGRAM, "--unbound-conf", conf,
                           "--unlisted", "free.example").json()["checks"]
    assert {c["check"]: c["health"] for c in found}["answer.listed"] == "ok", found
    wait_for(lambda: probes(workspace) >= 1, "the probes counted apart")
    assert [hit.qname for hit in only_hit(workspace, blocking)] == ["last.hoax.example"]


def ask(resolver, name, option, tcp=False):
    query = dns.message.make_query(name, "A", use_edns=0, options=[dns.edns.GenericOption(OPTION, option)])
    return (dns.query.tcp if tcp else dns.query.udp)(query, "127.0.0.1", port=resolver.port, timeout=10)


def token(key, name, at, qtype=1):
    """The token of base/probe_key.h, made by other code."""
    wire = dns.name.from_text(name).to_wire()
    made = struct.pack(">Q", at)
    return made + hashlib.blake2b(made + wire + struct.pack(">H", qtype), digest_size=16, key=key).digest()


def forged(workspace):
    key = workspace.module_status.with_name("module.probe-key").read_bytes()
    good = lambda name, at=int(time.time()), **options: token(key, name, at, **options)
    name = "forged.hoax.example."
    return {
        "empty": b"", "garbage": b"x" * 24, "another key's": token(b"k" * 32, name, int(time.time())),
        "another name's": good("hoax.example."), "another type's": good(name, qtype=28),
        "an old one": good(name,
                           int(time.time()) - 3600), "one of tomorrow": good(name,
                                                                             int(time.time()) + 86400),
        "cut": good(name)[:-1], "longer": good(name) + b"x",
    }


def test_a_subscriber_cannot_hide_hits(workspace, blocking):
    attempts = forged(workspace)
    for option in attempts.values():
        assert ask(blocking, "forged.hoax.example", option).rcode() == 3
    hits = only_hit(workspace, blocking)
    assert sum(hit.qname == "forged.hoax.example" for hit in hits) == len(attempts)
    assert probes(workspace) == 0


@pytest.mark.parametrize("tcp", [False, True])
def test_a_good_token_is_known_over_any_transport_and_blocks_as_for_anybody(workspace, blocking, tcp):
    key = workspace.module_status.with_name("module.probe-key").read_bytes()
    answer = ask(blocking, "wWw.hoax.example", token(key, "www.hoax.example.", int(time.time())), tcp)
    assert answer.rcode() == 3
    wait_for(lambda: probes(workspace) == 1, "the probe")
    assert len(only_hit(workspace, blocking)) == 1


def test_a_rehearsed_probe_is_not_counted(workspace, blocking):
    key = workspace.module_status.with_name("module.probe-key").read_bytes()
    ask(blocking, "logged.example", token(key, "logged.example.", int(time.time())))
    wait_for(lambda: probes(workspace) == 1, "the probe")
    assert workspace.module()["rehearsed"] == 0 and len(only_hit(workspace, blocking)) == 1


def test_no_other_user_may_read_the_key(workspace, blocking):
    key = workspace.module_status.with_name("module.probe-key")
    assert oct(key.stat().st_mode & 0o777) == "0o640" and len(key.read_bytes()) == 32
    assert blocking.log_text().count("SARING_PROBE_KEY_UNUSABLE") == 0


def test_a_reload_keeps_the_key(workspace, blocking):
    key = workspace.module_status.with_name("module.probe-key")
    before = key.read_bytes()
    blocking.reload()
    assert key.read_bytes() == before
    workspace.tool.do("selftest", "--resolver", f"127.0.0.1:{blocking.port}")
    wait_for(lambda: workspace.module().get("probes") == 1, "the probe counted apart")
