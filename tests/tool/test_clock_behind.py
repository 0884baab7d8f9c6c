"""A clock behind the last commit: writing commands warn, and refuse when it cannot be right."""
import glob
import subprocess

import pytest

from support import paths
from support.tool import DONE, UNSAFE


@pytest.fixture
def at(workspace):
    """Runs the tool at another time."""
    workspace.block("hoax.example")
    [library] = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")

    def run(time, *words):
        return subprocess.run([str(paths.TOOL), "--config", str(workspace.config), *words],
                              env={"PATH": "/usr/bin:/bin", "LD_PRELOAD": library, "FAKETIME": time},
                              capture_output=True, text=True, check=False)
    return run


BLOCK = ("local", "block", "zz.example", "--reason", "x")


def test_a_clock_that_cannot_be_right_commits_nothing(workspace, at):
    before = workspace.digest()
    result = at("1999-06-01 00:00:00", *BLOCK)
    assert result.returncode == UNSAFE and "last commits is of" in result.stderr and "timedatectl" in result.stderr
    assert workspace.digest() == before


def test_a_clock_that_was_set_back_is_noticed(at):
    result = at("-1d", *BLOCK)
    assert result.returncode == DONE and "warning: this machine's clock says" in result.stderr, result
    status = at("-1d", "status")
    assert "last commits is of" in status.stdout.splitlines()[0], status


def test_a_few_minutes_do_not_matter(at):
    assert at("-4m", *BLOCK).stderr == ""


def test_a_year_after_2262(at):
    result = at("2312-01-01 00:00:00", *BLOCK)
    assert result.returncode == DONE and "until 2312-" in result.stdout, result
