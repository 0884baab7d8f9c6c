"""conf/landing/nginx.conf and the map, with a real nginx: each host gets the page that speaks of it."""
import random

import pytest

from support import orders
from support.landing import LandingServer, host_map
from support.waiting import wait_for


@pytest.fixture
def served(workspace, new_folder):
    servers = []

    def make():
        site = workspace.folder / "landing"
        workspace.tool.do("landing", "build", site)
        servers.append(LandingServer(new_folder("nginx"), site))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


def test_a_blocked_host_and_all_below_it_get_the_orders_page_whatever_was_asked(workspace, served):
    workspace.block("hoax.example")
    server = served()
    for host in ("hoax.example", "www.hoax.example", "a.b.hoax.example", "HOAX.Example", "hoax.example.",
                 "hoax.example:80"):
        for path in ("/", "/deep/path?x=1", "/index.html", "/order/", "/nginx/hosts.map", "/favicon.ico"):
            answer = server.get(host, path)
            assert answer.status in (404, 451) and (
                answer.status == 451 and orders.ID in answer.body or path.startswith("/order/") or path == "/index.html"
            ), (host, path, answer)
    assert server.get("hoax.example", "/login", method="POST").status == 451
    assert orders.ID not in server.get("nothoax.example").body


def test_the_page_names_the_site_that_was_asked_for_and_the_isp(workspace, served):
    workspace.block("hoax.example")
    site = workspace.folder / "landing"
    server = served()
    workspace.tool.do("landing", "build", site, "--isp", "ISP <Uji>", "--isp-contact", "mailto:abuse@isp.example")
    body = server.get("www.hoax.example").body
    assert body.count("<bdi>www.hoax.example</bdi>") == 2 and "ISP &lt;Uji&gt;" in body and "<!--#" not in body
    assert 'href="mailto:abuse@isp.example"' in body
    hostile = server.get("<script>alert(1)</script>.hoax.example")
    assert "<script>" not in hostile.body


def test_the_headers_keep_the_page_to_itself_and_out_of_caches(workspace, served):
    workspace.block("hoax.example")
    headers = served().get("hoax.example").headers
    assert "default-src 'none'" in headers["content-security-policy"] and "frame-ancestors 'none'" in headers[
        "content-security-policy"]
    assert headers["cache-control"] == "no-store" and headers["referrer-policy"] == "no-referrer"
    assert headers["content-type"] == "text/html; charset=utf-8" and "set-cookie" not in headers


def test_a_host_no_longer_blocked_and_an_unknown_one(workspace, served):
    workspace.block("lifted.example")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "objection upheld")
    server = served()
    over = server.get("www.lifted.example", "/page")
    assert over.status == 503 and "no longer blocked" in over.body
    unknown = server.get("unknown.example")
    assert unknown.status == 451 and "No order names it directly" in unknown.body


def test_no_visit_is_logged(workspace, served):
    workspace.block("hoax.example")
    server = served()
    server.get("hoax.example", "/secret-path")
    assert "hoax.example" not in server.logged() and "secret-path" not in server.logged()


def test_a_new_site_is_in_service_at_the_next_request_and_its_map_after_a_reload(workspace, served):
    workspace.block("hoax.example", id="B-1")
    server = served()
    assert "B-1" in server.get("hoax.example").body
    workspace.tool.do("order", "revoke", "B-1", "--reason", "objection upheld")
    workspace.block("other.example", id="B-2")
    workspace.tool.do("landing", "build", workspace.folder / "landing")
    assert "no longer blocked" in server.get("hoax.example").body, "the old map must not point at a missing page"
    server.reload()
    wait_for(
        lambda: "B-2" in server.get("other.example").body and server.get("hoax.example").status == 503, "the new map"
    )


def test_the_page_agrees_with_explain_for_many_hosts(workspace, served):
    """Random orders over a small tree of names, subtree and exact, blocks and passes: nginx
    finds the page of the very order that decides, or none where nothing blocks."""
    rng = random.Random(20240214)
    names = [f"{a}.example"
             for a in "abc"] + [f"{a}.{b}.example" for a in "xy"
                                for b in "abc"] + [f"{a}.{b}.{c}.example" for a in "pq" for b in "xy" for c in "abc"]
    for number in range(14):
        workspace.block(*rng.sample(names, 3), id=f"ORDER-{number:02}-END", match=rng.choice(["subtree", "exact"]),
                        action=rng.choice(["nxdomain", "redirect", "redirect",
                                           "passthru"]), issued=f"2024-01-{1 + number:02}T00:00:00Z")
    workspace.tool.do("local", "allow", "y.b.example", "--reason", "wrong")
    server = served()
    assert len(host_map(workspace.folder / "landing")) > 5
    blocked = 0
    for host in [*names, *(f"deep.{name}" for name in names)]:
        explained = workspace.tool("explain", host, "--json").json()
        body = server.get(host).body
        shown = {f"ORDER-{number:02}-END" for number in range(14) if f"ORDER-{number:02}-END" in body}
        decided = {explained["order"]["id"]} if explained["verdict"] == "blocked" else set()
        blocked += len(decided)
        assert shown == decided, (host, explained)
    assert blocked > 10
