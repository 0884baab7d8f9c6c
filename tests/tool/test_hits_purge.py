"""`hits purge`: removes what it is told to for good, asks before, and leaves the counts by hour."""
import pytest

from support import made_hits as hits
from support.hits import hits_in
from support.terminal import on_a_terminal
from support.tool import NO, USAGE

HITS = [{"time": "2024-02-14T07:00Z", "qname": "a.example", "order": "B-1", "client": "192.0.2.0/24", "count": 3},
        {"time": "2024-02-14T08:00Z", "qname": "b.example", "order": "B-2", "client": "198.51.100.0/24", "count": 2}]


@pytest.fixture
def filled(workspace):
    hits.record(workspace, HITS, HITS[:1])
    return workspace


def summary(workspace):
    return workspace.tool.do("hits", "summary", "--json").json()


def test_a_subscriber_s_records_go_and_the_counts_stay(filled):
    counts = filled.tool.do("hits", "top", "names", "--json").json()["rows"]
    told = filled.tool.do("hits", "purge", "--client", "192.0.2.7", "--yes")
    assert told.out.startswith("removed 6 records; the counts by hour") and "stay" in told.out
    assert {hit["client"] for hit in hits.listed(filled)} == {"198.51.100.0/24"}
    assert filled.tool.do("hits", "top", "names", "--json").json()["rows"] == counts
    after = summary(filled)
    assert (after["kept"], after["purged"], after["recorded"]) == (2, 6, 8)


def test_filters_are_all_met(filled):
    assert filled.tool.do("hits", "purge", "--order", "B-1", "--until", "2024-02-14T07:30Z", "--yes", "--json").json() == {"removed": 6}
    assert filled.tool("hits", "purge", "--order", "B-2", "--until", "2024-02-14T07:30Z", "--yes").code == NO
    assert len(hits.listed(filled)) == 2


def test_sequences_are_not_used_again(filled):
    ends = {run["id"]: run["last_sequence"] for run in summary(filled)["runs"]}
    filled.tool.do("hits", "purge", "--all", "--yes")
    hits.record(filled, [{"qname": "c.example"}])
    after = {run["id"]: run["last_sequence"] for run in summary(filled)["runs"]}
    assert ends.items() <= after.items() and [hit["qname"] for hit in hits.listed(filled)] == ["c.example"]


@pytest.mark.parametrize("options, named", [([], "no filter"), (["--yes"], "no filter"), (["--all", "--order", "B-1", "--yes"], "--all"),
                                            (["--order", "B-1"], "6 records"), (["--all"], "8 records")], ids=lambda v: " ".join(v) or "none")
def test_nothing_is_removed_without_a_clear_word(filled, options, named):
    assert named in filled.tool.refused(USAGE, "hits", "purge", *options).err
    assert len(hits.listed(filled)) == 8


def test_a_person_is_asked(filled):
    assert "nothing was removed" in on_a_terminal(filled, "hits", "purge", "--order", "B-1", typed="n\n")
    assert "nothing was removed" in on_a_terminal(filled, "hits", "purge", "--order", "B-1", typed="\n")
    assert len(hits.listed(filled)) == 8
    shown = on_a_terminal(filled, "hits", "purge", "--order", "B-1", typed="y\n")
    assert "Remove 6 records for good?" in shown and "removed 6 records" in shown
    assert len(hits.listed(filled)) == 2


def test_nothing_found_is_told(filled):
    result = filled.tool("hits", "purge", "--client", "203.0.113.0/24", "--yes")
    assert result.code == NO and "nothing was removed" in result.out


def test_no_octet_of_them_is_left_on_the_disk(filled):
    filled.tool.do("hits", "purge", "--client", "198.51.100.0/24", "--yes")
    network = bytes([4, 198, 51, 100, 0, 24])
    kept = hits_in(filled.hits)
    assert {hit.client for hit in kept} == {"192.0.2.0/24"} and len(kept) == 6
    assert not any(network in file.read_bytes() for file in filled.hits.iterdir() if file.is_file())
    assert not list(filled.hits.glob("*.purging"))
