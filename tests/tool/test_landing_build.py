"""`landing build DIR`: its files, written completely or not at all, and the files that it never deletes."""
import signal
import subprocess

import pytest

from support import orders, paths
from support.landing import files, host_map, page_of
from support.tool import UNSAFE, USAGE

FOREVER = "9999-12-31T23:59:59Z"


@pytest.fixture
def site(workspace):
    return workspace.folder / "landing"


@pytest.fixture
def build(workspace, site):
    return lambda *options: workspace.tool.do("landing", "build", site, *options)


def test_a_page_an_order_and_a_line_a_name(workspace, site, build):
    workspace.block("hoax.example", "other.example")
    workspace.block("only.example", id="B-2", match="exact")
    told = build("--json").json()
    lines = host_map(site)
    assert set(lines) == {".hoax.example", ".other.example", "only.example"}
    assert lines[".hoax.example"] == lines[".other.example"] != lines["only.example"]
    assert (told["orders"], told["lists"], told["local"], told["lines"]) == (2, 0, 0, 3), told
    assert orders.ID in page_of(site, ".hoax.example") and "B-2" in page_of(site, "only.example")
    assert told["bytes"] + len(files(site)[".saring-landing"]) == sum(len(content) for content in files(site).values())


def test_the_same_database_gives_the_same_octets(workspace, site, build):
    workspace.block("hoax.example", "z.example", "a.b.example")
    workspace.tool.do("local", "block", "mine.example", "--reason", "ticket 78")
    build()
    first = files(site)
    build()
    assert files(site) == first and len(first) == 7


def test_an_empty_database_makes_the_two_general_pages(workspace, site, build):
    workspace.tool.do("db", "init")
    build()
    assert set(files(site)) == {
        ".saring-landing", "www/index.html", "www/ended.html", "nginx/hosts.map", "nginx/headers.conf"
    }


def test_orders_that_do_not_block_have_no_page(workspace, site, build):
    workspace.apply("--scheduled", id="B-1", targets=orders.domains("later.example"), effective="2198-01-01T00:00:00Z")
    workspace.block("rehearsed.example", id="B-2", action="log")
    told = build("--json").json()
    assert host_map(site) == {} and told["orders"] == 0
    assert told["valid_until"] == "2198-01-01T00:00:00Z"


def test_names_of_an_order_that_ended_lately_get_the_page_that_says_so(workspace, site, build):
    workspace.block("lifted.example", "still.example", id="B-1")
    workspace.block("still.example", id="B-2")
    workspace.tool.do("order", "revoke", "B-1", "--reason", "objection upheld")
    build()
    assert host_map(site)[".lifted.example"] == "/ended.html"
    assert "B-2" in page_of(site, ".still.example")
    assert "Tidak ada perintah yang memblokir" in (site / "www" / "ended.html").read_text()


def test_what_is_passed_over_is_not_called_blocked(workspace, site, build):
    workspace.block("hoax.example", "deep.open.example")
    workspace.block("good.hoax.example", id="B-2", action="passthru")
    workspace.tool.do("local", "allow", "open.example", "--reason", "wrong")
    build()
    lines = host_map(site)
    assert lines[".good.hoax.example"] == "/ended.html" and lines[".open.example"] == "/ended.html"
    assert lines[".hoax.example"].startswith("/order/") and ".deep.open.example" not in lines


def test_a_closer_exact_name_speaks_for_itself_alone(workspace, site, build):
    workspace.block("hoax.example", id="B-1")
    workspace.block("www.hoax.example", id="B-2", match="exact")
    build()
    assert "B-1" in page_of(site, ".hoax.example") and "B-2" in page_of(site, "www.hoax.example")


def test_a_signed_order_is_shown_before_a_list_and_the_isps_own(workspace, site, build):
    workspace.block("hoax.example", id="B-1")
    names = workspace.folder / "names.txt"
    names.write_text("www.hoax.example\nlisted.example\n")
    workspace.tool.do("list", "import", "--source", "provider", "--format", "domains", names)
    workspace.tool.do("local", "block", "mine.example", "--reason", "ticket 78")
    told = build("--json").json()
    assert set(host_map(site)) == {".hoax.example", ".listed.example", ".mine.example"}, told
    assert "list:provider" in page_of(site, ".listed.example")
    mine = page_of(site, ".mine.example")
    assert "local:1" in mine and "ticket 78" not in mine, "an ISP's own note is not for the public"


def test_a_list_that_is_too_long_stays_out_of_the_map_and_is_reported(workspace, site, build):
    workspace.block("hoax.example", id="B-1")
    for source, count in (("short", 3), ("long", 50)):
        names = workspace.folder / f"{source}.txt"
        names.write_text("".join(f"n{n}.{source}.example\n" for n in range(count)))
        workspace.tool.do(
            "list", "import", "--source", source, "--authority", f"Daftar {source}", "--format", "domains", names
        )
    told = build("--most-names", "20", "--json")
    assert told.json()["lists_left_out"] == ["list:long"] and "list:long" in told.err
    assert len(host_map(site)) == 4
    index = (site / "www" / "index.html").read_text()
    assert "Daftar long" in index and "Daftar short" not in index


