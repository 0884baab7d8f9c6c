"""Writing into damaged pages: every command ends with a documented exit code, whatever LMDB does with the page."""
import random

import pytest

from support.tool import DATABASE, DONE, NO, UNSAFE

NAMES = "".join(f"n{number}.hoax{number % 97}.example\n" for number in range(4000))
TRIALS = 25


@pytest.fixture(scope="module")
def sound(shared_workspace):
    """A database with pages of every kind, and the commands that write to most of them."""
    names = shared_workspace.folder / "names"
    names.write_text(NAMES)
    imported = ["list", "import", str(names), "--source", "uji", "--format", "domains"]
    shared_workspace.tool.do(*imported)
    for number in range(20):
        shared_workspace.tool.do("local", "block", f"l{number}.example", "--reason", "uji" * 50)
    for number in range(12):
        shared_workspace.tool.do("local", "remove", f"l{number}.example", "--reason", "uji")
    names.write_text(NAMES.replace("hoax1", "hoaks1"))
    return shared_workspace, (shared_workspace.database / "data.mdb").read_bytes(), imported


def damaged(content, chance):
    out = bytearray(content)
    for _ in range(chance.choice([1, 3, 20, 80])):
        page = 4096 * chance.randrange(2, len(out) // 4096)
        match chance.choice(["noise", "flip", "bounds", "no bounds"]):
            case "noise": out[page:page + 4096] = chance.randbytes(4096)
            case "flip": out[page + chance.randrange(4096)] ^= 1 << chance.randrange(8)
            case "bounds": out[page + 12:page + 16] = chance.randbytes(4)
            case "no bounds": out[page + 12:page + 14] = b"\0\0"
    return bytes(out)


@pytest.mark.parametrize("command", ["import", "block", "remove"])
def test_no_signal_ends_a_command(sound, command):
    workspace, content, imported = sound
    chance = random.Random(command)
    words = {
        "import": imported,
        "block": ["local", "block", "new.example", "--reason", "uji" * 500],
        "remove": ["local", "remove", "l15.example", "--reason", "uji"],
    }[command]
    codes = set()
    for _ in range(TRIALS):
        (workspace.database / "data.mdb").write_bytes(damaged(content, chance))
        result = workspace.tool(*words)
        assert result.code in (DONE, NO, UNSAFE, DATABASE), result
        codes.add(result.code)
    assert DATABASE in codes
