"""A hits database that was damaged while nobody used it: the resolver that is to write to it answers and blocks all the same."""
import random

import pytest

from support.hits import hits_in
from support.made_hits import load
from support.waiting import wait_for

SITES = [f"hoax{number}.example" for number in range(20)]


def damage(data, seed):
    """Octets of some pages' heads and of the nodes' places behind them, beside the first two."""
    chance, content = random.Random(seed), bytearray(data.read_bytes())
    for _ in range(40):
        page = chance.randrange(2, len(content) // 4096)
        for _ in range(4):
            content[page * 4096 + 8 + chance.randrange(40)] = chance.randrange(256)
    data.write_bytes(content)


@pytest.mark.parametrize("seed", range(4))
def test_it_costs_no_answer_and_is_said_once(workspace, resolver_of, seed):
    workspace.configure(ttl=0)
    workspace.block(*SITES)
    load(workspace, 2000)
    damage(workspace.hits / "data.mdb", seed)
    resolver = resolver_of(workspace).start()

    def failing():
        assert all(resolver.dig(f"w.{site}").status == "NXDOMAIN" for site in SITES)
        return workspace.module().get("hits", {}).get("failing")

    assert "corrupt: " in wait_for(failing, "the module saying that it cannot record")
    told = set()  # it tries again each second, and tells its state as often
    wait_for(lambda: failing() and told.add(workspace.module_status.stat().st_mtime_ns) or len(told) > 3, "more tries")
    assert resolver.server.exit_code() is None
    assert resolver.log_text().count("hits are counted, not recorded") == 1

    workspace.hits.rename(workspace.folder / "damaged")
    wait_for(lambda: resolver.dig("hoax2.example") and workspace.hits.exists() and hits_in(workspace.hits), "a hit in a new database")
    wait_for(lambda: not workspace.module()["hits"]["failing"], "the module saying that it records")
