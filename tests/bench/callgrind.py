"""Instructions that a server's first thread executes for some queries, by library."""
from collections import Counter
from pathlib import Path

from bench.contenders import Contender
from bench.measure import must
from support.waiting import wait_for

OPTIONS = ("--tool=callgrind", "--instr-atstart=no", "--separate-threads=yes", "--compress-strings=no",
           "--compress-pos=no", "--collect-jumps=no", "--fn-skip=*valgrind*")


def wrap(one: Contender) -> None:
    """Starts the contender's only server under callgrind."""
    spawn = one.spawn
    one.spawn = lambda command, **environment: spawn(
        ["valgrind", *OPTIONS, f"--callgrind-out-file={one.folder}/cg", *command], **environment)


def switch(one: Contender, on: bool) -> None:
    must(["callgrind_control", f"--instr={'on' if on else 'off'}", one.pids[0]])


def dumped(one: Contender) -> Counter:
    """Exclusive counts by object file and function; resets the counters."""
    before = set(one.folder.glob("cg*"))
    must(["callgrind_control", "--dump", one.pids[0]])
    wait_for(lambda: set(one.folder.glob("cg*-01")) - before, "a dump of callgrind")
    [file] = set(one.folder.glob("cg*-01")) - before
    return parse(file)


def parse(file: Path) -> Counter:
    cost: Counter = Counter()
    library = function = ""
    inclusive = False
    for line in file.read_text().splitlines():
        if line.startswith("ob="):
            library = Path(line[3:]).name
        elif line.startswith("fn="):
            function = line[3:]
        elif line.startswith("calls="):
            inclusive = True  # the next line is what the called function cost
        elif line[:1].isdigit() or line[:1] in "+-*":
            words = line.split()
            if not inclusive and len(words) > 1:
                cost[library, function] += int(words[1])
            inclusive = False
    return cost
