"""A network generated from a seed: every name has its own records, aliases point anywhere, name servers and mail hosts
are below any site, and one zone delays its key."""
import random

SITES = [f"s{number}.test" for number in range(12)] + ["slow.test"]
SERVED = [f"z{number}.test" for number in range(3)]  # zones with a name server below a site
BELOW = ["", "www.", "a.www.", "b.a.www.", "x.y.", "cdn.", "d.", "q.d."]
NAMES = ([below + site for site in SITES for below in BELOW] +
         [below + zone for zone in SERVED for below in ("", "www.")])
TYPES = ["A", "A", "A", "AAAA", "AAAA", "HTTPS", "NS", "MX", "SRV", "TXT", "CNAME", "ANY", "DS", "DNSKEY"]
REDIRECT = {"192.0.2.80", "2001:db8::80"}  # as support.workspace configures it


class World:
    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.name_servers = {}
        for zone in SERVED:
            chance = self.chance(zone)
            self.name_servers[zone] = f"ns.{chance.choice(BELOW[:4])}{chance.choice(SITES[:-1])}"

    def chance(self, what: str) -> random.Random:
        return random.Random(f"{self.seed} {what}")

    def any_name(self, chance: random.Random) -> str:
        return chance.choice(NAMES)

    def alias(self, name: str) -> str | None:
        """The target of a CNAME at the name. DNAMEs redirect whole subtrees, `d.` of some sites."""
        if name.startswith("ns."):
            return None
        for dname in (site for site in SITES if name.endswith(f".d.{site}")):
            if target := self.dname(f"d.{dname}"):
                return name[:-len(f"d.{dname}")] + target
        chance = self.chance(f"alias {name}")
        return self.any_name(chance) if name not in SITES and chance.random() < 0.35 else None

    def dname(self, name: str) -> str | None:
        chance = self.chance(f"dname {name}")
        return self.any_name(chance) if name.startswith("d.") and chance.random() < 0.4 else None

    def chain(self, name: str) -> list[str]:
        """The targets of the aliases from a name, in order."""
        found: list[str] = []
        while (target := self.alias(found[-1] if found else name)) and target not in found and len(target) < 200:
            found.append(target)
        return found

    def addresses(self, name: str, type_: str) -> list[str]:
        chance = self.chance(f"address {name}")
        if name.startswith("ns."):
            return ["127.0.0.1"] if type_ == "A" else []
        if type_ == "AAAA":
            return [f"2001:db8::{chance.randrange(1, 60):x}"] if chance.random() < 0.7 else []
        return [f"{chance.choice(['192.0.2', '198.51.100', '203.0.113'])}.{chance.randrange(1, 20)}"]

    def services(self, name: str) -> list[str]:
        chance = self.chance(f"service {name}")
        return [self.any_name(chance)] if chance.random() < 0.7 else []

    def records(self, name: str, type_: str, ttl: int) -> list[str]:
        """Lines for support.scripted.Scripted."""
        if (dname := self.dname(name)) and type_ == "DNAME":
            return [f"{name}. {ttl} IN DNAME {dname}."]
        if target := self.alias(name):
            lines = [f"{name}. {ttl} IN CNAME {target}."]
            for dname in (f"d.{site}" for site in SITES if name.endswith(f".d.{site}")):
                if self.dname(dname):
                    lines.insert(0, f"{dname}. {ttl} IN DNAME {self.dname(dname)}.")
            # Some authorities include the target's records.
            if type_ in ("A", "AAAA") and self.chance(f"eager {name}").random() < 0.3 and not self.alias(target):
                lines += [f"{target}. {ttl} IN {type_} {address}" for address in self.addresses(target, type_)]
            return lines
        if type_ in ("A", "AAAA"):
            return [f"{name}. {ttl} IN {type_} {address}" for address in self.addresses(name, type_)]
        if type_ == "HTTPS":
            return [f"{name}. {ttl} IN HTTPS 1 {target}." for target in self.services(name)]
        if type_ in ("NS", "MX", "SRV"):
            host = f"ns.{self.any_name(self.chance(type_ + name))}"
            data = {"NS": f"{host}.", "MX": f"10 {host}.", "SRV": f"0 0 443 {host}."}[type_]
            return [f"{name}. {ttl} IN {type_} {data}", f"additional: {host}. {ttl} IN A 127.0.0.1"]
        if type_ == "TXT":
            return [f'{name}. {ttl} IN TXT "anything"']
        return []
