"""`order verify` says of each signature whose it is and whether it counts."""
import itertools
import shutil

from support import keys, orders
from support.tool import UNTRUSTED


def verify(workspace, file, *options, code=0):
    result = workspace.tool("order", "verify", file, "--json", *options)
    assert result.code == code, result
    return result.json()


def test_a_trusted_signature_meets_the_threshold(workspace):
    file = workspace.signed()
    report = verify(workspace, file)
    assert (report["order"], report["threshold"], report["met"]) == (orders.ID, 1, True)
    [signature] = report["signatures"]
    assert signature["key_id"] == workspace.ministry.id and signature["key_name"] == "ministry"
    assert signature["valid"] and signature["trusted"] and signature["problem"] is None


def test_it_says_so_in_words_too(workspace):
    result = workspace.tool.do("order", "verify", workspace.signed())
    assert "ministry" in result.out and workspace.ministry.id in result.out


def test_without_a_signature_it_is_not_met(workspace):
    report = verify(workspace, workspace.write(orders.document()), code=UNTRUSTED)
    assert not report["met"] and report["signatures"] == []


def test_an_unknown_key_is_shown_by_its_id(workspace):
    stranger = workspace.key("stranger")
    file = workspace.write(orders.document())
    keys.sign(file, stranger)
    [signature] = verify(workspace, file, code=UNTRUSTED)["signatures"]
    assert signature["key_id"] == stranger.id and signature["key_name"] is None
    assert not signature["trusted"] and signature["problem"]


def test_two_distinct_keys_meet_a_threshold_of_two(workspace):
    second = workspace.key("second")
    workspace.configure(trusted=[workspace.ministry, second], threshold=2)
    file = workspace.signed()
    assert verify(workspace, file, code=UNTRUSTED)["met"] is False
    keys.sign(file, second)
    report = verify(workspace, file)
    assert report["met"] and {s["key_name"] for s in report["signatures"]} == {"ministry", "second"}


def test_it_says_how_many_signatures_are_missing_and_who_may_give_them(workspace):
    second, third = workspace.key("second"), workspace.key("third")
    workspace.configure(trusted=[workspace.ministry, second, third], threshold=3)
    file = workspace.signed()
    report = verify(workspace, file, code=UNTRUSTED)
    assert report["missing"] == 2
    assert report["may_sign"] == [{"name": key.name, "key_id": key.id} for key in (second, third)]
    out = workspace.tool("order", "verify", file).out
    assert f"2 signatures are missing; these keys may sign: second ({second.id}), third ({third.id})" in out, out
    keys.sign(file, second)
    keys.sign(file, third)
    report = verify(workspace, file)
    assert (report["missing"], report["may_sign"]) == (0, [])
    assert "missing" not in workspace.tool.do("order", "verify", file).out


def test_a_key_that_does_not_count_is_not_named_as_a_signer(feed):
    work = feed.workspace
    old = work.key("old")
    feed.follow(keys={work.ministry: {}, old: {"revoked": "2024-01-01T00:00:00Z"}, feed.key: {"roles": ["feed"]}})
    out = work.tool("order", "verify", work.write(orders.document())).out
    assert f"these keys may sign: ministry ({work.ministry.id})" in out and "old" not in out, out


def test_one_key_that_signs_twice_counts_once(workspace):
    workspace.configure(trusted=[workspace.ministry, workspace.key("second")], threshold=2)
    file = workspace.signed()
    shutil.copy(file.with_name(f"{file.name}.{workspace.ministry.id}.minisig"), f"{file}.minisig")
    report = verify(workspace, file, code=UNTRUSTED)
    assert len(report["signatures"]) == 2 and not report["met"], report


def test_a_signature_beside_the_file_is_found_under_minisign_s_own_name(workspace):
    file = workspace.write(orders.document())
    keys.sign(file, workspace.ministry).rename(f"{file}.minisig")
    assert verify(workspace, file)["met"]


def test_a_signature_is_found_under_the_key_id_as_minisign_prints_it(workspace):
    """Without leading zeros, which one key id in sixteen has."""
    key = next(key for key in map(workspace.key, map(str, itertools.count())) if key.id.startswith("0"))
    workspace.configure(trusted=[key])
    file = workspace.write(orders.document())
    keys.sign(file, key).rename(f"{file}.{key.id.lstrip('0')}.minisig")
    assert verify(workspace, file)["met"]


def test_a_signature_elsewhere_can_be_handed_in(workspace):
    file = workspace.write(orders.document())
    elsewhere = keys.sign(file, workspace.ministry).rename(workspace.folder / "elsewhere")
    assert verify(workspace, file, code=UNTRUSTED)["met"] is False
    assert verify(workspace, file, "--signature", str(elsewhere))["met"]


def test_a_bad_signature_beside_a_good_one_does_not_spoil_it(workspace):
    file = workspace.signed()
    keys.sign(file, workspace.key("stranger"))
    report = verify(workspace, file)
    assert report["met"] and [s["trusted"] for s in report["signatures"]].count(True) == 1
