"""Reloads under valgrind: neither an invalid access nor a leak in our code."""
from support import orders, valgrind
from support.authority import RESOLVED
from support.workspace import REDIRECT_A

RELOADS = 5


def test_reloads_show_no_error_and_no_leak(workspace, resolver_of, new_folder):
    workspace.block("hoax.example")
    for action in ("redirect", "nodata", "refused", "drop", "log"):
        workspace.block(f"{action}.example", id=f"ORDER-{action}", action=action)
    report = new_folder("valgrind") / "report.xml"
    resolver = resolver_of(workspace, threads=2, wrapper=valgrind.command(report)).start(120)
    for number in range(RELOADS):
        assert resolver.dig(f"n{number}.hoax.example").blocked_by(orders.ID)
        assert resolver.dig("redirect.example", "A", "+tcp").data("A") == [REDIRECT_A]
        assert resolver.dig("nodata.example").soa
        assert resolver.dig("refused.example").status == "REFUSED"
        assert resolver.dig("log.example").data("A") == [RESOLVED]
        workspace.block(f"new{number}.example", id=f"B-NEW-{number}")
        assert resolver.dig(f"new{number}.example").blocked_by(f"B-NEW-{number}")
        resolver.reload()
    assert resolver.dig("drop.example", "A", "+time=1", "+tries=1").status is None
    # Under valgrind the leak search at the end takes its time.
    assert resolver.stop(patience=120) == 0, resolver.log_text()
    found = valgrind.findings(report)
    assert not found, "\n".join(found)
