"""Databases of every earlier schema version open or migrate with the same content; so do hits of the versions that kept
them in LMDB."""
import base64
import json
import struct
import subprocess

import lmdb
import pytest

from support import made_hits, orders, paths
from support.hits import hits_in
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


def test_hits_that_lie_unconverted_are_reported(earlier_hits):
    assert earlier_hits.tool.do("hits", "summary", "--json").json()["unconverted"] is True
    assert "hits migrate" in earlier_hits.tool.do("hits", "summary").out
    earlier_hits.tool.do("db", "init")
    assert "hits.earlier" in [one["code"] for one in earlier_hits.tool("status", "--json").json()["concerns"]]
    found = {one["check"]: one for one in earlier_hits.tool("doctor", "--json").json()["checks"]}
    assert "hits migrate" in found["hits.earlier"]["remedy"]


def demand_taken_over(workspace):
    told = workspace.tool.do("hits", "summary", "--json").json()
    assert (told["kept"], told["purged"], told["recorded"], told["dropped"], told["expired"],
            told["unconverted"]) == (5, 1, 6, 2, 0, False)
    assert told["consumers"] == [{"consumer": "stdout", "sequence": 6, "behind": 0}]
    found = [(hit["qname"], hit["order"], hit["trigger"], hit["client"], hit["instance"])
             for hit in made_hits.listed(workspace, "--since", "2024-02-14")]
    assert found == [("a.example", "B-2", "address", None, "ns2.isp.example"),
                     ("news.example", "B-2", "cname", "2001:db8::/48", "ns1.isp.example"),
                     *[("www.hoax.example", "B-1", "qname", "192.0.2.0/24", "ns1.isp.example")] * 3]
    assert len(made_hits.listed(workspace, "--since", "2024-02-14", "--name", "hoax.example")) == 3
    top = workspace.tool.do("hits", "top", "orders", "--since", "2024-02-14", "--json").json()
    assert {row["order"]: row["hits"]
            for row in top["rows"]} == {"B-1": 5, "B-2": 2,
                                        "B-3": 1}, "of the aggregates, which count what was not recorded"
    assert top["from"] == "hours" and top["dropped"] == 2
    names = workspace.tool.do("hits", "top", "names", "--since", "2024-02-14", "--json").json()["rows"]
    assert {row["listed"]: row["hits"]
            for row in names} == {"hoax.example": 5, "other.example": 1, "203.0.113.0/28": 1, "purged.example": 1}
    metrics = workspace.tool.do("metrics").out
    assert 'saring_hits_recorded_total{instance_name="ns1.isp.example"} 6' in metrics
    assert sum(int(line.split()[-1]) for line in metrics.splitlines() if line.startswith("saring_hits_total{")) == 8
    assert workspace.tool.do("hits", "ship", "--to", "stdout").out == "", "what was shipped is not shipped again"


def test_hits_are_taken_over_and_say_what_they_said(earlier_hits):
    identity = dump(earlier_hits.hits)["meta"][b"id"].hex()
    assert "took over 5 hits" in earlier_hits.tool.do("hits", "migrate").out
    assert not (earlier_hits.hits / "data.mdb").exists() and not (earlier_hits.hits / "lock.mdb").exists()
    assert {hit.run for hit in hits_in(earlier_hits.hits)} == {identity}
    demand_taken_over(earlier_hits)
    assert "nothing was done" in earlier_hits.tool.do("hits", "migrate").out
    demand_taken_over(earlier_hits)


def test_a_takeover_that_was_killed_begins_anew(earlier_hits):
    killed = 0
    for call in range(1, 1000, 17):
        saved = {file.name: file.read_bytes() for file in earlier_hits.hits.iterdir()}
        process = subprocess.run([
            str(paths.BUILD / "tests" / "fault" / "kill-at"),
            str(call),
            str(earlier_hits.hits),
            str(paths.TOOL), "--config",
            str(earlier_hits.config), "hits", "migrate"
        ], capture_output=True, check=False)
        if process.returncode == 0:
            break
        assert process.returncode == 137, process
        killed += 1
        if not (earlier_hits.hits / "data.mdb").exists():
            break
        assert saved["data.mdb"] == (earlier_hits.hits / "data.mdb").read_bytes()
    assert killed > 3
    earlier_hits.tool.do("hits", "migrate")
    demand_taken_over(earlier_hits)


def test_new_hits_stand_beside_those_taken_over(earlier_hits):
    earlier_hits.tool.do("hits", "migrate")
    made_hits.record(earlier_hits, [{"time": "2024-02-14T09:00Z", "qname": "new.example", "order": "B-9"}])
    assert len(made_hits.listed(earlier_hits, "--since", "2024-02-14")) == 6
    earlier_hits.tool.do("hits", "purge", "--order", "B-1", "--yes")
    told = earlier_hits.tool.do("hits", "summary", "--json").json()
    assert (told["kept"], told["purged"], told["recorded"]) == (3, 4, 7)


def test_it_is_sound_and_its_signatures_hold(earlier):
    assert earlier.tool.do("db", "check", "--signatures", "--json").json()["findings"] == []


def test_its_content_is_unchanged(earlier):
    listed = {order["id"]: order["state"] for order in earlier.tool.do("order", "list", "--json").json()["orders"]}
    assert {id: listed[id] for id in ("B-1", "B-2", "B-3", "B-4")} == dict.fromkeys(
        ("B-1", "B-2", "B-3", "B-4"), "active"
    )
    verdicts = {
        name: earlier.tool("explain", name, "--json").json()["verdict"]
        for name in ("l3.example", "l1.example", "hoax.example", "www.fourth.example", "co.id")
    }
    assert [verdicts[name] for name in ("l3.example", "www.fourth.example")] == ["blocked", "blocked"], verdicts
    assert "blocked" not in [verdicts[name] for name in ("l1.example", "hoax.example", "co.id")], verdicts


def test_resolvers_get_its_content(earlier):
    """The database is of a version that published no image."""
    assert not (earlier.database / "image").exists()
    earlier.tool.do("db", "publish")
    status = earlier.tool.do("status", "--json").json()
    assert status["image"]["serial"] == status["serial"] > 0
    names = ("l3.example", "www.fourth.example", "exact.example", "third.example", "hoax.example", "passed.example")
    said = {name: earlier.tool("explain", name, "--json").json() for name in names}
    assert {one["image"]["verdict"] for one in said.values()} == {"blocked", "not listed", "passed"}, said
    for name, one in said.items():
        assert (one["image"]["verdict"], one["image"]["serial"]) == (one["verdict"], status["serial"]), name
    earlier.tool.do("local", "block", "new.example", "--reason", "uji")
    assert earlier.tool("explain", "new.example", "--json").json()["image"]["verdict"] == "blocked"


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
