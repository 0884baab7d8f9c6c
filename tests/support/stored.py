"""Reads a blocklist database by its format document alone (blocklist/ledger/FORMAT.md), to check the tool's output with
code other than the project's own."""
import hashlib
import struct
from pathlib import Path
from typing import Any

import zstandard

from support import database
from support.fields import Fields

NEVER = 2**63 - 1
KINDS = ["order", "list", "local"]
ACTIONS = ["nxdomain", "nodata", "refused", "redirect", "drop", "passthru", "log"]
STATES = ["held", "released", "discarded", "closed"]
RECORDS = ["orders", "order_ids", "documents", "texts", "lifts", "quarantine"]


def order(value: bytes) -> dict[str, Any]:
    f = Fields(value)
    kind, action = KINDS[f.u8()], f.u8()
    out = {"kind": kind, "action": None if action == 255 else ACTIONS[action]}
    out |= {name: f.time() for name in ("issued", "effective", "expires", "lifted", "deadline", "applied")}
    out |= {"serial": f.u64(), "names": f.u64(), "addresses": f.u32()}
    out |= {name: f.text() for name in ("id", "authority", "category", "signers", "lifted_by")}
    return f.end(out | {"digest": f.octets(), "regions": f.several(f.u16(), f.text)})


def document(value: bytes) -> dict[str, Any]:
    f = Fields(value)
    return f.end({"content": f.octets(), "signatures": f.several(f.u16(), lambda: (f.text(), f.octets()))})


def texts(value: bytes) -> dict[str, Any]:
    f = Fields(value)
    out = {"reason": dict(f.several(f.u16(), lambda: (f.text(), f.text()))), "contact": f.several(f.u16(), f.text)}
    return f.end(out | {name: f.text() for name in ("legal_basis", "reference", "clarification")})


def held(value: bytes) -> dict[str, Any]:
    f = Fields(value)
    out = {"state": STATES[f.u8()], "match": f.u8(), "since": f.time(), "serial": f.u64(), "decided": f.time()}
    return f.end(out | {name: f.text() for name in ("rule", "why", "by", "reason")} | {"digest": f.octets()})


def journal(value: bytes) -> dict[str, Any]:
    f = Fields(value)
    out = {
        "hash": f.raw(32), "serial": f.u64(), "time": f.time(), "operator": f.text(), "command": f.text(),
        "detail": f.text()
    }
    out["orders"] = f.several(f.u32(), f.text)
    return f.end(
        out | {name: f.u64() for name in ("names_added", "names_removed", "addresses_added", "addresses_removed")}
    )


def follows(previous: bytes, value: bytes) -> bool:
    return hashlib.blake2b(previous + value[32:], digest_size=32).digest() == value[:32]


def changes(value: bytes) -> dict[str, Any]:
    f = Fields(zstandard.ZstdDecompressor().decompress(value))
    records = f.several(f.u32(), lambda: (RECORDS[f.u8()], f.octets(), f.octets() if f.u8() else None))
    entries = f.several(f.u64(), lambda: (f.u8(), f.u32(), f.u8(), f.octets()))
    return f.end({"records": records, "entries": entries, "whole_lists": f.several(f.u32(), f.u32)})


def feed(value: bytes) -> dict[str, Any]:
    f = Fields(value)
    out = {"serial": f.u64()} | {
        name: f.time() for name in ("generated", "valid_until", "last_attempt", "last_success", "last_failure")
    }
    out |= {"failure_code": f.u8()} | {name: f.u32() for name in ("failures", "orders", "withheld")}
    return f.end(out | {name: f.octets() for name in ("url", "sha256", "etag", "last_modified", "failure", "own")})


VALUES = {
    "orders": order, "documents": document, "texts": texts, "quarantine": held, "journal": journal, "changes": changes,
    "feeds": feed
}


class Stored:
    """Every table, its values decoded by the format; `raw` has the bytes."""

    def __init__(self, folder: Path) -> None:
        self.raw = database.dump(folder)
        self.tables = {name: {key: VALUES[name](value) for key, value in self.raw[name].items()} for name in VALUES}

    def order(self, id: str) -> dict[str, Any]:
        return self.tables["orders"][self.index(id)]

    def index(self, id: str) -> bytes:
        """As keys have it."""
        return struct.pack(">I", int.from_bytes(self.raw["order_ids"][id.encode()], "big"))
