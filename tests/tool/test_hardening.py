"""The built programs have the hardening that compiler and linker were asked for."""
import re
import subprocess

import pytest

from support import paths

both = pytest.mark.parametrize("program", [paths.TOOL, paths.MODULE], ids=["tool", "module"])


def readelf(program, *options) -> str:
    return subprocess.run(["readelf", "-W", *options, str(program)], capture_output=True, text=True, check=True).stdout


@both
def test_it_lies_at_a_random_address(program):
    assert re.search(r"Type:\s+DYN", readelf(program, "-h"))


@both
def test_no_stack_is_executable_and_no_code_writable(program):
    segments = readelf(program, "-l")
    stack = re.search(r"GNU_STACK.*", segments)
    assert stack and " RWE " not in stack[0]
    assert not re.search(r"LOAD.* RWE ", segments)
    assert "TEXTREL" not in readelf(program, "-d")


@both
def test_its_tables_are_read_only_once_loaded(program):
    assert "GNU_RELRO" in readelf(program, "-l")
    assert re.search(r"BIND_NOW|Flags:.*NOW", readelf(program, "-d"))


@both
def test_its_stack_is_watched_and_its_copies_are_bounded(program):
    symbols = readelf(program, "--dyn-syms")
    assert "__stack_chk_fail" in symbols
    assert re.search(r"__\w+_chk\b", symbols.replace("__stack_chk_fail", "")), "nothing was fortified"


def test_the_module_exports_only_the_symbols_that_unbound_looks_up():
    exported = {line.split()[-1].split("@")[0] for line in readelf(paths.MODULE, "--dyn-syms").splitlines()
                if re.search(r" (GLOBAL|WEAK) +DEFAULT +\d+ ", line)}
    assert exported <= {"init", "deinit", "operate", "inform_super", "clear", "get_mem", "startup", "destartup"
                        }, exported


def test_neither_runs_a_shell():
    for program in (paths.TOOL, paths.MODULE):
        wanted = {
            line.split()[-1].split("@")[0] for line in readelf(program, "--dyn-syms").splitlines() if " UND " in line
        }
        assert not wanted & {
            "system", "popen", "execl", "execlp", "execle", "execv", "execvp", "execvpe", "posix_spawn", "posix_spawnp"
        }
