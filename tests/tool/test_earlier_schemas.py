"""Databases of every schema version that there was open, or migrate, and say what they said."""
import base64
import json
import struct

import lmdb
import pytest

from support import orders, paths
from support.database import dump, set_schema_version
from support.tool import DATABASE

DUMPS = sorted((paths.ROOT / "tests" / "data").glob("schema-*.json"))


@pytest.fixture(params=DUMPS, ids=lambda file: file.stem)
def earlier(workspace, request):
    content = json.loads(request.param.read_text())
    workspace.database.mkdir()
    with lmdb.open(str(workspace.database), max_dbs=32, map_size=1 << 26) as environment:
        for table, rows in content["tables"].items():
            handle = environment.open_db(table.encode())
            with environment.begin(db=handle, write=True) as transaction:
                for key, value in rows.items():
                    transaction.put(base64.b64decode(key), base64.b64decode(value))
    text = workspace.config.read_text()
    workspace.config.write_text(text.replace(workspace.ministry.public_text, content["key"]))
    return workspace


def test_there_is_a_dump_of_this_version(workspace):
    workspace.tool.do("db", "init")
    [version] = struct.unpack("<I", dump(workspace.database)["meta"][b"schema"])
    assert f"schema-{version}" in [file.stem for file in DUMPS], "run tests/data/make-schema-dump"


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
