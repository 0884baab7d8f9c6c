"""Service quality by Unbound's own statistics: in the shell, in metrics, in the console, against unbound-control."""
import json
import subprocess
import time

import pytest

from support.console import Console
from support.tool import NETWORK, USAGE
from support.waiting import wait_for

EXTENDED = "server:\n    extended-statistics: yes\n"


def stats(resolver) -> dict[str, float]:
    return {
        name: float(value)
        for name, _, value in (line.partition("=") for line in resolver.control("stats_noreset").splitlines())
    }


@pytest.fixture
def busy(workspace, resolver_of):
    """A resolver with cached, recursive, blocked and failing answers behind it."""
    workspace.block("hoax.example")
    resolver = resolver_of(workspace, extra=EXTENDED).start()
    for name in ["news.example"] * 6 + ["hoax.example"] * 2 + ["other.example", "outside.example.org"]:
        resolver.dig(name)  # the last one is of a zone that refuses to answer
    return resolver


def test_the_command_shows_unbounds_counters(workspace, busy):
    told = workspace.tool.do("quality", "--control", f"{busy.folder}/control", "--total", "--json").json()["resolvers"][
        0
    ]
    counted = stats(busy)
    asked = counted["total.num.queries"]
    assert told["queries"] == asked >= 9 and counted["total.num.cachehits"] >= 5
    assert told["answers"] == counted["total.num.cachehits"] + counted["total.num.recursivereplies"] == asked
    assert told["cache_share"] == pytest.approx(counted["total.num.cachehits"] / asked)
    assert told["servfail_share"] == counted.get("num.answer.rcode.SERVFAIL", 0) / asked
    assert told["servfail_share"] > 0 and told["extended"] and told["unanswered"] == 0
    # Unbound's median is of the same histogram.
    assert told["recursion_median"] == pytest.approx(counted["total.recursion.time.median"], rel=0.6, abs=0.001)
    assert told["recursion_median"] <= told["recursion_p95"] <= told["recursion_p99"]
    assert stats(busy)["total.num.queries"] == asked, "asking resets nothing, and is no query"
    table = workspace.tool.do("quality", "--control", f"{busy.folder}/control", "--total").out.splitlines()
    assert table[0].split()[:3] == ["RESOLVER", "QUERIES", "ANSWERS"] and table[1].split()[1:3] == [f"{asked:g}"] * 2


def test_watching_for_a_time_tells_of_that_time(workspace, busy):
    begun = subprocess.Popen(
        [*workspace_words(workspace), "quality", "--control", f"{busy.folder}/control", "--seconds", "3", "--json"],
        stdout=subprocess.PIPE, text=True)
    asked = 0
    while begun.poll() is None:
        busy.dig("news.example")
        asked += 1
    told = json.loads(begun.stdout.read())["resolvers"][0]
    assert 0 < told["queries"] <= asked and told["cache_share"] == 1 and told["seconds"] == pytest.approx(3, abs=1.5)
    assert told["queries_per_second"] == pytest.approx(told["queries"] / told["seconds"])
    assert told["recursion_median"] is None, "nothing had to be resolved"


def workspace_words(workspace):
    from support import paths
    return [str(paths.TOOL), "--config", str(workspace.config)]


def test_without_extended_statistics_it_names_the_missing_ones(workspace, resolver_of):
    resolver = resolver_of(workspace_with_database(workspace)).start()
    resolver.dig("news.example")
    told = workspace.tool.do("quality", "--control", f"{resolver.folder}/control", "--total", "--json").json()[
        "resolvers"
    ][0]
    assert told["queries"] >= 1 and not told[
        "extended"] and told["servfail_share"] is None and told["recursion_p95"] is None
    assert "extended-statistics: yes" in workspace.tool.do("quality", "--control", f"{resolver.folder}/control",
                                                           "--total").out


def workspace_with_database(workspace):
    workspace.tool.do("db", "init")
    return workspace


def test_a_resolver_that_does_not_answer_is_reported(workspace, new_folder):
    result = workspace.tool("quality", "--control", "/nowhere/control", "--total")
    assert (
        result.code == NETWORK
        and "/nowhere/control: No such file" in result.err
        and "control-enable: yes" in result.err
    )
    assert workspace.tool("quality").code == USAGE
    assert workspace.tool("quality", "--control", "isp.example", "--total").code == NETWORK


def test_metrics_have_the_same_figures_and_the_histogram(workspace, busy):
    configure(workspace, busy)
    text = workspace.tool.do("metrics").out
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True, check=False)
    assert checked.returncode == 0 and not checked.stderr, checked
    label = f'resolver="{busy.folder}/control"'
    assert (
        f"saring_resolver_queries_total{{{label}}} {stats(busy)['total.num.queries']:g}" in text
        and f"saring_resolver_up{{{label}}} 1" in text
    )
    replies = stats(busy)["total.num.recursivereplies"]
    assert f'saring_resolver_recursion_seconds_bucket{{{label},le="+Inf"}} {replies:g}' in text
    busy.stop()
    assert f"saring_resolver_up{{{label}}} 0" in workspace.tool.do("metrics").out


def configure(workspace, resolver):
    workspace.configure(
        more=f'[quality]\ncontrol = ["{resolver.folder}/control"]\nevery_seconds = 1\n[console]\nlanguage = "en"\n'
    )


def test_the_console_draws_the_day_with_each_order_on_the_time_axis(workspace, busy):
    configure(workspace, busy)
    console = Console(workspace)
    try:
        def readings():
            busy.dig("news.example")
            return [r for r in console.get("/quality.json").json()["resolvers"][0]["readings"] if r["queries"]]

        wait_for(lambda: len(readings()) >= 2, "two readings")
        last = readings()[-1]
        assert last["seconds"] == pytest.approx(1, abs=1) and last["cache_share"] == 1
        answer = console.get("/quality")
        page = answer.page()
        assert not page.unclosed and page.tags.count("svg") == 4 and ("line", "class", "mark") in page.attributes
        assert "begins: B-1/UJI/2024" in page.words and "Queries a second" in page.words
        busy.stop()
        wait_for(lambda: console.get("/quality.json").json()["resolvers"][0]["error"], "the trouble")
        assert "control" in console.page("/quality").words
    finally:
        console.stop()


def test_resolvers_of_a_region_are_told_together(workspace, busy):
    control = f"{busy.folder}/control"
    given = [f"ID-JK={control}", f"ID-JK={control}", f"ID-AC={control}", control]
    words = [word for one in given for word in ("--control", one)]
    told = workspace.tool.do("quality", "--total", "--json", *words).json()
    assert [one["region"] for one in told["resolvers"]] == ["ID-JK", "ID-JK", "ID-AC", None]
    assert {one["resolver"] for one in told["resolvers"]} == {control}
    one = told["resolvers"][0]
    counted = {region["region"]: (region["resolvers"], region["queries"]) for region in told["regions"]}
    assert counted == {"ID-AC": (1, one["queries"]), "ID-JK": (2, 2 * one["queries"])}
    for name in ("cache_share", "servfail_share", "recursion_p95"):
        assert all(region[name] == pytest.approx(one[name]) for region in told["regions"]), name
    table = workspace.tool.do("quality", "--total", "--control", f"ID-JK={control}").out
    assert f"{control} (ID-JK)" in table and "REGION" in table
    workspace.configure(more=f'[quality]\ncontrol = ["ID-JK={control}"]\n')
    assert f'saring_resolver_up{{resolver="{control}",region="ID-JK"}} 1' in workspace.tool.do("metrics").out
