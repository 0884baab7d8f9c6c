"""`hits report`: figures that say what the hits say, and public ones that tell of nobody."""
import hashlib
import json
import subprocess

import pytest

from support import made_hits as hits
from support import orders
from support.hits_report import PERIOD, Reader, figures, page, told  # noqa: F401
from support.tool import UNSAFE, USAGE


def test_the_figures_are_those_of_the_hits(told):
    j = figures(told, *PERIOD)
    assert j["format"] == "saring-report/1" and (j["refused"], j["logged"], j["dropped"], j["names_hit"]) == (
        305,
        14,
        7,
        3,
    )
    assert [b["refused"] for b in j["bins"]] == [150, 90, 5, 60] and all(b["whole"] for b in j["bins"])
    assert {o["id"]: (o["refused"], o["logged"], o["deadline_met"]) for o in j["orders"]} == {
        "B-1/2024": (268, 0, False),
        "B-2/2024": (37, 14, True),
    }
    assert {r["code"]: r["refused"] for r in j["regions"]} == {"ID-JK": 272, "ID-PE": 30, "ID-AC": 3, "ID-XY": 0}
    assert {r["name"] for r in j["regions"]} == {"Jakarta", "Papua Pegunungan", "Aceh", None}
    assert [(n["listed"], n["hits"]) for n in j["names"]] == [
        ("hoax.example", 265),
        ("other.example", 51),
        ("hoaks-pemilu.example", 3),
    ]
    assert {t["key"]: t["hits"] for t in j["records"]["transports"]} == {"udp": 309, "dot": 3}
    top = told.tool.do("hits", "top", "orders", *PERIOD, "--json").json()
    assert sum(o["refused"] + o["logged"] for o in j["orders"]) == top["total"]


def test_no_client_stands_anywhere_unless_asked_for(told):
    for options in ((), ("--public",), ("--public", "--names")):
        for text in (page(told, *PERIOD, *options), json.dumps(figures(told, *PERIOD, *options))):
            assert "192.0.2." not in text and "198.51.100." not in text
    assert "192.0.2.0/24" in page(told, *PERIOD, "--clients")
    assert {c["key"]: c["hits"] for c in figures(told, *PERIOD, "--clients")["records"]["clients"]}[
        "198.51.100.0/24"
    ] == 30
    assert told.tool("hits", "report", "--json", "--public", "--clients").code == UNSAFE


def test_a_public_report_names_no_resolver_and_no_name_and_tells_no_small_figure(told):
    for text in (page(told, *PERIOD, "--public"), json.dumps(figures(told, *PERIOD, "--public"))):
        for secret in ("ns1.isp.example", "hoax.example", "hoaks-pemilu", "other.example", str(told.folder)):
            assert secret not in text, secret
    j = figures(told, *PERIOD, "--public")
    assert j["refused"] == 305 and j["logged"] == 14
    assert j["dropped"] is None and j["dropped_shown"] == "few"
    assert [b.get("refused_shown") for b in j["bins"]].count("few") == 1 and [b["refused"] for b in j["bins"]].count(
        None
    ) >= 2
    regions = {r["code"]: r for r in j["regions"]}
    assert len(regions) == 40 and regions["ID-AC"]["refused"] is None and regions["ID-BA"]["refused_shown"] == "few"
    hidden = [r for r in j["regions"] if r["refused"] is None]
    assert sum(r["refused"] or 0 for r in j["regions"]) < 305 - 9, "the rest that is hidden is at least the threshold"
    assert len(hidden) > 1 and "actions" not in j and "database" not in j and "records" not in j
    assert "< 10" in Reader(page(told, *PERIOD, "--public")).words


def test_names_come_into_a_public_report_only_when_asked_for_and_large_enough(told):
    reader = Reader(page(told, *PERIOD, "--public", "--names", "--threshold", "3"))
    assert "hoax.example" in reader.words
    [order] = [o for o in figures(told, *PERIOD, "--public", "--names")["orders"] if o["id"] == "B-1/2024"]
    assert "hoaks-pemilu.example" not in json.dumps(order)


