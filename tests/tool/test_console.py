"""The console's pages against what the commands say of the same, over random hits and orders."""
import csv
import io
import json
import random
import re
import time

import pytest

from support import made_hits as hits
from support import orders
from support.console import Console, Events
from support.tool import DONE
from support.waiting import wait_for

REGIONS = ["ID-JK", "ID-AC", "ID-PA", ""]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def stamp(age: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - age))


@pytest.fixture(scope="module")
def workspace(shared_workspace):
    w = shared_workspace
    w.configure(more='[console]\nlanguage = "en"\ntime_zone = "WIB"\n')
    w.block("a.example", "www.b.example", id="B-1/2024", authority="Kementerian A", category="hoax", deadline="2024-01-02T00:00:00Z")
    w.block("b.example", id="B-2/2024", authority="Kementerian B", category="phishing", regions=["ID-JK"])
    w.apply(id="B-3/2024", targets=orders.domains("c.example"), authority="Kementerian A", action="log")
    w.apply(id="B-4/2024", targets=orders.domains("gone.example"), authority="Kementerian A", expires=orders.at(86400 * 5))
    w.tool("order", "apply", w.signed(id="B-5/2024", targets=orders.domains("co.id", "d.example"), authority="Kementerian B"))
    w.tool.do("local", "allow", "www.b.example", "--reason", "ticket 7")
    chance = random.Random(5)
    rows = [{"time": stamp(age), "qname": f"{chance.choice(['www.', 'pemilu.', ''])}{name}.example", "listed": f"{name}.example", "order": f"B-{1 + 'abc'.index(name)}/2024",
             "action": "log" if name == "c" else "nxdomain", "region": chance.choice(REGIONS), "client": chance.choice(["192.0.2.0/24", "198.51.100.0/24", ""]),
             "qtype": chance.choice([1, 28, 65]), "transport": chance.choice(["udp", "doh"])}
            for age, name in sorted(((chance.randrange(60, 40 * 3600), chance.choice("abc")) for _ in range(300)), reverse=True)]
    hits.record_by_hour(w, rows)
    return w


@pytest.fixture(scope="module")
def console(workspace):
    server = Console(workspace)
    yield server
    assert server.stop() == 0


def without(found: dict, *members: str) -> dict:
    return {name: value for name, value in found.items() if name not in members}


# What is shown is what the commands say.

FILTERS = [{}, {"order": "B-2/2024"}, {"region": "unknown"}, {"match": "pemilu"}, {"type": "AAAA", "transport": "doh"}, {"authority": "Kementerian A", "since": "20h"},
           {"client": "192.0.2.0/24", "action": "nxdomain"}, {"name": "b.example", "category": "phishing"}]


@pytest.mark.parametrize("filter", FILTERS, ids=lambda f: "-".join(f) or "all")
def test_hits_are_those_that_the_command_lists(workspace, console, filter):
    words = [word for name, value in filter.items() for word in (f"--{name}", value)]
    listed = workspace.tool("hits", "list", *words, "--limit", "0", "--json").json()["hits"]
    assert console.get("/hits.json", **filter).json() == {"hits": listed, "more": False}
    assert listed and [row[7] for row in console.page("/hits", limit=500, **filter).rows()] == [hit["order"] for hit in listed]
    assert list(csv.reader(io.StringIO(console.get("/hits.csv", **filter).text))) == \
        list(csv.reader(io.StringIO(workspace.tool("hits", "list", *words, "--limit", "0", "--csv").out)))


@pytest.mark.parametrize("what", ["names", "orders", "regions", "actions", "clients", "types", "transports", "qnames"])
@pytest.mark.parametrize("filter", FILTERS[:4], ids=lambda f: "-".join(f) or "all")
def test_counts_are_those_of_the_command(workspace, console, what, filter):
    words = [word for name, value in filter.items() for word in (f"--{name}", value)]
    counted = workspace.tool("hits", "top", what, *words, "--json").json()
    assert console.get("/top.json", what=what, **filter).json() == counted
    rows = console.page("/top", what=what, **filter).rows()
    assert [row[1] for row in rows][:10] == [str(row["hits"]) for row in counted["rows"]]


