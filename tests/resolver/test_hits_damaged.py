"""A damaged hit log: resolvers go on in new segments; readable hits are read, and damage is reported."""
import random

import pytest

from support.hits import hits_in
from support.made_hits import load
from support.tool import DATABASE, DONE
from support.waiting import wait_for

SITES = [f"hoax{number}.example" for number in range(20)]


@pytest.mark.parametrize("seed", range(4))
def test_it_costs_no_answer_and_no_new_hit(workspace, resolver_of, seed):
    workspace.configure(ttl=0)
    workspace.block(*SITES)
    load(workspace, 2000)
    chance, files = random.Random(seed), sorted(workspace.hits.glob("*.hits"))
    # A frame in the middle of a segment.
    file = chance.choice([one for one in files if one.stat().st_size > 5000])
    content = bytearray(file.read_bytes())
    for at in chance.sample(range(200, len(content) - 1000), 40):
        content[at] ^= 0x55
    file.write_bytes(content)
    resolver = resolver_of(workspace).start()
    assert all(resolver.dig(f"w.{site}").status == "NXDOMAIN" for site in SITES)
    wait_for(lambda: workspace.module().get("hits", {}).get("recorded") == len(SITES), "the new hits recorded")
    assert workspace.module()["hits"]["failing"] == ""
    told = workspace.tool("hits", "list", "--since", "1h", "--name", "hoax7.example", "--json")
    assert [hit["qname"] for hit in told.json()["hits"]] == ["w.hoax7.example"]
    told = workspace.tool("hits", "list", "--limit", "0", "--json")
    assert told.code == DATABASE and str(file) in told.err and "damaged" in told.err
    assert len(SITES) <= len(told.json()["hits"]) < 2000 + len(SITES)
    assert workspace.tool("hits", "summary").code in (0, DATABASE)
    file.unlink()
    told = workspace.tool("hits", "list", "--limit", "0", "--json")
    assert len(told.json()["hits"]) == len(hits_in(workspace.hits))
    # Nobody knows of a file that was the oldest of its run.
    assert told.code == (DATABASE if file != files[0] else DONE) and ("missing" in told.err) == (told.code == DATABASE)


def test_a_folder_that_becomes_unwritable_is_said_once_and_mends_itself(workspace, resolver_of):
    workspace.configure(ttl=0)
    workspace.block(*SITES)
    resolver = resolver_of(workspace).start()
    workspace.hits.rename(workspace.folder / "aside")
    workspace.hits.write_text("a file where the folder belongs")

    def failing():
        assert all(resolver.dig(f"w.{site}").status == "NXDOMAIN" for site in SITES)
        return workspace.module().get("hits", {}).get("failing")

    wait_for(failing, "the module saying that it cannot record")
    told = set()  # the module tries again each second, and writes its state as often
    wait_for(lambda: failing() and told.add(workspace.module_status.stat().st_mtime_ns) or len(told) > 3, "more tries")
    assert resolver.log_text().count("SARING_HITS_NOT_RECORDED") == 1
    workspace.hits.unlink()
    wait_for(lambda: resolver.dig("hoax2.example") and hits_in(workspace.hits), "a hit in a new log")
    wait_for(lambda: not workspace.module()["hits"]["failing"], "the module saying that it records")
