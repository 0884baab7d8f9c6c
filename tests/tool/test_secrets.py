"""Secret keys and passwords that others can read are not used."""
import os

import pytest

from support.tool import DONE, USAGE


@pytest.fixture
def order(workspace):
    return workspace.write(
        '{"format": "saring-order/1", "id": "B-1", "authority": "a", "issued": "2024-01-01T00:00:00Z", '
        '"expires": "2199-01-01T00:00:00Z", "targets": [{"domain": "hoax.example"}]}'
    )


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_secret_key_that_others_may_read_signs_nothing(workspace, order, mode):
    workspace.ministry.secret.chmod(mode)
    result = workspace.tool.refused(USAGE, "order", "sign", "--yes", order, "--secret-key", workspace.ministry.secret)
    assert f"{mode:04o}" in result.err and "chmod 600" in result.err
    assert not list(workspace.folder.glob("*.minisig"))


def test_nor_does_it_for_feeds_and_receipts(workspace):
    workspace.tool.do("db", "init")
    workspace.ministry.secret.chmod(0o644)
    for words in (["feed", "publish", workspace.folder / "feed", "--name",
                   "m"], ["receipt", "make", "--isp", "i", "--output", workspace.folder / "r"]):
        assert "0644" in workspace.tool.refused(USAGE, *words, "--secret-key", workspace.ministry.secret).err


def test_a_key_in_a_link_counts_as_the_file_that_it_leads_to(workspace, order):
    link = workspace.folder / "link.key"
    link.symlink_to(workspace.ministry.secret)
    assert workspace.tool("order", "sign", "--yes", order, "--secret-key", link).code == DONE
    workspace.ministry.secret.chmod(0o644)
    workspace.tool.refused(USAGE, "order", "sign", "--yes", order, "--secret-key", link)


def test_a_password_file_that_others_may_read_is_refused(workspace):
    password = workspace.folder / "password"
    password.write_text("rahasia\n")
    password.chmod(0o644)
    result = workspace.tool.refused(USAGE, "key", "generate", "--secret-key", workspace.folder / "k", "--public-key",
                                    workspace.folder / "k.pub", "--password-file", password)
    assert "0644" in result.err and not (workspace.folder / "k").exists()


def test_a_new_key_is_never_written_through_a_link(workspace):
    elsewhere = workspace.folder / "elsewhere"
    (workspace.folder / "k").symlink_to(elsewhere)
    workspace.tool.refused(USAGE, "key", "generate", "--no-password", "--secret-key", workspace.folder / "k",
                           "--public-key", workspace.folder / "k.pub")
    assert not elsewhere.exists()


def test_a_signature_replaces_a_link_and_not_its_target(workspace, order):
    precious = workspace.folder / "precious"
    precious.write_text("as it was")
    signature = workspace.folder / f"{order.name}.{workspace.ministry.id}.minisig"
    signature.symlink_to(precious)
    workspace.tool.do("order", "sign", "--yes", order, "--secret-key", workspace.ministry.secret)
    assert precious.read_text() == "as it was" and not signature.is_symlink() and os.path.getsize(signature) > 100
