"""Which of several orders on one name decides."""
import pytest

from support import database, orders
from support.authority import ANYTHING, RESOLVED, Authority

# id: (name, action, match, issued in this month of 2024)
ORDERS = {
    "WIDE": ("deep.example", "nxdomain", "subtree", 9),
    "MIDDLE": ("b.deep.example", "nodata", "subtree", 5),
    "NARROW": ("a.b.deep.example", "refused", "exact", 1),
    "PASS-ABOVE": ("open.example", "passthru", "subtree", 9),
    "BLOCK-BELOW": ("hoax.open.example", "nxdomain", "subtree", 1),
    "PASS-EXACT": ("let.deep.example", "passthru", "exact", 1),
    "SAME-OLD": ("same.example", "nodata", "subtree", 1),
    "SAME-NEW": ("same.example", "refused", "subtree", 2),
    "SAME-OLDEST": ("same.example", "nxdomain", "subtree", 1),
    "EQUAL-FIRST": ("equal.example", "nodata", "subtree", 3),
    "EQUAL-SECOND": ("equal.example", "refused", "subtree", 3),
    "MIX-EXACT": ("mix.example", "nodata", "exact", 1),
    "MIX-SUBTREE": ("mix.example", "refused", "subtree", 2),
    "LOG-BELOW": ("log.deep.example", "log", "subtree", 9),
    "LOG-SAME": ("logged.example", "log", "subtree", 9),
    "LOG-SAME-BLOCK": ("logged.example", "nodata", "subtree", 1),
    "LOCAL-ALLOW": ("allowed.example", "passthru", "subtree", 1),
    "BELOW-ALLOW": ("hoax.allowed.example", "nxdomain", "subtree", 9),
    "AT-ALLOW": ("allowed.example", "nxdomain", "subtree", 9),
    "LOCAL-EXACT": ("one.deep.example", "passthru", "exact", 1),
    "LOCAL-BLOCK": ("own.example", "nodata", "subtree", 1),
    "OVER-LOCAL-BLOCK": ("own.example", "nxdomain", "subtree", 2),
    "OWN-PASS": ("www.own.example", "passthru", "subtree", 1),
}
LOCAL = ("LOCAL-ALLOW", "LOCAL-EXACT", "LOCAL-BLOCK")

NX, EMPTY, REFUSED, RESOLVES = "NXDOMAIN", "NOERROR", "REFUSED", None
CASES = [  # name, status of the block or RESOLVES, deciding order
    ("deep.example", NX, "WIDE"),
    ("other.deep.example", NX, "WIDE"),
    ("b.deep.example", EMPTY, "MIDDLE"),
    ("x.b.deep.example", EMPTY, "MIDDLE"),
    ("a.b.deep.example", REFUSED, "NARROW"),
    ("x.a.b.deep.example", EMPTY, "MIDDLE"),
    ("xb.deep.example", NX, "WIDE"),
    ("www.open.example", RESOLVES, None),
    ("hoax.open.example", NX, "BLOCK-BELOW"),
    ("let.deep.example", RESOLVES, None),
    ("www.let.deep.example", NX, "WIDE"),
    ("same.example", REFUSED, "SAME-NEW"),
    ("equal.example", REFUSED, "EQUAL-SECOND"),
    ("mix.example", REFUSED, "MIX-SUBTREE"),
    ("www.mix.example", REFUSED, "MIX-SUBTREE"),
    ("log.deep.example", NX, "WIDE"),
    ("logged.example", EMPTY, "LOG-SAME-BLOCK"),
    ("allowed.example", RESOLVES, None),
    ("hoax.allowed.example", RESOLVES, None),
    ("www.hoax.allowed.example", RESOLVES, None),
    ("one.deep.example", RESOLVES, None),
    ("www.one.deep.example", NX, "WIDE"),
    ("own.example", NX, "OVER-LOCAL-BLOCK"),
    ("www.own.example", RESOLVES, None),
]


@pytest.fixture(scope="module")
def authority(new_folder):
    server = Authority(
        new_folder("authority"), {
            "test.": ANYTHING + "alias CNAME hoax.allowed.example.\n"
            "alias-deep CNAME one.deep.example.\nalias-hoax CNAME x.one.deep.example.\n"
        })
    yield server.start()
    server.stop()


@pytest.fixture(scope="module")
def resolver(shared_workspace, resolver_of):
    for id_, (name, action, match, month) in ORDERS.items():
        shared_workspace.block(name, id=id_, action=action, match=match, issued=f"2024-{month:02}-01T00:00:00Z")
    for id_ in LOCAL:
        database.make_local(shared_workspace.database, id_)
    database.publish_anew(shared_workspace.tool, shared_workspace.database)
    return resolver_of(shared_workspace, threads=2).start()


@pytest.mark.parametrize("name, status, order", CASES, ids=[case[0] for case in CASES])
def test_the_deciding_order_follows_precedence(resolver, name, status, order):
    for _ in range(2):
        answer = resolver.dig(name)
        if status is RESOLVES:
            assert answer.data("A") == [RESOLVED] and not answer.errors, answer.raw
        else:
            assert answer.status == status and not answer.answer and answer.errors[16].endswith(f" {order}"), answer.raw


def test_the_tool_explains_the_same(resolver, shared_workspace):
    for name, status, order in CASES:
        told = shared_workspace.tool("explain", name, "--json").json()
        if status is RESOLVES:
            assert told["verdict"] == "passed", told
        else:
            assert (told["verdict"], told["order"]["id"]) == ("blocked", order), told


def test_a_local_allow_holds_for_an_alias_target(resolver):
    for name in ("alias.test", "alias-deep.test"):
        assert resolver.dig(name).data("A") == [RESOLVED]
    assert resolver.dig("alias-hoax.test").errors[16].endswith("WIDE")
