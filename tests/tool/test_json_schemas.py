"""docs/schema: every document and every --json output fits its schema, and the schemas are closed."""
import json
from pathlib import Path

import jsonschema
import pytest
from support import made_hits, manual, orders, paths
from support.feeds import Feed
from support.waiting import wait_for
from support.workspace import Workspace

SCHEMAS = paths.ROOT / "docs" / "schema"
DOCUMENTS = {"order", "feed", "receipt", "module", "hit-line"}
# The one output that is not a single JSON document: lines for a reader of a pipe.
LINES = {"hits-tail"}

ORDER = {
    "effective": "2024-01-01T00:00:00Z", "deadline": "2024-01-02T00:00:00Z", "clarification": "https://cek.example/1",
    "action": "nxdomain", "regions": ["ID-JK"]
}
SAMPLE_LIST = "lama.example\npalsu.example\nnot a name\n"


def schema(name):
    return json.loads((SCHEMAS / f"{name}.json").read_text())


def validator(name):
    """Schemas refer to each other by file name; nothing is fetched."""
    store = {content["$id"]: content for content in (schema(file.stem) for file in SCHEMAS.glob("*.json"))}
    content = schema(name)
    resolver = jsonschema.RefResolver(content["$id"], content, store=store)
    return jsonschema.Draft202012Validator(content, resolver=resolver, format_checker=jsonschema.FormatChecker())


