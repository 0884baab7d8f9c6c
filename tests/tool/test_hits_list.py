"""`hits list`: which hits each filter finds, and in which shape."""
import csv
import io

import pytest

from support import made_hits as hits
from support.tool import DATABASE, NO, USAGE

DAY = "2024-02-14T"


@pytest.fixture(scope="module")
def workspace(shared_workspace):
    hits.record(shared_workspace,
                [{"time": DAY + "07:00:00.000001Z", "qname": "hoax.example", "order": "B-1/2024", "client": "192.0.2.0/24", "region": "ID-JK", "asn": 64500},
                 {"time": DAY + "07:10:00Z", "qname": "www.hoax.example", "listed": "hoax.example", "order": "B-1/2024", "client": "198.51.100.7", "region": "ID-AC",
                  "qtype": 28, "transport": "dot"}],
                [{"time": DAY + "08:00:00Z", "qname": "alias.test", "listed": "cdn.hoax.example", "trigger": "cname", "order": "B-2/2024", "client": "~0123456789abcdef",
                  "region": "", "action": "refused"},
                 {"time": DAY + "09:00:00Z", "qname": "shop.test", "listed": "203.0.113.0/28", "trigger": "address", "order": "B-3/2024", "client": "2001:db8:1::/48",
                  "region": "ID-JK", "instance": "ns2.isp.example", "action": "log", "serial": 7}],
                [{"time": "2024-02-15T01:00:00Z", "qname": "nothoax.example", "order": "B-2/2024", "client": "", "region": "ID-PA"}])
    return shared_workspace


def names(workspace, *options):
    return [hit["qname"] for hit in hits.listed(workspace, *options)]


ALL = ["nothoax.example", "shop.test", "alias.test", "www.hoax.example", "hoax.example"]


def test_the_newest_come_first_and_reversed_the_oldest(workspace):
    assert names(workspace) == ALL
    assert names(workspace, "--reverse") == ALL[::-1]


@pytest.mark.parametrize("options, found", [
    (["--order", "B-1/2024"], ["www.hoax.example", "hoax.example"]),
    (["--order", "B-1"], []),
    (["--name", "hoax.example"], ["alias.test", "www.hoax.example", "hoax.example"]),
    (["--name", "WWW.hoax.example."], ["www.hoax.example"]),
    (["--name", "alias.test"], ["alias.test"]),
    (["--name", "example"], ["nothoax.example", "alias.test", "www.hoax.example", "hoax.example"]),
    (["--client", "192.0.2.0/24"], ["hoax.example"]),
    (["--client", "192.0.2.77"], ["hoax.example"]),  # the network that was kept covers it
    (["--client", "198.51.0.0/16"], ["www.hoax.example"]),
    (["--client", "2001:db8::/32"], ["shop.test"]),
    (["--client", "~0123456789abcdef"], ["alias.test"]),
    (["--client", "~0123456789abcdee"], []),
    (["--region", "ID-JK"], ["shop.test", "hoax.example"]),
    (["--region", "unknown"], ["alias.test"]),
    (["--action", "refused"], ["alias.test"]),
    (["--instance", "ns2.isp.example"], ["shop.test"]),
    (["--order", "B-2/2024", "--region", "ID-PA"], ["nothoax.example"]),
    (["--order", "B-1/2024", "--region", "ID-PA"], []),
], ids=lambda v: " ".join(v) or "nothing")
def test_a_filter_finds_its_hits_and_no_others(workspace, options, found):
    assert names(workspace, *options) == found


@pytest.mark.parametrize("options, found", [
    (["--since", "2024-02-15"], ["nothoax.example"]),
    (["--until", "2024-02-14T07:10Z"], ["hoax.example"]),
    (["--since", "2024-02-14T07:10Z", "--until", "2024-02-14T08:00:00.000001"], ["alias.test", "www.hoax.example"]),
    (["--since", "2024-02-14T15:00+07:00", "--until", "2024-02-14T16:00+07:00"], ["alias.test"]),
    (["--since", "2024-02-14T07:00:00.000002Z", "--until", "2024-02-14T08:00Z"], ["www.hoax.example"]),
    (["--since", "2h"], []),
    (["--until", "2h"], ALL),
], ids=" ".join)
def test_a_time_is_utc_unless_it_says_otherwise_and_ends_before_its_end(workspace, options, found):
    assert names(workspace, *options) == found


def test_times_before_now_are_those(new_folder):
    from support.workspace import Workspace
    fresh = Workspace(new_folder("fresh"))
    hits.record(fresh, [{"time": "3d", "qname": "days.example"}, {"time": "90m", "qname": "minutes.example"}, {"time": "now", "qname": "now.example"}])
    assert names(fresh, "--since", "1h") == ["now.example"]
    assert names(fresh, "--since", "2h") == ["now.example", "minutes.example"]
    assert names(fresh, "--since", "1w", "--until", "2d") == ["days.example"]


