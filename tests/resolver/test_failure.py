"""The database fails under a running resolver: the configured policy holds, the log says so
once, `status` shows it, and what mends the database mends the resolver, without a restart."""
import contextlib
import os
import random
import re
import shutil

import lmdb
import pytest

from support import orders
from support.authority import RESOLVED
from support.database import make_endless
from support.tool import DATABASE
from support.waiting import wait_for

FAILING, MENDED, STALE = "until it is mended", "can be read again", "goes on with the database that it has"


def module(workspace) -> dict:
    return workspace.tool("status", "--json").json()["module"]


def wait_for_state(workspace, state):
    return wait_for(lambda: (now := module(workspace))["state"] == state and now, f"the module's state is {state}")


def looks(workspace, count=2):
    """Waits until the module looked so many times more; it looks before it writes."""
    stamps = set()
    wait_for(lambda: stamps.add(workspace.module_status.stat().st_mtime_ns) or len(stamps) > count + 1, "more looks")


def blocked(resolver, name="hoax.example", order=orders.ID):
    answer = resolver.dig(name)
    if answer.blocked_by(order):
        return True
    assert answer.data("A") == [RESOLVED] or answer.status == "SERVFAIL", answer.raw
    return False


_names = (f"n{number}" for number in range(10**6))


def assert_policy(resolver, policy, below="hoax.example"):
    for _ in range(3):
        answer = resolver.dig(f"{next(_names)}.{below}")
        if policy == "servfail":
            assert answer.status == "SERVFAIL" and answer.errors.get(14) == "the blocklist cannot be read", answer.raw
        else:
            assert answer.data("A") == [RESOLVED] and not answer.errors, answer.raw


def assert_alive(resolver):
    assert resolver.server.exit_code() is None and resolver.starts() == 1, resolver.log_text()


@pytest.fixture
def policy(request):
    return getattr(request, "param", "resolve")


either_policy = pytest.mark.parametrize("policy", ["resolve", "servfail"], indirect=True)


@pytest.fixture
def running(workspace, resolver_of, policy):
    workspace.configure(failure=policy)
    workspace.block("hoax.example")
    resolver = resolver_of(workspace, threads=2).start()
    assert blocked(resolver)
    return resolver


@pytest.fixture
def backup(workspace, running):
    folder = workspace.folder / "backup"
    folder.mkdir()
    shutil.copy(workspace.database / "data.mdb", folder)
    return folder / "data.mdb"


def restore(backup, data):
    """As a careful operator does: renamed into place."""
    shutil.copy(backup, data.with_suffix(".new"))
    os.replace(data.with_suffix(".new"), data)


def once(resolver, text):
    assert resolver.log_text().count(text) == 1, resolver.log_text()


def test_a_deleted_database_stays_in_force_until_it_is_back(workspace, running, backup):
    data = workspace.database / "data.mdb"
    data.unlink()
    state = wait_for_state(workspace, "stale")
    assert "gone" in state["why"]
    assert workspace.tool("status").code == DATABASE
    assert blocked(running, "www.hoax.example") and not blocked(running, "news.example")
    looks(workspace)
    once(running, STALE)
    restore(backup, data)
    wait_for_state(workspace, "ok")
    workspace.block("other.example", id="B-OTHER")
    wait_for(lambda: blocked(running, "other.example", "B-OTHER"), "the restored database in force")
    assert_alive(running)


