"""Some calls of some writing commands fail, or are the last: tests/fault/run does all of them."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
import writing  # noqa: E402


@pytest.mark.parametrize("command", ["order apply", "db compact", "feed publish"])
def test_a_call_that_fails_or_is_the_last_leaves_the_old_state_or_the_new(new_folder, command):
    rows = list(writing.shimmed(new_folder("fault"), 3, lambda name: name == command))
    assert sum(row.trials for row in rows) >= 10
    assert [(row.fault, row.bad) for row in rows if row.bad] == []
