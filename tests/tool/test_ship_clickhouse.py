"""`hits ship` to a real ClickHouse: each hit once, whichever side is killed when."""
import random
import signal
import subprocess
import time
from collections import Counter
from datetime import datetime, timezone

import pytest

from support import paths
from support.clickhouse import ABSENT, PASSWORD, Between, Shipper
from support.hits import hits_in
from support.killing import Moments, duration, killed_after
from support.made_hits import load, record
from support.tool import DONE, NETWORK, UNSAFE, USAGE
from support.waiting import wait_for

pytestmark = pytest.mark.skipif(ABSENT, reason="this Debian has no clickhouse-server")

# In each test that kills a process.
KILLS = 8
COLUMNS = ("database_id, sequence, toUInt32(time), microsecond, instance, client, region, asn, transport, qname, "
           "qtype, trigger, matched, action, order_id, serial")
QTYPES = {1: "A", 28: "AAAA", 65: "HTTPS", 257: "CAA", 64: "SVCB", 65280: "TYPE65280"}


class Fleet:
    """One test's hits of a resolver, and the database on the server for them."""

    def __init__(self, server, workspace, database):
        self.server, self.workspace, self.database = server, workspace, database
        self.password = workspace.folder / "password"
        self.password.write_text(PASSWORD + "\n")
        self.log = workspace.folder / "ship.log"
        self.loaded = 0
        self.configure()

    def configure(self, port=None, **options):
        options = {"batch": 500, "interval_seconds": 1, "retries": 0, **options}
        self.workspace.configure(
            hits='instance = "ns1.isp.example"\n',
            more="[ship]\n" + f'url = "{self.server.url(self.database, port=port)}"\n'
            f'password_file = "{self.password}"\n' + "".join(f"{name} = {value}\n" for name, value in options.items()),
        )

    def ship(self, *words):
        return self.workspace.tool("hits", "ship", *words)

    def start(self, *words):
        return Shipper(paths.TOOL, self.workspace.config, self.log, *words)

    def load(self, hits, batch=700):
        # All of one month: a batch does not contain hits of two.
        load(self.workspace, hits, batch, "2024-02-14T12:00:00Z")
        self.loaded += hits

    def there(self):
        return self.server.rows(f"SELECT {COLUMNS} FROM {self.database}.saring_hits ORDER BY database_id, sequence")

    def count(self):
        return tuple(
            map(
                int,
                self.server.rows(f"SELECT count(), uniqExact(database_id, sequence) FROM {self.database}.saring_hits")
                [0]))

    def here(self):
        return [as_row(hit) for hit in sorted(hits_in(self.workspace.hits), key=lambda hit: (hit.run, hit.sequence))]

    def demand_equal(self):
        here = self.here()
        assert self.count() == (len(here), len(here))
        assert self.there() == here


def as_row(hit):
    qtype = QTYPES.get(hit.qtype, f"TYPE{hit.qtype}")
    return tuple(
        map(str,
            (hit.run, hit.sequence, hit.time // 1_000_000, hit.time % 1_000_000, hit.instance, hit.client, hit.region,
             hit.asn, hit.transport, hit.qname, qtype, hit.trigger, hit.matched, hit.action, hit.order, hit.serial)))


@pytest.fixture
def fleet(clickhouse, workspace, request):
    return Fleet(clickhouse, workspace, request.node.name.replace("test_", "t_")[:60])


def test_every_field_arrives_as_recorded(fleet):
    record(fleet.workspace, [{
        "time": "2024-02-14T07:00:00.25Z", "client": "2001:db8:7::/48", "region": "", "asn": 64500, "transport": "dot",
        "qname": "www.hoax.example", "listed": "hoax.example", "qtype": 28, "action": "log", "order": "B-1/ü'\\\\2024",
        "serial": 7
    }, {
        "client": "", "trigger": "address", "listed": "203.0.113.16/28", "qtype": 65, "action": "redirect",
        "transport": "doq"
    }, {
        "client": "~3f9a0c1d2e4b5f60", "trigger": "cname", "qname": "alias.test", "listed": "hoax.example",
        "qtype": 65280, "action": "drop"
    }])
    result = fleet.ship("--json")
    assert result.code == DONE and result.json()["hits"] == 3
    here = fleet.here()
    # TabSeparated escapes the characters of the order's id.
    assert fleet.there() == [tuple(value.replace("\\", "\\\\").replace("'", "\\'") for value in row) for row in here]
    assert (
        fleet.server.ask(f"SELECT time, microsecond FROM {fleet.database}.saring_hits WHERE sequence = 1")
        == "2024-02-14 07:00:00\t250000\n"
    )


