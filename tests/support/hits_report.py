"""Hits of four days and two orders (a fixture), and what `hits report` makes of them."""
import html.parser

import pytest

from support import made_hits as hits

PERIOD = ("--since", "2024-02-12", "--until", "2024-02-16")


@pytest.fixture
def told(workspace):
    """Two orders, one of them late and held in part, and hits of four days."""
    workspace.configure(hits='instance = "ns1.isp.example"')
    workspace.block(
        "hoax.example",
        "hoaks-pemilu.example",
        id="B-1/2024",
        issued="2024-01-01T00:00:00Z",
        deadline="2024-01-02T00:00:00Z",
        clarification="https://cek-fakta.example/hasil",
    )
    workspace.block("other.example", id="B-2/2024", issued="2024-01-01T00:00:00Z", deadline="2199-01-01T00:00:00Z")
    batch = []
    for day, count in enumerate((120, 80, 5, 60)):
        batch += [
            {
                "time": f"2024-02-{12 + day}T07:00:00Z",
                "count": count,
                "order": "B-1/2024",
                "qname": "www.hoax.example",
                "listed": "hoax.example",
                "region": "ID-JK",
                "client": "192.0.2.0/24",
            }
        ]
    batch += [
        {
            "time": "2024-02-12T08:00:00Z",
            "count": 30,
            "order": "B-2/2024",
            "qname": "other.example",
            "region": "ID-PE",
            "client": "198.51.100.0/24",
            "qtype": 28,
        },
        {
            "time": "2024-02-13T08:00:00Z",
            "count": 3,
            "order": "B-1/2024",
            "qname": "hoaks-pemilu.example",
            "region": "ID-AC",
            "transport": "dot",
        },
        {
            "time": "2024-02-13T08:00:00Z",
            "count": 14,
            "order": "B-2/2024",
            "qname": "other.example",
            "action": "log",
            "region": "ID-XY",
        },
        {"time": "2024-02-13T08:30:00Z", "count": 7, "order": "B-2/2024", "qname": "other.example", "dropped": True},
    ]
    hits.record(workspace, batch)
    return workspace


def page(workspace, *options):
    file = workspace.folder / "report.html"
    workspace.tool.do("hits", "report", "--html", file, *options)
    return file.read_text()


def figures(workspace, *options):
    return workspace.tool.do("hits", "report", "--json", *options).json()


class Reader(html.parser.HTMLParser):
    VOID = {"meta", "link", "br", "img", "hr", "input"}

    def __init__(self, text):
        super().__init__()
        self.stack, self.tags, self.attributes, self.words, self.unbalanced = [], [], [], "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data):
        if "style" not in self.stack:
            self.words += data
