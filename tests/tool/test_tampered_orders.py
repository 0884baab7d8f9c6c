"""A bad order is refused with a reason, and the database stays the same, byte for byte."""
import base64
import json

import pytest

from support import keys, orders
from support.tool import UNSAFE, UNTRUSTED, USAGE

NEW = "B-NEW/UJI"


@pytest.fixture
def applied(workspace):
    """A workspace whose database holds one order, on other.example."""
    workspace.block("other.example")
    return workspace


def refused(workspace, file, code, *culprits):
    before = workspace.digest()
    result = workspace.tool.refused(code, "order", "apply", file)
    for culprit in culprits:
        assert culprit in result.err, result
    assert workspace.digest() == before, "the database changed"
    assert [order["id"] for order in workspace.tool.do("order", "list", "--json").json()["orders"]] == [orders.ID]


def signature_of(workspace, file):
    return file.with_name(f"{file.name}.{workspace.ministry.id}.minisig")


def flip(file, line, position):
    """Changes one character of the line of a text file to another of base64's."""
    lines = file.read_text().splitlines()
    old = lines[line][position]
    lines[line] = lines[line][:position] + ("A" if old != "A" else "B") + lines[line][position + 1:]
    file.write_text("\n".join(lines) + "\n")


def test_every_changed_byte_of_the_order(applied):
    file = applied.signed(id=NEW)
    original = file.read_bytes()
    for at in range(0, len(original), 37):
        file.write_bytes(original[:at] + bytes([original[at] ^ 1]) + original[at + 1:])
        refused(applied, file, UNTRUSTED, file.name)


@pytest.mark.parametrize("change", [lambda b: b + b"\n", lambda b: b[:-1], lambda b: b"", lambda b: b + b"\0"],
                         ids=["newline-added", "cut", "empty", "nul-added"])
def test_an_order_longer_or_shorter_than_signed(applied, change):
    file = applied.signed(id=NEW)
    file.write_bytes(change(file.read_bytes()))
    refused(applied, file, UNTRUSTED, file.name)


@pytest.mark.parametrize("line, position", [(1, 20), (1, 60), (1, 90), (3, 3), (3, 80)])
def test_a_changed_byte_of_the_signature(applied, line, position):
    file = applied.signed(id=NEW)
    flip(signature_of(applied, file), line, position)
    refused(applied, file, UNTRUSTED, file.name)


def test_a_changed_trusted_comment(applied):
    file = applied.signed(id=NEW)
    signature = signature_of(applied, file)
    signature.write_text(signature.read_text().replace("trusted comment: timestamp", "trusted comment: timestamq"))
    refused(applied, file, UNTRUSTED, "comment")


def test_a_signature_cut_short(applied):
    file = applied.signed(id=NEW)
    signature = signature_of(applied, file)
    signature.write_text(signature.read_text()[:150])
    refused(applied, file, UNTRUSTED, signature.name)


def test_the_signature_of_another_order(applied):
    other, file = applied.signed(id="B-OTHER"), applied.write(orders.document(id=NEW))
    signature_of(applied, other).rename(signature_of(applied, file))
    refused(applied, file, UNTRUSTED, file.name)


def test_no_signature(applied):
    file = applied.write(orders.document(id=NEW))
    refused(applied, file, UNTRUSTED, file.name, "signature")


def test_an_unknown_key(applied):
    stranger, file = applied.key("stranger"), applied.write(orders.document(id=NEW))
    keys.sign(file, stranger)
    refused(applied, file, UNTRUSTED, stranger.id)


def test_a_wrong_key_id(applied):
    """Characters 3 to 13 of the signature's base64 hold the id of the key that made it."""
    file = applied.signed(id=NEW)
    flip(signature_of(applied, file), 1, 8)
    refused(applied, file, UNTRUSTED, file.name)


