"""A name with an alias to a listed name is blocked as that name is: CNAME, DNAME, HTTPS, SVCB."""
import pytest

from support import orders
from support.authority import ANYTHING, RESOLVED, Authority
from support.waiting import wait_for

SUBTREE, EXACT, PASSED = "B-1/SUBTREE", "B-2/EXACT", "B-3/PASSED"
LATE = "B-4/LATE"

# listed.test with all below it and exact.test alone are listed; nothing in example. is.
EXAMPLE = ANYTHING + f"""\
direct CNAME listed.test.
below CNAME www.listed.test.
only CNAME exact.test.
only-below CNAME www.exact.test.
let CNAME listed.test.
first0 CNAME first.listed.test.
first2 CNAME first3
middle0 CNAME middle1
middle1 CNAME middle.listed.test.
last0 CNAME last1
last1 CNAME last2.test.
dname DNAME listed.test.
dname-below DNAME deep.listed.test.
dname-exact DNAME exact.test.
into-dname CNAME www.dname
dname-chain DNAME chained.example.
www.chained CNAME listed.test.
https-alias HTTPS 0 listed.test.
https-service HTTPS 1 pool.listed.test. alpn=h2
https-second HTTPS 1 . alpn=h2
https-second HTTPS 2 listed.test. alpn=h2
https-self HTTPS 1 . alpn=h2
https-cname CNAME https-alias
_dns.alias SVCB 0 listed.test.
_dns.service SVCB 1 pool.listed.test. alpn=dot
late0 CNAME late1
late1 CNAME late.test.
both0 CNAME both.test.
mx MX 10 listed.test.
"""
TEST = ANYTHING + f"""\
listed A {RESOLVED}
*.listed A {RESOLVED}
first.listed CNAME first2.example.
middle.listed CNAME middle3.example.
last2 CNAME last.listed
"""
ALIASES = ["direct", "below", "only", "first0", "middle0", "last0", "www.dname", "a.b.dname", "www.dname-below",
           "into-dname", "www.dname-chain"]


@pytest.fixture(scope="module")
def authority(new_folder):
    server = Authority(new_folder("authority"), {"example.": EXAMPLE, "test.": TEST})
    yield server.start()
    server.stop()


@pytest.fixture(scope="module")
def resolver(shared_workspace, resolver_of):
    shared_workspace.block("listed.test", id=SUBTREE)
    shared_workspace.block("exact.test", id=EXACT, match="exact")
    shared_workspace.block("let.example", id=PASSED, action="passthru")
    return resolver_of(shared_workspace, threads=2).start()


def assert_blocked(answer, order=SUBTREE, status="NXDOMAIN"):
    assert answer.status == status and not answer.answer and answer.blocked_by(order), answer.raw
    assert answer.soa, answer.raw


def assert_resolves(answer):
    assert answer.status == "NOERROR" and answer.data("A") == [RESOLVED] and not answer.errors, answer.raw


@pytest.mark.parametrize("name", ALIASES)
@pytest.mark.parametrize("type_", ["A", "AAAA"])
def test_an_alias_to_a_listed_name_is_blocked_the_first_and_every_further_time(resolver, name, type_):
    for _ in range(3):
        assert_blocked(resolver.dig(f"{name}.example", type_), EXACT if name == "only" else SUBTREE)


@pytest.mark.parametrize("type_", ["TXT", "MX", "HTTPS", "CNAME"])
def test_an_alias_is_blocked_for_every_type(resolver, type_):
    assert_blocked(resolver.dig("direct.example", type_))


def test_queries_for_cname_and_any_are_blocked(resolver):
    for name in ("direct.example", "below.example"):
        assert_blocked(resolver.dig(name, "CNAME"))
        assert_blocked(resolver.dig(name, "ANY"))


def test_a_query_for_dname_is_blocked(resolver):
    assert_blocked(resolver.dig("dname.example", "DNAME"))
    assert_blocked(resolver.dig("dname-exact.example", "DNAME"), EXACT)


