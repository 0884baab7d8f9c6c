"""Permissions of the files that the tool creates, tried as other users of the machine."""
import os
import pwd
import shutil
import subprocess

import pytest
from support import made_hits, paths
from support.namespace import own_mounts
from support.tool import DATABASE

NOBODY = pwd.getpwnam("nobody")
ONE_OF_THE_GROUP, STRANGER = 60001, 60002  # user ids that nobody has

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def mode(path):
    return oct(path.stat().st_mode & 0o7777)


def owner(path):
    return path.stat().st_uid, path.stat().st_gid


@pytest.fixture
def shared(workspace):
    """A workspace whose database is in a folder of user nobody, group nogroup."""
    place = workspace.folder / "var"
    place.mkdir(mode=0o755)
    os.chown(place, NOBODY.pw_uid, NOBODY.pw_gid)
    for folder in (workspace.folder, workspace.folder.parent):  # closed to others as made
        folder.chmod(0o711)
    shutil.copy(paths.TOOL, workspace.folder / "tool")  # a checkout may be closed to others
    workspace.config.write_text(workspace.config.read_text().replace(str(workspace.database), str(place / "db")))
    workspace.database = place / "db"
    return workspace


def run_as(uid, gid, shared, *words):
    return subprocess.run(
        [str(shared.folder / "tool"), "--config", str(shared.config), *words], user=uid, group=gid, extra_groups=[],
        capture_output=True, text=True, check=False, umask=0o022)


def test_the_group_reads_the_data_and_writes_only_the_lock(workspace):
    workspace.block("a.example")
    assert mode(workspace.database / "data.mdb") == "0o644"
    assert mode(workspace.database / "lock.mdb") == "0o660"


def image_files(shared):
    return sorted((shared.database / "image").iterdir())


def with_umask(umask, shared, *words):
    return subprocess.run(
        [paths.TOOL, "--config", shared.config, *words], capture_output=True, text=True, check=True, umask=umask
    )


@needs_root
@pytest.mark.parametrize("commands", [[["db", "init"]], [["db", "init"], ["db", "compact"]],
                                      [["local", "block", "b.example", "--reason", "tried"]]], ids=str)
def test_resolvers_read_the_image_and_nothing_else_whatever_the_umask(shared, commands):
    """As Unbound's user, which is in no group of the tool: it can enter the folder."""
    for words in commands:
        with_umask(0o077, shared, *words)
    shared.database.chmod(0o711)
    files = image_files(shared)
    read = subprocess.run(
        ["cat", *files], user=STRANGER, group=STRANGER, extra_groups=[], capture_output=True, check=False
    )
    assert read.returncode == 0 and len(files) >= 2, read.stderr
    assert subprocess.run(["ls", shared.database / "image"], user=STRANGER, group=STRANGER, extra_groups=[],
                          capture_output=True, check=False).returncode == 0
    for file in shared.database.iterdir():
        if file.is_file():
            assert subprocess.run(["cat", file], user=STRANGER, group=STRANGER, extra_groups=[], capture_output=True,
                                  check=False).returncode != 0, file
    for place in [shared.database / "new", shared.database / "image" / "new"]:
        assert subprocess.run(["touch", place], user=STRANGER, group=STRANGER, extra_groups=[], capture_output=True,
                              check=False).returncode != 0, place


@needs_root
@pytest.mark.parametrize("lock", ["db/writer.lock", "db/publish.lock", "db.sync-lock"])
def test_a_stranger_cannot_hold_a_lock_that_a_command_waits_for(shared, lock):
    feed = shared.folder / "feed"
    feed.mkdir()
    shared.config.write_text(shared.config.read_text() + f'[[feed]]\nname = "f"\nurl = "file://{feed}/"\n')
    shared.tool("sync")
    shared.block("a.example")
    shared.database.chmod(0o755)
    path = shared.database.parent / lock
    assert path.exists()
    held = subprocess.run(["flock", "--nonblock", path, "true"], user=STRANGER, group=STRANGER, extra_groups=[],
                          capture_output=True, text=True, check=False)
    assert held.returncode != 0 and "Permission denied" in held.stderr, held