@pytest.mark.parametrize("since", ["2h", "1d", "30d"])
def test_bars_are_those_of_the_command(workspace, console, since):
    def bars(told):
        return {one["begin"]: one["hits"] for one in told["bins"] if one["hits"]}
    assert bars(console.get("/histogram.json", since=since).json()) == bars(workspace.tool("hits", "histogram", "--since", since, "--json").json())


@pytest.mark.parametrize("name", ["a.example", "x.a.example", "b.example", "www.b.example", "c.example", "nothing.example", "203.0.113.7", "gone.example"])
def test_a_name_is_explained_as_the_command_does(workspace, console, name):
    said = workspace.tool("explain", name, "--json").json()
    assert without(console.get("/explain.json", name=name).json(), "at") == without(said, "at")
    page = console.page("/name", name=name)
    word = {"blocked": "BLOCKED", "passed": "passed", "rehearsed": "REHEARSAL"}.get(said["verdict"], "not blocked")
    assert word in page.words and (said["order"] is None or said["order"]["id"] in page.words)


def test_a_names_history_names_each_order_that_listed_it_or_what_is_above(workspace, console):
    def told(name):
        page = console.page("/name", name=name)
        return [table for table in page.tables if table[0][1] == "Change"][0][1:]
    assert [(row[1], row[2], row[3]) for row in told("x.a.example")] == [("listed", "a.example (subtree)", "B-1/2024")]
    assert {(row[1], row[3]) for row in told("www.b.example")} >= {("listed", "B-1/2024"), ("listed", "B-2/2024")}


def test_orders_are_those_that_the_command_lists(workspace, console):
    told = workspace.tool("order", "list", "--json").json()
    assert console.get("/orders.json").json() == told
    rows = console.page("/orders").rows()
    assert {row[0] for row in rows} == {order["id"] for order in told["orders"]}
    late = next(row for row in rows if row[0] == "B-1/2024")
    assert "MISSED" in late[5] and "REHEARSAL" in next(row for row in rows if row[0] == "B-3/2024")[6]


@pytest.mark.parametrize("id", ["B-1/2024", "B-2/2024", "B-5/2024"])
def test_an_order_is_what_the_command_shows(workspace, console, id):
    assert console.get("/order.json", id=id).json() == workspace.tool("order", "show", id, "--json").json()
    page = console.page("/order", id=id)
    assert "Hoaks pemilu" in page.words and "saring-receipt/" in page.words and '"saring-order/1"' in page.words


def test_an_orders_targets_have_each_their_state(console):
    def states(id):
        page = console.page("/order", id=id)
        return {row[0]: row[2] for row in page.tables[0][1:]}
    assert states("B-1/2024") == {"a.example": "in force", "www.b.example": "passed by local policy"}
    assert states("B-5/2024") == {"co.id": "held", "d.example": "in force"}


def test_quarantine_journal_state_and_feeds_are_those_of_the_commands(workspace, console):
    assert console.get("/quarantine.json").json() == workspace.tool("quarantine", "list", "--json").json()
    assert console.get("/journal.json").json() == workspace.tool("db", "history", "--json").json()
    assert console.get("/journal.json", name="a.example").json() == workspace.tool("db", "history", "--name", "a.example", "--json").json()
    told = console.get("/status.json").json()
    assert told == workspace.tool("status", "--json").json()
    page = console.page("/")
    assert all(concern["what"] in page.words for concern in told["concerns"])
    assert "co.id" in console.page("/quarantine").words and "order apply" in console.page("/journal").words
    assert "None" in console.page("/feeds").words


def test_a_commit_shows_what_it_changed(workspace, console):
    serial = next(r["serial"] for r in workspace.tool("db", "history", "--order", "B-1/2024", "--json").json()["records"] if r["command"] == "order apply")
    page = console.page("/commit", serial=serial)
    assert [row[:2] for row in page.rows(1)] == [["added", "a.example"], ["added", "www.b.example"]]


