"""All that the console shows, pages and exports alike, against what the commands say: random orders, hits, filters and
times. SARING_SEED repeats a run."""
import csv
import io
import json
import os
import random
import re
import time
from typing import Any

import pytest

from support import made_hits as hits
from support import orders
from support.console import Answer, Console
from support.workspace import Workspace

SEED = int(os.environ.get("SARING_SEED", time.time_ns() % 1_000_000))
NAMES = [f"{label}.example" for label in "abcdefgh"]
AUTHORITIES = ["Kementerian A", "Kementerian B"]
CATEGORIES = ["hoax", "phishing", "gambling"]
REGIONS = ["ID-JK", "ID-AC", "ID-PA"]
KINDS = ["names", "qnames", "orders", "regions", "actions", "clients", "networks", "instances", "types", "transports",
         "triggers"]


def utc(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def local(rfc3339: str) -> str:
    """As the console shows it in WIB, seven hours ahead, milliseconds included."""
    seconds, _, fraction = rfc3339.rstrip("Z").partition(".")
    shown = time.gmtime(time.mktime(time.strptime(seconds, "%Y-%m-%dT%H:%M:%S")) - time.timezone + 7 * 3600)
    return time.strftime("%Y-%m-%d %H:%M:%S", shown) + ("." + fraction[:3] if fraction else "")


def number(text: str) -> int:
    return int(text.replace(",", ""))


class Shown:
    """A page's tables by caption, its tiles by label, its bars by time."""

    def __init__(self, answer: Answer) -> None:
        assert answer.status == 200 and "refresh" not in answer.headers, answer
        page, self.text = answer.page(), answer.text
        self.words = page.words
        captions = re.findall(r"<caption[^>]*>(.*?)</caption>", answer.text)
        self.tables = {caption: table[1:] for caption, table in zip(captions, page.tables, strict=True)}
        self.tiles = dict(re.findall(r"<dt>([^<]*)</dt><dd[^>]*>(?:<a [^>]*>)?<bdi>([^<]*)<", answer.text))
        bars = re.findall(r"<title>(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d): ([\d,]+)</title>", answer.text)
        self.bars = {begin: number(count) for begin, count in bars if number(count)}

    def counts(self, caption: str) -> list[tuple[str, int]]:
        """A table of counts: what, and how many."""
        return [(row[0], number(row[1])) for row in self.tables.get(caption, [])]


def counted(told: dict[str, Any], most: int = 1000) -> list[tuple[str, int]]:
    """Rows of `hits top --json`, as a page shows them."""
    unknown = "(unknown)" if told["by"] in ("region", "asn") else "(not kept)"
    return [(row[told["by"]] or unknown, row["hits"]) for row in told["rows"][:most]]


def make_orders(chance: random.Random, w: Workspace) -> list[str]:
    ids = [f"B-{n}/2024" for n in range(chance.randrange(4, 9))]
    for n, id in enumerate(ids):
        fields: dict[str, Any] = {"id": id, "authority": chance.choice(AUTHORITIES),
                                  "category": chance.choice(CATEGORIES),
                                  "targets": orders.domains(*chance.sample(NAMES, chance.randrange(1, 4)))}
        if chance.random() < 0.3:
            fields["regions"] = chance.sample(REGIONS, 1)
        if chance.random() < 0.4:
            fields["action"] = chance.choice(["nodata", "refused", "log"])
        if chance.random() < 0.3:
            fields["deadline"] = chance.choice(["2024-01-02T00:00:00Z", orders.at(86400)])
        if chance.random() < 0.3:
            fields["expires"] = orders.at(86400 * chance.randrange(1, 40))
        if n and chance.random() < 0.3:
            fields["revokes"] = [{"order": chance.choice(ids[:n])}]
        if chance.random() < 0.3:
            fields["targets"] += orders.domains("co.id")  # held: a public suffix
        w.tool("order", "apply", w.signed(**fields))
    if chance.random() < 0.7:
        w.tool.do("local", "allow", chance.choice(NAMES), "--reason", "ticket")
    return ids


def make_hits(chance: random.Random, w: Workspace, ids: list[str]) -> None:
    now, rows = time.time(), []
    for _ in range(chance.randrange(150, 400)):
        age, name = chance.randrange(120, 60 * 3600), chance.choice(NAMES)
        if abs(age - 3600) < 120:
            continue  # "the last hour" is another one for each look
        row = {"time": utc(now - age), "qname": chance.choice(["", "www.", "Pemilu.", "x.y."]) + name, "listed": name,
               "order": chance.choice(ids), "region": chance.choice([*REGIONS, ""]), "asn": chance.choice([0, 64500]),
               "client": chance.choice(["192.0.2.0/24", "198.51.100.7", "2001:db8:1::/48", ""]),
               "qtype": chance.choice([1, 28, 65, 4711]), "transport": chance.choice(["udp", "tcp", "doh"]),
               "action": chance.choice(["nxdomain", "nodata", "log"]), "instance": chance.choice(["ns1", "ns2"])}
        if chance.random() < 0.1:
            row |= {"trigger": "address", "listed": "203.0.113.0/28"}
        elif chance.random() < 0.1:
            row["trigger"] = "cname"
        if chance.random() < 0.05:
            row |= {"dropped": True, "count": chance.randrange(1, 9)}
        rows.append(row)
    hits.record_by_hour(w, sorted(rows, key=lambda row: row["time"]))


def random_filter(chance: random.Random, ids: list[str]) -> dict[str, str]:
    now = time.time()
    since = now - chance.randrange(7200, 60 * 3600)
    until = since + chance.randrange(3600, 40 * 3600)
    if chance.random() < 0.5:
        since, until = since // 3600 * 3600, until // 3600 * 3600 + 3600
    possible = {"order": chance.choice(ids), "authority": chance.choice(AUTHORITIES),
                "category": chance.choice(CATEGORIES), "name": chance.choice(NAMES),
                "match": chance.choice(["pemilu", "*.a.example", "?.example"]),
                "client": chance.choice(["192.0.2.0/24", "2001:db8::/32"]),
                "region": chance.choice([*REGIONS, "unknown"]), "action": chance.choice(["nxdomain", "log"]),
                "type": chance.choice(["A", "TYPE4711"]), "transport": chance.choice(["udp", "doh"]),
                "trigger": chance.choice(["qname", "address"]), "instance": chance.choice(["ns1", "ns2"])}
    chosen = {name: possible[name] for name in chance.sample(sorted(possible), chance.choice([0, 1, 1, 2]))}
    times = {"since": utc(since), "until": utc(until)}
    return chosen | chance.choice([times, times, {"since": times["since"]}, {"since": "2d"}, {}])


def words_of(filter: dict[str, str]) -> list[str]:
    return [word for name, value in filter.items() for word in (f"--{name}", value)]


@pytest.fixture(params=range(4))
def random_console(request, new_folder):
    print(f"SARING_SEED={SEED}, round {request.param}")
    chance = random.Random(SEED * 100 + request.param)
    w = Workspace(new_folder("random"))
    w.configure(more='[console]\nlanguage = "en"\ntime_zone = "WIB"\n')
    ids = make_orders(chance, w)
    make_hits(chance, w, ids)
    time.sleep(max(0, time.time() % 3600 - 3570))  # an hour that begins meanwhile moves counts by the hour
    console = Console(w)
    yield chance, w, ids, console
    assert console.stop() == 0


def check_overview(w: Workspace, console: Console) -> None:
    status = w.tool("status", "--json").json()
    assert console.get("/status.json").json() == status
    page = Shown(console.get("/"))
    assert all(concern["what"] in page.words for concern in status["concerns"])
    figures = [("Orders in force", status["orders"]["active"]), ("Listed names", status["names"]),
               ("Waiting for a person", status["quarantined"]), ("Serial", status["serial"])]
    assert {label: number(page.tiles[label]) for label, _ in figures} == dict(figures)
    assert number(page.tiles["Last hour"]) == len(hits.listed(w, "--since", "1h", "--limit", "0"))
    for kind, caption in (("orders", "By order"), ("names", "By name"), ("regions", "By region"),
                          ("actions", "By action")):
        told = w.tool("hits", "top", kind, "--since", "1d", "--limit", "8", "--json").json()
        assert page.counts(caption) == counted(told), caption
    assert page.bars == bars_of(w, "--since", "1d")
    report = w.tool("hits", "report", "--since", "1d", "--json").json()
    assert sum(page.bars.values()) == report["refused"] + report["logged"]


def bars_of(w: Workspace, *words: str) -> dict[str, int]:
    told = w.tool("hits", "histogram", *words, "--json").json()
    return {local(one["begin"][:19]): one["hits"] for one in told["bins"] if one["hits"]}


def check_hits(chance: random.Random, w: Workspace, console: Console, filter: dict[str, str]) -> None:
    words = words_of(filter)
    listed = w.tool("hits", "list", *words, "--limit", "0", "--json").json()["hits"]
    assert console.get("/hits.json", **filter).json() == {"hits": listed, "more": False}
    exported = console.get("/hits.csv", **filter).text
    asked = w.tool("hits", "list", *words, "--limit", "0", "--csv").out
    assert list(csv.reader(io.StringIO(exported))) == list(csv.reader(io.StringIO(asked)))
    page = Shown(console.get("/hits", limit=500, **filter))
    assert page.tables.get("Hits", []) == [
        [local(h["time"]), h["action"], h["client"] or "–", h["region"] or "–", h["qname"], h["qtype"],
         "=" if h["trigger"] == "qname" and h["listed"] == h["qname"] else h["listed"], h["order"]] for h in listed]
    assert page.bars == bars_of(w, *words)
    by = chance.choice(["order", "region", "action"])
    told = w.tool("hits", "histogram", *words, "--by", by, "--json").json()
    assert console.get("/histogram.json", by=by, **filter).json() == told
    kind, with_order = chance.choice(KINDS), chance.choice([{}, {"with": "order"}])
    told = w.tool("hits", "top", kind, *words, *words_of(with_order), "--json").json()
    assert console.get("/top.json", what=kind, **with_order, **filter).json() == told
    rows = Shown(console.get("/top", what=kind, **with_order, **filter)).tables
    column = 2 if with_order else 1
    assert [number(row[column]) for row in next(iter(rows.values()), [])][:10] == [row["hits"] for row in told["rows"]]


def check_name(w: Workspace, console: Console, name: str) -> None:
    said = w.tool("explain", name, "--json").json()
    shown = console.get("/explain.json", name=name).json()
    assert {**shown, "at": ""} == {**said, "at": ""}
    page = Shown(console.get("/name", name=name))
    word = {"blocked": "BLOCKED", "passed": "passed", "rehearsed": "REHEARSAL"}.get(said["verdict"], "not blocked")
    assert word in page.words and (said["order"] is None or said["order"]["reason"]["en"] in page.words)
    for kind, caption in (("regions", "By region"), ("types", "By type"), ("qnames", "By name")):
        told = w.tool("hits", "top", kind, "--name", name, "--since", "7d", "--limit", "10", "--json").json()
        assert page.counts(caption) == counted(told), (name, kind)
    assert page.bars == bars_of(w, "--name", name, "--since", "7d")


def check_order(w: Workspace, console: Console, id: str) -> None:
    told = w.tool("order", "show", id, "--json").json()
    assert console.get("/order.json", id=id).json() == told
    page = Shown(console.get("/order", id=id))
    assert told["authority"] in page.words and told["state"] in page.words
    assert [row[0] for row in page.tables["Targets"]] == [target["domain"] for target in told["document"]["targets"]]
    waiting = w.tool("quarantine", "list", "--order", id, "--json").json()["targets"]
    held = {h["target"] for h in waiting}
    assert {row[0] for row in page.tables["Targets"] if row[2] == "held"} == held
    for kind, caption in (("names", "By name"), ("regions", "By region")):
        top = w.tool("hits", "top", kind, "--order", id, "--since", "7d", "--limit", "10", "--json").json()
        assert page.counts(caption) == counted(top), (id, kind)
    assert page.bars == bars_of(w, "--order", id, "--since", "7d")


def test_everything_shown_is_what_the_commands_say(random_console):
    chance, w, ids, console = random_console
    check_overview(w, console)
    for _ in range(6):
        filter = random_filter(chance, ids)
        print("filter:", json.dumps(filter))
        check_hits(chance, w, console, filter)
    for name in chance.sample(NAMES, 3) + ["www." + chance.choice(NAMES), "co.id"]:
        check_name(w, console, name)
    told = w.tool("order", "list", "--json").json()
    assert console.get("/orders.json").json() == told
    shown = [(row[0], row[1], row[2]) for row in Shown(console.get("/orders")).tables["Orders"]]
    assert sorted(shown) == sorted((o["id"], o["state"], o["authority"]) for o in told["orders"])
    for order in chance.sample(told["orders"], min(3, len(told["orders"]))):
        check_order(w, console, order["id"])
