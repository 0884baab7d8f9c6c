"""Blocked answers kept in the message cache (answer.keep): which are kept, what clients get, what is recorded."""
import time

import pytest

from support import orders, paths
from support.hits import hits_in
from support.kept import authority, blocked, cache_hits, is_kept, keep, released  # noqa: F401
from support.waiting import wait_for


@pytest.mark.parametrize("action, status", [("nxdomain", "NXDOMAIN"), ("nodata", "NOERROR")])
def test_a_kept_answer_equals_the_one_before(workspace, resolver, action, status):
    workspace.block("hoax.example", action=action)
    for type_ in ("A", "AAAA", "TXT", "HTTPS"):
        wait_for(lambda: blocked(resolver, "first.hoax.example", type_, status=status), "blocked")
        made = resolver.dig(f"WwW.{type_}.hoax.example", type_)
        keep(resolver, f"www.{type_}.hoax.example", type_, status=status)
        given = resolver.dig(f"WwW.{type_}.hoax.example", type_)
        assert given.status == status and given.soa.ttl == 30 and f"WwW.{type_}.hoax.example" in given.raw, given.raw
        assert (made.soa, made.flags, made.errors) == (given.soa, given.flags, given.errors)
    for options in ("+cd",), ("+dnssec",), ("+noedns",), ("+tcp",):
        answer = resolver.dig("www.A.hoax.example", "A", *options)
        assert (
            answer.status == status and answer.soa and answer.blocked_by(orders.ID) == (options != ("+noedns",))
        ), answer.raw


def test_its_ttl_does_not_count_down(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    begun = time.monotonic()
    wait_for(lambda: time.monotonic() > begun + 2.1, "two seconds", 5)
    answer = resolver.dig("www.hoax.example")
    assert answer.soa.ttl == 30, answer.raw
    assert is_kept(resolver, "www.hoax.example")


def test_every_kept_answer_is_a_hit(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    keep(resolver, "www.hoax.example", "AAAA")
    resolver.dig("WWW.hoax.example", "A", "+tcp")
    resolver.stop()
    hits = hits_in(workspace.hits)
    assert len(hits) == workspace.module()["blocked"]["nxdomain"] and workspace.module()["kept"]["answers"] >= 3
    assert {(h.qname, h.matched, h.action, h.order, h.trigger) for h in hits} == {
        ("www.hoax.example", "hoax.example", "nxdomain", orders.ID, "qname")
    }
    assert len({h.client for h in hits}) == len({h.serial for h in hits}) == 1 and hits[0].client
    assert [h.transport for h in hits].count("tcp") == 1


def test_answers_to_unrepeated_queries_are_not_kept(workspace, resolver):
    workspace.block("hoax.example")
    wait_for(lambda: blocked(resolver, "first.hoax.example"), "blocked")
    before = cache_hits(resolver)
    for number in range(50):
        assert blocked(resolver, f"r{number}.hoax.example")
    assert cache_hits(resolver) == before
    assert not [line for line in resolver.control("dump_cache").splitlines() if line.startswith("msg r")]


@pytest.mark.parametrize("serve", ["serve-expired-ttl: 0", "serve-expired-ttl: 3600\n    serve-expired-ttl-reset: yes"])
def test_nothing_is_kept_if_unbound_would_serve_it_expired_without_end(workspace, resolver_of, serve):
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace, extra=f"server:\n    serve-expired: yes\n    {serve}\n").start()
    workspace.block("hoax.example")
    wait_for(lambda: blocked(resolver, "hoax.example"), "blocked")
    for _ in range(5):
        assert not is_kept(resolver, "hoax.example")


def test_nothing_more_is_kept_once_serve_expired_without_end_is_set_at_run_time(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "before.hoax.example")
    resolver.control("set_option", "serve-expired-ttl:", "0")
    resolver.control("set_option", "serve-expired:", "yes")
    for _ in range(5):
        assert not is_kept(resolver, "after.hoax.example")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    wait_for(lambda: released(resolver, "before.hoax.example"), "released")


def test_keep_0_keeps_nothing(workspace, resolver_of):
    workspace.configure(answer="keep = 0\n")
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace).start()
    workspace.block("hoax.example")
    wait_for(lambda: blocked(resolver, "hoax.example"), "blocked")
    for _ in range(5):
        assert not is_kept(resolver, "hoax.example")
    assert workspace.module()["kept"] == {"seconds": 0, "answers": 0}


