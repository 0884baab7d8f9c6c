"""A lifted block ends within answer.ttl for clients behind forwarders too, validating ones among them."""
import time

import pytest

from support import orders, signed_zone
from support.authority import ANYTHING, RESOLVED, Authority
from support.resolver import Resolver
from support.waiting import wait_for

TTL, SLACK = 4, 4  # seconds
ZONE = f"""\
hoax A {RESOLVED}
open NS ns.open
ns.open A 127.0.0.1
"""
NAMES = ["open.signed.test", "www.open.signed.test", "hoax.signed.test"]


@pytest.mark.parametrize("chain", ["iterator", "validator iterator"])
def test_a_lifted_block_ends_in_time(workspace, new_folder, chain):
    parent = signed_zone.sign(new_folder("zone"), "signed.test.", ZONE)
    server = Authority(new_folder("authority"), {"signed.test.": parent.text, "open.signed.test.": ANYTHING}).start()
    workspace.configure(ttl=TTL)
    workspace.tool.do("db", "init")
    resolver = Resolver(new_folder("resolver"), workspace.config, server, extra=parent.trust()).start()
    forwarder = Resolver(new_folder("forwarder"), workspace.config, resolver, chain=chain, extra=parent.trust()).start()
    try:
        workspace.block("open.signed.test", "hoax.signed.test")
        # A block in a signed zone cannot be proven: a validating forwarder has no answer there.
        expected = ["NXDOMAIN", "NXDOMAIN", "SERVFAIL" if "validator" in chain else "NXDOMAIN"]
        for _ in range(3):
            assert [forwarder.dig(name).status for name in NAMES] == expected
            time.sleep(0.5)
        workspace.tool.do("order", "revoke", orders.ID, "--reason", "uji")
        wait_for(lambda: all(resolver.dig(name).data("A") for name in NAMES), "the resolver's own release")
        for name in NAMES:
            wait_for(lambda: forwarder.dig(name).data("A") == [RESOLVED], f"{name} released", TTL + SLACK)
    finally:
        forwarder.stop()
        resolver.stop()
        server.stop()
