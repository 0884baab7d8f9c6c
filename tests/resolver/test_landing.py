"""A real Chromium resolves a blocked name through the module, and nginx serves it the landing page."""
import re

import pytest

from support import orders
from support.authority import RESOLVED, Authority
from support.chromium import Chromium
from support.landing import LandingServer
from support.namespace import Namespace
from support.waiting import wait_for
from support.workspace import REDIRECT_A, REDIRECT_AAAA

CLARIFICATION = "https://cek-fakta.example/hasil-pemilu"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740, "mobile": True}
LOOKS = [pytest.param({**size, "dark": dark}, id=f"{name}-{'dark' if dark else 'light'}")
         for name, size in (("desktop", DESKTOP), ("phone", PHONE)) for dark in (False, True)]


@pytest.fixture(scope="module", autouse=True)
def network(new_folder):
    """Landing page and the sites of the test share loopback; port 53 and 80 are this file's own."""
    namespace = Namespace(new_folder("network"), [f"{REDIRECT_A}/32", f"{REDIRECT_AAAA}/128", f"{RESOLVED}/32"])
    yield namespace
    namespace.leave()


@pytest.fixture(scope="module")
def authority(network, new_folder):
    """Inside this network, unlike the one that all files share."""
    server = Authority(new_folder("authority"))
    yield server.start()
    server.stop()


@pytest.fixture(scope="module")
def scene(network, new_folder, shared_workspace, resolver_of):
    workspace = shared_workspace
    # Seconds for which the browser's cache and the resolver's answer are kept: as short as possible.
    workspace.configure(action="redirect", ttl=0)
    workspace.block("hoax.example", clarification=CLARIFICATION,
                    contact=["mailto:aduan@kementerian.example", "tel:+62-21-5550-0100"])
    workspace.block("lifted.example", id="B-2")
    workspace.tool.do("order", "revoke", "B-2", "--reason", "objection upheld")
    workspace.site = workspace.folder / "landing"
    workspace.tool.do("landing", "build", workspace.site)
    workspace.resolver = resolver_of(workspace, extra="server:\n    interface: 127.0.0.1@53\n").start()
    real = f'server {{ listen {RESOLVED}:80; default_type text/html; return 200 "<title>the site itself</title>"; }}'
    workspace.server = LandingServer(new_folder("nginx"), workspace.site, more=real, own_port=False)
    yield workspace
    workspace.server.stop()


@pytest.fixture(scope="module")
def browser(scene, new_folder):
    chromium = Chromium(new_folder("chromium"))
    yield chromium
    chromium.stop()


def test_a_blocked_name_leads_to_its_orders_page_and_to_the_clarification(scene, browser):
    assert scene.resolver.dig("www.hoax.example").blocked_by(orders.ID)
    assert browser.open("http://www.hoax.example/artikel?id=7").get("errorText") is None
    assert browser.evaluate("document.title") == "Situs ini diblokir · This site is blocked"
    text = browser.evaluate("document.body.innerText")
    assert orders.ID in text and "Kementerian Uji" in text
    assert browser.evaluate("[...document.querySelectorAll('a.button')].map(a => a.href)") == [CLARIFICATION] * 2


def test_the_page_asks_for_nothing_else_and_leaves_nothing_behind(scene, browser):
    browser.open("http://hoax.example/")
    assert browser.requested() == ["http://hoax.example/"]
    assert browser.evaluate("document.cookie + localStorage.length") == "0"
    assert not browser.call("Network.getAllCookies")["cookies"]
    refused = [c for c in browser.complaints() if "451" not in c]
    assert not refused, "Chromium's console complains"


def test_a_script_that_got_into_the_page_would_not_run(scene, browser):
    """The content security policy is effective in a real browser."""
    browser.open("http://hoax.example/")
    browser.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,x\" onerror=\"window.ran = 1\"><p id=styled "
        "style=\"color: red\">x</p>')"
    )
    browser.evaluate(
        "{ const s = document.createElement('script'); s.textContent = 'window.ran = 2'; document.body.append(s); }"
    )
    assert browser.evaluate("typeof window.ran") == "undefined"
    assert browser.evaluate("getComputedStyle(document.getElementById('styled')).color") != "rgb(255, 0, 0)"


def test_a_name_that_nothing_blocks_reaches_the_site_itself(scene, browser):
    assert browser.open("http://news.example/").get("errorText") is None
    assert browser.evaluate("document.title") == "the site itself"


def test_https_cannot_be_led_to_the_page(scene, browser):
    """As the documents warn: the reader sees the browser's error, not the page."""
    assert "ERR_CONNECTION_REFUSED" in browser.open("https://hoax.example/")["errorText"]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("host", ["hoax.example", "lifted.example", REDIRECT_A], ids=["order", "ended", "unlisted"])
