"""`list import --format rpz`: the names that a policy zone blocks become a list, no more and no fewer."""
import resource

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
24.0.2.0.192.rpz-nsip CNAME .
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
    """The blocked ones among the names."""
    return {name for name in names if workspace.tool("explain", name, "--json").json()["verdict"] == "blocked"}


def test_a_name_blocks_itself_a_wildcard_the_names_below_both_the_subtree(workspace, zone):
    result = import_(workspace, zone(ZONE))
    assert (result["names"], result["bad"], result["skipped"], result["zone_serial"]) == (6, [], [], 2024010101), result
    asked = [
        prefix + name
        for name in ("both.example", "only.example", "under.example", "last.example")
        for prefix in ("", "www.", "a.b.")
    ]
    assert blocked(workspace, *asked) == {
        "both.example", "www.both.example", "a.b.both.example", "only.example",
        "www.under.example", "a.b.under.example", "last.example"}


def test_relative_and_absolute_names_are_cut_at_the_apex(workspace, zone):
    import_(workspace, zone(ZONE))
    assert blocked(workspace, "relative.example", "absolute.example",
                   "example") == {"relative.example", "absolute.example"}


def test_a_top_level_domain_is_reported_and_left_out(workspace, zone):
    result = import_(
        workspace, zone(ZONE.replace("$ORIGIN example.rpz.\nrelative", "$ORIGIN example.rpz.\n@ CNAME .\nrelative"))
    )
    assert any("top-level" in line["reason"] for line in result["bad"]), result


@pytest.mark.parametrize("apex", ["rpz.provider.example.", "z."])
def test_the_zones_own_soa_says_where_it_begins(workspace, zone, apex):
    text = f"{apex} SOA localhost. root.localhost. 9 1 1 1 1\nhoax.example.{apex} CNAME .\n"
    assert import_(workspace, zone(text))["names"] == 1
    assert blocked(workspace, "hoax.example") == {"hoax.example"}


def test_unsupported_records_are_reported_with_the_reason(workspace, zone):
    result = import_(workspace, zone(OTHERS))
    reasons = {line["text"].split()[0] + " " + line["text"].split()[-1]: line["reason"] for line in result["skipped"]}
    assert result["names"] == 1 and result["bad"] == [] and result["skipped_count"] == 13, result
    assert "passthru" in reasons["open.example rpz-passthru."] and "passthru" in reasons["own.example own.example."]
    assert "forcesafe.example" in reasons["safe.example forcesafe.example."]
    assert "198.51.100.1" in reasons["address.example 198.51.100.1"]
    assert all(reasons.values()), result


def test_people_sent_to_a_landing_page_are_blocked_and_to_another_host_are_not(workspace, zone):
    result = import_(workspace, zone(OTHERS), "--landing", "landing.example", "--landing", "192.0.2.80")
    assert result["names"] == 3, result
    assert blocked(workspace, "alias.example", "www.alias.example", "address.example", "www.address.example",
                   "safe.example", "other.example") == {"alias.example", "www.alias.example", "address.example"}


def test_bad_records_are_reported_with_their_line_and_others_imported(workspace, zone):
    result = import_(workspace, zone(BAD))
    assert [line["line"] for line in result["bad"]] == list(range(2, 14)), result
    assert result["names"] == 1 and blocked(workspace, "good.example") == {"good.example"}


def test_a_name_that_the_zone_passes_below_a_blocked_one_is_reported(workspace, zone):
    file = zone(
        "@ SOA l. r. 1 1 1 1 1\nhoax.example CNAME .\n*.hoax.example CNAME .\nopen.hoax.example CNAME rpz-passthru.\n"
        "else.example CNAME rpz-passthru.\n"
    )
    result = workspace.tool.do("list", "import", "--source", "uji", "--format", "rpz", file)
    assert "1 names that the zone passes" in result.err and "(open.hoax.example)" in result.err, result


