"""The formats that public lists have, imported end to end: the names are those that a second parser finds."""
import gzip
import random
import re

import pytest

from support.tool import USAGE

NAME = re.compile(r"(?=.{4,253}$)([a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]*")


class Words:
    """Names below reserved domains, like those of lists: of any depth, with digits, hyphens, underscores, IDN."""

    def __init__(self, seed):
        self._random = random.Random(seed)

    def name(self):
        label = (
            lambda: "".join(
                self._random.choices("abcdefghijklmnopqrstuvwxyz0123456789-_", k=self._random.randint(3, 14))
            ).strip("-")
            or "a"
        )
        return ".".join(
            [*(label() for _ in range(self._random.randint(1, 4))), self._random.choice(["example", "test"])]
        )

    def some(self, count):
        return [self.name() for _ in range(count)]

    def mixed(self, name):
        return name.upper() if self._random.random() < 0.05 else name

    def chance(self, share):
        return self._random.random() < share


def plain(name):
    return name.lower().rstrip(".")


# Each maker returns a text as such a list has it; each parser finds the names in any text of that format, by other code
# and other means than the project's.
def hosts(words):
    out = [
        "# Title: uji",
        "#",
        "# ------",
        "",
        "127.0.0.1 localhost",
        "127.0.0.1 localhost.localdomain",
        "255.255.255.255 broadcasthost",
        "::1 localhost",
        "::1 ip6-loopback",
        "fe80::1%lo0 localhost",
        "ff02::1 ip6-allnodes",
        "0.0.0.0 0.0.0.0",
        "203.0.113.120 www.search.example",
        "# Start",
    ]
    return (
        out
        + [f"0.0.0.0 {words.mixed(n)}" + (" # why" if words.chance(0.1) else "") for n in words.some(400)]
        + [f"127.0.0.1\t{n}  {words.name()}" for n in words.some(50)]
        + ["# End"]
    )


def parse_hosts(lines):
    for line in lines:
        first, *names = line.split("#")[0].split() or [""]
        if first in ("0.0.0.0", "127.0.0.1", "::1", "::"):
            yield from (name for name in names if NAME.fullmatch(plain(name)) and name != "localhost.localdomain")


def domains(words):
    return (
        ["# uji", "! also a comment", "; and this"]
        + [words.mixed(n) + ("." if words.chance(0.05) else "") for n in words.some(400)]
        + ["", "name.example # why", "h\u00f6ax.example"]
    )


def parse_domains(lines):
    for line in lines:
        name = (
            re.sub(r"\s+#.*", "", line).strip().encode("idna").decode()
            if "\u00f6" in line
            else re.sub(r"\s+#.*", "", line).strip()
        )
        if NAME.fullmatch(plain(name)):
            yield name


def wildcards(words):
    return ["# uji"] + [f"*.{n}" for n in words.some(300)] + [f".{n}" for n in words.some(50)]


def parse_wildcards(lines):
    return (line.split(".", 1)[1] for line in lines if line[0] != "#")


def adblock_dns(words):
    return (
        ["[Adblock Plus]", "! Title: uji", "! Homepage: https://list.example/", "!"]
        + [f"||{n}^" for n in words.some(400)]
        + [f"||{n}^$important" for n in words.some(20)]
        + [f"@@||{n}^" for n in words.some(20)]
        + [f"||{n}^$dnsrewrite=192.0.2.1" for n in words.some(5)]
        + [f"||{n}^$denyallow=a.{n}" for n in words.some(5)]
        + ["/^ads?[0-9]*\\./", "||ads*.x.example^", "|http://x.example^", "||1.2.3.*^"]
    )


def adblock_browser(words):
    """Most of its lines are no blocks of a site."""
    return (
        ["[Adblock Plus 2.0]", "! Title: uji"]
        + [f"{n}##.ad-banner" for n in words.some(300)]
        + ["##.ad", "###top-ad", f"{words.name()},{words.name()}#@#.ad", f"{words.name()}#?#div:has(> .x)"]
        + [f"||{n}^$third-party" for n in words.some(100)]
        + [f"||{n}^$domain={words.name()}" for n in words.some(50)]
        + [f"||{n}/ads/banner.js" for n in words.some(50)]
        + [f"||{n}^" for n in words.some(100)]
        + [f"||{n}^$all" for n in words.some(10)]
        + [f"@@||{n}^$script" for n in words.some(20)]
        + [f"@@||{n}^" for n in words.some(5)]
        + ["-ad-300x250.", "&ad_box_", "/banner/*/ad.", ".example/ads/"]
    )


