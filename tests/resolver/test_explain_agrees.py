"""The tool's `explain` and the module give the same verdict, over random policies and queries."""
import random

import dns.edns
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import pytest

from support import database, orders
from support.authority import ANYTHING, RESOLVED, RESOLVED_AAAA, Authority
from support.tool import DONE, NO
from support.workspace import REDIRECT_A, REDIRECT_AAAA

REGIONS = {"127.0.1.0/24": "ID-JK", "127.0.2.0/24": "ID-JB", "127.0.2.128/25": "ID-BT"}
CLIENTS = ["127.0.0.1", "127.0.1.9", "127.0.2.9", "127.0.2.200"]
ACTIONS = [None, "nxdomain", "nodata", "refused", "redirect", "passthru", "passthru", "log"]
LABELS = ["a", "b", "c", "hoax", "nothoax", "xn--bcher-kva"]
PAST, FUTURE = "2020-01-01T00:00:00Z", "2190-01-01T00:00:00Z"
ORDERS, NAMES = 45, 150


def random_name(chance):
    return ".".join(chance.choice(LABELS) for _ in range(chance.randint(1, 5))) + ".example"


def random_order(chance, number):
    names = {random_name(chance) for _ in range(chance.randint(1, 5))}
    fields = {
        "issued": f"2019-{chance.randint(1, 12):02}-01T00:00:00Z", "effective": "2019-12-31T00:00:00Z",
        "action": chance.choice(ACTIONS) or orders.ABSENT,
        "targets": [{"domain": name, "match": chance.choice(["subtree", "subtree", "exact"])} for name in sorted(names)]
    }
    if chance.random() < 0.3:
        fields["targets"].append(
            {"address": chance.choice(["203.0.113.0/24", "203.0.113.128/25", "203.0.113.200", "203.0.0.0/8"])}
        )
    if chance.random() < 0.35:
        fields["regions"] = chance.sample(sorted(REGIONS.values()), chance.randint(1, 2))
    when = chance.random()
    if when < 0.15:
        fields["effective"] = FUTURE
    elif when < 0.3:
        fields["expires"] = PAST
    return orders.document(id=f"B-{number}/UJI", **fields)


@pytest.fixture(scope="module")
def authority(new_folder):
    """Names ending in `addr` have an address that orders may list; those ending in `alias` are aliases of another
    name."""
    server = Authority(new_folder("authority"), {
        "addr.test.": ANYTHING + "".join(f"h{n} A 203.0.113.{n}\n" for n in range(0, 256, 5)),
        "alias.test.": ANYTHING + "".join(f"to-{label} CNAME {label}.example.\n" for label in LABELS)})
    yield server.start()
    server.stop()


@pytest.fixture(params=[11, 12, 13])
def chance(request):
    return random.Random(request.param)


@pytest.fixture
def policy(workspace, chance):
    """Applies random orders; some are revoked and some made the ISP's own."""
    table = workspace.folder / "prefixes"
    table.write_text("".join(f"{prefix} {code}\n" for prefix, code in REGIONS.items()))
    workspace.configure(action=chance.choice(["nxdomain", "nodata", "refused", "redirect"]),
                        more=f'[region]\nprefix_table = "{table}"\n')
    workspace.tool.do("db", "init")
    workspace.names = []
    for number in range(ORDERS):
        document = random_order(chance, number)
        workspace.names += [target["domain"] for target in document["targets"] if "domain" in target]
        workspace.tool("order", "apply", "--scheduled", workspace.signed(document))
    applied = [order["id"] for order in workspace.tool.do("order", "list", "--json").json()["orders"]]
    assert len(applied) >= ORDERS / 2, applied
    for id_ in chance.sample(applied, 4):
        workspace.tool.do("order", "revoke", id_, "--reason", "uji")
    for id_ in chance.sample(applied, 6):
        database.make_local(workspace.database, id_)
    database.publish_anew(workspace.tool, workspace.database)
    return workspace


def ask(resolver, name, client, type_):
    question = dns.message.make_query(name, type_, use_edns=0, payload=1232)
    return dns.query.udp(question, "127.0.0.1", port=resolver.port, source=client, timeout=15)


def verdict_of(answer, type_):
    """(action, order) as the answer shows them."""
    reasons = [option for option in answer.options if isinstance(option, dns.edns.EDEOption)]
    data = {
        record.to_text() for rrset in answer.answer for record in rrset if dns.rdatatype.to_text(rrset.rdtype) == type_
    }
    if not reasons:
        assert data == {RESOLVED if type_ == "A" else RESOLVED_AAAA}, answer
        return "resolved", None
    (reason,) = reasons
    order = reason.text.removeprefix("Kementerian Uji order ")
    if answer.rcode() == dns.rcode.NXDOMAIN:
        done = "nxdomain"
    elif answer.rcode() == dns.rcode.REFUSED:
        done = "refused"
    else:
        assert data in (set(), {REDIRECT_A if type_ == "A" else REDIRECT_AAAA}), answer
        done = "redirect" if data else "nodata"
    return done, (order, int(reason.code))


def explained(workspace, name, client, type_):
    result = workspace.tool("explain", name, "--type", type_, "--client", client, "--json")
    told = result.json()
    assert result.code == (NO if told["verdict"] == "not listed" else DONE), result
    if told["verdict"] != "blocked":
        return ("resolved", None), told["verdict"]
    return (told["action"], (told["order"]["id"], 15 if told["order"]["kind"] == "local" else 16)), told["verdict"]


def test_tool_and_resolver_agree_on_a_name(policy, chance, resolver_of):
    resolver = resolver_of(policy, threads=2).start()
    met = set()
    for _ in range(NAMES):
        name = chance.choice([random_name(chance), chance.choice(policy.names), "www." + chance.choice(policy.names)])
        client, type_ = chance.choice(CLIENTS), chance.choice(["A", "AAAA"])
        expected, verdict = explained(policy, name, client, type_)
        met.add(verdict)
        for _ in range(2):  # fresh, then from the cache if it may be there
            assert verdict_of(ask(resolver, name, client, type_), type_) == expected, (name, client, type_)
    assert {"blocked", "passed", "not listed"} <= met, met
    resolver.stop()


def test_tool_and_resolver_agree_on_an_address(policy, chance, resolver_of):
    resolver = resolver_of(policy).start()
    for n in range(0, 256, 5):
        client = chance.choice(CLIENTS)
        expected, _ = explained(policy, f"203.0.113.{n}", client, "A")
        answer = ask(resolver, f"h{n}.addr.test", client, "A")
        if expected[0] == "resolved":
            assert [rrset[0].to_text() for rrset in answer.answer] == [f"203.0.113.{n}"] and not answer.options, answer
        else:
            # The name with the address is unlisted, so it is not denied as a whole.
            done = "nodata" if expected[0] == "nxdomain" else expected[0]
            assert verdict_of(answer, "A") == (done, expected[1]), (n, client, answer)
    resolver.stop()


def test_what_an_alias_leads_to_has_its_own_verdict(policy, chance, resolver_of):
    resolver = resolver_of(policy).start()
    for label in LABELS:
        for client in CLIENTS:
            expected, _ = explained(policy, f"{label}.example", client, "A")
            assert verdict_of(ask(resolver, f"to-{label}.alias.test", client, "A"), "A") == expected, (label, client)
    resolver.stop()