def test_a_stranger_with_the_ministrys_key_id_is_refused(applied):
    stranger, file = applied.key("stranger"), applied.signed(id=NEW)
    own = signature_of(applied, file).read_text().splitlines()
    forged = keys.sign(file, stranger)
    lines = forged.read_text().splitlines()
    forged.unlink()
    # Two bytes of algorithm and eight of key id precede the signature.
    borrowed = base64.b64decode(own[1])[:10] + base64.b64decode(lines[1])[10:]
    lines[1] = base64.b64encode(borrowed).decode()
    signature_of(applied, file).write_text("\n".join(lines) + "\n")
    refused(applied, file, UNTRUSTED, applied.ministry.id)


def test_an_expired_order(applied):
    file = applied.signed(id=NEW, expires="2024-02-01T00:00:00Z")
    refused(applied, file, UNSAFE, NEW, "2024-02-01T00:00:00Z")


def test_an_order_that_is_not_yet_effective(applied):
    file = applied.signed(id=NEW, effective="2198-01-01T00:00:00Z")
    refused(applied, file, UNSAFE, NEW, "2198-01-01T00:00:00Z")


def test_a_known_id_with_other_content(applied):
    file = applied.signed(id=orders.ID, targets=orders.domains("second.example"))
    refused(applied, file, UNSAFE, orders.ID)


def test_a_known_id_with_other_content_after_it_was_revoked(applied):
    applied.tool.do("order", "revoke", orders.ID, "--reason", "uji")
    refused(applied, applied.signed(id=orders.ID, targets=orders.domains("second.example")), UNSAFE, orders.ID)


INVALID = {
    "unknown-field": ({"colour": "red"}, "colour"),
    "no-expires": ({"expires": orders.ABSENT}, "expires"),
    "no-id": ({"id": orders.ABSENT}, "id"),
    "no-authority": ({"authority": orders.ABSENT}, "authority"),
    "other-format": ({"format": "saring-order/2"}, "saring-order/2"),
    "no-targets": ({"targets": []}, "targets"),
    "page": ({"targets": orders.domains("https://page.example/some/page")}, "page.example"),
    "page-without-scheme": ({"targets": orders.domains("page.example/some/page")}, "page.example"),
    "bad-name": ({"targets": orders.domains("bad..example")}, "bad..example"),
    "long-label": ({"targets": orders.domains("x" * 64 + ".example")}, "63"),
    "root": ({"targets": orders.domains(".")}, "root"),
    "unknown-match": ({"targets": orders.domains("hoax.example", match="regex")}, "regex"),
    "unknown-target-field": ({"targets": [{"domain": "hoax.example", "port": 80}]}, "port"),
    "bad-address": ({"targets": [{"address": "203.0.113.0/99"}]}, "203.0.113.0/99"),
    "unknown-action": ({"action": "explode"}, "explode"),
    "bad-time": ({"issued": "2024-02-30T00:00:00Z"}, "issued"),
    "ends-before-it-begins": ({"effective": "2199-01-02T00:00:00Z"}, "expires"),
    "bad-region": ({"regions": ["Jakarta"]}, "regions"),
    "bad-contact": ({"contact": ["https://form.example"]}, "https://form.example"),
    "number-for-text": ({"authority": 7}, "authority"),
}


@pytest.mark.parametrize("fields, culprit", INVALID.values(), ids=INVALID)
def test_a_signed_document_that_is_no_valid_order(applied, fields, culprit):
    file = applied.signed(**{"id": NEW, **fields})
    refused(applied, file, USAGE, file.name, culprit)


@pytest.mark.parametrize("content", [b"", b"[]", b'"text"', b"{", b"\xff\xfe", b"[" * 100000],
                         ids=["empty", "array", "string", "cut", "no-utf-8", "deep"])
def test_a_signed_file_that_is_no_document(applied, content):
    file = applied.signed(content)
    refused(applied, file, USAGE, file.name)


def test_a_duplicate_member_is_refused(applied):
    text = json.dumps(orders.document(id=NEW))
    file = applied.signed(text.replace('"authority"', '"authority": "Lain", "authority"', 1))
    refused(applied, file, USAGE, "authority")
