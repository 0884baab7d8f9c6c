"""`list import --format rpz`: what a policy zone blocks becomes a list, no more and no less."""
import pytest

from support.tool import USAGE

ZONE = """\
$TTL 300
@ IN SOA localhost. root.localhost. (
   2024010101 ; serial
   3600 600 86400 60 )
  IN NS localhost.
both.example CNAME .
*.both.example 300 IN CNAME .
only.example IN 300 CNAME *.
*.under.example CNAME rpz-drop.
absolute.example.rpz. CNAME .
$ORIGIN example.rpz.
relative CNAME .
$ORIGIN rpz.
last.example 60 CNAME ."""

OTHERS = """\
@ SOA localhost. root.localhost. 7 3600 600 86400 60
open.example CNAME rpz-passthru.
own.example CNAME own.example.
24.0.2.0.192.rpz-ip CNAME .
ns.example.rpz-nsdname CNAME .
32.1.2.0.192.rpz-client-ip CNAME rpz-drop.
tcp.example CNAME rpz-tcp-only.
text.example TXT "not ; a (comment"
safe.example CNAME forcesafe.example.
alias.example CNAME landing.example.
*.alias.example CNAME landing.example.
address.example A 192.0.2.80
address.example A 198.51.100.1
other.example A 198.51.100.1
blocked.example CNAME .
"""

BAD = """\
@ SOA localhost. root.localhost. 7 3600 600 86400 60
com CNAME .
*. CNAME .
bad..example CNAME .
   CNAME .
elsewhere.example. CNAME .
a.*.b.example CNAME .
203.0.113.7 CNAME .
$INCLUDE /etc/passwd
$GENERATE 1-9 a$.example CNAME .
quote.example TXT "open
chaos.example CH CNAME .
delegated.example NS ns.example.
good.example CNAME .
"""


@pytest.fixture
def zone(workspace):
    def write(text):
        file = workspace.folder / "provider.rpz"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file
    return write


def import_(workspace, file, *options, format="rpz"):
    return workspace.tool.do("list", "import", "--source", "uji", "--format", format, "--json", file, *options).json()


def blocked(workspace, *names):
    """Those of the names that are blocked."""
    return {name for name in names if workspace.tool("explain", name, "--json").json()["verdict"] == "blocked"}


def test_a_name_is_itself_a_wildcard_what_is_below_and_both_the_subtree(workspace, zone):
    result = import_(workspace, zone(ZONE))
    assert (result["names"], result["bad"], result["skipped"], result["zone_serial"]) == (6, [], [], 2024010101), result
    asked = [prefix + name for name in ("both.example", "only.example", "under.example", "last.example") for prefix in ("", "www.", "a.b.")]
    assert blocked(workspace, *asked) == {
        "both.example", "www.both.example", "a.b.both.example", "only.example",
        "www.under.example", "a.b.under.example", "last.example"}


def test_relative_and_absolute_names_are_cut_at_the_apex(workspace, zone):
    import_(workspace, zone(ZONE))
    assert blocked(workspace, "relative.example", "absolute.example", "example") == {"relative.example", "absolute.example"}


def test_a_top_level_domain_is_told_and_left_out(workspace, zone):
    result = import_(workspace, zone(ZONE.replace("$ORIGIN example.rpz.\nrelative", "$ORIGIN example.rpz.\n@ CNAME .\nrelative")))
    assert any("top-level" in line["reason"] for line in result["bad"]), result


@pytest.mark.parametrize("apex", ["rpz.provider.example.", "z."])
def test_the_zone_s_own_soa_says_where_it_begins(workspace, zone, apex):
    text = f"{apex} SOA localhost. root.localhost. 9 1 1 1 1\nhoax.example.{apex} CNAME .\n"
    assert import_(workspace, zone(text))["names"] == 1
    assert blocked(workspace, "hoax.example") == {"hoax.example"}


