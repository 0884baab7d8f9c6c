"""`hits tail`: the last hits, and with --follow those that come, whatever happens to the log."""
import json
import shutil
import signal
import subprocess

import pytest

from support import made_hits as hits, paths
from support.tool import NO
from support.waiting import wait_for


class Follower:
    """A `hits tail --follow --json` that runs, its output read from files."""

    def __init__(self, workspace, *options):
        self.out, self.err = workspace.folder / "tail.out", workspace.folder / "tail.err"
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self.process = subprocess.Popen([str(paths.TOOL), "--config", str(workspace.config), "hits", "tail", "--follow", "--json", *options], stdout=out, stderr=err)

    def names(self):
        return [json.loads(line)["qname"] for line in self.out.read_text().splitlines(True) if line.endswith("\n")]

    def await_names(self, *names):
        wait_for(lambda: len(self.names()) >= len(names), f"{names} rather than {self.names()}: {self.err.read_text()}")
        assert self.names() == list(names)

    def stop(self, how=signal.SIGINT):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(timeout=30)


@pytest.fixture
def follow(workspace):
    made = []

    def make(*options):
        made.append(Follower(workspace, *options))
        return made[-1]

    yield make
    for follower in made:
        follower.process.kill()
        follower.process.wait()


def record(workspace, *names, **fields):
    hits.record(workspace, [{"qname": name, **fields} for name in names])


def test_the_last_ones_stand_last(workspace):
    record(workspace, *(f"n{i}.example" for i in range(15)))
    lines = workspace.tool.do("hits", "tail", "--json").out.splitlines()
    assert [json.loads(line)["qname"] for line in lines] == [f"n{i}.example" for i in range(5, 15)]
    table = workspace.tool.do("hits", "tail", "-n", "1").out.splitlines()
    assert len(table) == 2 and "n14.example" in table[1]


def test_filters_count_before_the_last_are_taken(workspace):
    record(workspace, "a.example", order="B-1")
    record(workspace, *(f"n{i}.example" for i in range(15)), order="B-2")
    lines = workspace.tool.do("hits", "tail", "--json", "--order", "B-1").out.splitlines()
    assert [json.loads(line)["qname"] for line in lines] == ["a.example"]
    assert workspace.tool("hits", "tail", "--order", "B-3").code == NO


def test_following_shows_each_new_hit_once(workspace, follow):
    record(workspace, "old.example", "last.example")
    tail = follow("-n", "1")
    tail.await_names("last.example")
    record(workspace, "a.example", "b.example")
    tail.await_names("last.example", "a.example", "b.example")
    record(workspace, "c.example")
    tail.await_names("last.example", "a.example", "b.example", "c.example")
    assert tail.stop() == 0 and tail.err.read_text() == ""


def test_following_keeps_to_its_filter(workspace, follow):
    record(workspace, "old.example")
    tail = follow("--order", "B-7")
    record(workspace, "a.example", order="B-1")
    record(workspace, "b.example", order="B-7")
    tail.await_names("b.example")
    assert tail.stop(signal.SIGTERM) == 0


def test_a_burst_is_shown_whole(workspace, follow):
    record(workspace, "old.example")
    tail = follow("-n", "1")
    tail.await_names("old.example")
    hits.record(workspace, [{"qname": "burst.example", "count": 25000}])
    wait_for(lambda: len(tail.names()) >= 25001, "the burst")
    record(workspace, "after.example")
    wait_for(lambda: tail.names()[-1] == "after.example", "what came after")
    assert len(tail.names()) == 25002


def test_following_waits_for_a_log_that_is_not_there_yet(workspace, follow):
    tail = follow()
    wait_for(lambda: "waits for hits" in tail.err.read_text(), "word that it waits")
    record(workspace, "first.example")
    tail.await_names("first.example")
    assert tail.err.read_text().count("waits for hits") == 1 and tail.stop() == 0


def test_following_goes_on_with_a_log_that_replaced_the_old(workspace, follow):
    record(workspace, "a.example", "b.example")
    tail = follow()
    tail.await_names("a.example", "b.example")
    shutil.move(workspace.hits, workspace.folder / "moved-aside")
    record(workspace, "c.example")
    tail.await_names("a.example", "b.example", "c.example")
    assert tail.stop() == 0


def test_it_ends_when_nobody_reads_any_more(workspace):
    record(workspace, "a.example")
    process = subprocess.Popen([str(paths.TOOL), "--config", str(workspace.config), "hits", "tail", "--follow", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout and json.loads(process.stdout.readline())["qname"] == "a.example"
    process.stdout.close()  # nothing more is written meanwhile
    assert process.wait(timeout=30) == 0 and process.stderr and process.stderr.read() == b""
    process.stderr.close()
