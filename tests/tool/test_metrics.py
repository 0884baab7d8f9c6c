"""The metrics, as Prometheus' own promtool reads them, and the rules and dashboard that use them."""
import json
import re
import subprocess

import pytest

from support import made_hits, orders, paths
from support.tool import USAGE

SHIPPED = paths.ROOT / "conf" / "prometheus"


def samples(text):
    """name{labels} to value."""
    return {
        line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1])
        for line in text.splitlines()
        if line and not line.startswith("#")
    }


def checked(text):
    done = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True, check=False)
    assert done.returncode == 0 and not done.stdout and not done.stderr, done
    return samples(text)


def test_an_installation_on_which_nothing_ran_yet_has_metrics(workspace):
    result = workspace.tool("metrics")
    assert result.code == 0, result
    found = checked(result.out)
    assert found['saring_module_state{state="unknown"}'] == 1
    assert found['saring_database_failing{database="blocklist"}'] == 1
    assert "db init" in result.err, result


def test_orders_names_and_commits_are_counted(workspace):
    workspace.block("hoax.example", "second.example")
    workspace.apply("--scheduled", id="B-2", targets=orders.domains("later.example"),
                    effective="2090-01-01T00:00:00Z", expires="2091-01-01T00:00:00Z")
    found = checked(workspace.tool.do("metrics").out)
    assert found["saring_listed_names"] == 3
    assert found['saring_orders{state="active"}'] == 1 and found['saring_orders{state="upcoming"}'] == 1
    assert found["saring_database_serial"] == 2
    assert found['saring_database_failing{database="blocklist"}'] == 0


def test_text_of_others_cannot_break_the_format(workspace):
    workspace.block("hoax.example", authority='Kemen"terian\\ C}ontoh')
    checked(workspace.tool.do("metrics").out)


def test_text_that_an_earlier_version_let_in_cannot_break_the_format_either(workspace):
    evil = 'Kemen"terian\\ \u202e\u2028\nC}ontoh'
    refused = workspace.tool.refused(USAGE, "order", "apply", workspace.signed(authority=evil))
    assert "field authority: has the character U+202E" in refused.err, refused
    workspace.block_as_earlier("hoax.example", authority=evil)
    checked(workspace.tool.do("metrics").out)


def test_a_file_is_replaced_whole(workspace):
    workspace.block("hoax.example")
    file = workspace.folder / "saring.prom"
    file.write_text("# HELP saring_old An earlier one.\n")
    workspace.tool.do("metrics", "--output", file)
    assert checked(file.read_text())["saring_listed_names"] == 1


@pytest.mark.parametrize(
    "command", [["check", "rules", "saring-alerts.yml"], ["test", "rules", "saring-alerts.test.yml"]]
)
def test_the_shipped_alert_rules_hold(command):
    done = subprocess.run(["promtool", *command], cwd=SHIPPED, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done


def test_rules_and_dashboard_use_metrics_that_there_are(workspace):
    source = "".join((paths.ROOT / "blocklist-tool" / file).read_text()
                     for file in ("state/metrics_text.cc", "quality/quality_output.cc"))
    told = {
        "saring_" + name for name in re.findall(r'(?:gauge|counter|histogram|family|Family\{)\(?"([a-z_]+)"', source)
    }
    dashboard = json.loads((SHIPPED / "saring-dashboard.json").read_text())
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    expressions += re.findall(r"expr: (.*)", (SHIPPED / "saring-alerts.yml").read_text())
    used = {name for text in expressions for name in re.findall(r"saring_[a-z_]+", text)}
    assert len(used) > 10 and {name.removesuffix("_bucket") for name in used} <= told, used - told


def test_a_dashboard_can_name_orders_names_and_regions(workspace):
    made_hits.record(workspace, [{
        "time": "now", "qname": "www.hoax.example", "listed": "hoax.example", "order": "B-1", "region": "ID-JK",
        "count": 3
    }, {"time": "now", "qname": "b.example", "order": "B-2", "region": "", "count": 2}, {"time": "5h", "order": "B-3"}])
    found = checked(workspace.tool.do("metrics").out) if workspace.block("hoax.example") else {}
    assert found['saring_hits_recent_by_order{order="B-1"}'] == 3 and found[
        'saring_hits_recent_by_order{order="B-2"}'] == 2
    assert found['saring_hits_recent_by_name{name="hoax.example"}'] == 3 and found[
        'saring_hits_recent_by_region{region="unknown"}'] == 2
    assert 'saring_hits_recent_by_order{order="B-3"}' not in found
