"""The Grafana dashboards: their structure, the variables of their queries, and the SQL ones on a real ClickHouse."""
import json
import re
import time

import jsonschema
import pytest

from support import made_hits, paths
from support.clickhouse import ABSENT, PASSWORD

METRICS = paths.ROOT / "conf" / "prometheus" / "saring-dashboard.json"
FLEET = paths.ROOT / "conf" / "grafana" / "saring-clickhouse-dashboard.json"
SCHEMA = paths.ROOT / "tests" / "data" / "grafana-dashboard.schema.json"
MACROS = {"__timeFilter"}


def queries(dashboard):
    """Each with what it is of: panels' and variables'."""
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target.get("expr") or target["rawSql"]
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], variable["query"]["query"] if isinstance(variable["query"], dict) else variable[
                "query"
            ]


@pytest.mark.parametrize("file", [METRICS, FLEET], ids=lambda file: file.stem)
def test_a_dashboard_has_the_structure_that_grafana_reads(file):
    dashboard = json.loads(file.read_text())
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(dashboard)
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for p in (panel["gridPos"] for panel in panels)
        for x in range(p["x"], p["x"] + p["w"])
        for y in range(p["y"], p["y"] + p["h"])
    ]
    assert len(cells) == len(set(cells)) and max(x for x, _ in cells) < 24, "panels that cover each other"
    kinds = {panel["datasource"]["type"] for panel in panels}
    [chosen] = [v["query"] for v in dashboard["templating"]["list"] if v["type"] == "datasource"]
    assert kinds == {chosen}


@pytest.mark.parametrize("file", [METRICS, FLEET], ids=lambda file: file.stem)
def test_order_name_and_region_can_be_chosen_and_every_variable_is_used(file):
    dashboard = json.loads(file.read_text())
    defined = {variable["name"] for variable in dashboard["templating"]["list"]}
    assert {"order", "name", "region", "instance"} <= defined
    used = {name for _, text in queries(dashboard) for name in re.findall(r"\$\{?([A-Za-z_]+)", text)} - MACROS
    assert used <= defined and defined - used <= {"datasource"}, (used, defined)


def filled(sql, values):
    """As Grafana and its ClickHouse plugin fill a query in."""
    now = int(time.time())
    sql = re.sub(r"\$__timeFilter\((\w+)\)", rf"\1 >= toDateTime({now - 86400}) AND \1 <= toDateTime({now})", sql)
    quoted = {
        "singlequote": lambda v: ", ".join("'" + one.replace("'", "\\'") + "'" for one in v),
        "sqlstring": lambda v: "'" + v.replace("'", "''") + "'",
    }
    return re.sub(r"\$\{(\w+)(?::(\w+))?\}", lambda m: quoted[m[2]](values[m[1]]) if m[2] else values[m[1]], sql)


@pytest.fixture(scope="module")
def fleet(shared_workspace, request):
    if ABSENT:
        pytest.skip("this Debian has no clickhouse-server")
    server = request.getfixturevalue("clickhouse")
    (shared_workspace.folder / "password").write_text(PASSWORD + "\n")
    shared_workspace.configure(
        hits='instance = "ns1.isp.example"\n',
        more=f'[ship]\nurl = "{server.url("fleet")}"\npassword_file = "{shared_workspace.folder}/password"\n',
    )
    rows = [
        {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600)),
            "qname": f"www.{name}.example",
            "listed": f"{name}.example",
            "order": order,
            "region": region,
            "count": n,
        }
        for name, order, region, n in (("hoax", "B-1", "ID-JK", 5), ("other", "B-2", "ID-AC", 2))
    ]
    made_hits.record_by_hour(shared_workspace, rows)
    shared_workspace.tool.do("hits", "ship")
    return server


def answers(server, dashboard, **chosen):
    values = {
        "database": "fleet",
        "instance": ["ns1.isp.example"],
        "order": ["B-1", "B-2"],
        "region": ["ID-JK", "ID-AC", ""],
        "name": "",
        **chosen,
    }
    return {
        (title, number): server.rows(filled(text, values)) for number, (title, text) in enumerate(queries(dashboard))
    }


def test_every_sql_query_runs_and_counts_what_was_shipped(fleet):
    dashboard = json.loads(FLEET.read_text())
    found = {title: rows for (title, _), rows in reversed(answers(fleet, dashboard).items())}
    assert (
        found["Hits"] == [("7",)]
        and found["order"] == [("B-1",), ("B-2",)]
        and found["instance"] == [("ns1.isp.example",)]
    )
    assert found["Orders"] == [("B-1", "5"), ("B-2", "2")]
    assert sum(int(row[2]) for row in found["Hits a minute, by region"]) == 7 and {
        row[1] for row in found["Hits a minute, by region"]
    } == {"ID-JK", "ID-AC"}


@pytest.mark.parametrize(
    "chosen, hits",
    [
        ({"order": ["B-2"]}, 2),
        ({"region": ["ID-JK"]}, 5),
        ({"name": "hoax"}, 5),
        ({"name": "' OR 1 OR matched = '"}, 0),
        ({"instance": ["ns9"]}, 0),
    ],
    ids=["order", "region", "name", "hostile name", "resolver"],
)
def test_a_chosen_value_limits_every_panel(fleet, chosen, hits):
    found = answers(fleet, json.loads(FLEET.read_text()), **chosen)
    assert next(rows for (title, _), rows in found.items() if title == "Hits") == [(str(hits),)]
