"""A thousand orders of a thousand names each from a local web server, then half of them revoked.

The listed names are compared with a model that is only sets of names.
"""
import json
import random
import struct

import lmdb

from support import keys, orders
from support.feeds import Feed
from support.served import follow
from support.tool import DONE
from support.workspace import Workspace

ORDERS, NAMES, POOL = 1000, 1000, 300_000  # of a pool that the orders share about three times over


def name(number: int) -> str:
    return f"situs{number}.hoaks{number % 977}.example"


def listed(workspace: Workspace) -> dict[str, set[str]]:
    """Name -> ids of the orders that list it, read from the tables by blocklist/ledger/FORMAT.md."""
    out: dict[str, set[str]] = {}
    with lmdb.open(str(workspace.database), max_dbs=32, readonly=True, lock=False, map_size=1 << 34) as environment:
        tables = {table: environment.open_db(table.encode(), create=False) for table in ("order_ids", "names")}
        with environment.begin() as transaction:
            ids = {
                struct.unpack(">I", index)[0]: id.decode() for id, index in transaction.cursor(db=tables["order_ids"])
            }
            for key, value in transaction.cursor(db=tables["names"]):
                labels = bytes(key).rstrip(b"\0").decode().split("\0")
                out[".".join(reversed(labels))] = {
                    ids[order] for order, match in struct.iter_unpack("<IB", value) if match == 0
                }
    return out


def union(live: dict[str, set[int]]) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    for id, numbers in live.items():
        for number in numbers:
            out.setdefault(name(number), set()).add(id)
    return out


def test_a_thousand_orders_come_and_half_of_them_go(feed, nginx_of, ca, new_folder):
    chance = random.Random(20240214)
    model = {f"B-{n}/UJI": set(chance.sample(range(POOL), NAMES)) for n in range(ORDERS)}
    folder = new_folder("orders")
    files = []
    for number, (id, numbers) in enumerate(model.items()):
        files.append(folder / f"{number}.json")
        files[-1].write_text(json.dumps(orders.document(id=id, targets=orders.domains(*map(name, sorted(numbers))))))
    sign(feed, files)
    feed.publish(*files)
    follow(feed, nginx_of().url, ca, timeout_seconds=500)  # long enough for a busy machine

    report = synced(feed)
    assert (report["applied"], report["refused"], report["names_added"],
            report["database_serial"]) == (ORDERS, 0, ORDERS * NAMES, 1)
    assert listed(feed.workspace) == union(model)

    gone = chance.sample(sorted(model), ORDERS // 2)
    lifting = []
    for number in range(10):
        lifting.append(folder / f"lift-{number}.json")
        lifting[-1].write_text(json.dumps(orders.document(id=f"B-LIFT-{number}/UJI", targets=orders.ABSENT,
                                                          revokes=[{"order": id} for id in gone[number::10]])))
    sign(feed, lifting)
    feed.publish(*lifting)
    report = synced(feed)
    assert (report["applied"], report["already"], report["names_removed"]) == (10, ORDERS, ORDERS // 2 * NAMES)
    for id in gone:
        del model[id]
    assert listed(feed.workspace) == union(model)

    assert synced(feed)["unchanged"]
    assert listed(feed.workspace) == union(model)


def sign(feed: Feed, files) -> None:
    done = keys.minisign("-S", "-s", feed.workspace.ministry.secret, "-m", *files)  # one process for all
    assert done.returncode == 0, done


def synced(feed: Feed):
    result = feed.sync("--json")
    assert result.code == DONE, result
    return result.json()["feeds"][0]
