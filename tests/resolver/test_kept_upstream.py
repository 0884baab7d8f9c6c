"""Kept answers are not taken for answers of the network, by aliases and name servers' addresses."""
import time

from support.hits import hits_in
from support.kept import authority, blocked, cache_hits, keep, released  # noqa: F401


def test_a_name_servers_address_is_resolved_upstream(workspace, resolver_of, authority):
    workspace.tool.do("db", "init")
    resolver = resolver_of(
        workspace, extra=f'stub-zone:\n    name: "served.test."\n    stub-host: "ns1.hoax.ns.test@{authority.port}"\n'
    ).start()
    workspace.block("hoax.ns.test")
    keep(resolver, "ns1.hoax.ns.test")
    keep(resolver, "ns1.hoax.ns.test", "AAAA")
    answer = resolver.dig("www.served.test")
    assert answer.data("A") == ["192.0.2.77"], answer.raw
    assert blocked(resolver, "ns1.hoax.ns.test")


def test_an_allowed_alias_of_a_kept_name_is_resolved_upstream(workspace, resolver):
    workspace.block("hoax.example")
    workspace.tool.do("local", "allow", "let.example", "--reason", "ticket")
    keep(resolver, "target.hoax.example")
    for _ in range(3):
        assert released(resolver, "let.example")
        assert blocked(resolver, "alias.example")
        keep(resolver, "target.hoax.example")
    resolver.stop()
    assert ("alias.example", "cname") in {(h.qname, h.trigger) for h in hits_in(workspace.hits)}


def test_prefetching_an_alias_of_a_kept_name_caches_nothing_of_it(workspace, resolver_of):
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace, extra="server:\n    prefetch: yes\n    cache-max-ttl: 2\n").start()
    workspace.block("hoax.example")
    workspace.tool.do("local", "allow", "let.example", "--reason", "ticket")
    keep(resolver, "target.hoax.example")
    end = time.monotonic() + 5
    while time.monotonic() < end:
        assert released(resolver, "let.example")
        assert blocked(resolver, "target.hoax.example")


def test_an_allowed_alias_is_cached_though_its_target_is_kept(workspace, resolver):
    workspace.block("hoax.example")
    workspace.tool.do("local", "allow", "let.example", "--reason", "ticket")
    assert released(resolver, "let.example")
    keep(resolver, "target.hoax.example")
    resolver.control("flush_type", "let.example", "CNAME")
    assert released(resolver, "let.example")
    before = cache_hits(resolver)
    assert released(resolver, "let.example")
    assert cache_hits(resolver) == before + 1


def test_a_block_through_a_response_policys_alias_is_a_hit_of_its_own_name(workspace, resolver_of):
    workspace.tool.do("db", "init")
    zone = workspace.folder / "rpz.zone"
    zone.write_text(
        "$TTL 300\n@ SOA localhost. root.localhost. 1 3600 600 86400 60\n@ NS localhost.\n"
        "32.7.100.51.198.rpz-ip CNAME www.hoax.example.\n"
    )
    resolver = resolver_of(
        workspace, chain="dynlib respip validator iterator", extra=f'rpz:\n    name: "rpz."\n    zonefile: "{zone}"\n'
    ).start()
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    for _ in range(3):
        resolver.dig("x.example")
    keep(resolver, "w.hoax.example")
    resolver.stop()
    told = hits_in(workspace.hits)
    assert "w.hoax.example" in {h.qname for h in told} and {h.matched for h in told} == {"hoax.example"}
