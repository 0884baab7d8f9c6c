"""Every writing command, ended by SIGKILL at random moments: the old state or the new one, nothing
between, a sound database, and the next run completes."""
import random
import shutil
import subprocess
import time

import pytest

from support import database, orders, paths

TRIALS = 12
NAMES = [f"n{i}.hoax{i % 50}.example" for i in range(3000)]


def run(workspace, *arguments, kill_after=None):
    """The exit code, or None when it was killed first."""
    process = subprocess.Popen([str(paths.TOOL), "--config", str(workspace.config), *map(str, arguments)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return process.wait(kill_after if kill_after is not None else 120)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None if kill_after is not None else pytest.fail(f"{arguments} hangs")


def state(workspace):
    """The content of the blocklist without the times of changes."""
    tables = database.content(workspace.database)
    del tables[b"orders"]
    listed = workspace.tool.do("order", "list", "--json").json()["orders"]
    for order in listed:
        told = ["applied", "revoked"] + (["issued", "effective", "expires"] if order["kind"] == "list" else [])
        order.update({field: order[field] and "some time" for field in told})
    return tables, listed


@pytest.fixture(scope="module")
def filled(shared_workspace):
    """A database with data to lose (serials 1 to 4), a backup of serial 2, an order and a list to be applied."""
    workspace = shared_workspace
    workspace.block(*NAMES[:1500], id="B-OLD")
    workspace.list = workspace.folder / "list"
    workspace.list.write_text("\n".join(f"l{i}.example" for i in range(3000)))
    workspace.tool.do("list", "import", "--source", "uji", "--format", "domains", workspace.list)
    workspace.backup = workspace.folder / "backup"
    workspace.tool.do("db", "backup", workspace.backup)
    workspace.block(*NAMES[1000:2000], id="B-MID")
    workspace.tool.do("order", "revoke", "B-OLD", "--reason", "uji")
    workspace.list.write_text("\n".join(f"l{i}.example" for i in range(1000, 6000)))
    workspace.order = workspace.signed(id="B-NEW", targets=orders.domains(*NAMES[500:]), revokes=[{"order": "B-MID"}])
    workspace.saved = workspace.folder / "saved"
    shutil.copytree(workspace.database, workspace.saved)
    return workspace


@pytest.mark.parametrize("what", ["apply", "import", "revoke", "rollback", "restore", "compact", "backup"])
def test_killed_at_any_moment(filled, what):
    command = {
        "apply": ["order", "apply", filled.order],
        "import": ["list", "import", "--allow-large", "--source", "uji", "--format", "domains", filled.list],
        "revoke": ["order", "revoke", "list:uji", "--reason", "uji"],
        "rollback": ["db", "rollback", "1", "--reason", "uji"],
        "restore": ["db", "restore", filled.backup, "--reason", "uji"],
        "compact": ["db", "compact"],
        "backup": ["db", "backup", filled.folder / "another", "--replace"],
    }[what]

    def reset():
        shutil.rmtree(filled.database)
        shutil.copytree(filled.saved, filled.database)

    reset()
    old = state(filled)
    begin = time.monotonic()
    assert run(filled, *command) == 0
    span = time.monotonic() - begin
    new = state(filled)
    assert (old == new) == (what in ("compact", "backup"))

    chance = random.Random(what)
    for _ in range(TRIALS):
        reset()
        run(filled, *command, kill_after=chance.uniform(0, 1.1 * span))
        found = state(filled)
        assert found in (old, new)
        assert filled.tool("db", "check", "--json").json()["findings"] == []
        code = run(filled, *command)
        assert code == 0 or (what == "revoke" and found == new and code == 3), code
        assert state(filled) == new
        assert filled.tool("db", "check", "--json").json()["findings"] == []
    left = [path.name for path in filled.folder.iterdir() if "compacting" in path.name]
    assert left == [], "what a killed one left is cleared by the next"
