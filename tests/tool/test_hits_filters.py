"""The filters that every `hits` command knows, alone and together, and what a filter that can find nothing says."""
import itertools
import random

import pytest

from support import made_hits as hits
from support import orders
from support.tool import DATABASE, DONE, NO, USAGE
from support.workspace import Workspace

TRANSPORTS = ["udp", "tcp", "dot", "doh", "doq", "other"]
TRIGGERS = ["qname", "cname", "address"]
TYPES = {"A": 1, "AAAA": 28, "HTTPS": 65, "TYPE64000": 64000}


@pytest.fixture(scope="module")
def workspace(shared_workspace):
    shared_workspace.block("a.example", id="B-1", authority="Kementerian A", category="hoax")
    shared_workspace.block("b.example", id="B-2", authority="Kementerian A", category="phishing")
    shared_workspace.block("c.example", id="B-3", authority="Kementerian B", category="hoax")
    chance = random.Random(21)
    rows = [{"time": f"2024-02-14T{chance.randrange(8, 12):02}:{minute:02}:00Z", "qname": f"{chance.choice(['www.', 'pemilu.', ''])}{chance.choice('abc')}.example",
             "listed": f"{chance.choice('abc')}.example", "order": f"B-{chance.randrange(1, 4)}", "region": chance.choice(["ID-JK", "ID-AC", ""]),
             "transport": chance.choice(TRANSPORTS), "trigger": chance.choice(TRIGGERS[:2]), "qtype": chance.choice([*TYPES.values()])} for minute in range(60)]
    rows += [{"time": "2024-02-14T11:30:00Z", "qname": "cdn.example", "trigger": "address", "listed": "203.0.113.0/28", "order": "B-3"}]
    for hour in range(8, 12):
        hits.record(shared_workspace, sorted((row for row in rows if row["time"][11:13] == f"{hour:02}"), key=lambda row: row["time"]))
    return shared_workspace


AUTHORITY = {"Kementerian A": {"B-1", "B-2"}, "Kementerian B": {"B-3"}}
CATEGORY = {"hoax": {"B-1", "B-3"}, "phishing": {"B-2"}}
WANTED = {
    "--match": {"pemilu": lambda h: "pemilu" in h["qname"] or "pemilu" in h["listed"], "*.a.example": lambda h: h["qname"].endswith(".a.example"),
                "?.EXAMPLE": lambda h: len(h["qname"]) == 9 or len(h["listed"]) == 9, "203.0.*": lambda h: h["listed"].startswith("203.0.")},
    "--type": {name: lambda h, name=name: h["qtype"] == name for name in TYPES},
    "--transport": {name: lambda h, name=name: h["transport"] == name for name in TRANSPORTS},
    "--trigger": {name: lambda h, name=name: h["trigger"] == name for name in TRIGGERS},
    "--authority": {name: lambda h, ids=ids: h["order"] in ids for name, ids in AUTHORITY.items()},
    "--category": {name: lambda h, ids=ids: h["order"] in ids for name, ids in CATEGORY.items()},
    "--region": {"ID-JK": lambda h: h["region"] == "ID-JK"},
}


@pytest.fixture(scope="module")
def everything(workspace):
    found = hits.listed(workspace, "--limit", "0")
    assert len(found) == 61
    return found


@pytest.mark.parametrize("option, value", [(option, value) for option, values in WANTED.items() for value in values])
def test_a_filter_finds_what_a_look_at_each_hit_finds(workspace, everything, option, value):
    wanted = [h for h in everything if WANTED[option][value](h)]
    assert hits.listed(workspace, option, value, "--limit", "0") == wanted
    counted = workspace.tool("hits", "top", "orders", option, value, "--json").json()
    assert counted["total"] == len(wanted)
    assert counted["from"] == ("hours" if option in ("--authority", "--category", "--region") else "records")
    bars = workspace.tool("hits", "histogram", option, value, "--since", "2024-02-14", "--until", "2024-02-15", "--json").json()
    assert bars["total"] == len(wanted)


def test_filters_combine_by_and(workspace, everything):
    chance, found = random.Random(22), 0
    pairs = list(itertools.combinations(WANTED, 2))
    for one, other in chance.sample(pairs, 12):
        a, b = chance.choice(list(WANTED[one])), chance.choice(list(WANTED[other]))
        wanted = [h for h in everything if WANTED[one][a](h) and WANTED[other][b](h)]
        assert hits.listed(workspace, one, a, other, b, "--limit", "0") == wanted
        found += bool(wanted)
    assert found > 3


