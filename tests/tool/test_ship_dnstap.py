"""`hits ship` as dnstap, read by Debian's own readers; the Policy message, which these do not know yet, by protobuf's
wire format."""
import json
import socket
import struct
import subprocess
import threading

import pytest
from support.hits import hits_in
from support.made_hits import load, record
from support.tool import DONE, NETWORK, USAGE
from support.waiting import wait_for

CONTENT = b"protobuf:dnstap.Dnstap"
SITES = [{
    "time": "2024-02-14T07:00:00.25Z", "client": "192.0.2.0/24", "region": "ID-AC", "asn": 64500, "transport": "dot",
    "qname": "www.hoax.example", "listed": "hoax.example", "qtype": 28, "order": "B-1/2024", "serial": 7
}, {
    "client": "2001:db8:7::/48", "trigger": "address", "listed": "203.0.113.16/28", "qname": "a.example",
    "action": "redirect", "transport": "doq", "order": "B-2"
}, {
    "client": "~3f9a0c1d2e4b5f60", "trigger": "cname", "qname": "alias.test", "listed": "hoax.example",
    "action": "refused", "order": "B-3"
}]


def frames(content):
    """Data frames of a stream in a file, which must begin and end as Frame Streams says."""
    at, controls, data = 0, [], []
    while at < len(content):
        [size] = struct.unpack_from(">I", content, at)
        at += 4
        if size == 0:
            [size] = struct.unpack_from(">I", content, at)
            controls.append(struct.unpack_from(">I", content, at + 4)[0])
            at += 4
        else:
            data.append(content[at:at + size])
        at += size
    assert controls[0] == 2 and controls[-1] == 3, "START and STOP"
    return data


def fields(message):
    """Protobuf's wire format: number to values."""
    out, at = {}, 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            octet = message[at]
            at += 1
            value |= (octet & 0x7F) << shift
            if octet < 0x80:
                return value
            shift += 7

    while at < len(message):
        key = varint()
        if key & 7 == 0:
            value = varint()
        elif key & 7 == 5:
            value = message[at:at + 4]
            at += 4
        else:
            assert key & 7 == 2
            size = varint()
            value = message[at:at + size]
            at += size
        out[key >> 3] = value
    return out


def dns_name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


@pytest.fixture
def isp(workspace):
    workspace.configure(
        hits='instance = "ns1.isp.example"\n', more="[ship]\nbatch = 100\ninterval_seconds = 1\nretries = 0\n"
    )
    return workspace


def test_a_file_holds_each_hit_with_its_policy(isp):
    record(isp, SITES)
    file = isp.folder / "hits.fstrm"
    told = isp.tool.do("hits", "ship", "--to", f"dnstap+file:{file}", "--json").json()
    assert told["hits"] == 3 and told["consumer"] == "dnstap"
    taps = [fields(frame) for frame in frames(file.read_bytes())]
    messages = [fields(tap[14]) for tap in taps]
    policies = [fields(message[15]) for message in messages]
    extras = [json.loads(tap[3]) for tap in taps]
    assert all(tap[15] == 1 and tap[1] == b"ns1.isp.example" for tap in taps)
    assert [(extra["database_id"], extra["sequence"]) for extra in extras] == [
        (hit.run, hit.sequence) for hit in hits_in(isp.hits)
    ]
    first, second, third = messages
    assert all(message[1] == 5 for message in messages), "CLIENT_QUERY"
    assert (first[2], first[3], first[4]) == (1, 3, bytes([192, 0, 2, 0]))
    assert (first[8], struct.unpack("<I", first[9])[0]) == (1707894000, 250_000_000)
    assert first[10][12:] == dns_name("www.hoax.example") + bytes([0, 28, 0, 1])
    assert (second[2], second[3], len(second[4])) == (2, 7, 16)
    assert 2 not in third and 4 not in third, "a pseudonym is no address"
    assert policies[0] == {1: b"saring", 2: b"B-1/2024", 3: 1, 4: 1, 5: dns_name("hoax.example")}
    assert policies[1] == {1: b"saring", 2: b"B-2", 3: 6, 4: 3, 5: bytes([203, 0, 113, 16])}
    assert (
        policies[2] == {1: b"saring", 2: b"B-3", 4: 1, 5: dns_name("hoax.example")} and extras[2]["action"] == "refused"
    )


