"""Contenders measured in turn."""
import random
from pathlib import Path
from typing import Callable

from bench.contenders import Contender
from bench.load import Burst, dnsperf
from bench.stage import Options, say


def warm(contenders: list[Contender], questions: Path) -> None:
    for one in contenders:
        dnsperf(one.port, questions, one.pids, once=True, outstanding=50)


def alternate(
    options: Options, contenders: list[Contender], burst: Callable[[Contender], Burst]
) -> dict[str, list[Burst]]:
    """Rounds in which each contender has its turn, in another order each time, so that drift affects all equally."""
    out: dict[str, list[Burst]] = {one.label: [] for one in contenders}
    chance = random.Random(3)
    for turn in range(options.repeat):
        for one in chance.sample(contenders, len(contenders)):
            out[one.label].append(burst(one))
        say(f"round {turn + 1} of {options.repeat}: " +
            ", ".join(f"{n} {b[-1].qps / 1000:.0f} k, {b[-1].cpu_us:.2f} us" for n, b in out.items()))
    return out
