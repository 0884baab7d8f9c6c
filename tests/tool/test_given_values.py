"""Values on the command line that no option means: empty ones, as from an unset variable of a script, and numbers out
of range. None is taken for an option that was not given."""
import pytest

from support import made_hits as hits
from support.tool import USAGE

EMPTY = [
    ("hits", "purge", "--client", "", "--since", "1h", "--yes"),
    ("hits", "purge", "--until", "", "--order", "B-1", "--yes"),
    ("hits", "list", "--name", ""),
    ("hits", "top", "names", "--match", ""),
    ("hits", "report", "--public", "--order", ""),
    ("quarantine", "list", "--order", ""),
    ("list", "import", "--source", "x", "--sha256", "", "FILE"),
    ("db", "check", "--anchor", ""),
    ("db", "history", "--since", ""),
    ("explain", "hoax.example", "--at", ""),
    ("explain", ""),
    ("local", "block", "x.example", "--reason", "x", "--expires", ""),
    ("key", "show", ""),
    ("landing", "build", ""),
]


@pytest.fixture
def filled(workspace):
    hits.record(workspace, [{"time": "2024-02-14T07:00Z", "qname": "a.example", "order": "B-1", "count": 3}])
    return workspace


@pytest.mark.parametrize("words", EMPTY, ids=" ".join)
def test_an_empty_value_is_refused(filled, words):
    option = words[words.index("") - 1]
    result = filled.tool.refused(USAGE, *words)
    assert "is empty; give a value, or leave it out" in result.err and result.out == ""
    assert not option.startswith("--") or f": {option}:" in result.err
    assert len(hits.listed(filled)) == 3


@pytest.mark.parametrize("words", [
    ("hits", "list", "-n", "-1"),
    ("hits", "top", "names", "-n", "-1"),
    ("hits", "tail", "-n", "-5"),
    ("db", "history", "-n", "-1"),
    ("db", "rollback", "-1"),
    ("diff", "0", "-1"),
    ("hits", "list", "-n", "99999999999999999999"),
], ids=" ".join)
def test_a_number_out_of_range_is_refused(filled, words):
    result = filled.tool.refused(USAGE, *words)
    assert "is out of range" in result.err or "not expected" in result.err, result