def test_tail_knows_them_too(workspace, everything):
    out = workspace.tool.do("hits", "tail", "--transport", "doh", "--limit", "3", "--json").out.splitlines()
    assert len(out) == 3 and all('"transport":"doh"' in line for line in out)


@pytest.mark.parametrize("what", ["names", "regions", "types"])
def test_top_with_order_has_a_row_for_each_pair(workspace, everything, what):
    told = workspace.tool("hits", "top", what, "--with", "order", "--limit", "0", "--json").json()
    member = told["by"]
    counted = {(row[member], row["order"]): row["hits"] for row in told["rows"]}
    recount = {}
    for hit in everything:
        key = hit[member], hit["order"]
        recount[key] = recount.get(key, 0) + 1
    assert counted == recount and told["total"] == 61
    assert told["from"] == ("hours" if what == "names" else "records")
    assert "ORDER" in workspace.tool.do("hits", "top", what, "--with", "order").out.splitlines()[0].split()


@pytest.mark.parametrize("filter, words", [
    (["--order", "B-999"], 'order "B-999" is not in the ledger'),
    (["--authority", "Kementrian A"], 'no order in the ledger is of the authority "Kementrian A"; there are: Kementerian A, Kementerian B'),
    (["--category", "spam"], 'no order in the ledger is of the category "spam"; there are: hoax, phishing'),
    (["--instance", "ns9"], 'no hits are of the resolver "ns9"'),
    (["--order", "B-1", "--category", "phishing"], 'order "B-1" is not of that authority and category'),
    (["--until", "2024-02-01"], "records go back to 2024-02-14T08:"),
])
@pytest.mark.parametrize("command", [["list"], ["top", "names"], ["tail"]], ids=lambda command: command[0])
def test_a_filter_that_can_find_nothing_says_so(workspace, command, filter, words):
    result = workspace.tool("hits", *command, *filter)
    assert result.code == NO and "note: " + words in result.err, result


def test_a_filter_that_found_nothing_by_chance_stays_silent(workspace):
    result = workspace.tool("hits", "list", "--order", "B-1", "--since", "2024-02-14T11:59:59")
    assert result.code == NO and not result.err


def test_orders_are_found_without_the_ledger_having_them(workspace, new_folder):
    from support.workspace import Workspace
    fresh = Workspace(new_folder("no-ledger"))
    hits.record(fresh, [{"time": "2024-02-14T08:00:00Z", "order": "B-9"}])
    assert len(hits.listed(fresh, "--order", "B-9")) == 1
    assert fresh.tool("hits", "list", "--order", "B-8").code == NO
    assert fresh.tool("hits", "list", "--authority", "X").code not in (DONE, NO), "without the ledger nobody knows whose orders these are"


@pytest.mark.parametrize("filter, named", [(["--type", "NONSENSE"], "NONSENSE"), (["--match", "bücher"], "bücher"), (["--match", ""], "--match")])
def test_a_filter_that_means_nothing_is_refused(workspace, filter, named):
    result = workspace.tool("hits", "list", *filter)
    assert result.code == USAGE and named in result.err or filter[1] == "", result


def test_many_stars_take_no_time(workspace):
    pattern = "*a" * 200 + "*b"
    assert workspace.tool("hits", "list", "--match", pattern).code == NO


@pytest.mark.parametrize("options, why", [(["--region", "ZZ"], "ZZ"), (["--since", "2099-01-01"], "lies ahead")])
def test_a_filter_that_can_find_nothing_is_noted(workspace, options, why):
    told = workspace.tool("hits", "list", *options)
    assert told.code == NO and "note: " in told.err and why in told.err


def test_a_report_notes_it_too(workspace):
    time = ["--since", "2024-02-14", "--until", "2024-02-15"]
    told = workspace.tool.do("hits", "report", "--json", "--order", "nope", *time)
    assert 'note: order "nope" is not in the ledger' in told.err


@pytest.mark.parametrize("word", ["TYPE99999", "TYPE65536", "TYPE4294967297"])
def test_a_type_beyond_16_bits_is_refused(workspace, word):
    assert word in workspace.tool.refused(USAGE, "hits", "list", "--type", word).err


def test_options_without_effect_are_refused(workspace):
    assert "--public" in workspace.tool.refused(USAGE, "hits", "report", "--json", "--threshold", "5").err
    assert "--follow" in workspace.tool.refused(USAGE, "hits", "tail", "-n", "0").err


def test_a_file_in_the_hit_log_s_place_is_named_as_that(new_folder):
    other = Workspace(new_folder("other"))
    other.configure()
    other.hits.write_text("")
    assert "is not a folder" in other.tool.refused(DATABASE, "hits", "list").err
