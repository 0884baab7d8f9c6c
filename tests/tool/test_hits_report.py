"""`hits report`: a page that stands alone, says what the hits say, and a public one that tells of nobody."""
import base64
import hashlib
import html.parser
import json
import re
import subprocess

import pytest

from support import made_hits as hits
from support import orders
from support.chromium import Chromium
from support.paths import ROOT
from support.tool import UNSAFE, USAGE

SINCE, UNTIL = "2024-02-12", "2024-02-16"
PERIOD = ("--since", SINCE, "--until", UNTIL)


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


def test_the_figures_are_those_of_the_hits(told):
    j = figures(told, *PERIOD)
    assert j["format"] == "saring-report/1" and (j["refused"], j["logged"], j["dropped"], j["names_hit"]) == (
        305,
        14,
        7,
        3,
    )
    assert [b["refused"] for b in j["bins"]] == [150, 90, 5, 60] and all(b["whole"] for b in j["bins"])
    assert {o["id"]: (o["refused"], o["logged"], o["deadline_met"]) for o in j["orders"]} == {
        "B-1/2024": (268, 0, False),
        "B-2/2024": (37, 14, True),
    }
    assert {r["code"]: r["refused"] for r in j["regions"]} == {"ID-JK": 272, "ID-PE": 30, "ID-AC": 3, "ID-XY": 0}
    assert {r["name"] for r in j["regions"]} == {"Jakarta", "Papua Pegunungan", "Aceh", None}
    assert [(n["listed"], n["hits"]) for n in j["names"]] == [
        ("hoax.example", 265),
        ("other.example", 51),
        ("hoaks-pemilu.example", 3),
    ]
    assert {t["key"]: t["hits"] for t in j["records"]["transports"]} == {"udp": 309, "dot": 3}
    top = told.tool.do("hits", "top", "orders", *PERIOD, "--json").json()
    assert sum(o["refused"] + o["logged"] for o in j["orders"]) == top["total"]


@pytest.mark.parametrize(
    "language, needed",
    [
        (
            "id",
            [
                "Laporan pemblokiran situs",
                "12 Februari 2024 pukul 00.00 UTC",
                "Papua Pegunungan",
                "Hoaks pemilu",
                "terlambat",
                "7 permintaan dalam periode ini tidak dapat dicatat",
            ],
        ),
        (
            "en",
            [
                "Report of blocked sites",
                "12 February 2024, 00:00 UTC",
                "Papua Pegunungan",
                "Election hoax",
                "missed by",
                "7 hits of this time could not be recorded",
            ],
        ),
    ],
)
def test_the_page_says_all_in_either_language(told, language, needed):
    reader = Reader(page(told, *PERIOD, "--language", language, "--isp", "ISP Uji"))
    for words in [
        *needed,
        "ISP Uji",
        "B-1/2024",
        "Kementerian Uji",
        "Pasal 40 UU Uji",
        "hoax.example",
        "ns1.isp.example",
        "ID-XY",
        "nxdomain",
        "AAAA",
    ]:
        assert words in reader.words, words
    assert ("html", "lang", language) in reader.attributes
    assert ("a", "href", "https://cek-fakta.example/hasil") in reader.attributes