@pytest.mark.parametrize(
    "options, culprit",
    [
        ((), "--html"),
        (("--json", "--since", "2024-02-12T07:30"), "--since"),
        (("--json", "--until", "2024-02-12", "--since", "2024-02-13"), "--until"),
        (("--json", "--threshold", "1", "--public"), "--threshold"),
        (("--json", "--names"), "--names"),
        (("--html", "x", "--language", "jv"), "--language"),
        (("--html", "-", "--json"), "--html"),
        (("--json", "--since", "2190-01-01", "--until", "2190-01-02"), "--since"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(told, options, culprit):
    result = told.tool("hits", "report", *options)
    assert result.code == USAGE and culprit in result.err, result


def test_the_same_time_gives_the_same_figures_again(told):
    def made_at_no_time(j):
        return {key: value for key, value in j.items() if key != "made"}

    assert made_at_no_time(figures(told, *PERIOD)) == made_at_no_time(figures(told, *PERIOD))


# Filters, changes, what vouches for it.


@pytest.mark.parametrize(
    "filter, refused, logged",
    [
        ({"order": "B-2/2024"}, 37, 14),
        ({"region": "ID-JK", "action": "nxdomain"}, 272, 0),
        ({"name": "hoax.example"}, 265, 0),
        ({"transport": "dot"}, 3, 0),
        ({"match": "pemilu", "type": "A"}, 3, 0),
        ({"client": "198.51.100.0/24"}, 30, 0),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_a_filter_limits_every_figure_as_it_limits_the_other_commands(told, filter, refused, logged):
    words = [word for name, value in filter.items() for word in (f"--{name}", value)]
    j = figures(told, *PERIOD, *words)
    assert j["filter"] == filter and (j["refused"], j["logged"]) == (refused, logged)
    for rows in (j["bins"], j["orders"], j["regions"]):
        assert sum(row["refused"] for row in rows) == refused
    top = told.tool.do("hits", "top", "names", "--with", "order", *PERIOD, *words, "--json").json()
    assert [(n["listed"], n["order"], n["hits"]) for n in j["names"]] == [
        (row["listed"], row["order"], row["hits"]) for row in top["rows"]
    ]
    assert j["source"] == ("hours" if set(filter) <= {"order", "region", "action"} else "records")
    assert all(value in Reader(page(told, *PERIOD, *words)).words for value in filter.values())


def test_a_public_report_of_some_hits_is_refused(told):
    assert "compared" in told.tool.refused(UNSAFE, "hits", "report", "--json", "--public", "--order", "B-1/2024").err


def test_it_tells_the_time_before_where_counts_go_back_so_far(told):
    later = figures(told, "--since", "2024-02-14T07:00", "--until", "2024-02-16T07:00")
    assert later["before"] == {"refused": 240, "logged": 14, "names_hit": 3} and later["refused"] == 65
    assert figures(told, *PERIOD)["before"] is None
    text = Reader(page(told, "--since", "2024-02-14T07:00", "--until", "2024-02-16T07:00", "--language", "en")).words
    assert "72.9 % less than in the time before (240)" in text, text
    public = figures(told, "--since", "2024-02-15", "--until", "2024-02-16", "--public")
    assert (
        public["before"]["refused"] is None
        and public["before"]["refused_shown"] == "few"
        and "logged" not in public["before"]
    )


def test_it_tells_what_came_and_what_was_lifted_by_whom(told):
    told.apply(
        id="B-9/2024",
        targets=orders.domains("new.example"),
        revokes=[{"order": "B-1/2024", "domain": "hoax.example"}, {"order": "B-2/2024"}],
    )
    told.tool.do("local", "block", "own.example", "--reason", "ticket 5")
    told.tool.do("local", "remove", "own.example", "--reason", "ticket 6")
    j = figures(told, "--since", "1h", "--until", "now")
    assert (j["changes"]["added"], j["changes"]["removed"]) == (
        2,
        0,
    ), "what came and went within the time is in neither"
    assert {(t["change"], t["target"], t["order"]) for t in j["changes"]["targets"]} == {
        ("added", "new.example", "B-9/2024"),
        ("added", "hoaks-pemilu.example", "B-1/2024"),
    }
    [lifting] = [order for order in j["orders"] if order["id"] == "B-9/2024"]
    assert lifting["lifts"] == [
        {"order": "B-1/2024", "name": "hoax.example", "below": False},
        {"order": "B-2/2024", "name": None, "below": False},
    ]
    words = Reader(page(told, "--since", "1h", "--until", "now", "--language", "en")).words
    assert (
        "Orders: 2 targets added, 0 lifted." in words
        and "hoax.example of order B-1/2024" in words
        and "order B-2/2024" in words
    )
    public = figures(told, "--since", "1h", "--until", "now", "--public") if j["until"][14:16] != "00" else None
    assert public is None or "targets" not in public["changes"]


def test_it_names_the_journal_that_it_was_made_from(told):
    last = told.tool.do("db", "history", "--limit", "1", "--json").json()["records"][0]
    for options in ((), ("--public",)):
        assert figures(told, *PERIOD, *options)["anchor"] == {"serial": last["serial"], "hash": last["hash"]}
        assert last["hash"] in page(told, *PERIOD, *options)


def test_its_hash_is_printed_and_minisign_finds_its_signature_good(told):
    key = told.key("isp")
    file = told.folder / "signed.html"
    said = told.tool.do("hits", "report", "--html", file, *PERIOD, "--secret-key", key.secret).out
    assert f"SHA-256 {hashlib.sha256(file.read_bytes()).hexdigest()}" in said
    [signature] = told.folder.glob("signed.html.*.minisig")
    assert str(signature) in said

    def checked():
        return subprocess.run(
            ["minisign", "-V", "-m", str(file), "-x", str(signature), "-P", key.public_text],
            capture_output=True,
            text=True,
            check=False,
        )

    good = checked()
    assert good.returncode == 0 and "hits report, 2024-02-12T00:00:00Z to 2024-02-16T00:00:00Z" in good.stdout, good
    file.write_bytes(file.read_bytes().replace(b"hoax.example", b"hoex.example"))
    assert checked().returncode != 0


def test_days_and_times_are_those_of_the_zone(told):
    hits.record(told, [{"time": "2024-02-13T18:00:00Z", "order": "B-1/2024", "count": 9}])
    j = figures(told, *PERIOD, "--time-zone", "WIB")
    assert j["since"] == "2024-02-11T17:00:00Z" and [b["begin"] for b in j["bins"]][:2] == [
        "2024-02-11T17:00:00Z",
        "2024-02-12T17:00:00Z",
    ]
    assert [b["refused"] for b in j["bins"]] == [150, 90, 14, 60]
    words = Reader(page(told, *PERIOD, "--time-zone", "WIT", "--language", "en")).words
    assert "All times are WIT." in words and "12 February 2024, 00:00 WIT" in words


def test_a_public_report_ends_at_the_last_full_hour(told):
    hits.record(told, [{"time": "now", "order": "B-1/2024"}])
    public, own = figures(told, "--since", "2h", "--public"), figures(told, "--since", "2h")
    assert (
        all(b["whole"] for b in public["bins"])
        and public["until"].endswith(":00:00Z")
        and public["until"] <= own["until"]
    )
