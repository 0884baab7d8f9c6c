"""Whenever the module has finished with a query, no message for a name that a current order lists
is in the message cache, but for answers of its own. Each test is one way in which it could get there."""
import re
import threading
import time

import pytest

from support import orders
from support.authority import RESOLVED, Authority
from support.waiting import wait_for

INSIDE, OUTSIDE = "127.0.1.1", "127.0.2.1"


def names_in_cache(resolver):
    return {name.rstrip(".") for name, _ in resolver.cached_messages(kept=False)}


def assert_not_cached(resolver, *names):
    present = names_in_cache(resolver)
    for name in names:
        assert name not in present, present


def wait_swept(workspace, serial):
    wait_for(lambda: workspace.module().get("serial") == serial, f"the module having swept for serial {serial}")


def test_the_queried_name_itself(workspace, resolver):
    workspace.block("hoax.example")
    for option in ("+cd", "+dnssec", "+norec", "+tcp"):
        resolver.dig("hoax.example", "A", option)
        resolver.dig("www.hoax.example", "TXT", option)
    assert_not_cached(resolver, "hoax.example", "www.hoax.example")


@pytest.fixture(scope="module")
def alias_zone(new_folder):
    server = Authority(
        new_folder("aliases"), {
            "alias.test.": "one CNAME two\ntwo CNAME three\nthree A 198.51.100.3\ngone CNAME missing\n"
                           "dname DNAME target\ndeep.target A 198.51.100.4\n",
            "elsewhere.test.": "@ CNAME three.alias.test.\n"
        })
    yield server.start()
    server.stop()


def forward(server, *zones):
    return "".join(f'forward-zone:\n    name: "{zone}"\n    forward-addr: 127.0.0.1@{server.port}\n' for zone in zones)


@pytest.fixture
def aliasing(workspace, resolver_of, alias_zone):
    workspace.tool.do("db", "init")
    server = resolver_of(workspace, extra=forward(alias_zone, "alias.test.")).start()
    yield server
    server.stop()


def test_the_target_of_an_alias_followed_for_an_unlisted_name(workspace, aliasing):
    workspace.block("three.alias.test")
    answer = aliasing.dig("one.alias.test")
    assert answer.status == "NXDOMAIN" and answer.blocked_by(orders.ID), answer.raw
    assert_not_cached(aliasing, "one.alias.test", "two.alias.test", "three.alias.test")


def test_the_target_of_an_alias_that_leads_nowhere(workspace, aliasing):
    workspace.block("missing.alias.test")
    answer = aliasing.dig("gone.alias.test")
    assert answer.status == "NXDOMAIN" and answer.blocked_by(orders.ID), answer.raw
    assert_not_cached(aliasing, "gone.alias.test", "missing.alias.test")


def test_the_name_that_a_dname_makes(workspace, aliasing):
    workspace.block("target.alias.test")
    answer = aliasing.dig("deep.dname.alias.test")
    assert answer.blocked_by(orders.ID), answer.raw
    assert_not_cached(aliasing, "deep.dname.alias.test", "deep.target.alias.test")


def test_a_listed_alias_allowed_by_a_passthru_of_the_queried_name_still_does_not_leave_its_target_in_the_cache(
    workspace, aliasing
):
    workspace.block("three.alias.test")
    workspace.block("one.alias.test", id="B-2/UJI/2024", action="passthru")
    assert aliasing.dig("one.alias.test").data("A") == ["198.51.100.3"]
    assert_not_cached(aliasing, "two.alias.test", "three.alias.test")


