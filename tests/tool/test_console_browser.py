"""The console in a real Chromium: what a person does there, with eyes, a keyboard, a phone; and what a hostile order cannot."""
import json
import random
import time

import pytest

from support import made_hits as hits
from support import orders, paths
from support.chromium import Chromium
from support.console import Console
from support.waiting import wait_for

PATHS = ["/", "/hits", "/top?what=regions", "/live", "/name?name=a.example", "/orders", "/order?id=B-1/2024", "/quarantine?all=1", "/journal", "/commit?serial=1", "/feeds", "/health"]
CONTRAST = (paths.ROOT / "tests" / "support" / "accessibility.js").read_text()


def stamp(age: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - age))


@pytest.fixture(scope="module")
def workspace(shared_workspace):
    w = shared_workspace
    w.configure(more='[console]\nlanguage = "en"\n')
    w.block("a.example", "b.example", id="B-1/2024", authority="Kementerian Komunikasi", expires=orders.at(86400 * 9))
    w.tool("order", "apply", w.signed(id="B-2/2024", targets=orders.domains("co.id", "d.example"), authority="Kementerian B"))
    w.block_as_earlier("e.example", id="B-3", authority="<script>document.title='taken'</script>")
    chance = random.Random(9)
    rows = [{"time": stamp(age), "qname": f"{chance.choice(['www.', 'pemilu.', ''])}{name}.example", "listed": f"{name}.example", "order": "B-1/2024",
             "region": chance.choice(["ID-JK", "ID-AC", "ID-PA", ""]), "client": chance.choice(["192.0.2.0/24", "2001:db8:12::/48"]), "qtype": chance.choice([1, 28, 65])}
            for age, name in sorted(((chance.randrange(60, 80000), chance.choice("ab")) for _ in range(150)), reverse=True)]
    hits.record_by_hour(w, rows)
    return w


@pytest.fixture(scope="module")
def console(workspace):
    server = Console(workspace)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser(new_folder):
    chromium = Chromium(new_folder("chromium"))
    chromium.look(width=1280, height=900)
    yield chromium
    chromium.stop()


def text(browser, selector: str) -> str:
    return browser.evaluate(f"document.querySelector({json.dumps(selector)})?.textContent ?? ''")


def key(browser, name: str, character: str = "") -> None:
    common = {"key": name, "windowsVirtualKeyCode": {"Tab": 9, "Enter": 13}.get(name, ord(name[0].upper()))}
    browser.call("Input.dispatchKeyEvent", type="keyDown", text=character or ("\r" if name == "Enter" else ""), **common)
    browser.call("Input.dispatchKeyEvent", type="keyUp", **common)


def open_page(browser, console, path: str) -> None:
    browser.open(console.url.rstrip("/") + path)


def wait_text(browser, expression: str, what: str):
    return wait_for(lambda: browser.evaluate(expression), what)