@needs_root
def test_what_root_creates_belongs_to_the_folders_owner(shared):
    shared.block("a.example")
    for path in [shared.database, *shared.database.iterdir(), *image_files(shared)]:
        assert owner(path) == (NOBODY.pw_uid, NOBODY.pw_gid), path
    written = run_as(NOBODY.pw_uid, NOBODY.pw_gid, shared, "local", "allow", "b.example", "--reason", "tried")
    assert written.returncode == 0, written.stderr


@needs_root
def test_the_resolver_reads_segments_purged_by_another_user(shared):
    """Two users without a common group: the folder belongs to the resolver, the tool's user is in the folder's
    group."""
    shared.hits.mkdir()
    os.chown(shared.hits, NOBODY.pw_uid, ONE_OF_THE_GROUP)
    shared.hits.chmod(0o2770)
    shared.block("a.example", "b.example")
    made_hits.record(
        shared, [{"time": "2024-02-14T07:00:00Z", "qname": name, "order": "B-1"} for name in ("a.example", "b.example")]
    )
    for path in shared.hits.iterdir():
        os.chown(path, NOBODY.pw_uid, ONE_OF_THE_GROUP)
    purged = run_as(STRANGER, ONE_OF_THE_GROUP, shared, "hits", "purge", "--name", "a.example", "--yes")
    assert purged.returncode == 0, purged
    segments = [path for path in shared.hits.iterdir() if path.suffix in (".hits", ".counts")]
    assert any(owner(path)[0] == STRANGER for path in segments), segments
    read = subprocess.run(
        ["cat", *segments], user=NOBODY.pw_uid, group=NOBODY.pw_gid, extra_groups=[], capture_output=True, check=False
    )
    assert read.returncode == 0, read.stderr
    assert subprocess.run(["cat", *segments], user=60003, group=60003, extra_groups=[], capture_output=True,
                          check=False).returncode != 0


@needs_root
def test_one_of_the_group_reads_and_does_not_write(shared):
    shared.block("a.example")
    read = run_as(ONE_OF_THE_GROUP, NOBODY.pw_gid, shared, "explain", "a.example")
    assert read.returncode == 0 and "BLOCKED" in read.stdout, read.stderr
    before = shared.digest()
    written = run_as(ONE_OF_THE_GROUP, NOBODY.pw_gid, shared, "local", "allow", "b.example", "--reason", "tried")
    assert written.returncode == DATABASE and "Permission denied" in written.stderr, written.stderr
    assert shared.digest() == before


@needs_root
def test_a_stranger_cannot_hold_up_the_writer(shared):
    shared.block("a.example")
    read = run_as(STRANGER, STRANGER, shared, "explain", "a.example")
    assert read.returncode == DATABASE and "Permission denied" in read.stderr, read.stderr


@needs_root
def test_a_lock_of_sync_that_root_made_does_not_stop_its_owner(shared):
    feed = shared.folder / "feed"
    feed.mkdir()
    shared.config.write_text(shared.config.read_text() + f'[[feed]]\nname = "f"\nurl = "file://{feed}/"\n')
    shared.tool("sync")  # fails: there is no feed, but the lock file now exists
    assert owner(shared.database.with_name("db.sync-lock"))[0] == NOBODY.pw_uid
    again = run_as(NOBODY.pw_uid, NOBODY.pw_gid, shared, "sync")
    assert "sync-lock" not in again.stderr, again.stderr


@needs_root
def test_links_that_the_folders_owner_planted_are_not_followed(shared):
    victim = shared.folder / "victim"
    victim.write_text("root's")
    victim.chmod(0o600)
    os.symlink(victim, shared.database.with_name("db.sync-lock"))
    shared.tool("sync")
    shared.block("a.example")
    assert owner(victim) == (0, 0) and mode(victim) == "0o600"


