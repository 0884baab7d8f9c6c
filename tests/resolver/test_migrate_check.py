"""`migrate check` compares a realistic RPZ resolver with Saring and prints every difference with its reason."""
import datetime
import time

import pytest

from support.ports import Port
from support.rpz import PolicyUnbound, policy_bind, write_zone
from support.tool import DONE, NETWORK, NO, USAGE
from support.waiting import wait_for

ZONE = """\
both.example CNAME .
*.both.example CNAME .
nodata.example CNAME *.
*.nodata.example CNAME *.
page.example A 192.0.2.80
*.page.example A 192.0.2.80
"""


@pytest.fixture(scope="module", params=["Unbound", "BIND"])
def old_of(request, new_folder, authority):
    """Starts the ISP's previous resolver with a zone; returns its address and the zone's file."""
    made = []

    def make(workspace, records):
        zone = write_zone(workspace.folder / "old.zone", records)
        server = PolicyUnbound(new_folder("old"), workspace, authority,
                               zone) if request.param == "Unbound" else policy_bind(new_folder("old"), authority, zone)
        made.append(server)
        server.start()
        return f"127.0.0.1:{server.port}", zone

    make.program = request.param
    yield make
    for server in made:
        server.stop()


def imported(workspace, zone, *options):
    workspace.tool.do("list", "import", "--source", "old", "--format", "rpz", "--landing", "192.0.2.80", *options, zone)


def check(workspace, *options):
    return workspace.tool("migrate", "check", "--seed", "1", "--rate", "2000", "--json", *options)


def asked(workspace, *names):
    file = workspace.folder / "names.txt"
    file.write_text("".join(name + "\n" for name in names))
    return ("--names", file)


def reasons(told):
    return {one["name"]: one["reason"] for one in told["differences"]}


def test_what_was_imported_agrees(workspace, old_of, resolver_of):
    old, zone = old_of(workspace, ZONE)
    imported(workspace, zone)
    saring = f"127.0.0.1:{resolver_of(workspace).start().port}"
    for sides in (("--zone", zone), ("--resolver", old), ("--resolver", old, "--zone", zone), ("--resolver", old,
                                                                                               "--saring", saring)):
        result = check(workspace, "--any-form", *sides)
        told = result.json()
        assert (result.code, told["differences"], told["undecided"]) == (DONE, [], []), result
        assert told["agrees"] and told["complete"] and told["asked"] == told["names"] == told["same"] >= 9


def test_unlisted_names_agree_whether_they_exist_or_not(workspace, old_of, resolver_of):
    old, zone = old_of(workspace, ZONE)
    imported(workspace, zone)
    saring = f"127.0.0.1:{resolver_of(workspace).start().port}"
    names = asked(workspace, "kpu.test", "no-such.invalid", "free.example", "v4only.example")
    for sides in (("--resolver", old), ("--resolver", old, "--saring", saring), ("--zone", zone)):
        told = check(workspace, *sides, *names).json()
        assert (told["same"], told["differences"]) == (4, []), told


def test_the_form_of_a_block_is_compared_unless_asked_otherwise(workspace, old_of):
    old, zone = old_of(workspace, ZONE)
    imported(workspace, zone)
    names = asked(workspace, "both.example", "www.nodata.example", "page.example")
    for sides in (("--resolver", old), ("--zone", zone)):
        result = check(workspace, *sides, *names)
        assert result.code == NO
        assert reasons(result.json()) == {"www.nodata.example": "action", "page.example": "action"}
        assert check(workspace, *sides, *names, "--any-form").code == DONE


