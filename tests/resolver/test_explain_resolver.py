"""`explain --resolver`: the answer that subscribers get, and what led to it."""
import pytest

from support.authority import ANYTHING, RESOLVED, Authority
from support.tool import DONE, NETWORK, NO
from support.ports import Port

ADDRESS = "203.0.113.77"


@pytest.fixture(scope="module")
def authority(new_folder):
    server = Authority(
        new_folder("authority"),
        {
            "example.": ANYTHING + f"alias CNAME listed.test.\naddress A {ADDRESS}\nplain A {RESOLVED}\n",
            "test.": ANYTHING + f"listed A {RESOLVED}\n",
        },
    )
    yield server.start()
    server.stop()


@pytest.fixture(scope="module")
def workspace(shared_workspace):
    shared_workspace.block("hoax.example", "local.example", "zone.example", id="B-NAME")
    shared_workspace.block("listed.test", id="B-ALIAS")
    shared_workspace.apply(id="B-ADDRESS", targets=[{"address": "203.0.113.64/28"}])
    shared_workspace.block("dropped.example", id="B-DROP", action="drop")
    return shared_workspace


@pytest.fixture(scope="module")
def resolver(workspace, resolver_of):
    zone = workspace.folder / "zone.example"
    zone.write_text("@ 60 SOA l. r. 1 60 60 60 60\n@ 60 NS l.\n@ 60 A 192.0.2.8\n")
    return resolver_of(
        workspace,
        extra=f"""server:
    local-zone: "local.example" always_nxdomain
    local-zone: "plainlocal.example" redirect
    local-data: "plainlocal.example A 192.0.2.9"
auth-zone:
    name: "zone.example"
    zonefile: "{zone}"
    for-downstream: yes
    for-upstream: no
""",
    ).start()


def asked(workspace, resolver, name, code, *options):
    result = workspace.tool("explain", name, "--resolver", f"127.0.0.1:{resolver.port}", "--json", *options)
    assert result.code == code, result
    told = result.json()
    assert told["asked"] == "resolver"
    return told


def test_a_name_that_is_listed_is_blocked_by_its_name(workspace, resolver):
    told = asked(workspace, resolver, "www.hoax.example", DONE)
    assert (told["verdict"], told["trigger"], told["matched"], told["order"]["id"]) == (
        "blocked",
        "qname",
        "hoax.example",
        "B-NAME",
    )
    assert told["answer"]["result"] == "blocked" and "NXDOMAIN" in told["answer"]["said"]


def test_an_alias_of_a_listed_name_is_reported(workspace, resolver):
    told = asked(workspace, resolver, "alias.example", DONE)
    assert (told["verdict"], told["trigger"], told["matched"], told["order"]["id"]) == (
        "blocked",
        "cname",
        "listed.test",
        "B-ALIAS",
    )
    out = workspace.tool.do("explain", "alias.example", "--resolver", f"127.0.0.1:{resolver.port}").out
    assert "BLOCKED" in out and "listed.test" in out and "B-ALIAS" in out and "by name only" not in out


def test_a_listed_address_is_reported(workspace, resolver):
    told = asked(workspace, resolver, "address.example", DONE)
    assert (told["verdict"], told["trigger"], told["matched"], told["order"]["id"]) == (
        "blocked",
        "address",
        "203.0.113.64/28",
        "B-ADDRESS",
    )


def test_a_name_that_nothing_concerns_passes(workspace, resolver):
    told = asked(workspace, resolver, "plain.example", NO)
    assert (told["verdict"], told["answer"]["result"]) == ("not listed", "passed") and RESOLVED in told["answer"][
        "said"
    ]


@pytest.mark.parametrize("name", ["local.example", "plainlocal.example", "zone.example"])
def test_a_local_zone_or_auth_zone_that_answers_before_the_module_is_reported(workspace, resolver, name):
    told = asked(workspace, resolver, name, NO)
    assert (told["verdict"], told["answer"]["result"]) == ("answered elsewhere", "elsewhere") and "local-zone" in told[
        "answer"
    ]["why"], told


def test_an_answer_that_is_dropped_is_reported_as_such(workspace, resolver):
    told = asked(workspace, resolver, "dropped.example", DONE, "--timeout", "1")
    assert told["answer"]["result"] == "silent" and "drop" in told["answer"]["why"]


def test_a_resolver_without_the_module_is_found_out(workspace, resolver_of):
    bare = resolver_of(workspace, chain="validator iterator").start()
    told = asked(workspace, bare, "hoax.example", NO)
    assert told["answer"]["result"] == "elsewhere" and "without the module" in told["answer"]["why"], told
    bare.stop()


def test_a_resolver_on_another_database_is_found_out(workspace, resolver_of, new_folder):
    from support.workspace import Workspace

    other = Workspace(new_folder("other"))
    other.block("plain.example", id="OTHER")
    told = asked(workspace, resolver_of(other).start(), "plain.example", DONE)
    assert (told["verdict"], told["order"], told["answer"]["order"]) == (
        "blocked",
        None,
        "OTHER",
    ) and "another one" in told["answer"]["why"]


def test_a_resolver_that_is_down_is_reported(workspace):
    port = Port()
    result = workspace.tool(
        "explain", "plain.example", "--resolver", f"127.0.0.1:{port.number}", "--timeout", "1", "--json"
    )
    port.release()
    assert result.code in (NO, NETWORK) and "no answer" in result.out, result
