"""How long a client may keep a block: as configured, and never past the order's end."""
import pytest

from support import orders
from support.workspace import REDIRECT_A, TTL

ACTIONS = ["nxdomain", "nodata", "redirect"]


def lifetimes(answer):
    """Every TTL in the answer, and the SOA's MINIMUM, which bounds negative caching too."""
    minimum = [int(record.data.split()[-1]) for record in answer.authority if record.type == "SOA"]
    return [record.ttl for record in answer.answer + answer.authority] + minimum


def resolver_with(workspace, resolver_of, line):
    workspace.configure()
    text = workspace.config.read_text()
    assert f"ttl = {TTL}\n" in text
    workspace.config.write_text(text.replace(f"ttl = {TTL}\n", line))
    for action in ACTIONS:
        workspace.block(f"{action}.example", id=f"LONG-{action}", action=action)
        # Its remaining TTL is below every ttl configured here, and longer than the test.
        workspace.block(f"short-{action}.example", id=f"SHORT-{action}", action=action, expires=orders.at(600))
    return resolver_of(workspace).start()


@pytest.mark.parametrize("line, ttl", [("", 30), ("ttl = 7\n", 7), ("ttl = 0\n", 0), ("ttl = 3600\n", 3600)],
                         ids=["default", "seven", "none", "hour"])
def test_a_block_may_be_kept_as_long_as_configured(workspace, resolver_of, line, ttl):
    resolver = resolver_with(workspace, resolver_of, line)
    for action in ACTIONS:
        for type_ in ("A", "AAAA", "TXT"):
            for name in (f"{action}.example", f"www.{action}.example"):
                answer = resolver.dig(name, type_)
                assert answer.blocked_by(f"LONG-{action}") and set(lifetimes(answer)) == {ttl}, answer.raw
    assert resolver.dig("redirect.example").data("A") == [REDIRECT_A]


def test_a_block_may_not_be_kept_past_the_orders_end(workspace, resolver_of):
    resolver = resolver_with(workspace, resolver_of, "ttl = 3600\n")
    for action in ACTIONS:
        for type_ in ("A", "AAAA", "TXT"):
            answer = resolver.dig(f"short-{action}.example", type_)
            assert answer.blocked_by(f"SHORT-{action}"), answer.raw
            assert lifetimes(answer) and all(0 < seconds <= 601 for seconds in lifetimes(answer)), answer.raw


def test_an_alias_to_the_landing_host_may_not_be_kept_past_the_orders_end(workspace, resolver_of):
    workspace.configure(action="redirect", ttl=3600, answer='redirect_cname = "page.test"')
    workspace.block("hoax.example", expires=orders.at(600))
    answer = resolver_of(workspace).start().dig("hoax.example")
    alias = answer.answer[0]
    assert alias.type == "CNAME" and 0 < alias.ttl <= 601, answer.raw
