"""What the console does not do: write, trust, overreact. Hostile orders and names, methods, hosts, tokens, floods."""
import concurrent.futures
import http.client
import json
import socket
import stat
import threading

import pytest

from support import made_hits as hits
from support import orders, paths
from support.console import Console, UnixConnection
from support.process import Server
from support.tool import USAGE
from support.waiting import wait_for
from support.workspace import Workspace

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{w.skip}} &amp; \u202e"
TOKEN = "f00d" * 8


@pytest.fixture(scope="module")
def workspace(shared_workspace):
    w = shared_workspace
    w.block_as_earlier("hostile.example", id="B-1", authority=SCRIPT, category=SCRIPT, legal_basis=SCRIPT, reason={"id": SCRIPT, "en": SCRIPT}, contact=['mailto:a@b.example"<script>alert(1)</script>'],
                       reference='https://b.example/"onmouseover="alert(1)')
    hits.record(w, [{"time": "now", "qname": "\\<script\\>alert\\(1\\)\\<\\/script\\>.hostile.example", "listed": "hostile.example", "order": "B-1"},
                    {"time": "now", "qname": "b.example", "order": "<script>alert(1)</script>", "region": "<b>X", "instance": "<i>ns1"}])
    return w


@pytest.fixture(scope="module")
def console(workspace):
    server = Console(workspace)
    yield server
    assert server.stop() == 0


@pytest.mark.parametrize("path", ["/", "/hits", "/top?what=orders", "/top?what=regions", "/top?what=instances", "/live", "/name?name=hostile.example", "/orders", "/order?id=B-1", "/journal"])
def test_a_hostile_text_is_only_text(console, path):
    answer = console.get(path)
    page = answer.page()
    assert answer.status == 200 and not page.unclosed
    assert page.tags.count("script") == 1 and "img" not in page.tags and "b" not in page.tags and "i" not in page.tags
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert not [value for _, name, value in page.attributes if name == "href" and "javascript" in (value or "")]
    assert "\u202e" not in answer.text


@pytest.mark.parametrize("query", ["name", "match", "order", "client", "since", "type", "lang", "tz", "from", "limit", "what", "id"])
@pytest.mark.parametrize("path", ["/hits", "/name", "/top", "/order", "/journal"])
def test_a_hostile_link_is_only_text(console, path, query):
    answer = console.get(path, **{query: SCRIPT})
    page = answer.page()
    assert answer.status in (200, 400, 404) and page.tags.count("script") == 1 and "img" not in page.tags and not page.unclosed


def test_every_answer_has_a_strict_policy(console):
    for path in ("/", "/hits.json", "/style.css", "/nothing", "/metrics"):
        policy = console.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy and "frame-ancestors 'none'" in policy
        assert console.get(path).headers["x-content-type-options"] == "nosniff"
    assert console.get("/hits").headers["cache-control"] == "no-store"


def test_nothing_writes(workspace, console):
    before = workspace.digest(), sorted((f.name, f.stat().st_size) for f in workspace.hits.iterdir())
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        answer = console.get("/hits", method=method, body=b"x=1" if method != "TRACE" else None)
        assert answer.status == 405 and answer.headers["allow"] == "GET, HEAD", method
    for path in ("/", "/hits", "/quarantine", "/health", "/name?name=hostile.example"):
        assert console.get(path).status == 200
    assert (workspace.digest(), sorted((f.name, f.stat().st_size) for f in workspace.hits.iterdir())) == before


def test_head_has_what_get_has_and_no_body(console):
    full, head = console.get("/style.css"), console.get("/style.css", method="HEAD")
    assert head.status == 200 and head.body == b"" and head.headers["content-length"] == str(len(full.body))


@pytest.mark.parametrize("host, status", [("localhost:1", 200), ("127.0.0.1", 200), ("[::1]:80", 200), ("attacker.example", 421), ("127.0.0.1.attacker.example", 421), ("", 421)])
def test_a_name_that_is_not_the_consoles_gets_nothing(console, host, status):
    answer = console.get("/", headers={"Host": host})
    assert answer.status == status or (host == "" and answer.status == 400)
    if status != 200:
        assert b"hostile" not in answer.body


