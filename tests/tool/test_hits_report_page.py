"""`hits report --html`: a page that stands alone, runs nothing and can be read by everyone."""
import base64
import hashlib
import re
import subprocess

import pytest

from support import made_hits as hits
from support import orders
from support.chromium import Chromium
from support.hits_report import PERIOD, Reader, page, told  # noqa: F401
from support.paths import ROOT
from support.tool import USAGE


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
EVIL_TEXTS = {"authority": EVIL, "legal_basis": EVIL, "reason": {"id": EVIL}, "category": EVIL[:60]}


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
        **EVIL_TEXTS,
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
        **EVIL_TEXTS,
        reference=address,
        clarification=address,
    )
    demand_no_markup(workspace)


def test_a_report_of_nothing_says_so(workspace):
    workspace.tool.do("db", "init")
    hits.record(workspace, [{"time": "2023-01-01T00:00:00Z"}])
    reader = Reader(page(workspace, "--language", "en"))
    assert "Nothing was refused in this time." in reader.words


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
