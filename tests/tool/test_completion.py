"""bash, zsh and fish complete a line as for a person who presses Tab; the names come from the ISP's own files."""
import subprocess

import pytest

from support import manual, paths, shells
from support.feeds import Feed
from support.tool import Tool
from support.workspace import Workspace


@pytest.fixture(scope="module")
def isp(new_folder):
    workspace = Workspace(new_folder("work"))
    Feed(workspace)
    workspace.block("hoax.example", id="B-1234/DJAI/2024")
    workspace.block("other.example", id="Surat $(touch pwned) 7")
    listed = workspace.folder / "domains.txt"
    listed.write_text("old.example\n")
    workspace.tool.do("list", "import", "--source", "trustpositif", "--format", "domains", listed)
    return workspace


def offered(isp, *words):
    done = subprocess.run([str(paths.TOOL), "complete", *words], env={"SARING_CONFIG": str(isp.config)},
                          capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return [line.split("\t")[0] for line in done.stdout.splitlines()]


def test_every_command_and_every_option_is_offered(isp):
    for command, options in manual.offered().items():
        words = []
        for word in command.split():  # the operands follow the words of the command
            if word not in offered(isp, *words, ""):
                break
            words.append(word)
        assert words, command
        assert {option for option in options if option.startswith("--")} <= set(offered(isp, *words, "--")), command


@pytest.mark.parametrize("words, expected",
                         [(["order", "show", "B"], ["B-1234/DJAI/2024"]),
                          (["order", "revoke", "--reason", "x", "B-"], ["B-1234/DJAI/2024"]),
                          (["order", "show", "list:"], ["list:trustpositif"]), (["sync", "--feed", ""], ["ministry"]),
                          (["sync", "--feed=mi"], ["--feed=ministry"]),
                          (["list", "import", "--source", "t"], ["trustpositif"]),
                          (["hits", "list", "--order=B"], ["--order=B-1234/DJAI/2024"]),
                          (["local", "block", "x.example", "--action", "n"], ["nxdomain", "nodata"]),
                          (["hits", "top", "na"], ["names"]), (["completion", ""], ["bash", "zsh", "fish"]),
                          (["order", "apply", ""], [":files"]), (["landing", "build", ""], [":dirs"]),
                          (["--config", ""], [":files"]), (["--config=x.toml", "sync", "--feed", ""], []),
                          (["order", "sh"], ["show"]), (["explain", "h"], [])])
def test_what_may_stand_next(isp, words, expected):
    assert offered(isp, *words) == expected


def test_without_a_database_there_are_no_names_and_no_message(workspace):
    assert offered(workspace, "order", "show", "") == []
    workspace.config.write_text("nonsense")
    assert offered(workspace, "sync", "--feed", "") == []


@pytest.mark.parametrize("typed, becomes", [("quar", "quarantine "), ("order show B-", "order show B-1234/DJAI/2024 "),
                                            ("sync --feed=m", "sync --feed=ministry "),
                                            ("order show list:t", "order show list:trustpositif "),
                                            ("--config sar", "--config saring.toml ")])
def test_bash(isp, typed, becomes, monkeypatch):
    monkeypatch.chdir(isp.folder)
    assert shells.bash(isp.config, isp.folder, typed) == becomes


def test_bash_puts_foreign_text_on_the_line_so_that_it_does_nothing(isp):
    assert shells.bash(isp.config, isp.folder, "order show S") == r"order show Surat\ \$\(touch\ pwned\)\ 7 "


def test_bash_shows_the_choice(isp):
    assert {"backup", "check", "compact", "history", "init", "restore", "rollback"} <= shells.bash_choices(
        isp.config, isp.folder, "db "
    )


@pytest.mark.parametrize("typed, becomes", [("quar", "quarantine "), ("order show B-", "order show B-1234/DJAI/2024 "),
                                            ("order show list:t", "order show list:trustpositif ")])
def test_zsh(isp, typed, becomes):
    assert shells.zsh(isp.config, isp.folder, typed) == becomes


def test_fish(isp):
    assert shells.fish(isp.config, isp.folder, "quar") == {"quarantine"}
    assert shells.fish(isp.config, isp.folder, "order show B") == {"B-1234/DJAI/2024"}
    assert shells.fish(isp.config, isp.folder, "sync --feed ") == {"ministry"}
    assert {"--dry-run", "--feed", "--config"} <= shells.fish(isp.config, isp.folder, "sync --")
    assert "domains.txt" in shells.fish(isp.config, isp.folder, "list import --source x --format domains dom")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_program_prints_the_script_that_is_installed(shell):
    assert Tool(None).do("completion", shell).out == (shells.SCRIPTS / f"blocklist-tool.{shell}").read_text()
