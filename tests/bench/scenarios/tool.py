"""Cost of the tool's commands: large imports, small orders onto large lists, questions, an idle
sync, and orders that end while the resolver answers."""
import shutil
import time
from typing import Any, Callable

import lmdb

from bench.contenders.base import ask
from bench.contenders.unbound import Saring
from bench.load import dnsperf
from bench.measure import Finished, file_bytes, must, summary
from bench.probe import Probe, between, percentiles
from bench.stage import Options, Stage, say, stage
from support import keys, orders, paths
from support.waiting import wait_for

RATE = 4000


def _figures(runs: list[Finished]) -> dict[str, Any]:
    return {
        "wall_s": summary([r.wall for r in runs]),
        "cpu_s": summary([r.cpu for r in runs]),
        "peak_rss": summary([r.peak_rss for r in runs]),
    }


def _last_transaction(one: Saring) -> int:
    with lmdb.open(str(one.folder / "db"), readonly=True, lock=False, max_dbs=20) as environment:
        return environment.info()["last_txnid"]


def imports(s: Stage, one: Saring) -> dict[str, Any]:
    runs = []
    for _ in range(1 if s.options.quick else 3):
        shutil.rmtree(one.folder / "db", ignore_errors=True)
        one.tool("db", "init")
        runs.append(
            one.tool("list", "import", "--quiet", "--source", "bench", "--format", "domains",
                     s.blocklist.file("domains")))
    return {**_figures(runs), "bytes_a_name": file_bytes([one.database_file()]) / s.blocklist.count}


def commands(s: Stage, one: Saring) -> dict[str, Any]:
    times = 3 if s.options.quick else 15
    applied = [one.tool("order", "apply", one.order(s.blocklist.added(i * 1000, 1000))) for i in range(times)]
    listed = [s.blocklist.added(i * 1000, 1)[0] for i in range(times)]
    explained = [one.tool("explain", f"www.{name}") for name in listed]
    return {"apply_1k": _figures(applied), "explain": _figures(explained)}


def idle_sync(s: Stage, one: Saring) -> dict[str, Any]:
    """A feed of 100 orders that was fetched before: nothing is new, so nothing is written."""
    feed_key = keys.make_key(one.folder, "feed")
    files = [one.order(s.blocklist.added(2_000_000 + i * 10, 10)) for i in range(100)]
    # For the feed the orders' signatures travel with them; the manifest has its own.
    directory = one.folder / "feed"
    one.configure(more=f'[[trust.key]]\nname = "feed"\npublic_key = "{feed_key.public_text}"\nroles = ["feed"]\n'
                  f'[[feed]]\nname = "bench"\nurl = "file://{directory}/"\n')
    must([
        paths.TOOL, "--config", one.config, "feed", "publish", directory, "--name", "bench", "--secret-key",
        feed_key.secret, *files
    ])
    one.tool("sync")
    before = _last_transaction(one)
    runs = [one.tool("sync") for _ in range(3 if s.options.quick else 15)]
    return {**_figures(runs), "transactions_written": _last_transaction(one) - before}


def _under_load(s: Stage, one: Saring, what: Callable[[], Any], until: Callable[[], bool]) -> dict[str, Any]:
    """Latencies of a steady stream of cached names while something large happens."""
    hot = s.mixes.hot(3000)
    dnsperf(one.port, hot, one.pids, once=True, outstanding=20)
    probe = Probe(one.folder, one.port, hot, RATE)
    time.sleep(1)
    begun = probe.now()
    what()
    done = probe.now()
    wait_for(until, "what was done being in force", 120)
    held = probe.now()
    time.sleep(0.5)
    end = probe.now()
    probe.stop()
    records = probe.records()
    return {"command_s": done - begun, "in_force_s": held - begun, "before": percentiles(between(records, 0.2, begun)),
            "during": percentiles(between(records, begun, end))}