def parse_adblock(lines):
    for line in lines:
        if found := re.fullmatch(r"\|\|([a-z0-9._-]+)\^?(\$(all|important|document))?", line):
            yield found[1]


def dnsmasq(words):
    return (
        ["# uji", "", "domain-needed", "bogus-priv"]
        + [f"address=/{n}/0.0.0.0" for n in words.some(200)]
        + [f"address=/{n}/::" for n in words.some(50)]
        + [f"local=/{n}/" for n in words.some(100)]
        + [f"server=/{n}/" for n in words.some(50)]
        + [f"address=/{n}/#" for n in words.some(20)]
        + [f"address=/{n}/" for n in words.some(20)]
        + [f"address=/{n}/{words.name()}/0.0.0.0" for n in words.some(20)]
        + [f"server=/{n}/192.0.2.53" for n in words.some(20)]
        + [f"address=/{n}/203.0.113.7" for n in words.some(20)]
    )


def parse_dnsmasq(lines):
    for line in lines:
        if found := re.fullmatch(r"(address|local|server)=/(.*)/(|0\.0\.0\.0|::|#)", line):
            yield from found[2].split("/")


def unbound(words):
    kinds = ["always_nxdomain", "static", "refuse", "redirect", "always_null"]
    return (
        ["server:"]
        + [f'  local-zone: "{n}" {kinds[i % 5]}' for i, n in enumerate(words.some(300))]
        + [f'local-zone: "{n}." always_nxdomain # why' for n in words.some(50)]
        + [f'local-data: "{n} A 0.0.0.0"' for n in words.some(50)]
        + [f'local-zone: "{n}" transparent' for n in words.some(30)]
        + [f'local-data: "{n} A 203.0.113.7"' for n in words.some(30)]
    )


def parse_unbound(lines):
    for line in lines:
        if found := re.match(
            r'\s*local-zone: "([^"]*?)\.?" (always_nxdomain|static|refuse|redirect|always_null)', line
        ) or re.match(r'local-data: "(\S+) A 0\.0\.0\.0"', line):
            yield found[1]


def rpz(words):
    return (
        ["$TTL 300", "@ IN SOA localhost. root.localhost. (", "  1 ; serial", "  3600 600 86400 60 )", " NS localhost."]
        + [f"{n} CNAME ." for n in words.some(300)]
        + [f"{n} CNAME rpz-passthru." for n in words.some(20)]
    )


def parse_rpz(lines):
    return (line.split()[0] for line in lines if line.endswith(" CNAME ."))


MAKERS = {
    "hosts": (hosts, parse_hosts, "hosts"),
    "domains": (domains, parse_domains, "domains"),
    "wildcards": (wildcards, parse_wildcards, "domains"),
    "adblock-dns": (adblock_dns, parse_adblock, "adblock"),
    "adblock-browser": (adblock_browser, parse_adblock, "adblock"),
    "dnsmasq": (dnsmasq, parse_dnsmasq, "dnsmasq"),
    "unbound": (unbound, parse_unbound, "unbound"),
    "rpz": (rpz, parse_rpz, "rpz"),
}


@pytest.fixture
def lists(workspace):
    return Lists(workspace)


class Lists:
    def __init__(self, workspace):
        self.workspace, self.file = workspace, workspace.folder / "list.txt"

    def put(self, text):
        self.file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def do(self, *options, format="auto"):
        return self.workspace.tool.do(
            "list", "import", "--source", "uji", "--format", format, "--allow-large", self.file, *options
        )

    def refused(self, *options, format="auto"):
        before = self.workspace.digest() if self.workspace.database.exists() else None
        result = self.workspace.tool.refused(
            USAGE, "list", "import", "--source", "uji", "--format", format, self.file, *options
        )
        assert not result.out and (before is None or self.workspace.digest() == before), result
        return result.err

    def names(self):
        """As another resolver reads them: `*.name` for subtrees."""
        out = self.workspace.tool("feed", "export", "--origin", "x", "--output", "-").out
        lines = [line.split()[0] for line in out.splitlines() if line[0] not in ";$@"]
        return {name for name in lines if name[0] != "*"}, {name[2:] for name in lines if name[0] == "*"}


