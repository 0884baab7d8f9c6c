"""The benchmarks' command line: runs scenarios, writes each one's figures, then the tables and plots."""
import argparse
import json
import shutil
import time
from pathlib import Path

from bench import machine
from bench.contenders import ALL, Stock
from bench.scenarios import SCENARIOS
from bench.stage import Options, say
from support import packed, paths

UNITS = {"k": 10**3, "M": 10**6}


def sizes(text: str) -> list[int]:
    return [int(float(word.rstrip("kM")) * UNITS.get(word[-1], 1)) for word in text.split(",")]


def choice(known):
    def parse(text: str) -> list[str]:
        words = text.split(",")
        for word in words:
            if word not in known:
                raise argparse.ArgumentTypeError(f"\"{word}\" is none of {', '.join(known)}")
        return words
    return parse


def arguments() -> argparse.Namespace:
    p = argparse.ArgumentParser(
        prog="tests/bench/run", formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__,
        epilog="scenarios:\n" + "\n".join(f"  {name:10} {s.about}" for name, s in SCENARIOS.items()))
    p.add_argument(
        "--scenario", type=choice(SCENARIOS), default=list(SCENARIOS), metavar="NAME,...", help="default: all"
    )
    p.add_argument("--contenders", type=choice(ALL), default=list(ALL), metavar="NAME,...",
                   help=f"default: all of {', '.join(ALL)}")
    p.add_argument(
        "--names", type=sizes, metavar="N,...",
        help="names in the list, e.g. 500k,10M; an RPZ zone has two triggers a name. "
        "Default: each scenario's own")
    p.add_argument("--repeat", type=int, metavar="N", help="rounds, alternating; default 7, quick 3")
    p.add_argument("--seconds", type=float, metavar="S", help="of load in each round; default 5, quick 2")
    p.add_argument("--memory-limit", type=float, default=9, metavar="GB", help="of one contender; default %(default)g")
    p.add_argument(
        "--threads", type=int, default=1, metavar="N", help="of each Unbound, all on the one core; default %(default)s"
    )
    p.add_argument("--quick", action="store_true", help="smaller and shorter: shows that it works, not how fast it is")
    p.add_argument(
        "--results", type=Path, metavar="DIR", help="where each scenario writes a JSON file, and RESULTS.md and the "
        "plots are made from all files; default build/bench/results")
    p.add_argument(
        "--keep", action="store_true",
        help="add the figures to those in the repository: results.tar.gz, RESULTS.md and "
        "docs/growth.md; DIR is then build/bench/kept, where the packed figures are unpacked first")
    p.add_argument("--report", action="store_true", help="run nothing; make tables and plots from existing figures")
    a = p.parse_args()
    if a.keep and a.results:
        p.error("--keep has its own folder of results")
    a.results = a.results or paths.ROOT / "build" / "bench" / ("kept" if a.keep else "results")
    return a


def main() -> None:
    a = arguments()
    from bench import report  # needs matplotlib, --help does not
    if a.keep:
        shutil.rmtree(a.results, ignore_errors=True)
        packed.unpack(report.KEPT, a.results)
    a.results.mkdir(parents=True, exist_ok=True)
    Stock.threads = a.threads
    for name in [] if a.report else a.scenario:
        scenario = SCENARIOS[name]
        contenders = [c for c in a.contenders if ALL[c].available()]
        if missing := [c for c in a.contenders if c not in contenders]:
            say(f"not on this machine, left out: {', '.join(missing)}")
        options = Options(a.names or (scenario.quick_names if a.quick else scenario.names), contenders, a.repeat or
                          (3 if a.quick else 7), a.seconds or (2 if a.quick else 5), int(a.memory_limit * 1e9), a.quick)
        say(f"scenario {name}, {', '.join(map(str, options.names))} names")
        about = machine.about()
        begun = time.monotonic()
        figures = scenario.run(options)
        took = time.monotonic() - begun
        say(f"scenario {name} took {took:.0f} s")
        document = {
            "scenario": name, "machine": about, "took_s": round(took), "quick": a.quick, "repeat": options.repeat,
            "seconds": options.seconds, "threads": a.threads, "figures": figures
        }
        partial = a.results / f"{name}.partial"
        partial.write_text(json.dumps(document, indent=1) + "\n")
        shutil.move(partial, a.results / f"{name}.json")
    report.write(a.results, a.keep)


main()
