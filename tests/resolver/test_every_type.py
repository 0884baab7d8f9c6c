"""Every record type and every kind of question meets the same block; the case of the name asked is kept."""
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import pytest

from support import orders
from support.authority import ANYTHING, RESOLVED, Authority
from support.waiting import wait_for
from support.workspace import REDIRECT_A

TYPES = ["A", "AAAA", "HTTPS", "SVCB", "MX", "TXT", "ANY", "CAA", "NS", "SOA", "DNSKEY", "PTR", "SRV", "CNAME",
         "DNAME", "NAPTR", "TLSA", "NSEC", "RRSIG", "TYPE65534"]
REDIRECTED, EMPTY, REFUSED = "B-2/TYPES", "B-3/TYPES", "B-4/TYPES"

# The listed names own real records of many types, so that a leak would show as data.
RECORDS = """\
{name} A 198.51.100.7
{name} AAAA 2001:db8:7::7
{name} HTTPS 1 . alpn=h2
{name} SVCB 1 . alpn=dot
{name} MX 10 mail
{name} TXT "leak"
{name} CAA 0 issue "leak.test"
{name} PTR leak.test.
{name} SRV 1 1 1 leak.test.
{name} NAPTR 1 1 "" "" "" leak.test.
{name} TLSA 3 1 1 00
{name} TYPE65534 \\# 1 00
"""
# Zone cuts, so that NS and SOA are asked at an apex too.
CUT = ANYTHING + 'www TXT "leak"\n'


@pytest.fixture(scope="module")
def authority(new_folder):
    example = ANYTHING + "".join(RECORDS.format(name=name) for name in ("hoax", "landing", "empty", "refused", "news"))
    server = Authority(new_folder("authority"), {"example.": example, "apex.test.": CUT})
    yield server.start()
    server.stop()


@pytest.fixture(scope="module")
def resolver(shared_workspace, resolver_of):
    shared_workspace.block("hoax.example", "apex.test")
    shared_workspace.block("landing.example", id=REDIRECTED, action="redirect")
    shared_workspace.block("empty.example", id=EMPTY, action="nodata")
    shared_workspace.block("refused.example", id=REFUSED, action="refused")
    return resolver_of(shared_workspace, extra="server:\n    access-control: 127.0.0.3/32 allow_snoop\n"
                       "    access-control: 127.0.0.4/32 allow_setrd\n").start()


def assert_blocked(answer, order=orders.ID, status="NXDOMAIN"):
    assert answer.status == status and not answer.answer and answer.blocked_by(order), answer.raw
    assert "ad" not in answer.flags and "leak" not in answer.raw, answer.raw


@pytest.mark.parametrize("type_", TYPES)
def test_every_type_of_a_listed_name_is_blocked(resolver, type_):
    for name in ("hoax.example", "www.hoax.example", "apex.test", "www.apex.test"):
        answer = resolver.dig(name, type_)
        assert_blocked(answer)
        assert answer.soa, answer.raw
    assert_blocked(resolver.dig("empty.example", type_), EMPTY, "NOERROR")
    assert_blocked(resolver.dig("refused.example", type_), REFUSED, "REFUSED")


def test_the_ds_is_the_parent_s_data_and_passes(resolver):
    for name in ("hoax.example", "apex.test", "landing.example", "empty.example", "refused.example"):
        answer = resolver.dig(name, "DS")
        assert answer.status == "NOERROR" and not answer.errors, answer.raw
    assert_blocked(resolver.dig("www.hoax.example", "DS"))


@pytest.mark.parametrize("type_", [t for t in TYPES if t not in ("A", "AAAA", "ANY")])
def test_redirect_has_no_data_but_addresses(resolver, type_):
    answer = resolver.dig("landing.example", type_)
    assert_blocked(answer, REDIRECTED, "NOERROR")
    assert answer.soa and answer.soa.name == "landing.example.", answer.raw


