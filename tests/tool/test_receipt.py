"""`receipt make|verify`: what an ISP states about orders, signed; minisign itself agrees."""
import hashlib
import json

import pytest

from support import keys, orders
from support.tool import DATABASE, NO, UNTRUSTED, USAGE
from support.waiting import wait_for


@pytest.fixture
def isp(workspace):
    return workspace.key("isp")


def make(workspace, isp, *options):
    file = workspace.folder / "receipt.json"
    workspace.tool.do("receipt", "make", "--isp", "ISP Uji", "--secret-key", isp.secret, "--output", file, *options)
    return file


def entries(file):
    return {entry["order"]: entry for entry in json.loads(file.read_text())["orders"]}


def test_an_applied_order_with_when_and_at_which_serial(workspace, isp):
    order = workspace.signed(deadline=orders.at(3600))
    workspace.tool.do("order", "apply", order)
    receipt = json.loads(make(workspace, isp).read_text())
    assert (receipt["format"], receipt["isp"], receipt["database"]["serial"]) == ("saring-receipt/1", "ISP Uji", 1)
    journal = workspace.tool.do("db", "history", "--json").json()["records"][0]
    assert receipt["database"]["journal"] == journal["hash"]
    [entry] = receipt["orders"]
    assert (entry["order"], entry["status"], entry["serial"], entry["names"],
            entry["deadline_met"]) == (orders.ID, "applied", 1, 1, True)
    assert entry["applied"] == journal["time"]
    assert entry["digest"] == hashlib.blake2b(order.read_bytes(), digest_size=32).hexdigest()


def test_minisign_verifies_it(workspace, isp):
    workspace.block("hoax.example")
    file = make(workspace, isp)
    assert keys.minisign("-V", "-p", isp.public, "-m", file).returncode == 0


def test_every_status(workspace, isp):
    workspace.block("a.example", id="B-APPLIED")
    workspace.block("www.a.example", id="B-AGAIN")
    workspace.block("b.example", id="B-REVOKED")
    workspace.tool.do("order", "revoke", "B-REVOKED", "--reason", "keberatan")
    workspace.apply("--scheduled", id="B-LATER", effective=orders.at(3600))
    workspace.block("c.example", id="B-SHORT", expires=orders.at(1))
    wait_for(lambda: not workspace.tool("order", "list", "--expired").code, "the order's end")
    told = entries(make(workspace, isp))
    assert {id: entry["status"] for id, entry in told.items()} == {
        "B-APPLIED": "applied", "B-AGAIN": "already blocked", "B-REVOKED": "revoked", "B-LATER": "scheduled",
        "B-SHORT": "expired"
    }
    assert told["B-REVOKED"]["revoked_by"].endswith("keberatan") and told["B-REVOKED"]["revoked"]


def test_a_lift_that_lifts_nothing_is_stated_with_the_near_match(workspace, isp):
    workspace.block("www.surat-suara-palsu.example", id="B-1/2024")
    lift = workspace.signed(id="B-2/2024", targets=orders.ABSENT,
                            revokes=[{"order": "B-1/2024", "domain": "surat-suara-palsu.example"}])
    workspace.tool("order", "apply", lift)
    file = make(workspace, isp)
    told = entries(file)
    assert told["B-1/2024"]["idle_lifts"] == []
    [why] = told["B-2/2024"]["idle_lifts"]
    assert "www.surat-suara-palsu.example" in why, why
    shown = workspace.tool("receipt", "verify", file, "--public-key", isp.public)
    assert "order B-2/2024: lifts nothing: " in shown.out and "www.surat-suara-palsu.example" in shown.out, shown


def test_a_name_lifted_meanwhile_is_stated_and_a_lift_is_called_one(workspace, isp):
    workspace.block("a.example", "b.example", id="B-1")
    workspace.block("c.example", id="B-2")
    workspace.apply(id="L-1", targets=orders.ABSENT, revokes=[{"order": "B-1", "domain": "a.example"}])
    workspace.apply(id="L-2", targets=orders.domains("d.example"), revokes=[{"order": "B-2"}])
    file = make(workspace, isp)
    stated = entries(file)
    at = stated["L-1"]["applied"]
    assert {id: entry["kind"] for id, entry in stated.items()} == {
        "B-1": "block", "B-2": "block", "L-1": "lift", "L-2": "block and lift"
    }
    assert stated["B-1"]["lifted"] == [{"name": "a.example", "by": "L-1", "at": at}]
    assert all(stated[id]["lifted"] == [] for id in ("B-2", "L-1", "L-2")), "B-2 was lifted as a whole"
    shown = workspace.tool.do("receipt", "verify", file, "--public-key", isp.public).out
    assert f"lifted from B-1: a.example, {at} by order L-1" in shown, shown
    rows = {line.split()[1]: line for line in shown.splitlines() if line.startswith(("applied", "revoked"))}
    assert rows["L-1"].split()[2] == "lift" and rows["B-1"].split()[2] == "block"
    assert rows["B-2"].endswith(f"{stated['B-2']['revoked']} by order L-2"), shown


