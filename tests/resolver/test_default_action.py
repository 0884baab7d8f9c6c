"""The action of orders that name none is the ISP's to configure."""
import pytest

from support import orders
from support.workspace import REDIRECT_A


@pytest.mark.parametrize("action, status, addresses", [
    ("nodata", "NOERROR", []), ("refused", "REFUSED", []), ("redirect", "NOERROR", [REDIRECT_A])])
def test_it_holds_for_orders_without_an_action_and_for_no_others(workspace, resolver_of, action, status, addresses):
    workspace.configure(action=action)
    workspace.block("hoax.example")
    workspace.block("own.example", id="B-2/UJI/2024", action="nxdomain")
    resolver = resolver_of(workspace).start()
    answer = resolver.dig("hoax.example")
    assert answer.status == status and answer.data("A") == addresses, answer.raw
    assert answer.blocked_by(orders.ID)
    assert resolver.dig("own.example").status == "NXDOMAIN"
