"""Kept answers: blocked answers in Unbound's message cache (answer.keep)."""
import pytest

from support import orders
from support.authority import ANYTHING, RESOLVED, Authority
from support.waiting import wait_for


@pytest.fixture(scope="module")
def authority(new_folder):
    zones = {"served.test.": "* A 192.0.2.77\n", "ns.test.": "ns1.hoax A 127.0.0.1\n",
             "example.": ANYTHING + "alias CNAME target.hoax.example.\nlet CNAME target.hoax.example.\n"}
    server = Authority(new_folder("authority"), zones)
    yield server.start()
    server.stop()


def cache_hits(resolver):
    statistics = dict(line.split("=", 1) for line in resolver.control("stats_noreset").splitlines())
    return int(statistics["total.num.cachehits"])


def blocked(resolver, name, type_="A", order=orders.ID, status="NXDOMAIN"):
    answer = resolver.dig(name, type_)
    return answer.status == status and answer.blocked_by(order)


def is_kept(resolver, name, type_="A", order=orders.ID, status="NXDOMAIN"):
    before = cache_hits(resolver)
    assert blocked(resolver, name, type_, order, status)
    return cache_hits(resolver) == before + 1


def keep(resolver, name, type_="A", order=orders.ID, status="NXDOMAIN"):
    """Queries until the answer is a kept one. An answer that is kept just before the watcher evicts for the commit is
    evicted too."""
    wait_for(lambda: is_kept(resolver, name, type_, order, status), f"{name} kept")


def released(resolver, name):
    return resolver.dig(name).data("A") == [RESOLVED]