def test_redirect_answers_any_with_the_landing_page_only(resolver):
    answer = resolver.dig("landing.example", "ANY")
    assert answer.data("A") == [REDIRECT_A] and {r.type for r in answer.answer} == {"A", "AAAA"}, answer.raw
    assert answer.blocked_by(REDIRECTED)


def test_an_unlisted_name_keeps_its_records(resolver):
    for type_ in ("A", "HTTPS", "MX", "TXT", "CAA", "TYPE65534"):
        answer = resolver.dig("news.example", type_)
        assert len(answer.data(type_)) == 1 and not answer.errors, answer.raw


@pytest.mark.parametrize("options", [("+cdflag",), ("+dnssec",), ("+dnssec", "+cdflag"), ("+adflag",),
                                     ("+dnssec", "+adflag"), ("+tcp", "+dnssec"), ("+tcp", "+cdflag"),
                                     ("+bufsize=512",), ("+padding=128",)])
@pytest.mark.parametrize("type_", ["A", "TXT", "DNSKEY"])
def test_no_flag_gets_around_the_block(resolver, options, type_):
    for _ in range(2):
        assert_blocked(resolver.dig("hoax.example", type_, *options))


def test_checking_disabled_first_does_not_leave_an_answer_for_others(workspace, resolver_of):
    workspace.tool.do("db", "init")
    own = resolver_of(workspace).start()
    for options in ((), ("+cdflag",), ("+dnssec",)):
        assert own.dig("hoax.example", "AAAA", *options).status == "NOERROR"
    workspace.block("hoax.example")
    for options in ((), ("+cdflag",), ("+dnssec",)):
        wait_for(lambda: own.dig("hoax.example", "AAAA", *options).blocked_by(orders.ID), f"blocked with {options}")
    own.stop()


def test_without_recursion_desired_no_data_of_a_listed_name_is_sent(resolver):
    """Unbound refuses clients that may not query the cache. Others, and those that get recursion anyway, get the block
    or a referral to an unlisted zone."""
    for name in ("hoax.example", "www.hoax.example", "www.apex.test"):
        for source in ("127.0.0.1", "127.0.0.3", "127.0.0.4"):
            for type_ in ("A", "TXT", "NS"):
                answer = resolver.dig(name, type_, "+norecurse", "-b", source)
                assert not answer.answer and "leak" not in answer.raw and RESOLVED not in answer.raw, answer.raw
        assert_blocked(resolver.dig(name, "A", "+norecurse", "-b", "127.0.0.4"))


@pytest.mark.parametrize("name", ["hOaX.ExAmPlE.", "wWw.HOAX.example.", "landINg.exaMPLE.", "Www.LANDing.Example."])
def test_the_case_of_the_name_asked_is_kept(resolver, name):
    """Clients that mix the letter case to detect forged answers compare it exactly."""
    question = dns.message.make_query(name, "A")
    for transport in (dns.query.udp, dns.query.tcp):
        answer = transport(question, "127.0.0.1", port=resolver.port, timeout=5)
        assert answer.question[0].name.labels == dns.name.from_text(name).labels, answer
        for rrset in answer.answer + answer.authority:
            labels = rrset.name.labels
            assert dns.name.from_text(name).labels[-len(labels):] == labels, answer
        assert answer.rcode() == (dns.rcode.NXDOMAIN if "hoax" in name.lower() else dns.rcode.NOERROR)


def test_one_case_after_another_each_gets_its_own(resolver):
    for name in ("HOAX.example.", "hoax.EXAMPLE.", "Hoax.Example."):
        answer = resolver.dig(name)
        assert answer.question == name and answer.soa.name == name, answer.raw


def test_a_question_of_another_class_is_left_alone(resolver):
    chaos = resolver.dig("version.bind", "TXT", "-c", "CH")
    assert "version.bind." in chaos.raw and not chaos.errors and chaos.status == "NOERROR", chaos.raw
    assert not resolver.dig("hoax.example", "A", "-c", "CH").errors
