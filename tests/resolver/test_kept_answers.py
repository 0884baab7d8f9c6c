"""Blocked answers that Unbound keeps in its message cache and gives by itself: answer.keep."""
import json
import subprocess
import time
from datetime import datetime

import pytest

from support import orders, paths
from support.authority import ANYTHING, RESOLVED, Authority
from support.hits import hits_in
from support.waiting import wait_for


@pytest.fixture(scope="module")
def authority(new_folder):
    zones = {"served.test.": "* A 192.0.2.77\n", "ns.test.": "ns1.hoax A 127.0.0.1\n",
             "example.": ANYTHING + "alias CNAME target.hoax.example.\nlet CNAME target.hoax.example.\n"}
    server = Authority(new_folder("authority"), zones)
    yield server.start()
    server.stop()


def cache_hits(resolver):
    told = dict(line.split("=", 1) for line in resolver.control("stats_noreset").splitlines())
    return int(told["total.num.cachehits"])


def blocked(resolver, name, type_="A", order=orders.ID, status="NXDOMAIN"):
    answer = resolver.dig(name, type_)
    return answer.status == status and answer.blocked_by(order)


def is_kept(resolver, name, type_="A", order=orders.ID, status="NXDOMAIN"):
    before = cache_hits(resolver)
    assert blocked(resolver, name, type_, order, status)
    return cache_hits(resolver) == before + 1


def keep(resolver, name, type_="A", order=orders.ID, status="NXDOMAIN"):
    """Asks until the answer comes from the cache: one that is kept just before the watcher evicts for the commit goes
    again."""
    wait_for(lambda: is_kept(resolver, name, type_, order, status), f"{name} kept", 10)


def released(resolver, name):
    return resolver.dig(name).data("A") == [RESOLVED]


@pytest.mark.parametrize("action, status", [("nxdomain", "NXDOMAIN"), ("nodata", "NOERROR")])
def test_a_kept_answer_is_the_one_given_before(workspace, resolver, action, status):
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


def test_its_ttl_stays_whole_as_it_ages(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    begun = time.monotonic()
    wait_for(lambda: time.monotonic() > begun + 2.1, "two seconds", 5)
    answer = resolver.dig("www.hoax.example")
    assert answer.soa.ttl == 30, answer.raw
    assert is_kept(resolver, "www.hoax.example")


def test_every_kept_answer_is_a_hit_like_any_other(workspace, resolver):
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


def test_questions_that_nobody_repeats_are_not_kept(workspace, resolver):
    workspace.block("hoax.example")
    wait_for(lambda: blocked(resolver, "first.hoax.example"), "blocked")
    before = cache_hits(resolver)
    for number in range(50):
        assert blocked(resolver, f"r{number}.hoax.example")
    assert cache_hits(resolver) == before
    assert not [line for line in resolver.control("dump_cache").splitlines() if line.startswith("msg r")]


def test_a_revoked_order_releases_kept_names_and_those_below(workspace, resolver):
    workspace.block("hoax.example")
    names = ("hoax.example", "www.hoax.example", "a.b.c.hoax.example")
    for name in names:
        keep(resolver, name)
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "test")
    begun = time.monotonic()
    for name in names:
        wait_for(lambda: released(resolver, name), "released", 10)
    assert time.monotonic() - begun < 5  # a second on a machine that does nothing else: tests/bench


@pytest.mark.parametrize("serve", ["serve-expired: no", "serve-expired: yes\n    serve-expired-ttl: 86400"])
def test_none_is_given_after_the_order_s_end(workspace, resolver_of, serve):
    workspace.configure(ttl=1)
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace, extra=f"server:\n    {serve}\n    prefetch: yes\n").start()
    expires = orders.at(7)
    workspace.block("hoax.example", expires=expires)
    end = datetime.fromisoformat(expires.replace("Z", "+00:00")).timestamp()
    keep(resolver, "www.hoax.example")
    asked_last = 0.0
    while time.time() < end + 1.5:
        asked = time.time()
        answer = resolver.dig("www.hoax.example")
        if answer.status == "NXDOMAIN":
            asked_last = asked
            assert answer.soa.ttl <= 1, answer.raw
    assert answer.data("A") == [RESOLVED], answer.raw
    assert 0 < asked_last <= end


@pytest.mark.parametrize("serve", ["serve-expired-ttl: 0", "serve-expired-ttl: 3600\n    serve-expired-ttl-reset: yes"])
def test_nothing_is_kept_where_unbound_would_serve_it_expired_without_end(workspace, resolver_of, serve):
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace, extra=f"server:\n    serve-expired: yes\n    {serve}\n").start()
    workspace.block("hoax.example")
    wait_for(lambda: blocked(resolver, "hoax.example"), "blocked")
    for _ in range(5):
        assert not is_kept(resolver, "hoax.example")


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