def test_own_host_names_are_answered(new_folder):
    w = Workspace(new_folder("names"))
    w.configure(more='[console]\nhost_names = ["console.isp.example"]\n')
    server = Console(w)
    assert server.get("/hits", headers={"Host": "console.isp.example"}).status == 503, "there are no hits yet, and it says so"
    assert server.get("/hits", headers={"Host": "other.isp.example"}).status == 421
    server.stop()


def test_an_address_that_others_reach_needs_a_token(workspace):
    result = workspace.tool("console", "--listen", "0.0.0.0:0")
    assert result.code == USAGE and "token" in result.err


@pytest.fixture(scope="module")
def token_file(workspace):
    file = workspace.folder / "token"
    file.write_text(TOKEN + "\n")
    file.chmod(0o600)
    return file


def test_a_token_that_others_may_read_is_none(workspace):
    file = workspace.folder / "open-token"
    file.write_text(TOKEN)
    file.chmod(0o644)
    assert workspace.tool("console", "--listen", "127.0.0.1:0", "--token-file", file).code == USAGE


def test_with_a_token_nothing_is_answered_without(workspace, token_file):
    import base64
    server = Console(workspace, "--token-file", str(token_file), listen="127.0.0.1:0")
    basic = "Basic " + base64.b64encode(f"anybody:{TOKEN}".encode()).decode()
    for path in ("/", "/style.css", "/metrics", "/events", "/hits.json"):
        answer = server.get(path)
        assert answer.status == 401 and "hostile" not in answer.text and answer.headers["www-authenticate"].startswith("Basic")
    for right in (f"Bearer {TOKEN}", f"bearer {TOKEN}", basic):
        assert server.get("/", headers={"Authorization": right}).status == 200
    for wrong in (f"Bearer {TOKEN}x", "Bearer ", f"Bearer {TOKEN[:-1]}", "Basic " + base64.b64encode(b"a:b").decode(), "Basic %%%", TOKEN):
        assert server.get("/", headers={"Authorization": wrong}).status == 401
    codes = {server.get("/", headers={"Authorization": f"Bearer {n}"}).status for n in range(30)}
    assert 429 in codes
    assert server.get("/", headers={"Authorization": f"Bearer {TOKEN}"}).status == 200, "who has the right one is not shut out by those who guess"
    server.stop()


