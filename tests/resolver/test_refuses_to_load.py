"""The module refuses, with one clear line, to load into an Unbound whose structures it would misread. For other
errors see test_bad_configuration.py."""
import pytest

from support import paths
from support.build_id import with_other_build_id


@pytest.fixture
def refusal(resolver_of):
    """Starts an Unbound that must exit; returns the module's error line in its log."""

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


def test_into_an_unbound_it_was_not_built_for(workspace, refusal, new_folder):
    workspace.block("hoax.example")
    other = with_other_build_id(paths.UNBOUND_PROGRAM, new_folder("unbound") / "unbound")
    line = refusal(workspace, program=other)
    assert "build" in line