def test_a_lift_is_no_rehearsal_where_orders_are_rehearsed(workspace, isp):
    workspace.configure(action="log")
    workspace.block("a.example", id="B-1", deadline=orders.at(3600))
    workspace.apply(id="L-1", targets=orders.ABSENT, revokes=[{"order": "B-1"}], deadline=orders.at(3600))
    workspace.block("b.example", id="B-2")
    file = make(workspace, isp)
    stated = entries(file)
    assert (stated["B-2"]["status"], stated["L-1"]["status"]) == ("rehearsed", "applied")
    assert (stated["B-1"]["deadline_met"], stated["L-1"]["deadline_met"]) == (False, True)
    out = workspace.tool("receipt", "verify", file, "--public-key", isp.public).out
    [row] = [line.split() for line in out.splitlines() if "L-1  " in line and " by " not in line]
    assert row[:4] == ["applied", "L-1", "lift", "-"], out


@pytest.mark.parametrize("before, after, expected", [
    ([{"domain": "a.example"}], [{"domain": "x.a.example", "match": "exact"}], "already blocked"),
    ([{"domain": "a.example", "match": "exact"}], [{"domain": "a.example"}], "applied"),
    ([{"domain": "a.example", "match": "exact"}], [{"domain": "a.example", "match": "exact"}], "already blocked"),
    ([{"domain": "a.example"}], [{"domain": "a.example"}, {"domain": "b.example"}], "applied"),
    ([{"address": "203.0.113.0/24"}], [{"address": "203.0.113.16/28"}], "already blocked"),
    ([{"address": "203.0.113.0/28"}], [{"address": "203.0.113.0/24"}], "applied"),
])
def test_already_blocked_means_fully_covered_by_earlier_orders(workspace, isp, before, after, expected):
    workspace.apply(id="B-1", targets=before)
    workspace.apply(id="B-2", targets=after)
    told = entries(make(workspace, isp))
    assert (told["B-1"]["status"], told["B-2"]["status"]) == ("applied", expected)


@pytest.mark.parametrize("fields", [{"regions": ["ID-JK"]}, {"action": "log"}, {"action": "passthru"}])
def test_an_order_that_does_not_block_everyone_covers_nothing(workspace, isp, fields):
    workspace.block("a.example", id="B-1", **fields)
    workspace.block("a.example", id="B-2")
    assert entries(make(workspace, isp))["B-2"]["status"] == "applied"


def test_lists_never_stand_in_it(workspace, isp):
    file = workspace.folder / "list"
    file.write_text("a.example\n")
    workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", file)
    workspace.block("b.example")
    assert list(entries(make(workspace, isp))) == [orders.ID]
    assert "a list" in workspace.tool.refused(USAGE, "receipt", "make", "--isp", "x", "--secret-key", isp.secret,
                                              "--output", workspace.folder / "r", "--order", "list:uji").err


def test_only_the_orders_asked_for(workspace, isp):
    for id in ("B-1", "B-2", "B-3"):
        workspace.block(f"{id.lower()}.example", id=id)
    assert list(entries(make(workspace, isp, "--order", "B-3", "--order", "B-1"))) == ["B-3", "B-1"]


def test_an_order_that_is_not_there_is_reported_and_nothing_written(workspace, isp):
    workspace.block("a.example")
    out = workspace.folder / "r.json"
    workspace.tool.refused(
        NO, "receipt", "make", "--isp", "x", "--secret-key", isp.secret, "--output", out, "--order", "B-404"
    )
    assert not out.exists()


def test_without_a_database_there_is_no_receipt(workspace, isp):
    workspace.tool.refused(
        DATABASE, "receipt", "make", "--isp", "x", "--secret-key", isp.secret, "--output", workspace.folder / "r"
    )