def test_health_is_what_doctor_says(workspace, console):
    told = console.get("/doctor.json").json()
    assert {(c["check"], c["health"]) for c in told["checks"]} == {(c["check"], c["health"]) for c in workspace.tool("doctor", "--quick", "--json").json()["checks"]}
    words = console.page("/health").words
    assert all(c["what"] in words for c in told["checks"])


def test_metrics_are_those_of_the_command(workspace, console):
    def figures(text):
        return {line for line in text.splitlines() if not line.startswith("#") and "_age_" not in line}
    answer = console.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert figures(answer.text) == figures(workspace.tool("metrics").out)


def test_the_first_overview_waits_for_no_count_of_many_hits_and_completes_itself(new_folder):
    from support.workspace import Workspace
    many = Workspace(new_folder("many"))
    many.block("a.example")
    hits.load(many, 600000, batch=5000)
    server = Console(many)
    try:
        begun = time.monotonic()
        first = server.get("/")
        assert first.status == 200 and time.monotonic() - begun < 2
        assert ("Still being counted" in first.text) == ("refresh" in first.headers)
        wait_for(lambda: "refresh" not in server.get("/").headers, "all counts")
        by_name = server.page("/").tables[1]
        counted = many.tool("hits", "top", "names", "--since", "1d", "--limit", "8", "--json").json()["rows"]
        shown = [(row[0], int(row[1].replace(",", ""))) for row in by_name[1:]]
        assert shown == [(row["listed"], row["hits"]) for row in counted]
    finally:
        assert server.stop() == 0


# Pages.

PATHS = ["/", "/hits", "/hits?since=2h&match=pemilu", "/top?what=regions", "/live", "/name", "/name?name=a.example", "/orders", "/order?id=B-1/2024", "/quarantine?all=1", "/journal",
         "/commit?serial=1", "/feeds", "/health"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_page_is_well_formed_labelled_and_in_its_language(console, path, language):
    answer = console.get(path, headers={"Accept-Language": f"{language}-XX,{language};q=0.9"})
    page = answer.page()
    assert answer.status == 200 and not page.unclosed and f'<html lang="{language}">' in answer.text
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids)), "an id that comes twice"
    labelled = {value for tag, name, value in page.attributes if tag == "label" and name == "for"}
    fields = {value for tag, name, value in page.attributes if tag in ("input", "select") and name == "id"}
    assert fields == labelled and page.tags.count("h1") == 1 and page.tags.count("caption") == page.tags.count("table")
    assert all(value in ids for _, name, value in page.attributes if name == "aria-labelledby" for value in value.split())
    assert not [a for a in page.attributes if a[1].startswith("on") or a[1] == "style"] and "<style" not in answer.text
    assert not re.search(r"<script(?! src=\"/console.js\")", answer.text)
    assert {"id": "Konsol Saring", "en": "Saring console"}[language] in page.words
    for href, _ in page.links:
        assert href.startswith(("/", "#")), href


def test_every_link_leads_somewhere(console):
    seen, todo = set(), ["/"]
    while todo and len(seen) < 150:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = console.get(path)
        assert answer.status == 200, (path, answer)
        if answer.headers["content-type"].startswith("text/html"):
            todo += [href for href, _ in answer.page().links if href.startswith("/")]
    assert len(seen) > 100


def test_paging_shows_each_hit_once(workspace, console):
    path, seen = "/hits?limit=50", []
    while path:
        page = console.get(path).page()
        seen += [tuple(row) for row in page.rows()]
        path = next((href for href, text in page.links if text == "Older"), None)
    assert len(seen) == 300 == len(hits.listed(workspace, "--limit", "0"))
    oldest = console.page("/hits", sort="oldest", limit=50).rows()
    assert oldest[0] == list(seen[-1])


