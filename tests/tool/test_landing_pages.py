"""The pages: their content, escaping of an order's text, and the templates that an ISP may edit."""
import base64
import hashlib
import html.parser
import re
import shutil

import pytest

from support import orders
from support.landing import SHIPPED, page_of
from support.tool import USAGE

CLARIFICATION = "https://cek-fakta.example/hasil-pemilu"


@pytest.fixture
def page(workspace):
    """The page of one order on hoax.example; fields as in orders.document, or `earlier`: as an earlier version
    stored them, with text that is refused today."""
    def make(*options, earlier=False, **fields):
        (workspace.block_as_earlier if earlier else workspace.block)("hoax.example", **fields)
        site = workspace.folder / "landing"
        workspace.tool.do("landing", "build", site, *options)
        return page_of(site, ".hoax.example")
    return make


class Reader(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.attributes, self._open, self.words = [], {}, [], None, ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag == "a":
            self._open = dict(attrs)["href"]
            self.links.setdefault(self._open, "")

    def handle_endtag(self, tag):
        if tag == "a":
            self._open = None

    def handle_data(self, data):
        self.words += data
        if self._open is not None:
            self.links[self._open] += data


def test_the_page_has_everything_a_reader_needs_in_both_languages(page):
    text = page(clarification=CLARIFICATION, contact=["mailto:aduan@kementerian.example", "tel:+62-21-5550-0100"],
                expires="2099-02-28T23:59:59+07:00", regions=None or orders.ABSENT)
    reader = Reader(text)
    for needed in (orders.ID, "Kementerian Uji", "Pasal 40 UU Uji", "Hoaks pemilu", "Election hoax",
                   "28 Februari 2099 pukul 23.59 WIB", "28 February 2099, 23:59 WIB (UTC+7)"):
        assert needed in reader.words, needed
    assert {
        CLARIFICATION,
        "mailto:aduan@kementerian.example",
        "tel:+62-21-5550-0100",
        "https://kementerian.example/perintah/1",
    } <= set(reader.links)
    assert 'datetime="2099-02-28T16:59:59Z"' in text


def test_an_order_with_the_least_an_order_has(page):
    nothing = {name: orders.ABSENT for name in ("legal_basis", "category", "reason", "contact", "reference")}
    reader = Reader(page(**nothing))
    assert (
        "Dasar hukum" not in reader.words and "Naskah perintah" not in reader.words and "blockquote" not in reader.tags
    )
    assert "gives no contact" in reader.words and set(reader.links) == {"#id", "#en"}


def test_a_reason_in_another_language_is_shown_and_marked_as_such(page):
    text = page(reason={"jv": "Hoaks"})
    assert text.count('<blockquote lang="jv">') == 2


EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'{{{body}}}{{#order}}&amp;'


@pytest.fixture
def innocent(page):
    return Reader(page())


def demand_no_markup(text, innocent):
    reader = Reader(text)
    assert {"script", "img", "b"}.isdisjoint(reader.tags), reader.tags
    assert {name for _, name, _ in reader.attributes} <= {name for _, name, _ in innocent.attributes}
    assert EVIL in reader.words
    assert set(reader.links) == {"#id", "#en"}, "an address that is none is text, not a link"


def test_nothing_in_an_order_becomes_markup(innocent, page):
    demand_no_markup(page(id=EVIL[:150], authority=EVIL, legal_basis=EVIL, reason={"id": EVIL, "en": EVIL},
                          contact=["mailto:'onerror='&lt;b&gt;", "tel:'&lt;b&gt;"],
                          reference="https://a@b.example/&lt;b&gt;",
                          clarification="https://a@b.example/'onclick='a"), innocent)


# An address or language tag with markup is refused today; an earlier version may have stored it.
REFUSED = {"reason": {"id": EVIL, '"><b>': EVIL}, "contact": [f"mailto:{EVIL}@x", f"tel:{EVIL}"],
           "reference": f"https://a.example/{EVIL}", "clarification": f"https://a.example/{EVIL}"}


def test_nothing_that_an_earlier_version_let_in_becomes_markup(innocent, page):
    demand_no_markup(page(earlier=True, id=EVIL[:150], authority=EVIL, legal_basis=EVIL, **REFUSED), innocent)


@pytest.mark.parametrize("field, named", [
    ("reason", 'reason."><b>: is not a language tag'), ("contact", "contact[0]: "),
    ("reference", "reference: "), ("clarification", "clarification: ")])
def test_markup_where_none_belongs_is_refused(workspace, field, named):
    refused = workspace.tool.refused(USAGE, "order", "apply", workspace.signed(**{field: REFUSED[field]}))
    assert f"field {named}" in refused.err, refused


@pytest.mark.parametrize("address", ["https://ministry.example@evil.example/", "https://", "http:///path"])
def test_an_address_that_deceives_is_no_link(page, address):
    reader = Reader(page(clarification=address, reference=orders.ABSENT, contact=orders.ABSENT))
    assert set(reader.links) == {"#id", "#en"}


@pytest.mark.parametrize("address", ["https://x.example/\u202egpj.exe", "https://x.example/\" onclick=\"a",
                                     "https://x.example/a b", "https://x.example/\nb", "https://x.example/<b>"])
def test_an_address_that_breaks_out_is_refused_and_of_an_earlier_version_no_link(page, workspace, address):
    refused = workspace.tool.refused(USAGE, "order", "apply", workspace.signed(clarification=address))
    assert "field clarification: " in refused.err, refused
    reader = Reader(page(earlier=True, clarification=address, contact=["mailto:nobody"]))
    assert set(reader.links) == {"#id", "#en", "https://kementerian.example/perintah/1"}


def test_text_cannot_turn_its_surroundings_around(page, workspace):
    evil = "Kementerian \u202eUji\u0001\u0085"
    refused = workspace.tool.refused(USAGE, "order", "apply", workspace.signed(authority=evil))
    assert "field authority: has the character U+202E" in refused.err, refused
    text = page(earlier=True, authority=evil)
    assert not re.search("[\u202e\u0001\u0085]", text) and "Kementerian \ufffdUji\ufffd\ufffd" in Reader(text).words


def test_a_page_asks_for_nothing_and_runs_nothing(page):
    text = page(clarification=CLARIFICATION)
    reader = Reader(text)
    assert {"script", "iframe", "form", "img", "object"}.isdisjoint(reader.tags)
    assert not [a for a in reader.attributes if a[1].startswith("on") or a[1] in ("src", "style")]
    assert [a for a in reader.attributes if a[0] == "link"] == [("link", "rel", "icon"), ("link", "href", "data:,")]
    [policy] = [value for _, name, value in reader.attributes if name == "content" and "default-src" in value]
    style = re.search(r"<style>(.*)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(
        "default-src 'none'; ") and f"style-src 'sha256-{digest}'" in policy and "unsafe" not in policy
    assert len(text.encode()) < 16000


@pytest.fixture
def templates(workspace):
    folder = workspace.folder / "templates"
    shutil.copytree(SHIPPED, folder)
    return folder


def edit(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_the_shipped_templates_equal_the_built_in_ones(page, templates, workspace):
    without = page()
    site = workspace.folder / "landing"
    workspace.tool.do("landing", "build", site, "--templates", templates)
    assert page_of(site, ".hoax.example") == without


def test_an_isps_words_and_looks_and_a_third_language(page, templates):
    edit(templates / "text.id.html", "Bila menurut Anda pemblokiran ini keliru", "Pelanggan ISP Contoh: bila keliru")
    edit(templates / "style.css", "#7a1420", "#123456")
    (templates / "text.jv.html").write_text(
        (templates / "text.id.html").read_text().replace("Bahasa Indonesia", "Basa Jawa")
    )
    text = page("--templates", templates, "--languages", "id,jv,en", expires="2099-02-28T23:59:59+07:00")
    assert "Pelanggan ISP Contoh" in text and "#123456" in text and 'lang="jv"' in text and "Basa Jawa" in text
    assert "2099-02-28 23:59 WIB" in text


@pytest.mark.parametrize("name, old, new, culprit", [
    ("text.id.html", "{{authority}}", "X", "{{authority}}"),
    ("text.en.html", "clarification}}", "clarifiction}}", "{{clarifiction}}"),
    ("page.html", 'content="{{csp}}"', 'content=""', "{{csp}}"),
    ("text.id.html", "<bdi>{{id}}</bdi>", "{{{id}}}", "unescaped"),
    ("text.id.html", "<bdi>{{id}}</bdi>", "{{&id}}", "not allowed"),
    ("text.id.html", "<bdi>{{id}}</bdi>", "{{>other}}", "not allowed"),
    ("text.en.html", "{{/order}}\n{{#list}}", "{{#list}}", "text.en.html"),
    ("text.en.html", "{{#body}}", "{{#body}", "text.en.html:"),
    ("page.html", "<header>", "<header><script>alert(1)</script>", "a script"),
    ("page.html", "<header>", '<header style="color:red">', "a style attribute"),
    ("page.html", "<header>", '<header><img src="https://counter.example/">', "another server"),
    ("style.css", "body {", "@import 'x'; body {", "@import"),
    ("style.css", "body {", "</style><b> body {", "</"),
])
def test_a_template_that_would_not_do_is_refused_by_file_and_line(workspace, templates, name, old, new, culprit):
    workspace.block("hoax.example")
    edit(templates / name, old, new)
    site = workspace.folder / "landing"
    result = workspace.tool.refused(USAGE, "landing", "build", site, "--templates", templates)
    assert str(templates / name) in result.err and culprit in result.err, result
    assert not site.exists()


def test_a_template_that_is_not_there_is_named(workspace, templates):
    workspace.block("hoax.example")
    (templates / "style.css").unlink()
    assert str(templates / "style.css") in workspace.tool.refused(USAGE, "landing", "build", workspace.folder / "l",
                                                                  "--templates", templates).err


def test_every_name_of_the_templates_is_in_their_manual():
    manual = set(re.findall(r"`([a-z_]+)`",
                            (SHIPPED / "README.md").read_text())) | {"effective_rfc3339", "expires_rfc3339"}
    for file in SHIPPED.glob("*.html"):
        used = set(re.findall(r"\{\{\{?[#^/]?([a-z_0-9]+)", file.read_text()))
        assert used <= manual, (file, used - manual)