@pytest.mark.parametrize("how", ["garbage", "folder", "half"])
def test_a_replacement_that_cannot_be_used_leaves_the_old_one_in_force(workspace, running, backup, how):
    data = workspace.database / "data.mdb"
    other = workspace.folder / "other"
    if how == "folder":  # unreadable, to root as well
        data.unlink()
        data.mkdir()
    else:
        good = backup.read_bytes()
        other.write_bytes(b"x" * 100_000 if how == "garbage" else good[:len(good) // 2 // 4096 * 4096])
        os.replace(other, data)
    wait_for_state(workspace, "stale")
    assert blocked(running, "www.hoax.example") and not blocked(running, "news.example")
    looks(workspace)
    once(running, STALE)
    if how == "folder":
        data.rmdir()
    restore(backup, data)
    wait_for_state(workspace, "ok")
    workspace.block("other.example", id="B-OTHER")
    wait_for(lambda: blocked(running, "other.example", "B-OTHER"), "the restored database in force")
    assert_alive(running)


def test_a_database_replaced_by_another_is_in_force_at_once(workspace, running, backup):
    workspace.block("later.example", id="B-LATER")
    assert running.dig("later.example").blocked_by("B-LATER")
    assert not blocked(running, "news.example")
    restore(backup, workspace.database / "data.mdb")
    wait_for(lambda: not running.dig("later.example").errors, "the older state in force")
    assert blocked(running)
    workspace.block("news.example", id="B-NEWS")
    wait_for(lambda: running.dig("news.example").blocked_by("B-NEWS"), "what is committed to the restored one")
    assert_alive(running)
    assert FAILING not in running.log_text()


@pytest.mark.parametrize("policy, size", [("resolve", 0), ("servfail", 4096), ("resolve", 8192), ("servfail", 3 * 4096 + 100)],
                         indirect=["policy"])
def test_a_file_cut_short_under_the_resolver_is_a_failure_and_no_crash(workspace, running, backup, policy, size):
    data = workspace.database / "data.mdb"
    os.truncate(data, size)
    wait_for(lambda: running.dig(f"{next(_names)}.hoax.example") and FAILING in running.log_text(), "the failure noticed")
    assert_policy(running, policy)
    assert_policy(running, policy, "example")
    assert wait_for_state(workspace, "failing")["why"]
    wait_for(lambda: module(workspace)["failed_queries"] >= 6, "every failed query counted")
    looks(workspace)
    before = module(workspace)["failed_queries"]
    for _ in range(5):
        running.dig(f"{next(_names)}.hoax.example")
    looks(workspace)
    assert module(workspace)["failed_queries"] - before == 5, "each is counted once"
    once(running, FAILING)
    # Written over in place, which is what cuts it short in the first place.
    data.write_bytes(backup.read_bytes())
    wait_for_state(workspace, "ok")
    assert blocked(running, f"{next(_names)}.hoax.example")
    workspace.block("other.example", id="B-OTHER")
    wait_for(lambda: blocked(running, "other.example", "B-OTHER"), "what is committed to the restored one")
    once(running, FAILING)
    assert_alive(running)


def test_a_lock_file_cut_short_is_no_crash(workspace, running):
    os.truncate(workspace.database / "lock.mdb", 0)
    for _ in range(20):
        running.dig(f"{next(_names)}.hoax.example")
    assert_alive(running)
    wait_for(lambda: blocked(running, f"{next(_names)}.hoax.example"), "the blocklist in force again")
    assert_alive(running)


def test_a_lock_file_written_over_is_no_crash(workspace, running, backup):
    """LMDB would take what it finds there for its mutexes, and end the process."""
    (workspace.database / "lock.mdb").write_bytes(random.Random(5).randbytes(8192))
    for _ in range(20):
        running.dig(f"{next(_names)}.hoax.example")
    assert_alive(running)
    (workspace.database / "lock.mdb").unlink()
    restore(backup, workspace.database / "data.mdb")
    wait_for(lambda: blocked(running, f"{next(_names)}.hoax.example"), "the blocklist in force again")
    assert_alive(running)


def test_a_database_that_outgrows_the_map_of_a_running_resolver_is_opened_anew(workspace, resolver_of):
    """map_size_mib is raised, as the tool says when it is reached; nobody thinks of the resolvers."""
    text = workspace.config.read_text()
    workspace.config.write_text(text.replace("[database]\n", "[database]\nmap_size_mib = 1\n"))
    workspace.block("hoax.example")
    resolver = resolver_of(workspace, threads=2).start()
    assert blocked(resolver)
    many = workspace.folder / "list"
    many.write_text("\n".join(f"b{i}.big{i % 100}.example" for i in range(20000)))
    assert "map_size_mib" in workspace.tool.refused(DATABASE, "list", "import", "--source", "big", "--format", "domains", many).err
    assert blocked(resolver, "x.hoax.example")
    workspace.config.write_text(text)
    workspace.tool.do("list", "import", "--source", "big", "--format", "domains", many)
    wait_for(lambda: resolver.dig(f"{next(_names)}.b1.big1.example").status == "NXDOMAIN", "the list in force")
    wait_for(lambda: blocked(resolver, f"{next(_names)}.hoax.example"), "the order in force")
    wait_for_state(workspace, "ok")
    assert_alive(resolver)


def test_flipped_bytes_never_end_the_resolver(workspace, running, backup):
    """Some change what is listed, no reader can tell; the rest must be found out and survived."""
    data, good = workspace.database / "data.mdb", backup.read_bytes()
    chance = random.Random(4)
    for turn in range(40):
        with data.open("r+b") as file:
            for _ in range(200):
                # The first two pages say where everything is, and are read at each query.
                at = chance.randrange(0 if turn % 4 == 0 else 8192, len(good))
                file.seek(at)
                file.write(bytes([chance.randrange(256)]))
        for name in ("hoax.example", "www.hoax.example", "news.example", f"{next(_names)}.hoax.example"):
            assert running.dig(name, "A", "+time=5", "+tries=1").status in ("NXDOMAIN", "NOERROR", "SERVFAIL", "REFUSED")
        assert_alive(running)
        data.write_bytes(good)
    restore(backup, data)
    wait_for_state(workspace, "ok")
    wait_for(lambda: blocked(running, f"{next(_names)}.hoax.example"), "the restored database in force")
    changes = len(re.findall(FAILING, running.log_text())), len(re.findall(MENDED, running.log_text()))
    assert changes[0] - changes[1] in (0, 1) and 0 < changes[0] <= 45, changes
    assert_alive(running)


@either_policy
def test_damage_is_logged_once_however_many_queries_meet_it(workspace, running, backup, policy):
    data = workspace.database / "data.mdb"
    with data.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * (len(backup.read_bytes()) - 8192))
    wait_for(lambda: running.dig(f"{next(_names)}.hoax.example") and FAILING in running.log_text(), "the failure noticed")
    assert_policy(running, policy)
    looks(workspace, 3)
    assert_policy(running, policy)
    once(running, FAILING)
    assert MENDED not in running.log_text()
    assert module(workspace)["state"] == "failing"
    restore(backup, data)
    wait_for_state(workspace, "ok")
    assert blocked(running, f"{next(_names)}.hoax.example")
    once(running, MENDED)


@either_policy
@pytest.mark.parametrize("where", ["names", "everywhere"])
def test_a_page_that_would_be_searched_without_end_is_a_failure_and_no_standstill(workspace, running, policy, where):
    workspace.block(*[f"n{i}.hoax{i % 7}.example" for i in range(600)], id="B-MANY")
    wait_for(lambda: blocked(running, "n1.hoax1.example", "B-MANY"), "all names in force")
    data, backup = workspace.database / "data.mdb", workspace.folder / "backup.mdb"
    shutil.copy(data, backup)
    assert make_endless(data, b"example\0hoax" if where == "names" else b"")
    wait_for(lambda: running.dig(f"{next(_names)}.hoax.example", "A", "+time=5", "+tries=1") and FAILING in running.log_text(), "the failure noticed")
    assert_policy(running, policy)
    # It has changed since it was opened, so it may be opened anew, once.
    for _ in range(3):
        assert_policy(running, policy)
        assert_policy(running, policy, "example")
        looks(workspace)
    told = running.log_text().count(FAILING)
    for _ in range(2):
        assert_policy(running, policy)
        looks(workspace)
    assert running.log_text().count(FAILING) == told <= 2, running.log_text()
    assert module(workspace)["state"] == "failing"
    restore(backup, data)
    wait_for_state(workspace, "ok")
    wait_for(lambda: blocked(running, f"{next(_names)}.hoax.example"), "the restored database in force")
    workspace.block("other.example", id="B-OTHER")
    wait_for(lambda: blocked(running, "other.example", "B-OTHER"), "what is committed to the restored one")
    assert_alive(running)


def test_unbound_ends_when_told_to_while_searches_do_not(workspace, running):
    workspace.block(*[f"n{i}.hoax{i % 7}.example" for i in range(600)], id="B-MANY")
    assert make_endless(workspace.database / "data.mdb")
    wait_for(lambda: running.dig(f"{next(_names)}.hoax.example", "A", "+time=5", "+tries=1") and FAILING in running.log_text(), "the failure noticed")
    assert running.server.stop(patience=60) == 0, running.log_text()


@either_policy
def test_a_full_reader_table_is_a_failure_until_there_is_room(workspace, resolver_of, policy):
    workspace.configure(failure=policy)
    text = workspace.config.read_text()
    workspace.config.write_text(text.replace("[database]\n", "[database]\nmax_readers = 8\n"))
    workspace.block("hoax.example")
    # Workers take their place in the table at their first query, so nobody asks before it is full.
    resolver = resolver_of(workspace, threads=4).start()
    with contextlib.ExitStack() as stack:
        environment = stack.enter_context(lmdb.open(str(workspace.database), max_dbs=16, map_size=1 << 30, lock=True, max_readers=8))
        held = []
        with pytest.raises(lmdb.ReadersFullError):
            while True:
                held.append(environment.begin())
        wait_for(lambda: resolver.dig(f"{next(_names)}.hoax.example") and FAILING in resolver.log_text(), "a worker without a place")
        state = wait_for_state(workspace, "failing")
        assert "readers" in state["why"].lower()
        # Workers that have their place go on blocking; the others do as the policy says.
        for _ in range(10):
            answer = resolver.dig(f"{next(_names)}.hoax.example")
            assert answer.blocked_by(orders.ID) or (answer.status == "SERVFAIL" if policy == "servfail" else answer.data("A") == [RESOLVED])
        once(resolver, FAILING)
        for transaction in held:
            transaction.abort()
    wait_for_state(workspace, "ok")
    for _ in range(20):
        assert blocked(resolver, f"{next(_names)}.hoax.example")
    once(resolver, MENDED)
    assert_alive(resolver)
