"""`explain` says how the resolver would answer a query, and which order decides."""
import socket

import pytest

from support import orders
from support.tool import DONE, NETWORK, NO, USAGE

OLD, NEW = "B-OLD/UJI", "B-NEW/UJI"


def explain(workspace, name, *options, code=DONE):
    result = workspace.tool("explain", name, "--json", *options)
    assert result.code == code, result
    return result.json()


def test_a_listed_name(workspace):
    workspace.block("hoax.example")
    verdict = explain(workspace, "hoax.example")
    assert (verdict["verdict"], verdict["action"], verdict["trigger"]) == ("blocked", "nxdomain", "qname")
    assert (verdict["matched"], verdict["match"]) == ("hoax.example", "subtree")
    assert (verdict["order"]["id"], verdict["order"]["authority"]) == (orders.ID, "Kementerian Uji")
    assert verdict["name"] == "hoax.example" and verdict["type"] == "A" and verdict["serial"] == 1


def test_a_name_below_in_another_spelling(workspace):
    workspace.block("hoax.example")
    verdict = explain(workspace, "WWW.Hoax.Example.")
    assert (verdict["name"], verdict["matched"], verdict["verdict"]) == ("www.hoax.example", "hoax.example", "blocked")


@pytest.mark.parametrize("name", ["nothoax.example", "example", "news.example"])
def test_a_name_nothing_applies_to(workspace, name):
    workspace.block("hoax.example")
    verdict = explain(workspace, name, code=NO)
    assert verdict["verdict"] == "not listed" and verdict["considered"] == []


def test_exact_does_not_reach_below_and_says_so(workspace):
    workspace.block("hoax.example", match="exact")
    assert explain(workspace, "hoax.example")["match"] == "exact"
    assert explain(workspace, "www.hoax.example", code=NO)["verdict"] != "blocked"


def test_a_passing_entry_is_shown_as_passed(workspace):
    workspace.block("hoax.example", action="passthru")
    verdict = explain(workspace, "hoax.example")
    assert (verdict["verdict"], verdict["action"]) == ("passed", "passthru")


def test_a_rehearsed_block_is_reported_beside_the_verdict(workspace):
    workspace.block("hoax.example", action="log")
    verdict = explain(workspace, "hoax.example")
    assert verdict["verdict"] != "blocked" and verdict["rehearsal"]["order"]["id"] == orders.ID
    workspace.block("hoax.example", id=NEW)
    verdict = explain(workspace, "hoax.example")
    assert verdict["verdict"] == "blocked" and verdict["order"]["id"] == NEW
    assert verdict["rehearsal"]["order"]["id"] == orders.ID


def test_every_order_considered_is_shown_with_the_reason(workspace):
    workspace.block("hoax.example", id=OLD, issued="2024-01-01T00:00:00Z")
    workspace.block("hoax.example", id=NEW, issued="2024-02-01T00:00:00Z")
    workspace.apply("--scheduled", id="B-LATER", effective=orders.at(3600))
    verdict = explain(workspace, "hoax.example")
    assert verdict["order"]["id"] == NEW
    considered = {entry["order"]: entry for entry in verdict["considered"]}
    assert set(considered) == {OLD, NEW, "B-LATER"}, verdict
    assert considered[NEW]["counts"] and not considered["B-LATER"]["counts"]
    assert all(entry["why"] for entry in considered.values())


def test_the_most_specific_name_decides(workspace):
    workspace.block("hoax.example", id=OLD)
    workspace.block("ok.hoax.example", id=NEW, action="passthru")
    assert explain(workspace, "www.ok.hoax.example")["order"]["id"] == NEW
    assert explain(workspace, "www.hoax.example")["order"]["id"] == OLD


@pytest.mark.parametrize("moment, verdict", [
    ("2098-12-31T23:59:59Z", "not listed"), ("2099-01-01T00:00:00Z", "blocked"),
    ("2099-06-01T06:59:59+07:00", "blocked"), ("2099-06-01T00:00:00Z", "not listed")])
def test_another_point_in_time(workspace, moment, verdict):
    workspace.apply("--scheduled", effective="2099-01-01T00:00:00Z", expires="2099-06-01T00:00:00Z")
    told = explain(workspace, "hoax.example", "--at", moment, code=DONE if verdict == "blocked" else NO)
    assert told["verdict"] == verdict or (told["verdict"] != "blocked" and verdict != "blocked")


def test_type_and_client_are_in_the_output(workspace):
    workspace.block("hoax.example")
    verdict = explain(workspace, "hoax.example", "--type", "AAAA", "--client", "198.51.100.9")
    assert (verdict["type"], verdict["client"]) == ("AAAA", "198.51.100.9")


