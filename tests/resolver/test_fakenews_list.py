"""A real and messy list imports whole, blocks every name in it and is named as the reason."""
from concurrent.futures import ThreadPoolExecutor

import dns.edns
import dns.message
import dns.query
import dns.rcode
import pytest

from support import paths
from support.authority import RESOLVED

ORDER = "list:fakenews"

pytestmark = pytest.mark.skipif(not paths.FAKENEWS_HOSTS.exists(), reason="the list is not on this machine")


@pytest.fixture(scope="module")
def names():
    lines = paths.FAKENEWS_HOSTS.read_text().splitlines()
    return sorted({line.split()[1] for line in lines if line.strip() and not line.startswith("#")})


@pytest.fixture(scope="module")
def imported(shared_workspace):
    return shared_workspace.tool.do("list", "import", "--source", "fakenews", "--format", "hosts",
                                    paths.FAKENEWS_HOSTS, "--json").json()


@pytest.fixture(scope="module")
def resolver(shared_workspace, imported, resolver_of):
    return resolver_of(shared_workspace).start()


def test_it_imports_whole(imported, names):
    assert imported["order"] == ORDER and imported["bad"] == []
    assert imported["names"] == imported["added"] == len(names) and imported["removed"] == 0


def test_every_name_in_it_and_the_names_below_are_blocked(resolver, names):
    for name in [*names, *("www." + name for name in names)]:
        question = dns.message.make_query(name, "A", use_edns=0)
        answer = dns.query.udp(question, "127.0.0.1", port=resolver.port, timeout=10)
        texts = [option.text for option in answer.options if isinstance(option, dns.edns.EDEOption)]
        assert answer.rcode() == dns.rcode.NXDOMAIN and len(texts) == 1 and ORDER in texts[0], answer


def test_every_name_in_it_is_explained_by_its_order(shared_workspace, imported, names):
    def explained(name):
        verdict = shared_workspace.tool("explain", name, "--json").json()
        return (verdict["verdict"], verdict["matched"], verdict["order"]["id"]) == ("blocked", name, ORDER)

    with ThreadPoolExecutor(2) as pool:
        wrong = [name for name, right in zip(names, pool.map(explained, names)) if not right]
    assert not wrong


def test_names_that_are_not_in_it_resolve(resolver):
    assert resolver.dig("news.example").data("A") == [RESOLVED]


def test_importing_it_again_changes_nothing(shared_workspace, imported):
    again = shared_workspace.tool.do("list", "import", "--source", "fakenews", "--format", "hosts",
                                     paths.FAKENEWS_HOSTS, "--json").json()
    assert (again["added"], again["removed"], again["names"]) == (0, 0, imported["names"])
