"""The resolver uses the newest good image. Whatever happens to the files, the last good image stays in force, one log
line says so, `status` shows it, and the next publication is taken, without a restart."""
import os
import random
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from support import orders, paths
from support.authority import RESOLVED
from support.waiting import wait_for

REFUSED = "SARING_IMAGE_REFUSED"


def module(workspace) -> dict:
    return workspace.tool("status", "--json").json()["module"]


def wait_for_state(workspace, state):
    return wait_for(lambda: (now := workspace.module()).get("state") == state and now, f"the module's state is {state}")


def blocked(resolver, name="hoax.example", order=orders.ID):
    answer = resolver.dig(name)
    if answer.blocked_by(order):
        return True
    assert answer.data("A") == [RESOLVED], answer.raw
    return False


_names = (f"n{number}" for number in range(10**6))


def assert_policy(resolver, policy):
    for _ in range(3):
        answer = resolver.dig(f"{next(_names)}.hoax.example")
        if policy == "servfail":
            assert answer.status == "SERVFAIL" and answer.errors.get(14) == "the blocklist cannot be read", answer.raw
        else:
            assert answer.data("A") == [RESOLVED] and not answer.errors, answer.raw


def assert_alive(resolver):
    assert resolver.server.exit_code() is None and resolver.starts() == 1, resolver.log_text()


def image_files(workspace):
    return sorted((workspace.database / "image").iterdir())


def file_of(workspace, kind):
    return next(file for file in image_files(workspace) if file.name.startswith(kind))


def mends(workspace, resolver):
    """The next command that writes publishes again, and its order is in force when it ends."""
    workspace.block("later.example", id="B-LATER")
    wait_for(lambda: blocked(resolver, "later.example", "B-LATER"), "the next commit in force")
    assert blocked(resolver, f"{next(_names)}.hoax.example")
    wait_for_state(workspace, "ok")
    assert_alive(resolver)


@pytest.fixture
def running(workspace, resolver_of):
    """A base and a delta are in force."""
    workspace.tool.do("db", "init")
    workspace.block("hoax.example")
    resolver = resolver_of(workspace, threads=2).start()
    assert blocked(resolver)
    wait_for_state(workspace, "ok")
    return resolver


@pytest.mark.parametrize("policy", ["resolve", "servfail"])
def test_without_an_image_the_policy_holds_until_there_is_one(workspace, resolver_of, policy):
    workspace.configure(failure=policy)
    resolver = resolver_of(workspace).start()
    assert_policy(resolver, policy)
    assert "cannot open" in wait_for_state(workspace, "failing")["why"]
    wait_for(lambda: workspace.module()["failed_queries"] == 3, "each query counted once")
    workspace.block("hoax.example")
    wait_for(lambda: resolver.dig(f"{next(_names)}.hoax.example").blocked_by(orders.ID), "the first image in force")
    wait_for_state(workspace, "ok")
    assert_alive(resolver)


def byte_changed(file):
    content = bytearray(file.read_bytes())
    content[random.Random(3).randrange(len(content))] ^= 0x40
    file.write_bytes(content)


def made_a_pipe(file):
    pipe = file.with_name("pipe")
    os.mkfifo(pipe)
    os.replace(pipe, file)  # at once: an absent file would be logged first


def made_a_folder(file):
    file.unlink()
    file.mkdir()


