"""The reason of a block: Extended DNS Errors (RFC 8914), and their structured form for clients that ask for
it."""
import json
import re
import threading

import dns.edns
import dns.message
import dns.query
import dns.rcode
import pytest

from support import database, orders
from support.scripted import Scripted
from support.waiting import wait_for
from support.workspace import Workspace

SDE = 65111  # of the range for local use; the draft has no code yet
SIZE = 300   # bytes, max_extra_text in module/answer.h
ADDRESS, LOCAL, LANDING, BARE, ONE_LANGUAGE = (f"B-{n}/SDE" for n in range(2, 7))
LONG_J, LONG_CONTACT, WIDE = (f"B-{n}/SDE" for n in range(7, 10))
LONG_ID = "B-10/SDE/" + "x" * 150

AUTHORITY = "Kementerian Uji"
CONTACT = ["mailto:aduan@kementerian.example", "tel:+62-21-5550000"]
QUOTED = 'Alasan "berkutip" \\ dan\ttab, é 網 \U0001F600'


@pytest.fixture(scope="module", params=["en", "id"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def slow():
    """Answers for slow.test when released."""
    gate = threading.Event()
    server = Scripted(lambda name, type_: gate.wait(30) and [f"{name} 300 IN A 203.0.113.5"])
    server.gate = gate
    yield server
    gate.set()
    server.stop()


@pytest.fixture(scope="module")
def resolver(new_folder, language, resolver_of, slow):
    workspace = Workspace(new_folder("work"))
    workspace.configure(answer=f'language = "{language}"\nstructured_error_option = {SDE}')
    workspace.block("hoax.example", contact=CONTACT)
    workspace.apply(id=ADDRESS, targets=[{"address": "203.0.113.5"}], contact=CONTACT)
    workspace.block("local.example", id=LOCAL)
    database.make_local(workspace.database, LOCAL)
    database.publish_anew(workspace.tool, workspace.database)
    workspace.block("landing.example", id=LANDING, action="redirect")
    workspace.block("bare.example", id=BARE, contact=orders.ABSENT, reason=orders.ABSENT)
    workspace.block("one.example", id=ONE_LANGUAGE, reason={"fr": "Canular"})
    workspace.block("long.example", id=LONG_J, reason={"id": "p" * 250, "en": "p" * 250})
    workspace.block("longid.example", id=LONG_ID, authority="w" * 150, contact=CONTACT)
    workspace.block(
        "contacts.example", id=LONG_CONTACT, contact=[f"mailto:{n}{'a' * 60}@kementerian.example" for n in range(6)]
    )
    workspace.block("wide.example", id=WIDE, authority="網" * 60, reason={"id": QUOTED, "en": QUOTED})
    for action in ("nodata", "refused"):
        workspace.block(f"{action}.example", id=f"B-{action}/SDE", action=action)
    return resolver_of(workspace, extra="server:\n    infra-cache-min-rtt: 10000\n" + slow.forward("slow.test")).start()


def ask(resolver, name, structured=True, type_="A", **options):
    extra = [dns.edns.GenericOption(SDE, b"")] if structured else []
    question = dns.message.make_query(name, type_, use_edns=0, options=extra, payload=1232, **options)
    return dns.query.udp(question, "127.0.0.1", port=resolver.port, timeout=20)


def error(answer):
    found = [option for option in answer.options if isinstance(option, dns.edns.EDEOption)]
    assert len(found) == 1, answer
    return found[0]


def structured(answer):
    """The I-JSON object (RFC 7493) in an answer with exactly one EDE, which is not 4 (Forged Answer)."""
    found = error(answer)
    assert int(found.code) in (15, 16), answer
    encoded = found.text.encode()
    assert len(encoded) <= SIZE, found.text

    def once(pairs):
        assert len({key for key, _ in pairs}) == len(pairs), f"a member twice in {found.text}"
        return dict(pairs)
    value = json.loads(encoded.decode("utf-8", "strict"), object_pairs_hook=once)
    assert found.text == json.dumps(value, separators=(",", ":"), ensure_ascii=False), "not minified"
    assert isinstance(value, dict) and set(value) <= {"c", "j", "o", "l"}, value
    assert "l" in value or not {"j", "o"} & set(value), value
    if "c" in value:
        assert value["c"] and all(uri.startswith(("mailto:", "tel:")) for uri in value["c"]), value
    return value


def received(resolver):
    return int(re.search(r"total.num.queries=(\d+)", resolver.control("stats_noreset"))[1])


def plain(language, order, authority=AUTHORITY):
    return f"{authority} {'perintah' if language == 'id' else 'order'} {order}"


def test_a_client_without_the_option_gets_plain_text_in_the_configured_language(resolver, language):
    found = error(ask(resolver, "hoax.example", structured=False))
    assert (int(found.code), found.text) == (16, plain(language, orders.ID))


def test_a_client_with_the_option_gets_contact_justification_organisation_and_language(resolver, language):
    answer = ask(resolver, "hoax.example")
    reason = {"id": "Hoaks pemilu", "en": "Election hoax"}[language]
    assert answer.rcode() == dns.rcode.NXDOMAIN and int(error(answer).code) == 16
    assert structured(answer) == {
        "c": CONTACT, "j": f"{plain(language, orders.ID)}: {reason}", "o": AUTHORITY, "l": language
    }


@pytest.mark.parametrize("name, rcode", [("nodata.example", dns.rcode.NOERROR), ("refused.example", dns.rcode.REFUSED),
                                         ("landing.example", dns.rcode.NOERROR)])
def test_every_action_that_answers_says_why_and_none_calls_itself_forged(resolver, name, rcode):
    for type_ in ("A", "TXT"):
        answer = ask(resolver, name, type_=type_)
        assert answer.rcode() == rcode and structured(answer)["o"] == AUTHORITY
        assert int(error(answer).code) == int(error(ask(resolver, name, structured=False, type_=type_)).code) == 16


def test_the_isps_own_block_is_called_blocked_not_censored(resolver):
    for ask_structured in (True, False):
        assert int(error(ask(resolver, "local.example", ask_structured)).code) == 15


def test_what_an_order_does_not_give_is_left_out(resolver, language):
    value = structured(ask(resolver, "bare.example"))
    assert value == {"j": plain(language, BARE), "o": AUTHORITY, "l": language}


def test_a_reason_in_another_language_is_not_passed_off_as_this_one(resolver, language):
    value = structured(ask(resolver, "one.example"))
    assert value["j"] == plain(language, ONE_LANGUAGE) and value["l"] == language


def test_a_long_reason_gives_way_first(resolver, language):
    value = structured(ask(resolver, "long.example"))
    assert value["j"] == plain(language, LONG_J) and value["o"] == AUTHORITY and value["c"], value


def test_justification_and_organisation_give_way_before_the_contacts(resolver):
    value = structured(ask(resolver, "longid.example"))
    assert value["c"] == CONTACT and "j" not in value, value


def test_contacts_are_cut_from_the_end_when_they_alone_are_too_long(resolver):
    value = structured(ask(resolver, "contacts.example"))
    assert set(value) == {"c"} and 1 <= len(value["c"]) < 6 and value["c"][0].startswith("mailto:0"), value


def test_letters_of_any_script_and_quotes_survive(resolver, language):
    value = structured(ask(resolver, "wide.example"))
    assert value["o"] == "網" * 60, value
    text = error(ask(resolver, "wide.example", structured=False)).text
    assert text == plain(language, WIDE, "網" * 60)


def test_plain_text_is_cut_between_letters_and_keeps_the_orders_id(resolver):
    text = error(ask(resolver, "longid.example", structured=False)).text
    assert len(text.encode()) <= SIZE and text.endswith(LONG_ID) and text.startswith("w")


def test_the_option_with_content_counts_as_asking_too(resolver):
    question = dns.message.make_query("hoax.example", "A", use_edns=0, options=[dns.edns.GenericOption(SDE, b"x")])
    structured(dns.query.udp(question, "127.0.0.1", port=resolver.port, timeout=5))


def test_the_option_changes_nothing_for_an_unlisted_name(resolver):
    answer = ask(resolver, "news.example")
    assert answer.answer and not answer.options, answer


def test_without_edns_there_is_neither(resolver):
    question = dns.message.make_query("hoax.example", "A", use_edns=False)
    answer = dns.query.udp(question, "127.0.0.1", port=resolver.port, timeout=5)
    assert answer.edns == -1 and answer.rcode() == dns.rcode.NXDOMAIN


def test_clients_that_wait_for_one_answer_each_get_their_own_form(resolver, slow, language):
    """Unbound answers identical queries in flight together; it must not do so if they differ in the option."""
    slow.gate.clear()
    answers = {}
    wants = {0: False, 1: True, 2: False, 3: True}
    name = f"{language}.slow.test"
    threads = [threading.Thread(target=lambda n=n: answers.update({n: ask(resolver, name, wants[n])})) for n in wants]
    before = received(resolver)
    for thread in threads:
        thread.start()
    wait_for(lambda: received(resolver) == before + len(threads), "all of them waiting")
    slow.gate.set()
    for thread in threads:
        thread.join(30)
    assert set(answers) == set(wants)
    for number, asked_structured in wants.items():
        if asked_structured:
            assert structured(answers[number])["c"] == CONTACT
        else:
            assert error(answers[number]).text == plain(language, ADDRESS)


def test_the_option_means_nothing_while_it_is_not_configured(workspace, resolver_of):
    workspace.block("hoax.example", contact=CONTACT)
    answer = ask(resolver_of(workspace).start(), "hoax.example")
    assert error(answer).text == plain("en", orders.ID)
