"""The expected answer, computed from the orders' documents alone: no line of it comes from
the code under test. The rules are those of blocklist/order/FORMAT.md and the design."""
import ipaddress
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Known:
    id: str
    number: int  # in the order of application
    action: str
    issued: float
    effective: float
    expires: float
    regions: list[str]
    targets: list[tuple[str, bool]]  # name, subtree
    revoked: bool = False


def seconds(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


@dataclass
class Oracle:
    default_action: str = "nxdomain"
    regions: dict[str, str] = field(default_factory=dict)  # prefix -> code
    known: list[Known] = field(default_factory=list)

    def apply(self, document: dict) -> None:
        self.known.append(
            Known(document["id"], len(self.known), document.get("action", self.default_action),
                  seconds(document["issued"]), seconds(document.get("effective", document["issued"])),
                  seconds(document["expires"]), document.get("regions", []),
                  [(target["domain"].lower(), target.get("match", "subtree") == "subtree")
                   for target in document["targets"]]))

    def revoke(self, id_: str) -> None:
        next(order for order in self.known if order.id == id_).revoked = True

    def boundaries(self) -> list[float]:
        return [moment for order in self.known for moment in (order.effective, order.expires)]

    def region(self, client: str) -> str | None:
        address = ipaddress.ip_address(client)
        found = [(ipaddress.ip_network(prefix), code)
                 for prefix, code in self.regions.items()
                 if address in ipaddress.ip_network(prefix)]
        return max(found, key=lambda item: item[0].prefixlen)[1] if found else None

    def decide(self, name: str, client: str, now: float) -> tuple[str, str] | None:
        """(action, order id) of the block or the passthru; None: no order applies."""
        where, name = self.region(client), name.lower().rstrip(".")
        labels = name.split(".")
        for level in range(len(labels)):
            ancestor = ".".join(labels[level:])
            here = [order for order in self.known
                    if not order.revoked and order.effective <= now < order.expires and order.action != "log"
                    and (not order.regions or where in order.regions)
                    and any(target == ancestor and (subtree or level == 0) for target, subtree in order.targets)]
            if here:
                best = max(here, key=lambda order: (order.action == "passthru", order.issued, order.number))
                return best.action, best.id
        return None
