"""A resolver under load while its database breaks, a few trials of each fault; tests/fault/run makes many."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import feeding  # noqa: E402
import resolving  # noqa: E402
from support import measured  # noqa: E402


@pytest.mark.parametrize(
    "scenario", ["flipped", "exchanged", "ledger_broken", "writer_killed", "read_only", "clock_steps"]
)
def test_clients_are_answered_throughout(new_folder, scenario):
    [row] = resolving.run(new_folder("fault"), 4, lambda name: name == scenario)
    assert row.bad == []


@pytest.mark.parametrize("fault", ["body without end", "compressed bomb: a gigabyte in a megabyte"])
def test_a_broken_feed_server_does_not_affect_clients(new_folder, fault):
    [row] = feeding.run(new_folder("fault"), 2, lambda name: name == fault)
    assert row.bad == []


def test_measured_memory_is_the_commands_and_not_the_tests():
    large = bytearray(200 << 20)
    large[::4096] = bytes(b"x" * len(large[::4096]))
    assert measured.run(["true"]).peak_rss < 100 << 20
    grows = [sys.executable, "-c", "x = bytearray(200 << 20); x[::4096] = bytes(len(x[::4096]))"]
    assert measured.run(grows).peak_rss > 200 << 20