@pytest.mark.parametrize("width, dark", [(1280, False), (1280, True), (360, False), (2560, True)], ids=["desk", "dark", "phone", "wall"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_can_be_read_by_everybody(browser, console, path, width, dark):
    browser.look(width=width, height=800, dark=dark, mobile=width < 500)
    open_page(browser, console, path)
    assert not browser.complaints(), "the browser complains"
    assert all(url.startswith(console.url) for url in browser.requested()), "the page asks somebody else"
    assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the window"
    found = browser.evaluate(CONTRAST)
    assert not found, found


def test_search_filter_and_follow_a_cell(browser, console):
    browser.look(width=1280, height=900)
    open_page(browser, console, "/hits")
    browser.evaluate("document.querySelector('#f-match').value = 'pemilu.a'; document.querySelector('form').requestSubmit()")
    wait_text(browser, "location.search.includes('match=pemilu.a') && document.readyState === 'complete'", "the search")
    names = browser.evaluate("[...document.querySelectorAll('tbody tr td:nth-of-type(4)')].map(cell => cell.textContent)")
    assert names and set(names) == {"pemilu.a.example"}
    browser.evaluate("document.querySelector('tbody td:nth-of-type(4) a').click()")
    wait_text(browser, "location.pathname === '/name' && document.readyState === 'complete'", "the name's page")
    assert "pemilu.a.example" in text(browser, "h1") and "BLOCKED" in text(browser, "h1")
    assert "local allow pemilu.a.example" in text(browser, ".command code")


def test_a_hit_appears_by_itself_and_can_be_held_up(browser, console, workspace):
    open_page(browser, console, "/live?match=fresh")
    wait_text(browser, "document.querySelector('#live-state').textContent.startsWith('Live')", "the live view")
    hits.record(workspace, [{"time": "now", "qname": "fresh-1.a.example", "listed": "a.example", "order": "B-1/2024"},
                            {"time": "now", "qname": "stale.a.example", "listed": "a.example", "order": "B-1/2024"}])
    wait_text(browser, "document.querySelector('tbody tr.fresh')?.textContent.includes('fresh-1.a.example')", "the new row")
    assert browser.evaluate("document.querySelectorAll('tbody tr.fresh').length") == 1, "others do not pass the filter"
    assert browser.evaluate("document.querySelector('tbody tr.fresh td:nth-of-type(4) a').getAttribute('href')").startswith("/name?name=fresh-1")
    browser.evaluate("document.querySelector('#live-pause').click()")
    hits.record(workspace, [{"time": "now", "qname": "fresh-2.a.example", "listed": "a.example", "order": "B-1/2024"}])
    wait_text(browser, "document.querySelector('#live-state').textContent.includes('1 new')", "the row that waits")
    assert browser.evaluate("document.querySelectorAll('tbody tr.fresh').length") == 1
    browser.evaluate("document.querySelector('#live-pause').click()")
    assert browser.evaluate("document.querySelectorAll('tbody tr.fresh').length") == 2
    assert browser.evaluate("document.querySelector('tbody').firstElementChild.textContent").find("fresh-2") > 0
    assert not browser.complaints()


def test_a_hostile_hit_is_only_text_in_the_live_view(browser, console, workspace):
    open_page(browser, console, "/live?match=hostile")
    wait_text(browser, "document.querySelector('#live-state').textContent.startsWith('Live')", "the live view")
    hits.record(workspace, [{"time": "now", "qname": "\\<img\\ src=x\\ onerror=alert\\(1\\)\\>.hostile.example", "order": "<script>document.title='taken'</script>", "region": "<b>X"}])
    wait_text(browser, "document.querySelector('tbody tr.fresh')?.textContent.includes('<script>')", "the row")
    assert browser.evaluate("document.querySelectorAll('tbody img, tbody script, tbody b').length") == 0 and "taken" not in browser.evaluate("document.title")
    open_page(browser, console, "/order?id=B-3")
    assert "taken" not in browser.evaluate("document.title") and "<script>" in text(browser, "main") and not browser.complaints()


def test_the_figures_of_the_overview_move(browser, console, workspace):
    open_page(browser, console, "/")
    before = text(browser, "[data-figure=per_second]")
    hits.record(workspace, [{"time": "now", "count": 40, "order": "B-1/2024"}])
    wait_text(browser, f"document.querySelector('[data-figure=per_second]').textContent !== {json.dumps(before)}", "another figure")


def test_another_language_and_zone_show_the_same_page(browser, console):
    open_page(browser, console, "/hits?region=ID-AC")
    assert browser.evaluate("document.documentElement.lang") in ("en", "id")
    for language, word in (("id", "Hit"), ("en", "Hits")):
        browser.evaluate(f"document.querySelector('footer a[hreflang={language}]').click()")
        wait_text(browser, f"document.documentElement?.lang === '{language}' && document.readyState === 'complete'", language)
        assert word in text(browser, "h1").split() and "region=ID-AC" in browser.evaluate("location.search")
    first = text(browser, "tbody time")
    browser.evaluate("[...document.querySelectorAll('footer a')].find(a => a.textContent === 'WIT').click()")
    wait_text(browser, "location.search.includes('tz=WIT') && document.readyState === 'complete'", "the zone")
    assert text(browser, "tbody time") != first and browser.evaluate("document.documentElement.lang") == "en"


def test_the_keyboard_suffices(browser, console):
    open_page(browser, console, "/hits")
    key(browser, "Tab")
    assert browser.evaluate("document.activeElement.className") == "skip" and browser.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    key(browser, "/", "/")
    assert browser.evaluate("document.activeElement.id") == "f-match"
    for character in "pemilu":
        key(browser, character, character)
    key(browser, "Enter")
    wait_text(browser, "location.search.includes('match=pemilu') && document.readyState === 'complete'", "the search")
    seen = set()
    for _ in range(400):
        key(browser, "Tab")
        where = browser.evaluate("(e => e.tagName + (e.getAttribute('href') ?? e.id))(document.activeElement)")
        outlined = browser.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'")
        assert outlined or where.startswith("BODY"), where
        if where.startswith("A/name?"):
            key(browser, "Enter")
            wait_text(browser, "location.pathname === '/name' && document.readyState === 'complete'", "the name's page")
            return
        seen.add(where)
    raise AssertionError(f"no name within reach: {seen}")


def test_without_scripts_everything_is_there_to_read(browser, console):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        for path in ("/", "/live", "/hits?match=pemilu", "/name?name=a.example"):
            open_page(browser, console, path)
            assert not browser.complaints()
        assert "BLOCKED" in console.get("/name", name="a.example").text
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)


def test_what_a_command_is_for_a_shell_is_one_click_away(browser, console):
    open_page(browser, console, "/name?name=a.example")
    assert browser.evaluate("document.querySelector('button.copy').hidden") is False
