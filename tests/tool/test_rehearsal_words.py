"""An order with action log blocks nothing, and no output claims that it was complied with."""
import json

import pytest
from support import orders
from support.tool import NO

RIGHT = orders.at(3600)


@pytest.fixture(params=["the default", "the order's own"])
def rehearsed(workspace, request):
    """One order that blocks nothing, configured in either way; its deadline was met."""
    if request.param == "the default":
        workspace.configure(action="log")
        workspace.block("a.example", id="B-LOG", deadline=RIGHT)
    else:
        workspace.block("a.example", id="B-LOG", action="log", deadline=RIGHT)
    workspace.isp = workspace.key("isp")
    return workspace


def receipt(work, *options):
    file = work.folder / "receipt.json"
    made = work.tool.do(
        "receipt", "make", "--isp", "ISP Uji", "--secret-key", work.isp.secret, "--output", file, *options
    )
    return file, made


def test_order_list(rehearsed):
    out = rehearsed.tool.do("order", "list").out
    assert "REHEARSAL" in out and " met" not in out, out
    [order] = rehearsed.tool.do("order", "list", "--json").json()["orders"]
    assert (order["effective_action"], order["rehearsal"], order["deadline_met"]) == ("log", True, False)


def test_order_list_says_nothing_of_it_where_everything_blocks(workspace):
    workspace.block("a.example", deadline=RIGHT)
    out = workspace.tool.do("order", "list").out
    assert " met" in out and "REHEARSAL" not in out


def test_receipt(rehearsed):
    file, made = receipt(rehearsed)
    assert "REHEARSAL" in made.out, made
    [entry] = json.loads(file.read_text())["orders"]
    assert (entry["status"], entry["action"], entry["deadline_met"]) == ("rehearsed", "log", False)
    verified = rehearsed.tool("receipt", "verify", file, "--public-key", rehearsed.isp.public)
    assert (
        verified.code == NO
        and "REHEARSAL" in verified.out
        and " met" not in verified.out
        and "applied" not in verified.out
    ), verified
    told = rehearsed.tool("receipt", "verify", file, "--public-key", rehearsed.isp.public, "--json").json()
    assert (told["deadlines_met"], told["rehearsed"]) == (False, 1)


def test_report(rehearsed):
    file, _ = receipt(rehearsed)
    isps = rehearsed.folder / "isps.txt"
    isps.write_text(f"{rehearsed.isp.public_text} ISP Uji\n")
    result = rehearsed.tool("receipt", "report", "--isps", isps, file, "--json")
    [line] = result.json()["orders"]
    assert (
        result.code == NO
        and (line["complied"], line["rehearsed"]) == ([], ["ISP Uji"])
        and not result.json()["all_complied"]
    )
    assert "REHEARSED" in rehearsed.tool("receipt", "report", "--isps", isps, file).out


def test_a_rehearsed_order_without_a_deadline_is_not_complied_with_either(workspace):
    workspace.configure(action="log")
    workspace.isp = workspace.key("isp")
    workspace.block("a.example")
    file, _ = receipt(workspace)
    [entry] = json.loads(file.read_text())["orders"]
    assert (entry["status"], entry["deadline_met"]) == ("rehearsed", None)
    assert workspace.tool("receipt", "verify", file, "--public-key", workspace.isp.public).code == NO


def test_a_scheduled_or_quarantined_order_that_will_only_rehearse(workspace):
    workspace.configure(action="log")
    workspace.isp = workspace.key("isp")
    workspace.apply("--scheduled", id="B-LATER", effective=orders.at(3600))
    workspace.tool("order", "apply", workspace.signed(id="B-HELD", targets=orders.domains("b.example", "kpu.go.id")))
    file, _ = receipt(workspace)
    assert {entry["order"]: entry["status"]
            for entry in json.loads(file.read_text())["orders"]} == {"B-LATER": "rehearsed", "B-HELD": "rehearsed"}


def test_an_order_with_an_action_of_its_own_is_followed_all_the_same(workspace):
    workspace.configure(action="log")
    workspace.isp = workspace.key("isp")
    workspace.block("a.example", action="nxdomain", deadline=RIGHT)
    file, made = receipt(workspace)
    [entry] = json.loads(file.read_text())["orders"]
    assert (entry["status"], entry["action"], entry["deadline_met"]) == ("applied", "nxdomain",
                                                                         True) and "REHEARSAL" not in made.out


