"""Kept answers leave the message cache when their order changes or ends, and not before."""
import json
import subprocess
import time
from datetime import datetime

import pytest

from support import orders
from support.authority import RESOLVED
from support.hits import hits_in
from support.kept import authority, blocked, is_kept, keep, released  # noqa: F401
from support.waiting import wait_for


def test_a_revoked_order_releases_kept_names_and_those_below(workspace, resolver):
    workspace.block("hoax.example")
    names = ("hoax.example", "www.hoax.example", "a.b.c.hoax.example")
    for name in names:
        keep(resolver, name)
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "test")
    begun = time.monotonic()
    for name in names:
        wait_for(lambda: released(resolver, name), "released", 10)
    assert time.monotonic() - begun < 5  # one second on an idle machine: tests/bench


@pytest.mark.parametrize("serve", ["serve-expired: no", "serve-expired: yes\n    serve-expired-ttl: 86400"])
def test_none_is_sent_after_the_orders_end(workspace, resolver_of, serve):
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


def test_a_newer_order_and_an_allow_replace_kept_answers(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    workspace.block("hoax.example", id="B-NEW", issued="2025-01-01T00:00:00Z")
    wait_for(lambda: blocked(resolver, "www.hoax.example", order="B-NEW"), "the newer order", 10)
    keep(resolver, "www.hoax.example", order="B-NEW")
    workspace.tool.do("local", "allow", "www.hoax.example", "--reason", "ticket")
    wait_for(lambda: released(resolver, "www.hoax.example"), "the allow", 10)
    assert blocked(resolver, "hoax.example", order="B-NEW")


def test_another_action_replaces_kept_answers(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    workspace.block("hoax.example", id="B-NEW", issued="2025-01-01T00:00:00Z", action="nodata")
    wait_for(lambda: blocked(resolver, "www.hoax.example", order="B-NEW", status="NOERROR"), "NODATA", 10)
    keep(resolver, "www.hoax.example", order="B-NEW", status="NOERROR")


def test_a_rolled_back_database_releases_kept_answers(workspace, resolver):
    workspace.block("other.example", id="B-0")
    wait_for(lambda: blocked(resolver, "other.example", order="B-0"), "blocked")
    serial = workspace.module()["image"]["serial"]
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    workspace.tool.do("db", "rollback", str(serial), "--reason", "test")
    wait_for(lambda: released(resolver, "www.hoax.example"), "released", 10)


def test_loading_a_dumped_cache_restores_no_kept_answer(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    dump = resolver.control("dump_cache")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "test")
    wait_for(lambda: released(resolver, "www.hoax.example"), "released", 10)
    resolver.control("load_cache", stdin=dump)
    assert released(resolver, "www.hoax.example")


def test_kept_answers_are_answered_and_released_across_reloads(workspace, resolver_of):
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


def test_a_refused_image_does_not_change_kept_answers(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    current = workspace.database / "image" / "current"
    good = current.read_bytes()
    current.write_bytes(b"nonsense\n")
    wait_for(lambda: workspace.module().get("state") == "stale", "the image refused")
    assert is_kept(resolver, "www.hoax.example")
    current.write_bytes(good)


def test_many_kept_names_are_revoked_exactly(workspace, resolver):
    names = [f"hoax{number}.example" for number in range(300)]
    workspace.block(*names)
    wait_for(lambda: blocked(resolver, names[-1]), "blocked")
    for name in names[:40]:
        keep(resolver, f"www.{name}")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "test")
    for name in names[:40]:
        wait_for(lambda: released(resolver, f"www.{name}"), "released", 10)
    assert json.loads(workspace.module_status.read_text())["state"] == "ok"


def test_no_kept_answer_outlives_its_order_under_load(workspace, resolver_of):
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
        # The state file has the serial for which the cache was swept.
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


def test_a_renewed_list_outranks_answers_kept_for_another(workspace, resolver):
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


def test_after_a_reload_with_keep_0_no_kept_answer_is_sent(workspace, resolver):
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    workspace.configure(answer="keep = 0\n")
    resolver.control("reload_keep_cache")
    wait_for(lambda: resolver.starts() == 2 and resolver.answers(), "served again", 30)
    wait_for(lambda: not resolver.cached_messages() - resolver.cached_messages(kept=False), "nothing kept left", 10)
    assert blocked(resolver, "www.hoax.example")


def test_without_an_image_no_kept_answer_is_sent_beyond_a_moment(workspace, resolver):
    """The failure policy answers instead, as for any other name."""
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    (workspace.database / "image" / "current").unlink()
    resolver.control("reload_keep_cache")
    wait_for(lambda: resolver.starts() == 2 and resolver.answers(), "served again", 30)
    wait_for(lambda: released(resolver, "www.hoax.example"), "resolved, as failure.policy says", 10)
    workspace.tool.do("db", "publish")
    wait_for(lambda: blocked(resolver, "www.hoax.example"), "blocked again")


def test_kept_answers_end_by_themselves_when_the_module_leaves_the_chain(workspace, resolver_of):
    workspace.tool.do("db", "init")
    workspace.configure(answer="keep = 3\n")
    resolver = resolver_of(workspace).start()
    workspace.block("hoax.example")
    keep(resolver, "www.hoax.example")
    resolver.without_module()
    resolver.control("reload_keep_cache")
    wait_for(lambda: resolver.answers() and released(resolver, "www.hoax.example"), "released", 15)