DAMAGES = {
    "byte": byte_changed, "deleted": lambda file: file.unlink(), "empty": lambda file: os.truncate(file, 0),
    "half": lambda file: os.truncate(file,
                                     file.stat().st_size // 2), "longer": lambda file: file.open("ab").write(b"x"),
    "pipe": made_a_pipe, "folder": made_a_folder
}


@pytest.mark.parametrize("kind", ["current", "base-", "delta-"])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_of_an_image_leaves_the_last_one_in_force(workspace, running, kind, damage):
    current = (workspace.database / "image" / "current").read_bytes()
    damage(file_of(workspace, kind))
    if kind != "current":  # seen when the file is read, as by a resolver for which `current` is new
        (workspace.database / "image" / "fresh").write_bytes(current)
        os.replace(workspace.database / "image" / "fresh", workspace.database / "image" / "current")
        assert blocked(running, f"{next(_names)}.hoax.example")
        return
    state = wait_for_state(workspace, "stale")
    assert state["image"]["refused"] and state["serial"] == 1
    assert blocked(running, f"{next(_names)}.hoax.example") and not blocked(running, "news.example")
    refusals = re.findall(rf"{REFUSED}: (.*)", running.log_text())  # a folder's file may be seen absent first
    assert refusals and len(set(refusals)) == len(refusals), running.log_text()
    if damage is made_a_folder:
        file_of(workspace, kind).rmdir()
    mends(workspace, running)


@pytest.mark.parametrize("kind", ["current", "base-", "delta-"])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_resolver_started_with_a_damaged_image_takes_the_next_one(
    workspace, running, kind, damage
):
    running.stop()
    damage(file_of(workspace, kind))
    running.start()
    assert_policy(running, "resolve")
    assert wait_for_state(workspace, "failing")["why"]
    found = next(check for check in workspace.tool("doctor", "--quick", "--json").json()["checks"]
                 if check["check"] == "image.sound")
    assert found["health"] == "failed" and "db publish" in found["remedy"], found
    if damage is made_a_folder:
        file_of(workspace, kind).rmdir()
    assert "published" in workspace.tool.do("db", "publish").out
    wait_for(lambda: blocked(running, f"{next(_names)}.hoax.example"), "the image in force")
    wait_for_state(workspace, "ok")
    assert running.server.exit_code() is None


def test_bytes_changed_at_random_never_change_an_answer(workspace, running):
    chance = random.Random(4)
    files = [file_of(workspace, "base-"), file_of(workspace, "delta-")]
    good = {file: file.read_bytes() for file in files}
    for turn in range(20):
        file = files[turn % 2]
        bad = bytearray(good[file])
        for _ in range(20):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        file.write_bytes(bad)
        running.reload()
        for name in (f"{next(_names)}.hoax.example", "news.example"):
            assert running.dig(name).data("A") == [RESOLVED], "the damaged image is not judged by"
        file.write_bytes(good[file])
    running.reload()
    assert blocked(running, f"{next(_names)}.hoax.example")


def test_an_older_image_and_one_of_another_database_are_refused(workspace, running):
    folder = workspace.database / "image"
    old = workspace.folder / "old"
    shutil.copytree(folder, old)
    workspace.block("later.example", id="B-LATER")
    assert blocked(running, "later.example", "B-LATER")
    for file in old.iterdir():
        shutil.copy(file, folder / "put")
        os.replace(folder / "put", folder / file.name)
    assert "older" in wait_for_state(workspace, "stale")["why"]
    assert blocked(running, "www.later.example", "B-LATER")
    other = workspace.folder / "other"
    workspace.database.rename(other)
    workspace.configure(resolver_wait=0)
    workspace.tool.do("db", "init")
    assert "another ledger" in wait_for(
        lambda: (now := workspace.module())["state"] == "stale" and "ledger" in now["why"] and now,
        "it is refused")["why"]
    assert blocked(running, "a.later.example", "B-LATER")
    # Put back on purpose: a reload takes it.
    running.reload()
    wait_for(lambda: not blocked(running, "b.later.example", "B-LATER"), "the other database in force")


def files_held(resolver):
    """It maps no file of the database's folder, and no memory that another process could change."""
    process = Path(f"/proc/{resolver.server.pid}")
    held = [os.readlink(file) for file in (process / "fd").iterdir() if file.exists() or file.is_symlink()]
    mapped = [line.split(maxsplit=5)[-1] for line in (process / "maps").read_text().splitlines() if "/" in line]
    return held + mapped


def test_the_resolver_holds_no_file_of_the_database(workspace, running):
    inside = [path for path in files_held(running) if str(workspace.database) in path]
    assert not inside, inside
    assert any("memfd:saring-image" in path for path in files_held(running))


def test_compacting_again_and_again_leaves_nothing_open_in_the_resolver(workspace, running):
    descriptors = Path(f"/proc/{running.server.pid}/fd")
    workspace.tool.do("db", "compact")
    before = wait_for(lambda: blocked(running) and len(list(descriptors.iterdir())), "a count")
    for number in range(8):
        workspace.tool.do("db", "compact")
        workspace.block(f"x{number}.example", id=f"B-{number}")
        assert blocked(running, f"x{number}.example", f"B-{number}")
    # A worker without queries keeps its previous image.
    wait_for(
        lambda: len(list(descriptors.iterdir())) <= before + running.threads, "about as many descriptors as before"
    )
    assert_alive(running)


def test_a_stopped_tool_stops_neither_the_resolver_nor_its_reload(workspace, running):
    big = workspace.folder / "big"
    big.write_text("".join(f"b{number}.big.example\n" for number in range(200000)))
    tool = subprocess.Popen(
        [paths.TOOL, "--config", workspace.config, "list", "import", "--source", "big", "--format", "domains", big],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(
            lambda: (workspace.database / "writer.lock").exists() and str(tool.pid) in
            (workspace.database / "writer.lock").read_text(), "the lock taken")
        tool.send_signal(signal.SIGSTOP)
        running.reload()
        assert blocked(running, f"{next(_names)}.hoax.example")
        text = workspace.config.read_text().replace("[database]\n", "[database]\nlock_wait_seconds = 2\n")
        workspace.config.write_text(text)
        told = workspace.tool("order", "apply", workspace.signed(id="B-2", targets=orders.domains("x.example")))
        assert (
            told.code == 5
            and f"process {tool.pid} " in told.err
            and "(blocklist-tool --config " in told.err
            and " list import --source big " in told.err
        ), told.err
    finally:
        tool.send_signal(signal.SIGCONT)
        assert tool.wait(timeout=60) == 0
    wait_for(lambda: running.dig("b7.big.example").status == "NXDOMAIN", "the list in force")


def test_the_database_itself_may_be_gone(workspace, running):
    shutil.rmtree(workspace.database)
    wait_for_state(workspace, "stale")
    assert blocked(running, f"{next(_names)}.hoax.example")
    assert_alive(running)


def test_a_list_of_a_hundred_thousand_names_is_in_force_when_its_command_ends(workspace, running):
    listed = workspace.folder / "list"
    listed.write_text("".join(f"hoax-{number}.n{number % 977}.example\n" for number in range(100000)))
    workspace.tool.do("list", "import", "--source", "list", "--format", "domains", listed)
    wait_for(lambda: running.dig("hoax-7.n7.example").status == "NXDOMAIN", "the list in force")
    workspace.block("small.example", id="B-SMALL")
    assert blocked(running, "small.example", "B-SMALL")
