"""One fault and its trials: a row of docs/faults.md."""
from dataclasses import asdict, dataclass, field


@dataclass
class Row:
    group: str       # heading on the page
    victim: str      # the command or program
    fault: str
    trials: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)  # number of trials by outcome
    bad: list[str] = field(default_factory=list)  # broken promises, each with its place
    note: str = ""

    def count(self, outcome: str, by: int = 1) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + by

    def expect(self, holds: bool, what: str) -> bool:
        if not holds:
            self.bad.append(what)
        return holds

    def as_json(self) -> dict:
        return asdict(self)
