"""`feed export --format rpz`: a real BIND and a real Unbound with the zone block exactly the listed names."""
import itertools
import random

import dns.exception
import dns.message
import dns.query
import dns.rcode
import pytest

from support.waiting import wait_for
from support import orders
from support.authority import RESOLVED
from support.bind import policy_resolver
from support.policy import BELOW, EXACT, SUBTREE, Rule, action
from support.rpz import ORIGIN, PolicyUnbound

LABELS = "abc"
# Every name of up to four labels below example., and one more label below each.
NAMES = [".".join(labels) + ".example" for depth in range(1, 5) for labels in itertools.product(LABELS, repeat=depth)]
ASKED = NAMES + ["x." + name for name in NAMES] + ["y.x." + name for name in NAMES[:12]]
ACTIONS = {
    "nxdomain": "nxdomain", "nodata": "nodata", "refused": "nxdomain", "redirect": "redirect", "passthru": None,
    None: None
}


def ask(port, name):
    """The policy action for the name; None: it resolved."""
    question = dns.message.make_query(name, "A")
    for _ in range(5):
        try:
            answer = dns.query.udp(question, "127.0.0.1", port=port, timeout=5)
        except dns.exception.Timeout:
            continue
        break
    else:
        return "no answer"
    data = sorted(item.to_text() for rrset in answer.answer for item in rrset)
    if answer.rcode() == dns.rcode.NXDOMAIN:
        return "nxdomain"
    if answer.rcode() != dns.rcode.NOERROR:
        return dns.rcode.to_text(answer.rcode())
    return {(): "nodata", ("192.0.2.80",): "redirect", (RESOLVED,): None}.get(tuple(data), f"answers {data}")


def random_rules(seed):
    """Orders with their rules: nested names, some of them twice, in several orders."""
    choose = random.Random(seed)
    pool = [name for name in NAMES if choose.random() < 0.5]
    out = []
    for age, act in enumerate(["nxdomain", "nodata", "passthru", "nxdomain", "redirect", "refused", "passthru"]):
        names = {name: choose.choice([SUBTREE, SUBTREE, EXACT]) for name in choose.sample(pool, 6)}
        out.append([Rule(name, match, act, age) for name, match in names.items()])
    return out


def put_in_database(workspace, rules):
    for order in rules:
        age = order[0].age
        workspace.apply(id=f"B-{age}", issued=f"2024-01-{age + 1:02}T00:00:00Z", action=order[0].action,
                        targets=[target for rule in order for target in orders.domains(rule.name, match=rule.match)])


@pytest.fixture
def served(workspace, new_folder, authority):
    """Exports the database and starts both resolvers with the zone; returns (name, port) of each."""
    started = []

    def serve(*options):
        zone = workspace.folder / "rpz.zone"
        result = workspace.tool.do("feed", "export", "--origin", ORIGIN, "--output", zone, *options)
        bind = policy_resolver(new_folder("bind"), ORIGIN, zone, authority.port)
        unbound = PolicyUnbound(new_folder("unbound"), workspace, authority, zone)
        for server in (bind, unbound):
            started.append(server)
            server.start()
        return result, [("BIND", bind.port), ("Unbound", unbound.port)]

    yield serve
    for server in started:
        server.stop()


def differences(servers, expected, asked=ASKED):
    """Each server's action for a name and the expected one, where they differ."""
    return [(server, name, got, expected(name))
            for server, port in servers
            for name in asked
            if (got := ask(port, name)) != expected(name)]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_random_nested_orders_block_the_same_names(workspace, served, seed):
    rules = random_rules(seed)
    put_in_database(workspace, rules)
    flat = [rule for order in rules for rule in order]
    _, servers = served("--quiet")
    expected = {name: ACTIONS[action(flat, name)] for name in ASKED}
    assert any(expected.values()) and not all(expected.values())
    assert differences(servers, expected.get) == []


def test_a_longer_listed_name_does_not_shield_its_siblings(workspace, served):
    workspace.block("a.example")
    workspace.block("a.b.a.example", id="B-2", match=EXACT, action="nodata")
    _, servers = served()
    expected = {
        "a.example": "nxdomain", "b.a.example": "nxdomain", "c.b.a.example": "nxdomain", "a.b.a.example": "nodata",
        "x.a.b.a.example": "nxdomain", "z.y.a.example": "nxdomain", "b.example": None
    }
    assert differences(servers, expected.get, expected) == []


def test_the_plain_translation_would_let_names_through(workspace, authority, new_folder):
    """The export needs more than `x` and `*.x`: otherwise other names below b.a.example are not blocked."""
    zone = workspace.folder / "plain.zone"
    zone.write_text(
        f"$ORIGIN {ORIGIN}.\n$TTL 30\n@ SOA l. r. 1 1 1 1 1\n@ NS localhost.\na.example CNAME .\n*.a.example CNAME .\n"
        f"a.b.a.example CNAME .\n"
    )
    bind = policy_resolver(new_folder("bind"), ORIGIN, zone, authority.port)
    try:
        bind.start()
        wait_for(lambda: ask(bind.port, "z.a.example") == "nxdomain", "the policy zone in force")
        assert ask(bind.port, "c.b.a.example") is None
    finally:
        bind.stop()


def test_a_list_of_wildcards_comes_out_as_it_went_in(workspace, served):
    file = workspace.folder / "list.rpz"
    file.write_text(
        "@ SOA l. r. 1 1 1 1 1\n*.a.example CNAME .\nb.example CNAME .\nc.example CNAME .\n*.c.example CNAME .\n"
    )
    workspace.tool.do("list", "import", "--source", "uji", "--format", "rpz", file)
    rules = [
        Rule("a.example", BELOW, "nxdomain", 1),
        Rule("b.example", EXACT, "nxdomain", 1),
        Rule("c.example", SUBTREE, "nxdomain", 1),
    ]
    _, servers = served()
    assert differences(servers, lambda name: ACTIONS[action(rules, name)]) == []


def test_addresses_are_blocked_in_answers(workspace, served):
    workspace.apply(targets=[{"address": RESOLVED}, {"address": "2001:db8:7::/48"}])
    _, servers = served()
    for server, port in servers:
        assert ask(port, "any.example") == "nxdomain", server
        aaaa = dns.query.udp(dns.message.make_query("any.example", "AAAA"), "127.0.0.1", port=port, timeout=10)
        assert aaaa.rcode() == dns.rcode.NXDOMAIN, server


def test_a_dropped_name_gets_no_answer(workspace, served):
    workspace.block("a.example", action="drop")
    _, servers = served()
    for server, port in servers:
        with pytest.raises(dns.exception.Timeout):
            dns.query.udp(dns.message.make_query("www.a.example", "A"), "127.0.0.1", port=port, timeout=1)
        assert ask(port, "b.example") is None, server