def test_an_exact_order_covers_no_alias_or_dname_target_below_it(resolver):
    for _ in range(2):
        assert_resolves(resolver.dig("only-below.example"))
        assert_resolves(resolver.dig("www.dname-exact.example"))


def test_the_soa_of_a_blocked_alias_is_at_the_qname(resolver):
    assert resolver.dig("direct.example").soa.name == "direct.example."


def test_passthru_of_the_name_asked_lets_its_alias_through(resolver):
    for _ in range(2):
        answer = resolver.dig("let.example")
        assert answer.data("A") == [RESOLVED] and answer.data("CNAME") == ["listed.test."], answer.raw


def test_passthru_of_an_alias_does_not_let_others_to_the_target(resolver):
    assert_resolves(resolver.dig("let.example"))
    assert_blocked(resolver.dig("direct.example"))
    assert_blocked(resolver.dig("listed.test"))


def test_a_target_asked_for_before_its_alias_is_blocked_and_so_is_the_alias(resolver):
    assert_blocked(resolver.dig("v1.listed.test"))
    assert_blocked(resolver.dig("below.example"))
    assert_blocked(resolver.dig("www.listed.test"))


@pytest.mark.parametrize("name, type_", [
    ("https-alias.example", "HTTPS"), ("https-service.example", "HTTPS"), ("https-second.example", "HTTPS"),
    ("https-cname.example", "HTTPS"), ("_dns.alias.example", "SVCB"), ("_dns.service.example", "SVCB"),
    ("https.listed.test", "HTTPS"), ("_dns.listed.test", "SVCB")])
def test_https_and_svcb_are_blocked_by_their_name_and_by_their_targets(resolver, name, type_):
    """An unlisted name is not denied as a whole because of a target of one type."""
    for _ in range(2):
        assert_blocked(resolver.dig(name, type_), status="NXDOMAIN" if name.endswith("listed.test") else "NOERROR")
    if not name.endswith("listed.test"):
        answer = resolver.dig(name, "TXT")
        assert answer.status == "NOERROR" and not answer.errors, answer.raw


def test_https_that_points_at_itself_is_left_alone(resolver):
    answer = resolver.dig("https-self.example", "HTTPS")
    assert answer.status == "NOERROR" and len(answer.data("HTTPS")) == 1 and not answer.errors, answer.raw


def test_a_listed_name_in_other_records_does_not_block(resolver):
    """A mail exchanger's name is not an alias: the block takes effect when a client queries its address."""
    answer = resolver.dig("mx.example", "MX")
    assert answer.data("MX") == ["10 listed.test."] and not answer.errors, answer.raw


def test_a_blocked_alias_is_counted_as_one(resolver, shared_workspace):
    before = shared_workspace.module()["triggers"]["cname"]
    resolver.dig("direct.example")
    wait_for(lambda: shared_workspace.module()["triggers"]["cname"] > before, "the counter of aliases")


@pytest.mark.parametrize("asked", [["late0.example", "late.test"], ["late.test", "late0.example"],
                                   ["late1.example", "late.test", "late0.example"]])
def test_whatever_of_a_chain_was_cached_first_an_order_on_its_end_blocks_it_all(workspace, resolver_of, asked):
    own = resolver_of(workspace)
    workspace.tool.do("db", "init")
    own.start()
    for name in asked:
        assert_resolves(own.dig(name))
    workspace.block("late.test", id=LATE)
    for name in asked:
        wait_for(lambda: own.dig(name).blocked_by(LATE), f"{name} blocked")
    for name in reversed(asked):
        assert_blocked(own.dig(name), LATE)
    workspace.tool.do("order", "revoke", LATE, "--reason", "uji")
    for name in asked:
        wait_for(lambda: own.dig(name).data("A") == [RESOLVED], f"{name} released")
    own.stop()
