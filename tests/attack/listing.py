"""The names that orders list during an attack. Until a change has taken effect, answers may follow the old state or
the new."""
import copy
import ipaddress
import threading
import time
from dataclasses import dataclass, field
from typing import Callable

import dns.message
import dns.rdataclass
import dns.rdatatype

from support.oracle import Oracle
from world import REDIRECT, World

BLOCKED, CENSORED, EDE = 15, 16, 15


@dataclass
class State:
    """`begin` and `end` by time.monotonic; `end` is None while the state is in force."""

    oracle: Oracle
    addresses: set[str] = field(default_factory=set)
    begin: float = 0
    end: float | None = None

    def lists(self, name: str, client: str) -> str | None:
        """The outcome of a client's query for the name: "block", "pass" or None."""
        said = self.oracle.decide(name, client, time.time())
        return None if said is None else "pass" if said[0] == "passthru" else "block"

    def carries(self, message: dns.message.Message, client: str) -> str | None:
        """The parts of an answer that is not a block which this state lists."""
        question = message.question[0]
        name, type_ = text(question.name), dns.rdatatype.to_text(question.rdtype)
        own = self.lists(name, client)
        if own == "pass":
            return None
        if own == "block" and type_ not in ("DS", "DNSKEY") and message.rcode() in (0, 3):
            return f"{name} itself"
        for rrset in message.answer + message.additional:
            owner, rtype = text(rrset.name), dns.rdatatype.to_text(rrset.rdtype)
            if rtype in ("A", "AAAA"):
                for record in rrset:
                    if record.address in self.addresses:
                        return f"the address {record.address} of {owner}"
            # Names below the DNAME's owner need it, and some of them may pass.
            carried = rtype in ("A", "AAAA", "CNAME", "HTTPS", "TXT") and owner != name
            if carried and self.lists(owner, client) == "block":
                return f"{rtype} of {owner}"
            for record in rrset:
                target = text(record.target) if rtype in ("CNAME", "HTTPS") else None
                if target and self.lists(target, client) == "block":
                    return f"{rtype} of {owner} to {target}"
        return None

    def justifies(self, world: World, message: dns.message.Message, client: str) -> bool:
        """Whether this state lists anything by which the message may be blocked."""
        name = text(message.question[0].name)
        own = self.lists(name, client)
        if own:
            return own == "block"
        chain = world.chain(name)
        end = chain[-1] if chain else name
        dnames = [world.dname(one) for one in [name, *chain]]  # an answer to ANY has them, too
        further = chain + world.services(end) + [dname for dname in dnames if dname]
        return any(self.lists(one, client) == "block" for one in further) or \
            any(address in self.addresses for type_ in ("A", "AAAA") for address in world.addresses(end, type_))


def text(name) -> str:
    return name.to_text().lower().rstrip(".")


def is_block(message: dns.message.Message) -> bool:
    return any(option.otype == EDE and int(option.code) in (BLOCKED, CENSORED) for option in message.options)


class Listing:
    def __init__(self, regions: dict[str, str]) -> None:
        self._lock = threading.Lock()
        self._states = [State(Oracle(regions=regions))]

    def newest(self) -> State:
        return self._states[-1]

    def change(self, edit: Callable[[State], None], carry_out: Callable[[], None]) -> None:
        """`edit` changes a copy of the newest state; `carry_out` returns when the change is in force."""
        now = self._states[-1]
        fresh = State(copy.deepcopy(now.oracle), set(now.addresses), time.monotonic())
        edit(fresh)
        with self._lock:
            self._states.append(fresh)
        carry_out()
        with self._lock:
            now.end = time.monotonic()
            self._states = [s for s in self._states if s.end is None or s.end > now.end - 60]

    def between(self, begin: float, end: float) -> list[State]:
        with self._lock:
            return [s for s in self._states if s.begin <= end and (s.end is None or s.end >= begin)]

    def fault(self, world: World, message: dns.message.Message, client: str, sent: float,
              received: float) -> str | None:
        """The errors in an answer, in every state that may have been in force when it was made."""
        states = self.between(sent, received)
        if message.question[0].rdclass == dns.rdataclass.ANY:
            return None if message.rcode() == 5 else "class ANY is answered"
        if message.question[0].rdclass != dns.rdataclass.IN:
            return "another class is answered" if message.answer else None
        if not is_block(message):
            carried = [state.carries(message, client) for state in states]
            return f"carries {carried[-1]}" if all(carried) else None
        if any(record.to_text() not in REDIRECT for rrset in message.answer for record in rrset) or message.additional:
            return "a block carries data"
        if any(state.justifies(world, message, client) for state in states):
            return None
        return "nothing lists what is blocked"
