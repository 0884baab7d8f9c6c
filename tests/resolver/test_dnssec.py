"""Clients see a block as a block, never as a validation failure."""
from support import orders

# No key of the zone matches it: everything below fails validation.
BOGUS_ANCHOR = f'server:\n    trust-anchor: "example. DS 12345 8 2 {"ab" * 32}"\n'


def test_a_block_in_a_zone_that_fails_validation_is_still_a_block(workspace, resolver_of):
    workspace.block("hoax.example")
    workspace.block("landing.example", id="B-2/UJI/2024", action="redirect")
    resolver = resolver_of(workspace, extra=BOGUS_ANCHOR).start()
    assert resolver.dig("news.example").status == "SERVFAIL"
    answer = resolver.dig("hoax.example", "A", "+dnssec")
    assert answer.status == "NXDOMAIN" and set(answer.errors) == {16} and answer.blocked_by(orders.ID), answer.raw
    redirected = resolver.dig("landing.example", "A", "+dnssec")
    assert redirected.status == "NOERROR" and "ad" not in redirected.flags, redirected.raw