def test_verify_shows_the_statements(workspace, isp):
    workspace.block("a.example", deadline=orders.at(3600))
    file = make(workspace, isp)
    told = workspace.tool.do("receipt", "verify", file, "--public-key", isp.public, "--json").json()
    assert (told["valid"], told["isp"], told["deadlines_met"]) == (True, "ISP Uji", True)
    assert told["orders"] == json.loads(file.read_text())["orders"]
    assert workspace.tool.do("db", "check", "--anchor", told["anchor"], "--json").json()["sound"]
    assert orders.ID in workspace.tool.do("receipt", "verify", file, "--public-key", isp.public).out


def test_a_missed_deadline_shows_in_the_exit_code(workspace, isp):
    workspace.block("a.example", deadline="2024-01-02T00:00:00Z")
    file = make(workspace, isp)
    result = workspace.tool("receipt", "verify", file, "--public-key", isp.public)
    assert result.code == NO and "MISSED" in result.out


def test_the_orders_own_document_is_recognised(workspace, isp):
    order = workspace.signed()
    workspace.tool.do("order", "apply", order)
    file = make(workspace, isp)
    verify = ("receipt", "verify", file, "--public-key", isp.public, "--order")
    workspace.tool.do(*verify, order)
    other = workspace.write(orders.document(targets=orders.domains("other.example")))
    assert "digest differs" in workspace.tool.refused(UNTRUSTED, *verify, other).err
    unknown = workspace.write(orders.document(id="B-404"))
    assert "B-404" in workspace.tool.refused(NO, *verify, unknown).err


@pytest.mark.parametrize("old, new", [(b"applied", b"revoked"), (b'"serial": 1', b'"serial": 2'),
                                      (b"ISP Uji", b"ISP Uj1"), (b"\n}\n", b"\n}\n ")])
def test_an_altered_receipt_is_refused(workspace, isp, old, new):
    workspace.block("a.example")
    file = make(workspace, isp)
    assert old in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(old, new, 1))
    workspace.tool.refused(UNTRUSTED, "receipt", "verify", file, "--public-key", isp.public)


def test_another_s_signature_is_refused(workspace, isp):
    workspace.block("a.example")
    file = make(workspace, isp)
    assert "another key" in workspace.tool.refused(UNTRUSTED, "receipt", "verify", file, "--public-key",
                                                   workspace.key("stranger").public).err


@pytest.mark.parametrize("change, field", [(lambda r: r.pop("made"), "made"), (lambda r: r.update(extra=1), "extra"),
                                           (lambda r: r.update(format="saring-receipt/2"), "format"),
                                           (lambda r: r["orders"][0].update(status="fine"), "status"),
                                           (lambda r: r["orders"][0].update(digest="ab"), "digest"),
                                           (lambda r: r["orders"][0].update(deadline_met=True), "deadline_met"),
                                           (lambda r: r["orders"][0].update(names=-1), "names"),])
def test_a_signed_receipt_of_the_wrong_form_is_refused_by_field(workspace, isp, change, field):
    workspace.block("a.example", deadline="2024-01-02T00:00:00Z")
    file = make(workspace, isp)
    receipt = json.loads(file.read_text())
    change(receipt)
    file.write_text(json.dumps(receipt))
    assert keys.minisign("-S", "-s", isp.secret, "-m", file).returncode == 0
    err = workspace.tool.refused(USAGE, "receipt", "verify", file, "--public-key", isp.public).err
    assert field in err and str(file) in err


@pytest.mark.parametrize("record, target, expected", [
    ("*.a.example", {"domain": "a.example", "match": "exact"}, "applied"),
    ("*.a.example", {"domain": "a.example"}, "applied"),
    ("*.a.example", {"domain": "x.a.example"}, "already blocked"),
    ("a.example", {"domain": "a.example", "match": "exact"}, "already blocked"),
    ("a.example", {"domain": "a.example"}, "applied"),
    ("24.0.113.0.203.rpz-ip", {"address": "203.0.113.16/28"}, "already blocked"),
])
def test_a_list_blocks_before_an_order_as_far_as_its_records_reach(workspace, isp, record, target, expected):
    zone = workspace.folder / "list.rpz"
    zone.write_text(f"@ SOA l. r. 1 1 1 1 1\n{record} CNAME .\n")
    workspace.tool.do("list", "import", "--source", "uji", "--format", "rpz", zone)
    workspace.apply(id="B-1", targets=[target])
    assert entries(make(workspace, isp))["B-1"]["status"] == expected


def test_a_name_that_controls_a_terminal_is_refused(workspace, isp):
    out = workspace.folder / "r.json"
    make = ["receipt", "make", "--secret-key", isp.secret, "--output", out, "--isp"]
    told = workspace.tool.refused(USAGE, *make, "a\x1b[1m")
    assert "--isp" in told.err and "\x1b" not in told.err and not out.exists()
