"""Random orders, clock steps, regions and queries: the real Unbound answers as the oracle says."""
import random
import time

import pytest

from support import orders
from support.authority import RESOLVED, RESOLVED_AAAA
from support.oracle import Oracle
from support.waiting import wait_for
from support.workspace import REDIRECT_A, REDIRECT_AAAA

REGIONS = {"127.0.1.0/24": "ID-JK", "127.0.2.0/24": "ID-JB", "127.0.2.128/25": "ID-BT"}
CLIENTS = ["127.0.0.1", "127.0.1.9", "127.0.2.9", "127.0.2.200"]
ACTIONS = ["nxdomain", "nodata", "refused", "redirect", "passthru", "log"]
LABELS = ["a", "b", "hoax", "nothoax", "www"]
ROUNDS, QUESTIONS = 22, 30


def random_name(chance):
    return ".".join(chance.choice(LABELS) for _ in range(chance.randint(1, 4))) + ".example"


def random_order(chance, number):
    document = orders.document(
        id=f"B-{number}/UJI/2024", issued=f"2024-01-{chance.randint(1, 9):02}T00:00:00Z",
        targets=[{"domain": name, "match": chance.choice(["subtree", "exact"])}
                 for name in {random_name(chance) for _ in range(chance.randint(1, 4))}])
    if chance.random() < 0.7:
        document["action"] = chance.choice(ACTIONS)
    if chance.random() < 0.4:
        document["regions"] = chance.sample(sorted(REGIONS.values()), chance.randint(1, 2))
    if chance.random() < 0.3:
        document["effective"] = orders.at(chance.randint(2, 8))
    if chance.random() < 0.4:
        document["expires"] = orders.at(chance.randint(9, 16))
    return document


def right(answer, verdict, type_):
    """Whether the whole answer is the expected one for the verdict."""
    if verdict is None or verdict[0] == "passthru":
        return answer.data(type_) == [RESOLVED if type_ == "A" else RESOLVED_AAAA] and not answer.errors
    action, id_ = verdict
    if not answer.blocked_by(id_):
        return False
    landing = [REDIRECT_A if type_ == "A" else REDIRECT_AAAA]
    return {"nxdomain": answer.status == "NXDOMAIN" and not answer.answer,
            "nodata": answer.status == "NOERROR" and not answer.answer,
            "refused": answer.status == "REFUSED" and not answer.answer,
            "redirect": answer.status == "NOERROR" and answer.data(type_) == landing}[action]


@pytest.mark.parametrize("seed", [1, 2])
def test_every_answer_equals_the_oracles(workspace, resolver_of, seed):
    chance = random.Random(seed)
    table = workspace.folder / "prefixes"
    table.write_text("".join(f"{prefix} {code}\n" for prefix, code in REGIONS.items()))
    workspace.configure(ttl=0, more=f'[region]\nprefix_table = "{table}"\n')
    workspace.tool.do("db", "init")
    resolver = resolver_of(workspace, threads=2).start()
    oracle = Oracle(regions=REGIONS)
    seen = set()

    def ask_and_compare(name, type_, client):
        while True:
            now = time.time()
            # Near a boundary both answers are right.
            if all(abs(now - moment) > 1.2 for moment in oracle.boundaries()):
                break
            time.sleep(0.1)
        verdict = oracle.decide(name, client, now)
        seen.add(verdict[0] if verdict else None)
        last = []

        def matches():
            last[:] = [resolver.dig(name, type_, "-b", client)]
            return right(last[0], verdict, type_)
        try:
            # Cached answers are evicted within a second after a commit or boundary, not before it.
            wait_for(matches, "the right answer", 5)
        except AssertionError:
            raise AssertionError(f"{name} {type_} for {client}: must be {verdict}\n{last[0].raw}\n" +
                                 "\n".join(map(str, oracle.known))) from None

    for number in range(ROUNDS):
        living = [order for order in oracle.known if not order.revoked]
        if living and chance.random() < 0.35:
            order = chance.choice(living)
            workspace.tool.do("order", "revoke", order.id, "--reason", "uji")
            oracle.revoke(order.id)
        else:
            document = random_order(chance, number)
            workspace.tool.do("order", "apply", "--scheduled", workspace.signed(document))
            oracle.apply(document)
        for _ in range(QUESTIONS):
            ask_and_compare(random_name(chance), chance.choice(["A", "AAAA"]), chance.choice(CLIENTS))
    assert {None, "nxdomain"} <= seen and len(seen) >= 3, seen
    assert resolver.starts() == 1