@pytest.mark.parametrize("shape", MAKERS)
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("guessed", [True, False], ids=["auto", "named"])
def test_a_list_gives_the_names_that_another_parser_finds(lists, shape, seed, guessed):
    maker, parser, format = MAKERS[shape]
    lines = maker(Words(seed))
    end = "\r\n" if seed == 2 else "\n"
    lists.put(end.join(lines) + end)
    result = lists.do("--json", format="auto" if guessed else format)
    expected = {plain(name) for name in parser(lines)}
    names, below = lists.names()
    assert names == expected, (sorted(names ^ expected)[:5], result.err[-500:])
    assert below == (set() if format == "rpz" else expected)
    assert result.json()["format"] == format and result.json()["names"] == len(expected)


@pytest.mark.parametrize("shape", MAKERS)
def test_auto_says_which_format_it_found_and_how_sure_it_is(lists, shape):
    maker, _, format = MAKERS[shape]
    lists.put("\n".join(maker(Words(3))) + "\n")
    result = lists.do()
    assert re.search(rf"format {format}, which \d+\.\d % of \d+ lines fit", result.err), result


def test_what_an_adblock_list_only_mentions_stays_reachable(lists):
    """Read as domains or hosts, such a list would block the news sites and leave the listed ones reachable."""
    lists.put(
        "! Title: uji\n||hoax.example^\n||ads.example^$third-party\nnews.example##.ad\nnews2.example#@#.ad\n"
        "@@||good.example^\n||page.example/hoax.html\n"
    )
    result = lists.do("--json")
    assert lists.names()[0] == {"hoax.example"}, result
    told = {one["line"]: one["reason"] for one in result.json()["skipped"]}
    assert sorted(told) == [3, 4, 5, 6, 7] and "exception" in told[6] and "parts of pages" in told[4], told
    assert sum(one["count"] for one in result.json()["skipped_reasons"]) == 5


def test_an_exception_of_a_list_lifts_nothing_that_others_block(lists):
    lists.workspace.block("good.example")
    lists.put("||hoax.example^\n||good.example^\n@@||good.example^\n@@||open.hoax.example^\n")
    result = lists.do("--json")
    assert result.json()["names"] == 1 and result.json()["passed_but_blocked"] == 1, result
    verdict = lists.workspace.tool.do("explain", "good.example", "--json").json()
    assert verdict["verdict"] == "blocked" and not verdict["order"]["id"].startswith("list:")
    assert "open.hoax.example" in result.err


@pytest.mark.parametrize(
    "text, fragments",
    [
        ('[\n "a.example",\n "b.example"\n]\n', ["is JSON"]),
        ('{"domains": ["a.example"]}\n', ["is JSON"]),
        ("hoaks1.example,fake\nhoaks2.example,fake\n", ["table (CSV)"]),
        ("1,a.example\n2,b.example\n", ["table (CSV)"]),
        ("<!DOCTYPE html>\n<p>a.example\n", ["web page"]),
        ("a.example\nb.example\n".encode("utf-16"), ["UTF-16"]),
        ("a.example\nb.example\n".encode("utf-16-le"), ["UTF-16"]),
        ("a.example\rb.example\r", ["old Macs"]),
        (b"PK\x03\x04xxxx", ["zip"]),
        (b"BZh91AY", ["bzip2"]),
        ("\n \n", ["is empty"]),
        ("# nothing\n", ["has no name"]),
        (
            "http://a.example/x\nhttp://b.example/y\nport.example:1\n",
            ["fits no list format", "2 x is a page", "1 x names a port"],
        ),
        ("a.example\n0.0.0.0 b.example\n", ["fits no list format"]),
        (gzip.compress(b"a.example\n" * 1000)[:-12], ["is truncated"]),
    ],
)
def test_what_is_no_list_is_named_and_the_old_state_stays(lists, text, fragments):
    lists.put("0.0.0.0 first.example\n")
    lists.do()
    lists.put(text)
    for format in ("auto", "domains"):
        if format == "domains" and "0.0.0.0" in str(text):
            continue
        told = lists.refused(format=format)
        for fragment in fragments:
            assert (
                fragment.replace("fits no list format", "no name" if format == "domains" else "fits no list format")
                in told
            ), told
    assert lists.names()[0] == {"first.example"}


