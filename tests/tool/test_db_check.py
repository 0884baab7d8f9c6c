"""`db check` finds changes made without the tool, and says where and what."""
import os
import struct

import pytest

from support import orders
from support.database import entry, lookup_key, writing
from support.tool import DATABASE, UNTRUSTED, USAGE

SECOND = "B-2/UJI/2024"


def serial(number):
    return struct.pack(">Q", number)


@pytest.fixture
def filled(workspace):
    """Orders, a revocation, a list changed once, a rollback: seven commits."""
    file = workspace.folder / "list"
    workspace.block("hoax.example", "other.example")                                # index 1
    workspace.apply(id=SECOND, targets=[{"domain": "exact.example", "match": "exact"}, {"address": "203.0.113.0/28"}])
    for names in ("l1.example\nl2.example\n", "l2.example\nl3.example\n"):          # index 3
        file.write_text(names)
        workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", file)
    workspace.apply(id="B-3", targets=orders.domains("third.example"), revokes=[{"order": SECOND}])
    workspace.block("fourth.example", id="B-4")
    workspace.tool.do("db", "rollback", "5", "--reason", "uji")
    return workspace


def findings(workspace, *options):
    result = workspace.tool("db", "check", *options, "--json")
    told = result.json()
    assert result.code == (0 if told["sound"] else DATABASE), result
    assert told["sound"] == (told["findings"] == []) == (told["findings_count"] == 0)
    return {(f["where"], f["what"]) for f in told["findings"]}


def found(workspace, where, what, *options):
    all_ = findings(workspace, *options)
    assert any(w == where and what in told for w, told in all_), all_


def test_a_database_the_tool_made_is_sound(filled):
    assert findings(filled) == set() and findings(filled, "--signatures") == set()
    assert "sound" in filled.tool.do("db", "check").out


def test_an_empty_database_is_sound(workspace):
    workspace.tool.do("db", "init")
    assert findings(workspace) == set()


@pytest.mark.parametrize("number", [1, 3, 7])
def test_a_removed_journal_record_is_found(filled, number):
    with writing(filled.database, b"journal") as table:
        assert table.delete(serial(number))
    found(filled, f"journal record {number}", "is missing")


@pytest.mark.parametrize("number", [1, 3, 7])
def test_an_altered_journal_record_is_found(filled, number):
    with writing(filled.database, b"journal") as table:
        record = table.get(serial(number))
        table.put(
            serial(number),
            record.replace(b"UJI", b"UJO") if b"UJI" in record else record[:40] + bytes([record[40] ^ 1]) + record[41:],
        )
    found(filled, f"journal record {number}", "altered")


def test_a_journal_that_was_cut_at_its_end_is_found(filled):
    with writing(filled.database, b"journal") as table:
        table.delete(serial(7))
    with writing(filled.database, b"meta") as table:
        table.put(b"serial", struct.pack("<Q", 6))
    assert findings(filled)


def test_removed_changes_are_found(filled):
    with writing(filled.database, b"changes") as table:
        assert table.delete(serial(2))
    found(filled, "changes of serial 2", "not on record")


def test_damaged_changes_are_found(filled):
    with writing(filled.database, b"changes") as table:
        table.put(serial(2), b"garbage")
    found(filled, "changes of serial 2", "changes have no valid size")


def test_a_dangling_entry_is_found(filled):
    with writing(filled.database, b"names") as table:
        table.put(lookup_key("stray.example"), entry(77))
    found(filled, "name stray.example", "order index 77, which does not exist")


def test_a_name_that_the_orders_document_does_not_list_is_found(filled):
    with writing(filled.database, b"names") as table:
        table.put(lookup_key("stray.example"), entry(1))
    found(filled, "name stray.example", f"order {orders.ID}, whose document does not list it")
    found(filled, f"order {orders.ID}", "says that it lists 2 names; the table has 3")


def test_a_removed_name_is_found(filled):
    with writing(filled.database, b"names") as table:
        assert table.delete(lookup_key("hoax.example"))
    found(filled, f"order {orders.ID}", "says that it lists 2 names; the table has 1")


def test_a_removed_address_is_found(filled):
    filled.apply(id="B-5", targets=[{"address": "198.51.100.0/24"}])
    with writing(filled.database, b"addresses") as table:
        assert table.delete(b"\x04\xc6\x33\x64\x00\x18")
    found(filled, "order B-5", "says that it lists 1 addresses; the table has 0")


def test_a_lists_name_exchanged_for_another_is_found(filled):
    with writing(filled.database, b"names") as table:
        table.put(lookup_key("l4.example"), table.pop(lookup_key("l3.example")))
    found(filled, "order list:uji", "digest differs")


