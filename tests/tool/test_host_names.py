"""One grammar for names of sites in every command: commands that write refuse other text, commands that read extract
the host from pasted text."""
import pytest

from support import made_hits as hits
from support.tool import DONE, NO, USAGE

LEAST = ["--id", "B-1", "--authority", "Uji", "--expires", "2199-01-01T00:00:00Z"]

# Input, and the host that was probably meant.
NO_NAMES = [
    ("port.example:8040", "port.example"),
    ('"q.example",', "q.example"),
    ("hoaks1.example,fake", "hoaks1.example"),
    ("x.example$all", "x.example"),
    ("x.example^", "x.example"),
    ("||x.example^", "x.example"),
    ("semi.example;", "semi.example"),
    ("sp%20x.example", "x.example"),
    ("at@mail.example", "mail.example"),
    ("http://u.example/page", "u.example"),
    ("http://user:pw@u.example:8080/path?x", "u.example"),
    ("159.323.68.211", ""),
    ("192.0.2.007", ""),
    ("1.2.3", ""),
    ("back\\slash.example", ""),
    ("two words.example", "words.example"),
    ("hoax..example", ""),
    ("x.0x7f", ""),
    ("a*b.example", ""),
    ("x.example\u2019s", "x.example"),
    ("h\u00f6ax.example:8040", "xn--hax-sna.example"),
]
NAMES = [
    ("hoax.example", "hoax.example"),
    ("HOAX.Example.", "hoax.example"),
    ("_dmarc.x.example", "_dmarc.x.example"),
    ("a_b.x.example", "a_b.x.example"),
    ("h\u00f6ax.example", "xn--hax-sna.example"),
    ("xn--hax-sna.example", "xn--hax-sna.example"),
    ("1.example", "1.example"),
    ("a-.example", "a-.example"),
]
PASTED = [
    "https://hoax.example/page?x=1#top",
    "http://user:pw@hoax.example:8080/",
    "hoax.example/",
    "hoax.example:443",
    "//hoax.example/a",
    " hoax.example\u00a0",
    "https://HOAX.example",
    "h\u200boax.example",
]


def names_in(workspace):
    out = workspace.tool("feed", "export", "--origin", "x", "--output", "-").out
    return {line.split()[0] for line in out.splitlines() if line[0] not in ";$@*"}


def list_of(workspace, *lines):
    file = workspace.folder / "list.txt"
    file.write_text("".join(line + "\n" for line in lines))
    return file


@pytest.mark.parametrize("text, meant", NO_NAMES)
def test_no_input_accepts_text_that_is_no_name(workspace, text, meant):
    site = workspace.folder / "sites.csv"
    site.write_text('site\n"' + text.replace('"', '""') + '"\nother.example\n')
    doors = [
        ("order", "new", *LEAST, "--domain", text),
        ("order", "new", *LEAST, "--exact", text),
        ("local", "block", text, "--reason", "x"),
        ("order", "new", *LEAST, "--domain", "a.example", "--revoke", f"B-0={text}"),
    ]
    for door in doors:
        result = workspace.tool.refused(USAGE, *door)
        assert text in result.err and meant in result.err, result
    signed = workspace.signed(targets=[{"domain": text}])
    assert text[:5] in workspace.tool.refused(USAGE, "order", "apply", signed).err
    workspace.tool.do("db", "init")
    result = workspace.tool("order", "new", *LEAST, "--sites", site)
    around = text.startswith('"') or text.endswith(";")  # quotes and separators around a name in a table are removed
    assert result.code == (DONE if around else USAGE) and (around or text in result.err), result
    assert workspace.tool("explain", text).code == (
        USAGE if "://" not in text and ":" not in text and "@" not in text else NO
    )


@pytest.mark.parametrize("text, meant", NO_NAMES)
@pytest.mark.parametrize("format", ["domains", "hosts", "dnsmasq", "unbound"])
def test_a_bad_line_of_a_list_is_left_out_with_reason_and_suggestion(workspace, text, meant, format):
    line = {"domains": "{}", "hosts": "0.0.0.0 {}", "dnsmasq": "address=/{}/", "unbound": 'local-zone: "{}" static'}[
        format
    ]
    good = [line.format(name) for name in ("a.example", "b.example", "c.example")]
    if " " in text and format == "hosts" or "/" in text and format == "dnsmasq" or '"' in text:
        pytest.skip("means something else there")
    result = workspace.tool.do(
        "list", "import", "--source", "uji", "--format", format, list_of(workspace, *good, line.format(text)), "--json"
    ).json()
    assert result["names"] == 3 and [bad["line"] for bad in result["bad"]] == [4], result
    assert result["bad"][0]["reason"] and (
        format != "domains" or " " in text or meant in result["bad"][0]["reason"]
    ), result


