"""A command fails if its standard output fails, and no command writes to a pipe inside a read transaction."""
import fcntl
import os
import signal
import subprocess

import lmdb
import pytest
from support import keys, made_hits, orders, paths
from support.terminal import on_a_terminal
from support.tool import DONE, USAGE
from support.waiting import wait_for

HIT = {"time": "2024-02-14T07:00:00Z", "qname": "hoax.example", "order": "B-1", "client": "192.0.2.1"}
NAMES = [f"n{number}.example" for number in range(20)]


@pytest.fixture(scope="module")
def filled(shared_workspace):
    work = shared_workspace
    work.order_file = work.signed(id="B-1", targets=orders.domains(*NAMES))
    work.tool.do("order", "apply", work.order_file)
    made_hits.load(work, 3000)
    isp = work.key("isp")
    work.isp_key = isp
    work.receipt = work.folder / "receipt.json"
    work.tool.do("receipt", "make", "--isp", "ISP Uji", "--secret-key", isp.secret, "--output", work.receipt)
    (work.folder / "isps.txt").write_text(f"{isp.public_text} ISP Uji\n")
    return work


def command(work, words):
    return [str(paths.TOOL), "--config", str(work.config), *(word.format(work=work) for word in words.split())]


COMMANDS = [
    "--help", "--version", "hits list --help", "status", "status --json", "explain n1.example",
    "explain n1.example --json", "order list", "order list --json", "order show B-1", "order verify {work.order_file}",
    "hits list", "hits list --csv --limit 0", "hits list --json", "hits top names", "hits histogram", "hits summary",
    "hits report --json", "hits tail", "hits tail --json", "db history", "db check", "diff 0 1", "metrics",
    "receipt verify {work.receipt} --public-key {work.isp_key.public}",
    "receipt report --isps {work.folder}/isps.txt {work.receipt} --json", "feed export --origin rpz.example --output -",
    "completion bash", "complete -- blocklist-tool order ", "doctor --quick", "quarantine list", "local list",
]


@pytest.mark.parametrize("words", COMMANDS)
def test_a_full_disk_behind_standard_output_is_a_failure(filled, words):
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(
            command(filled, words), stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=120
        )
    without = subprocess.run(
        command(filled, words), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False, timeout=120
    )
    if not without.stdout:  # it prints nothing, so nothing is lost
        return
    assert done.returncode == USAGE, done
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("blocklist-tool: standard output: ") and "No space left" in last, done


def test_a_commands_change_is_reported_even_if_its_output_fails(workspace):
    """The commit stands; the exit code says that the answer did not arrive."""
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(command(workspace, f"order apply {workspace.signed(id='B-1')}"), stdout=full,
                              stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == USAGE and "a change that the command makes is made" in done.stderr, done
    assert workspace.tool.do("order", "list", "--json").json()["orders"][0]["id"] == "B-1"


@pytest.mark.parametrize("words", ["status", "order list --json", "local allow x.example --reason tried"])
def test_a_closed_standard_output_fails_and_is_no_database(workspace, words):
    """Otherwise the next opened file becomes standard output, and the database would be overwritten."""
    workspace.block("a.example")
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *command(workspace, words)], stderr=subprocess.PIPE, text=True, check=False
    )
    assert done.returncode == USAGE and "standard output" in done.stderr, done
    workspace.tool.do("db", "check")


def test_a_reader_that_left_ends_the_command_as_a_signal_does(filled):
    """Also if SIGPIPE is ignored, as in services; no message is printed."""
    for ignored in (signal.SIG_DFL, signal.SIG_IGN):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.Popen(command(filled, "hits list --csv --limit 0"), stdout=writing, stderr=subprocess.PIPE,
                                restore_signals=False,
                                preexec_fn=lambda how=ignored: signal.signal(signal.SIGPIPE, how))
        os.close(writing)
        complaint = done.communicate(timeout=60)[1]
        assert done.returncode == -signal.SIGPIPE and not complaint, (ignored, complaint)


def test_leaving_the_pager_early_is_no_failure(filled):
    assert on_a_terminal(filled, "hits", "list", "--limit", "0", environment={"PAGER": "head -n 3"}).count("\n") == 3


def readers(folder, pid):
    """A process's open transactions, by LMDB's reader table."""
    with lmdb.open(str(folder), readonly=True, max_dbs=20) as environment:
        lines = environment.readers().splitlines()
    return [line for line in lines if line.split() and line.split()[0] == str(pid) and line.split()[-1] != "-"]


@pytest.fixture
def wide(workspace):
    """Answers that fill any pipe."""
    for number in range(40):
        workspace.block(
            *(f"x{number}-{name}" for name in NAMES), id=f"B-{number}", authority="Kementerian " + "x" * 180
        )
    made_hits.load(workspace, 3000)
    return workspace


@pytest.mark.parametrize("words", [
    "order list --json", "order list", "db history --json", "diff 0 40 --json",
    "feed export --origin rpz.example --output -"
])
def test_no_transaction_waits_for_a_reader(wide, words):
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    process = subprocess.Popen(command(wide, words), stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    try:
        # A full pipe and a process asleep: it waits for us.
        def waits():
            state = open(f"/proc/{process.pid}/wchan", encoding="ascii").read()
            return "pipe" in state or process.poll() is not None
        wait_for(waits, f"{words} waiting for its reader")
        assert process.poll() is None, "it did not wait: its answer fits into the pipe"
        assert readers(wide.database, process.pid) == []
    finally:
        with os.fdopen(reading, "rb") as rest:
            assert rest.read()
        assert process.wait(timeout=60) == DONE, process.stderr.read()
        process.stderr.close()


def test_a_pager_that_waits_holds_no_transaction(wide):
    """The reader may pause for long."""
    script = wide.folder / "pager"
    waiting = wide.folder / "waiting"
    script.write_text(f"#!/bin/sh\nhead -c 100 >/dev/null\necho $PPID >{waiting}\ncat >/dev/null <{wide.folder}/go\n")
    script.chmod(0o755)
    os.mkfifo(wide.folder / "go")
    import threading
    shown = threading.Thread(
        target=on_a_terminal, args=(wide, "order", "list"), kwargs={"environment": {"PAGER": str(script)}}
    )
    shown.start()
    try:
        pid = wait_for(lambda: waiting.exists() and waiting.read_text().strip(), "the pager waiting")
        assert readers(wide.database, pid) == []
    finally:
        with open(wide.folder / "go", "w", encoding="ascii"):
            pass
        shown.join()


def test_long_answers_are_kept_outside_memory_and_arrive_whole(wide):
    told = wide.tool.do("hits", "list", "--limit", "0", "--csv").out
    assert told.count("\n") == 3001
    assert wide.tool.do("hits", "list", "--limit", "0", "--csv", "--reverse").out.count("\n") == 3001


def test_keys_stay_as_minisign_reads_them(filled):
    assert keys.minisign("-V", "-p", filled.isp_key.public, "-m", filled.receipt).returncode == 0
