"""Sends queries with the real dig and kdig, and parses their output."""
import re
import subprocess
from dataclasses import dataclass, field

CENSORED = 16  # RFC 8914


@dataclass(frozen=True)
class Record:
    name: str
    ttl: int
    type: str
    data: str


@dataclass(frozen=True)
class Answer:
    """One answer as printed; status None means that none came."""

    raw: str
    status: str | None
    flags: frozenset[str] = frozenset()
    question: str = ""
    answer: tuple[Record, ...] = ()
    authority: tuple[Record, ...] = ()
    errors: dict[int, str] = field(default_factory=dict)  # EDE code -> EXTRA-TEXT

    def data(self, type_: str) -> list[str]:
        return sorted(record.data for record in self.answer if record.type == type_)

    def blocked_by(self, order_id: str) -> bool:
        """Whether the answer has EDE 16 (Censored) with this order."""
        return order_id in self.errors.get(CENSORED, "")

    @property
    def soa(self) -> Record | None:
        return next((record for record in self.authority if record.type == "SOA"), None)


_SECTION = re.compile(r"^;; (QUESTION|ANSWER|AUTHORITY|ADDITIONAL) SECTION:")
_RECORD = re.compile(r"^(\S+)\s+(\d+)\s+IN\s+(\S+)\s+(.*)$")
_STATUS = re.compile(r"->>HEADER<<-.*status: (\w+)")
_FLAGS = re.compile(r"^;; flags: ?([^;]*);", re.IGNORECASE)
# dig prints `; EDE: 16 (Censored): (text)`, kdig `;; EDE: 16 (Censored), 'text'` or without a text.
_EDE = re.compile(r"^;+ EDE: (\d+)(?: \([^)]*\))?(?:[:,] [('\"](.*)[)'\"])?\s*$")


def parse(text: str) -> Answer:
    status, flags, question = None, frozenset(), ""
    sections: dict[str, list[Record]] = {"ANSWER": [], "AUTHORITY": [], "ADDITIONAL": []}
    errors: dict[int, str] = {}
    section = ""
    for line in text.splitlines():
        if match := _STATUS.search(line):
            status = match[1]
        elif match := _FLAGS.match(line):
            flags = frozenset(match[1].lower().split())
        elif match := _EDE.match(line):
            errors[int(match[1])] = match[2] or ""
        elif match := _SECTION.match(line):
            section = match[1]
        elif section == "QUESTION" and line.startswith(";"):
            question = line.lstrip("; ").split()[0]
        elif section in sections and (match := _RECORD.match(line)):
            sections[section].append(Record(match[1], int(match[2]), match[3], match[4]))
        elif not line.strip():
            section = ""
    return Answer(text, status, flags, question, tuple(sections["ANSWER"]),
                  tuple(sections["AUTHORITY"]), errors)


def dig(port: int, name: str, type_: str = "A", *options: str) -> Answer:
    # `-r`: the user's own ~/.digrc must not change a test.
    command = ["dig", "-r", "@127.0.0.1", "-p", str(port), "+time=5", "+tries=3", "+nocookie",
               "-q", name, "-t", type_, *options]
    return parse(subprocess.run(command, capture_output=True, text=True, check=False).stdout)


def kdig(port: int, name: str, type_: str = "A", *options: str) -> Answer:
    # Unlike dig, kdig sends no EDNS by default and so sees no EDE.
    command = ["kdig", "@127.0.0.1", "-p", str(port), "+timeout=5", "+retry=2", "+edns",
               "-q", name, "-t", type_, *options]
    return parse(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
