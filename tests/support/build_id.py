"""Makes an Unbound that saring.so was not built for: the same program with another build-id."""
import shutil
import struct
from pathlib import Path

# The ELF note that `ld --build-id` writes: name size, description size, type 3, "GNU".
_NOTE = struct.pack("<III4s", 4, 20, 3, b"GNU\0")


def with_other_build_id(program: Path, copy: Path) -> Path:
    content = bytearray(program.read_bytes())
    found = content.find(_NOTE)
    assert found >= 0 and content.find(_NOTE, found + 1) < 0, f"{program} has no single build-id note"
    content[found + len(_NOTE)] ^= 0xFF
    copy.write_bytes(content)
    shutil.copymode(program, copy)
    return copy
