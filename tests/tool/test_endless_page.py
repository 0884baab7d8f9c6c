"""A page that LMDB would search without end: every command ends and reports the damage."""
import pytest

from support.database import make_endless
from support.tool import DATABASE

NAMES = [f"n{i}.hoax{i % 7}.example" for i in range(600)]
READING = [
    "status", "explain n1.hoax1.example", "order list", "db history", "diff 0 1",
    "feed export --origin rpz.example --output zone"
]
WRITING = ["order revoke B-MANY --reason uji", "local block other.example --reason uji", "db rollback 1 --reason uji"]


@pytest.fixture(scope="module")
def damaged(shared_workspace):
    shared_workspace.block(*NAMES, id="B-MANY")
    assert make_endless(shared_workspace.database / "data.mdb")
    return shared_workspace


@pytest.mark.parametrize("command", READING + WRITING)
def test_a_command_ends(damaged, command):
    assert "a damaged page cannot be read" in damaged.tool.refused(DATABASE, *command.split()).err


def test_the_check_ends(damaged):
    assert damaged.tool("db", "check").code == DATABASE


@pytest.mark.parametrize("command", ["db backup copy", "db compact"])
def test_pages_that_lmdb_cannot_copy_are_no_crash(workspace, command):
    """Pages that were not read before: where a look-up would not end, LMDB's copy ends with SIGSEGV."""
    workspace.block(*NAMES, id="B-MANY")
    assert make_endless(workspace.database / "data.mdb", b"example\0hoax")
    assert workspace.tool.refused(DATABASE, *command.split()).err


def test_a_page_of_names_alone(workspace):
    workspace.block(*NAMES, id="B-MANY")
    assert make_endless(workspace.database / "data.mdb", b"example\0hoax")
    assert "a damaged page cannot be read" in workspace.tool.refused(DATABASE, "explain", "n1.hoax1.example").err


def test_reports_go_on_without_the_database(damaged):
    status = damaged.tool("status")
    assert "a damaged page cannot be read" in status.out and "module" in status.out, status
    doctor = damaged.tool("doctor", "--quick", "--json")
    found = {one["check"]: one for one in doctor.json()["checks"]}
    assert found["database.open"]["health"] == "failed" and "clock" in found, doctor
