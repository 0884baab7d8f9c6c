"""`order sign` makes detached signatures beside the order."""
from support import keys, orders
from support.tool import USAGE


def test_it_writes_beside_the_file_under_the_key_s_id_and_prints_the_path(workspace):
    file = workspace.write(orders.document())
    result = workspace.tool.do("order", "sign", file, "--secret-key", workspace.ministry.secret)
    assert result.out.strip().endswith(f"{file.name}.{workspace.ministry.id}.minisig")
    assert file.with_name(f"{file.name}.{workspace.ministry.id}.minisig").exists()


def test_the_order_s_own_bytes_stay_as_they_are(workspace):
    file = workspace.write(b'{ "spacing" :\t"kept" }')
    before = file.read_bytes()
    workspace.tool("order", "sign", file, "--secret-key", workspace.ministry.secret)
    assert file.read_bytes() == before


def test_two_signers_do_not_overwrite_each_other(workspace):
    second = workspace.key("second")
    file = workspace.write(orders.document())
    for key in (workspace.ministry, second):
        workspace.tool.do("order", "sign", file, "--secret-key", key.secret)
    assert len(list(file.parent.glob(f"{file.name}.*.minisig"))) == 2


def test_a_document_that_is_no_order_is_not_signed(workspace):
    """Better told to who drafts it than to every ISP."""
    file = workspace.write(orders.document(expires=orders.ABSENT))
    result = workspace.tool.refused(USAGE, "order", "sign", file, "--secret-key", workspace.ministry.secret)
    assert "expires" in result.err
    assert not list(file.parent.glob(f"{file.name}.*"))


def test_a_file_that_is_no_secret_key_is_named(workspace):
    file = workspace.write(orders.document())
    result = workspace.tool("order", "sign", file, "--secret-key", workspace.ministry.public)
    assert result.code != 0 and "ministry.pub" in result.err, result


def test_the_default_trusted_comment_names_the_order_or_its_file(workspace):
    file = workspace.write(orders.document())
    workspace.tool.do("order", "sign", file, "--secret-key", workspace.ministry.secret)
    done = keys.minisign("-V", "-Q", "-p", workspace.ministry.public, "-m", file,
                         "-x", file.with_name(f"{file.name}.{workspace.ministry.id}.minisig"))
    assert done.returncode == 0 and (file.name in done.stdout or orders.ID in done.stdout), done
