"""`order new` drafts a document that `order apply` accepts, in the design's format."""
import json

import pytest

from support import keys
from support.tool import USAGE

FULL = [
    "--id", "B-9/UJI/2024", "--authority", "Kementerian Uji", "--expires", "2199-01-01T00:00:00Z",
    "--issued", "2024-01-01T00:00:00Z", "--effective", "2024-01-02T00:00:00Z", "--deadline", "2024-01-03T00:00:00Z",
    "--legal-basis", "Pasal 40", "--category", "election-hoax", "--reason-id", "Hoaks", "--reason-en", "Hoax",
    "--contact", "mailto:aduan@kementerian.example", "--contact", "tel:+62215550100",
    "--reference", "https://kementerian.example/1", "--clarification", "https://cek.example/1",
    "--action", "redirect", "--region", "ID-JK", "--region", "ID-JB",
    "--domain", "hoax.example", "--exact", "exact.example", "--address", "203.0.113.0/28",
    "--revoke", "B-1/UJI/2024", "--revoke", "B-2/UJI/2024=other.example",
]
LEAST = ["--id", "B-1", "--authority", "Uji", "--expires", "2199-01-01T00:00:00Z", "--domain", "hoax.example"]


def test_every_option_becomes_its_field(workspace):
    assert workspace.tool.do("order", "new", *FULL).json() == {
        "format": "saring-order/1", "id": "B-9/UJI/2024", "authority": "Kementerian Uji",
        "issued": "2024-01-01T00:00:00Z", "effective": "2024-01-02T00:00:00Z", "expires": "2199-01-01T00:00:00Z",
        "deadline": "2024-01-03T00:00:00Z", "legal_basis": "Pasal 40", "category": "election-hoax",
        "reason": {"id": "Hoaks", "en": "Hoax"},
        "contact": ["mailto:aduan@kementerian.example", "tel:+62215550100"],
        "reference": "https://kementerian.example/1", "clarification": "https://cek.example/1",
        "action": "redirect", "regions": ["ID-JK", "ID-JB"],
        "targets": [{"domain": "hoax.example", "match": "subtree"}, {"domain": "exact.example", "match": "exact"},
                    {"address": "203.0.113.0/28"}],
        "revokes": [{"order": "B-1/UJI/2024"}, {"order": "B-2/UJI/2024", "domain": "other.example"}],
    }


def test_a_draft_can_be_signed_and_applied_as_it_is(workspace):
    file = workspace.folder / "draft.json"
    workspace.tool.do("order", "new", *LEAST, "--output", file)
    keys.sign(file, workspace.ministry)
    workspace.tool.do("order", "apply", file)
    assert workspace.tool.do("order", "show", "B-1", "--json").json()["document"] == json.loads(file.read_text())


def test_a_dash_as_output_is_the_standard_output(workspace):
    assert workspace.tool.do("order", "new", *LEAST, "--output", "-").json()["id"] == "B-1"


@pytest.mark.parametrize("missing", ["--id", "--authority", "--expires"])
def test_what_every_order_needs_is_asked_for(workspace, missing):
    at = LEAST.index(missing)
    result = workspace.tool("order", "new", *LEAST[:at], *LEAST[at + 2:])
    assert result.code == USAGE and missing in result.err, result


@pytest.mark.parametrize("option, value", [
    ("--domain", "https://page.example/some/page"), ("--address", "203.0.113.0/99"), ("--expires", "tomorrow"),
    ("--action", "explode"), ("--contact", "https://form.example"), ("--domain", "bad..example")])
def test_a_value_that_cannot_be_is_refused_and_named(workspace, option, value):
    others = [word for pair in zip(LEAST[::2], LEAST[1::2]) if pair[0] != option for word in pair]
    result = workspace.tool("order", "new", *others, option, value)
    assert result.code == USAGE and value in result.err, result


def test_it_warns_of_what_isps_hold_back(workspace):
    workspace.configure(more="[safety]\nmax_order_lifetime_days = 366\n")
    draft = ["order", "new", "--id", "B-1", "--authority", "A", "--domain", "a.example", "--expires"]
    told = workspace.tool.do(*draft, "5000d")
    assert "ISPs hold it back: too-long" in told.err
    told = workspace.tool.do(*draft, "90d", "--effective", "30d", "--deadline", "20d")
    assert "the deadline" in told.err and "before it takes effect" in told.err
