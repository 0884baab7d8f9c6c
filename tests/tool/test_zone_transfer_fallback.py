"""Servers that send a zone whole but fail with differences (IXFR): the zone is still followed, by AXFR."""
import dns.rcode
import pytest

from support.bind import Bind
from support.knot import ZONE, Knot, TsigKey, zone_text
from support.nsd import Nsd
from support.tool import NETWORK, UNTRUSTED
from support.transfers import Follower
from support.xfr_server import XfrServer, block, soa

OLD = [soa(10), block("a.example"), block("b.example"), soa(10)]
NEW = [soa(12), block("b.example"), block("c.example"), soa(12)]
NEW_NAMES = {"b.example", "c.example"}


def says(*records, **options):
    return lambda query, answer: [answer.message(records, **options)]


# Ways in which a server fails when asked for differences.
FAILURES = {
    **{
        dns.rcode.to_text(code): says(rcode=code)
        for code in (
            dns.rcode.NOTIMP,
            dns.rcode.REFUSED,
            dns.rcode.FORMERR,
            dns.rcode.SERVFAIL,
            dns.rcode.NOTAUTH,
            dns.rcode.NXDOMAIN,
        )
    },
    "closes": lambda query, answer: [],
    "breaks off": says(soa(12), soa(10), block("a.example"), soa(12), block("c.example")),
    "past the end": says(soa(12), soa(10), block("a.example"), soa(11), soa(11), soa(13), soa(12)),
    "backwards": says(soa(12), soa(10), block("a.example"), soa(9), soa(12)),
    "gap": says(soa(12), soa(10), soa(11), soa(10), soa(12), soa(12)),
    "from another serial": says(soa(12), soa(11), block("a.example"), soa(12), block("c.example"), soa(12)),
    "newer serial alone": says(soa(12)),
    "no records": says(),
    "no first SOA": says(block("c.example"), soa(12)),
    "truncated": says(*NEW, truncated=True),
    "another zone": says(soa(12, "other.example"), block("c.example"), soa(12, "other.example")),
    "silent": lambda query, answer: [None],
    "falls silent": lambda query, answer: [answer.message([soa(12), soa(10)]), None],
}


class Primary(XfrServer):
    """Serves `zone` by AXFR and its SOA; a test defines the response to requests for differences."""

    def __init__(self, key):
        super().__init__(self.answer, key)
        self.zone, self.differences = OLD, says(*OLD)

    def answer(self, query, answer):
        kind = self.asked[-1]
        if kind == "IXFR":
            return self.differences(query, answer)
        return [answer.message(self.zone if kind == "AXFR" else self.zone[:1])]


@pytest.fixture(params=["signed", "unsigned"])
def key(request):
    return TsigKey() if request.param == "signed" else None


@pytest.fixture
def primary(key):
    made = Primary(key)
    yield made
    made.stop()


@pytest.fixture
def follower(workspace, primary, key):
    """After a first synchronisation; the zone has changed since."""
    made = Follower(workspace, primary.port, key.write(workspace.folder) if key else None, retries=0, stall_seconds=1)
    made.sync()
    primary.zone = NEW
    return made


@pytest.mark.parametrize("failure", FAILURES)
def test_a_server_that_fails_at_differences_is_followed_by_whole_transfers(follower, primary, failure):
    primary.differences = FAILURES[failure]
    report = follower.sync()
    assert primary.asked == ["AXFR", "IXFR", "AXFR"]
    assert report["serial"] == 12 and (report["names_added"], report["names_removed"]) == (1, 1), report
    assert report["notes"][0].startswith("AXFR") and any("IXFR" in note for note in report["notes"][1:]), report
    assert set(follower.names()) == NEW_NAMES


def test_a_zone_that_has_not_changed_is_not_transferred_again(follower, primary):
    primary.differences = FAILURES["NOTIMP"]
    follower.sync()
    serial = follower.serial()
    report = follower.sync()
    assert primary.asked[3:] == ["SOA"] and report["unchanged"] and follower.serial() == serial, report
    primary.zone = [soa(13), block("d.example"), soa(13)]
    assert follower.sync()["serial"] == 13
    assert primary.asked[4:] == ["SOA", "IXFR", "AXFR"] and set(follower.names()) == {"d.example"}


def test_a_server_that_learned_to_serve_differences_is_asked_for_them_alone(follower, primary):
    primary.differences = FAILURES["NOTIMP"]
    follower.sync()
    primary.zone = [soa(13), block("c.example"), soa(13)]
    primary.differences = says(soa(13), soa(12), block("b.example"), soa(13), soa(13))
    assert follower.sync()["notes"][0].startswith("IXFR") and set(follower.names()) == {"c.example"}
    primary.zone = [soa(14), block("e.example"), soa(14)]
    primary.differences = says(soa(14), soa(13), block("c.example"), soa(14), block("e.example"), soa(14))
    asked = len(primary.asked)
    follower.sync()
    assert primary.asked[asked:] == ["IXFR"] and set(follower.names()) == {"e.example"}


