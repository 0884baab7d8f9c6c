"""`db compact`: a smaller file, the same content, and no commit lost on the way."""
import os
import subprocess

from support import database, paths
from support.tool import DATABASE, DONE


def grown(workspace, names=60000):
    """A database whose file holds more free pages than used ones."""
    file = workspace.folder / "list"
    file.write_text("".join(f"n{i}.example\n" for i in range(names)))
    workspace.tool.do("list", "import", "--source", "big", "--format", "domains", file)
    workspace.tool.do("order", "revoke", "list:big", "--reason", "uji")
    workspace.block("hoax.example", id="B-1")


def test_the_file_shrinks_and_the_content_stays(workspace):
    grown(workspace)
    before, size = database.content(workspace.database), (workspace.database / "data.mdb").stat().st_size
    history = workspace.tool.do("db", "history", "--json").out
    told = workspace.tool.do("db", "compact", "--json").json()
    assert told["bytes_before"] == size and told["bytes_after"] == (workspace.database /
                                                                    "data.mdb").stat().st_size < size / 2
    assert database.content(workspace.database) == before
    assert workspace.tool.do("db", "history", "--json").out == history
    assert workspace.tool.do("db", "check", "--json").json()["sound"]
    assert [p.name for p in workspace.folder.iterdir() if "compacting" in p.name] == []


def test_owner_and_mode_stay(workspace):
    workspace.block("hoax.example")
    files = [workspace.database, workspace.database / "data.mdb", workspace.database / "lock.mdb"]
    workspace.database.chmod(0o2750)
    files[1].chmod(0o640)
    files[2].chmod(0o660)
    before = [(f.stat().st_mode, f.stat().st_uid, f.stat().st_gid) for f in files]
    workspace.tool.do("db", "compact")
    assert [(f.stat().st_mode, f.stat().st_uid, f.stat().st_gid) for f in files] == before


def test_when_feeds_were_checked_is_kept(workspace):
    workspace.block("hoax.example")
    note = workspace.database / "checked.ministry"
    note.touch()
    os.utime(note, (1, 1700000000))
    workspace.tool.do("db", "compact")
    assert note.stat().st_mtime == 1700000000


def test_through_a_symbolic_link_the_folder_behind_it_is_compacted(workspace):
    workspace.block("hoax.example")
    real = workspace.folder / "elsewhere"
    workspace.database.rename(real)
    workspace.database.symlink_to(real)
    workspace.tool.do("db", "compact")
    assert workspace.database.is_symlink() and workspace.tool.do("db", "check", "--json").json()["serial"] == 1


def test_what_a_killed_one_left_is_cleared(workspace):
    workspace.block("hoax.example")
    (workspace.folder / "db.compacting").mkdir()
    (workspace.folder / "db.compacting" / "data.mdb").write_bytes(b"half")
    workspace.tool.do("db", "compact")
    assert not (workspace.folder / "db.compacting").exists()


def test_no_commit_made_meanwhile_is_lost(workspace):
    grown(workspace, 20000)
    files = [workspace.signed(id=f"C-{i}", targets=[{"domain": f"c{i}.example"}]) for i in range(25)]
    command = [str(paths.TOOL), "--config", str(workspace.config)]
    compacting = [
        subprocess.Popen([*command, "db", "compact"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    for file in files:
        workspace.tool.do("order", "apply", file)
        if all(p.poll() is not None for p in compacting):
            compacting += [
                subprocess.Popen([*command, "db", "compact"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            ]
    for process in compacting:
        assert process.wait(120) == DONE, process.stderr.read()
        process.stderr.close()
    listed = {order["id"] for order in workspace.tool.do("order", "list", "--json").json()["orders"]}
    assert {f"C-{i}" for i in range(25)} <= listed
    assert workspace.tool.do("db", "check", "--json").json()["sound"]


def test_it_makes_no_database(workspace):
    workspace.tool.refused(DATABASE, "db", "compact")
    assert not workspace.database.exists()
