"""An order that commits reaches names that are already in Unbound's cache, where no module is asked."""
import pytest

from support import orders
from support.authority import RESOLVED, RESOLVED_AAAA, Authority
from support.waiting import wait_for

ALIASES = {"alias.test.": """\
one CNAME two
two CNAME three
three A 198.51.100.3
@ A 198.51.100.3
dname DNAME target
deep.target A 198.51.100.4
www CNAME cdn
cdn A 198.51.100.5
shop CNAME cdn
"""}


def blocked(resolver, name, type_="A", order=orders.ID, *options):
    answer = resolver.dig(name, type_, *options)
    return answer.status in ("NXDOMAIN", "NOERROR") and not answer.answer and answer.blocked_by(order)


def wait_blocked(resolver, name, type_="A", order=orders.ID, *options):
    wait_for(lambda: blocked(resolver, name, type_, order, *options), f"{name} {type_} being blocked")


@pytest.fixture(scope="module")
def aliases(new_folder):
    server = Authority(new_folder("aliases"), ALIASES)
    yield server.start()
    server.stop()


@pytest.fixture
def forwarder(workspace, resolver_of, aliases):
    """A resolver that forwards alias.test to the zone above."""
    workspace.tool.do("db", "init")
    server = resolver_of(
        workspace, extra=f'forward-zone:\n    name: "alias.test."\n    forward-addr: 127.0.0.1@{aliases.port}\n'
    ).start()
    yield server
    server.stop()


def test_a_cached_name_is_blocked_when_an_order_commits(workspace, resolver):
    assert resolver.dig("hoax.example").data("A") == [RESOLVED]
    assert ("hoax.example.", "A") in resolver.cached_messages()
    workspace.block("hoax.example")
    wait_blocked(resolver, "hoax.example")
    assert resolver.starts() == 1


def test_cached_names_below_a_listed_one_are_blocked(workspace, resolver):
    names = ["www.hoax.example", "a.b.c.hoax.example", "hoax.example"]
    for name in names:
        assert resolver.dig(name).data("A") == [RESOLVED]
    workspace.block("hoax.example")
    for name in names:
        wait_blocked(resolver, name)


def test_every_cached_type_of_a_name_is_blocked(workspace, resolver):
    types = ["A", "AAAA", "TXT", "MX", "HTTPS"]
    for type_ in types:
        resolver.dig("hoax.example", type_)
    workspace.block("hoax.example")
    for type_ in types:
        wait_blocked(resolver, "hoax.example", type_)


def test_what_was_cached_for_clients_that_check_themselves_is_blocked(workspace, resolver):
    for option in ("+cd", "+nocd"):
        assert resolver.dig("hoax.example", "A", option).data("A") == [RESOLVED]
    workspace.block("hoax.example")
    for option in ("+cd", "+nocd", "+dnssec"):
        wait_blocked(resolver, "hoax.example", "A", orders.ID, option)


def test_a_cached_name_that_does_not_exist_is_blocked(workspace, forwarder):
    answer = forwarder.dig("missing.alias.test")
    assert answer.status == "NXDOMAIN" and not answer.errors, answer.raw
    workspace.block("missing.alias.test")
    wait_blocked(forwarder, "missing.alias.test")


def test_names_that_no_order_lists_stay_cached(workspace, resolver):
    for name in ("news.example", "nothoax.example", "example"):
        resolver.dig(name)
    before = resolver.cached_messages()
    workspace.block("hoax.example")
    wait_for(lambda: workspace.module().get("serial") == 1, "the module having swept for the commit")
    assert before <= resolver.cached_messages()


@pytest.mark.parametrize("listed", ["two.alias.test", "three.alias.test"])
def test_a_cached_alias_of_a_listed_name_is_blocked(workspace, forwarder, listed):
    assert forwarder.dig("one.alias.test").data("A") == ["198.51.100.3"]
    workspace.block(listed)
    wait_blocked(forwarder, "one.alias.test")


def test_a_cached_answer_by_dname_is_blocked(workspace, forwarder):
    assert forwarder.dig("deep.dname.alias.test").data("A") == ["198.51.100.4"]
    workspace.block("target.alias.test")
    wait_blocked(forwarder, "deep.dname.alias.test")


def test_other_aliases_of_the_same_host_stay_when_one_is_listed(workspace, forwarder):
    for name in ("www.alias.test", "shop.alias.test"):
        assert forwarder.dig(name).data("A") == ["198.51.100.5"]
    workspace.block("www.alias.test")
    wait_blocked(forwarder, "www.alias.test")
    assert forwarder.dig("shop.alias.test").data("A") == ["198.51.100.5"]