def test_what_a_list_cannot_carry_is_told_with_its_reason(workspace, zone):
    result = import_(workspace, zone(OTHERS))
    reasons = {line["text"].split()[0] + " " + line["text"].split()[-1]: line["reason"] for line in result["skipped"]}
    assert result["names"] == 1 and result["bad"] == [] and result["skipped_count"] == 13, result
    assert "passthru" in reasons["open.example rpz-passthru."] and "passthru" in reasons["own.example own.example."]
    assert "forcesafe.example" in reasons["safe.example forcesafe.example."]
    assert "198.51.100.1" in reasons["other.example 198.51.100.1"]
    assert all(reasons.values()), result


def test_people_sent_to_a_landing_page_are_blocked_and_to_another_host_are_not(workspace, zone):
    result = import_(workspace, zone(OTHERS), "--landing", "landing.example", "--landing", "192.0.2.80")
    assert result["names"] == 3, result
    assert blocked(workspace, "alias.example", "www.alias.example", "address.example", "www.address.example",
                   "safe.example", "other.example") == {"alias.example", "www.alias.example", "address.example"}


def test_bad_records_are_told_with_their_line_and_the_rest_is_imported(workspace, zone):
    result = import_(workspace, zone(BAD))
    assert [line["line"] for line in result["bad"]] == list(range(2, 14)), result
    assert result["names"] == 1 and blocked(workspace, "good.example") == {"good.example"}


def test_a_name_that_the_zone_passes_below_a_blocked_one_is_told(workspace, zone):
    file = zone("@ SOA l. r. 1 1 1 1 1\nhoax.example CNAME .\n*.hoax.example CNAME .\nopen.hoax.example CNAME rpz-passthru.\nelse.example CNAME rpz-passthru.\n")
    result = workspace.tool.do("list", "import", "--source", "uji", "--format", "rpz", file)
    assert "1 names that the zone passes" in result.err and "(open.hoax.example)" in result.err, result


def test_a_parenthesis_that_is_never_closed_is_told(workspace, zone):
    result = import_(workspace, zone("@ SOA l. r. 1 1 1 1 1\nhoax.example CNAME .\nx.example CNAME ( .\n"))
    assert result["names"] == 1 and [line["line"] for line in result["bad"]] == [3], result


def test_an_endless_line_is_told_and_the_next_is_read(workspace, zone):
    result = import_(workspace, zone("@ SOA l. r. 1 1 1 1 1\n" + "x" * 200000 + " CNAME .\nhoax.example CNAME .\n"))
    assert result["names"] == 1 and [line["line"] for line in result["bad"]] == [2], result


@pytest.mark.parametrize("text, format, names", [
    (ZONE, "rpz", 6), ("0.0.0.0 a.example\n::1 b.example\n", "hosts", 2), ("a.example\nb.example # c\n", "domains", 2)])
def test_auto_finds_the_format(workspace, zone, text, format, names):
    result = import_(workspace, zone(text), format="auto")
    assert (result["names"], result["bad"]) == (names, []), result


def test_a_web_page_is_refused_and_the_list_stays(workspace, zone):
    import_(workspace, zone(ZONE))
    before = workspace.digest()
    page = zone("<!DOCTYPE html>\n<html><body>Log in\nfirst.example</body></html>\n")
    for format in ("auto", "rpz", "domains"):
        result = workspace.tool.refused(USAGE, "list", "import", "--source", "uji", "--format", format, page)
        assert "web page" in result.err, result
    assert workspace.digest() == before


def test_the_same_zone_again_changes_nothing(workspace, zone):
    file = zone(ZONE)
    first = import_(workspace, file)
    again = import_(workspace, file)
    assert again["serial"] == first["serial"] and (again["added"], again["removed"], again["altered"]) == (0, 0, 0)


def test_a_new_edition_alters_how_far_a_name_goes(workspace, zone):
    import_(workspace, zone(ZONE))
    result = import_(workspace, zone(ZONE.replace("*.both.example 300 IN CNAME .\n", "")))
    assert (result["added"], result["removed"], result["altered"]) == (0, 0, 1), result
    assert blocked(workspace, "both.example", "www.both.example") == {"both.example"}


def test_a_landing_that_is_neither_host_nor_address_is_refused(workspace, zone):
    result = workspace.tool.refused(USAGE, "list", "import", "--source", "uji", "--format", "rpz", "--landing", "bad..name", zone(ZONE))
    assert "--landing" in result.err and "bad..name" in result.err, result
