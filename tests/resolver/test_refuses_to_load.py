"""The module refuses, with one clear line, to start where it could not do its work."""
import pytest

from support import orders, paths
from support.build_id import with_other_build_id
from support.database import make_endless, set_schema_version


@pytest.fixture
def refusal(resolver_of):
    """Starts an Unbound that must end by itself; returns the module's lines in its log."""

    def start(workspace, **options):
        resolver = resolver_of(workspace, **options)
        resolver.spawn()
        assert resolver.wait_exit() not in (0, None)
        log = resolver.log_text()
        assert "start of service" not in log, log
        lines = [line for line in log.splitlines() if "saring" in line and "unable to load" not in line]
        errors = [line for line in lines if " error: " in line or " fatal error: " in line]
        assert len(errors) == 1, log
        return errors[0]

    return start


def test_without_a_database(workspace, refusal):
    line = refusal(workspace)
    assert str(workspace.database) in line


def test_with_a_database_folder_that_holds_none(workspace, refusal):
    workspace.database.mkdir()
    line = refusal(workspace)
    assert str(workspace.database) in line
    assert not list(workspace.database.iterdir()), "a module that only reads must create nothing"


def test_with_a_schema_it_does_not_know(workspace, refusal):
    workspace.block("hoax.example")
    set_schema_version(workspace.database, 4711)
    line = refusal(workspace)
    assert "schema" in line and "4711" in line


def test_with_a_file_that_is_no_database(workspace, refusal):
    workspace.block("hoax.example")
    (workspace.database / "data.mdb").write_bytes(b"no database" * 1000)
    assert str(workspace.database) in refusal(workspace)


def test_with_a_database_that_would_be_searched_without_end(workspace, refusal):
    workspace.block("hoax.example")
    assert make_endless(workspace.database / "data.mdb")
    assert "without end" in refusal(workspace)


def test_into_an_unbound_it_was_not_built_for(workspace, refusal, new_folder):
    workspace.block("hoax.example")
    other = with_other_build_id(paths.UNBOUND_PROGRAM, new_folder("unbound") / "unbound")
    line = refusal(workspace, program=other)
    assert "build" in line


@pytest.mark.parametrize("front", ["dns64", "subnetcache", "validator"])
def test_behind_a_module_that_would_undo_its_work(workspace, refusal, front):
    """dns64 asks by itself, subnetcache keeps answers of its own, the validator would turn a block into SERVFAIL."""
    workspace.block("hoax.example")
    rest = " ".join(m for m in ("validator", "iterator") if m != front)
    assert front in refusal(workspace, chain=f"{front} dynlib {rest}")


def test_without_a_configuration(workspace, refusal):
    workspace.config.unlink()
    assert str(workspace.config) in refusal(workspace)


def test_with_a_misspelt_option(workspace, refusal):
    workspace.block("hoax.example")
    workspace.config.write_text(workspace.config.read_text().replace("ttl =", "tll ="))
    line = refusal(workspace)
    assert str(workspace.config) in line and "tll" in line


def test_the_same_unbound_starts_once_the_cause_is_mended(workspace, refusal, resolver_of):
    refusal(workspace)
    workspace.block("hoax.example")
    assert resolver_of(workspace).start().dig("hoax.example").blocked_by(orders.ID)
