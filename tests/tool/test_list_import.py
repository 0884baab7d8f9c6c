"""`list import`: a legacy list becomes one synthetic order; bad lines are reported and do not stop the import."""
import pytest

from support import orders
from support.tool import USAGE

HOSTS = """\
# a comment
127.0.0.1 localhost
::1 localhost ip6-localhost

0.0.0.0 one.example
127.0.0.1\ttwo.example three.example # two names, and a comment
::  Four.EXAMPLE
0.0.0.0 bad..example
0.0.0.0 one.example
not-an-address five.example
0.0.0.0 https://page.example/page
0.0.0.0 {long}.example
0.0.0.0
0.0.0.0 last.example""".format(long="x" * 64)

DOMAINS = """\
# a comment
one.example
  two.example.\t

*.wild.example
höax.example
bad..example
203.0.113.7
two words.example
last.example"""


@pytest.fixture
def source(workspace):
    def write(text):
        file = workspace.folder / "legacy.txt"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file
    return write


def import_(workspace, file, *options, format="hosts"):
    return workspace.tool.do("list", "import", "--source", "uji", "--format", format, file, *options)


def blocked(workspace, name):
    verdict = workspace.tool("explain", name, "--json").json()
    return verdict["verdict"] == "blocked" and verdict["order"]["id"] == "list:uji"


def test_hosts_lines_give_their_names(workspace, source):
    result = import_(workspace, source(HOSTS), "--json").json()
    assert (result["order"], result["names"], result["added"], result["removed"]) == ("list:uji", 5, 5, 0), result
    for name in ("one.example", "two.example", "three.example", "four.example", "last.example", "www.last.example"):
        assert blocked(workspace, name), name
    for name in ("localhost", "five.example", "page.example"):
        assert not blocked(workspace, name), name


def test_bad_hosts_lines_are_reported_with_number_text_and_reason(workspace, source):
    bad = {line["line"]: line for line in import_(workspace, source(HOSTS), "--json").json()["bad"]}
    assert sorted(bad) == [8, 10, 11, 12, 13], bad
    assert "bad..example" in bad[8]["text"] and all(line["reason"] for line in bad.values())


def test_each_bad_line_is_one_line_on_standard_error(workspace, source):
    result = import_(workspace, source(HOSTS))
    told = [line for line in result.err.splitlines() if "legacy.txt:" in line]
    assert len(told) == 5 and any('legacy.txt:8: "' in line for line in told), result
    assert "5" in result.out, result


def test_plain_domains_give_their_names(workspace, source):
    result = import_(workspace, source(DOMAINS), "--json", format="domains").json()
    for name in ("one.example", "two.example", "xn--hax-sna.example", "last.example", "www.one.example"):
        assert blocked(workspace, name), name
    bad = sorted(line["line"] for line in result["bad"])
    assert blocked(workspace, "www.wild.example"), result  # lists differ in whether `*.` is written
    assert bad == [7, 9], result


@pytest.mark.parametrize("text", [HOSTS.replace("\n", "\r\n"), "\ufeff" + HOSTS], ids=["crlf", "byte-order-mark"])
def test_files_from_other_systems_give_the_same(workspace, source, text):
    assert import_(workspace, source(text), "--json").json()["names"] == 5


def test_bytes_that_are_no_text_are_bad_lines(workspace, source):
    result = import_(workspace, source(b"0.0.0.0 one.example\n0.0.0.0 \xff\xfe.example\n"), "--json").json()
    assert result["names"] == 1 and [line["line"] for line in result["bad"]] == [2], result


def test_the_same_file_again_changes_no_name(workspace, source):
    file = source(HOSTS)
    first = import_(workspace, file, "--json").json()
    again = import_(workspace, file, "--json").json()
    assert (again["names"], again["added"], again["removed"]) == (first["names"], 0, 0)


def test_a_new_edition_adds_and_removes(workspace, source):
    import_(workspace, source("0.0.0.0 stays.example\n0.0.0.0 goes.example\n"))
    result = import_(workspace, source("0.0.0.0 stays.example\n0.0.0.0 comes.example\n"), "--json").json()
    assert (result["names"], result["added"], result["removed"]) == (2, 1, 1)
    assert blocked(workspace, "stays.example") and blocked(workspace, "comes.example")
    assert not blocked(workspace, "goes.example")


def test_two_sources_are_two_orders(workspace, source):
    file = source("0.0.0.0 one.example\n")
    import_(workspace, file)
    workspace.tool.do("list", "import", "--source", "lain", "--format", "hosts", file)
    listed = workspace.tool.do("order", "list", "--json").json()["orders"]
    assert {order["id"] for order in listed} == {"list:uji", "list:lain"}


def test_a_list_and_an_order_hold_a_name_together(workspace, source):
    workspace.block("one.example")
    import_(workspace, source("0.0.0.0 one.example\n"))
    import_(workspace, source("0.0.0.0 other.example\n"))
    verdict = workspace.tool("explain", "one.example", "--json").json()
    assert verdict["verdict"] == "blocked" and verdict["order"]["id"] == orders.ID


def test_options_become_the_orders_fields(workspace, source):
    import_(workspace, source("0.0.0.0 one.example\n"), "--authority", "Daftar Lama", "--category", "spam",
            "--action", "refused", "--expires", "2198-01-01T00:00:00Z")
    shown = workspace.tool.do("order", "show", "list:uji", "--json").json()
    assert (shown["authority"], shown["category"], shown["action"], shown["expires"]) == (
        "Daftar Lama", "spam", "refused", "2198-01-01T00:00:00Z")


def test_a_file_that_is_not_there_leaves_the_list_as_it_is(workspace, source):
    import_(workspace, source("0.0.0.0 one.example\n"))
    before = workspace.digest()
    result = workspace.tool.refused(USAGE, "list", "import", "--source", "uji", "--format", "hosts",
                                    workspace.folder / "nowhere.txt")
    assert "nowhere.txt" in result.err and workspace.digest() == before


def test_an_unknown_format_is_named(workspace, source):
    result = workspace.tool("list", "import", "--source", "uji", "--format", "csv", source(HOSTS))
    assert result.code == USAGE and "csv" in result.err, result
