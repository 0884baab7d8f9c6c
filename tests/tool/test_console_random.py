"""All that the console shows, pages and exports alike, against what the commands say: random orders, hits, filters and
times. SARING_SEED repeats a run."""
import csv
import io
import json
import os
import random
import time

import pytest

from support import made_hits as hits
from support.console import Console
from support.random_console import (KINDS, NAMES, Shown, counted, local, make_hits, make_orders, number, random_filter,
                                    words_of)
from support.workspace import Workspace

SEED = int(os.environ.get("SARING_SEED", time.time_ns() % 1_000_000))


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