def test_a_parenthesis_that_is_never_closed_is_reported(workspace, zone):
    result = import_(workspace, zone("@ SOA l. r. 1 1 1 1 1\nhoax.example CNAME .\nx.example CNAME ( .\n"))
    assert result["names"] == 1 and [line["line"] for line in result["bad"]] == [3], result


def test_an_endless_line_is_reported_and_the_next_is_read(workspace, zone):
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
    result = workspace.tool.refused(
        USAGE, "list", "import", "--source", "uji", "--format", "rpz", "--landing", "bad..name", zone(ZONE)
    )
    assert "--landing" in result.err and "bad..name" in result.err, result


# A zone whose records point at an unknown landing host

HEAD = "@ SOA l. r. 1 1 1 1 1\n"


def test_a_zone_with_one_unknown_landing_host_is_reported_once(workspace, zone):
    file = zone(HEAD + "".join(f"h{i}.example CNAME landing.example.\n*.h{i}.example CNAME landing.example.\n"
                               for i in range(2000)))
    result = workspace.tool("list", "import", "--source", "uji", "--format", "rpz", file)
    assert (
        result.code == USAGE
        and '4000 of its records redirect to "landing.example"' in result.err
        and "--landing landing.example" in result.err
    ), result
    assert len(result.err.splitlines()) == 1, result
    assert workspace.tool.do("list", "import", "--source", "uji", "--format", "rpz", "--landing", "landing.example",
                             "--json", file).json()["names"] == 2000


def test_records_pointing_at_a_host_are_reported_in_one_line(workspace, zone):
    file = zone(HEAD + "".join(f"h{i}.example CNAME landing.example.\n" for i in range(3000)) +
                "a.example A 192.0.2.80\nb.example A 192.0.2.80\n"
                "other.example CNAME twin.example.\npass.example CNAME rpz-passthru.\nhoax.example CNAME .\n")
    result = workspace.tool("list", "import", "--source", "uji", "--format", "rpz", "--json", file)
    told = result.json()
    assert (told["names"], told["skipped_count"], len(told["skipped"])) == (1, 3004, 4), told
    assert told["landings"] == [{"host": "landing.example", "records": 3000}, {"host": "192.0.2.80", "records": 2},
                                {"host": "twin.example", "records": 1}]
    assert (
        'as 2999 other records do' in result.err
        and "--landing 192.0.2.80" in result.err
        and "more lines" not in result.err
    ), result
    assert [line["line"] for line in told["skipped"]] == [2, 3002, 3004, 3005]


def test_an_unknown_landing_host_behind_a_wildcard_is_named_as_the_option_takes_it(workspace, zone):
    file = zone(HEAD + "hoax.example CNAME *.landing.example.\nother.example CNAME landing.example.\n")
    result = workspace.tool("list", "import", "--source", "uji", "--format", "rpz", file)
    assert result.code == USAGE and '2 of its records redirect to "landing.example"' in result.err, result
    assert import_(workspace, file, "--landing", "landing.example")["names"] == 2


def test_an_unknown_landing_host_costs_no_more_than_a_known_one(workspace, zone):
    """It took 99.8 s for 400,000 records, where a known one took 8.3 s."""
    file = zone(HEAD + "".join(f"h{i}.example CNAME landing.example.\n" for i in range(60000)))

    def children():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    before = children()
    workspace.tool("list", "import", "--source", "uji", "--format", "rpz", "--quiet", file)
    unknown = children() - before
    before = children()
    workspace.tool(
        "list", "import", "--source", "uji", "--format", "rpz", "--quiet", file, "--landing", "landing.example"
    )
    known = children() - before
    assert unknown <= known * 1.5 + 0.5, (unknown, known)


# Comments and parentheses that hide records

@pytest.mark.parametrize(
    "line", ["# a note (", "#(", "  # note (", "# a ( b", "x.example CNAME . # (", "; note (", "# it's \"quoted ("]
)
def test_a_parenthesis_in_a_comment_swallows_nothing(workspace, zone, line):
    result = import_(
        workspace, zone(HEAD + f"one.example CNAME .\n{line}\n" + "".join(f"h{i}.example CNAME .\n" for i in range(50)))
    )
    assert result["names"] == 51 + line.startswith("x.") and result["bad"] == [], result


