"""Keys and signatures go both ways between the tool and the minisign program."""
import pytest

from support import keys, orders
from support.keys import Key
from support.tool import UNTRUSTED

PASSWORD = "kata sandi"


def tool_key(workspace, name="made", *options):
    key = Key(name, workspace.folder / f"{name}.key", workspace.folder / f"{name}.pub")
    workspace.tool.do("key", "generate", "--secret-key", key.secret, "--public-key", key.public,
                      *(options or ["--no-password"]))
    return key


def minisign_accepts(file, signature, key):
    done = keys.minisign("-V", "-p", key.public, "-m", file, "-x", signature)
    assert done.returncode == 0, done
    return done.stdout


@pytest.fixture
def password_file(workspace):
    file = workspace.folder / "password"
    file.write_text(PASSWORD + "\n")
    file.chmod(0o600)
    return file


@pytest.mark.parametrize("options", [[], ["-l"]], ids=["prehashed", "legacy"])
def test_the_tool_accepts_signatures_of_minisign(workspace, options):
    file = workspace.write(orders.document())
    keys.sign(file, workspace.ministry, *options, "-t", "nomor 1")
    report = workspace.tool.do("order", "verify", file, "--json").json()
    assert report["met"] and report["signatures"][0]["trusted_comment"] == "nomor 1", report
    workspace.tool.do("order", "apply", file)


def test_minisign_accepts_signatures_of_the_tool(workspace):
    file = workspace.write(orders.document())
    result = workspace.tool.do("order", "sign", "--yes", file, "--secret-key", workspace.ministry.secret,
                               "--trusted-comment", "disetujui")
    signature = file.with_name(f"{file.name}.{workspace.ministry.id}.minisig")
    assert str(signature) in result.out
    assert "disetujui" in minisign_accepts(file, signature, workspace.ministry)
    workspace.tool.do("order", "apply", file)


def test_minisign_accepts_the_tools_key_and_signature(workspace):
    workspace.configure(trusted=[])  # as at a ministry that has none yet
    key = tool_key(workspace)
    file = workspace.write(orders.document())
    signature = workspace.folder / "own.minisig"
    workspace.tool.do("order", "sign", "--yes", file, "--secret-key", key.secret, "--output", signature)
    minisign_accepts(file, signature, key)


@pytest.mark.parametrize("options", [[], ["-l"]], ids=["prehashed", "legacy"])
def test_minisign_signs_with_the_tools_key_and_the_tool_accepts_it(workspace, options):
    key = tool_key(workspace)
    workspace.configure(trusted=[key])
    file = workspace.write(orders.document())
    keys.sign(file, key, *options)
    workspace.tool.do("order", "apply", file)


def test_a_password_protects_the_tools_key_as_it_does_minisign_s(workspace, password_file):
    key = tool_key(workspace, "locked", "--password-file", password_file)
    workspace.configure(trusted=[key])
    file = workspace.write(orders.document())
    workspace.tool.do("order", "sign", "--yes", file, "--secret-key", key.secret, "--password-file", password_file)
    minisign_accepts(file, file.with_name(f"{file.name}.{key.id}.minisig"), key)

    own = workspace.folder / "minisign.minisig"
    done = keys.minisign("-S", "-s", key.secret, "-m", file, "-x", own, password=PASSWORD + "\n")
    assert done.returncode == 0, done
    workspace.tool.do("order", "verify", file, "--signature", own)

    wrong = workspace.folder / "wrong-password"
    wrong.write_text("salah\n")
    wrong.chmod(0o600)
    result = workspace.tool("order", "sign", "--yes", file, "--secret-key", key.secret, "--password-file", wrong,
                            "--output", workspace.folder / "never.minisig")
    assert result.code == UNTRUSTED and "password" in result.err, result
    assert not (workspace.folder / "never.minisig").exists()


def test_the_tool_signs_with_a_password_key_of_minisign(workspace, password_file):
    workspace.configure(trusted=[])  # as at a ministry that has none yet
    key = Key("theirs", workspace.folder / "theirs.key", workspace.folder / "theirs.pub")
    done = keys.minisign("-G", "-s", key.secret, "-p", key.public, password=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.returncode == 0, done
    file = workspace.write(orders.document())
    workspace.tool.do("order", "sign", "--yes", file, "--secret-key", key.secret, "--password-file", password_file)
    minisign_accepts(file, file.with_name(f"{file.name}.{key.id}.minisig"), key)
