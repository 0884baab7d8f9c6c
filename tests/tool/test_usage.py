"""Rules for every command: exit codes, one clear line for an error, the path of the configuration."""
import os
import subprocess

import pytest

from support import paths
from support.tool import DATABASE, DONE, Tool, USAGE


def test_a_long_command_line(workspace):
    files = [workspace.signed(id=f"B-{number}") for number in range(3)] * 60
    assert sum(len(str(file)) for file in files) > 4096
    workspace.tool.do("order", "apply", *files)


READERS = [["status"], ["order", "list"], ["order", "show", "B-1"], ["explain", "hoax.example"]]


@pytest.mark.parametrize("command", READERS, ids=lambda command: command[-1])
def test_reading_without_a_database_says_so(workspace, command):
    result = workspace.tool.refused(DATABASE, *command)
    assert str(workspace.database) in result.err
    assert not workspace.database.exists(), "a command that only reads created it"


@pytest.mark.parametrize("command", READERS, ids=lambda command: command[-1])
def test_reading_a_damaged_database_says_so(workspace, command):
    workspace.block("hoax.example")
    (workspace.database / "data.mdb").write_bytes(b"no database" * 1000)
    workspace.tool.refused(DATABASE, *command)


def test_writing_into_a_damaged_database_leaves_it_as_it_is(workspace):
    workspace.block("hoax.example")
    (workspace.database / "data.mdb").write_bytes(b"no database" * 1000)
    before = workspace.digest()
    workspace.tool.refused(DATABASE, "order", "apply", workspace.signed(id="B-2"))
    assert workspace.digest() == before


def test_initialising_twice_keeps_the_database(workspace):
    workspace.block("hoax.example")
    assert "exists already" in workspace.tool.do("db", "init").out
    assert workspace.tool("explain", "hoax.example").code == DONE


@pytest.mark.parametrize("command", [["nonsense"], ["order"], ["order", "nonsense"], ["explain"],
                                     ["status", "--nonsense"], ["order", "apply"], []])
def test_a_command_line_that_is_no_command(workspace, command):
    result = workspace.tool(*command)
    assert result.code == USAGE and result.err.strip() and not result.out, result


@pytest.mark.parametrize("command, meant",
                         [(["ordre"], "did you mean: blocklist-tool order"),
                          (["order", "lst"], "did you mean: blocklist-tool order list"),
                          (["hits", "hist"], "did you mean: blocklist-tool hits histogram"),
                          (["hits", "pruge"], "did you mean: blocklist-tool hits purge"),
                          (["order", "zzzzzz"], "the commands are: new, sign"),
                          (["--config", "nowhere.toml", "statsu"], "did you mean: blocklist-tool status")])
def test_an_unknown_command_gets_a_suggestion(command, meant):
    result = Tool(None)(*command)
    assert (
        result.code == USAGE
        and meant in result.err
        and f'"{command[-1]}" is not a command of blocklist-tool' in result.err
    ), result


@pytest.mark.parametrize("words", [["hits", "list"], ["order"], []])
def test_help_may_stand_in_front(words):
    assert Tool(None)("help", *words).out == Tool(None)(*words, "--help").out != ""


@pytest.mark.parametrize("command", [["--help"], ["order", "--help"], ["order", "apply", "--help"],
                                     ["explain", "--help"], ["list", "import", "--help"]])
def test_help_is_no_error(command):
    result = Tool(None)(*command)
    assert result.code == DONE and "Usage" in result.out or "usage" in result.out, result


def test_the_configuration_may_stand_before_or_after_the_command(workspace):
    workspace.block("hoax.example")
    anywhere = Tool(None)
    assert anywhere("--config", workspace.config, "status").code == DONE
    assert anywhere("status", "--config", workspace.config).code == DONE


def test_the_configuration_may_come_from_the_environment(workspace):
    workspace.block("hoax.example")
    done = subprocess.run([str(paths.TOOL), "status"], env={**os.environ, "SARING_CONFIG": str(workspace.config)},
                          capture_output=True, text=True, check=False)
    assert done.returncode == DONE and str(workspace.database) in done.stdout, done


def test_a_configuration_that_is_not_there_is_named(workspace):
    workspace.config.unlink()
    assert str(workspace.config) in workspace.tool.refused(USAGE, "status").err


@pytest.mark.parametrize("old, new, culprit", [
    ("ttl =", "tll =", "tll"), ("[answer]", "[anser]", "anser"), ("ttl = 30", 'ttl = "long"', "ttl"),
    ('action = "nxdomain"', 'action = "explode"', "explode"), ("threshold = 1", "threshold = 9", "threshold"),
    ('policy = "resolve"', 'policy = "perhaps"', "perhaps"), ("public_key = \"RW", "public_key = \"XX", "public_key"),
    ("[answer]", "[answer", "saring.toml:")])
def test_a_mistake_in_the_configuration_is_refused_by_name(workspace, old, new, culprit):
    workspace.config.write_text(workspace.config.read_text().replace(old, new))
    result = workspace.tool.refused(USAGE, "status")
    assert "saring.toml" in result.err and culprit in result.err, result
