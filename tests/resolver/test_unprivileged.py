"""Unbound as the user that it drops to, with the rights of docs/packages.md and no others: it reads the image, and
writes its hits and its state."""
import os
import pwd

import pytest
from support import orders
from support.waiting import wait_for

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
NOBODY = pwd.getpwnam("nobody")


@pytest.fixture
def confined(workspace, resolver_of):
    """The database belongs to root; others may enter its folder but not list it."""
    for folder in (workspace.folder, workspace.folder.parent):
        folder.chmod(0o711)
    state = workspace.folder / "run"
    workspace.module_status = state / "module.json"
    workspace.configure()
    for own in (workspace.hits, state):
        own.mkdir()
        os.chown(own, NOBODY.pw_uid, NOBODY.pw_gid)
    workspace.block("hoax.example")
    workspace.database.chmod(0o711)
    for file in workspace.database.iterdir():
        if file.is_file():
            file.chmod(0o600)
    resolver = resolver_of(workspace, extra='server:\n    username: "nobody"\n')
    resolver.folder.chmod(0o755)
    return resolver.start()


def test_it_blocks_follows_and_records_with_no_right_but_these(workspace, confined):
    process = f"/proc/{confined.server.pid}"
    assert os.stat(process).st_uid == NOBODY.pw_uid
    assert confined.dig("www.hoax.example").blocked_by(orders.ID)
    workspace.block("later.example", id="B-LATER")
    workspace.tool.do("db", "compact")
    workspace.block("last.example", id="B-LAST")
    wait_for(lambda: confined.dig("last.example").blocked_by("B-LAST"), "the order in force")
    assert confined.dig("later.example").blocked_by("B-LATER")
    state = wait_for(lambda: (now := workspace.module()).get("serial") == 3 and now, "the module's state")
    assert state["state"] == "ok", state
    wait_for(lambda: "later.example" in workspace.tool("hits", "list").out, "the hit on record")
    held = [os.readlink(f"{process}/fd/{number}") for number in os.listdir(f"{process}/fd")]
    assert not [path for path in held if str(workspace.database) in path], held
