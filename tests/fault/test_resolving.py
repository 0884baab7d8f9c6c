"""A resolver under load while its database breaks, a few times each: tests/fault/run does it by the page."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import feeding  # noqa: E402
import resolving  # noqa: E402
from support import measured  # noqa: E402


@pytest.mark.parametrize("scenario", ["flipped", "exchanged", "ledger_broken", "writer_killed", "read_only", "clock_steps"])
def test_subscribers_are_answered_throughout(new_folder, scenario):
    [row] = resolving.run(new_folder("fault"), 4, lambda name: name == scenario)
    assert row.bad == []


@pytest.mark.parametrize("fault", ["body without end", "compressed bomb: a gigabyte in a megabyte"])
def test_subscribers_notice_nothing_of_a_broken_feed_server(new_folder, fault):
    [row] = feeding.run(new_folder("fault"), 2, lambda name: name == fault)
    assert row.bad == []


def test_the_memory_of_a_command_is_its_own_however_large_the_test_is():
    large = bytearray(200 << 20)
    large[::4096] = bytes(b"x" * len(large[::4096]))
    assert measured.run(["true"]).peak_rss < 100 << 20
    grows = [sys.executable, "-c", "x = bytearray(200 << 20); x[::4096] = bytes(len(x[::4096]))"]
    assert measured.run(grows).peak_rss > 200 << 20
