"""How Saring grows with the list: time, memory, files and look-up."""
import json
import os
from typing import Any

from bench import machine
from bench.contenders.unbound import Saring
from bench.load import dnsperf
from bench.measure import file_bytes, memory, must, summary
from bench.stage import Options, Stage, say, stage
from support import paths

MICRO = paths.BUILD / "tests" / "bench" / "bench-micro"


def _micro(s: Stage, one: Saring) -> dict[str, float]:
    """Nanoseconds of processor time of the hot functions on this database."""
    environment = {**os.environ, "SARING_BENCH_DB": str(one.folder / "db")}
    done = must([
        "taskset", "-c",
        machine.server_core(), MICRO, "--benchmark_format=json", "--benchmark_out_format=json",
        f"--benchmark_out={s.folder}/micro.json", f"--benchmark_min_time={0.1 if s.options.quick else 1}",
        "--benchmark_repetitions=3", "--benchmark_report_aggregates_only=true"
    ], environment=environment)
    del done
    result = json.loads((s.folder / "micro.json").read_text())["benchmarks"]
    return {t["run_name"]: round(t["cpu_time"], 1) for t in result if t["aggregate_name"] == "median"}


def _measured(s: Stage) -> dict[str, Any]:
    one = s.contender("saring")
    s.begun.append(one)
    one.tool("db", "init")
    imported = one.tool(
        "list", "import", "--quiet", "--source", "bench", "--format", "domains", s.blocklist.file("domains")
    )
    times = 3 if s.options.quick else 7
    out: dict[str, Any] = {
        "import_s": imported.wall, "import_peak_rss": imported.peak_rss, "file": file_bytes([one.database_file()]),
        "image": file_bytes(one.files())
    }
    out["bytes_a_name"], out["image_bytes_a_name"] = out["file"] / s.blocklist.count, out["image"] / s.blocklist.count
    out["ready_s"] = one.start()
    out["memory_at_start"] = memory(one.pids)
    questions = s.mixes.blocked(20_000 if s.options.quick else 500_000)
    dnsperf(one.port, questions, one.pids, once=True, outstanding=100)
    bursts = [dnsperf(one.port, questions, one.pids, seconds=s.options.seconds) for _ in range(3)]
    out["memory_after_blocks"] = memory(one.pids)
    out["blocked_qps"], out["blocked_cpu_us"] = summary([b.qps for b in bursts]), summary([b.cpu_us for b in bursts])
    applied = [one.tool("order", "apply", one.order(s.blocklist.added(i * 1000, 1000))) for i in range(times)]
    out["apply_1k_s"] = summary([a.wall for a in applied])
    revoked = [one.tool("order", "revoke", f"B-{i + 1}/BENCH", "--reason", "bench") for i in range(times)]
    out["revoke_1k_s"] = summary([r.wall for r in revoked])
    one.stop()
    out["micro_ns"] = _micro(s, one)
    return out


def growth(options: Options) -> dict[str, Any]:
    out = {}
    for count in options.names:
        with stage(options, count) as s:
            result = out[str(count)] = _measured(s)
            say(
                f"{count} names: import {result['import_s']:.1f} s, database {result['file'] / 1e6:.0f} MB, image "
                f"{result['image'] / 1e6:.0f} MB, ready {result['ready_s']:.3f} s, "
                f"blocked {result['blocked_qps']['median'] / 1000:.0f} k/s, order of 1,000 in "
                f"{result['apply_1k_s']['median'] * 1000:.0f} ms"
            )
    return out
