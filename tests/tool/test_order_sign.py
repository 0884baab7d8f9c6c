"""`order sign` makes detached signatures beside the order."""
import pytest

from support import keys, orders
from support.terminal import on_a_terminal
from support.tool import UNSAFE, UNTRUSTED, USAGE


def test_it_writes_beside_the_file_under_the_key_s_id_and_prints_the_path(workspace):
    file = workspace.write(orders.document())
    result = workspace.tool.do("order", "sign", "--yes", file, "--secret-key", workspace.ministry.secret)
    assert result.out.strip().endswith(f"{file.name}.{workspace.ministry.id}.minisig")
    assert file.with_name(f"{file.name}.{workspace.ministry.id}.minisig").exists()


def test_the_orders_own_bytes_stay_as_they_are(workspace):
    file = workspace.write(b'{ "spacing" :\t"kept" }')
    before = file.read_bytes()
    workspace.tool("order", "sign", "--yes", file, "--secret-key", workspace.ministry.secret)
    assert file.read_bytes() == before


def test_two_signers_do_not_overwrite_each_other(workspace):
    second = workspace.key("second")
    workspace.configure(trusted=[workspace.ministry, second])
    file = workspace.write(orders.document())
    for key in (workspace.ministry, second):
        workspace.tool.do("order", "sign", "--yes", file, "--secret-key", key.secret)
    assert len(list(file.parent.glob(f"{file.name}.*.minisig"))) == 2


def test_each_signer_learns_what_is_missing(workspace):
    second = workspace.key("second")
    workspace.configure(trusted=[workspace.ministry, second], threshold=2)
    file = workspace.write(orders.document())
    out = workspace.tool.do("order", "sign", "--yes", file, "--secret-key", workspace.ministry.secret).out
    assert f"1 signature is missing; these keys may sign: second ({second.id})" in out, out
    elsewhere = workspace.folder / "elsewhere"
    out = workspace.tool.do(
        "order", "sign", "--yes", file, "--secret-key", second.secret, "--output", elsewhere
    ).out
    assert "2 trusted signatures, 2 needed: the order would be accepted" in out and "missing" not in out, out


def test_a_document_that_is_no_order_is_not_signed(workspace):
    """The person who drafts the order gets the warning, and not every ISP."""
    file = workspace.write(orders.document(expires=orders.ABSENT))
    result = workspace.tool.refused(USAGE, "order", "sign", "--yes", file, "--secret-key", workspace.ministry.secret)
    assert "expires" in result.err
    assert not list(file.parent.glob(f"{file.name}.*"))


def test_a_file_that_is_no_secret_key_is_named(workspace):
    file = workspace.write(orders.document())
    result = workspace.tool("order", "sign", "--yes", file, "--secret-key", workspace.ministry.public)
    assert result.code != 0 and "ministry.pub" in result.err, result


def test_the_default_trusted_comment_names_the_order_or_its_file(workspace):
    file = workspace.write(orders.document())
    workspace.tool.do("order", "sign", "--yes", file, "--secret-key", workspace.ministry.secret)
    done = keys.minisign("-V", "-Q", "-p", workspace.ministry.public, "-m", file,
                         "-x", file.with_name(f"{file.name}.{workspace.ministry.id}.minisig"))
    assert done.returncode == 0 and (file.name in done.stdout or orders.ID in done.stdout), done


def test_what_is_signed_is_shown(workspace):
    file = workspace.write(orders.document(
        action="redirect", regions=["ID-JK", "ID-JB"], deadline="2024-01-02T00:00:00Z",
        targets=[{"domain": "bücher.example"}, {"domain": "hoax.example", "match": "exact"},
                 {"address": "203.0.113.0/24"}],
        revokes=[{"order": "B-0"}, {"order": "B-00", "domain": "xn--mnchen-3ya.example"}]))
    out = workspace.tool.do("order", "sign", file, "--yes", "--secret-key", workspace.ministry.secret).out
    for word in (orders.ID, "Kementerian Uji", "Pasal 40 UU Uji", "2024-01-01T00:00:00Z until 2199-01-01T00:00:00Z",
                 "redirect", "ID-JK, ID-JB", "Hoaks pemilu", "mailto:aduan@kementerian.example", "2 names, 1 address",
                 "xn--bcher-kva.example (bücher.example), and all below it", "hoax.example, that name only",
                 "203.0.113.0/24", "order B-0, whole", "xn--mnchen-3ya.example (münchen.example) of order B-00"):
        assert word in out, (word, out)


@pytest.mark.parametrize("answer, signed", [("y\n", True), ("ya\n", True), ("n\n", False), ("\n", False)])
def test_a_person_is_asked(workspace, answer, signed):
    file = workspace.write(orders.document())
    secret = str(workspace.ministry.secret)
    out = on_a_terminal(workspace, "order", "sign", str(file), "--secret-key", secret, typed=answer)
    assert orders.ID in out and "Sign this order?" in out
    assert bool(list(file.parent.glob(f"{file.name}.*.minisig"))) is signed, out


def test_without_a_terminal_nothing_is_signed_without_yes(workspace):
    file = workspace.write(orders.document())
    for stdin in (None, "y\n"):
        result = workspace.tool("order", "sign", file, "--secret-key", workspace.ministry.secret, stdin=stdin or "")
        assert result.code == USAGE and "--yes" in result.err and "order show" in result.err, result
    assert not list(file.parent.glob(f"{file.name}.*.minisig"))


@pytest.mark.parametrize("options, why", [({"roles": ["feed"]}, "may not sign orders"),
                                          ({"revoked": "2024-01-01T00:00:00Z"}, "was revoked"),
                                          ({"valid_until": "2024-01-01T00:00:00Z"}, "was valid until")])
def test_a_key_whose_signature_would_not_count_is_refused(feed, options, why):
    work = feed.workspace
    feed.follow(keys={work.ministry: options, feed.key: {"roles": ["feed"]}})
    file = work.write(orders.document())
    result = work.tool.refused(UNTRUSTED, "order", "sign", file, "--yes", "--secret-key", work.ministry.secret)
    assert why in result.err and not list(file.parent.glob(f"{file.name}.*.minisig"))


@pytest.mark.parametrize("document, why", [
    (orders.document(id="list:foo"), "reserved"), (orders.document(id="local:foo"), "reserved"),
    (orders.document(id="B-1", targets=orders.domains("a.example"), revokes=[{"order": "B-1"}]), "lifts itself"),
    (orders.document(issued="2099-01-01T00:00:00Z", effective="2099-01-01T00:00:00Z", expires="2099-06-01T00:00:00Z"),
     "the clock here")])
def test_an_order_that_every_isp_refuses_is_not_signed_verified_or_published(feed, document, why):
    work = feed.workspace
    file = work.write(document)
    assert why in work.tool.refused(UNSAFE, "order", "sign", "--yes", file, "--secret-key", work.ministry.secret).err
    keys.sign(file, work.ministry)
    assert why in work.tool.refused(UNSAFE, "order", "verify", file).err
    assert why in work.tool.refused(UNSAFE, "feed", "publish", feed.directory, *feed.options(), file).err


def test_a_key_that_is_not_configured_is_refused_where_others_are(workspace):
    stranger = workspace.key("stranger")
    file = workspace.write(orders.document())
    result = workspace.tool.refused(UNTRUSTED, "order", "sign", file, "--yes", "--secret-key", stranger.secret)
    assert "is not among the keys" in result.err and stranger.id in result.err
    assert not list(file.parent.glob(f"{file.name}.*.minisig"))
