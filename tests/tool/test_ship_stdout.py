"""`hits ship --to stdout`: JSON lines to a pipe whose reader may die."""
import json
import random
import signal
import subprocess
import sys
from collections import Counter

import pytest

from support import made_hits, paths
from support.hits import hits_in
from support.made_hits import record
from support.tool import DONE, NETWORK, USAGE
from support.waiting import wait_for

KILLS = 10
# Writes each line at once; with an argument slowly.
READER = ("import sys, time\nfor line in sys.stdin.buffer:\n    with open(sys.argv[1], 'ab', buffering=0) as kept: "
          "kept.write(line)\n    time.sleep(float(sys.argv[2]))\n")


@pytest.fixture
def isp(workspace):
    workspace.configure(hits='instance = "ns1.isp.example"\n', more="[ship]\nbatch = 100\ninterval_seconds = 1\n")
    return workspace


def load(isp, hits):
    made_hits.load(isp, hits, 70)


def start(isp, *words, **options):
    return subprocess.Popen(
        [str(paths.TOOL), "--config", str(isp.config), "hits", "ship", "--to", "stdout", *words], **options
    )


def parsed(text):
    return [json.loads(line) for line in text.splitlines()]


def ends(path):
    """The last sequence of each database_id in a file of lines."""
    lines = (
        [json.loads(line) for line in path.read_bytes().split(b"\n") if line.endswith(b"}")] if path.exists() else []
    )
    return {line["database_id"]: line["sequence"] for line in lines}


def named(hits):
    return sorted((hit.run, hit.sequence, hit.qname, hit.order) for hit in hits)


def told(lines):
    return sorted((line["database_id"], line["sequence"], line["qname"], line["order_id"]) for line in lines)


def test_a_line_holds_all_that_is_recorded(isp):
    record(isp, [{
        "time": "2024-02-14T07:00:00.25Z", "client": "2001:db8:7::/48", "region": "ID-AC", "asn": 64500,
        "transport": "dot", "qname": "www.hoax.example", "listed": "hoax.example", "qtype": 28, "action": "log",
        "order": "B-1/\u001b[2J\n\"2024", "serial": 7
    }])
    out = isp.tool.do("hits", "ship", "--to", "stdout").out
    assert out.count("\n") == 1 and "\x1b" not in out
    line = parsed(out)[0]
    assert len(line.pop("database_id")) == 16
    assert line == {
        "sequence": 1, "time": "2024-02-14T07:00:00.250000Z", "instance": "ns1.isp.example",
        "client": "2001:db8:7::/48", "region": "ID-AC", "asn": 64500, "transport": "dot", "qname": "www.hoax.example",
        "qtype": "AAAA", "trigger": "qname", "matched": "hoax.example", "action": "log",
        "order_id": "B-1/\u001b[2J\n\"2024", "serial": 7
    }


def test_the_next_run_goes_on_where_the_last_ended(isp):
    load(isp, 150)
    first = isp.tool.do("hits", "ship", "--to", "stdout")
    load(isp, 50)
    second = isp.tool.do("hits", "ship", "--to", "stdout")
    assert told(parsed(first.out + second.out)) == named(hits_in(isp.hits))
    assert "150 hits shipped" in first.err and isp.tool.do("hits", "ship", "--to", "stdout").out == ""


def test_after_ships_the_hits_that_follow(isp):
    load(isp, 20)
    isp.tool.do("hits", "ship", "--to", "stdout")
    lines = parsed(isp.tool.do("hits", "ship", "--to", "stdout", "--after", "15").out)
    assert [line["sequence"] for line in lines] == [16, 17, 18, 19, 20]
    [run] = {line["database_id"] for line in lines}
    assert parsed(isp.tool.do("hits", "ship", "--to", "stdout", "--after", f"{run}:15").out) == lines
    isp.tool.refused(USAGE, "hits", "ship", "--to", "http://127.0.0.1:1/x", "--after", "15")
    load(isp, 10)
    assert "database_id" in isp.tool.refused(USAGE, "hits", "ship", "--to", "stdout", "--after", "15").err
    assert len(parsed(isp.tool.do("hits", "ship", "--to", "stdout", "--after", f"{run}:15").out)) == 15
    for bad in ("x", "1:x", f"{run}:"):
        isp.tool.refused(USAGE, "hits", "ship", "--to", "stdout", "--after", bad)


