"""Text of an order that would control a terminal, or make one name look like another, is escaped in every output."""
import json
import re

import pytest

from support import orders

ESCAPES = "\x1b]0;title\x07\x1b[2J\x9b31m\x7f\u202e\u2066\u200f\u2028"
# Characters that no output may contain: C0 except line feed, DEL, C1, direction marks, line separators.
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def hostile(shared_workspace):
    """As an earlier version that accepted such text may have stored it."""
    evil = f"jahat{ESCAPES}"
    shared_workspace.block_as_earlier("hoax.example", id="B-1", authority=evil, category=evil, legal_basis=evil,
                                      reason={"id": evil, "en": evil}, reference="https://a.example/x")
    return shared_workspace


@pytest.mark.parametrize("command", [("order", "list"), ("order", "show", "B-1"), ("explain", "www.hoax.example"),
                                     ("db", "history"), ("status",), ("diff", "0", "1")], ids=" ".join)
@pytest.mark.parametrize("json_too", [False, True], ids=["text", "json"])
def test_no_output_is_raw(hostile, command, json_too):
    result = hostile.tool(*command, *(["--json"] if json_too else []))
    assert result.code == 0, result
    assert not RAW.search(result.out) and not RAW.search(result.err), result
    if json_too:
        json.loads(result.out)


def test_json_means_the_same_text(hostile):
    [order] = hostile.tool.do("order", "list", "--json").json()["orders"]
    assert order["authority"] == f"jahat{ESCAPES}"


def test_no_complaint_is_raw(workspace):
    file = workspace.signed(id=f"B-{ESCAPES}", targets=orders.domains("not a name" + ESCAPES))
    result = workspace.tool("order", "apply", file)
    assert result.code != 0 and not RAW.search(result.err), result