def test_a_name_server_s_address_under_a_listed_name(workspace, resolver_of, authority, new_folder):
    """Unbound looks up the name server's address by a sub-query, which has no client and passes."""
    child = Authority(new_folder("child"), {"child.test.": "* A 198.51.100.9\n"}).start()
    address = Authority(new_folder("address"), {"hoax.example.": "@ A 127.0.0.1\nns A 127.0.0.1\n"}).start()
    try:
        workspace.block("hoax.example")
        resolver = resolver_of(
            workspace, extra=forward(address, "hoax.example.") +
            f'stub-zone:\n    name: "child.test."\n    stub-host: ns.hoax.example@{child.port}\n').start()
        assert resolver.dig("www.child.test").data("A") == ["198.51.100.9"]
        assert_not_cached(resolver, "ns.hoax.example")
        assert resolver.dig("ns.hoax.example").blocked_by(orders.ID)
    finally:
        child.stop()
        address.stop()


PREFETCH = "server:\n    prefetch: yes\n"


def test_prefetch(workspace, resolver_of, scripted):
    """A prefetch is under way while the order commits: it has no client and must leave nothing behind."""
    hold, asked = threading.Event(), threading.Event()

    def answer(name, type_):
        if type_ != "A":
            return []
        if server.questions("hot.slow.test") > 1:
            asked.set()
            hold.wait(30)
        return [f"{name} 10 IN A 198.51.100.8"]

    server = scripted(answer)
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace, extra=PREFETCH + server.forward("slow.test.")).start()
    assert resolver.dig("hot.slow.test").data("A") == ["198.51.100.8"]

    def ask_until_prefetched():
        resolver.dig("hot.slow.test")
        return asked.is_set()
    wait_for(ask_until_prefetched, "a prefetch", 30)
    workspace.block("hot.slow.test")
    wait_swept(workspace, 1)
    hold.set()
    resolver.dig("sentinel.example")  # the worker has processed it
    wait_for(lambda: resolver.control("dump_requestlist").count("hot.slow.test") == 0, "the prefetch ending")
    assert_not_cached(resolver, "hot.slow.test")
    assert resolver.dig("hot.slow.test").blocked_by(orders.ID)


def test_a_client_outside_the_region(workspace, resolver_of):
    table = workspace.folder / "prefixes"
    table.write_text("127.0.1.0/24 ID-JK\n127.0.2.0/24 ID-JB\n")
    workspace.configure(more=f'[region]\nprefix_table = "{table}"\n')
    workspace.block("hoax.example", regions=["ID-JK"])
    resolver = resolver_of(workspace).start()
    assert resolver.dig("hoax.example", "A", "-b", OUTSIDE).data("A") == [RESOLVED]
    assert_not_cached(resolver, "hoax.example")
    assert resolver.dig("hoax.example", "A", "-b", INSIDE).blocked_by(orders.ID)


def test_an_answer_stored_between_the_commit_and_the_sweep(workspace, resolver_of, scripted):
    """Many names are being resolved and enter the cache during the commit and its sweep."""
    hold = threading.Event()

    def answer(name, type_):
        hold.wait(30)
        time.sleep(int(name.split(".")[0][1:]) / 100)  # one after the other, before and after the commit
        return [f"{name} 300 IN A 198.51.100.8"] if type_ == "A" else []

    server = scripted(answer)
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace, threads=2, extra=server.forward("slow.test.")).start()
    names = [f"n{number}.slow.test" for number in range(40)]
    clients = [threading.Thread(target=resolver.dig, args=(name, "A", "+tries=1", "+time=10")) for name in names]
    for client in clients:
        client.start()
    wait_for(lambda: all(server.questions(name) for name in names), "all questions under way")
    order = workspace.signed(targets=orders.domains("slow.test"))
    hold.set()
    workspace.tool.do("order", "apply", order)
    for client in clients:
        client.join()
    wait_swept(workspace, 1)
    assert_not_cached(resolver, *names)


def with_loaded_cache(workspace, resolver_of, sweep_seconds: int):
    """A resolver whose cache has a listed answer, loaded after the order's sweep."""
    workspace.tool.do("db", "init")
    workspace.configure(more=f"[eviction]\nsweep_seconds = {sweep_seconds}\n")
    resolver = resolver_of(workspace).start()
    assert resolver.dig("hoax.example").data("A") == [RESOLVED]
    dump = resolver.control("dump_cache")
    workspace.block("hoax.example")
    wait_swept(workspace, 1)
    assert_not_cached(resolver, "hoax.example")
    resolver.control("load_cache", stdin=dump)
    return resolver


