"""Reads a hit log by its format document alone (blocklist/hitlog/FORMAT.md), to check the module's output with code
other than the project's own."""
import ipaddress
import re
import struct
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import zstandard

from support.fields import Fields

ACTIONS = {0: "nxdomain", 1: "nodata", 2: "refused", 3: "redirect", 4: "drop", 6: "log"}
TRIGGERS = ["qname", "cname", "address"]
TRANSPORTS = ["udp", "tcp", "dot", "doh", "doq", "other"]
HEADER = struct.Struct("<IIIIBBHIIIqqQQ")
MAGIC = int.from_bytes(b"SHLF", "little")
NAME = re.compile(r"(\d{8}T\d{6}Z)-([0-9a-f]{16})-(\d{6,})\.(hits|counts)(~[0-9a-f]{16})?")
HEAD, HITS, DROPPED, COUNTS, INHERITED, TOTALS, INDEX = range(1, 8)
COLUMNS = ["sequence", "time", "client", "region", "asn", "transport", "qname", "qtype", "match", "serial"]


def crc_table() -> list[int]:
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ 0x82F63B78 if n & 1 else n >> 1
        table.append(n)
    return table


TABLE = crc_table()


def crc32c(seed: int, octets: bytes) -> int:
    crc = seed ^ 0xFFFFFFFF
    for octet in octets:
        crc = crc >> 8 ^ TABLE[(crc ^ octet) & 0xFF]
    return crc ^ 0xFFFFFFFF


@dataclass(frozen=True)
class Hit:
    run: str
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


@dataclass(frozen=True)
class Frame:
    type: int
    number: int
    count: int
    start: int
    first: int
    last: int
    a: int
    b: int
    payload: bytes


@dataclass
class Counts:
    """The content of count frames."""
    instance: str = ""
    total: int = 0
    dropped: int = 0
    uncounted: int = 0
    # (hour, order, region, action) and (hour, order, matched) to counts.
    order_hours: Counter = field(default_factory=Counter)
    name_hours: Counter = field(default_factory=Counter)
    dropped_hours: Counter = field(default_factory=Counter)


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


def matched_text(matched: bytes) -> str:
    if not matched:
        return ""
    return client_text(matched[1:]) if len(matched) > 1 and matched[0] == 0 else name_text(matched)


def frames_of(file: Path) -> list[Frame]:
    """Reads up to a torn tail. Any other deviation from the format fails."""
    parts = NAME.fullmatch(file.name)
    assert parts, file
    run, number, content, at, frames = int(parts[2], 16), int(parts[3]), file.read_bytes(), 0, []
    seed = crc32c(MAGIC, struct.pack("<QI", run, number))
    while len(content) - at >= HEADER.size and content[at:at + 4] == b"SHLF":
        magic, crc, payload_crc, size, kind, version, _, frame, count, start, first, last, a, b = HEADER.unpack_from(
            content, at
        )
        if at + HEADER.size + size > len(content):
            break
        begin = 0 if kind == HEAD else seed
        payload = content[at + HEADER.size:at + HEADER.size + size]
        assert version == 1 and crc == crc32c(begin, content[at + 8:at + HEADER.size]) and payload_crc == crc32c(
            begin, payload), f"{file} at {at}"
        assert (kind == HEAD) == (at == 0) and (not frames or frame > frames[-1].number)
        frames.append(Frame(kind, frame, count, start, first, last, a, b, payload))
        at += HEADER.size + size
    assert not frames or (frames[0].a, frames[0].b) == (run, number)
    if frames and frames[-1].type == INDEX:
        offset = struct.pack("<Q", at - HEADER.size - len(frames[-1].payload))
        assert content[at:] == struct.pack("<4sI", b"SHLE", crc32c(seed, offset)) + offset, f"the trailer of {file}"
    return frames


def two_parts(payload: bytes) -> tuple[Fields, Fields]:
    size = int.from_bytes(payload[:4], "little")
    unpack = zstandard.ZstdDecompressor().decompress
    return Fields(unpack(payload[4:4 + size])), Fields(unpack(payload[4 + size:]))


def octets(n: Fields) -> bytes:
    return n.raw(n.varint())


def dictionary(n: Fields) -> list[bytes]:
    return n.several(n.varint(), lambda: octets(n))