@pytest.mark.parametrize("options", [(), ("--public",), ("--public", "--names"), ("--clients",)])
def test_the_page_is_well_formed_and_asks_for_nothing(told, options):
    text = page(told, *PERIOD, *options)
    reader = Reader(text)
    assert not reader.unbalanced and not reader.stack
    assert {"script", "iframe", "form", "img", "object", "embed"}.isdisjoint(reader.tags)
    assert not [a for a in reader.attributes if a[1].startswith("on") or a[1] in ("src", "style", "srcset")]
    assert [a for a in reader.attributes if a[0] == "link"] == [("link", "rel", "icon"), ("link", "href", "data:,")]
    assert "url(" not in text and "@import" not in text
    [policy] = [value for _, name, value in reader.attributes if name == "content" and "default-src" in value]
    digest = base64.b64encode(
        hashlib.sha256(re.search(r"<style>(.*)</style>", text, re.DOTALL)[1].encode()).digest()
    ).decode()
    assert (
        policy.startswith("default-src 'none'; ")
        and f"style-src 'sha256-{digest}'" in policy
        and "unsafe" not in policy
    )
    ids = [value for _, name, value in reader.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    wanted = [v[1:] for t, n, v in reader.attributes if t == "a" and n == "href" and v.startswith("#")] + [
        i for _, n, v in reader.attributes if n == "aria-labelledby" for i in v.split()
    ]
    assert set(wanted) <= set(ids)
    assert reader.tags.count("caption") == reader.tags.count("table")
    assert len(text.encode()) < 60000


def test_tidy_finds_no_error(told):
    file = told.folder / "report.html"
    page(told, *PERIOD)
    result = subprocess.run(
        [
            "tidy",
            "-quiet",
            "-errors",
            "--show-warnings",
            "yes",
            "--drop-empty-elements",
            "no",
            "--mute",
            "PROPRIETARY_ATTRIBUTE",
            str(file),
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )
    complaints = [line for line in result.stderr.splitlines() if "Error:" in line]
    assert not complaints, result.stderr


EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{{style}}}{{#orders}}&amp;"


def demand_no_markup(workspace):
    hits.record(
        workspace,
        [
            {"count": 20, "order": EVIL[:100], "region": EVIL[:20], "instance": EVIL[:50]},
            {"count": 20, "order": orders.ID},
        ],
    )
    reader = Reader(page(workspace))
    assert {"script", "img"}.isdisjoint(reader.tags) and EVIL in reader.words
    assert not [a for a in reader.attributes if a[1].startswith("on")]
    assert not [a for a in reader.attributes if a[0] == "a" and not a[2].startswith("#") and a[1] == "href"]


def test_nothing_that_an_order_says_becomes_markup(workspace):
    workspace.block(
        "hoax.example",
        authority=EVIL,
        legal_basis=EVIL,
        reason={"id": EVIL},
        category=EVIL[:60],
        reference="https://a@b.example/&lt;",
        clarification="https://a@b.example/'onclick='a",
    )
    demand_no_markup(workspace)


@pytest.mark.parametrize("field", ["reference", "clarification"])
def test_an_address_with_markup_is_refused(workspace, field):
    refused = workspace.tool.refused(USAGE, "order", "apply", workspace.signed(**{field: f"https://{EVIL}"}))
    assert f"field {field}: " in refused.err, refused
    assert "has a character that is not allowed in an address" in refused.err, refused


def test_nothing_that_an_earlier_version_let_in_becomes_markup(workspace):
    address = f"https://a.example/{EVIL}"
    workspace.block_as_earlier(
        "hoax.example",
        authority=EVIL,
        legal_basis=EVIL,
        reason={"id": EVIL},
        category=EVIL[:60],
        reference=address,
        clarification=address,
    )
    demand_no_markup(workspace)


def test_a_report_of_nothing_says_so(workspace):
    workspace.tool.do("db", "init")
    hits.record(workspace, [{"time": "2023-01-01T00:00:00Z"}])
    reader = Reader(page(workspace, "--language", "en"))
    assert "Nothing was refused in this time." in reader.words


def test_no_client_stands_anywhere_unless_asked_for(told):
    for options in ((), ("--public",), ("--public", "--names")):
        for text in (page(told, *PERIOD, *options), json.dumps(figures(told, *PERIOD, *options))):
            assert "192.0.2." not in text and "198.51.100." not in text
    assert "192.0.2.0/24" in page(told, *PERIOD, "--clients")
    assert {c["key"]: c["hits"] for c in figures(told, *PERIOD, "--clients")["records"]["clients"]}[
        "198.51.100.0/24"
    ] == 30
    assert told.tool("hits", "report", "--json", "--public", "--clients").code == UNSAFE


def test_a_public_report_names_no_resolver_and_no_name_and_tells_no_small_figure(told):
    for text in (page(told, *PERIOD, "--public"), json.dumps(figures(told, *PERIOD, "--public"))):
        for secret in ("ns1.isp.example", "hoax.example", "hoaks-pemilu", "other.example", str(told.folder)):
            assert secret not in text, secret
    j = figures(told, *PERIOD, "--public")
    assert j["refused"] == 305 and j["logged"] == 14
    assert j["dropped"] is None and j["dropped_shown"] == "few"
    assert [b.get("refused_shown") for b in j["bins"]].count("few") == 1 and [b["refused"] for b in j["bins"]].count(
        None
    ) >= 2
    regions = {r["code"]: r for r in j["regions"]}
    assert len(regions) == 40 and regions["ID-AC"]["refused"] is None and regions["ID-BA"]["refused_shown"] == "few"
    hidden = [r for r in j["regions"] if r["refused"] is None]
    assert sum(r["refused"] or 0 for r in j["regions"]) < 305 - 9, "the rest that is hidden is at least the threshold"
    assert len(hidden) > 1 and "actions" not in j and "database" not in j and "records" not in j
    assert "< 10" in Reader(page(told, *PERIOD, "--public")).words


def test_names_come_into_a_public_report_only_when_asked_for_and_large_enough(told):
    reader = Reader(page(told, *PERIOD, "--public", "--names", "--threshold", "3"))
    assert "hoax.example" in reader.words
    [order] = [o for o in figures(told, *PERIOD, "--public", "--names")["orders"] if o["id"] == "B-1/2024"]
    assert "hoaks-pemilu.example" not in json.dumps(order)


@pytest.mark.parametrize(
    "options, culprit",
    [
        ((), "--html"),
        (("--json", "--since", "2024-02-12T07:30"), "--since"),
        (("--json", "--until", "2024-02-12", "--since", "2024-02-13"), "--until"),
        (("--json", "--threshold", "1", "--public"), "--threshold"),
        (("--json", "--names"), "--names"),
        (("--html", "x", "--language", "jv"), "--language"),
        (("--html", "-", "--json"), "--html"),
        (("--json", "--since", "2190-01-01", "--until", "2190-01-02"), "--since"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(told, options, culprit):
    result = told.tool("hits", "report", *options)
    assert result.code == USAGE and culprit in result.err, result


def test_the_same_time_gives_the_same_figures_again(told):
    def made_at_no_time(j):
        return {key: value for key, value in j.items() if key != "made"}

    assert made_at_no_time(figures(told, *PERIOD)) == made_at_no_time(figures(told, *PERIOD))


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_letters_and_bars_stand_out_from_their_ground_in_light_dark_and_print():
    def blocks(file):
        return re.findall(r":root \{(.*?)\}", (ROOT / "conf" / file).read_text(), re.DOTALL)

    common, own = blocks("common.css"), blocks("report/style.css")
    assert (len(common), len(own)) == (2, 3)
    for block in (common[0] + own[0], common[1] + own[1], own[2]):
        c = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
        for ground in ("card", "page", "warn"):
            for letters in ("text", "quiet", "link"):
                assert contrast(c[letters], c[ground]) >= 4.5, (letters, ground, block)
        assert (
            all(contrast(c[letters], c["card"]) >= 4.5 for letters in ("ok", "late"))
            and contrast(c["band"], c["on-band"]) >= 4.5
        )
        assert all(contrast(c[bar], c["card"]) >= 3 for bar in ("value", "above", "hidden"))


def test_chromium_shows_and_prints_it_without_a_complaint(told, new_folder):
    file = told.folder / "report.html"
    page(told, *PERIOD)
    browser = Chromium(new_folder("chromium"))
    try:
        browser.open(file.as_uri())
        assert browser.requested() == [file.as_uri()] and not browser.complaints()
        for width in (1200, 390):
            for dark in (False, True):
                browser.look(width=width, height=900, dark=dark, mobile=width < 500)
                assert browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
                assert browser.evaluate("getComputedStyle(document.body).backgroundColor") == (
                    "rgb(16, 21, 28)" if dark else "rgb(242, 244, 247)"
                )
        assert browser.evaluate("document.querySelector('svg rect.value').getBoundingClientRect().height") > 5
        assert browser.print_pdf().startswith(b"%PDF-")
    finally:
        browser.stop()


# Filters, changes, what vouches for it.


@pytest.mark.parametrize(
    "filter, refused, logged",
    [
        ({"order": "B-2/2024"}, 37, 14),
        ({"region": "ID-JK", "action": "nxdomain"}, 272, 0),
        ({"name": "hoax.example"}, 265, 0),
        ({"transport": "dot"}, 3, 0),
        ({"match": "pemilu", "type": "A"}, 3, 0),
        ({"client": "198.51.100.0/24"}, 30, 0),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_a_filter_limits_every_figure_as_it_limits_the_other_commands(told, filter, refused, logged):
    words = [word for name, value in filter.items() for word in (f"--{name}", value)]
    j = figures(told, *PERIOD, *words)
    assert j["filter"] == filter and (j["refused"], j["logged"]) == (refused, logged)
    for rows in (j["bins"], j["orders"], j["regions"]):
        assert sum(row["refused"] for row in rows) == refused
    top = told.tool.do("hits", "top", "names", "--with", "order", *PERIOD, *words, "--json").json()
    assert [(n["listed"], n["order"], n["hits"]) for n in j["names"]] == [
        (row["listed"], row["order"], row["hits"]) for row in top["rows"]
    ]
    assert j["source"] == ("hours" if set(filter) <= {"order", "region", "action"} else "records")
    assert all(value in Reader(page(told, *PERIOD, *words)).words for value in filter.values())


def test_a_public_report_of_some_hits_is_refused(told):
    assert "compared" in told.tool.refused(UNSAFE, "hits", "report", "--json", "--public", "--order", "B-1/2024").err


def test_it_tells_the_time_before_where_counts_go_back_so_far(told):
    later = figures(told, "--since", "2024-02-14T07:00", "--until", "2024-02-16T07:00")
    assert later["before"] == {"refused": 240, "logged": 14, "names_hit": 3} and later["refused"] == 65
    assert figures(told, *PERIOD)["before"] is None
    text = Reader(page(told, "--since", "2024-02-14T07:00", "--until", "2024-02-16T07:00", "--language", "en")).words
    assert "72.9 % less than in the time before (240)" in text, text
    public = figures(told, "--since", "2024-02-15", "--until", "2024-02-16", "--public")
    assert (
        public["before"]["refused"] is None
        and public["before"]["refused_shown"] == "few"
        and "logged" not in public["before"]
    )


def test_it_tells_what_came_and_what_was_lifted_by_whom(told):
    told.apply(
        id="B-9/2024",
        targets=orders.domains("new.example"),
        revokes=[{"order": "B-1/2024", "domain": "hoax.example"}, {"order": "B-2/2024"}],
    )
    told.tool.do("local", "block", "own.example", "--reason", "ticket 5")
    told.tool.do("local", "remove", "own.example", "--reason", "ticket 6")
    j = figures(told, "--since", "1h", "--until", "now")
    assert (j["changes"]["added"], j["changes"]["removed"]) == (
        2,
        0,
    ), "what came and went within the time is in neither"
    assert {(t["change"], t["target"], t["order"]) for t in j["changes"]["targets"]} == {
        ("added", "new.example", "B-9/2024"),
        ("added", "hoaks-pemilu.example", "B-1/2024"),
    }
    [lifting] = [order for order in j["orders"] if order["id"] == "B-9/2024"]
    assert lifting["lifts"] == [
        {"order": "B-1/2024", "name": "hoax.example", "below": False},
        {"order": "B-2/2024", "name": None, "below": False},
    ]
    words = Reader(page(told, "--since", "1h", "--until", "now", "--language", "en")).words
    assert (
        "Orders: 2 targets added, 0 lifted." in words
        and "hoax.example of order B-1/2024" in words
        and "order B-2/2024" in words
    )
    public = figures(told, "--since", "1h", "--until", "now", "--public") if j["until"][14:16] != "00" else None
    assert public is None or "targets" not in public["changes"]


def test_it_names_the_journal_that_it_was_made_from(told):
    last = told.tool.do("db", "history", "--limit", "1", "--json").json()["records"][0]
    for options in ((), ("--public",)):
        assert figures(told, *PERIOD, *options)["anchor"] == {"serial": last["serial"], "hash": last["hash"]}
        assert last["hash"] in page(told, *PERIOD, *options)


def test_its_hash_is_printed_and_minisign_finds_its_signature_good(told):
    key = told.key("isp")
    file = told.folder / "signed.html"
    said = told.tool.do("hits", "report", "--html", file, *PERIOD, "--secret-key", key.secret).out
    assert f"SHA-256 {hashlib.sha256(file.read_bytes()).hexdigest()}" in said
    [signature] = told.folder.glob("signed.html.*.minisig")
    assert str(signature) in said

    def checked():
        return subprocess.run(
            ["minisign", "-V", "-m", str(file), "-x", str(signature), "-P", key.public_text],
            capture_output=True,
            text=True,
            check=False,
        )

    good = checked()
    assert good.returncode == 0 and "hits report, 2024-02-12T00:00:00Z to 2024-02-16T00:00:00Z" in good.stdout, good
    file.write_bytes(file.read_bytes().replace(b"hoax.example", b"hoex.example"))
    assert checked().returncode != 0


def test_days_and_times_are_those_of_the_zone(told):
    hits.record(told, [{"time": "2024-02-13T18:00:00Z", "order": "B-1/2024", "count": 9}])
    j = figures(told, *PERIOD, "--time-zone", "WIB")
    assert j["since"] == "2024-02-11T17:00:00Z" and [b["begin"] for b in j["bins"]][:2] == [
        "2024-02-11T17:00:00Z",
        "2024-02-12T17:00:00Z",
    ]
    assert [b["refused"] for b in j["bins"]] == [150, 90, 14, 60]
    words = Reader(page(told, *PERIOD, "--time-zone", "WIT", "--language", "en")).words
    assert "All times are WIT." in words and "12 February 2024, 00:00 WIT" in words


def test_a_public_report_ends_at_the_last_full_hour(told):
    hits.record(told, [{"time": "now", "order": "B-1/2024"}])
    public, own = figures(told, "--since", "2h", "--public"), figures(told, "--since", "2h")
    assert (
        all(b["whole"] for b in public["bins"])
        and public["until"].endswith(":00:00Z")
        and public["until"] <= own["until"]
    )
