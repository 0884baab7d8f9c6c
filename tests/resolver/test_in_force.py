"""Exit code 0 of a command that changes something: each resolver that runs on this machine judges by it."""
import os
import pwd
import signal

import pytest

from support import orders
from support.tool import DATABASE, DONE
from support.waiting import wait_for

NOBODY = pwd.getpwnam("nobody")


def order(workspace, name, id):
    return workspace.tool("order", "apply", workspace.signed(id=id, targets=orders.domains(name)))


@pytest.fixture
def running(workspace, resolver_of):
    workspace.block("hoax.example")
    resolver = resolver_of(workspace).start()
    wait_for(lambda: workspace.module().get("state") == "ok", "the image in force")
    return resolver


@pytest.fixture
def hindered(workspace, running):
    """The resolver refuses what is published: it has another ledger's image."""
    workspace.database.rename(workspace.folder / "other")
    workspace.configure(resolver_wait=3)
    assert workspace.tool("db", "init").code == DATABASE
    return running


def test_a_resolver_that_refuses_the_image_is_named_with_its_reason(workspace, hindered):
    told = order(workspace, "x.example", "B-X")
    assert told.code == DATABASE, told
    [line] = told.err.splitlines()
    says = "uses serial 1, 3 s after serial 1 was committed and published"
    assert f"process {hindered.server.pid}: {says}" in line, line
    assert "another ledger" in line and "blocklist-tool db publish" in line, line
    assert "B-X" in workspace.tool.do("order", "list").out


def test_the_command_given_again_looks_again(workspace, hindered):
    file = workspace.signed(id="B-X", targets=orders.domains("x.example"))
    assert workspace.tool("order", "apply", file).code == DATABASE
    again = workspace.tool("order", "apply", file)
    assert again.code == DATABASE and "already applied" in again.out, again
    assert workspace.tool("db", "publish").code == DATABASE
    hindered.reload()
    for words in (["order", "apply", file], ["db", "publish"]):
        assert workspace.tool.do(*words).err == ""
    assert hindered.dig("x.example").blocked_by("B-X")


def test_sync_tells_the_same_exit_code_in_its_answer(workspace, feed, running):
    feed.publish()
    assert feed.sync("--json").json()["exit_code"] == DONE
    patient = workspace.config.read_text()
    workspace.config.write_text(patient.replace("resolver_wait_seconds = 60", "resolver_wait_seconds = 1"))
    workspace.database.rename(workspace.folder / "other")
    told = feed.sync("--json")
    assert told.code == DATABASE and told.json()["exit_code"] == DATABASE, told
    assert feed.sync("--dry-run").code == DONE


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_resolver_that_may_not_read_the_image_any_more(workspace, resolver_of):
    for folder in (workspace.folder, workspace.folder.parent):
        folder.chmod(0o711)
    state = workspace.folder / "run"
    workspace.module_status = state / "module.json"
    workspace.configure(resolver_wait=3)
    for own in (workspace.hits, state):
        own.mkdir()
        os.chown(own, NOBODY.pw_uid, NOBODY.pw_gid)
    workspace.block("hoax.example")
    resolver = resolver_of(workspace, extra='server:\n    username: "nobody"\n')
    resolver.folder.chmod(0o755)
    resolver.start()
    wait_for(lambda: workspace.module().get("state") == "ok", "the image in force")
    (workspace.database / "image").chmod(0o700)
    told = order(workspace, "x.example", "B-X")
    assert told.code == DATABASE and "Permission denied" in told.err and "uses serial 1" in told.err, told
    (workspace.database / "image").chmod(0o755)
    workspace.tool.do("db", "publish")
    assert resolver.dig("x.example").blocked_by("B-X")


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_resolver_that_does_not_run_does_not_count(workspace, running, end):
    os.kill(running.server.pid, end)
    wait_for(lambda: running.server.exit_code() is not None, "the resolver's end")
    workspace.block("x.example", id="B-X")
    running.start()
    assert running.dig("x.example").blocked_by("B-X")


def test_a_resolver_without_an_image_counts(workspace, resolver_of):
    workspace.configure(resolver_wait=3)
    resolver = resolver_of(workspace).start()
    wait_for(lambda: workspace.module().get("state") == "failing", "the module without an image")
    workspace.block("hoax.example")
    bad = workspace.config.read_text()
    workspace.config.write_text(bad.replace("ttl =", "tll ="))
    resolver.stop()
    resolver.start()
    wait_for(lambda: workspace.module().get("state") == "failing", "the module without a configuration")
    workspace.config.write_text(bad)
    told = order(workspace, "x.example", "B-X")
    assert told.code == DATABASE and "uses no image" in told.err and "tll" in told.err, told


def test_with_nothing_to_wait_for_it_neither_waits_nor_judges(workspace, hindered):
    workspace.configure(resolver_wait=0)
    assert order(workspace, "x.example", "B-X").code == DONE
