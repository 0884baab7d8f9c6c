"""fast_reload, where the version has it, changes the configuration while the workers go on."""
import subprocess

import pytest

from support import orders, paths
from support.authority import RESOLVED
from support.waiting import wait_for


def has_fast_reload():
    usage = subprocess.run([str(paths.UNBOUND_CONTROL), "-h"], capture_output=True, text=True, check=False)
    return "fast_reload" in usage.stdout + usage.stderr


pytestmark = pytest.mark.skipif(not has_fast_reload(), reason="this Unbound has no fast_reload")


def test_blocks_go_on_over_a_fast_reload(workspace, resolver_of):
    workspace.block("hoax.example")
    resolver = resolver_of(workspace, threads=2).start()
    assert resolver.dig("hoax.example").blocked_by(orders.ID)
    assert resolver.dig("second.example").data("A") == [RESOLVED]
    resolver.control("fast_reload", "+vv")
    assert resolver.dig("hoax.example").blocked_by(orders.ID)
    assert resolver.dig("news.example").data("A") == [RESOLVED]
    workspace.block("second.example", id="B-2/UJI/2024")
    wait_for(lambda: resolver.dig("second.example").blocked_by("B-2/UJI/2024"), "the next order's block")
    assert resolver.starts() == 1 and resolver.server.exit_code() is None