def test_what_counts_for_some_regions_only_is_not_kept(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    workspace.block("hoax.example", id="B-REGION", regions=["ID-JK"], action="nodata", issued=orders.at(-5))
    wait_for(lambda: not is_kept(resolver, "www.hoax.example"), "no more kept")
    for _ in range(4):
        assert not is_kept(resolver, "www.hoax.example")


def test_an_order_in_rehearsal_counts_every_question(workspace, resolver):
    workspace.block("hoax.example")
    workspace.block("www.hoax.example", id="B-LOG", action="log")
    wait_for(lambda: blocked(resolver, "www.hoax.example"), "blocked")
    for _ in range(5):
        assert not is_kept(resolver, "www.hoax.example")


def test_a_newer_order_and_an_allow_replace_what_is_kept(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    workspace.block("hoax.example", id="B-NEW", issued="2025-01-01T00:00:00Z")
    wait_for(lambda: blocked(resolver, "www.hoax.example", order="B-NEW"), "the newer order", 10)
    keep(resolver, "www.hoax.example", order="B-NEW")
    workspace.tool.do("local", "allow", "www.hoax.example", "--reason", "ticket")
    wait_for(lambda: released(resolver, "www.hoax.example"), "the allow", 10)
    assert blocked(resolver, "hoax.example", order="B-NEW")


def test_another_action_replaces_what_is_kept(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    workspace.block("hoax.example", id="B-NEW", issued="2025-01-01T00:00:00Z", action="nodata")
    wait_for(lambda: blocked(resolver, "www.hoax.example", order="B-NEW", status="NOERROR"), "NODATA", 10)
    keep(resolver, "www.hoax.example", order="B-NEW", status="NOERROR")


def test_a_rolled_back_database_releases_what_was_kept(workspace, resolver):
    workspace.block("other.example", id="B-0")
    wait_for(lambda: blocked(resolver, "other.example", order="B-0"), "blocked")
    serial = workspace.module()["image"]["serial"]
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    workspace.tool.do("db", "rollback", str(serial), "--reason", "test")
    wait_for(lambda: released(resolver, "www.hoax.example"), "released", 10)


def test_a_name_server_s_address_is_asked_of_the_network(workspace, resolver_of, authority):
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


def test_an_alias_that_is_let_through_gets_the_network_s_answer(workspace, resolver):
    workspace.block("hoax.example")
    workspace.tool.do("local", "allow", "let.example", "--reason", "ticket")
    keep(resolver, "target.hoax.example")
    for _ in range(3):
        assert released(resolver, "let.example")
        assert blocked(resolver, "alias.example")
        keep(resolver, "target.hoax.example")
    resolver.stop()
    assert ("alias.example", "cname") in {(h.qname, h.trigger) for h in hits_in(workspace.hits)}


def test_prefetching_an_alias_of_a_kept_name_brings_nothing_of_it_into_the_cache(workspace, resolver_of):
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace, extra="server:\n    prefetch: yes\n    cache-max-ttl: 2\n").start()
    workspace.block("hoax.example")
    workspace.tool.do("local", "allow", "let.example", "--reason", "ticket")
    keep(resolver, "target.hoax.example")
    end = time.monotonic() + 5
    while time.monotonic() < end:
        assert released(resolver, "let.example")
        assert blocked(resolver, "target.hoax.example")


def test_a_dumped_cache_brings_nothing_kept_back(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    dump = resolver.control("dump_cache")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "test")
    wait_for(lambda: released(resolver, "www.hoax.example"), "released", 10)
    resolver.control("load_cache", stdin=dump)
    assert released(resolver, "www.hoax.example")


def test_over_reloads_it_is_answered_and_released_alike(workspace, resolver_of):
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace, threads=2).start()
    workspace.block("hoax.example")
    wait_for(lambda: blocked(resolver, "www.hoax.example"), "blocked")
    for _ in range(3):
        for _ in range(4):
            assert blocked(resolver, "www.hoax.example")
        resolver.reload()
    for _ in range(8):
        assert blocked(resolver, "www.hoax.example")
    resolver.control("reload_keep_cache")
    wait_for(lambda: resolver.starts() == 5 and resolver.answers(), "served again", 30)
    for _ in range(4):
        assert blocked(resolver, "www.hoax.example")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "test")
    wait_for(lambda: released(resolver, "www.hoax.example"), "released", 10)


def test_a_refused_image_changes_nothing_of_what_is_kept(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    current = workspace.database / "image" / "current"
    good = current.read_bytes()
    current.write_bytes(b"nonsense\n")
    wait_for(lambda: workspace.module().get("state") == "stale", "the image refused")
    assert is_kept(resolver, "www.hoax.example")
    current.write_bytes(good)


def test_an_order_s_text_for_clients_that_ask_for_the_structured_form(workspace, resolver_of):
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


def test_the_tool_s_own_questions_are_no_hits(workspace, resolver):
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


def test_the_order_stays_exact_over_many_kept_names_revoked_at_once(workspace, resolver):
    names = [f"hoax{number}.example" for number in range(300)]
    workspace.block(*names)
    wait_for(lambda: blocked(resolver, names[-1]), "blocked")
    for name in names[:40]:
        keep(resolver, f"www.{name}")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "test")
    for name in names[:40]:
        wait_for(lambda: released(resolver, f"www.{name}"), "released", 10)
    assert json.loads(workspace.module_status.read_text())["state"] == "ok"


