"""Databases of every schema version that there was open, or migrate, and say what they said."""
import base64
import json
import struct

import lmdb
import pytest

from support import made_hits, orders, paths
from support.database import dump, set_schema_version
from support.tool import DATABASE

DUMPS = sorted((paths.ROOT / "tests" / "data").glob("schema-*.json"))


HITS_DUMPS = sorted((paths.ROOT / "tests" / "data").glob("hits-schema-*.json"))


def restore(folder, tables):
    folder.mkdir()
    with lmdb.open(str(folder), max_dbs=32, map_size=1 << 26) as environment:
        for table, rows in tables.items():
            several = any(isinstance(values, list) for values in rows.values())
            handle = environment.open_db(table.encode(), dupsort=several, dupfixed=several)
            with environment.begin(db=handle, write=True) as transaction:
                for key, values in rows.items():
                    for value in values if several else [values]:
                        transaction.put(base64.b64decode(key), base64.b64decode(value))


@pytest.fixture(params=DUMPS, ids=lambda file: file.stem)
def earlier(workspace, request):
    content = json.loads(request.param.read_text())
    restore(workspace.database, content["tables"])
    text = workspace.config.read_text()
    workspace.config.write_text(text.replace(workspace.ministry.public_text, content["key"]))
    return workspace


def test_there_is_a_dump_of_this_version(workspace):
    workspace.tool.do("db", "init")
    [version] = struct.unpack("<I", dump(workspace.database)["meta"][b"schema"])
    assert f"schema-{version}" in [file.stem for file in DUMPS], "run tests/data/make-schema-dump"


@pytest.fixture(params=HITS_DUMPS, ids=lambda file: file.stem)
def earlier_hits(workspace, request):
    restore(workspace.hits, json.loads(request.param.read_text())["tables"])
    return workspace


def test_there_is_a_dump_of_this_version_s_hits(workspace):
    made_hits.record(workspace, [{"qname": "hoax.example"}])
    [version] = struct.unpack("<I", dump(workspace.hits)["meta"][b"schema"])
    assert f"hits-schema-{version}" in [file.stem for file in HITS_DUMPS], "run tests/data/make-schema-dump"


def test_hits_say_what_they_said(earlier_hits):
    told = earlier_hits.tool.do("hits", "summary", "--json").json()
    assert (told["kept"], told["purged"], told["recorded"], told["dropped"]) == (5, 1, 6, 2)
    found = [(hit["qname"], hit["order"], hit["trigger"], hit["client"]) for hit in made_hits.listed(earlier_hits, "--since", "2024-02-14")]
    assert found == [("a.example", "B-2", "address", None), ("news.example", "B-2", "cname", "2001:db8::/48"), *[("www.hoax.example", "B-1", "qname", "192.0.2.0/24")] * 3]
    assert len(made_hits.listed(earlier_hits, "--since", "2024-02-14", "--name", "hoax.example")) == 3, "by the index"
    top = earlier_hits.tool.do("hits", "top", "orders", "--since", "2024-02-14", "--json").json()["rows"]
    assert [row["hits"] for row in top if row["order"] == "B-1"] == [5], "of the aggregates, which count what was not recorded"


def test_hits_can_be_added_and_purged(earlier_hits):
    made_hits.record(earlier_hits, [{"time": "2024-02-14T09:00Z", "qname": "new.example", "order": "B-9"}])
    assert [hit["sequence"] for hit in made_hits.listed(earlier_hits, "--since", "2024-02-14", "--order", "B-9")] == [7]
    earlier_hits.tool.do("hits", "purge", "--order", "B-1", "--yes")
    assert earlier_hits.tool.do("hits", "summary", "--json").json()["kept"] == 3


def test_it_is_sound_and_its_signatures_hold(earlier):
    assert earlier.tool.do("db", "check", "--signatures", "--json").json()["findings"] == []


def test_it_says_what_it_said(earlier):
    listed = {order["id"]: order["state"] for order in earlier.tool.do("order", "list", "--json").json()["orders"]}
    assert {id: listed[id] for id in ("B-1", "B-2", "B-3", "B-4")} == dict.fromkeys(("B-1", "B-2", "B-3", "B-4"), "active")
    verdicts = {name: earlier.tool("explain", name, "--json").json()["verdict"] for name in ("l3.example", "l1.example", "hoax.example", "www.fourth.example", "co.id")}
    assert [verdicts[name] for name in ("l3.example", "www.fourth.example")] == ["blocked", "blocked"], verdicts
    assert "blocked" not in [verdicts[name] for name in ("l1.example", "hoax.example", "co.id")], verdicts


def test_it_can_be_written_and_rolled_back(earlier):
    before = len(earlier.tool.do("db", "history", "--json").json()["records"])
    earlier.tool.do("order", "revoke", "B-2", "--reason", "uji")
    earlier.tool.do("db", "rollback", "1", "--reason", "uji")
    assert len(earlier.tool.do("db", "history", "--json").json()["records"]) == before + 2
    assert earlier.tool.do("db", "check", "--json").json()["findings"] == []


def test_a_later_schema_is_refused_with_both_versions_named(workspace):
    workspace.block("hoax.example", id=orders.ID)
    set_schema_version(workspace.database, 4000)
    assert "4000" in workspace.tool.refused(DATABASE, "status").err


def test_a_schema_that_never_was_is_refused_without_advice_that_cannot_be_followed(workspace):
    workspace.block("hoax.example", id=orders.ID)
    set_schema_version(workspace.database, 0)
    told = workspace.tool.refused(DATABASE, "status").err
    assert "schema 0" in told and "schema 1" in told and "restore a backup" in told and "migrate" not in told
