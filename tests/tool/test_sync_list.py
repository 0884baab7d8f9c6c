"""`sync` of list+https:// and list+file:// feeds: vouched for, only read when changed, never a web page."""
import hashlib

import pytest

from support import keys, orders
from support.feeds import option
from support.knot import zone_text
from support.tool import NETWORK, UNSAFE, UNTRUSTED, USAGE
from support.webserver import Nginx

NAME = "provider"
PLAIN = "one.example\ntwo.example\n"


class Lists:
    """A folder with a list, and the ISP that follows it from disk or from a web server."""

    def __init__(self, workspace, folder, ca):
        self.workspace, self.folder, self._ca = workspace, folder, ca
        self.file = folder / "list.txt"
        self.url = f"list+file://{self.file}"
        self.put(PLAIN)

    def put(self, text):
        self.file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def follow(self, url=None, feed_key=None, **options):
        self.workspace.configure()
        given = {
            "name": NAME, "url": url or self.url, "ca_file": str(self._ca.certificate), "retries": 0,
            "timeout_seconds": 30, **options
        }
        with self.workspace.config.open("a") as file:
            if feed_key:
                file.write(
                    f'\n[[trust.key]]\nname = "publisher"\npublic_key = "{feed_key.public_text}"\nroles = ["feed"]\n'
                )
            file.write("\n[[feed]]\n" + "".join(f"{key} = {option(value)}\n" for key, value in given.items()))

    def sync(self):
        return self.workspace.tool.do("sync", "--json").json()["feeds"][0]

    def refused(self, code):
        before = self.names()
        result = self.workspace.tool.refused(code, "sync")
        assert self.names() == before, result
        return result.err

    def names(self):
        out = self.workspace.tool("feed", "export", "--origin", "x", "--output", "-").out
        return {line.split()[0] for line in out.splitlines() if line[0] not in ";$@*"}

    def serial(self):
        return self.workspace.tool.do("status", "--json").json()["serial"]


@pytest.fixture
def lists(workspace, new_folder, ca):
    return Lists(workspace, new_folder("list"), ca)


@pytest.fixture
def nginx(lists, new_folder, ca):
    server = Nginx(new_folder("nginx"), lists.folder, ca).start()
    lists.url = f"list+{server.url}list.txt"
    yield server
    server.stop()