def test_the_text_names_the_authority_and_the_match(workspace):
    workspace.block("hoax.example")
    out = workspace.tool.do("explain", "www.hoax.example").out
    for word in ("blocked", "hoax.example", orders.ID, "Kementerian Uji"):
        assert word in out.replace("BLOCKED", "blocked"), out
    clear = workspace.tool("explain", "news.example")
    assert clear.code == NO and "news.example" in clear.out, clear


@pytest.mark.parametrize("arguments",
                         [["bad..example"], ["x" * 64 + ".example"], ["hoax.example", "--type", "NONSENSE"],
                          ["hoax.example", "--client", "here"], ["hoax.example", "--at", "tomorrow"]])
def test_a_question_that_cannot_be_asked_is_refused(workspace, arguments):
    workspace.block("hoax.example")
    result = workspace.tool("explain", *arguments)
    assert result.code == USAGE and arguments[-1] in result.err, result


def test_the_important_fields_of_an_order_are_shown(workspace):
    workspace.block("hoax.example", regions=["ID-JK"], clarification="https://cek.example/1")
    out = workspace.tool.do("explain", "hoax.example", "--region", "ID-JK").out
    for word in ("Hoaks pemilu", "Election hoax", "Pasal 40 UU Uji", "mailto:aduan@kementerian.example",
                 "https://kementerian.example/perintah/1", "regions   ID-JK", "applied   20", "at serial 1",
                 "signed by ministry", "by name only"):
        assert word in out, (word, out)
    order = explain(workspace, "hoax.example", "--region", "ID-JK")["order"]
    assert order["reason"] == {"id": "Hoaks pemilu", "en": "Election hoax"}
    assert (order["legal_basis"], order["contact"]) == ("Pasal 40 UU Uji", ["mailto:aduan@kementerian.example"])
    assert order["clarification"] == "https://cek.example/1" and order["regions"] == ["ID-JK"]


def test_an_order_of_other_regions_is_reported_with_its_regions(workspace):
    workspace.block("hoax.example", regions=["ID-JK", "ID-JB"])
    result = workspace.tool("explain", "hoax.example")
    assert result.code == NO and "ID-JK, ID-JB only" in result.out and "--region" in result.out
    assert explain(workspace, "hoax.example", code=NO)["considered"][0]["regions"] == ["ID-JK", "ID-JB"]


def test_a_lifted_target_is_shown_with_the_order_that_lifts_it(workspace):
    workspace.block("hoax.example", "other.example", id=OLD)
    workspace.block("third.example", id=NEW)
    workspace.apply(id="L-1", targets=orders.ABSENT, revokes=[{"order": OLD, "domain": "hoax.example"}, {"order": NEW}])
    for name, order in (("www.hoax.example", OLD), ("third.example", NEW)):
        told = explain(workspace, name, code=NO)
        [entry] = told["considered"]
        assert (told["verdict"], entry["order"], entry["counts"]) == ("not listed", order, False), told
        assert "by order L-1" in entry["why"]
    assert "lifted from it" in workspace.tool("explain", "hoax.example").out
    assert explain(workspace, "other.example")["order"]["id"] == OLD


def test_a_local_entry_tells_its_reason(workspace):
    workspace.block("hoax.example")
    workspace.tool.do("local", "allow", "hoax.example", "--reason", "tiket 77: salah daftar")
    assert "tiket 77: salah daftar" in workspace.tool.do("explain", "hoax.example").out
    workspace.tool.do("local", "remove", "hoax.example", "--reason", "selesai")
    assert "tiket 77" in workspace.tool.do("explain", "hoax.example").out, "also of an entry that no longer counts"


def test_a_local_entry_without_an_end_is_told_as_such(workspace):
    workspace.tool.do("local", "allow", "hoax.example", "--reason", "tiket 77", "--expires", "never")
    at = workspace.tool.do("db", "history", "--json").json()["records"][0]["time"]
    for options in ((), ("--at", at)):
        told = workspace.tool.do("explain", "hoax.example", *options).out
        assert "on, without an end" in told and "9999" not in told, told
    told = explain(workspace, "hoax.example")
    assert told["until"] is told["order"]["expires"] is None
    listed = workspace.tool.do("order", "list").out
    assert "never" in listed and "9999" not in listed, listed


def test_only_the_name_is_given(workspace):
    workspace.block("hoax.example")
    assert explain(workspace, "hoax.example")["asked"] == "name"
    assert explain(workspace, "news.example", code=NO)["asked"] == "name"
    assert "by name only" in workspace.tool("explain", "news.example").out


def test_a_resolver_that_does_not_answer_is_a_failure_of_the_network(workspace):
    workspace.block("hoax.example")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{mute.getsockname()[1]}"
        told = workspace.tool("explain", "hoax.example", "--timeout", "1", "--resolver", address)
    assert told.code == NETWORK and "NO ANSWER" in told.out


def test_a_time_ahead_is_named(workspace):
    workspace.block("hoax.example")
    assert "2099-01-01" in workspace.tool("explain", "hoax.example", "--at", "2099-01-01").out