def test_a_block_without_an_end_names_none(workspace, site, build):
    workspace.block_in_spite("hoax.example", expires=FOREVER)
    build()
    page = page_of(site, ".hoax.example")
    assert "-31T" not in page and "31 December" not in page and "it is lifted" in page and "dicabut" in page


def test_only_the_languages_asked_for(workspace, site, build):
    workspace.block("hoax.example")
    build("--languages", "en")
    page = page_of(site, ".hoax.example")
    assert '<html lang="en">' in page and 'lang="id"' not in page and "<nav" not in page


@pytest.mark.parametrize(
    "languages, culprit", [("xx", "text.xx.html"), ("id,id", "id"), ("i/d", "i/d"), ("", "--languages")]
)
def test_a_language_that_cannot_be_is_named(workspace, site, languages, culprit):
    workspace.block("hoax.example")
    assert culprit in workspace.tool.refused(USAGE, "landing", "build", site, "--languages", languages).err
    assert not site.exists()


def test_somebody_else_s_directory_is_left_alone(workspace, site):
    workspace.block("hoax.example")
    site.mkdir()
    (site / "thesis.txt").write_text("years of work")
    assert "would be lost" in workspace.tool.refused(UNSAFE, "landing", "build", site).err
    assert files(site) == {"thesis.txt": b"years of work"}


@pytest.mark.parametrize("place", ["logo.png", "www/logo.png", "www/order/mine.html", "nginx/more.conf"])
def test_a_file_that_somebody_put_into_the_site_is_not_deleted(workspace, site, build, place):
    workspace.block("hoax.example")
    build()
    (site / place).write_text("mine")
    assert place in workspace.tool.refused(UNSAFE, "landing", "build", site).err
    assert (site / place).read_text() == "mine"


def test_a_link_inside_the_site_is_never_followed(workspace, site, build):
    workspace.block("hoax.example")
    build()
    precious = workspace.folder / "precious"
    precious.mkdir()
    (precious / "file").write_text("keep")
    (site / "www" / "index.html").unlink()
    (site / "www" / "index.html").symlink_to(precious / "file")
    workspace.tool.refused(UNSAFE, "landing", "build", site)
    assert (precious / "file").read_text() == "keep"


def test_an_empty_directory_and_a_link_to_the_site_are_taken(workspace, site, build):
    workspace.block("hoax.example")
    site.mkdir()
    build()
    link = workspace.folder / "link"
    link.symlink_to(site)
    workspace.block("more.example", id="B-2")
    workspace.tool.do("landing", "build", str(link) + "/")
    assert link.is_symlink() and ".more.example" in host_map(site)


def test_a_parent_that_is_not_there_is_named(workspace):
    workspace.block("hoax.example")
    assert "/nowhere" in workspace.tool.refused(USAGE, "landing", "build", workspace.folder / "nowhere" / "site").err


def test_two_builds_at_once_do_not_mix(workspace, site, build):
    workspace.block("hoax.example")
    build()
    holder = subprocess.Popen(["flock", str(site.parent), "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    holder.stdin.write(b"x\n")
    holder.stdin.flush()
    holder.stdout.read(2)  # cat runs: the lock is held
    try:
        assert "another" in workspace.tool.refused(UNSAFE, "landing", "build", site).err
    finally:
        holder.communicate()
    build()


def test_a_build_killed_at_any_moment_leaves_one_whole_site(workspace, site, build):
    """Killed at each of its writing system calls in turn; the next build cleans up and succeeds."""
    workspace.block("hoax.example", id="B-1")
    sites = {}
    for languages in ("id", "en"):
        build("--languages", languages)
        sites[languages] = files(site)
    killed_at = set()
    for call in ("mkdir", "rename", "renameat2", "syncfs", "unlinkat"):
        for number in range(1, 20):
            build("--languages", "id")
            trace = [
                "strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                f"inject={call}:signal=KILL:when={number}"
            ]
            done = subprocess.run([
                *trace,
                str(paths.TOOL), "--config",
                str(workspace.config), "landing", "build",
                str(site), "--quiet", "--languages", "en"
            ], text=True, capture_output=True, check=False)
            if "ptrace" in done.stderr:
                pytest.skip("strace may not trace here: " + done.stderr)
            if done.returncode == 0:
                break
            assert done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL), done
            killed_at.add(call)
            assert files(site) in sites.values(), (call, number)
    assert killed_at == {"mkdir", "rename", "renameat2", "syncfs", "unlinkat"}
    build("--languages", "en")
    assert files(site) == sites["en"]
    assert [entry.name for entry in site.parent.iterdir() if entry.name.startswith("landing")] == ["landing"]