@pytest.mark.parametrize("action", ["redirect", "refused", "drop", "log"])
def test_other_actions_are_not_kept(workspace, resolver, action):
    workspace.block("hoax.example", action=action)
    before = cache_hits(resolver)
    for _ in range(4):
        resolver.dig("hoax.example", "A", "+tries=1", "+time=1")
    assert action == "log" or cache_hits(resolver) == before
    assert not [
        line
        for line in resolver.control("dump_cache").splitlines()
        if line.startswith("msg hoax.example.") and action != "log"
    ]


def test_answers_of_regional_orders_are_not_kept(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    workspace.block("hoax.example", id="B-REGION", regions=["ID-JK"], action="nodata", issued=orders.at(-5))
    wait_for(lambda: not is_kept(resolver, "www.hoax.example"), "no more kept")
    for _ in range(4):
        assert not is_kept(resolver, "www.hoax.example")


def test_an_order_in_rehearsal_counts_every_query(workspace, resolver):
    workspace.block("hoax.example")
    workspace.block("www.hoax.example", id="B-LOG", action="log")
    wait_for(lambda: blocked(resolver, "www.hoax.example"), "blocked")
    for _ in range(5):
        assert not is_kept(resolver, "www.hoax.example")


def test_clients_get_the_form_of_the_reason_that_they_ask_for(workspace, resolver_of):
    workspace.configure(answer="structured_error_option = 65500\n")
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace).start()
    workspace.block("hoax.example", contact=["mailto:aduan@example.test"])
    keep(resolver, "www.hoax.example")
    plain = resolver.dig("www.hoax.example")
    before = cache_hits(resolver)
    structured = resolver.dig("www.hoax.example", "A", "+ednsopt=65500")
    assert cache_hits(resolver) == before + 1
    assert plain.blocked_by(orders.ID) and '"c"' not in plain.raw
    assert "aduan@example.test" in structured.raw, structured.raw


def test_the_tools_own_queries_are_no_hits(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "hoax.example")
    for _ in range(3):
        workspace.tool.do("selftest", "--resolver", f"127.0.0.1:{resolver.port}", "--seed", "1")
    resolver.stop()
    assert workspace.module()["probes"] > 0
    assert len(hits_in(workspace.hits)) == sum(workspace.module()["blocked"].values())


def test_two_instances_in_one_chain_record_each_answer_once(workspace, resolver_of):
    workspace.tool.do("db", "init")
    resolver = resolver_of(
        workspace, chain="dynlib dynlib validator iterator", extra=f'dynlib:\n    dynlib-file: "{paths.MODULE}"\n'
    ).start()
    workspace.block("hoax.example")
    wait_for(lambda: blocked(resolver, "www.hoax.example"), "blocked")
    for _ in range(6):
        assert blocked(resolver, "once.hoax.example")
    resolver.stop()
    hits = hits_in(workspace.hits)
    assert [h.qname for h in hits].count("once.hoax.example") == 6


def test_a_hit_has_the_name_listed_at_its_time(workspace, resolver):
    listing = workspace.folder / "list"

    def take(text):
        listing.write_text(text)
        workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", listing)

    take("hoax.example\nother.example\n")
    keep(resolver, "a.www.hoax.example", order="list:uji")
    take("www.hoax.example\nother.example\n")
    wait_for(lambda: resolver.dig("a.www.hoax.example").soa.name == "www.hoax.example.", "the longer name", 10)


def test_dnskey_and_ds_are_judged_for_each_query(workspace, resolver):
    workspace.block("hoax.example")
    wait_for(lambda: blocked(resolver, "www.hoax.example", "DNSKEY"), "blocked")
    for _ in range(4):
        assert not is_kept(resolver, "www.hoax.example", "DNSKEY")