def test_orders_come_and_go_under_load_and_nothing_kept_outlives_them(workspace, resolver_of):
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace, threads=2).start()
    sites = [f"hoax{number}.example" for number in range(20)]
    names = [f"{label}{site}" for site in sites for label in ("", "www.", "a.b.")]
    questions = workspace.folder / "questions"
    questions.write_text("".join(f"{name} A\n" for name in names))
    load = subprocess.Popen([
        "dnsperf", "-s", "127.0.0.1", "-p",
        str(resolver.port), "-d",
        str(questions), "-c", "4", "-l", "300", "-Q", "2000"
    ], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def swept():
        # The status file tells the serial that the cache was swept for.
        serial = workspace.tool.do("status", "--json").json()["serial"]
        wait_for(lambda: workspace.module()["serial"] == serial, "the cache swept", 30)

    try:
        for turn in range(8):
            workspace.block(*sites, id=f"B-{turn}")
            swept()
            assert not [name for name in names if not blocked(resolver, name, order=f"B-{turn}")]
            wait_for(lambda: len(resolver.cached_messages() - resolver.cached_messages(kept=False)) > 30, "many kept")
            workspace.tool.do("order", "revoke", f"B-{turn}", "--reason", "test")
            swept()
            assert not [name for name in names if not released(resolver, name)]
    finally:
        load.terminate()
        load.wait()
    resolver.stop()
    assert len(hits_in(workspace.hits)) + workspace.module()["hits"]["dropped"] == sum(
        workspace.module()["blocked"].values()
    )


def test_a_list_that_is_renewed_outranks_what_was_kept_of_another(workspace, resolver):
    older, newer = workspace.folder / "older", workspace.folder / "newer"
    older.write_text("hoax.example\n")
    newer.write_text("hoax.example\n")

    def take(source, action):
        workspace.tool.do(
            "list", "import", "--source", source, "--format", "domains", workspace.folder / source, "--action", action
        )

    take("older", "nodata")
    take("newer", "nxdomain")
    keep(resolver, "www.hoax.example", order="list:newer")
    older.write_text("hoax.example\nanother.example\n")
    begun = time.time()
    wait_for(lambda: time.time() >= begun + 1.1, "a later second", 5)  # lists are dated by it
    take("older", "nodata")
    wait_for(
        lambda: blocked(resolver, "www.hoax.example", order="list:older", status="NOERROR"), "the renewed list", 10
    )


def test_the_listed_name_that_a_hit_tells_is_that_of_the_day(workspace, resolver):
    listing = workspace.folder / "list"

    def take(text):
        listing.write_text(text)
        workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", listing)

    take("hoax.example\nother.example\n")
    keep(resolver, "a.www.hoax.example", order="list:uji")
    take("www.hoax.example\nother.example\n")
    wait_for(lambda: resolver.dig("a.www.hoax.example").soa.name == "www.hoax.example.", "the longer name", 10)


def test_dnskey_and_ds_are_judged_each_time(workspace, resolver):
    workspace.block("hoax.example")
    wait_for(lambda: blocked(resolver, "www.hoax.example", "DNSKEY"), "blocked")
    for _ in range(4):
        assert not is_kept(resolver, "www.hoax.example", "DNSKEY")


def test_without_keep_after_a_reload_that_leaves_the_cache_nothing_kept_is_given(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    workspace.configure(answer="keep = 0\n")
    resolver.control("reload_keep_cache")
    wait_for(lambda: resolver.starts() == 2 and resolver.answers(), "served again", 30)
    wait_for(lambda: not resolver.cached_messages() - resolver.cached_messages(kept=False), "nothing kept left", 10)
    assert blocked(resolver, "www.hoax.example")


def test_an_alias_that_is_let_through_is_cached_though_its_target_is_kept(workspace, resolver):
    workspace.block("hoax.example")
    workspace.tool.do("local", "allow", "let.example", "--reason", "ticket")
    assert released(resolver, "let.example")
    keep(resolver, "target.hoax.example")
    resolver.control("flush_type", "let.example", "CNAME")
    assert released(resolver, "let.example")
    before = cache_hits(resolver)
    assert released(resolver, "let.example")
    assert cache_hits(resolver) == before + 1


def test_a_block_that_a_response_policy_s_alias_leads_to_is_a_hit_of_its_own_name(workspace, resolver_of):
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