def test_twins_that_a_zone_lacks_are_reported(workspace, old_of):
    """Orders mean subtrees; a name that the zone omits is found from either side."""
    old, zone = old_of(
        workspace,
        "apex.example CNAME .\n*.wild.example CNAME .\n*.deep.example CNAME .\ndeep.example CNAME .\n"
        "a.b.deep.example CNAME .\n"
        "open.pass.example CNAME rpz-passthru.\n*.pass.example CNAME .\npass.example CNAME .\n",
    )
    workspace.block("apex.example", "wild.example", "deep.example", "pass.example", "new.example")
    names = asked(workspace, "apex.example", "www.apex.example", "wild.example", "www.wild.example", "x.b.deep.example",
                  "b.deep.example", "www.deep.example", "new.example", "open.pass.example")
    expected = {
        "www.apex.example": "twin-missing", "wild.example": "old-wildcard-only", "x.b.deep.example": "shielded",
        "b.deep.example": "shielded", "new.example": "only-saring", "open.pass.example": "old-passthru"
    }
    assert reasons(check(workspace, "--zone", zone, *names).json()) == expected
    # The resolver's answers count, not the meaning of its zone: Unbound uses the wildcard here.
    if old_of.program == "Unbound":
        del expected["b.deep.example"]
    assert reasons(check(workspace, "--resolver", old, "--zone", zone, *names).json()) == expected
    # Without its zone the old resolver is queried, and a passed name looks like one shielded by an RPZ rule.
    assert reasons(check(workspace, "--resolver", old, *names).json()) == {**expected, "open.pass.example": "shielded"}


def test_the_reason_why_saring_does_not_block_is_reported(workspace, old_of, resolver_of):
    listed = ["gone", "lifted", "later", "there", "open", "log", "plain"]
    old, zone = old_of(
        workspace,
        "".join(f"{name}.example CNAME .\n*.{name}.example CNAME .\n" for name in listed)
        + "half.example CNAME .\n*.half.example CNAME .\n*.other.example CNAME .\nother.example CNAME .\n"
          "kpu.go.id CNAME .\n",
    )
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)
    workspace.block("gone.example", id="B-1", expires=soon.strftime("%FT%TZ"))
    workspace.block("lifted.example", id="B-2")
    workspace.tool.do("order", "revoke", "B-2", "--reason", "objection")
    workspace.apply("--scheduled", id="B-3", effective="2198-01-01T00:00:00Z", targets=[{"domain": "later.example"}])
    workspace.block("there.example", id="B-4", regions=["ID-JK"])
    workspace.block("open.example", id="B-5", action="passthru")
    workspace.block("log.example", id="B-6", action="log")
    workspace.block("half.example", id="B-7", match="exact")
    workspace.tool(
        "order", "apply", workspace.signed(id="B-8", targets=[{"domain": "kpu.go.id"}, {"domain": "other-one.example"}])
    )
    below = workspace.folder / "below.rpz"
    below.write_text("@ SOA l. r. 1 1 1 1 1\n*.other.example CNAME .\n")
    workspace.tool.do("list", "import", "--source", "below", "--format", "rpz", below)
    wait_for(lambda: workspace.tool("explain", "gone.example").code == NO, "the order's end", 30)
    names = asked(workspace, *(f"{name}.example" for name in listed), "www.half.example", "other.example", "kpu.go.id")
    expected = {
        "gone.example": "expired", "lifted.example": "revoked", "later.example": "not-yet", "there.example": "region",
        "open.example": "passthru", "log.example": "rehearsal", "plain.example": "not-listed",
        "www.half.example": "apex-only", "other.example": "wildcard-only", "kpu.go.id": "quarantined"
    }
    for sides in (("--zone", zone), ("--resolver", old)):
        assert reasons(check(workspace, *sides, *names).json()) == expected
    assert reasons(check(workspace, "--zone", zone, *names, "--region", "ID-JK").json()) == {
        k: v for k, v in expected.items() if k != "there.example"
    }


def test_a_rehearsal_can_count_as_a_block(workspace, old_of):
    old, zone = old_of(workspace, ZONE)
    imported(workspace, zone, "--action", "log")
    told = check(workspace, "--zone", zone).json()
    assert set(told["reasons"]) == {"rehearsal"} and told["differences"]
    for sides in (("--zone", zone), ("--resolver", old)):
        assert check(workspace, *sides, "--rehearsed").code == DONE
    workspace.block("more.example", id="B-9", action="log")
    assert set(check(workspace, "--zone", zone, "--rehearsed").json()["reasons"]) == {"only-saring"}
    assert check(workspace, "--zone", zone, "--rehearsed", "--draw", "zone").code == DONE


