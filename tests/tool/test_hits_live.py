"""`hits` beside a real Unbound that records them."""
import pytest

from support import made_hits as hits
from support.hits import hits_in
from support.waiting import wait_for


@pytest.fixture(scope="module")
def live(shared_workspace, resolver_of):
    shared_workspace.block("hoax.example", id="B-1/2024")
    shared_workspace.apply(id="B-2/2024", targets=[{"domain": "other.example"}], action="refused")
    resolver = resolver_of(shared_workspace).start()
    for name, times in (("hoax.example", 3), ("www.hoax.example", 2), ("other.example", 4)):
        for _ in range(times):
            assert resolver.dig(name).status in ("NXDOMAIN", "REFUSED")
    assert resolver.dig("www.free.example").status == "NOERROR"
    wait_for(lambda: len(hits_in(shared_workspace.hits)) == 9, "nine hits")
    return shared_workspace


def test_each_blocked_query_is_listed_while_unbound_runs(live):
    found = hits.listed(live, "--name", "hoax.example", "--since", "1h")
    assert sorted(hit["qname"] for hit in found) == ["hoax.example"] * 3 + ["www.hoax.example"] * 2
    assert {(hit["order"], hit["listed"], hit["action"], hit["client"]) for hit in found} == {("B-1/2024", "hoax.example", "nxdomain", "127.0.0.0/24")}


def test_counts_agree_with_what_was_asked(live):
    told = live.tool.do("hits", "top", "orders", "--json").json()
    assert told["rows"] == [{"order": "B-1/2024", "hits": 5}, {"order": "B-2/2024", "hits": 4}] and told["from"] == "hours"
    assert live.tool.do("hits", "histogram", "--json").json()["total"] == 9


def test_status_tells_of_the_process_that_records(live):
    told = wait_for(lambda: (state := live.tool.do("status", "--json").json())["module"]["hits"]["recorded"] == 9 and state, "the module's word")
    assert told["hits"]["kept"] == 9
    assert "of this process: 9 recorded, 0 dropped, 0 waiting, 0 lost" in live.tool.do("status").out


def test_purging_does_not_stop_the_recording(live):
    live.tool.do("hits", "purge", "--order", "B-2/2024", "--yes")
    assert len(hits.listed(live)) == 5
