"""`key generate`: minisign's file formats, and protection of the secret key."""
import stat

import pytest

from support.tool import Tool, USAGE


@pytest.fixture
def folder(new_folder):
    return new_folder("keys")


@pytest.fixture
def tool():
    """Making a key needs no configuration."""
    return Tool(None)


def generate(tool, folder, *options):
    return tool("key", "generate", "--secret-key", folder / "a.key", "--public-key", folder / "a.pub", *options)


def test_it_prints_the_key_id_and_the_public_key(tool, folder):
    result = generate(tool, folder, "--no-password")
    assert result.code == 0, result
    comment, public = (folder / "a.pub").read_text().splitlines()
    assert public in result.out and comment.split()[-1] in result.out
    assert public.startswith("RW") and len(comment.split()[-1]) == 16


def test_only_the_owner_can_read_the_secret_key(tool, folder):
    assert generate(tool, folder, "--no-password").code == 0
    assert stat.S_IMODE((folder / "a.key").stat().st_mode) == 0o600


def test_it_carries_the_given_comment(tool, folder):
    assert generate(tool, folder, "--no-password", "--comment", "kunci uji").code == 0
    assert "kunci uji" in (folder / "a.pub").read_text() + (folder / "a.key").read_text()


@pytest.mark.parametrize("existing", ["a.key", "a.pub"])
def test_it_overwrites_neither_file(tool, folder, existing):
    (folder / existing).write_text("precious\n")
    result = generate(tool, folder, "--no-password")
    assert result.code == USAGE and existing in result.err, result
    assert (folder / existing).read_text() == "precious\n"
    assert [path.name for path in folder.iterdir()] == [existing], "it left half a key behind"


def test_two_keys_differ(tool, folder, new_folder):
    other = new_folder("other")
    assert generate(tool, folder, "--no-password").code == generate(tool, other, "--no-password").code == 0
    assert (folder / "a.pub").read_text() != (other / "a.pub").read_text()
    assert (folder / "a.key").read_text() != (other / "a.key").read_text()


def test_a_folder_that_does_not_exist_is_reported(tool, folder):
    result = generate(tool, folder / "nowhere", "--no-password")
    assert result.code == USAGE and "nowhere" in result.err, result
