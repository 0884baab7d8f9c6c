"""One fault tried: what a line of docs/reliability.md says."""
from dataclasses import asdict, dataclass, field


@dataclass
class Row:
    group: str       # heading on the page
    victim: str      # the command or the program
    fault: str       # what was done to it
    trials: int = 0  # how often
    outcomes: dict[str, int] = field(default_factory=dict)  # how they ended
    bad: list[str] = field(default_factory=list)  # what must not happen, each with where
    note: str = ""

    def count(self, outcome: str, by: int = 1) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + by

    def expect(self, holds: bool, what: str) -> bool:
        if not holds:
            self.bad.append(what)
        return holds

    def as_json(self) -> dict:
        return asdict(self)