def records(run: str, frame: Frame) -> list[Hit]:
    n, values = two_parts(frame.payload)
    instance = octets(n).decode()
    clients, regions, orders, names, prefixes = (dictionary(n) for _ in range(5))
    matches = n.several(n.varint(), lambda: (n.varint(), n.varint(), n.varint(), n.varint()))
    time, serial, varying = n.zigzag(), n.varint(), n.varint()
    constant = {name: n.varint() for bit, name in enumerate(COLUMNS) if not varying >> bit & 1}
    assert n.at_end()
    column = {
        name: [constant[name]] * frame.count if name in constant else values.several(frame.count, values.varint)
        for name in COLUMNS
    }
    assert values.at_end()
    sequence, hits = frame.a - 1, []
    for i in range(frame.count):
        sequence += column["sequence"][i]
        time += column["time"][i] >> 1 ^ -(column["time"][i] & 1)
        serial += column["serial"][i] >> 1 ^ -(column["serial"][i] & 1)
        trigger, action, order, listed = matches[column["match"][i]]
        matched = client_text(prefixes[listed]) if TRIGGERS[trigger] == "address" else name_text(names[listed])
        hits.append(
            Hit(run, sequence, time, instance, client_text(clients[column["client"][i]]),
                regions[column["region"][i]].decode(), column["asn"][i], TRANSPORTS[column["transport"][i]],
                name_text(names[column["qname"][i]]), column["qtype"][i], TRIGGERS[trigger], matched, ACTIONS[action],
                orders[order].decode(), serial))
    assert sequence == frame.b and frame.first == min(h.time for h in hits) and frame.last == max(h.time for h in hits)
    return hits


def counts(frame: Frame) -> Counts:
    n, m = two_parts(frame.payload)
    out = Counts(octets(n).decode(), n.varint(), n.varint(), n.varint())
    out.dropped_hours.update(dict(n.several(n.varint(), lambda: (n.varint(), n.varint()))))
    orders, regions, hour = [one.decode() for one in dictionary(n)], [one.decode() for one in dictionary(n)], 0
    for _ in range(n.varint()):
        hour += n.zigzag()
        order, region, action = orders[n.varint()], regions[n.varint()], ACTIONS[n.varint()]
        out.order_hours[hour, order, region, action] += n.varint()
    matched, hour = [matched_text(one) for one in dictionary(m)], 0
    for _ in range(m.varint()):
        hour += m.zigzag()
        order, name = orders[m.varint()], matched[m.varint()]
        out.name_hours[hour, order, name] += m.varint()
    assert n.at_end() and m.at_end()
    return out


class HitLog:
    """One look at it. Everything is read at once: tests' logs are small."""

    def __init__(self, folder: Path) -> None:
        self.hits: list[Hit] = []
        self.order_hours, self.name_hours, self.dropped_hours = Counter(), Counter(), Counter()
        self.recorded = self.dropped = 0
        files = sorted(file for file in folder.iterdir() if NAME.fullmatch(file.name)) if folder.is_dir() else []
        covered: dict[tuple[int, int], int] = defaultdict(int)
        # Counts first: hits that are counted later are then among the records.
        for file in files:
            if ".counts" in file.name:
                for frame in frames_of(file):
                    if frame.type == COUNTS:
                        key = frame.a, frame.b >> 32
                        covered[key] = max(covered[key], frame.b & 0xFFFFFFFF)
                        self._add(counts(frame))
        for file in sorted(file for file in folder.iterdir() if NAME.fullmatch(file.name)) if folder.is_dir() else []:
            if ".counts" in file.name:
                continue
            frames = frames_of(file)
            for frame in frames:
                is_counted = frame.number < covered[frames[0].a, frames[0].b]
                if frame.type == HITS:
                    hits = records(f"{frames[0].a:016x}", frame)
                    self.hits += hits
                    if not is_counted:
                        self.recorded += len(hits)
                        hour = 3600 * 1_000_000
                        self.order_hours.update((h.time // hour, h.order, h.region, h.action) for h in hits)
                        self.name_hours.update((h.time // hour, h.order, h.matched) for h in hits)
                elif frame.type == DROPPED and not is_counted:
                    self._add(counts(frame))

    def _add(self, more: Counts) -> None:
        self.recorded += more.total - more.dropped
        self.dropped += more.dropped
        self.order_hours += more.order_hours
        self.name_hours += more.name_hours
        self.dropped_hours += more.dropped_hours

    def demand_sound(self) -> "HitLog":
        """Checks that each run's sequences have no gaps, and that the aggregates equal a recount of the records."""
        runs = defaultdict(list)
        for hit in self.hits:
            runs[hit.run].append(hit.sequence)
        assert all(sequences == list(range(1, len(sequences) + 1)) for sequences in runs.values())
        assert len(self.hits) == self.recorded
        assert self.dropped == sum(self.dropped_hours.values())
        assert sum(self.order_hours.values()) == sum(self.name_hours.values()) == self.recorded + self.dropped
        if self.dropped == 0:
            hour = 3600 * 1_000_000
            assert self.order_hours == Counter((h.time // hour, h.order, h.region, h.action) for h in self.hits)
            assert self.name_hours == Counter((h.time // hour, h.order, h.matched) for h in self.hits)
        return self


def hits_in(folder: Path) -> list[Hit]:
    """In the order in which each run recorded them."""
    return HitLog(folder).hits