def test_a_zone_with_an_older_serial_is_refused_by_every_method(follower, primary):
    primary.differences = FAILURES["NOTIMP"]
    follower.sync()
    primary.zone = OLD
    assert "went back from serial 12 to 10" in follower.refused(UNTRUSTED)


def test_if_the_full_transfer_fails_too_the_old_state_stays(follower, primary):
    primary.differences, primary.zone = FAILURES["NOTIMP"], [soa(12), block("c.example")]
    assert "closed the connection" in follower.refused(NETWORK)


def test_differences_with_a_wrong_signature_are_no_reason_to_ask_again(workspace, primary, follower, key):
    if key is None:
        pytest.skip("nothing is signed")
    primary.differences = lambda query, answer: [
        answer.message([soa(12), soa(10)]).replace(b"\x00\x00\x00\x0c", b"\x00\x00\x00\x0d")
    ]
    assert "BADSIG" in follower.refused(UNTRUSTED)
    assert primary.asked[-1] == "IXFR"


def test_full_transfers_a_zone_that_has_not_changed(follower, primary):
    primary.differences = says(soa(10))
    primary.zone = OLD
    assert follower.sync()["unchanged"] and primary.asked[-1] == "IXFR"
    report = follower.sync("--full")
    assert primary.asked[-1] == "AXFR" and report["notes"][0].startswith("AXFR"), report


def test_full_corrects_a_list_that_differs_from_the_zone(follower, primary):
    """The server reports no newer serial, though the zone has changed."""
    primary.differences = says(soa(10))
    primary.zone = [soa(10), block("c.example"), soa(10)]
    follower.sync()
    assert set(follower.names()) == {"a.example", "b.example"}
    follower.sync("--full")
    assert set(follower.names()) == {"c.example"}


def records(*names):
    return [f"{name} CNAME ." for name in names]


class Named:
    """A BIND that serves the zone, with differences or without."""

    def __init__(self, folder, key, signed, differences):
        self.folder = folder
        access = f"key {key.name}" if signed else "127.0.0.1"
        self._bind = Bind(
            folder,
            f"recursion no; provide-ixfr {'yes' if differences else 'no'}; max-ixfr-ratio unlimited;",
            f'key {key.name} {{ algorithm {key.algorithm}; secret "{key.secret}"; }};\n'
            f'zone "{ZONE}" {{ type primary; file "{folder}/zone"; ixfr-from-differences yes; allow-transfer {{ '
            f'{access}; }}; }};',
        )
        self.port = self._bind.port

    def publish(self, serial, *lines):
        (self.folder / "zone").write_text(zone_text(serial, list(lines)))
        if self._bind.server:
            self._bind.reload(ZONE, serial)

    def start(self):
        self._bind.start()
        return self

    def stop(self):
        self._bind.stop()


@pytest.mark.parametrize("signed", [True, False], ids=["signed", "unsigned"])
@pytest.mark.parametrize("kind", ["bind", "bind-without-differences", "knot", "knot-without-differences", "nsd"])
def test_real_servers_are_followed_through_changes(workspace, new_folder, kind, signed):
    tsig = TsigKey()
    folder = new_folder(kind)
    server = {
        "bind": lambda: Named(folder, tsig, signed, True),
        "bind-without-differences": lambda: Named(folder, tsig, signed, False),
        "knot": lambda: Knot(folder, tsig, signed=signed),
        "knot-without-differences": lambda: Knot(folder, tsig, signed=signed, incremental=False),
        "nsd": lambda: Nsd(folder, tsig, signed=signed),
    }[kind]()
    try:
        server.publish(10, *records("a.example", "b.example"))
        server.start()
        follower = Follower(workspace, server.port, tsig.write(workspace.folder) if signed else None)
        follower.sync()
        assert set(follower.names()) == {"a.example", "b.example"}
        assert follower.sync()["unchanged"]
        server.publish(11, *records("b.example", "c.example"))
        report = follower.sync()
        assert report["serial"] == 11 and set(follower.names()) == {"b.example", "c.example"}, report
        assert report["notes"][0].startswith("IXFR" if kind in ("bind", "knot") else "AXFR"), report
        assert follower.sync("--full")["notes"][0].startswith("AXFR")
        assert set(follower.names()) == {"b.example", "c.example"}
    finally:
        server.stop()