def large_orders(s: Stage, one: Saring) -> dict[str, Any]:
    """An order of very many names is applied and revoked, and another one expires, under load."""
    count = 50_000 if s.options.quick else 1_000_000
    names = s.blocklist.added(3_000_000, count)
    one.start()
    out: dict[str, Any] = {"names": count}
    order = one.order(names)
    out["apply"] = _under_load(s, one, lambda: one.tool("order", "apply", order), lambda: ask(one.port, names[-1]) == 3)
    say(
        f"order of {count} names: applied in {out['apply']['command_s']:.1f} s, longest answer "
        f"{out['apply']['during']['max']} ms"
    )
    id_ = f"B-{one.orders}/BENCH"
    out["revoke"] = _under_load(
        s, one, lambda: one.tool("order", "revoke", id_, "--reason", "bench"), lambda: ask(one.port, names[-1]) == 0
    )
    say(f"revoked in {out['revoke']['command_s']:.1f} s, longest answer {out['revoke']['during']['max']} ms")
    soon = 40 if not s.options.quick else 15
    again = one.order(names, expires=orders.at(soon))
    ends = time.time() + soon + 1
    one.tool("order", "apply", again)
    out["expire"] = _under_load(
        s, one, lambda: time.sleep(max(0.0, ends - 1 - time.time())), lambda: ask(one.port, names[-1]) == 0
    )
    say(f"expired, longest answer {out['expire']['during']['max']} ms")
    one.stop()
    return out


def churn(s: Stage) -> dict[str, Any]:
    """A year: each day an order of 200 names comes and the one of 30 days before is revoked, and
    one name in a hundred of a list is exchanged. A resolver reads all the while."""
    one = s.contender("saring", "-churn")
    s.begun.append(one)
    listed = 2_000 if s.options.quick else 20_000
    days = 40 if s.options.quick else 365
    base = list(s.blocklist)[:listed] if s.blocklist.count >= listed else list(s.blocklist)
    listing = one.folder / "churned"

    def import_list(day: int) -> None:
        fresh = s.blocklist.added(5_000_000 + day * (listed // 100), listed // 100)
        begin = day * (listed // 100) % listed
        base[begin:begin + len(fresh)] = fresh
        listing.write_text("".join(f"{n}\n" for n in base))
        one.tool("list", "import", "--quiet", "--source", "churn", "--format", "domains", listing)

    one.tool("db", "init")
    import_list(0)
    one.launch()
    wait_for(lambda: "start of service" in one.log_text(), "Unbound in service", 60)
    sizes, ids = [], []
    begun = time.monotonic()
    for day in range(1, days + 1):
        one.tool("order", "apply", one.order(s.blocklist.added(7_000_000 + day * 200, 200)))
        ids.append(f"B-{one.orders}/BENCH")
        if len(ids) > 30:
            one.tool("order", "revoke", ids[-31], "--reason", "bench")
        import_list(day)
        if day % (days // 12 or 1) == 0:
            sizes.append({"day": day, "file": file_bytes([one.database_file()])})
    took = time.monotonic() - begun
    compacted = one.folder / "backup.mdb"
    one.tool("db", "backup", compacted)
    figures = {"days": days, "took_s": took, "sizes": sizes, "content": compacted.stat().st_size}
    s.drop(one)
    say(
        f"{days} days of churn: file {sizes[0]['file'] / 1e6:.1f} to {sizes[-1]['file'] / 1e6:.1f} MB, of that content "
        f"{figures['content'] / 1e6:.1f} MB"
    )
    return figures


def tool(options: Options) -> dict[str, Any]:
    out = {}
    for count in options.names:
        with stage(options, count) as s:
            one = s.contender("saring")
            s.begun.append(one)
            figures = out[str(count)] = {"import": imports(s, one)}
            result = figures["import"]
            say(
                f"import: {result['wall_s']['median']:.1f} s, peak {result['peak_rss']['max'] / 1e9:.2f} GB, "
                f"{result['bytes_a_name']:.1f} bytes a name"
            )
            figures.update(commands(s, one))
            say(
                f"order of 1,000: {figures['apply_1k']['wall_s']['median'] * 1000:.0f} ms, explain "
                f"{figures['explain']['wall_s']['median'] * 1000:.1f} ms"
            )
            figures["idle_sync"] = idle_sync(s, one)
            say(
                f"idle sync: {figures['idle_sync']['wall_s']['median'] * 1000:.0f} ms, "
                f"{figures['idle_sync']['transactions_written']} writes"
            )
            if count == options.names[0]:
                figures["large_order"] = large_orders(s, one)
                figures["churn"] = churn(s)
    return out