def test_load_cache(workspace, resolver_of):
    resolver = with_loaded_cache(workspace, resolver_of, sweep_seconds=1)
    wait_for(lambda: resolver.dig("hoax.example").blocked_by(orders.ID), "the loaded answer being evicted")
    assert_not_cached(resolver, "hoax.example")


def test_a_walk_of_the_whole_cache_follows_each_change(workspace, resolver_of):
    """It finds what a worker judged before the change and stored after its sweep. That sweep itself looks for the
    names that changed."""
    resolver = with_loaded_cache(workspace, resolver_of, sweep_seconds=86400)
    workspace.block("other.example", id="B-OTHER/UJI")
    wait_for(lambda: resolver.dig("hoax.example").blocked_by(orders.ID), "the loaded answer being evicted")
    assert_not_cached(resolver, "hoax.example")


def test_an_order_whose_time_comes_with_no_commit_at_that_moment(workspace, resolver):
    workspace.apply("--scheduled", targets=orders.domains("hoax.example"), effective=orders.at(3))
    assert resolver.dig("hoax.example").data("A") == [RESOLVED]
    assert "hoax.example" in names_in_cache(resolver)
    wait_for(lambda: "hoax.example" not in names_in_cache(resolver), "the cached answer being evicted")


SERVE_EXPIRED = "server:\n    serve-expired: yes\n    serve-expired-ttl: 0\n    serve-expired-client-timeout: 0\n"


def test_serve_expired(workspace, resolver_of, scripted):
    """An expired answer is still cached and is refreshed in the background."""
    server = scripted(lambda name, type_: [f"{name} 2 IN A 198.51.100.8"] if type_ == "A" else [])
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace, extra=SERVE_EXPIRED + server.forward("short.test.")).start()
    assert resolver.dig("hot.short.test").data("A") == ["198.51.100.8"]
    # Later Unbounds do not list expired messages in a cache dump.
    wait_for(
        lambda: resolver.dig("hot.short.test")
        and re.search(r"total.num.expired=[1-9]", resolver.control("stats_noreset")),
        "the expired answer being served",
    )
    workspace.block("hot.short.test")
    wait_for(lambda: resolver.dig("hot.short.test").blocked_by(orders.ID), "the block")
    assert_not_cached(resolver, "hot.short.test")


def test_a_reload_that_keeps_the_cache(workspace, resolver):
    assert resolver.dig("hoax.example").data("A") == [RESOLVED]
    before = resolver.starts()
    resolver.control("reload_keep_cache")
    wait_for(lambda: resolver.starts() > before and resolver.answers(), "Unbound serving again", 60)
    assert "hoax.example" in names_in_cache(resolver)
    workspace.block("hoax.example")
    wait_for(lambda: resolver.dig("hoax.example").blocked_by(orders.ID), "the block")
    assert_not_cached(resolver, "hoax.example")


def test_what_an_order_blocked_while_the_module_was_away(workspace, resolver_of):
    """An order commits during a reload that keeps Unbound's cache."""
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace).start()
    for number in range(5):
        resolver.dig(f"n{number}.hoax.example")
    order = workspace.signed(targets=orders.domains("hoax.example"))
    before = resolver.starts()
    reload = threading.Thread(target=resolver.control, args=("reload_keep_cache",))
    reload.start()
    workspace.tool.do("order", "apply", order)
    reload.join()
    wait_for(lambda: resolver.starts() > before and resolver.answers(), "Unbound serving again", 60)
    wait_for(lambda: not any(name.endswith("hoax.example") for name in names_in_cache(resolver)),
             "the cache being swept at start")