def test_shipped_again_nothing_is_doubled(fleet):
    fleet.load(2000)
    assert fleet.ship("--json").json() == {
        "consumer": "clickhouse", "hits": 2000, "batches": 4, "again": 0, "missing": 0, "damaged": 0,
        "last_sequence": 2000, "failures": 0, "stopped": False
    }
    assert fleet.ship("--json").json()["hits"] == 0
    fleet.load(10)
    assert fleet.ship("--json").json()["hits"] == 10
    fleet.demand_equal()
    left = fleet.server.ask(
        f"SELECT name FROM system.tables WHERE database = '{fleet.database}' AND name LIKE '%entrance%' OR name LIKE "
        f"'%passage%'"
    )
    assert left == "", "the entrance of a run that ended was left open"


def test_views_give_the_same_as_hits_top(fleet):
    fleet.load(3000)
    assert fleet.ship().code == DONE
    hits = hits_in(fleet.workspace.hits)

    def view(name, column):
        return {
            key: int(count) for key, count in fleet.server.rows(
                f"SELECT {column}, sum(hits) FROM {fleet.database}.{name} GROUP BY {column}")
        }

    assert view("saring_names", "name") == Counter(h.matched for h in hits)
    assert view("saring_orders", "order_id") == Counter(h.order for h in hits)
    assert view("saring_regions", "region") == Counter(h.region for h in hits)
    assert view("saring_clients", "client") == Counter(h.client for h in hits)
    assert view("saring_hours", "toUInt32(hour)") == Counter(str(h.time // 3_600_000_000 * 3600) for h in hits)
    top = fleet.workspace.tool.do("hits", "top", "names", "--limit", "0", "--json").json()
    assert {row["listed"]: row["hits"] for row in top["rows"]} == view("saring_names", "name")
    summary = fleet.server.rows(
        f"SELECT instances, hits, first_sequence, last_sequence, absent FROM {fleet.database}.saring_databases"
    )
    assert summary == [("['ns1.isp.example']", "3000", "1", "3000", "0")]


def test_a_batch_keeps_to_one_month(fleet):
    record(fleet.workspace,
           [{"time": f"2024-0{month}-{day}T{clock}Z"}
            for month, day, clock in [(1, 31, "23:59:59.999999"), (2, "01", "00:00:00"), (
                2, "01", "00:00:01"), (1, 31, "23:59:59"), (3, "01", "00:00:00")]])
    assert fleet.ship("--json").json()["batches"] == 4
    fleet.demand_equal()


def test_shipper_killed_at_any_moment(fleet):
    fleet.load(500)
    moments = Moments(11, duration(fleet.ship) + 0.1)
    for _ in range(KILLS):
        fleet.load(2500)
        moments.kill(fleet.start())
        count, distinct = fleet.count()
        assert count == distinct <= fleet.loaded
    assert fleet.ship().code == DONE
    assert moments.killed > 0, "no shipper was ever interrupted"
    fleet.demand_equal()


def test_server_killed_at_any_moment(fleet):
    chance = random.Random(12)
    fleet.configure(batch=100)
    fleet.load(200)
    assert fleet.ship().code == DONE
    shipper = fleet.start("--follow")
    interrupted = 0
    for _ in range(KILLS):
        before = fleet.count()[0]
        fleet.load(1500)
        wait_for(lambda: fleet.count()[0] > before, "the shipper at work")
        time.sleep(chance.uniform(0, 0.05))
        fleet.server.kill()
        fleet.server.start()
        interrupted += before < fleet.count()[0] < fleet.loaded
    fleet.load(100)
    wait_for(lambda: fleet.count()[0] >= fleet.loaded, "all hits on the server")
    assert shipper.poll() is None, fleet.log.read_text()
    shipper.send_signal(signal.SIGTERM)
    assert shipper.wait(timeout=30) == DONE
    assert interrupted > 0, "the server never died with hits on the way"
    assert "trying again" in fleet.log.read_text() and "goes on after" in fleet.log.read_text()
    fleet.demand_equal()


def test_both_killed_at_any_moment(fleet):
    chance = random.Random(13)
    fleet.configure(batch=100)
    for _ in range(KILLS):
        fleet.load(800)
        shipper = fleet.start()
        if chance.random() < 0.5:
            killed_after(shipper, chance.uniform(0.02, 0.4))
            fleet.server.kill()
        else:
            time.sleep(chance.uniform(0.02, 0.4))
            fleet.server.kill()
            killed_after(shipper, chance.uniform(0, 0.1))
        fleet.server.start()
    assert fleet.ship().code == DONE
    fleet.demand_equal()


def test_an_insert_whose_answer_was_lost_is_not_sent_again(fleet):
    between = Between(fleet.server, lambda number: "lose" if number % 2 else "pass")
    fleet.configure(port=between.port, retries=4)
    fleet.load(2000)
    result = fleet.ship("--json").json()
    between.close()
    assert result["failures"] > 0 and between.inserts == 4, "what had arrived was sent again"
    fleet.demand_equal()


def test_an_insert_that_arrives_late_changes_nothing(fleet):
    between = Between(fleet.server, lambda number: "hold" if number <= 3 else "pass")
    fleet.configure(port=between.port, retries=4)
    fleet.load(2000)
    assert fleet.ship().code == DONE
    assert between.release() == [404] * 3, "the server took an insert of a run that had ended"
    between.close()
    fleet.demand_equal()


def test_two_shippers_of_one_database_do_no_harm(fleet):
    fleet.configure(batch=50, retries=20)
    fleet.load(1000)
    shippers = [fleet.start("--consumer", name) for name in ("one", "two")]
    for shipper in shippers:
        assert shipper.wait(timeout=60) == DONE, fleet.log.read_text()
    fleet.demand_equal()


def test_another_shipper_may_make_the_tables_meanwhile(fleet):
    looks = []

    def before(request):
        if "system.tables" not in request or "AND name = " not in request:
            return
        looks.append(request)
        if len(looks) == 2:
            fleet.configure()
            assert fleet.ship("--consumer", "two").code == DONE

    between = Between(fleet.server, before=before)
    fleet.configure(port=between.port)
    fleet.load(10)
    assert fleet.ship("--consumer", "one").code == DONE
    between.close()
    assert len(looks) == 2, "it no longer looks twice: let the other come between its looks"
    fleet.demand_equal()


def test_a_second_shipper_of_one_consumer_is_refused(fleet):
    fleet.load(10)
    first = fleet.start("--follow")
    wait_for(
        lambda: (fleet.workspace.hits / "ship-clickhouse.lock").exists() and
        (fleet.workspace.hits / "ship-clickhouse.lock").read_text(), "the first one at work")
    result = fleet.workspace.tool.refused(UNSAFE, "hits", "ship")
    assert f"process {first.pid}" in result.err
    first.terminate()
    assert first.wait(timeout=30) == DONE
    assert fleet.ship().code == DONE


def test_follow_ships_new_hits_and_ends_cleanly(fleet):
    fleet.load(10)
    shipper = fleet.start("--follow")
    wait_for(
        lambda: "saring_hits" in fleet.server.ask(f"SELECT name FROM system.tables WHERE database = '{fleet.database}'")
        and fleet.count() == (10, 10), "the first hits")
    fleet.load(10)
    wait_for(lambda: fleet.count() == (20, 20), "the later hits")
    shipper.terminate()
    assert shipper.wait(timeout=30) == DONE
    assert "20 hits shipped, up to sequence 20; stopped" in fleet.log.read_text()


def test_hits_removed_before_they_were_shipped_are_reported(fleet):
    record(fleet.workspace, [{"client": "192.0.2.0/24"}] * 3 + [{"client": "198.51.100.0/24"}] * 4 + [{}] +
           [{"client": "198.51.100.0/24"}] * 2)
    fleet.workspace.tool.do("hits", "purge", "--client", "198.51.100.0/24", "--yes")
    run = hits_in(fleet.workspace.hits)[0].run
    result = fleet.ship()
    assert "6 hits up to sequence 10 were removed by retention or purge before they were shipped" in result.err.replace(
        f"of run {run} ", ""
    )
    assert "4 hits shipped, 6 were no longer there, up to sequence 10" in result.out
    again = fleet.ship("--json")
    assert again.json()["missing"] == 0 and again.err == "", "reported once"
    fleet.demand_equal()


def test_what_the_server_lost_is_sent_again(fleet):
    fleet.load(1200)
    fleet.ship()
    fleet.server.ask(f"DROP TABLE {fleet.database}.saring_hits")
    fleet.server.ask(f"DROP TABLE {fleet.database}.saring_schema")
    result = fleet.ship("--json")
    assert result.json()["again"] == 1200 and "no longer has hits that had arrived, after sequence 0" in result.err
    fleet.demand_equal()


def test_an_older_copy_of_the_hits_is_refused(fleet):
    fleet.load(10)
    [file] = fleet.workspace.hits.glob("*.hits")
    fleet.ship()
    # The last frames are gone, as in a copy that was made earlier.
    content = file.read_bytes()
    file.write_bytes(content[:content.rindex(b"SHLF", 0, content.rindex(b"SHLF"))])
    assert "up to sequence 10" in fleet.workspace.tool.refused(UNSAFE, "hits", "ship").err


def test_an_unreachable_server_is_a_network_failure(fleet):
    fleet.load(1)
    fleet.configure(port=1)
    fleet.workspace.tool.refused(NETWORK, "hits", "ship")


def test_a_wrong_password_is_reported_and_never_shown(fleet):
    fleet.load(1)
    fleet.password.write_text("tebakan-salah\n")
    result = fleet.workspace.tool.refused(NETWORK, "hits", "ship")
    assert 'refuses the user "saring"' in result.err and "tebakan" not in result.err + result.out
    result = fleet.workspace.tool.refused(USAGE, "hits", "ship", "--to", "http://saring:tebakan-salah@127.0.0.1:8123/x")
    assert "contains a password" in result.err and "tebakan" not in result.err


def test_what_is_no_clickhouse_is_refused(fleet, ca, new_folder):
    fleet.load(1)
    web = subprocess.Popen(["/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1", "0"], cwd=new_folder("web"),
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={"PYTHONUNBUFFERED": "1"})
    try:
        port = int(web.stdout.readline().split(" port ")[1].split()[0])
        fleet.configure(port=port, retries=0)
        fleet.workspace.tool.refused(NETWORK, "hits", "ship")
    finally:
        web.kill()
        web.wait()


def test_a_newer_schema_is_refused_by_name(fleet):
    fleet.load(1)
    fleet.ship()
    fleet.server.ask(f"INSERT INTO {fleet.database}.saring_schema (version, applied) VALUES (2, now())")
    assert "has schema 2, made by a newer program; this one knows 1" in fleet.workspace.tool.refused(
        UNSAFE, "hits", "ship").err


def test_a_foreign_table_is_refused_by_name(fleet):
    fleet.load(1)
    fleet.server.ask(f"CREATE DATABASE {fleet.database}")
    fleet.server.ask(f"CREATE TABLE {fleet.database}.saring_hits (sequence UInt32) ENGINE = Memory")
    assert "no saring_schema" in fleet.workspace.tool.refused(UNSAFE, "hits", "ship").err
    fleet.server.ask(f"CREATE TABLE {fleet.database}.saring_schema (version UInt32) ENGINE = Memory")
    fleet.server.ask(f"INSERT INTO {fleet.database}.saring_schema VALUES (1)")
    assert "lacks the column database_id" in fleet.workspace.tool.refused(UNSAFE, "hits", "ship").err


def test_the_printed_schema_is_the_one_that_ship_uses(fleet):
    fleet.load(5)
    for statement in fleet.workspace.tool.do("hits", "ship", "--print-schema").out.split(";\n"):
        if statement.strip():
            fleet.server.ask(statement)
    assert fleet.ship().code == DONE
    assert fleet.server.ask(f"SELECT count() FROM {fleet.database}.saring_schema") == "1\n"
    fleet.demand_equal()


def test_variants_of_the_schema_for_a_cluster(fleet):
    text = fleet.workspace.tool.do(
        "hits", "ship", "--print-schema", "--replicated", "--distributed", "--cluster", "isp"
    ).out
    assert text.count("ON CLUSTER isp") == text.count("CREATE ")
    assert (
        "ReplicatedMergeTree('/clickhouse/tables/{shard}/" in text
        and f"Distributed(isp, {fleet.database}, saring_hits)" in text
    )
    assert f"FROM {fleet.database}.saring_all_hits" in text and f"FROM {fleet.database}.saring_hits\n" not in text


def test_only_the_kept_form_of_a_client_leaves(fleet):
    record(fleet.workspace, [{"client": "192.0.2.0/24"}])
    fleet.ship()
    dump = fleet.server.ask(f"SELECT * FROM {fleet.database}.saring_hits FORMAT JSONEachRow")
    assert '"client":"192.0.2.0\\/24"' in dump
    assert datetime.now(timezone.utc).strftime("%Y-%m-%d") in dump
