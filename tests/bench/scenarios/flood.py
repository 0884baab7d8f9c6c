"""Blocked names at full rate: processor time of the hits' writer relative to the worker, and growth of memory."""
from pathlib import Path
from typing import Any

from bench.load import dnsperf
from bench.measure import memory, summary
from bench.stage import Options, Stage, say, stage

WRITER_NICE = 10  # module/recording/hit_recording.cc


def _seconds_by_thread(pid: int) -> dict[str, float]:
    """Processor time of the worker, which is the process's first thread, of the hits' writer and of the rest."""
    out = {"worker": 0.0, "writer": 0.0, "others": 0.0}
    for task in Path(f"/proc/{pid}/task").iterdir():
        nice = int((task / "stat").read_text().rsplit(")", 1)[1].split()[16])
        kind = "worker" if int(task.name) == pid else "writer" if nice == WRITER_NICE else "others"
        out[kind] += int((task / "schedstat").read_text().split()[0]) / 1e9
    return out


def _one(s: Stage, name: str) -> dict[str, Any] | None:
    one = s.prepared(name)
    if one is None:
        return None
    one.start()
    questions = s.mixes.blocked(20_000 if s.options.quick else 200_000)
    at_start = memory(one.pids)
    shares, rates = [], []
    for _ in range(s.options.repeat):
        before = _seconds_by_thread(one.pids[0])
        rates.append(dnsperf(one.port, questions, one.pids, seconds=s.options.seconds).qps)
        spent = {kind: after - before[kind] for kind, after in _seconds_by_thread(one.pids[0]).items()}
        shares.append(spent["writer"] / spent["worker"])
    told = {"qps": summary(rates), "writer_to_worker": summary(shares), "at_start": at_start, "after": memory(one.pids)}
    s.drop(one)
    return told


def flood(options: Options) -> dict[str, Any]:
    out = {}
    for count in options.names:
        with stage(options, count) as s:
            told = out[str(count)] = {
                name: one for name in ("unbound", "saring", "saring-unkept") if (one := _one(s, name))
            }
            for name, one in told.items():
                say(f"{name}: {one['qps']['median'] / 1000:.0f} k/s, writer "
                    f"{one['writer_to_worker']['median'] * 100:.1f} % of the worker, "
                    f"{(one['after']['anonymous'] - one['at_start']['anonymous']) / 1e6:.1f} MB more than at its start")
    return out