class Outputs:
    """Runs commands and keeps the output of each with --json."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.seen: dict[str, list] = {}

    def add(self, name, value):
        self.seen.setdefault(name, []).append(value)

    def run(self, command: str, *options):
        words = command.split()
        result = self.workspace.tool(*words, *options, "--json")
        name = "-".join(words)
        assert result.out.strip(), result
        if name in LINES:
            for line in result.out.splitlines():
                self.add(name, json.loads(line))
        else:
            self.add(name, result.json())
        return result


def listed_names(folder):
    names = folder / "names.txt"
    names.write_text("lama.example\n")
    return names


def ministry_and_isp(seen, feed, folder):
    """Orders by hand and by feed, lists, local entries, quarantine, receipts."""
    work, run = feed.workspace, seen.run
    first = work.signed(
        **ORDER, id="B-1", targets=[*orders.domains("hoax.example", match="exact"), {"address": "198.51.100.0/24"}]
    )
    later = work.signed(id="B-2", effective="2198-01-01T00:00:00Z", deadline="2198-01-02T00:00:00Z",
                        targets=orders.domains("later.example"))
    held = work.signed(id="B-3", targets=orders.domains("kpu.go.id", "com.example", "bawaslu.go.id"))
    run("order verify", first)
    run("order verify", work.write(orders.document(id="B-9")))
    run("order apply", first)
    run("order apply", first)
    run("order apply", later, "--scheduled")
    run("order apply", held)
    run("quarantine list")
    run("quarantine list", "--order", "B-1")
    run("quarantine show", "B-3", "kpu.go.id")
    run("quarantine release", "B-3", "kpu.go.id", "--reason", "meant so")
    run("quarantine discard", "B-3", "bawaslu.go.id", "--reason", "a mistake")
    run("quarantine show", "B-3", "kpu.go.id")
    run("quarantine list", "--all")
    run("local allow", "pass.example", "--reason", "ticket 1")
    run("local block", "phish.example", "--reason", "ticket 2", "--action", "refused")
    run("local block", "203.0.113.7", "--reason", "ticket 3")
    run("local list")
    run("local remove", "203.0.113.7", "--reason", "over")
    run("local list", "--all")
    listed = folder / "domains.txt"
    listed.write_text(SAMPLE_LIST)
    run("list import", "--source", "old", "--format", "domains", listed)
    run("list import", "--source", "old", "--format", "domains", listed)
    run("list import", "--source", "gone", "--format", "domains", listed)
    run("list remove", "gone", "--reason", "over")
    run("list show")
    run("list show", "old")
    for name in ("hoax.example", "pass.example", "phish.example", "lama.example", "free.example", "198.51.100.1",
                 "kpu.go.id", "later.example"):
        run("explain", name)
    run("explain", "hoax.example", "--region", "ID-JK")
    run("explain", "hoax.example", "--region", "ID-JK", "--at", "1h")
    run("explain", "hoax.example", "--at", "1s")
    run("explain", "hoax.example", "--region", "ID-JB", "--client", "192.0.2.1")
    published = feed.order("C-1")
    run("feed publish", feed.directory, published, feed.order("C-2"), *feed.options())
    seen.add("feed", feed.read())
    run("feed verify", feed.directory)
    run("sync", "--dry-run")
    run("sync")
    run("sync")
    run("feed withdraw", feed.directory, "C-2", "--secret-key", feed.key.secret)
    run("sync")
    run("status")
    run("config check")
    run("order list")
    run("order list", "--due", "5")
    run("order list", "--expired")
    run("order revoke", "C-1", "--reason", "objection")
    run(
        "order apply",
        work.signed(id="B-4", targets=orders.ABSENT, revokes=[{"order": "C-2"},
                                                              {"order": "B-1", "domain": "hoax.example"}]))
    idle = [{"order": "C-404"}, {"order": "B-2", "domain": "www.later.example"}]
    run("order apply", work.signed(id="B-5", targets=orders.ABSENT, revokes=idle))
    run("order show", "B-5")
    run("order show", work.write(orders.document(id="B-6", targets=orders.domains("bücher.example"))))
    run("key show")
    run("key show", work.ministry.public)
    run("key show", work.key("stranger").secret)
    for id in ("B-1", "B-2", "B-3", "C-1", "C-2", "B-4", "list:old"):
        run("order show", id)
    run("order list")
    run("feed export", "--origin", "rpz.example", "--output", folder / "rpz.zone", "--local")
    moved = folder / "old.zone"
    moved.write_text(
        "@ SOA l. r. 1 1 1 1 1\nlama.example CNAME .\npalsu.example CNAME landing.example.\nelsewhere.example CNAME .\n"
    )
    run("migrate check", "--zone", moved)
    run("migrate check", "--zone", moved, "--names", listed_names(folder), "--any-form")
    isp = work.key("isp")
    run("receipt make", "--isp", "ISP Uji", "--secret-key", isp.secret, "--output", folder / "receipt.json")
    seen.add("receipt", json.loads((folder / "receipt.json").read_text()))
    run("receipt verify", folder / "receipt.json", "--public-key", isp.public)
    run("receipt verify", folder / "receipt.json", "--public-key", isp.public, "--order", first)
    (folder / "isps.txt").write_text(f"{isp.public_text} ISP Uji\n{work.key('silent').public_text} ISP Diam\n")
    run("receipt report", "--isps", folder / "isps.txt", folder / "receipt.json")
    run("landing build", folder / "site")


def database(seen, folder):
    run = seen.run
    run("db history")
    run("db history", "--order", "B-1")
    run("db history", "--name", "hoax.example")
    run("db history", "--name", "www.hoax.example")
    run("db check")
    run("db publish")
    run("db check", "--signatures")
    run("diff", "0", "3")
    run("diff", "1", "8", "--counts")
    run("db backup", folder / "backup")
    run("db rollback", "2", "--dry-run")
    run("db rollback", "2", "--reason", "mistake")
    run("db restore", folder / "backup", "--dry-run")
    run("db restore", folder / "backup", "--reason", "back")
    run("db compact")
    run("db publish")
    run("db history")
    run("status")
    run("order list")


def hits(seen):
    run = seen.run
    for what in ("hits summary", "hits list"):
        result = seen.workspace.tool(*what.split(), "--json")
        if result.out.strip():
            seen.add(what.replace(" ", "-"), result.json())
    made_hits.record(seen.workspace, [{
        "qname": "www.hoax.example", "listed": "hoax.example", "order": "B-1", "region": "ID-JK",
        "client": "192.0.2.0/24", "count": 5, "asn": 64500
    }, {"qname": "b.example", "order": "B-2", "region": "", "client": "", "action": "refused"}, {
        "qname": "a(b.example", "order": "B-2", "client": "~3f9a0c1d2e4b5f60", "trigger": "address",
        "listed": "203.0.113.0/28", "qtype": 4711, "transport": "doh", "action": "log"
    }, {"qname": "b.example", "order": "B-2", "region": "ID-AC", "dropped": True, "count": 3}])
    run("hits list")
    run("hits list", "--name", "none.example")
    run("hits tail")
    for what in ("names", "qnames", "orders", "regions", "actions", "clients", "networks", "instances", "types",
                 "transports", "triggers"):
        run("hits top", what)
    run("hits top", "names", "--with", "order")
    run("hits histogram")
    run("hits histogram", "--by", "region")
    run("hits histogram", "--name", "hoax.example", "--width", "5m", "--since", "1h")
    run("hits report")
    run("hits report", "--public", "--isp", "ISP Uji")
    run("hits report", "--public", "--names", "--threshold", "2")
    shipped(seen)
    run("hits purge", "--order", "B-2", "--yes")
    run("hits migrate")
    run("hits summary")


def shipped(seen):
    """Standard output has only records; the summary is on standard error."""
    for _ in range(2):  # the second run has nothing left to send
        result = seen.workspace.tool.do("hits", "ship", "--to", "stdout", "--json")
        for line in result.out.splitlines():
            seen.add("hit-line", json.loads(line))
        seen.add("hits-ship", json.loads(result.err))


def resolver(seen, resolver_of):
    """Documents that need a running Unbound: the module's state file, status with it, a self-test."""
    work = seen.workspace
    server = resolver_of(work).start()
    wait_for(lambda: work.module().get("serial"), "the module's state file")
    seen.add("module", work.module())
    seen.run("status")
    seen.run("quality", "--control", f"{server.folder}/control", "--total")
    seen.run("quality", "--since", "1h")
    seen.run("explain", "hoax.example", "--resolver", f"127.0.0.1:{server.port}")
    seen.run("explain", "free.example", "--resolver", f"127.0.0.1:{server.port}")
    seen.run("doctor", "--unbound", paths.UNBOUND_PROGRAM, "--unbound-conf", server.config_file)
    tested = seen.run("selftest", "--resolver", f"127.0.0.1:{server.port}", "--sample", "3")
    (work.folder / "selftest.json").write_text(tested.out)
    seen.run("receipt make", "--isp", "ISP Uji", "--secret-key",
             work.key("other").secret, "--selftest", work.folder / "selftest.json", "--output",
             work.folder / "tested.json")
    seen.add("receipt", json.loads((work.folder / "tested.json").read_text()))