def test_a_saring_resolver_without_its_module_is_found(workspace, old_of, resolver_of):
    old, zone = old_of(workspace, ZONE)
    imported(workspace, zone)
    saring = f"127.0.0.1:{resolver_of(workspace, chain='iterator').start().port}"
    told = check(
        workspace, "--resolver", old, "--saring", saring, *asked(workspace, "both.example", "page.example")
    ).json()
    assert reasons(told) == {"both.example": "resolver-behind", "page.example": "resolver-behind"}


def test_redirects_to_another_page_are_reported(workspace, old_of, resolver_of):
    old, zone = old_of(workspace, "one.example CNAME old-page.test.\ntwo.example A 192.0.2.80\n")
    workspace.block("one.example", "two.example", action="redirect", match="exact")
    saring = f"127.0.0.1:{resolver_of(workspace).start().port}"
    names = asked(workspace, "one.example", "two.example")
    for sides in (("--zone", zone), ("--resolver", old), ("--resolver", old, "--saring", saring)):
        told = check(workspace, *sides, *names).json()
        assert reasons(told) == {"one.example": "redirect-target"} and told["same"] == 1, told
        assert told["differences"][0]["old"]["targets"][0] == "old-page.test"


def test_a_dropped_name_agrees_with_a_drop_and_is_undecided_beside_another_block(workspace, old_of):
    old, zone = old_of(workspace, "drop.example CNAME rpz-drop.\nother.example CNAME rpz-drop.\n")
    workspace.block("drop.example", id="B-1", action="drop")
    workspace.block("other.example", id="B-2")
    told = check(
        workspace, "--resolver", old, "--timeout", "1", *asked(workspace, "drop.example", "other.example")
    ).json()
    assert told["same"] == 1 and [(one["name"], one["reason"]) for one in told["undecided"]] == [
        ("other.example", "no-answer")
    ]


def test_time_that_runs_out_is_no_agreement(workspace, old_of):
    old, zone = old_of(workspace, ZONE)
    imported(workspace, zone)
    begun = time.monotonic()
    result = workspace.tool(
        "migrate", "check", "--resolver", old, "--rate", "1", "--time-limit", "2", "--any-form", "--json"
    )
    told = result.json()
    assert result.code == NO and not told["complete"] and not told["agrees"] and 0 < told["asked"] < told["names"]
    assert begun + 60 > time.monotonic()


def test_the_output_for_people_is_in_words(workspace, old_of):
    _, zone = old_of(workspace, ZONE + "more.example CNAME .\n")
    imported(workspace, zone)
    workspace.block("later.example", id="B-1")
    result = workspace.tool("migrate", "check", "--zone", zone, *asked(workspace, "later.example", "both.example"))
    assert result.code == NO
    assert (
        "DIFFERS  later.example: old: not listed; Saring: nxdomain by order B-1\n         only-saring: " in result.out
    )
    assert "2 of 2 names compared, 1 alike, 1 different, 0 undecided; seed " in result.out


def test_a_resolver_that_is_not_there_is_a_network_failure(workspace):
    workspace.block("a.example")
    port = Port()
    gone = f"127.0.0.1:{port.number}"
    port.release()
    assert "does not answer" in workspace.tool.refused(NETWORK, "migrate", "check", "--resolver", gone, "--timeout",
                                                       "1").err


def test_what_cannot_be_compared_is_refused(workspace):
    workspace.block("a.example")
    assert "nothing to compare with" in workspace.tool.refused(USAGE, "migrate", "check").err
    assert "--resolver" in workspace.tool.refused(USAGE, "migrate", "check", "--resolver", "old.example").err
    empty = workspace.folder / "empty.zone"
    empty.write_text("@ SOA l. r. 1 1 1 1 1\n")
    assert "no record about a name" in workspace.tool.refused(USAGE, "migrate", "check", "--zone", empty).err
    names = workspace.folder / "names.txt"
    names.write_text("good.example\nbad..example\n")
    zone = write_zone(workspace.folder / "z", "a.example CNAME .\n")
    assert f"{names}:2" in workspace.tool.refused(USAGE, "migrate", "check", "--zone", zone, "--names", names).err
