"""An independent model of the orders' effect on names, to compare resolvers with."""
from dataclasses import dataclass

SUBTREE, EXACT, BELOW = "subtree", "exact", "below"


@dataclass(frozen=True)
class Rule:
    name: str
    match: str
    action: str
    age: int  # of its order; at one name the newest decides
    local: bool = False

    def covers(self, asked: str) -> bool:
        itself = asked == self.name
        under = asked.endswith("." + self.name)
        return (itself and self.match != BELOW) or (under and self.match != EXACT)


def action(rules: list[Rule], asked: str) -> str | None:
    """The policy action for the name; None: none."""
    covering = [rule for rule in rules if rule.covers(asked)]
    if any(rule.local and rule.action == "passthru" for rule in covering):
        return "passthru"
    if not covering:
        return None
    longest = max(len(rule.name) for rule in covering)
    closest = [rule for rule in covering if len(rule.name) == longest]
    if any(rule.action == "passthru" for rule in closest):
        return "passthru"
    return max(closest, key=lambda rule: rule.age).action