@pytest.mark.parametrize("line", ["x.example CNAME ( .", "x.example CNAME . (", "(", "junk (", "x.example TXT ( \"a\""])
def test_a_parenthesis_that_stays_open_costs_its_own_line_only(workspace, zone, line):
    more = "".join(f"h{i}.example CNAME .\n" for i in range(5000))
    for text in (HEAD + line + "\n" + more,
                 HEAD + line + "\n" + more + "y.example CNAME ( .\n" + more.replace("h", "g")):
        result = import_(workspace, zone(text), "--allow-large")
        assert result["names"] == text.count(" CNAME .\n") and [bad["line"]
                                                                for bad in result["bad"]] in ([2], [2, 5003]), result
        assert "h0.example" not in result["bad"][0]["text"]


def test_an_entry_of_several_lines_that_is_broken_costs_no_other_line(workspace, zone):
    result = import_(workspace, zone(HEAD + "x.example CNAME (\n. . .\n)\nhoax.example CNAME (\n. )\n"))
    assert (
        result["names"] == 1 and blocked(workspace, "hoax.example") and 2 in [bad["line"] for bad in result["bad"]]
    ), result


def test_a_line_beyond_all_limits_within_parentheses_loses_only_itself(workspace, zone):
    result = import_(workspace, zone(HEAD + "x.example CNAME (\n" + "z" * 200000 + "\nhoax.example CNAME .\n"))
    assert result["names"] == 1 and [bad["line"] for bad in result["bad"]] == [2, 3], result


# Names that fit only without the zone's suffix

def test_a_name_too_long_with_the_zone_appended_is_reported_as_that(workspace, zone):
    fits = ".".join(["a" * 60] * 4)[:240] + ".example"
    long = "b." + ".".join(["a" * 60] * 4)[:238] + ".example"
    file = zone(
        f"rpz.provider.example. SOA l. r. 1 1 1 1 1\n$ORIGIN rpz.provider.example.\n{long} CNAME .\n"
        f"hoax.example CNAME .\n"
    )
    result = import_(workspace, file)
    assert result["names"] == 1 and len(fits) < 255, result
    [bad] = result["bad"]
    assert bad["line"] == 3 and "too long for this zone" in bad["reason"] and "255" in bad[
        "reason"] and "rpz.provider.example" in bad["reason"], bad


# A rule judges the match that the entry has

LENT = "duckdns.org"


def held(workspace):
    return {
        t["target"]: (t["rule"], t["match"], t["state"])
        for t in workspace.tool.do("quarantine", "list", "--all", "--json").json()["targets"]
    }


def test_a_wildcard_alone_that_a_rule_holds_is_readable_in_quarantine(workspace, zone):
    result = import_(workspace, zone(HEAD + f"*.{LENT} CNAME .\nhoax.example CNAME .\n"))
    assert result["names"] == 1 and result["quarantined"] == 1, result
    assert held(workspace) == {LENT: ("shared-suffix", "below", "held")}
    workspace.tool.do("db", "check")
    for command in (["status"], ["metrics"], ["quarantine", "list"], ["quarantine", "show", "list:uji", LENT]):
        workspace.tool.do(*command)
    assert workspace.tool("explain", "www." + LENT, "--json").json()["quarantined"] and not workspace.tool(
        "explain", LENT, "--json").json()["quarantined"]


def test_a_released_wildcard_blocks_names_below_and_not_the_name(workspace, zone):
    import_(workspace, zone(HEAD + f"*.{LENT} CNAME .\nhoax.example CNAME .\n"))
    workspace.tool.do("quarantine", "release", "list:uji", LENT, "--reason", "test")
    assert blocked(workspace, LENT, "x." + LENT) == {"x." + LENT}
    workspace.tool.do("db", "check")
    workspace.tool.do("db", "rollback", "0", "--reason", "test")
    workspace.tool.do("db", "check")