def test_debians_reader_reads_the_file(isp):
    record(isp, SITES)
    file = isp.folder / "hits.fstrm"
    isp.tool.do("hits", "ship", "--to", f"dnstap+file:{file}")
    read = subprocess.run(["dnstap", "-r", str(file), "-j"], capture_output=True, text=True, check=True).stdout
    messages = [json.loads(line) for line in read.splitlines()]
    assert [message["identity"] for message in messages] == ["ns1.isp.example"] * 3
    told = messages[0]["message"]
    assert (told["type"], told["socket_protocol"], told["query_address"]) == ("CLIENT_QUERY", "DOT", "192.0.2.0")
    assert "www.hoax.example." in json.dumps(told)
    # Nothing is sent twice; a file is never continued.
    assert isp.tool.do("hits", "ship", "--to", f"dnstap+file:{isp.folder / 'more.fstrm'}", "--json").json()["hits"] == 0
    load(isp, 10)
    assert "exists already" in isp.tool.refused(NETWORK, "hits", "ship", "--to", f"dnstap+file:{file}").err
    assert (
        isp.tool.do("hits", "ship", "--to", f"dnstap+file:{isp.folder / 'more.fstrm'}", "--json").json()["hits"] == 10
    )


def test_debians_collector_takes_them_from_a_socket(isp):
    load(isp, 350)
    path, kept = isp.folder / "tap.sock", isp.folder / "kept.fstrm"
    collector = subprocess.Popen(
        ["fstrm_capture", "-t", CONTENT.decode(), "-u", str(path), "-w", str(kept)], stderr=subprocess.PIPE
    )
    try:
        wait_for(path.exists, "the collector")
        told = isp.tool.do("hits", "ship", "--to", f"dnstap+unix:{path}", "--json").json()
        assert (told["hits"], told["batches"]) == (350, 4)
    finally:
        collector.terminate()
        collector.wait(timeout=30)
    extras = [json.loads(fields(frame)[3]) for frame in frames(kept.read_bytes())]
    assert [(extra["database_id"], extra["sequence"]) for extra in extras] == [
        (hit.run, hit.sequence) for hit in hits_in(isp.hits)
    ]


def test_what_a_reader_did_not_confirm_is_sent_again(isp):
    load(isp, 50)
    path = isp.folder / "tap.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def take_and_die():
        peer, _ = listener.accept()
        peer.recv(4096)
        accept = struct.pack(">IIII", 1, 1, len(CONTENT), 0)[:12] + CONTENT  # ACCEPT with its content type
        peer.sendall(struct.pack(">II", 0, len(accept)) + accept)
        peer.recv(100_000)
        peer.close()

    thread = threading.Thread(target=take_and_die)
    thread.start()
    result = isp.tool("hits", "ship", "--to", f"dnstap+unix:{path}")
    thread.join()
    listener.close()
    assert result.code == NETWORK, result
    assert isp.tool.do("hits", "ship", "--to", f"dnstap+file:{isp.folder / 'all.fstrm'}", "--json").json()["hits"] == 50


def test_a_collector_that_is_away_is_waited_for_and_bad_urls_are_refused(isp):
    load(isp, 5)
    assert "cannot connect" in isp.tool.refused(NETWORK, "hits", "ship", "--to",
                                                f"dnstap+unix:{isp.folder / 'none.sock'}").err
    isp.tool.refused(USAGE, "hits", "ship", "--to", "dnstap+file:relative")
    isp.tool.refused(USAGE, "hits", "ship", "--to", "dnstap+unix:")
    assert isp.tool("hits", "ship", "--to", f"dnstap+file:{isp.folder / 'all.fstrm'}").code == DONE