def test_consumers_have_a_progress_each(isp):
    load(isp, 10)
    assert len(parsed(isp.tool.do("hits", "ship", "--to", "stdout", "--consumer", "vector").out)) == 10
    assert len(parsed(isp.tool.do("hits", "ship", "--to", "stdout", "--consumer", "kafka").out)) == 10
    assert isp.tool.do("hits", "ship", "--to", "stdout", "--consumer", "vector").out == ""


def test_what_the_reader_has_not_taken_does_not_count(isp):
    load(isp, 50)
    shipper = start(isp, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # All of it fits into the pipe, which has no reader.
    with pytest.raises(subprocess.TimeoutExpired):
        shipper.wait(timeout=0.7)
    shipper.stdout.close()
    assert shipper.wait(timeout=30) == NETWORK
    assert b"the reader is gone" in shipper.stderr.read()
    assert len(parsed(isp.tool.do("hits", "ship", "--to", "stdout").out)) == 50


def test_a_stopped_reader_does_not_hold_up_the_end(isp):
    load(isp, 3000)  # more than a pipe holds
    shipper = start(isp, "--follow", "--batch", "5000", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_for(lambda: shipper.stdout.peek(1), "the pipe filling")
    shipper.send_signal(signal.SIGTERM)
    assert shipper.wait(timeout=30) == DONE
    lines = shipper.stdout.read()
    assert lines.endswith(b"}\n"), "half a line in the pipe"
    assert len(parsed(isp.tool.do("hits", "ship", "--to", "stdout", "--batch", "5000").out)) == 3000


def test_shipper_killed_at_any_moment_loses_nothing(isp):
    """One pipe, one reader, many shippers: the reader recognises repeated hits by their sequence."""
    chance = random.Random(21)
    received, killed = [], 0
    for _ in range(KILLS):
        load(isp, 2000)
        shipper = start(isp, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        # More than a pipe holds is left, so the shipper is still writing.
        begun = shipper.stdout.read(chance.randrange(200_000))
        shipper.kill()
        received.append(begun + shipper.stdout.read())
        killed += shipper.wait() == -signal.SIGKILL
        assert received[-1] == b"" or received[-1].endswith(b"}\n"), "half a line"
    received.append(isp.tool.do("hits", "ship", "--to", "stdout").out.encode())
    assert killed == KILLS, "a shipper was not interrupted"
    once, last = [], Counter()
    for line in parsed(b"".join(received)):
        assert line["sequence"] <= last[line["database_id"]] + 1, "a record was left out"
        if line["sequence"] > last[line["database_id"]]:
            once.append(line)
            last[line["database_id"]] = line["sequence"]
    assert told(once) == named(hits_in(isp.hits))


def test_a_reader_killed_at_any_moment_gets_the_missing_hits(isp):
    chance = random.Random(22)
    load(isp, 3000)
    kept, killed = isp.folder / "kept.ndjson", 0

    def run(kill):
        have = ends(kept)
        # An incomplete last line of a reader that died is cut off, as every log reader does.
        if kept.exists():
            text = kept.read_bytes()
            kept.write_bytes(text[:text.rfind(b"\n") + 1])
        shipper = start(
            isp, *(word for run, last in (have or {"0" * 16: 0}).items() for word in ("--after", f"{run}:{last}")),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        reader = subprocess.Popen(
            [sys.executable, "-c", READER, str(kept), "0.0001" if kill else "0"], stdin=shipper.stdout
        )
        shipper.stdout.close()
        if kill:
            try:
                reader.wait(timeout=chance.uniform(0.05, 0.3))
            except subprocess.TimeoutExpired:
                reader.kill()
        code = reader.wait()
        return code == -signal.SIGKILL, shipper.wait(timeout=30)

    for _ in range(KILLS):
        was_killed, _ = run(kill=True)
        killed += was_killed
    assert killed > 0, "no reader was ever interrupted"
    assert run(kill=False)[1] == DONE
    assert told(parsed(kept.read_bytes())) == named(hits_in(isp.hits))


def test_after_an_id_that_is_none_is_refused(isp):
    load(isp, 20)
    told = isp.tool.refused(USAGE, "hits", "ship", "--to", "stdout", "--after", "x:1")
    assert "there are: " in told.err
    assert "there are: " in isp.tool("hits", "ship", "--to", "stdout", "--after", "0" * 16 + ":1").err
