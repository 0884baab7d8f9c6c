"""`feed export --format rpz`: which orders go into the zone, its serial, and the file itself."""
import pytest

from support import orders
from support.tool import NO, UNSAFE, USAGE

ORIGIN = "rpz.isp.example"


@pytest.fixture
def export(workspace):
    def run(*options):
        return workspace.tool.do(
            "feed", "export", "--origin", ORIGIN, "--output", workspace.folder / "rpz.zone", *options
        )
    run.file = workspace.folder / "rpz.zone"
    return run


def records(file):
    """Owner -> data, without the zone's own records."""
    lines = [line.split() for line in file.read_text().splitlines() if not line.startswith((";", "$", "@"))]
    return {line[0]: " ".join(line[1:]) for line in lines}


def soa(file):
    [line] = [line.split() for line in file.read_text().splitlines() if line.startswith("@ SOA")]
    return line


def test_a_subtree_is_the_name_and_its_wildcard_and_an_exact_name_is_itself(workspace, export):
    workspace.block("hoax.example")
    workspace.block("only.example", id="B-2", match="exact")
    export()
    assert records(export.file) == {"hoax.example": "CNAME .", "*.hoax.example": "CNAME .", "only.example": "CNAME ."}


def test_the_soa_serial_is_the_database_s(workspace, export):
    for number in range(3):
        workspace.block(f"n{number}.example", id=f"B-{number}")
    assert export("--json").json()["serial"] == 3 and soa(export.file)[4] == "3"


@pytest.mark.parametrize("given, serial", [("4294967295", "4294967295"), ("77", "77")])
def test_a_serial_can_be_given(workspace, export, given, serial):
    workspace.block("hoax.example")
    export("--serial", given)
    assert soa(export.file)[4] == serial


def test_names_that_a_listed_one_covers_already_need_no_record(workspace, export):
    workspace.block("hoax.example", "www.hoax.example", "a.b.hoax.example")
    export()
    assert records(export.file) == {"hoax.example": "CNAME .", "*.hoax.example": "CNAME ."}


def test_a_passed_name_below_a_blocked_one_stays_open_and_its_neighbours_blocked(workspace, export):
    workspace.block("hoax.example")
    workspace.block("open.b.hoax.example", id="B-2", match="exact", action="passthru")
    export()
    assert records(export.file) == {
        "hoax.example": "CNAME .", "*.hoax.example": "CNAME .", "b.hoax.example": "CNAME .",
        "*.b.hoax.example": "CNAME .", "open.b.hoax.example": "CNAME rpz-passthru.", "*.open.b.hoax.example": "CNAME ."
    }


def test_what_no_longer_holds_is_not_exported(workspace, export):
    workspace.block("hoax.example")
    workspace.block("gone.example", id="B-2")
    workspace.apply("--scheduled", id="B-3", targets=orders.domains("later.example"), effective="2198-01-01T00:00:00Z")
    workspace.tool.do("order", "revoke", "B-2", "--reason", "objection upheld")
    export()
    assert set(records(export.file)) == {"hoax.example", "*.hoax.example"}


def test_orders_that_a_zone_cannot_carry_are_left_out_and_reported(workspace, export):
    workspace.block("hoax.example")
    workspace.block("regional.example", id="B-2", regions=["ID-JK"])
    workspace.block("rehearsed.example", id="B-3", action="log")
    result = export()
    assert set(records(export.file)) == {"hoax.example", "*.hoax.example"}
    assert "B-2" in result.err and "region" in result.err and "B-3" in result.err, result


def test_a_region_s_orders_can_be_taken_in(workspace, export):
    workspace.block("regional.example", id="B-2", regions=["ID-JK"])
    export("--region", "ID-JK")
    assert set(records(export.file)) == {"regional.example", "*.regional.example"}


def test_single_orders_can_be_exported(workspace, export):
    workspace.block("a.example", id="B-1")
    workspace.block("b.example", id="B-2")
    export("--order", "B-2")
    assert set(records(export.file)) == {"b.example", "*.b.example"}


def test_an_order_that_is_not_there_is_named_and_the_old_zone_stays(workspace, export):
    workspace.block("a.example")
    export()
    before = export.file.read_bytes()
    result = workspace.tool.refused(NO, "feed", "export", "--origin", ORIGIN, "--output", export.file, "--order", "B-9")
    assert "B-9" in result.err and export.file.read_bytes() == before
    assert [p.name for p in workspace.folder.glob("rpz.zone*")] == ["rpz.zone"]


def test_the_moment_at_which_an_order_ends_is_reported(workspace, export):
    end = orders.at(86400)
    workspace.block("a.example", expires=end)
    assert export("--json").json()["valid_until"] == end and end in export().err


def test_redirected_names_lead_to_the_configured_landing_page(workspace, export):
    workspace.block("a.example", action="redirect", match="exact")
    export()
    assert [line for line in export.file.read_text().splitlines() if line.startswith("a.example")] == [
        "a.example A 192.0.2.80", "a.example AAAA 2001:db8::80"]


def test_addresses_become_address_triggers(workspace, export):
    workspace.apply(
        targets=[{"address": "203.0.113.0/28"}, {"address": "2001:db8:0:1::/64"}, {"address": "2001:db8::1"}]
    )
    export()
    assert records(export.file) == {"28.0.113.0.203.rpz-ip": "CNAME .", "64.zz.1.0.db8.2001.rpz-ip": "CNAME .",
                                    "128.1.zz.db8.2001.rpz-ip": "CNAME ."}


def test_a_name_too_long_for_the_origin_is_refused_or_left_out_and_counted(workspace, export):
    long = ".".join(["x" * 60] * 4)
    workspace.block("a.example")
    export()
    before = export.file.read_bytes()
    workspace.block(long + ".example", id="B-2")
    result = workspace.tool.refused(UNSAFE, "feed", "export", "--origin", ORIGIN, "--output", export.file)
    assert "1 name does not fit" in result.err and "--skip-long" in result.err and export.file.read_bytes() == before
    result = export("--skip-long", "--json")
    assert (result.json()["too_long"], result.json()["names"]) == (1, 1) and "left out" in result.err, result
    assert set(records(export.file)) == {"a.example", "*.a.example"}


def test_the_zone_comes_back_through_list_import(workspace, export):
    workspace.block("hoax.example")
    workspace.block("only.example", id="B-2", match="exact")
    export()
    result = workspace.tool.do("list", "import", "--source", "back", "--format", "rpz", "--json", export.file).json()
    assert (result["names"], result["bad"], result["skipped"], result["zone_serial"]) == (2, [], [], 2), result


def test_standard_output_carries_the_zone_alone(workspace):
    workspace.block("hoax.example")
    result = workspace.tool.do("feed", "export", "--origin", ORIGIN, "--output", "-")
    assert result.out.splitlines()[-1] == "*.hoax.example CNAME ." and f"$ORIGIN {ORIGIN}." in result.out


@pytest.mark.parametrize("options", [("--origin", "bad..name"), ("--origin", "."),
                                     ("--origin", ORIGIN, "--serial", "4294967296"),
                                     ("--origin", ORIGIN, "--serial", "new"), ("--origin", ORIGIN, "--format", "csv")])
def test_bad_options_are_refused_by_name(workspace, options):
    workspace.block("hoax.example")
    result = workspace.tool.refused(USAGE, "feed", "export", "--output", workspace.folder / "z", *options)
    assert options[-1] in result.err and not (workspace.folder / "z").exists(), result