@needs_root
def test_a_lock_that_cannot_be_written_is_refused(shared):
    """On a read-only file system LMDB would read without registering as a reader."""
    shared.block("a.example")
    script = (f'mount --bind -o ro "{shared.database}" "{shared.database}" && '
              f'exec "{shared.folder}/tool" --config "{shared.config}" explain a.example')
    done = subprocess.run([*own_mounts(), "sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == DATABASE and "read-only" in done.stderr, done


@needs_root
@pytest.mark.parametrize("planted", ["lock.mdb", "data.mdb"])
@pytest.mark.parametrize("command", [["hits", "list"], ["hits", "summary"],
                                     ["hits", "purge", "--order", "B-1", "--yes"], ["status"], ["metrics"]],
                         ids=" ".join)
def test_root_writes_no_file_that_a_link_in_the_hits_folder_leads_to(shared, command, planted):
    hits = shared.folder / "hits"
    hits.mkdir()
    shared.block("a.example")
    made_hits.record(shared, [{"time": "2024-02-14T07:00:00Z", "qname": "a.example", "order": "B-1"}])
    for path in [hits, *hits.iterdir()]:
        os.chown(path, NOBODY.pw_uid, NOBODY.pw_gid)
    assert_unharmed(shared, hits / planted, command)


@needs_root
@pytest.mark.parametrize(
    "planted", ["lock.mdb", "data.mdb", "checked.f", "writer.lock", "publish.lock", "image/current"]
)
@pytest.mark.parametrize("command", [["explain", "a.example"], ["local", "allow", "b.example", "--reason", "tried"],
                                     ["db", "compact"], ["db", "check"], ["sync"], ["db", "init"]], ids=" ".join)
def test_root_writes_no_file_that_a_link_in_the_database_s_folder_leads_to(shared, command, planted):
    shared.block("a.example")
    assert_unharmed(shared, shared.database / planted, command)


def assert_unharmed(shared, link, command):
    """The owner of a folder makes a link to a file of root."""
    victim = shared.folder / "victim"
    victim.write_text("root's own " * 1000)
    victim.chmod(0o600)
    link.unlink(missing_ok=True)
    os.symlink(victim, link)
    before = victim.stat()
    shared.tool(*command)
    assert victim.read_text() == "root's own " * 1000 and victim.stat().st_mtime_ns == before.st_mtime_ns
    assert owner(victim) == (0, 0) and mode(victim) == "0o600"


@needs_root
def test_root_does_not_follow_a_folder_that_was_exchanged_for_a_link(shared):
    """The owner of the folder, or of the one above, replaces it by a link to a folder of root."""
    precious = shared.folder / "precious"
    precious.mkdir(mode=0o755)
    os.symlink(precious, shared.database)
    os.chown(shared.database, NOBODY.pw_uid, NOBODY.pw_gid, follow_symlinks=False)
    result = shared.tool("db", "init")
    assert result.code == DATABASE and not list(precious.iterdir()), result


@needs_root
def test_compacting_as_root_keeps_the_owner(shared):
    shared.block("a.example")
    result = shared.tool("db", "compact")
    assert result.code == 0, result
    for path in [shared.database, *shared.database.iterdir(), *image_files(shared)]:
        assert owner(path) == (NOBODY.pw_uid, NOBODY.pw_gid), path
    assert not shared.database.with_name("db.compacting").exists()
    written = run_as(NOBODY.pw_uid, NOBODY.pw_gid, shared, "local", "allow", "b.example", "--reason", "tried")
    assert written.returncode == 0, written.stderr


@needs_root
def test_root_s_own_files_are_still_root_s_to_read(shared):
    """A secret key of root signs a receipt about a database of user nobody."""
    shared.block("a.example")
    isp = shared.key("isp")
    isp.secret.chmod(0o600)
    out = shared.folder / "receipt.json"
    shared.tool.do("receipt", "make", "--isp", "ISP Uji", "--secret-key", isp.secret, "--output", out)
    assert owner(out)[0] == 0
    shared.tool.do("db", "backup", shared.folder / "backup")
    assert owner(shared.folder / "backup")[0] == 0


@needs_root
def test_a_feed_that_root_publishes_into_another_s_folder_is_that_one_s(shared):
    folder = shared.folder / "var" / "feed"
    key = shared.key("feed-key")
    shared.config.write_text(shared.config.read_text() +
                             f'[[trust.key]]\nname = "feed"\npublic_key = "{key.public_text}"\nroles = ["feed"]\n')
    shared.tool.do("feed", "publish", folder, shared.signed(id="B-1"), "--name", "ministry", "--secret-key", key.secret)
    for path in [folder, *folder.rglob("*")]:
        assert owner(path)[0] == NOBODY.pw_uid, path
