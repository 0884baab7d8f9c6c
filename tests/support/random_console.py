"""Random orders, hits and filters, and what a page of the console shows of them."""
import random
import re
import time
from typing import Any

from support import made_hits as hits
from support import orders
from support.console import Answer
from support.workspace import Workspace

NAMES = [f"{label}.example" for label in "abcdefgh"]
AUTHORITIES = ["Kementerian A", "Kementerian B"]
CATEGORIES = ["hoax", "phishing", "gambling"]
REGIONS = ["ID-JK", "ID-AC", "ID-PA"]
KINDS = ["names", "qnames", "orders", "regions", "actions", "clients", "networks", "instances", "types", "transports",
         "triggers"]


def utc(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def local(rfc3339: str) -> str:
    """As the console shows it in WIB, seven hours ahead, milliseconds included."""
    seconds, _, fraction = rfc3339.rstrip("Z").partition(".")
    shown = time.gmtime(time.mktime(time.strptime(seconds, "%Y-%m-%dT%H:%M:%S")) - time.timezone + 7 * 3600)
    return time.strftime("%Y-%m-%d %H:%M:%S", shown) + ("." + fraction[:3] if fraction else "")


def number(text: str) -> int:
    return int(text.replace(",", ""))


class Shown:
    """A page's tables by caption, its tiles by label, its bars by time."""

    def __init__(self, answer: Answer) -> None:
        assert answer.status == 200 and "refresh" not in answer.headers, answer
        page, self.text = answer.page(), answer.text
        self.words = page.words
        captions = re.findall(r"<caption[^>]*>(.*?)</caption>", answer.text)
        self.tables = {caption: table[1:] for caption, table in zip(captions, page.tables, strict=True)}
        self.tiles = dict(re.findall(r"<dt>([^<]*)</dt><dd[^>]*>(?:<a [^>]*>)?<bdi>([^<]*)<", answer.text))
        bars = re.findall(r"<title>(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d): ([\d,]+)</title>", answer.text)
        self.bars = {begin: number(count) for begin, count in bars if number(count)}

    def counts(self, caption: str) -> list[tuple[str, int]]:
        """A table of counts: what, and how many."""
        return [(row[0], number(row[1])) for row in self.tables.get(caption, [])]


def counted(told: dict[str, Any], most: int = 1000) -> list[tuple[str, int]]:
    """Rows of `hits top --json`, as a page shows them."""
    unknown = "(unknown)" if told["by"] in ("region", "asn") else "(not kept)"
    return [(row[told["by"]] or unknown, row["hits"]) for row in told["rows"][:most]]


def make_orders(chance: random.Random, w: Workspace) -> list[str]:
    ids = [f"B-{n}/2024" for n in range(chance.randrange(4, 9))]
    for n, id in enumerate(ids):
        fields: dict[str, Any] = {"id": id, "authority": chance.choice(AUTHORITIES),
                                  "category": chance.choice(CATEGORIES),
                                  "targets": orders.domains(*chance.sample(NAMES, chance.randrange(1, 4)))}
        if chance.random() < 0.3:
            fields["regions"] = chance.sample(REGIONS, 1)
        if chance.random() < 0.4:
            fields["action"] = chance.choice(["nodata", "refused", "log"])
        if chance.random() < 0.3:
            fields["deadline"] = chance.choice(["2024-01-02T00:00:00Z", orders.at(86400)])
        if chance.random() < 0.3:
            fields["expires"] = orders.at(86400 * chance.randrange(1, 40))
        if n and chance.random() < 0.3:
            fields["revokes"] = [{"order": chance.choice(ids[:n])}]
        if chance.random() < 0.3:
            fields["targets"] += orders.domains("co.id")  # held: a public suffix
        w.tool("order", "apply", w.signed(**fields))
    if chance.random() < 0.7:
        w.tool.do("local", "allow", chance.choice(NAMES), "--reason", "ticket")
    return ids


def make_hits(chance: random.Random, w: Workspace, ids: list[str], *, dropped: bool = True) -> None:
    now, rows = time.time(), []
    for _ in range(chance.randrange(150, 400)):
        age, name = chance.randrange(120, 60 * 3600), chance.choice(NAMES)
        if abs(age - 3600) < 120:
            continue  # "the last hour" is another one for each look
        row = {"time": utc(now - age), "qname": chance.choice(["", "www.", "Pemilu.", "x.y."]) + name, "listed": name,
               "order": chance.choice(ids), "region": chance.choice([*REGIONS, ""]), "asn": chance.choice([0, 64500]),
               "client": chance.choice(["192.0.2.0/24", "198.51.100.7", "2001:db8:1::/48", ""]),
               "qtype": chance.choice([1, 28, 65, 4711]), "transport": chance.choice(["udp", "tcp", "doh"]),
               "action": chance.choice(["nxdomain", "nodata", "log"]), "instance": chance.choice(["ns1", "ns2"])}
        if chance.random() < 0.1:
            row |= {"trigger": "address", "listed": "203.0.113.0/28"}
        elif chance.random() < 0.1:
            row["trigger"] = "cname"
        if dropped and chance.random() < 0.05:
            row |= {"dropped": True, "count": chance.randrange(1, 9)}
        rows.append(row)
    hits.record_by_hour(w, sorted(rows, key=lambda row: row["time"]))


def random_filter(chance: random.Random, ids: list[str]) -> dict[str, str]:
    now = time.time()
    since = now - chance.randrange(7200, 60 * 3600)
    until = since + chance.randrange(3600, 40 * 3600)
    if chance.random() < 0.5:
        since, until = since // 3600 * 3600, until // 3600 * 3600 + 3600
    possible = {"order": chance.choice(ids), "authority": chance.choice(AUTHORITIES),
                "category": chance.choice(CATEGORIES), "name": chance.choice(NAMES),
                "match": chance.choice(["pemilu", "*.a.example", "?.example"]),
                "client": chance.choice(["192.0.2.0/24", "2001:db8::/32"]),
                "region": chance.choice([*REGIONS, "unknown"]), "action": chance.choice(["nxdomain", "log"]),
                "type": chance.choice(["A", "TYPE4711"]), "transport": chance.choice(["udp", "doh"]),
                "trigger": chance.choice(["qname", "address"]), "instance": chance.choice(["ns1", "ns2"])}
    chosen = {name: possible[name] for name in chance.sample(sorted(possible), chance.choice([0, 1, 1, 2]))}
    times = {"since": utc(since), "until": utc(until)}
    return chosen | chance.choice([times, times, {"since": times["since"]}, {"since": "2d"}, {}])


def words_of(filter: dict[str, str]) -> list[str]:
    return [word for name, value in filter.items() for word in (f"--{name}", value)]