def sha256(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_list_over_tls_becomes_one_order(lists, nginx):
    lists.follow(unsigned=True, authority="Penyedia Uji", category="spam", action="refused")
    report = lists.sync()
    assert (report["names_added"], report["applied"]) == (2, 1) and lists.names() == {
        "one.example",
        "two.example",
    }, report
    order = lists.workspace.tool.do("order", "show", f"list:{NAME}", "--json").json()
    assert (order["authority"], order["category"], order["action"], order["kind"]) == ("Penyedia Uji", "spam",
                                                                                       "refused", "list")


def test_an_unchanged_list_is_not_sent_again(lists, nginx):
    lists.follow(unsigned=True)
    lists.sync()
    serial = lists.serial()
    nginx.forget_requests()
    report = lists.sync()
    assert nginx.requests() == ["GET /list.txt 304"] and report["unchanged"] and lists.serial() == serial, report


def test_a_list_sent_again_with_the_same_content_writes_nothing(lists):
    lists.follow(unsigned=True)
    lists.sync()
    serial = lists.serial()
    assert lists.sync()["unchanged"] and lists.serial() == serial


def test_a_new_edition_writes_the_difference(lists, nginx):
    lists.follow(unsigned=True)
    lists.sync()
    lists.put("two.example\nthree.example\n")
    report = lists.sync()
    assert (report["names_added"],
            report["names_removed"]) == (1, 1) and lists.names() == {"two.example", "three.example"}


def test_what_an_import_by_hand_put_in_its_place_is_put_right_though_the_server_has_nothing_new(lists, nginx):
    lists.follow(unsigned=True)
    lists.sync()
    other = lists.folder / "other.txt"
    other.write_text("other.example\n")
    lists.workspace.tool.do("list", "import", "--source", NAME, "--format", "domains", other)
    lists.sync()
    assert lists.names() == {"one.example", "two.example"}


@pytest.mark.parametrize("text, names",
                         [("0.0.0.0 one.example\n0.0.0.0 two.example\n", {"one.example", "two.example"}),
                          (zone_text(2024010101, ["one.example CNAME .", "*.two.example CNAME ."]).replace(
                              "rpz.provider.example", "rpz"), {"one.example"})], ids=["hosts", "rpz"])
def test_other_formats_are_recognised(lists, text, names):
    lists.put(text)
    lists.follow(unsigned=True)
    lists.sync()
    assert lists.names() == names


def test_a_policy_zones_serial_is_remembered(lists):
    lists.put(zone_text(2024010101, ["one.example CNAME ."]))
    lists.follow(unsigned=True, format="rpz")
    assert lists.sync()["serial"] == 2024010101 and lists.sync()["serial"] == 2024010101


def test_a_pinned_list_is_that_list_or_refused(lists):
    lists.follow(sha256=sha256(lists.file))
    lists.sync()
    pinned = sha256(lists.file)
    lists.put("evil.example\n")
    error = lists.refused(UNTRUSTED)
    assert pinned in error and sha256(lists.file) in error


def test_a_list_signed_by_minisign_is_followed(lists, nginx):
    key = lists.workspace.key("publisher")
    keys.sign(lists.file, key).rename(lists.folder / "list.txt.minisig")
    lists.follow(feed_key=key, keys=["publisher"])
    assert lists.sync()["names_added"] == 2


@pytest.mark.parametrize("case", ["absent", "altered", "other-key"])
def test_a_list_without_a_good_signature_is_refused(lists, nginx, case):
    key = lists.workspace.key("publisher")
    if case != "absent":
        signer = lists.workspace.key("stranger") if case == "other-key" else key
        keys.sign(lists.file, signer).rename(lists.folder / "list.txt.minisig")
    if case == "altered":
        lists.put(PLAIN + "evil.example\n")
    lists.follow(feed_key=key, keys=["publisher"])
    lists.refused(UNTRUSTED)


@pytest.mark.parametrize("options", [{}, {"unsigned": True, "sha256": "0" * 64}])
def test_exactly_one_voucher_is_needed(lists, options):
    lists.follow(**options)
    assert "exactly one of" in lists.refused(USAGE)


@pytest.mark.parametrize("content, why", [("<!DOCTYPE html><html>Please log in</html>", "web page"), ("", "is empty"),
                                          ("# nothing\n", "no name"), ("not a list at all\n" * 3, "no name")],
                         ids=["html", "empty", "only-comments", "prose"])
@pytest.mark.parametrize("over", ["https", "file"])
def test_what_is_no_list_is_refused_and_the_last_good_state_kept(lists, request, over, content, why):
    if over == "https":
        request.getfixturevalue("nginx")
    lists.follow(unsigned=True, format="domains")
    lists.sync()
    lists.put(content)
    assert why in lists.refused(NETWORK)


def test_a_list_is_judged_by_its_content_and_not_by_its_content_type(lists, nginx):
    lists.follow(unsigned=True)
    lists.sync()
    page = lists.folder / "list.html"
    lists.follow(nginx.url.replace("https", "list+https") + "list.html", unsigned=True)
    page.write_text("<p>evil.example\n")
    assert "web page" in lists.refused(NETWORK)
    page.write_text("one.example\nthree.example\n")
    lists.sync()
    assert lists.names() == {"one.example", "three.example"}


def test_a_list_larger_than_allowed_is_refused(lists, nginx):
    lists.follow(unsigned=True, max_mib=1)
    lists.sync()
    lists.put("".join(f"n{n}.example\n" for n in range(90000)))
    lists.refused(NETWORK)


def test_a_list_that_is_gone_is_refused(lists, nginx):
    lists.follow(unsigned=True)
    lists.sync()
    lists.file.unlink()
    assert "is not there" in lists.refused(NETWORK)


def test_a_list_that_was_revoked_stays_revoked(lists):
    lists.follow(unsigned=True)
    lists.sync()
    lists.workspace.tool.do("order", "revoke", f"list:{NAME}", "--reason", "objection upheld")
    assert "revoked" in lists.refused(UNSAFE) and lists.names() == set()


def test_no_order_lifts_a_name_from_a_list(lists):
    lists.follow(unsigned=True)
    lists.sync()
    lift = lists.workspace.signed(
        id="B-2", targets=orders.ABSENT, revokes=[{"order": f"list:{NAME}", "domain": "one.example"}]
    )
    refused = lists.workspace.tool("order", "apply", lift)
    assert refused.code == UNSAFE and f'"list:{NAME}"' in refused.err and "ISP's own" in refused.err, refused
    lists.put(PLAIN + "three.example\n")
    lists.sync()
    assert lists.names() == {"one.example", "two.example", "three.example"}


def test_bad_lines_are_reported(lists):
    lists.put(PLAIN + "bad..example\n")
    lists.follow(unsigned=True)
    notes = "\n".join(lists.sync()["notes"])
    assert "1 bad" in notes and "bad..example" in notes, notes


def test_over_plain_http_only_where_signed_feeds_may(lists, nginx):
    lists.follow(f"list+{nginx.plain_url}list.txt", unsigned=True)
    assert "insecure_http" in lists.refused(USAGE)


def test_near_total_loss_is_held_and_a_rehearsal_shows_which_names(lists):
    lists.follow(unsigned=True)
    lists.put("".join(f"n{i}.example\n" for i in range(900)))
    lists.sync()
    lists.put("maintenance.example\n")
    result = lists.workspace.tool("sync", "--dry-run")
    assert result.code == UNSAFE and "nearly nothing" in result.err, result
    assert "+ maintenance.example" in result.out and result.out.count("- n") == 900, result
    assert lists.workspace.tool.do("quarantine", "list", "--json").json()["targets"] == [], "a rehearsal writes nothing"
    lists.refused(UNSAFE)
    assert lists.workspace.tool.do("quarantine", "show", f"list:{NAME}", "--json").json()["change"]["removed"] == 900


def test_a_release_survives_a_second_bad_edition_of_a_feed(lists):
    lists.follow(unsigned=True)
    lists.put("".join(f"n{i}.example\n" for i in range(50)))
    lists.sync()
    lists.put("n1.example\n")
    lists.refused(UNSAFE)
    lists.workspace.tool.do("quarantine", "release", f"list:{NAME}", "--reason", "test")
    lists.put("maintenance.example\n")
    lists.refused(UNSAFE)
    lists.put("n1.example\n")
    lists.sync()
    assert lists.names() == {"n1.example"} and lists.workspace.tool.do("status", "--json").json()["quarantined"] == 0


def test_a_first_import_with_another_count_than_expected_is_refused(lists):
    lists.follow(unsigned=True, expect_count="5-9")
    assert "has 2 names and addresses, but 5-9 are expected (expect_count)" in lists.refused(UNSAFE)
    lists.follow(unsigned=True, expect_count="2")
    lists.sync()
    lists.put(PLAIN + "three.example\n")
    assert lists.sync()["names_added"] == 1, "later editions are judged by their change"


def test_a_cut_last_line_of_an_unsigned_list_is_reported_and_left_out(lists):
    lists.follow(unsigned=True)
    lists.put(PLAIN + "bank-of-exam")
    report = lists.sync()
    assert lists.names() == {"one.example", "two.example"} and any(
        "1 bad lines" in note for note in report["notes"]
    ), report


def test_a_discarded_change_is_named_as_such(lists):
    lists.put("".join(f"n{number}.example\n" for number in range(40)))
    lists.follow(unsigned=True)
    lists.sync()
    lists.put(PLAIN)
    assert "quarantine release" in lists.refused(UNSAFE)
    lists.workspace.tool.do("quarantine", "discard", f"list:{NAME}", "--reason", "an empty page")
    error = lists.refused(UNSAFE)
    assert "this change was discarded" in error and ": an empty page;" in error and "--allow-large" in error
    assert "quarantine release" not in error
    lists.workspace.tool.do("list", "import", "--source", NAME, "--format", "domains", "--allow-large", lists.file)
    lists.sync()
