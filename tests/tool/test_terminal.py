"""Colours and the pager: for people at a terminal, never for programs."""
import shlex
import subprocess
import sys

import pytest

from support import paths
from support.terminal import on_a_terminal

RED = "\033[31;1m"


@pytest.fixture(scope="module")
def filled(shared_workspace):
    for n in range(60):
        shared_workspace.tool.do("local", "block", f"n{n}.example", "--reason", "uji")
    return shared_workspace


def test_a_block_is_seen_in_colour(filled):
    assert f"n1.example: {RED}BLOCKED\033[m" in on_a_terminal(filled, "explain", "n1.example")


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_declined(filled, environment):
    assert "n1.example: BLOCKED" in on_a_terminal(filled, "explain", "n1.example", environment=environment)


def test_an_empty_no_color_declines_nothing(filled):
    assert RED in on_a_terminal(filled, "explain", "n1.example", environment={"NO_COLOR": ""})


@pytest.mark.parametrize("command", [["explain", "n1.example"], ["status"], ["doctor", "--quick"], ["local", "list"]])
def test_what_is_piped_has_neither(filled, command):
    done = subprocess.run([str(paths.TOOL), "--config", str(filled.config), *command],
                          env={"PATH": "/usr/bin:/bin", "TERM": "xterm",
                               "PAGER": "touch paged"}, cwd=filled.folder, capture_output=True, text=True, check=False)
    assert "\033" not in done.stdout and done.stdout and not (filled.folder / "paged").exists()


def test_a_long_list_goes_through_the_pager(filled):
    seen = on_a_terminal(filled, "local", "list", environment={"PAGER": "sed s/^/page:/"})
    assert seen.count("page:") > 60 and "n59.example" in seen


def test_a_short_answer_does_not(filled):
    assert "page:" not in on_a_terminal(filled, "status", environment={"PAGER": "sed s/^/page:/"})


def test_the_pagers_name_is_not_passed_to_a_shell(filled):
    on_a_terminal(filled, "local", "list", environment={"PAGER": f"cat -n ; touch {filled.folder}/paged"})
    assert not (filled.folder / "paged").exists()


def test_less_exits_if_everything_fits(filled):
    assert "local block" in on_a_terminal(filled, "db", "history", "--limit", "3", environment={"PAGER": "less"})


def test_an_error_is_printed_after_the_pager_and_keeps_its_code(filled):
    script = f"{shlex.quote(str(paths.TOOL))} --config {shlex.quote(str(filled.config))} order show none; echo code $?"
    done = subprocess.run([sys.executable, "-c", f"import pty; pty.spawn(['sh', '-c', {script!r}])"],
                          env={"PATH": "/usr/bin:/bin", "TERM": "xterm",
                               "PAGER": "cat -n"}, capture_output=True, text=True, check=False)
    assert "blocklist-tool: " in done.stdout and "code 1" in done.stdout, done


def test_a_pager_that_ends_early_ends_the_list(filled):
    assert on_a_terminal(filled, "local", "list", environment={"PAGER": "head -n 3"}).count("\n") == 3
