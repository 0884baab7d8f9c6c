"""The module's counters appear in the metrics."""
import subprocess

from support.hits import hits_in
from support.waiting import wait_for


def test_blocked_answers_are_counted_by_action_and_by_the_authority_that_ordered(workspace, resolver_of):
    workspace.block("hoax.example", authority="Kementerian Contoh")
    workspace.block("refused.example", id="B-2", authority="Dinas Uji", action="refused")
    resolver = resolver_of(workspace, threads=2).start()
    for name in ["hoax.example"] * 3 + ["refused.example"] * 2 + ["news.example"]:
        resolver.dig(name)
    wait_for(lambda: len(hits_in(workspace.hits)) == 5 and workspace.module().get("queries") == 6, "the hits")

    text = workspace.tool.do("metrics").out
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True, check=False)
    assert checked.returncode == 0 and not checked.stderr, checked
    for line in [
            'saring_module_state{state="ok"} 1', 'saring_blocked_total{action="nxdomain"} 3',
            'saring_blocked_total{action="refused"} 2', 'saring_triggers_total{trigger="qname"} 5',
            'saring_queries_total 6', 'saring_hits_failing 0', 'saring_hits_kept 5',
            'saring_hits_total{authority="Dinas Uji",action="refused"} 2',
            'saring_hits_total{authority="Kementerian Contoh",action="nxdomain"} 3'
    ]:
        assert line in text.splitlines(), text