def test_a_unix_socket_is_its_groups_alone(workspace, new_folder):
    path = new_folder("socket") / "console.sock"
    server = Console(workspace, listen=f"unix:{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert server.get("/", headers={"Host": "console.isp.example"}).status == 200
    second = workspace.tool("console", "--listen", f"unix:{path}")
    assert second.code == USAGE and "Address already in use" in second.err
    assert server.get("/").status == 200, "the one that was there goes on"
    server._process.kill()
    server._process.wait()
    assert path.exists()
    again = Console(workspace, listen=f"unix:{path}")
    assert again.get("/").status == 200, "one left behind by a crash is replaced"
    again.stop()
    assert not path.exists()


def test_a_service_manager_may_listen_for_it(workspace, new_folder):
    path = new_folder("activated") / "console.sock"
    manager = Server(["systemd-socket-activate", f"--listen={path}", str(paths.TOOL), "--config", str(workspace.config), "console"], path.parent / "log", {"PATH": "/usr/bin"})
    wait_for(path.exists, "the socket")
    connection = UnixConnection(path)
    connection.request("GET", "/style.css")
    assert connection.getresponse().status == 200
    connection.close()
    assert manager.stop() == 0, manager.log_text()


def test_who_looked_at_subscribers_stands_in_the_access_log(workspace, new_folder):
    log = new_folder("log") / "access.log"
    workspace.configure(more=f'[console]\nidentity_header = "X-Saring-User"\naccess_log = "{log}"\n')
    server = Console(workspace, listen=f"unix:{log.parent}/s")
    budi = {"X-Saring-User": "budi\n{\"who\":\"siti\"}".replace("\n", " ")}
    for path in ("/hits?client=192.0.2.0/24", "/hits.json", "/live", "/top?what=clients"):
        server.get(path, headers=budi)
    for path in ("/", "/orders", "/top?what=names", "/style.css", "/metrics"):
        server.get(path, headers=budi)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    server.stop()
    workspace.configure()
    assert [line["path"].split("?")[0] for line in lines] == ["/hits", "/hits.json", "/live", "/top"]
    assert {line["who"] for line in lines} == {'budi {"who":"siti"}'} and all(line["subscribers"] for line in lines)
    assert lines[1]["hits"] == 2 and "client=192.0.2.0%2F24" in lines[0]["path"]
    assert stat.S_IMODE(log.stat().st_mode) == 0o640


def test_without_the_option_nobody_is_believed(workspace, console):
    console.get("/hits", headers={"X-Saring-User": "siti"})
    assert '"who":"siti"' not in console.log() and '"who":"-"' in console.log()


def test_a_flood_is_slowed_down_and_others_are_served(workspace):
    server = Console(workspace)
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(lambda _: server.get("/orders", patient=False).status, range(300)))
    assert set(codes) <= {200, 429, 503} and codes.count(200) >= 50 and 429 in codes
    wait_for(lambda: server.get("/").status == 200, "afterwards it answers as before")
    assert server.stop() == 0


def test_requests_too_large_are_refused(console):
    assert console.get("/hits", match="x" * 9000).status in (400, 414, 431)
    assert console.get("/", headers={"X-Long": "x" * 60000}).status in (400, 413, 431)
    assert console.get("/", headers={f"X-{n}": "x" for n in range(100)}).status == 431
    assert console.get("/").status == 200


def test_connections_that_say_nothing_do_not_stand_in_the_way(workspace):
    server = Console(workspace)
    host, port = server.url.removeprefix("http://").rstrip("/").split(":")
    idle = [socket.create_connection((host, int(port))) for _ in range(200)]
    for one in idle:
        one.send(b"GET / HTTP/1.1\r\nHost: loc")
    assert server.get("/").status == 200
    for one in idle:
        one.close()
    assert server.stop() == 0


def test_it_ends_while_people_watch(workspace):
    from support.console import Events
    server = Console(workspace)
    watching = [Events(server, "/events?figures=1") for _ in range(5)]
    done = threading.Event()

    def watch():  # until the end, in the midst of an event or not
        try:
            watching[0].answer.read()
        except (http.client.HTTPException, OSError):
            pass
        done.set()

    threading.Thread(target=watch, daemon=True).start()
    assert server.stop() == 0 and done.wait(20)


def test_without_a_ledger_it_says_so_and_shows_hits(new_folder):
    w = Workspace(new_folder("no-ledger"))
    hits.record(w, [{"time": "now", "order": "B-9"}])
    server = Console(w)
    answer = server.get("/orders")
    assert answer.status == 503 and str(w.database) in answer.page().words
    assert server.page("/hits").rows()[0][7] == "B-9"
    assert server.get("/metrics").status == 200
    server.stop()




@pytest.mark.parametrize("line, named", [('listen = "nonsense"', "nonsense"), ('listen = "127.0.0.1:99999"', "99999"), ('listen = "isp.example:80"', "isp.example"), ('time_zone = "CET"', "CET"),
                                         ('socket_mode = "999"', "999"), ('identity_header = "X User"', "X User"), ("max_viewers = 0", "max_viewers"), ('unknown = 1', "unknown")])
def test_options_that_make_no_sense_are_refused(new_folder, line, named):
    w = Workspace(new_folder("options"))
    w.configure(more=f"[console]\n{line}\n")
    result = w.tool("console")
    assert result.code == USAGE and named in result.err, result
