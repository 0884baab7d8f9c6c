"""The records of a listed name that a validating forwarder needs for answers that no order blocks: its DS,
which is its parent's data, and its DNSKEY where names below it are open."""
import pytest

from support import orders
from support.hits import hits_in
from support.waiting import wait_for

DS, DNSKEY = "4711 13 2 " + "AB" * 32, "257 3 13 " + "AAAA" * 8


def network(name: str, type_: str):
    return {
        "A": [f"{name} 300 IN A 198.51.100.66"],
        "DS": [f"{name} 300 IN DS {DS}"],
        "DNSKEY": [f"{name} 300 IN DNSKEY {DNSKEY}"],
    }.get(type_, [])


@pytest.fixture
def resolver(workspace, resolver_of, scripted):
    workspace.tool.do("db", "init")
    return resolver_of(workspace, chain="dynlib iterator", extra=scripted(network).forward("test.")).start()


def passes(resolver, name: str, type_: str) -> bool:
    """Twice, since the second may come from the cache."""
    answers = [resolver.dig(name, type_) for _ in range(2)]
    for answer in answers:
        assert (
            answer.data(type_) and not answer.errors or answer.blocked_by(orders.ID) and not answer.answer
        ), answer.raw
    assert answers[0].answer == answers[1].answer or len(answers[0].answer) == len(answers[1].answer)
    return bool(answers[0].answer)


def test_the_ds_of_a_listed_name_passes_and_its_dnskey_does_not(resolver, workspace):
    workspace.block("hoax.test")
    assert passes(resolver, "hoax.test", "DS")
    assert not passes(resolver, "hoax.test", "DNSKEY")
    assert not passes(resolver, "hoax.test", "A")


def test_the_ds_below_a_listed_name_is_the_listed_names_data(resolver, workspace):
    workspace.block("hoax.test")
    assert not passes(resolver, "www.hoax.test", "DS")


@pytest.mark.parametrize("action", ["nodata", "refused", "redirect"])
def test_whatever_the_action(resolver, workspace, action):
    workspace.block("hoax.test", action=action)
    assert passes(resolver, "hoax.test", "DS")
    assert not passes(resolver, "www.hoax.test", "DS")


def test_both_pass_at_an_exact_name(resolver, workspace):
    workspace.block("hoax.test", match="exact")
    for type_ in ("DS", "DNSKEY"):
        assert passes(resolver, "hoax.test", type_) and passes(resolver, "www.hoax.test", type_)
    assert not passes(resolver, "hoax.test", "A") and passes(resolver, "www.hoax.test", "A")


def test_both_pass_from_a_listed_name_down_to_an_allowed_one(resolver, workspace):
    workspace.block("hoax.test")
    workspace.block("b.hoax.test", id="B-2/UJI/2024")
    workspace.block("a.www.hoax.test", id="ALLOWED", action="passthru")
    for name in ("hoax.test", "www.hoax.test", "a.www.hoax.test", "deep.a.www.hoax.test"):
        assert passes(resolver, name, "DS") and passes(resolver, name, "DNSKEY"), name
    assert not passes(resolver, "www.hoax.test", "A") and passes(resolver, "a.www.hoax.test", "A")
    assert not passes(resolver, "other.hoax.test", "DS")


def test_both_pass_in_a_region_too(resolver, workspace):
    table = workspace.folder / "prefixes"
    table.write_text("127.0.0.0/8 ID-JK\n")
    workspace.configure(more=f'[region]\nprefix_table = "{table}"\n')
    resolver.reload()
    workspace.block("hoax.test", match="exact", regions=["ID-JK"])
    assert passes(resolver, "hoax.test", "DS") and passes(resolver, "hoax.test", "DNSKEY")
    assert not passes(resolver, "hoax.test", "A")


def test_nothing_of_it_is_a_hit(resolver, workspace):
    workspace.block("hoax.test", match="exact")
    for type_ in ("DS", "DNSKEY", "A"):
        resolver.dig("hoax.test", type_)
    wait_for(lambda: hits_in(workspace.hits), "the hit")
    assert [hit.qtype for hit in hits_in(workspace.hits)] == [1]
