"""The journal's operator is the user who ran the command, by the kernel; the environment cannot change it."""
import os
import pwd
import subprocess

import pytest
from support import paths

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
NOBODY = pwd.getpwnam("nobody")


def last_operator(workspace):
    return workspace.tool.do("status", "--json").json()["last_commit"]["operator"]


def allow(workspace, name, environment, tool=paths.TOOL, **options):
    done = subprocess.run([str(tool), "--config", str(workspace.config), "local", "allow", name, "--reason", "tried"],
                          env={**os.environ, **environment}, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done


def expected(uid):
    name = pwd.getpwuid(uid).pw_name
    with open("/proc/self/loginuid", encoding="ascii") as file:
        login = int(file.read())
    return name if login in (2**32 - 1, uid) else f"{pwd.getpwuid(login).pw_name} as {name}"


@pytest.mark.parametrize("environment", [{"SUDO_USER": "mallory"}, {"SUDO_USER": "mallory", "SUDO_UID": "4711"},
                                         {"LOGNAME": "mallory", "USER": "mallory"}, {"SUDO_USER": ""}])
def test_the_environment_says_nothing(workspace, environment):
    allow(workspace, "a.example", environment)
    assert last_operator(workspace) == expected(os.getuid())


@needs_root
def test_another_user_is_reported(workspace):
    for folder in (workspace.folder, workspace.folder.parent):
        folder.chmod(0o711)
    place = workspace.folder / "var"
    place.mkdir()
    os.chown(place, NOBODY.pw_uid, NOBODY.pw_gid)
    workspace.config.write_text(workspace.config.read_text().replace(str(workspace.database), str(place / "db")))
    tool = workspace.folder / "tool"
    tool.write_bytes(paths.TOOL.read_bytes())
    tool.chmod(0o755)
    allow(workspace, "a.example", {"SUDO_USER": "root"}, tool=tool, user=NOBODY.pw_uid, group=NOBODY.pw_gid,
          extra_groups=[])
    assert last_operator(workspace) == expected(NOBODY.pw_uid)


def test_a_lock_tells_the_same(workspace):
    feed = workspace.folder / "feed"
    feed.mkdir()
    workspace.config.write_text(workspace.config.read_text() + f'[[feed]]\nname = "f"\nurl = "file://{feed}/"\n')
    subprocess.run([str(paths.TOOL), "--config", str(workspace.config), "sync"],
                   env={**os.environ, "SUDO_USER": "mallory"}, capture_output=True, check=False)
    assert f" of {expected(os.getuid())} since " in workspace.database.with_name("db.sync-lock").read_text()