def test_an_exact_record_of_a_suffix_does_not_affect_its_subtree(workspace, zone):
    import_(workspace, zone(HEAD + f"{LENT} CNAME .\nhoax.example CNAME .\n"))
    [told] = workspace.tool.do("quarantine", "list", "--all", "--json").json()["targets"]
    assert (told["rule"], told["match"]) == ("public-suffix", "exact") and "all would be blocked" not in told[
        "why"
    ], told


def test_an_exact_record_above_a_protected_name_does_not_affect_it(workspace, zone):
    """amazonaws.com itself is no suffix; s3.amazonaws.com below it is."""
    never = workspace.folder / "never.txt"
    never.write_text("vote.test\n")
    workspace.configure(more=f'\n[safety]\nnever_block_files = ["{never}"]\n')
    assert import_(workspace, zone(HEAD + "amazonaws.com CNAME .\n"))["held"] == []
    import_(workspace, zone(HEAD + "amazonaws.com CNAME .\n*.amazonaws.com CNAME .\nhoax.example CNAME .\n"))
    assert held(workspace)["amazonaws.com"][:2] == ("above-suffix", "subtree")


def test_a_wildcard_below_an_exactly_protected_name_does_not_block_it(workspace, zone):
    never = workspace.folder / "never.txt"
    never.write_text("vote.test\n.all.test\n")
    workspace.configure(more=f'\n[safety]\nnever_block_files = ["{never}"]\n')
    result = import_(workspace, zone(HEAD + "*.vote.test CNAME .\nvote.test CNAME .\nx.vote.test CNAME .\n"))
    assert {h["target"]: h["rule"] for h in result["held"]} == {"vote.test": "never-block"}, result
    result = workspace.tool.do("list", "import", "--source", "dua", "--format", "rpz", "--json",
                               zone(HEAD + "*.vote.test CNAME .\n*.all.test CNAME .\n")).json()
    assert {h["target"]: h["rule"] for h in result["held"]} == {"all.test": "below-never-block"} and blocked(
        workspace, "vote.test", "y.vote.test"
    ) == {"y.vote.test"}


def test_a_release_holds_as_far_as_the_name_reached_then(workspace, zone):
    """Releasing the name alone does not release the names below it."""
    import_(workspace, zone(HEAD + f"{LENT} CNAME .\nhoax.example CNAME .\n"))
    workspace.tool.do("quarantine", "release", "list:uji", LENT, "--reason", "test")
    import_(workspace, zone(HEAD + f"{LENT} CNAME .\nhoax.example CNAME .\nmore.example CNAME .\n"))
    assert held(workspace) == {LENT: ("public-suffix", "exact", "released")} and blocked(
        workspace, LENT, "x." + LENT
    ) == {LENT}
    import_(workspace, zone(HEAD + f"{LENT} CNAME .\n*.{LENT} CNAME .\nhoax.example CNAME .\n"))
    assert held(workspace) == {LENT: ("shared-suffix", "subtree", "held")} and blocked(workspace, LENT,
                                                                                       "x." + LENT) == set()


def test_a_wider_release_covers_less(workspace, zone):
    import_(workspace, zone(HEAD + f"{LENT} CNAME .\n*.{LENT} CNAME .\nhoax.example CNAME .\n"))
    workspace.tool.do("quarantine", "release", "list:uji", LENT, "--reason", "test")
    import_(workspace, zone(HEAD + f"*.{LENT} CNAME .\nhoax.example CNAME .\n"))
    assert held(workspace)[LENT][2] == "released" and blocked(workspace, LENT, "x." + LENT) == {"x." + LENT}


def test_what_waits_follows_the_list(workspace, zone):
    """Releasing it later must not block more than the list does then."""
    import_(workspace, zone(HEAD + f"{LENT} CNAME .\n*.{LENT} CNAME .\nhoax.example CNAME .\n"))
    import_(workspace, zone(HEAD + f"{LENT} CNAME .\nhoax.example CNAME .\n"))
    workspace.tool.do("quarantine", "release", "list:uji", LENT, "--reason", "test")
    assert blocked(workspace, LENT, "x." + LENT) == {LENT}