def test_a_list_refused_whole_shows_its_first_lines_and_a_tally(lists):
    lists.put("".join(f'"q{i}.example",\n' for i in range(500)) + "a.example\n")
    told = lists.refused(format="domains")
    assert 'list.txt:1: ""q0.example",": has the character' in told and "did you mean q0.example?" in told, told
    assert "500 x has the character" in told and "list.txt:11:" not in told, told


def test_a_list_of_another_format_than_named_says_which_it_seems_to_be(lists):
    lists.put("".join(f"||a{i}.example^\n" for i in range(20)))
    assert "it looks like format adblock" in lists.refused(format="hosts")
    lists.put("".join(f"0.0.0.0 a{i}.example\n" for i in range(20)))
    assert "it looks like format hosts" in lists.refused(format="domains")


@pytest.mark.parametrize(
    "match, names, below", [("subtree", {"a.example"}, {"a.example"}), ("exact", {"a.example"}, set())]
)
@pytest.mark.parametrize(
    "line", ["a.example", "0.0.0.0 a.example", "||a.example^", "address=/a.example/", 'local-zone: "a.example" static']
)
def test_how_far_a_line_reaches_is_an_option(lists, line, match, names, below):
    lists.put(line + "\n")
    lists.do("--match", match)
    assert lists.names() == (names, below)


def test_a_list_of_exact_names_has_no_wildcards_and_a_zone_says_itself_how_far_it_reaches(lists):
    lists.put("a.example\nb.example\n*.c.example\n")
    assert lists.do("--match", "exact", "--json").json()["bad_count"] == 1
    lists.put("a.example CNAME .\n")
    assert "--match" in lists.refused("--match", "exact", format="rpz")


def test_a_packed_list_and_one_from_a_pipe_read_like_any_other(lists):
    text = "".join(f"a{i}.example\n" for i in range(3000))
    lists.put(gzip.compress(text.encode()))
    assert lists.do("--json").json()["names"] == 3000
    result = lists.workspace.tool(
        "list", "import", "--source", "pipa", "--format", "auto", "-", "--json", stdin="0.0.0.0 one.example\n"
    )
    assert result.json()["names"] == 1 and result.json()["format"] == "hosts", result


def test_addresses_are_understood_in_every_format(lists):
    for text in (
        "a.example\n203.0.113.7\n198.51.100.0/24 ; SBL1\n2001:db8:1::/48\n",
        "||a.example^\n||203.0.113.7^\n",
        "address=/a.example/\nbogus-nxdomain=203.0.113.7\n",
    ):
        lists.put(text)
        result = lists.do("--json").json()
        assert result["bad_count"] == 0 and result["names"] == 1, result
    lists.put("203.0.113.1/24\n1.2.3\na.example\nb.example\nc.example\n")
    assert [bad["line"] for bad in lists.do("--json").json()["bad"]] == [1, 2]


@pytest.mark.parametrize("shape", ["adblock-dns", "dnsmasq", "unbound", "wildcards"])
def test_sync_reads_the_same_formats(lists, shape):
    maker, parser, _ = MAKERS[shape]
    lines = maker(Words(5))
    lists.put("\n".join(lines) + "\n")
    lists.workspace.configure(
        more=f'[[feed]]\nname = "uji"\nurl = "list+file://{lists.file}"\nunsigned = true\nmatch = "exact"\n'
        if shape != "wildcards"
        else f'[[feed]]\nname = "uji"\nurl = "list+file://{lists.file}"\nunsigned = true\n'
    )
    result = lists.workspace.tool.do("sync")
    assert "which" in result.out + result.err and "lines fit" in result.out + result.err, result
    names, below = lists.names()
    assert names == {plain(name) for name in parser(lines)} and (below == set()) == (shape != "wildcards")


def test_sync_keeps_the_last_good_state_when_a_list_fits_no_format(lists):
    lists.put("a.example\nb.example\n")
    lists.workspace.configure(more=f'[[feed]]\nname = "uji"\nurl = "list+file://{lists.file}"\nunsigned = true\n')
    lists.workspace.tool.do("sync")
    lists.put("https://a.example/x\nhttps://b.example/x\nc.example\n")
    result = lists.workspace.tool("sync")
    assert result.code == 6 and "2 x is a page" in result.err + result.out, result
    assert lists.names()[0] == {"a.example", "b.example"}
