"""Changes the blocklist's LMDB without the tool, to make states that the tool never makes."""
import struct
from contextlib import contextmanager
from pathlib import Path

import lmdb


def publish_anew(tool, folder: Path) -> None:
    """Publishes a new base: changes made without the tool have no serial, so no delta has them."""
    (folder / "image" / "current").unlink(missing_ok=True)
    tool.do("db", "publish")


def set_schema_version(folder: Path, version: int) -> None:
    """blocklist/ledger/schema.h: key "schema" of the database "meta", a little-endian u32."""
    with lmdb.open(str(folder), max_dbs=16, map_size=1 << 30) as environment:
        meta = environment.open_db(b"meta", create=False)
        with environment.begin(db=meta, write=True) as transaction:
            assert transaction.get(b"schema") is not None
            transaction.put(b"schema", struct.pack("<I", version))


def make_local(folder: Path, order_id: str) -> None:
    """Makes an applied order one of the ISP's own: ledger/records.h, OrderKind::local, the record's first byte."""
    with lmdb.open(str(folder), max_dbs=16, map_size=1 << 30) as environment:
        ids = environment.open_db(b"order_ids", create=False)
        orders = environment.open_db(b"orders", create=False)
        with environment.begin(write=True) as transaction:
            index = transaction.get(order_id.encode(), db=ids)
            assert index is not None, f"{order_id} was not applied"
            record = transaction.get(index, db=orders)
            assert transaction.put(index, b"\x02" + record[1:], db=orders)


def dump(folder: Path) -> dict[str, dict[bytes, bytes]]:
    """Every table, key and value: equal before and after means that nothing was written."""
    with lmdb.open(str(folder), max_dbs=32, readonly=True, lock=False, map_size=1 << 34) as environment:
        with environment.begin() as main:
            names = [bytes(name) for name, _ in main.cursor()]
        tables = {name.decode(): environment.open_db(name, create=False) for name in names}
        with environment.begin() as transaction:
            return {name: {bytes(k): bytes(v) for k, v in transaction.cursor(db=db)} for name, db in tables.items()}


@contextmanager
def writing(folder: Path, table: bytes):
    """A write transaction on one table, committed at the end."""
    with lmdb.open(str(folder), max_dbs=32, map_size=1 << 30) as environment:
        handle = environment.open_db(table, create=False)
        with environment.begin(db=handle, write=True) as transaction:
            yield transaction


def replace_text(folder: Path, was: str, becomes: str) -> None:
    """Replaces a text in an order's record and texts by one of the same size: an earlier version may have stored texts
    that are refused today."""
    assert len(was.encode()) == len(becomes.encode())
    replaced = 0
    for table in (b"orders", b"texts"):
        with writing(folder, table) as transaction:
            for key, value in list(transaction.cursor()):
                replaced += value.count(was.encode()) or value.count(becomes.encode())
                transaction.put(key, value.replace(was.encode(), becomes.encode()))
    assert replaced, f"{was!r} is stored nowhere"


def make_endless(data: Path, holding: bytes = b"") -> int:
    """Damages the header of every page, or of those that contain these bytes: each claims to be smaller than its
    header (lmdb's MDB_page: number, pad, flags, lower), and LMDB does not come back from a search in it. Of a page with
    one key alone it soon does. Returns how many."""
    page_size, metas, lower = 4096, 2, 12
    content = data.read_bytes()
    pages = [at for at in range(metas * page_size, len(content), page_size) if holding in content[at:at + page_size]]
    with data.open("r+b") as file:
        for at in pages:
            file.seek(at + lower)
            file.write(b"\0\0")
    return len(pages)


def entry(index: int, match: int = 0) -> bytes:
    """An order's claim on a name, as in the values of `names` and `addresses`."""
    return struct.pack("<IB", index, match)


def lookup_key(name: str) -> bytes:
    return b"".join(label.encode() + b"\0" for label in reversed(name.split(".")))


TABLES = (b"names", b"addresses", b"orders", b"order_ids", b"documents", b"texts", b"lifts")


def content(folder: Path) -> dict[bytes, dict[bytes, bytes]]:
    """The content of the blocklist: every table but the journal, its changes and `meta`."""
    with lmdb.open(str(folder), max_dbs=32, readonly=True) as environment:
        handles = {table: environment.open_db(table, create=False) for table in TABLES}
        with environment.begin() as transaction:
            return {table: dict(transaction.cursor(db=handle)) for table, handle in handles.items()}
