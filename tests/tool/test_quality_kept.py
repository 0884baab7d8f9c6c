"""Service quality kept over days by `metrics --output`, shown by `quality --since`, `hits report` and the console."""
import json
import re
import time
from pathlib import Path

import jsonschema
import pytest

from support import made_hits as hits
from support import paths
from support.console import Console
from support.tool import USAGE
from support.unbound_statistics import UnboundStatistics
from support.waiting import wait_for


def utc(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class Watched:
    """A workspace with one resolver, and its readings of a minute each as `metrics` keeps them."""

    def __init__(self, workspace, keep_days=35):
        self.workspace, self.kept = workspace, workspace.folder / "quality"
        self.resolver = UnboundStatistics(workspace.folder / "unbound.ctl")
        workspace.configure(more=f'[quality]\ncontrol = ["ID-JK={self.resolver.path}"]\npath = "{self.kept}"\n'
                                 f'keep_days = {keep_days}\n[console]\nlanguage = "en"\n')
        workspace.block("hoax.example", id="B-1/2024")

    def keep(self):
        return self.workspace.tool.do("metrics", "--output", self.workspace.folder / "saring.prom")

    def files(self) -> list[Path]:
        return sorted(self.kept.iterdir())

    def night(self, minutes: int) -> None:
        """Readings of the last minutes: 60 cached answers a minute, 12 of recursion, in the last half hour slower."""
        self.resolver.serve()
        self.keep()
        line = json.loads(self.files()[-1].read_text().splitlines()[-1])
        self.files()[-1].unlink()
        now = int(time.time())
        for back in range(minutes, -1, -1):
            slow = back < 30
            self.resolver.serve(cached=60, recursive={20 if slow else 13: 12}, servfail=6 if slow else 0)
            buckets = sorted(self.resolver.recursion.items())
            line |= {"time": utc(now - 60 * back), "clock": self.resolver.clock, "queries": self.resolver.queries,
                     "cache_hits": self.resolver.cached, "recursive_replies": sum(n for _, n in buckets),
                     "answers": self.resolver.queries, "servfail": self.resolver.servfail,
                     "recursion": [pair for e, n in buckets for pair in ([2 ** (e - 1) / 1e6, 0], [2**e / 1e6, n])]}
            with (self.kept / (line["time"][:10] + ".ndjson")).open("a") as file:
                file.write(json.dumps(line) + "\n")

    def told(self, *words: str):
        return self.workspace.tool("quality", "--since", "8h", "--json", *words)


@pytest.fixture
def watched(workspace):
    made = Watched(workspace)
    yield made
    made.resolver.stop()


def test_what_metrics_keep_is_the_difference_between_readings(watched):
    tool = watched.workspace.tool
    assert tool("quality", "--since", "1h").code == 1
    tool.do("metrics")  # to standard output: keeps nothing
    assert not watched.kept.exists()
    watched.resolver.serve(cached=1000, recursive={15: 50})
    watched.keep()
    watched.resolver.serve(cached=90, recursive={10: 27, 15: 2, 20: 1}, servfail=3, exceeded=4)
    watched.keep()
    watched.resolver.restart()
    watched.resolver.serve(cached=10, recursive={10: 10})
    watched.keep()
    assert len(watched.files()) <= 2 and all(re.fullmatch(r"\d{4}-\d\d-\d\d\.ndjson", f.name) for f in watched.files())
    bins = watched.told("--width", "1d").json()["bins"]
    assert sum(b["queries"] for b in bins) == 120 + 20 and sum(b["unanswered"] for b in bins) == 4
    if len(bins) == 1:  # else midnight came between
        one = bins[0]
        assert one["resolver"] == str(watched.resolver.path) and one["region"] == "ID-JK" and one["seconds"] == 120
        assert one["cache_share"] == pytest.approx(100 / 140) and one["servfail_share"] == pytest.approx(3 / 140)
        assert one["queries_per_second"] == pytest.approx(140 / 120) and one["answers"] == 140
        assert 2**9 / 1e6 < one["recursion_median"] <= 2**10 / 1e6 < one["recursion_p95"] <= 2**15 / 1e6
        assert 2**19 / 1e6 < one["recursion_p99"] <= 2**20 / 1e6


def test_a_night_is_shown_by_bars_with_its_orders_in_the_shell_and_the_report(watched):
    watched.night(7 * 60)
    hits.record(watched.workspace, [{"time": "now"}])
    told = watched.told("--width", "30m").json()
    jsonschema.validate(told, json.loads((paths.ROOT / "docs" / "schema" / "quality.json").read_text()))
    bins = told["bins"]
    assert 14 <= len(bins) <= 16 and sum(b["queries"] for b in bins) == 7 * 60 * 72
    assert bins[2]["recursion_p95"] < 0.01 and bins[2]["servfail_share"] == 0 and bins[2]["orders"] == []
    assert bins[-1]["recursion_p95"] > 0.5 and bins[-1]["servfail_share"] == pytest.approx(6 / 72)
    assert [(o["order"], o["change"]) for b in bins for o in b["orders"]] == [("B-1/2024", "begins")]
    table = watched.workspace.tool.do("quality", "--since", "8h", "--width", "30m").out.splitlines()
    assert table[0].split()[-1] == "ORDERS" and "B-1/2024 begins" in table[-1]
    assert len(bins) <= len(table) <= len(bins) + 2  # the head, and one more or less if a bin began in between
    time.sleep(1.1)  # a report ends before the second in which it is made
    page = watched.workspace.folder / "report.html"
    report = watched.workspace.tool.do("hits", "report", "--since", "8h", "--language", "en", "--html", page, "--json")
    rows = report.json()["quality"]
    assert sum(row["queries"] for row in rows) >= (7 * 60 - 1) * 72 and rows[-1]["orders"][0]["order"] == "B-1/2024"
    text = page.read_text()
    section = text[text.index('<h2 id="quality">'):text.index('<h2 id="changes">')]
    assert section.count("<tr>") == len(rows) + 1 and "B-1/2024 begins" in section
    assert f"<caption><bdi>{watched.resolver.path} (ID-JK)</bdi></caption>" in section
    public = watched.workspace.tool.do("hits", "report", "--since", "8h", "--public", "--json").json()
    assert "quality" not in public


def test_damaged_lines_are_told_and_left_out(watched):
    watched.night(60)
    sound = watched.told("--width", "1d").json()["bins"]
    file = watched.files()[-1]
    lines = file.read_text().splitlines()
    damaged = ["not JSON", lines[0], '{"time":"2024-13-99T00:00:00Z"}', *lines[1:], lines[-1][:40]]
    file.write_text("\n".join(damaged))
    result = watched.told("--width", "1d")
    assert result.json()["bins"] == sound
    assert f"{file}: 3 readings are damaged and left out, the first in line 1" in result.err
    watched.keep()
    assert json.loads(file.read_text().splitlines()[-1])["queries"] == watched.resolver.queries, "on a line of its own"


def test_old_days_go_and_other_files_stay(workspace):
    watched = Watched(workspace, keep_days=2)
    try:
        watched.kept.mkdir()
        now = time.time()
        days = [utc(now - back * 86400)[:10] + ".ndjson" for back in (1, 2, 3, 400)]
        for name in [*days, "notes.ndjson", "2020-01-01.txt"]:
            (watched.kept / name).write_text("")
        watched.keep()
        left = {file.name for file in watched.files()}
        assert left == {utc(now)[:10] + ".ndjson", *days[:2], "notes.ndjson", "2020-01-01.txt"}
        (watched.kept / (utc(now)[:10] + ".ndjson")).unlink()
        (watched.kept / (utc(now)[:10] + ".ndjson")).mkdir()
        result = watched.workspace.tool("metrics", "--output", workspace.folder / "saring.prom")
        assert result.code == USAGE and "quality.path" in result.err
        assert "saring_resolver_up" in (workspace.folder / "saring.prom").read_text(), "metrics were written before"
    finally:
        watched.resolver.stop()


def test_the_console_begins_with_what_was_kept_and_shows_what_its_json_says(watched):
    watched.night(120)
    console = Console(watched.workspace)
    try:
        def readings():
            return console.get("/quality.json").json()["resolvers"][0]["readings"]

        wait_for(lambda: len(readings()) >= 115, "the readings of before")
        last, page = readings()[-1], console.get("/quality").text
        tiles = dict(re.findall(r"<dt>([^<]*)</dt><dd[^>]*>(?:<a [^>]*>)?<bdi>([^<]*)<", page))
        for label, member, factor in (("Queries a second", "queries_per_second", 1),
                                      ("From cache (%)", "cache_share", 100),
                                      ("Recursion, 95% below (ms)", "recursion_p95", 1000),
                                      ("SERVFAIL (of a thousand answers)", "servfail_share", 1000)):
            shown = float(tiles[label].replace(",", ""))
            assert shown == pytest.approx(last[member] * factor, abs=0.06), label
    finally:
        console.stop()