def test_a_match_that_was_widened_is_found(filled):
    filled.block("narrow.example", id="B-5", match="exact")
    with writing(filled.database, b"names") as table:
        value = table.get(lookup_key("narrow.example"))
        table.put(lookup_key("narrow.example"), value[:4] + b"\0")
    assert any(where == "name narrow.example" for where, _ in findings(filled)), findings(filled)


def test_a_ragged_value_is_found(filled):
    with writing(filled.database, b"names") as table:
        table.put(lookup_key("hoax.example"), entry(1) + b"\0")
    found(filled, "name hoax.example", "odd length")


def test_a_key_that_is_no_name_is_found(filled):
    with writing(filled.database, b"names") as table:
        table.put(b"no lookup key", entry(1))
    assert any(where == "names" for where, _ in findings(filled))


def test_a_removed_order_is_found(filled):
    with writing(filled.database, b"orders") as table:
        assert table.delete(struct.pack(">I", 1))
    found(filled, f"order id {orders.ID}", "refers to no order")
    found(filled, "name hoax.example", "order index 1, which does not exist")


def test_an_order_id_that_leads_elsewhere_is_found(filled):
    with writing(filled.database, b"order_ids") as table:
        table.put(orders.ID.encode(), struct.pack(">I", 2))
    found(filled, f"order id {orders.ID}", f"refers to order {SECOND}")
    found(filled, f"order {orders.ID}", "is not found by its id")


def test_an_altered_document_is_found(filled):
    with writing(filled.database, b"documents") as table:
        key = struct.pack(">I", 1)
        table.put(key, table.get(key).replace(b"other.example", b"0ther.example"))
    found(filled, f"order {orders.ID}", "its digest differs")


def test_a_removed_document_is_found(filled):
    with writing(filled.database, b"documents") as table:
        table.delete(struct.pack(">I", 1))
    found(filled, f"order {orders.ID}", "has no document")


def test_a_document_of_no_order_is_found(filled):
    with writing(filled.database, b"documents") as table:
        table.put(struct.pack(">I", 99), table.get(struct.pack(">I", 1)))
    found(filled, "documents of order index 99", "belong to no order")


def test_an_altered_order_record_is_found(filled):
    """The authority is not covered by counts or digests; the journal's commits have it."""
    with writing(filled.database, b"orders") as table:
        key = struct.pack(">I", 1)
        table.put(key, table.get(key).replace(b"Kementerian", b"Kementeriam"))
    assert findings(filled)


def test_an_altered_signature_is_found_when_asked(filled):
    with writing(filled.database, b"documents") as table:
        key = struct.pack(">I", 1)
        table.put(key, table.get(key).replace(b"trusted comment: ", b"trusted comment: x", 1))
    result = filled.tool("db", "check", "--signatures", "--json")
    assert result.code == DATABASE, result


def test_a_key_that_is_no_longer_trusted_is_found_when_asked(filled):
    filled.configure(trusted=[filled.key("other")])
    assert findings(filled) == set()
    result = filled.tool.refused(UNTRUSTED, "db", "check", "--signatures")
    assert "key is not trusted" in result.out and "the content is sound" in result.err, result


def test_a_rewritten_journal_is_found_by_an_anchor_noted_before(filled, new_folder):
    noted = filled.tool.do("db", "check", "--json").json()["anchor"]
    assert findings(filled, "--anchor", noted) == set()
    filled.block("later.example", id="B-9")
    assert findings(filled, "--anchor", noted) == set()
    other = noted[:-1] + ("0" if noted[-1] != "0" else "1")
    found(filled, "journal record 7", "was rewritten", "--anchor", other)


@pytest.mark.parametrize("anchor", ["7", "7:abc", "x:" + "0" * 64])
def test_an_anchor_that_is_none_is_refused(filled, anchor):
    assert "--anchor" in filled.tool.refused(USAGE, "db", "check", "--anchor", anchor).err


def test_a_file_cut_short_is_found(filled):
    data = filled.database / "data.mdb"
    os.truncate(data, data.stat().st_size // 2)  # the last pages may be free and unused
    assert str(filled.database) in filled.tool.refused(DATABASE, "db", "check").err


def test_damaged_pages_are_found_and_do_not_end_the_command(filled):
    """Every page except the two meta pages, one after the other."""
    data = filled.database / "data.mdb"
    good = data.read_bytes()
    told = 0
    for page in range(2, len(good) // 4096):
        data.write_bytes(good[:page * 4096] + b"\xa5" * 4096 + good[(page + 1) * 4096:])
        result = filled.tool("db", "check", "--json")
        assert result.code in (0, DATABASE), result  # 0: a free page
        told += result.code == DATABASE
    assert told > 5


def test_people_read_findings_and_one_line_of_error(filled):
    with writing(filled.database, b"names") as table:
        table.put(lookup_key("stray.example"), entry(77))
    result = filled.tool.refused(DATABASE, "db", "check")
    assert "name stray.example: is listed by order index 77" in result.out and "finding" in result.err
