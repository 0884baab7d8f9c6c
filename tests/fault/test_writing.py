"""Some system calls of some commands fail or are the last; tests/fault/run tries all of them."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import writing  # noqa: E402


@pytest.mark.parametrize("command", ["order apply", "db init", "db compact", "feed publish", "order new"])
def test_a_failing_or_last_call_leaves_the_old_or_the_new_state(new_folder, command):
    rows = list(writing.shimmed(new_folder("fault"), 3, lambda name: name == command))
    assert sum(row.trials for row in rows) >= 9
    assert [(row.fault, row.bad) for row in rows if row.bad] == []


@pytest.mark.parametrize("command", ["order revoke", "hits purge", "key generate"])
def test_a_kill_before_any_system_call_leaves_the_old_or_the_new_state(new_folder, command):
    [row] = writing.traced(new_folder("fault"), 12, lambda name: name == command)
    assert row.trials == 12 and row.bad == []
