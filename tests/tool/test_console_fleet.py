"""The console over a fleet: its pages from a real ClickHouse, against what the commands say on the resolver's host."""
import itertools
import json
import os
import random
import time

import pytest

from support import made_hits as hits
from support.clickhouse import ABSENT, PASSWORD
from support.console import Console
from support.random_console import KINDS, NAMES, Shown, counted, make_hits, make_orders, random_filter, utc, words_of
from support.tool import USAGE
from support.workspace import Workspace

pytestmark = pytest.mark.skipif(ABSENT, reason="this Debian has no clickhouse-server")

DATABASES = itertools.count()
SEED = int(os.environ.get("SARING_SEED", time.time_ns() % 1_000_000))
HOSTILE = "B-1' OR 1=1 --\\\\' UNION"


class Fleet:
    def __init__(self, clickhouse, folder, chance, database):
        self.workspace = w = Workspace(folder)
        password = folder / "password"
        password.write_text(PASSWORD + "\n")
        ship = f'[ship]\nurl = "{clickhouse.url(database)}"\npassword_file = "{password}"\n'
        console = '[console]\nlanguage = "en"\ntime_zone = "WIB"\n'
        w.configure(more=ship + console)
        self.ids = make_orders(chance, w)
        make_hits(chance, w, self.ids, dropped=False)
        hits.record(w, [{"time": utc(time.time() - 7000), "order": HOSTILE, "qname": "www.a.example",
                         "listed": "a.example", "instance": "ns'3", "client": "2001:db8:5:1::/64"}])
        w.tool.do("hits", "ship")
        self.console = Console(w, "--fleet")


@pytest.fixture(params=range(2))
def fleet(request, clickhouse, new_folder):
    print(f"SARING_SEED={SEED}, round {request.param}")
    made = Fleet(clickhouse, new_folder("fleet"), random.Random(SEED * 100 + request.param), f"fleet{next(DATABASES)}")
    time.sleep(max(0, time.time() % 3600 - 3570))  # an hour that begins meanwhile moves counts by the hour
    yield made
    assert made.console.stop() == 0


def without_source(told):
    """The members that are the same from counts by hour and from records."""
    sources = ("from", "records_from", "hours_from", "dropped")
    return {name: value for name, value in told.items() if name not in sources}


def test_hits_counts_and_bars_are_those_of_the_resolvers(fleet):
    w, console, chance = fleet.workspace, fleet.console, random.Random(SEED)
    filters = [random_filter(chance, fleet.ids) for _ in range(12)]
    filters += [{"order": HOSTILE}, {"client": "2001:db8::/32"}, {"client": "2001:db8:5:1:8::/80"},
                {"instance": "ns'3"}, {"client": "198.51.100.0/24"}, {"client": "192.0.2.9"},
                {"client": "~3f9a0c1d2e4b5f60"}, {"match": "%_'\\\\"}]
    for filter in filters:
        print("filter:", json.dumps(filter))
        words = words_of(filter)
        listed = w.tool("hits", "list", *words, "--limit", "0", "--json").json()["hits"]
        assert console.get("/hits.json", **filter).json() == {"hits": listed, "more": False}
        oldest = console.get("/hits.json", sort="oldest", limit=7, **filter).json()
        assert oldest == {"hits": listed[::-1][:7], "more": len(listed) > 7}
        for kind in chance.sample(KINDS, 3):
            for with_order in ({}, {"with": "order"}):
                asked = w.tool("hits", "top", kind, *words, *words_of(with_order), "--json").json()
                told = console.get("/top.json", what=kind, **with_order, **filter).json()
                assert without_source(told) == without_source(asked), (kind, with_order)
                assert told["dropped"] is None and told["from"] == "records"
        by = chance.choice(["order", "region", "action"])
        asked = w.tool("hits", "histogram", *words, "--by", by, "--json").json()
        assert without_source(console.get("/histogram.json", by=by, **filter).json()) == without_source(asked)


def test_pages_show_the_fleet_and_say_what_is_not_known(fleet):
    w, console = fleet.workspace, fleet.console
    page = Shown(console.get("/"))
    for kind, caption in (("orders", "By order"), ("names", "By name"), ("regions", "By region")):
        told = w.tool("hits", "top", kind, "--since", "1d", "--limit", "8", "--json").json()
        assert page.counts(caption) == counted(told), caption
    assert "Hits a second" not in page.tiles and "not known for the fleet" in page.words
    assert "data-live" not in page.text
    for name in NAMES[:2]:
        told = w.tool("hits", "top", "types", "--name", name, "--since", "7d", "--limit", "10", "--json").json()
        assert Shown(console.get("/name", name=name)).counts("By type") == counted(told)
    order = w.tool("order", "list", "--json").json()["orders"][0]["id"]
    told = w.tool("hits", "top", "names", "--order", order, "--since", "7d", "--limit", "10", "--json").json()
    assert Shown(console.get("/order", id=order)).counts("By name") == counted(told)
    seen, path = [], "/hits?limit=50"
    while path:
        page = console.get(path).page()
        seen += page.rows()
        path = next((href for href, text in page.links if text == "Older"), None)
    assert len(seen) == len(hits.listed(w, "--limit", "0"))
    assert "Not known for the fleet" in console.page("/live").words
    assert console.get("/events").status == 404


def test_a_server_that_is_away_is_said(new_folder):
    w = Workspace(new_folder("away"))
    w.block("a.example")
    assert w.tool("console", "--fleet", "--listen", "127.0.0.1:0").code == USAGE, "[ship] names no server"
    w.configure(more='[ship]\nurl = "http://127.0.0.1:9/saring"\n[console]\nlanguage = "en"\nfleet = true\n')
    server = Console(w)
    try:
        page = server.page("/")
        assert "127.0.0.1:9" in page.words and "Orders in force" in page.words, "the rest is of this host"
        assert server.get("/hits").status == 503 and server.get("/hits.json").status == 503
    finally:
        assert server.stop() == 0
