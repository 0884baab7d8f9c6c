"""What a second worker costs: processor time of a question with one worker and with two, both
on all cores that there are, without and with Saring. On two cores, one of which the generator
mostly takes, throughput cannot double; but locks and lines of memory that workers share would
show as time."""
import random
from typing import Any

from bench import machine
from bench.load import Burst, dnsperf
from bench.measure import summary
from bench.stage import Options, Stage, say, stage

CONTENDERS = ("unbound", "saring")
WORKERS = (1, 2)


def _started(s: Stage) -> dict[tuple[str, int], Any]:
    out = {}
    for name in CONTENDERS:
        for workers in WORKERS:
            one = s.prepared(name, f"-{workers}")
            if one is None:
                raise RuntimeError(s.failed[name])
            one.threads, one.cores = workers, machine.all_cores()
            one.start()
            out[name, workers] = one
    return out


def workers(options: Options) -> dict[str, Any]:
    out = {}
    for count in options.names:
        with stage(options, count) as s:
            servers = _started(s)
            figures: dict[str, Any] = {}
            for kind, questions in (("cached", s.mixes.hot()), ("blocked", s.mixes.blocked(10000 if options.quick else 50000))):
                for one in servers.values():
                    dnsperf(one.port, questions, one.pids, once=True, outstanding=50)
                bursts: dict[tuple[str, int], list[Burst]] = {key: [] for key in servers}
                chance = random.Random(4)
                for turn in range(options.repeat):
                    for key in chance.sample(list(servers), len(servers)):
                        # Many sockets: the kernel deals them out to the workers.
                        bursts[key].append(dnsperf(servers[key].port, questions, servers[key].pids, seconds=options.seconds, clients=64))
                    say(f"{kind}, round {turn + 1} of {options.repeat}: " + ", ".join(f"{n} x{w} {b[-1].cpu_us:.2f} us" for (n, w), b in bursts.items()))
                figures[kind] = {name: {
                    "cpu_us": {str(w): summary([b.cpu_us for b in bursts[name, w]]) for w in WORKERS},
                    "qps": {str(w): summary([b.qps for b in bursts[name, w]]) for w in WORKERS},
                    "second_worker": summary([two.cpu_us / alone.cpu_us for two, alone in zip(bursts[name, 2], bursts[name, 1])]),
                } for name in CONTENDERS}
            out[str(count)] = figures
    return out