def test_a_limit_leaves_others_out_and_says_so(workspace):
    told = workspace.tool.do("hits", "list", "--limit", "2", "--json").json()
    assert [hit["qname"] for hit in told["hits"]] == ALL[:2] and told["more"] is True
    assert "--limit" in workspace.tool.do("hits", "list", "--limit", "2").out
    for limit in ("5", "0"):
        told = workspace.tool.do("hits", "list", "--limit", limit, "--json").json()
        assert len(told["hits"]) == 5 and told["more"] is False


def test_json_has_every_field_and_null_for_what_is_not_known(workspace):
    last, address, alias, _, first = hits.listed(workspace)
    assert first == {"sequence": 1, "time": DAY + "07:00:00.000001Z", "instance": first["instance"], "client": "192.0.2.0/24", "region": "ID-JK", "asn": 64500,
                     "transport": "udp", "qname": "hoax.example", "qtype": "A", "trigger": "qname", "listed": "hoax.example", "action": "nxdomain",
                     "order": "B-1/2024", "serial": 1}
    assert (address["listed"], address["trigger"], address["serial"]) == ("203.0.113.0/28", "address", 7)
    assert alias["region"] is None and alias["asn"] is None and last["client"] is None


def test_people_read_it_as_a_table(workspace):
    lines = workspace.tool.do("hits", "list", "--order", "B-1/2024").out.splitlines()
    assert lines[0].split() == ["TIME", "ACTION", "CLIENT", "REGION", "QNAME", "TYPE", "LISTED", "ORDER"]
    assert lines[1].split() == [DAY + "07:10:00.000000Z", "nxdomain", "198.51.100.7", "ID-AC", "www.hoax.example", "AAAA", "hoax.example", "B-1/2024"]
    assert lines[2].split()[6] == "="


def test_csv_is_read_by_a_csv_reader(workspace):
    out = workspace.tool.do("hits", "list", "--csv").out
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    assert [row["qname"] for row in rows] == ALL and rows[1]["listed"] == "203.0.113.0/28"


def test_foreign_text_acts_on_no_terminal_and_in_no_spreadsheet(new_folder):
    from support.workspace import Workspace
    hostile = Workspace(new_folder("hostile"))
    orders = ["B-1\x1b]0;owned\x07", "=1+1", "+1", "-1", "@SUM(A1)", '"quoted", id', "B\u009b31m\x7f", "B\r\n1,2"]
    hits.record(hostile, [{"order": order, "qname": "\\027\\[31m.example"} for order in orders])
    for command in (["list"], ["list", "--csv"], ["list", "--json"], ["tail"], ["tail", "--json"], ["top", "orders"], ["top", "orders", "--csv"],
                    ["top", "orders", "--json"], ["top", "qnames"]):
        out = hostile.tool.do("hits", *command).out
        bad = [c for c in out if (ord(c) < 32 and c not in "\r\n") or 127 <= ord(c) < 160]
        assert not bad, (command, bad)
    rows = list(csv.DictReader(io.StringIO(hostile.tool.do("hits", "list", "--csv", "--reverse").out, newline="")))
    assert [row["order"] for row in rows] == ["B-1?]0;owned?", "'=1+1", "'+1", "'-1", "'@SUM(A1)", '"quoted", id', "B?31m?", "B??1,2"]
    assert [hit["order"] for hit in hits.listed(hostile, "--reverse")] == orders, "JSON keeps what was written, escaped"


@pytest.mark.parametrize("options, named", [
    (["--since", "soon"], '--since: "soon"'), (["--until", "2024-02-30"], "2024-02-30"), (["--since", "1h", "--until", "2h"], "--until"),
    (["--client", "192.0.2.7/24"], "192.0.2.7/24"), (["--client", "~xyz"], "~xyz"), (["--action", "explode"], "--action"),
    (["--name", "a..example"], "a..example"), (["--limit", "many"], "--limit"), (["--json", "--csv"], "--csv"),
], ids=lambda v: " ".join(v) if isinstance(v, list) else "")
def test_a_filter_that_makes_no_sense_is_refused_by_name(workspace, options, named):
    assert named in workspace.tool.refused(USAGE, "hits", "list", *options).err


def test_nothing_found_is_told(workspace):
    result = workspace.tool("hits", "list", "--order", "B-9")
    assert (result.code, result.out) == (NO, "no hits\n")


def test_without_a_hits_database_it_says_who_makes_it(new_folder):
    from support.workspace import Workspace
    empty = Workspace(new_folder("empty"))
    for command in (["list"], ["tail"], ["top", "names"], ["histogram"], ["summary"], ["purge", "--all", "--yes"]):
        result = empty.tool.refused(DATABASE, "hits", *command)
        assert "hits" in result.err and "made by" in result.err
    assert not empty.hits.exists()