def test_a_rehearsed_order_blocks_no_later_one_beforehand(workspace):
    """"already blocked" is what earlier orders block; one without an action follows the default."""
    workspace.configure(action="log")
    workspace.isp = workspace.key("isp")
    workspace.block("a.example", id="B-1")
    workspace.block("a.example", id="B-2", action="nxdomain")
    file, _ = receipt(workspace)
    assert {entry["order"]: entry["status"]
            for entry in json.loads(file.read_text())["orders"]} == {"B-1": "rehearsed", "B-2": "applied"}


def test_a_receipt_that_calls_a_rehearsal_applied_in_time_is_refused(rehearsed):
    from support import keys
    file, _ = receipt(rehearsed)
    stated = json.loads(file.read_text())
    stated["orders"][0]["deadline_met"] = True
    file.write_text(json.dumps(stated))
    assert keys.minisign("-S", "-s", rehearsed.isp.secret, "-m", file).returncode == 0
    assert "deadline_met" in rehearsed.tool("receipt", "verify", file, "--public-key", rehearsed.isp.public).err


def test_a_receipt_of_before_actions_were_stated_is_still_read(workspace):
    from support import keys
    workspace.isp = workspace.key("isp")
    workspace.block("a.example", deadline=RIGHT)
    file, _ = receipt(workspace)
    stated = json.loads(file.read_text())
    for field in ("action", "passed"):
        del stated["orders"][0][field]
    file.write_text(json.dumps(stated))
    assert keys.minisign("-S", "-s", workspace.isp.secret, "-m", file).returncode == 0
    workspace.tool.do("receipt", "verify", file, "--public-key", workspace.isp.public)


def test_status_and_doctor(rehearsed):
    assert rehearsed.tool.do("status").out.splitlines()[0].count("REHEARSAL: 1 of 1 order") == 1
    told = rehearsed.tool.do("status", "--json").json()
    assert not told["in_order"] and [c["code"] for c in told["concerns"]] == ["rehearsal"]
    found = {c["check"]: c for c in rehearsed.tool("doctor", "--quick", "--json").json()["checks"]}["orders.rehearsal"]
    assert found["health"] == "warning" and "REHEARSAL" in found["what"] and found["remedy"]


def test_metrics(rehearsed):
    assert "saring_orders_rehearsed 1" in rehearsed.tool.do("metrics").out.splitlines()


@pytest.mark.parametrize("allowed, options, passed", [
    ("a.example", [], 1),            # the target itself
    ("www.a.example", [], 1),        # a part of what a target covers
    ("other.example", [], 0),
    ("a.example", ["--exact"], 1),
    ("203.0.113.0/24", [], 1),
    ("203.0.113.7", [], 1),
    ("198.51.100.1", [], 0),
])
def test_what_local_policy_lets_through_is_counted(workspace, allowed, options, passed):
    workspace.isp = workspace.key("isp")
    workspace.apply(targets=[*orders.domains("a.example", "b.example"), {"address": "203.0.113.0/28"}])
    workspace.tool.do("local", "allow", allowed, "--reason", "tiket 1", *options)
    file, _ = receipt(workspace)
    [entry] = json.loads(file.read_text())["orders"]
    assert (entry["passed"], entry["status"]) == (passed, "applied")
    isps = workspace.folder / "isps.txt"
    isps.write_text(f"{workspace.isp.public_text} ISP Uji\n")
    [line] = workspace.tool("receipt", "report", "--isps", isps, file, "--json").json()["orders"]
    assert (line["partly"], line["complied"]) == ((["ISP Uji"], []) if passed else ([], ["ISP Uji"]))


def test_a_local_allow_above_all_targets_passes_them_all_and_a_past_one_none(workspace):
    workspace.isp = workspace.key("isp")
    workspace.block("a.hoax.example", "b.hoax.example")
    workspace.tool.do("local", "allow", "hoax.example", "--reason", "tiket 1")
    assert json.loads(receipt(workspace)[0].read_text())["orders"][0]["passed"] == 2
    workspace.tool.do("local", "remove", "hoax.example", "--reason", "over")
    assert json.loads(receipt(workspace)[0].read_text())["orders"][0]["passed"] == 0
