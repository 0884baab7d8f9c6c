"""Reads a hits database by its format document alone (blocklist/hits/FORMAT.md), so that what the
module writes is checked by other code than the project's own."""
import ipaddress
import struct
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import lmdb
import zstandard

from support.fields import Fields

ACTIONS = {0: "nxdomain", 1: "nodata", 2: "refused", 3: "redirect", 4: "drop", 6: "log"}
TRIGGERS = ["qname", "cname", "address"]
TRANSPORTS = ["udp", "tcp", "dot", "doh", "doq", "other"]
HEAD = struct.Struct("<BIqqQ")


@dataclass(frozen=True)
class Hit:
    sequence: int
    time: int
    instance: str
    client: str
    region: str
    asn: int
    transport: str
    qname: str
    qtype: int
    trigger: str
    matched: str
    action: str
    order: str
    serial: int


def client_text(stored: bytes) -> str:
    if not stored:
        return ""
    if stored[0] == 0xFF:
        return "~" + stored[1:].hex()
    address = ipaddress.ip_address(stored[1:-1])
    return str(address) if stored[-1] == address.max_prefixlen else f"{address}/{stored[-1]}"


def name_text(wire: bytes) -> str:
    labels = []
    while wire[0]:
        labels.append(wire[1:1 + wire[0]].decode("latin-1"))
        wire = wire[1 + wire[0]:]
    return ".".join(labels) or "."


def name_of_key(key: bytes) -> str:
    return ".".join(label.decode("latin-1") for label in reversed(key.split(b"\0")[:-1]))


def decode_block(first: int, block: bytes) -> list[Hit]:
    version, count, least, greatest, last = HEAD.unpack_from(block)
    assert version == 1 and count > 0
    n = Fields(zstandard.ZstdDecompressor().decompress(block[HEAD.size:]))
    instances, clients, regions, orders, names, prefixes = (n.several(n.varint(), n.octets) for _ in range(6))
    time, serial, sequence = n.zigzag(), n.varint(), first
    each = range(count)
    sequences, times = [], []
    for _ in each:
        sequence += n.varint()
        sequences.append(sequence)
    for _ in each:
        time += n.zigzag()
        times.append(time)
    instance, client, region = ([table[n.varint()] for _ in each] for table in (instances, clients, regions))
    instance, client, region = list(instance), list(client), list(region)
    asn = [n.varint() for _ in each]
    transport = [TRANSPORTS[n.varint()] for _ in each]
    qname = [name_text(names[n.varint()]) for _ in each]
    qtype = [n.varint() for _ in each]
    trigger = [TRIGGERS[n.varint()] for _ in each]
    matched = [client_text(prefixes[n.varint()]) if t == "address" else name_text(names[n.varint()]) for t in trigger]
    action = [ACTIONS[n.varint()] for _ in each]
    order = [orders[n.varint()].decode() for _ in each]
    serials = []
    for _ in each:
        serial += n.zigzag()
        serials.append(serial)
    assert n.at_end() and sequence == last and least == min(times) and greatest == max(times)
    return [Hit(sequences[i], times[i], instance[i].decode(), client_text(client[i]), region[i].decode(), asn[i], transport[i], qname[i],
                qtype[i], trigger[i], matched[i], action[i], order[i], serials[i]) for i in each]


class HitsDatabase:
    """One look at it. Everything is read at once: tests' databases are small."""

    def __init__(self, folder: Path) -> None:
        environment = lmdb.open(str(folder), readonly=True, max_dbs=16, lock=True)
        try:
            with environment.begin() as txn:
                def table(name: str, **options):
                    return txn.cursor(environment.open_db(name.encode(), txn, create=False, **options))
                self.hits = [hit for key, block in table("blocks") for hit in decode_block(int.from_bytes(key, "big"), block)]
                ids = {key: value.decode() for key, value in table("order_ids")}
                # (hour, order, region, action) and (hour, order, matched) to counts.
                self.order_hours = {(int.from_bytes(k[:3], "big"), ids.get(k[3:7], ""), k[8:].decode(), ACTIONS[k[7]]): int.from_bytes(v, "little")
                                    for k, v in table("order_hours")}
                self.name_hours = {(int.from_bytes(k[:3], "big"), ids.get(k[3:7], ""),
                                    client_text(k[8:]) if k[7:8] == b"\0" else name_of_key(k[7:])): int.from_bytes(v, "little")
                                   for k, v in table("name_hours")}
                self.dropped_hours = {int.from_bytes(k, "big"): int.from_bytes(v, "little") for k, v in table("dropped_hours")}
                self.instances = {k.decode(): struct.unpack("<QQQq", v) for k, v in table("instances")}
        finally:
            environment.close()

    @property
    def recorded(self) -> int:
        return sum(one[0] for one in self.instances.values())

    @property
    def dropped(self) -> int:
        return sum(one[1] for one in self.instances.values())

    def demand_sound(self) -> "HitsDatabase":
        """Sequences without gaps, and aggregates that are what a recount of the records gives."""
        assert [hit.sequence for hit in self.hits] == list(range(1, self.recorded + 1))
        assert self.dropped == sum(self.dropped_hours.values())
        assert sum(self.order_hours.values()) == sum(self.name_hours.values()) == self.recorded + self.dropped
        if self.dropped == 0:
            hour = 3600 * 1_000_000
            assert self.order_hours == Counter((h.time // hour, h.order, h.region, h.action) for h in self.hits)
            assert self.name_hours == Counter((h.time // hour, h.order, h.matched) for h in self.hits)
        return self


def hits_in(folder: Path) -> list[Hit]:
    """Empty too while the database is still being made."""
    try:
        return HitsDatabase(folder).hits if (folder / "data.mdb").exists() else []
    except lmdb.NotFoundError:
        return []