def test_links_keep_language_and_zone_that_were_chosen_and_no_others(console):
    chosen = console.page("/", lang="id", tz="WIT")
    assert all("lang=id" in href and "tz=WIT" in href for href, _ in chosen.links if href.startswith("/") and "lang=en" not in href and "tz=W" not in href.replace("tz=WIT", "") and "tz=UTC" not in href)
    assert not any("lang=" in href for href, text in console.page("/").links if text == "Hits")


@pytest.mark.parametrize("zone, hour", [("WIB", "19"), ("WITA", "20"), ("WIT", "21"), ("UTC", "12")])
def test_times_are_shown_and_read_in_the_zone(console, zone, hour, new_folder):
    page = console.page("/commit", serial=1, tz=zone)
    shown = next(row for row in page.rows()[0:1])[1]
    utc = console.get("/journal.json").json()["records"][-1]["time"]
    assert (int(shown[11:13]) - int(utc[11:13])) % 24 == int(hour) - 12
    assert console.get("/hits", since="2024-02-14T07:00", until="2024-02-14T06:00", tz=zone).status == 400
    assert f'{zone}</bdi>' in console.get("/", tz=zone).text


def test_a_filter_that_is_wrong_can_be_put_right(console):
    answer = console.get("/hits", type="NONSENSE", match="x.example")
    page = answer.page()
    assert answer.status == 400 and "NONSENSE" in page.words and ("input", "value", "x.example") in page.attributes
    assert 'order "B-99" is not in the ledger' in console.page("/hits", order="B-99").words


@pytest.mark.parametrize("path", ["/nothing", "/order?id=B-99", "/commit?serial=9999", "/../etc/passwd", "/style.css/x"])
def test_what_is_not_there_is_not_found(console, path):
    assert console.get(path).status == 404


def test_the_command_that_undoes_a_block_works(workspace, console, new_folder):
    from support.workspace import Workspace
    fresh = Workspace(new_folder("undo"))
    fresh.block("wrong.example")
    server = Console(fresh)
    try:
        command = re.search(r"<code>(.*?)</code>", server.get("/name", name="wrong.example").text)[1].replace("&#39;", "'")
        assert command == "runuser -u saring -- blocklist-tool local allow wrong.example --reason '...'"
        fresh.tool.do("local", "allow", "wrong.example", "--reason", "...")
        assert "passed" in server.page("/name", name="wrong.example").words
    finally:
        server.stop()


# The live view.

def test_a_hit_is_seen_within_a_second(workspace, console):
    events = Events(console, "/events?match=live-here")
    other = Events(console, "/events?match=elsewhere")
    events.wait("now")
    other.wait("now")
    begun = time.monotonic()
    hits.record(workspace, [{"time": "now", "qname": "live-here.a.example", "listed": "a.example", "order": "B-1/2024"}])
    hit = events.wait("hit")
    took = time.monotonic() - begun
    assert hit["qname"] == "live-here.a.example" and took < 1.5, "making the hit included"
    assert hit == hits.listed(workspace, "--match", "live-here")[0]
    assert other.wait("now")["per_second"] > 0
    events.close()
    other.close()


def test_only_so_many_may_watch(workspace, new_folder):
    from support.workspace import Workspace
    fresh = Workspace(new_folder("viewers"))
    fresh.configure(more="[console]\nmax_viewers = 2\n")
    hits.record(fresh, [{"time": "now"}])
    server = Console(fresh)
    watching = [Events(server, "/events") for _ in range(2)]
    assert server.get("/events").status == 503
    watching[0].close()
    wait_for(lambda: try_watch(server), "a place is free again")
    watching[1].close()
    assert server.stop() == 0


def try_watch(server):
    try:
        Events(server, "/events").close()
        return True
    except AssertionError:
        return False


@pytest.mark.parametrize("path", ["/hits.json?name=%00", "/hits.json?limit=-1", "/hits?tz=Mars", "/?lang=xx",
                                  "/histogram.json?by=nothing", "/top?limit=x"])
def test_a_parameter_that_does_not_fit_is_refused(console, path):
    assert console.get(path).status == 400
