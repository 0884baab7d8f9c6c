"""The resolvers with which an ISP could block, and the stock Unbound that blocks nothing."""
from bench.contenders.base import Contender, DidNotSurvive
from bench.contenders.bind import Bind
from bench.contenders.dnsdist import Dnsdist
from bench.contenders.knot_resolver import KnotResolver
from bench.contenders.powerdns import PowerDns
from bench.contenders.unbound import Former, LocalZone, Rpz, Saring, Stock, Unkept, Unrecorded

ALL: dict[str, type[Contender]] = {
    c.name: c
    for c in (Stock, Saring, Former, Unkept, Unrecorded, Rpz, LocalZone, Bind, KnotResolver, PowerDns, Dnsdist)
}