@pytest.mark.parametrize("text, name", NAMES)
def test_every_input_accepts_names(workspace, text, name):
    document = workspace.tool.do("order", "new", *LEAST, "--domain", text).json()
    assert document["targets"] == [{"domain": name, "match": "subtree"}]
    workspace.tool.do("order", "apply", workspace.signed(document))
    assert workspace.tool.do("explain", text, "--json").json()["name"] == name
    workspace.tool.do("local", "allow", text, "--reason", "x")
    workspace.tool.do("local", "remove", text, "--reason", "x")
    assert (
        workspace.tool.do(
            "list", "import", "--source", "uji", "--format", "domains", list_of(workspace, text), "--json"
        ).json()["names"]
        == 1
    )
    assert names_in(workspace) == {name}


def test_a_name_that_no_host_has_can_be_written_on_purpose(workspace):
    workspace.block("sp\\032ace.example", "a\\.b.example", "_sip._tcp.x.example")
    assert workspace.tool.do("explain", "sp\\032ace.example", "--json").json()["matched"] == "sp\\032ace.example"
    assert workspace.tool.do("explain", "a\\.b.example").code == DONE
    assert workspace.tool("explain", "b.example").code == NO


@pytest.mark.parametrize("text", PASTED)
def test_queries_extract_the_host_from_pasted_text_and_say_so(workspace, text):
    workspace.block("hoax.example")
    result = workspace.tool.do("explain", text, "--json")
    assert result.json()["name"] == "hoax.example" and result.json()["verdict"] == "blocked", result
    assert ("hoax.example" in result.err.lower()) == any(c in text for c in "/:"), result


def test_queries_extract_addresses_from_pasted_text(workspace):
    workspace.apply(targets=[{"address": "203.0.113.7"}, {"address": "2001:db8:1::7"}])
    for text, address in (
        ("http://203.0.113.7/x", "203.0.113.7"),
        ("203.0.113.7:443", "203.0.113.7"),
        ("[2001:db8:1::7]:443", "2001:db8:1::7"),
        ("https://[2001:db8:1::7]/", "2001:db8:1::7"),
    ):
        assert workspace.tool.do("explain", text, "--json").json()["name"] == address


@pytest.mark.parametrize(
    "text",
    [
        "x.example^",
        "back\\slash.example",
        "1.2.3",
        "203.0.113.0/24",
        "a..b",
        "*.hoax.example",
        "",
        "two words",
        "http:///x",
        "159.323.68.211",
    ],
)
def test_text_that_is_no_name_is_never_reported_as_not_blocked(workspace, text):
    workspace.block("hoax.example")
    for words in (
        ("explain", text),
        ("hits", "list", "--name", text or "."[1:] or " "),
        ("quarantine", "show", "B-1", text or " "),
    ):
        if not text and words[0] != "explain":
            continue
        result = workspace.tool(*words)
        if words[0] == "quarantine" and text == "203.0.113.0/24":
            continue  # a prefix can be held
        assert result.code == USAGE and not result.out, result


def test_hits_are_found_by_what_was_pasted(shared_workspace):
    hits.record(
        shared_workspace,
        [{"time": "2024-02-14T07:00:00Z", "qname": "www.hoax.example", "listed": "hoax.example", "order": "B-1/2024"}],
    )
    result = shared_workspace.tool.do("hits", "list", "--name", "https://hoax.example:443/page", "--json")
    assert [hit["qname"] for hit in result.json()["hits"]] == ["www.hoax.example"] and "hoax.example" in result.err


def test_local_takes_a_whole_host_that_was_pasted_and_no_page(workspace):
    for text in ("https://hoax.example/", "hoax.example:443", "http://hoax.example:80", "hoax.example/"):
        result = workspace.tool.do("local", "block", text, "--reason", "x", "--json")
        assert result.json()["target"] == "hoax.example" and "is read as hoax.example" in result.err, result
        workspace.tool.do("local", "remove", text, "--reason", "x")
    for text in ("https://hoax.example/page", "hoax.example:8040", "user@hoax.example"):
        result = workspace.tool.refused(USAGE, "local", "block", text, "--reason", "x")
        assert "hoax.example" in result.err, result
    # To remove an entry, anything that contains its name may be pasted.
    workspace.tool.do("local", "block", "hoax.example", "--reason", "x")
    workspace.tool.do("local", "remove", "https://hoax.example/page", "--reason", "x")


def test_what_the_configuration_names_is_held_to_the_same_grammar(workspace):
    workspace.configure(answer='redirect_cname = "https://landing.example/"\n')
    result = workspace.tool.refused(USAGE, "status")
    assert "redirect_cname" in result.err and "landing.example" in result.err
