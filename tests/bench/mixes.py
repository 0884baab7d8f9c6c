"""The queries, as files for dnsperf; the same for every contender."""
import random
from pathlib import Path

from bench.names import Blocklist, name, unlisted

RANKS = 10000  # blocked names of the realistic mix
HOT = 20000  # names queried again and again; they fit in a cache


class Mixes:
    def __init__(self, folder: Path, blocklist: Blocklist) -> None:
        self.folder, self.blocklist = folder, blocklist
        folder.mkdir(parents=True, exist_ok=True)
        self._cold = self._first = 0

    def _write(self, kind: str, lines) -> Path:
        path = self.folder / kind
        path.write_text("".join(lines))
        return path

    def hot(self, count: int = HOT) -> Path:
        """Unlisted names, few enough to be all cached, in random order."""
        order = list(range(count))
        random.Random(1).shuffle(order)
        return self._write("hot", (f"{unlisted(i)} A\n" for i in order))

    def negative(self, count: int = HOT) -> Path:
        """Unlisted names without data of the type, which stock Unbound answers like a block."""
        return self._write("negative", (f"{unlisted(i)} TXT\n" for i in range(count)))

    def cold(self, count: int) -> Path:
        """Unlisted names that were not queried before: each call gives others."""
        begin = HOT + self._cold
        self._cold += count
        return self._write("cold", (f"{unlisted(i)} A\n" for i in range(begin, begin + count)))

    def first(self, count: int) -> Path:
        """Listed names that were not queried before: each call gives others."""
        begin, self._first = self._first, self._first + count
        picks = (i * 7919 % self.blocklist.count for i in range(begin, begin + count))
        return self._write("first", (f"first.{name(pick)} A\n" for pick in picks))

    def realistic(self, count: int) -> Path:
        """Like subscribers: 85 % cached, 5 % blocked (the name of rank r about as often as 1/r), 10 % not queried
        before. Each call gives other new names."""
        chance = random.Random(4)
        begin, self._cold = self._cold, self._cold + count
        lines = []
        for i in range(count):
            kind = chance.random()
            if kind < 0.85:
                lines.append(f"{unlisted(chance.randrange(HOT))} A\n")
            elif kind < 0.9:
                lines.append(f"www.{name(int(RANKS ** chance.random()) - 1)} A\n")
            else:
                lines.append(f"{unlisted(HOT + begin + i)} A\n")
        return self._write("realistic", lines)

    def viral(self, count: int, names: int = 10) -> Path:
        """A few listed names that every client queries."""
        return self._write("viral", (f"www.{name(i % names)} A\n" for i in range(count)))

    def blocked(self, count: int = 100000) -> Path:
        """Listed names and names below them, half and half, all over the list."""
        chance = random.Random(2)
        picks = (chance.randrange(self.blocklist.count) for _ in range(count))
        return self._write("blocked", (f"{'www.' if i & 1 else ''}{name(pick)} A\n" for i, pick in enumerate(picks)))
