"""No listed name's address reaches a client in the additional section of another name's answer."""
import pytest

from support import orders
from support.waiting import wait_for

REAL, OPEN = "198.51.100.66", "198.51.100.11"
RECORDS = {
    ("good.test.", "NS"): ["good.test. 300 IN NS ns.hoax.test.", "good.test. 300 IN NS ns.good.test."],
    ("good.test.", "MX"): ["good.test. 300 IN MX 10 mail.hoax.test.", "good.test. 300 IN MX 20 ns.good.test."],
    ("_x._tcp.good.test.", "SRV"): [
        "_x._tcp.good.test. 300 IN SRV 0 0 443 srv.hoax.test.",
        "_x._tcp.good.test. 300 IN SRV 0 0 443 ns.good.test.",
    ],
    ("good.test.", "A"): [
        f"good.test. 300 IN A {OPEN}",
        "authority: good.test. 300 IN NS ns.hoax.test.",
        "authority: good.test. 300 IN NS ns.good.test.",
    ],
}
EXTRA = [f"additional: {name}.hoax.test. 300 IN A {REAL}" for name in ("ns", "mail", "srv")] + [
    f"additional: ns.good.test. 300 IN A {OPEN}"
]


def network(name: str, type_: str):
    if name == "alias.test.":
        return ["alias.test. 300 IN CNAME good.test."]
    if (name, type_) in RECORDS:
        return RECORDS[name, type_] + EXTRA
    if type_ == "A":
        return [f"{name} 300 IN A {REAL if 'hoax' in name else OPEN}"]
    return []


@pytest.fixture(params=["dynlib iterator", "dynlib validator iterator"])
def resolver(workspace, resolver_of, scripted, request):
    workspace.tool.do("db", "init")
    return resolver_of(workspace, chain=request.param,
                       extra="server:\n    minimal-responses: no\n" + scripted(network).forward("test.")).start()


QUESTIONS = [("good.test", "NS"), ("good.test", "MX"), ("_x._tcp.good.test", "SRV"), ("good.test", "A")]


def assert_no_listed_address(resolver) -> None:
    for name, type_ in QUESTIONS:
        for options in ((), ("+cd",), ("+norec",), ()):
            answer = resolver.dig(name, type_, *options)
            assert REAL not in answer.raw, answer.raw
            if options != ("+norec",):
                # Newer Unbounds add 5 (DNSSEC Indeterminate) for queries with CD.
                assert answer.answer and not answer.errors.keys() & {15, 16}, answer.raw
                assert type_ == "A" or OPEN in answer.raw, answer.raw


def test_the_address_of_a_name_listed_before(resolver, workspace):
    workspace.block("hoax.test")
    assert_no_listed_address(resolver)
    # The rest is cached, and its TTL counts down.
    assert ("good.test.", "NS") in resolver.cached_messages()


def test_the_address_of_a_name_listed_after_the_answer_was_cached(resolver, workspace):
    for name, type_ in QUESTIONS:
        answer = resolver.dig(name, type_)
        assert type_ == "A" or REAL in answer.raw, answer.raw
    workspace.block("hoax.test")
    wait_for(lambda: workspace.module().get("serial") == 1, "the cache being swept")
    assert_no_listed_address(resolver)


def test_a_listed_address_of_a_name_that_is_not(resolver, workspace):
    workspace.apply(id="ADDRESS", targets=[{"address": f"{REAL}/32"}])
    assert_no_listed_address(resolver)


def test_an_order_of_another_region_hides_it_from_all(resolver, workspace):
    workspace.block("hoax.test", regions=["ID-JK"])
    assert_no_listed_address(resolver)


def test_an_answer_that_only_some_regions_get(resolver, workspace):
    table = workspace.folder / "prefixes"
    table.write_text("127.0.1.0/24 ID-JK\n127.0.2.0/24 ID-JB\n")
    workspace.configure(more=f'[region]\nprefix_table = "{table}"\n')
    resolver.reload()
    workspace.block("hoax.test", id="B-HOAX")
    workspace.block("good.test", id="B-GOOD")
    workspace.apply(id="B-PASS", targets=orders.domains("good.test"), action="passthru", regions=["ID-JB"],
                    issued="2024-01-09T00:00:00Z")
    for type_ in ("NS", "MX", "NS", "MX"):
        answer = resolver.dig("alias.test", type_, "-b", "127.0.2.1")
        assert len(answer.data(type_)) == 2 and REAL not in answer.raw, answer.raw
    assert resolver.dig("alias.test", "NS", "-b", "127.0.1.1").blocked_by("B-GOOD")


def test_a_locally_allowed_name_keeps_its_additional_section(resolver, workspace):
    workspace.block("hoax.test")
    workspace.tool.do("local", "allow", "good.test", "--reason", "asked for")
    wait_for(lambda: REAL in resolver.dig("good.test", "NS").raw, "the whole answer")
    assert resolver.dig("ns.hoax.test").blocked_by(orders.ID)
