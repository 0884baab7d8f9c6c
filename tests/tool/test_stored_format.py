"""blocklist/ledger/FORMAT.md is enough to read a database: a reader made from it alone decodes everything that the tool
writes."""
import hashlib
import json
import struct
from datetime import datetime

import pytest

from support import database, orders, paths
from support.feeds import Feed
from support.stored import NEVER, RECORDS, Stored, changes, follows
from support.workspace import Workspace

REGIONS = {"action": "redirect", "regions": ["ID-JK", "ID-AC"], "deadline": "2024-01-02T00:00:00Z"}


def entries(stored, table):
    return {(key, *claim) for key, value in stored.raw[table].items() for claim in struct.iter_unpack("<IB", value)}


def unix(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


@pytest.fixture(scope="module")
def isp(new_folder):
    """A database with a bit of everything in it."""
    work = Workspace(new_folder("work"))
    feed, folder = Feed(work), new_folder("files")
    first = work.signed(
        id="B-1", **REGIONS, targets=[*orders.domains("hoax.example", match="exact"), {"address": "198.51.100.0/24"}]
    )
    do = work.tool.do
    do("order", "apply", first)
    work.tool("order", "apply", work.signed(id="B-2", targets=orders.domains("kpu.go.id", "b.example")))
    do("quarantine", "release", "B-2", "kpu.go.id", "--reason", "meant so")
    do(
        "order", "apply",
        work.signed(id="B-3", targets=orders.ABSENT, revokes=[{"order": "B-1"},
                                                              {"order": "B-404", "domain": "later.example"}]))
    do("local", "block", "phish.example", "--reason", "ticket 2", "--action", "refused")
    listed = folder / "domains.txt"
    listed.write_text("palsu.example\nlama.example\n")
    do("list", "import", "--source", "old", "--format", "domains", listed)
    do("feed", "publish", feed.directory, feed.order("C-1"), *feed.options())
    do("sync")
    return work, first, Stored(work.database)


def test_every_table_is_on_the_page(isp):
    page = (paths.ROOT / "blocklist/ledger/FORMAT.md").read_text()
    assert [table for table in isp[2].raw if f"| `{table}` |" not in page] == []


def test_an_order_equals_order_show(isp):
    work, _, stored = isp
    shown = work.tool("order", "show", "B-1", "--json").json()
    record = stored.order("B-1")
    assert {name: record[name] for name in ("kind", "action", "regions", "authority", "names", "addresses")} == {
        name: shown[name] for name in ("kind", "action", "regions", "authority", "names", "addresses")}
    assert (record["deadline"], record["lifted_by"], record["serial"]) == (unix(REGIONS["deadline"]), "order B-3", 1)
    assert stored.order("B-2")["lifted"] == NEVER and stored.order("B-2")["action"] is None
    assert [stored.order(id)["kind"] for id in ("list:old", "C-1")] == ["list", "order"]


def test_documents_are_the_files_as_received_and_match_their_digest(isp):
    _, first, stored = isp
    document = stored.tables["documents"][stored.index("B-1")]
    assert document["content"] == first.read_bytes()
    assert document["signatures"] == [(file.name, file.read_bytes())
                                      for file in first.parent.glob(f"{first.name}.*minisig")] != []
    for index, one in stored.tables["documents"].items():
        assert hashlib.blake2b(one["content"], digest_size=32).digest() == stored.tables["orders"][index]["digest"]
        given = json.loads(one["content"])
        assert stored.tables["texts"][index]["reason"] == given.get("reason", {})


def test_a_lists_digest_is_of_its_names(isp):
    keys = sorted(map(database.lookup_key, ("palsu.example", "lama.example")))
    content = b"".join(len(key).to_bytes(2, "little") + key for key in keys)
    assert isp[2].order("list:old")["digest"] == hashlib.blake2b(content, digest_size=32).digest()


def test_the_journal_is_one_chain_and_equals_db_history(isp):
    work, _, stored = isp
    told = {r["serial"]: r for r in work.tool.do("db", "history", "--json").json()["records"]}
    previous = b""
    for number, (key, value) in enumerate(sorted(stored.raw["journal"].items()), 1):
        record = stored.tables["journal"][key]
        assert int.from_bytes(key, "big") == record["serial"] == number and follows(previous, value)
        assert (record["hash"].hex(), record["command"], record["orders"], record["names_added"]) == (
            told[number]["hash"], told[number]["command"], told[number]["orders"], told[number]["names_added"])
        previous = record["hash"]
    assert number == len(told)


def test_changes_from_the_first_commit_on_make_the_tables(isp):
    _, _, stored = isp
    made, before_all = set(), {}
    for _, packed in sorted(stored.raw["changes"].items()):
        commit = changes(packed)
        for flags, index, match, key in commit["entries"]:
            (made.add if flags & 1 else made.remove)((bool(flags & 2), key, index, match))
        for index in commit["whole_lists"]:
            made |= {(False, *e) for e in entries(stored, "names") if e[1] == index}
        for table, key, before in commit["records"]:
            before_all.setdefault((table, key), before)
    assert made == {
        (address, *e) for address in (False, True) for e in entries(stored, "addresses" if address else "names")
    }
    assert set(before_all.values()) == {None}, "there was something before the first commit"
    assert set(before_all) == {(table, key) for table in RECORDS for key in stored.raw[table]}


def test_what_was_held_and_released_and_the_feeds_state(isp):
    work, _, stored = isp
    held = {
        key[4:5] + key[5:]: value
        for key, value in stored.tables["quarantine"].items()
        if key[:4] == stored.index("B-2")
    }
    kept = held[b"\x01" + database.lookup_key("kpu.go.id")]
    assert (kept["state"], kept["reason"], kept["match"]) == ("released", "meant so", 0) and kept["decided"] >= kept[
        "since"
    ]
    [state] = stored.tables["feeds"].values()
    [told] = work.tool("status", "--json").json()["feeds"]
    assert (state["serial"], state["orders"], state["failures"]) == (told["serial"], 1, 0)
    assert state["last_failure"] == 0 and state["last_success"] > 0
