"""Reaches into the blocklist's LMDB from outside, to make states the tool never makes."""
import struct
from pathlib import Path

import lmdb


def set_schema_version(folder: Path, version: int) -> None:
    """blocklist/store/schema.h: key "schema" of the database "meta", a little-endian u32."""
    with lmdb.open(str(folder), max_dbs=16, map_size=1 << 30) as environment:
        meta = environment.open_db(b"meta", create=False)
        with environment.begin(db=meta, write=True) as transaction:
            assert transaction.get(b"schema") is not None
            transaction.put(b"schema", struct.pack("<I", version))