def test_every_page_can_be_read_by_everybody(scene, browser, look, host):
    browser.look(**look)
    if host == "lifted.example":  # the resolver no longer redirects it here: as from an old cache
        page = scene.server.get(host).body
        browser.open("about:blank")
        browser.call(
            "Page.setDocumentContent", frameId=browser.call("Page.getFrameTree")["frameTree"]["frame"]["id"], html=page
        )
    else:
        browser.open(f"http://{host}/")
    found = browser.evaluate(AUDIT)
    assert found["languages"] == ["id", "en"] and found["pageLanguage"] == "id"
    assert found["headings"].count("H1") == 1 and found["landmarks"] == {"header": 1, "main": 1, "nav": 1}
    levels = [int(tag[1]) for tag in found["headings"]]
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:])), found["headings"]
    assert not found["emptyLinks"] and found["unnamed"] == []
    assert found["texts"] >= 8
    worst = min(found["contrasts"], key=lambda one: one[0])
    assert worst[0] >= 4.5, worst
    assert found["scrollWidth"] <= look["width"], "it must not scroll sideways"
    assert found["dark"] == look["dark"]


def test_the_keyboard_reaches_every_link_and_shows_where_it_is(scene, browser):
    browser.look(**PHONE)
    browser.open("http://hoax.example/")
    visible = browser.evaluate("[...document.links].filter(a => a.offsetParent).length")
    reached = set()
    for _ in range(visible + 1):
        for kind in ("keyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        at = browser.evaluate(
            "(a => a.href ? [a.href + '|' + (a.closest('section')?.id ?? ''), getComputedStyle(a).outlineStyle] : "
            "null)(document.activeElement)"
        )
        if at:
            assert at[1] == "solid", at
            reached.add(at[0])
    assert len(reached) == visible >= 10


def test_the_page_prints(scene, browser):
    browser.open("http://hoax.example/")
    assert browser.print_pdf().startswith(b"%PDF")
    browser.call("Emulation.setEmulatedMedia", media="print", features=[])
    assert (
        browser.evaluate("getComputedStyle(document.querySelector('header')).backgroundColor") == "rgb(255, 255, 255)"
    )
    assert browser.evaluate("getComputedStyle(document.querySelector('main')).color") == "rgb(0, 0, 0)"
    browser.call("Emulation.setEmulatedMedia", media="", features=[])


def test_a_revoked_order_gives_the_site_back(scene, browser):
    """Last, as it ends the block."""
    browser.open("http://hoax.example/")
    assert "blocked" in browser.evaluate("document.title")
    scene.tool.do("order", "revoke", orders.ID, "--reason", "objection upheld")
    scene.tool.do("landing", "build", scene.site)
    scene.server.reload()
    wait_for(
        lambda: scene.resolver.dig("back.hoax.example").data("A") == [RESOLVED], "the resolver following the revocation"
    )
    browser.open("http://back.hoax.example/")  # a name that the browser has not resolved before
    assert browser.evaluate("document.title") == "the site itself"
    wait_for(lambda: scene.server.get("hoax.example").status == 503, "the new map")


# Data for a small accessibility audit, as the browser computed them.
AUDIT = re.sub(r"\n\s*", "\n", r"""(() => {
    const channel = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const rgb = c => { const v = c.match(/[\d.]+/g).map(Number); return v.length > 3 && v[3] === 0 ? null : v; };
    const light = v => 0.2126 * channel(v[0]) + 0.7152 * channel(v[1]) + 0.0722 * channel(v[2]);
    const ground = e => {
        for (; e; e = e.parentElement) { const v = rgb(getComputedStyle(e).backgroundColor); if (v) return v; }
        return [255, 255, 255];
    };
    const contrasts = [];
    let texts = 0;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode.textContent.trim(), e = walk.currentNode.parentElement;
        if (!text || !e.getClientRects().length) continue;
        ++texts;
        const a = light(rgb(getComputedStyle(e).color)), b = light(ground(e));
        contrasts.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), text.slice(0, 40)]);
    }
    const all = s => [...document.querySelectorAll(s)];
    return {
        pageLanguage: document.documentElement.lang, languages: all('section').map(s => s.lang),
        headings: all('h1, h2, h3').map(h => h.tagName),
        landmarks: {header: all('body > header').length, main: all('main').length, nav: all('nav').length},
        emptyLinks: all('a').filter(a => !a.textContent.trim()).map(a => a.href),
        unnamed: all('section, nav').filter(e => !e.getAttribute('aria-label')
            && !document.getElementById(e.getAttribute('aria-labelledby'))?.textContent).map(e => e.tagName),
        contrasts, texts, scrollWidth: document.documentElement.scrollWidth,
        dark: matchMedia('(prefers-color-scheme: dark)').matches,
    };
})()""")
