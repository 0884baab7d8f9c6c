"""After a reboot no part of the database is in memory: the module reads it ahead of the look-ups."""
import pytest

from support.page_cache import forget, resident
from support.waiting import wait_for

NAMES = 300000


def test_a_database_that_is_on_disk_only_is_read_ahead(workspace, resolver_of):
    listed = workspace.folder / "names"
    listed.write_text("".join(f"hoax-{number * 7919 % 1000003}.n{number % 977}.example\n" for number in range(NAMES)))
    workspace.tool.do("list", "import", "--source", "list", "--format", "domains", listed)
    data = workspace.database / "data.mdb"
    forget(data)
    if resident(data) > 0.5:
        pytest.skip("this file system keeps its files in memory")
    resolver = resolver_of(workspace).start()
    wait_for(lambda: resident(data) == 1.0, "the whole database in memory")
    assert resolver.dig("hoax-7919.n1.example").status == "NXDOMAIN"
