"""`setup`: a first configuration from options or answers; nothing is overwritten."""
import os
import pty
import subprocess

import pytest

from support import keys, paths
from support.feeds import Feed
from support.tool import DONE, UNSAFE, USAGE, Tool
from support.waiting import wait_for

NOT_ASKED = "--non-interactive"


@pytest.fixture
def place(tmp_path):
    (tmp_path / "unbound.conf.d").mkdir()
    return tmp_path


def set_up(place, *options):
    return Tool(None)("setup", NOT_ASKED, "--output", place / "saring.toml", "--unbound-dir", place / "unbound.conf.d",
                      "--unbound", paths.UNBOUND_PROGRAM, "--module", paths.MODULE, "--database", place / "db",
                      "--hits", place / "hits", *options)


def test_what_it_writes_works_from_the_first_sync_to_a_blocked_answer(workspace, place, resolver_of):
    feed = Feed(workspace)
    feed.publish_orders("B-1")
    done = set_up(place, "--key", workspace.ministry.public, "--feed", f"ministry=file://{feed.directory}",
                  "--feed-key", f"theirs={feed.key.public_text}")
    assert done.code == DONE and "sync --dry-run" in done.out and "doctor" in done.out, done
    with (place / "saring.toml").open("a") as config:  # the orders of tests hold for long
        config.write("\n[safety]\nmax_order_lifetime_days = 400000\n")
    workspace.config, workspace.tool = place / "saring.toml", Tool(place / "saring.toml")
    workspace.tool.do("sync")
    # The snippet as Unbound reads it, beside the test's own lines.
    server = resolver_of(
        workspace, extra=(place / "unbound.conf.d/saring.conf").read_text().replace("subnetcache ", "")
    ).start()
    wait_for(lambda: server.dig("www.b-1.example").status == "NXDOMAIN", "the block")
    assert "theirs" in (place / "saring.toml").read_text()


def test_unbound_checkconf_takes_the_snippet(place):
    assert set_up(place).code == DONE
    (place / "unbound.conf").write_text(
        f'server:\n    directory: "{place}"\n    username: ""\n    chroot: ""\n'
        f'include-toplevel: "{place}/unbound.conf.d/*.conf"\n'
    )
    done = subprocess.run([str(paths.UNBOUND / "unbound-checkconf"),
                           str(place / "unbound.conf")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    assert str(paths.MODULE) in (place / "unbound.conf.d/saring.conf").read_text()


@pytest.mark.parametrize("existing", ["saring.toml", "unbound.conf.d/saring.conf"])
def test_it_overwrites_nothing(place, existing):
    (place / existing).write_text("mine")
    done = set_up(place)
    assert done.code == UNSAFE and str(place / existing) in done.err, done
    assert (place / existing).read_text() == "mine"
    assert sorted(str(f.relative_to(place)) for f in place.rglob("*") if f.is_file()) == [existing]


@pytest.mark.parametrize("options, culprit", [(["--key", "RWnonsense"], "--key"),
                                              (["--key", "no-such-file.pub"], "no-such-file.pub"),
                                              (["--feed", "ftp://feed.example/"], "ftp"),
                                              (["--feed", "https://feed.example/"], "--feed-key"),
                                              (["--feed", "list+https://feed.example/"], "sha256"),
                                              (["--action", "explode"], "explode"),
                                              (["--threshold", "2"], "--threshold"),
                                              (["--landing", "192.0.2.0/24"], "192.0.2.0/24")])
def test_what_cannot_work_is_refused_before_anything_is_written(place, options, culprit):
    done = set_up(place, *options)
    assert done.code in (USAGE, 4) and culprit in done.err, done
    assert not [f for f in place.rglob("*") if f.is_file()]


def test_the_commands_to_run_next_name_a_relative_output_by_its_absolute_path(place, monkeypatch):
    monkeypatch.chdir(place)
    done = Tool(None)("setup", NOT_ASKED, "--output", "saring.toml", "--unbound-dir", "unbound.conf.d",
                      "--unbound", paths.UNBOUND_PROGRAM, "--module", paths.MODULE)
    written = place.resolve() / "saring.toml"
    assert done.code == DONE, done
    assert f"--config {written} db init" in done.out and f"SARING_CONFIG={written}\n" in done.out, done


def test_a_folder_that_is_not_there_is_named(place):
    (place / "unbound.conf.d").rmdir()
    done = set_up(place)
    assert (
        done.code == USAGE and f"install -d {place}/unbound.conf.d" in done.err and not (place / "saring.toml").exists()
    ), done


def test_one_key_may_sign_both_and_two_keys_have_two_names(place):
    one, two = (keys.make_key(place, name) for name in ("one", "two"))
    done = set_up(place, "--key", one.public_text, "--key", two.public_text, "--threshold", "2", "--feed",
                  "https://feed.example/orders/", "--feed-key", one.public_text, "--no-unbound")
    assert done.code == DONE, done
    text = (place / "saring.toml").read_text()
    assert (
        text.count("[[trust.key]]") == 2
        and 'roles = ["order", "feed"]' in text
        and '"ministry-2"' in text
        and "threshold = 2" in text
    )
    assert not (place / "unbound.conf.d/saring.conf").exists() and "unbound" not in done.out


def test_a_landing_page_makes_blocks_lead_there(place):
    assert set_up(place, "--landing", "192.0.2.80", "--landing", "2001:db8::80").code == DONE
    text = (place / "saring.toml").read_text()
    assert (
        'action = "redirect"' in text
        and 'redirect_a = ["192.0.2.80"]' in text
        and 'redirect_aaaa = ["2001:db8::80"]' in text
    )


def answered(place, *lines):
    """The output on a terminal when these lines are typed at the questions."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [str(paths.TOOL), "setup", "--output",
         str(place / "saring.toml"), "--unbound",
         str(paths.UNBOUND_PROGRAM)], stdin=its, stdout=its, stderr=its, env={**os.environ, "TERM": "dumb"})
    os.close(its)
    os.write(ours, "".join(line + "\n" for line in lines).encode() + b"\x04")
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    return process.wait(timeout=60), shown.decode()


def test_a_wrong_answer_is_asked_for_again(place):
    key = keys.make_key(place, "ministry")
    code, shown = answered(place, "RWwrong", str(key.public), "", "ftp://x", "https://feed.example/orders/", "", "",
                           "explode", "log", str(place / "db"), str(place / "unbound.conf.d"))
    assert code == DONE and "--feed" not in shown, shown
    text = (place / "saring.toml").read_text()
    assert (
        f'public_key = "{key.public_text}"' in text and 'roles = ["order", "feed"]' in text and 'action = "log"' in text
    )
    assert 'name = "ministry"\nurl = "https://feed.example/orders/"' in text and f'path = "{place}/db"' in text
    assert (place / "unbound.conf.d/saring.conf").exists() and "wrote" in shown


def test_answers_that_end_write_nothing(place):
    code, shown = answered(place, "")
    assert code == USAGE and "nothing was written" in shown, shown
    assert not (place / "saring.toml").exists()
