"""`hits summary` and the hits in `status`: how many, since when, from whom, what is missing."""
import pytest

from support import made_hits as hits


@pytest.fixture(scope="module")
def workspace(shared_workspace):
    shared_workspace.tool.do("db", "init")
    shared_workspace.configure(hits='instance = "ns1.isp.example"')
    hits.record(shared_workspace, [{"time": "2024-02-14T07:00:00.5Z", "count": 3}, {"time": "2024-02-14T09:00Z"}])
    shared_workspace.configure(hits='instance = "ns2.isp.example"\nmax_size_mib = 64')
    hits.record(shared_workspace, [{"time": "2024-02-14T10:30Z", "count": 2}, {"time": "2024-02-14T11:30Z", "count": 4, "dropped": True}])
    shared_workspace.tool.do("hits", "purge", "--until", "2024-02-14T08:00Z", "--yes")
    return shared_workspace


def test_it_tells_all(workspace):
    told = workspace.tool.do("hits", "summary", "--json").json()
    assert (told["kept"], told["purged"], told["expired"], told["recorded"], told["dropped"]) == (3, 3, 0, 6, 4)
    assert (told["oldest"], told["newest"]) == ("2024-02-14T09:00:00.000000Z", "2024-02-14T10:30:00.000000Z")
    assert (told["hours_from"], told["hours_to"]) == ("2024-02-14T07:00:00.000000Z", "2024-02-14T11:00:00.000000Z")
    assert [(i["instance"], i["recorded"], i["dropped"]) for i in told["instances"]] == [("ns1.isp.example", 4, 0), ("ns2.isp.example", 2, 4)]
    assert told["max_bytes"] == 64 << 20 and 0 < told["bytes"] < 1 << 20
    assert told["kept"] + told["expired"] + told["purged"] == told["recorded"]


def test_people_read_it_in_words(workspace):
    out = workspace.tool.do("hits", "summary").out
    assert "3 kept, 0 expired, 3 purged, of 6 recorded" in out and "of at most 64.0 MiB" in out
    assert [line.split()[:4] for line in out.splitlines() if line.startswith("ns2")] == [["ns2.isp.example", "2", "4", "0"]]


def test_status_tells_the_hits_in_a_line(workspace):
    assert "hits       3 records since 2024-02-14T09:00:00.000000Z, 4 could not be recorded" in workspace.tool.do("status").out
    told = workspace.tool.do("status", "--json").json()["hits"]
    assert (told["kept"], told["dropped"]) == (3, 4)


def test_status_without_hits_says_why(new_folder):
    from support.workspace import Workspace
    empty = Workspace(new_folder("empty"))
    empty.tool.do("db", "init")
    assert "made by the first resolver" in empty.tool.do("status").out
    assert "error" in empty.tool.do("status", "--json").json()["hits"]
