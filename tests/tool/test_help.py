"""Every program in the sources prints its help at once, without building or installing anything."""
import os
import subprocess

import pytest
from support import paths

PATHS = [path for folder in (".ci", "docs", "packaging", "tests") for path in (paths.ROOT / folder).rglob("*")]
PROGRAMS = sorted(path.relative_to(paths.ROOT) for path in PATHS
                  if path.is_file() and os.access(path, os.X_OK) and path.name != "rules")


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_help_is_printed_and_nothing_is_built(program, new_folder):
    # With no compiler, cmake or apt in PATH.
    bare = new_folder("bin")
    for name in ("bash", "sh", "env", "sed", "dirname", "basename", "cat", "chrt", "python3"):
        (bare / name).symlink_to(f"/usr/bin/{name}")
    environment = {"PATH": str(bare), "HOME": str(bare), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([paths.ROOT / program, "--help"], cwd=bare, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0 and len(done.stdout) > 60, (done.stdout, done.stderr)


def test_there_are_such_programs():
    assert len(PROGRAMS) > 25
