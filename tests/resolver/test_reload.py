"""The real saring.so is loaded and unloaded again and again by a running Unbound."""
from pathlib import Path

from support import orders
from support.authority import RESOLVED
from support.waiting import wait_for

RELOADS = 20


def mappings(resolver):
    """How many mappings of the module and of its images the process has."""
    maps = Path(f"/proc/{resolver.server.pid}/maps").read_text()
    return maps.count("saring.so"), maps.count("memfd:saring-image")


def open_files(resolver):
    return len(list(Path(f"/proc/{resolver.server.pid}/fd").iterdir()))


def threads(resolver):
    return len(list(Path(f"/proc/{resolver.server.pid}/task").iterdir()))


def test_twenty_reloads_block_on_and_leave_nothing_behind(workspace, resolver_of):
    workspace.block("hoax.example")
    resolver = resolver_of(workspace, threads=2).start()
    resolver.reload()  # after the first reload Unbound's own memory is stable
    wait_for(lambda: workspace.hits.exists() and list(workspace.hits.iterdir()), "hits recorded")
    before = mappings(resolver), open_files(resolver), threads(resolver)
    for number in range(RELOADS):
        assert resolver.dig(f"n{number}.hoax.example").blocked_by(orders.ID)
        assert resolver.dig(f"n{number}.example").data("A") == [RESOLVED]
        resolver.reload()
    wait_for(lambda: (mappings(resolver), open_files(resolver), threads(resolver)) == before,
             f"{before}, as before the reloads")
    assert resolver.dig("hoax.example").blocked_by(orders.ID)
    assert resolver.stop() == 0


def test_reloads_that_replace_the_cache_during_a_walk(workspace, resolver_of):
    """Unbound deletes the cache before it unloads the module. With that many slabs the walk after a load takes long."""
    workspace.block("hoax.example")
    sizes = ["msg-cache-size: 40m", "msg-cache-size: 50m"]
    resolver = resolver_of(workspace, extra=f"server:\n    msg-cache-slabs: 4096\n    {sizes[0]}\n").start()
    for number in range(6):
        assert resolver.dig(f"n{number}.hoax.example").blocked_by(orders.ID)
        text = resolver.config_file.read_text()
        resolver.config_file.write_text(text.replace(sizes[number % 2], sizes[1 - number % 2]))
        resolver.reload()
    assert resolver.dig("hoax.example").blocked_by(orders.ID)
    assert resolver.stop() == 0


def test_a_reload_reads_the_configuration_again(workspace, resolver):
    workspace.block("hoax.example")
    assert resolver.dig("hoax.example").status == "NXDOMAIN"
    workspace.configure(action="refused")
    resolver.reload()
    assert resolver.dig("hoax.example").status == "REFUSED"


def test_what_is_committed_between_reloads_holds(workspace, resolver):
    for number in range(3):
        workspace.block(f"hoax{number}.example", id=f"B-{number}/UJI")
        resolver.reload()
        assert resolver.dig(f"hoax{number}.example").blocked_by(f"B-{number}/UJI")
