"""Cost of a second worker: processor time of a question with one worker and with two, both
on all cores that there are, without and with Saring. On two cores, one of which the generator
mostly takes, throughput cannot double; but locks and lines of memory that workers share would
show as time."""
from typing import Any

from bench import machine
from bench.contenders import Contender
from bench.load import Burst, dnsperf
from bench.measure import summary
from bench.rounds import alternate, warm
from bench.stage import Options, Stage, say, stage

CONTENDERS = ("unbound", "saring")
WORKERS = (1, 2)


def _started(s: Stage) -> list[Contender]:
    out = []
    for name in CONTENDERS:
        for workers in WORKERS:
            one = s.prepared(name, f"-{workers}")
            if one is None:
                raise RuntimeError(s.failed[name])
            one.threads, one.cores, one.label = workers, machine.all_cores(), _label(name, workers)
            one.start()
            out.append(one)
    return out


def _label(name: str, workers: int) -> str:
    return f"{name} x{workers}"


def _told(bursts: dict[str, list[Burst]], name: str) -> dict[str, Any]:
    of = {workers: bursts[_label(name, workers)] for workers in WORKERS}
    return {
        "cpu_us": {str(workers): summary([b.cpu_us for b in found]) for workers, found in of.items()},
        "qps": {str(workers): summary([b.qps for b in found]) for workers, found in of.items()},
        "second_worker": summary([two.cpu_us / alone.cpu_us for two, alone in zip(of[2], of[1])]),
    }


def workers(options: Options) -> dict[str, Any]:
    out = {}
    for count in options.names:
        with stage(options, count) as s:
            servers = _started(s)
            figures: dict[str, Any] = {}
            for kind, questions in (("cached", s.mixes.hot()), ("blocked",
                                                                s.mixes.blocked(10000 if options.quick else 50000))):
                say(kind)
                warm(servers, questions)
                # Many sockets: the kernel deals them out to the workers.
                bursts = alternate(
                    options, servers,
                    lambda one: dnsperf(one.port, questions, one.pids, seconds=options.seconds, clients=64))
                figures[kind] = {name: _told(bursts, name) for name in CONTENDERS}
            out[str(count)] = figures
    return out
