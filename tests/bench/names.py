"""The generated list: names that look like those of real lists, the same ones on every machine.

A name's index is part of it, so no two are the same and none needs to be remembered. Words are
drawn by a hash of the index: neighbours in the list are no neighbours in the tree, as in a list
that nobody sorted. Only reserved names (RFC 2606)."""
from pathlib import Path
from typing import Iterator

WORDS = ("berita", "kabar", "info", "pemilu", "suara", "rakyat", "viral", "fakta", "hoaks", "portal", "warta", "media",
         "nusantara", "politik", "pilpres", "tps", "hitung", "cepat", "caleg", "kampanye", "jakarta", "jawa", "sumatra",
         "lapor", "bocor", "rahasia", "terkini", "harian", "online", "update", "kini", "update24", "trending", "judi",
         "slot", "gacor", "togel", "bola", "poker", "maxwin", "situs", "link", "alternatif", "resmi", "bandar", "agen",
         "win", "bet", "star", "mega", "super", "king", "dewa", "raja", "zeus", "naga", "hoki", "cuan", "jp", "asia")
PARENTS = ("example", "example", "example", "example", "example", "test", "test", "id.example")
HOSTS = ("", "", "", "", "", "", "www.", "m.", "amp.", "cdn.")
JOINTS = ("", "", "", "-")
MASK = (1 << 64) - 1
# Whose names are in no list, and never in any that an update adds.
UNLISTED = "tidakadadidaftar"


def name(index: int) -> str:
    h = (index * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) & MASK
    h ^= h >> 29
    return (f"{HOSTS[h % 10]}{WORDS[(h >> 8) % 60]}{JOINTS[(h >> 16) & 3]}{WORDS[(h >> 24) % 60]}{index:x}"
            f".{PARENTS[(h >> 32) & 7]}")


def names(begin: int, end: int) -> Iterator[str]:
    return map(name, range(begin, end))


def unlisted(index: int) -> str:
    return f"www.{WORDS[index % 60]}{index:x}.{UNLISTED}.{'example' if index % 3 else 'test'}"


class Blocklist:
    """`count` names, and the files that the contenders read them from; made once, kept in `folder`."""

    def __init__(self, folder: Path, count: int) -> None:
        self.count = count
        self.folder = folder / f"list-{count}"
        self.folder.mkdir(parents=True, exist_ok=True)

    def __iter__(self) -> Iterator[str]:
        return names(0, self.count)

    def added(self, begin: int, count: int) -> list[str]:
        """Names that are not in the list yet."""
        return list(names(self.count + begin, self.count + begin + count))

    def file(self, kind: str) -> Path:
        """domains: one a line; rpz: a policy zone with two triggers a name, itself and all below it;
        local-zone: lines for Unbound."""
        path = self.folder / kind
        if not path.exists():
            partial = path.with_suffix(".partial")
            with partial.open("w", buffering=1 << 20) as out:
                out.writelines(self.lines(kind, self))
            partial.rename(path)
        return path

    @staticmethod
    def lines(kind: str, listed) -> Iterator[str]:
        if kind == "rpz":
            yield "$TTL 300\n@ SOA localhost. root.localhost. 1 3600 600 86400 60\n@ NS localhost.\n"
            for one in listed:
                yield f"{one} CNAME .\n*.{one} CNAME .\n"
        elif kind == "local-zone":
            for one in listed:
                yield f'local-zone: "{one}." always_nxdomain\n'
        else:
            for one in listed:
                yield f"{one}\n"
