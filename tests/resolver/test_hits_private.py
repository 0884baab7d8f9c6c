"""A subscriber's address appears nowhere unless the ISP configured `full`: everything that Saring
and its Unbound wrote is searched for it, as text and as bytes."""
import ipaddress

import pytest

from support.hits import hits_in
from support.waiting import wait_for

CLIENT = "127.77.66.55"


def ask(workspace, resolver_of, privacy):
    workspace.configure(hits=f'client = "{privacy}"')
    workspace.block("hoax.example")
    resolver = resolver_of(workspace).start()
    for _ in range(3):
        assert resolver.dig("hoax.example", "A", "-b", CLIENT).status == "NXDOMAIN"
    wait_for(lambda: len(hits_in(workspace.hits)) == 3, "three hits")
    wait_for(lambda: workspace.module().get("hits", {}).get("recorded") == 3, "the status file telling of them")
    resolver.stop()
    return resolver, {hit.client for hit in hits_in(workspace.hits)}


def traces(*folders):
    """Files that hold the address."""
    forms = (CLIENT.encode(), ipaddress.ip_address(CLIENT).packed)
    return [
        file for folder in folders for file in sorted(folder.rglob("*"))
        if file.is_file() and any(form in file.read_bytes() for form in forms)
    ]


@pytest.mark.parametrize("privacy, shown", [("prefix", "127.77.66.0/24"), ("none", ""), ("keyed", "~")])
def test_the_address_is_nowhere(workspace, resolver_of, privacy, shown):
    resolver, clients = ask(workspace, resolver_of, privacy)
    assert len(clients) == 1
    assert clients.pop()[:len(shown) or None] == shown
    assert traces(workspace.folder, resolver.folder) == []


def test_full_keeps_the_address_and_so_the_search_can_find_one(workspace, resolver_of):
    _, clients = ask(workspace, resolver_of, "full")
    assert clients == {CLIENT}


def test_a_pseudonym_is_the_same_for_two_resolvers_of_one_database(workspace, resolver_of):
    first, clients = ask(workspace, resolver_of, "keyed")
    second = resolver_of(workspace).start()
    second.dig("hoax.example", "A", "-b", CLIENT)
    wait_for(lambda: len(hits_in(workspace.hits)) == 4, "a hit of the second resolver")
    assert {hit.client for hit in hits_in(workspace.hits)} == clients