@pytest.fixture(scope="module")
def outputs(new_folder, resolver_of):
    workspace = Workspace(new_folder("work"))
    seen, folder = Outputs(workspace), new_folder("files")
    seen.add(
        "order",
        orders.document(**ORDER, targets=[*orders.domains("a.example", match="exact"), {"address": "2001:db8::/32"}]),
    )
    seen.add(
        "order", orders.document(revokes=[{"order": "A"}, {"order": "B", "domain": "b.example"}], targets=orders.ABSENT)
    )
    below = [{"order": "B", "domain": "b.example", "match": "subtree"}]
    seen.add("order", orders.document(format="saring-order/2", revokes=below, targets=orders.ABSENT))
    seen.add("order", json.loads((paths.ROOT / "conf/examples/order-example.json").read_text()))
    ministry_and_isp(seen, Feed(workspace), folder)
    resolver(seen, resolver_of)
    database(seen, folder)
    hits(seen)
    return seen.seen


def with_json():
    return {command for command, options in manual.offered().items() if "--json" in options}


def name_of(command):
    """`order-show` of `order show id`, `status` of `status`."""
    words = command.split()
    return "-".join(words[:2] if " ".join(words[:2]) in manual.pairs() else words[:1])


def test_every_json_output_has_a_schema_and_every_schema_an_output():
    assert {file.stem for file in SCHEMAS.glob("*.json")} == {name_of(command) for command in with_json()} | DOCUMENTS


@pytest.mark.parametrize("name", sorted(file.stem for file in SCHEMAS.glob("*.json")))
def test_what_is_printed_fits(outputs, name):
    checked = validator(name)
    assert outputs.get(name), "nothing was printed to be checked"
    for value in outputs[name]:
        wrong = [f"{error.json_path}: {error.message}" for error in checked.iter_errors(value)]
        assert not wrong, "\n".join(wrong)


def objects(part):
    if isinstance(part, dict):
        if part.get("type") == "object" or "properties" in part:
            yield part
        for value in part.values():
            yield from objects(value)
    elif isinstance(part, list):
        for value in part:
            yield from objects(value)


@pytest.mark.parametrize("name", sorted(file.stem for file in SCHEMAS.glob("*.json")))
def test_schemas_are_sound_closed_and_explained(name):
    content = schema(name)
    jsonschema.Draft202012Validator.check_schema(content)
    assert content["$schema"] == "https://json-schema.org/draft/2020-12/schema" and content["title"] and content[
        "$id"].endswith(f"{name}.json")
    for part in objects(content):
        assert part.get("additionalProperties") is False or isinstance(part.get("additionalProperties"), dict), part


@pytest.mark.parametrize("name", sorted(file.stem for file in SCHEMAS.glob("*.json")))
def test_a_member_that_the_schema_does_not_know_is_noticed(outputs, name):
    checked = validator(name)
    for value in outputs[name]:
        if isinstance(value, dict):
            assert not checked.is_valid({**value, "surprise": 1})


def test_the_manual_names_every_field_of_the_documents():
    for name in ("order", "feed"):
        page = manual.plain((manual.SOURCES / f"saring-{name}.5.scd").read_text())
        assert all(f"*{field}*" in page for field in schema(name)["properties"]), name


@pytest.mark.parametrize(
    "change",
    [{"expires": orders.ABSENT}, {"expires": "tomorrow"}, {"action": "explode"}, {"targets": []}, {"regions": []},
     {"targets": [{"domain": "a.example", "match": "prefix"}]}, {"targets": orders.ABSENT}, {"surprise": 1},
     {"format": "saring-order/3"}, {"revokes": [{"order": "A", "domain": "a.example", "match": "subtree"}]
                                    }, {"format": "saring-order/2", "revokes": [{"order": "A", "match": "subtree"}]}])
def test_the_schema_of_orders_refuses_the_same_documents_as_the_tool(workspace, change):
    document = orders.document(**change)
    assert list(validator("order").iter_errors(document))
    assert workspace.tool("order", "apply", workspace.signed(document)).code not in (0, 1)