def test_a_cached_answer_with_a_listed_address_is_blocked(workspace, resolver):
    assert resolver.dig("news.example").data("A") == [RESOLVED]
    assert resolver.dig("news.example", "AAAA").data("AAAA") == [RESOLVED_AAAA]
    workspace.apply(targets=[{"address": f"{RESOLVED}"}])
    wait_blocked(resolver, "news.example")
    assert resolver.dig("news.example", "AAAA").data("AAAA") == [RESOLVED_AAAA]


def test_a_cached_name_of_an_imported_list_is_blocked(workspace, resolver):
    assert resolver.dig("hoax.example").data("A") == [RESOLVED]
    listing = workspace.folder / "list"
    listing.write_text("hoax.example\n" + "".join(f"name{i}.test\n" for i in range(2000)))
    workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", listing)
    wait_blocked(resolver, "hoax.example", "A", "list:uji")


def test_every_worker_s_clients_are_blocked(workspace, resolver_of):
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace, threads=4).start()
    for number in range(40):
        resolver.dig(f"w{number}.hoax.example")
    workspace.block("hoax.example")
    for number in range(40):
        wait_blocked(resolver, f"w{number}.hoax.example")


def test_a_cached_name_is_blocked_when_its_orders_time_comes_with_no_commit_then(workspace, resolver):
    workspace.apply("--scheduled", targets=orders.domains("hoax.example"), effective=orders.at(3))
    assert resolver.dig("hoax.example").data("A") == [RESOLVED]
    wait_blocked(resolver, "hoax.example")


def test_a_revoked_name_resolves_and_may_be_cached_again(workspace, resolver):
    workspace.block("hoax.example")
    wait_blocked(resolver, "hoax.example")
    workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    assert resolver.dig("hoax.example").data("A") == [RESOLVED]
    # Nothing evicts it any more: it stays.
    resolver.dig("hoax.example")
    assert ("hoax.example.", "A") in resolver.cached_messages()


def test_a_passthru_order_leaves_the_cached_name_of_a_list_alone(workspace, resolver):
    listing = workspace.folder / "list"
    listing.write_text("hoax.example\n")
    workspace.block("hoax.example", id="B-2/UJI/2024", action="passthru")
    assert resolver.dig("hoax.example").data("A") == [RESOLVED]
    workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", listing)
    wait_for(lambda: workspace.module().get("serial") == 2, "the module having swept for the commit")
    assert ("hoax.example.", "A") in resolver.cached_messages()
    assert resolver.dig("hoax.example").data("A") == [RESOLVED]


def test_a_cached_name_of_a_rehearsed_list_is_blocked_when_the_list_is_given_another_action(workspace, resolver):
    listing = workspace.folder / "list"
    listing.write_text("hoax.example\n")
    imported = ("list", "import", "--source", "uji", "--format", "domains", listing, "--action")
    workspace.tool.do(*imported, "log")
    assert resolver.dig("www.hoax.example").data("A") == [RESOLVED]
    workspace.tool.do(*imported, "nxdomain")
    wait_blocked(resolver, "www.hoax.example", "A", "list:uji")


def test_a_cached_alias_is_blocked_when_the_passthru_that_let_it_lead_there_is_revoked(workspace, forwarder):
    workspace.block("three.alias.test")
    workspace.block("one.alias.test", id="B-2/UJI/2024", action="passthru")
    wait_for(lambda: workspace.module().get("serial") == 2, "the module having swept for the commits")
    assert forwarder.dig("one.alias.test").data("A") == ["198.51.100.3"]
    assert ("one.alias.test.", "A") in forwarder.cached_messages()
    workspace.tool.do("order", "revoke", "B-2/UJI/2024", "--reason", "uji")
    wait_blocked(forwarder, "one.alias.test")


def test_a_cached_name_is_blocked_when_the_passthru_of_it_expires(workspace, resolver):
    workspace.block("hoax.example")
    workspace.block("www.hoax.example", id="B-2/UJI/2024", action="passthru", expires=orders.at(4))
    assert resolver.dig("www.hoax.example").data("A") == [RESOLVED]
    assert ("www.hoax.example.", "A") in resolver.cached_messages()
    wait_blocked(resolver, "www.hoax.example")


def test_cached_names_below_a_name_whose_orders_time_comes_are_blocked(workspace, resolver):
    workspace.apply(
        "--scheduled", targets=[*orders.domains("hoax.example"), {"address": "203.0.113.9"}], effective=orders.at(3)
    )
    assert resolver.dig("www.hoax.example").data("A") == [RESOLVED]
    wait_blocked(resolver, "www.hoax.example")


def test_answering_a_cached_name_runs_no_code_of_the_module(workspace, resolver):
    resolver.dig("news.example")
    wait_for(lambda: workspace.module().get("queries") == 1, "the module's own count of the first query")
    for _ in range(50):
        assert resolver.dig("news.example").data("A") == [RESOLVED]
    resolver.dig("other.example")
    wait_for(lambda: workspace.module().get("queries") == 2, "the module's own count of the last query")
