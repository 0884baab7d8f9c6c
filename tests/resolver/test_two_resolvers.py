"""Two Unbounds with one saring.toml: each writes its state, and `status` shows both, also one with older state."""
import json
import os
import signal
import subprocess

import pytest
from support import orders
from support.tool import DATABASE, NO
from support.waiting import wait_for


def module(workspace):
    return workspace.tool("status", "--json").json()["module"]


def concerns(workspace):
    return {concern["code"]: concern["what"] for concern in workspace.tool("status", "--json").json()["concerns"]}


@pytest.fixture
def pair(workspace, resolver_of):
    workspace.block("hoax.example")
    two = [resolver_of(workspace).start(), resolver_of(workspace).start()]
    wait_for(lambda: len(module(workspace)["processes"]) == 2, "the state of both")
    return two


def test_neither_overwrites_the_state_of_the_other(workspace, pair):
    for count, resolver in enumerate(pair, start=1):
        for number in range(count):
            assert resolver.dig(f"n{number}.hoax.example").blocked_by(orders.ID)
    told = wait_for(lambda: (m := module(workspace))["blocked"]["nxdomain"] == 3 and m, "the sum of both")
    assert sorted(one["pid"] for one in told["processes"]) == sorted(resolver.server.pid for resolver in pair)
    assert {one["pid"]: one["blocked"]["nxdomain"] for one in told["processes"]} == {
        resolver.server.pid: n for n, resolver in enumerate(pair, start=1)
    }
    for resolver in pair:
        own = json.loads(workspace.module_status.with_name(f"module.{resolver.server.pid}.json").read_text())
        assert own["pid"] == resolver.server.pid
    assert workspace.module()["pid"] == pair[1].server.pid  # the configured name points at the newest


def test_metrics_tell_them_apart(workspace, pair):
    lines = workspace.tool.do("metrics").out.splitlines()
    for resolver in pair:
        assert f'saring_module_process_up{{process="{resolver.server.pid}"}} 1' in lines
        assert f'saring_module_process_configuration_current{{process="{resolver.server.pid}"}} 1' in lines
    assert 'saring_module_state{state="ok"} 1' in lines


def test_a_killed_resolver_is_not_hidden_by_the_other(workspace, pair):
    os.kill(pair[0].server.pid, signal.SIGKILL)
    wait_for(lambda: pair[0].server.exit_code() is not None, "the end")
    told = wait_for(lambda: (m := module(workspace))["state"] == "stopped" and m, "the one that is gone")
    assert str(pair[0].server.pid) in told["why"] and "module.stopped" in concerns(workspace)
    assert workspace.tool("status", "--check").code == NO


def test_a_resolver_that_ended_cleanly_is_left_out(workspace, pair):
    first = pair[0].server.pid
    pair[0].stop()
    told = wait_for(
        lambda: (m := module(workspace))["state"] == "ok" and len(m["processes"]) == 1 and m, "the other alone"
    )
    assert told["processes"][0]["pid"] == pair[1].server.pid != first
    assert concerns(workspace) == {}


def test_the_last_resolver_that_ended_is_reported(workspace, resolver):
    resolver.stop()
    assert module(workspace)["state"] == "stopped"


def test_what_the_dead_left_goes_at_the_next_start(workspace, pair, resolver_of):
    dead = workspace.module_status.with_name(f"module.{pair[0].server.pid}.json")
    os.kill(pair[0].server.pid, signal.SIGKILL)
    wait_for(lambda: pair[0].server.exit_code() is not None, "the end")
    assert dead.exists()
    resolver_of(workspace).start()
    wait_for(lambda: not dead.exists() and len(module(workspace)["processes"]) == 2, "the dead one's file gone")


def test_an_older_saring_toml_is_reported(workspace, resolver):
    wait_for(lambda: workspace.module().get("serial") == 0, "the module's state")
    assert concerns(workspace) == {}
    workspace.configure(action="refused")
    told = concerns(workspace)["module.configuration"]
    assert str(resolver.server.pid) in told and str(workspace.config) in told
    assert "another" in workspace.tool.do("status").out.splitlines()[0]
    checks = {c["check"]: c for c in workspace.tool("doctor", "--quick", "--json").json()["checks"]}
    assert checks["module.configuration"]["health"] == "failed" and "reload" in checks["module.configuration"]["remedy"]
    resolver.reload()
    wait_for(lambda: "module.configuration" not in concerns(workspace), "the new one in force")


def test_another_serial_is_reported(workspace, resolver):
    """A resolver with an older serial, as one that hangs or reads another database."""
    workspace.block("hoax.example")
    wait_for(lambda: workspace.module().get("serial") == 1, "the commit in force")
    pid = resolver.server.pid
    subprocess.run(["kill", "-STOP", str(pid)], check=True)
    try:
        workspace.configure(resolver_wait=1)
        applied = workspace.tool("order", "apply", workspace.signed(id="B-2", targets=orders.domains("other.example")))
        assert applied.code == DATABASE and f"process {pid}: uses serial 1" in applied.err, applied
        workspace.configure()
        told = wait_for(lambda: concerns(workspace).get("module.serial"), "the serial in status")
        assert f"process {pid} runs serial 1, the database is at 2" in told
    finally:
        subprocess.run(["kill", "-CONT", str(pid)], check=True)
    wait_for(lambda: concerns(workspace) == {}, "all in order again")
