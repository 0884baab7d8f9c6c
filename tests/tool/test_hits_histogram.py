"""`hits histogram`: every bar of its time, and each hit in its own."""
import csv
import io

import pytest

from support import made_hits as hits
from support.terminal import on_a_terminal
from support.tool import NO, USAGE

DAY = ["--since", "2024-02-14", "--until", "2024-02-15"]


@pytest.fixture(scope="module")
def workspace(shared_workspace):
    hits.record(shared_workspace, [{"time": "2024-02-14T07:05:00Z", "count": 4, "region": "ID-JK"}, {"time": "2024-02-14T07:55:00Z", "count": 2, "region": "ID-AC"},
                                   {"time": "2024-02-14T09:00:00Z", "count": 8, "qname": "b.example"},
                                   {"time": "2024-02-14T09:30:00Z", "count": 3, "dropped": True}])
    return shared_workspace


def bins(workspace, *options):
    told = workspace.tool("hits", "histogram", *options, "--json").json()
    return {one["begin"][11:16]: one["hits"] for one in told["bins"] if one["hits"]}, told


def test_a_day_is_shown_by_the_hour_from_the_counts_by_hour(workspace):
    counted, told = bins(workspace, *DAY)
    assert counted == {"07:00": 6, "09:00": 11} and len(told["bins"]) == 24
    assert (told["width"], told["from"], told["total"], told["dropped"]) == (3600, "hours", 17, 3)


def test_narrow_bars_come_from_records_which_lack_what_was_dropped(workspace):
    counted, told = bins(workspace, *DAY, "--width", "30m")
    assert counted == {"07:00": 4, "07:30": 2, "09:00": 8} and told["from"] == "records" and told["dropped"] == 3
    assert "3 hits in these hours could not be recorded" in workspace.tool.do("hits", "histogram", *DAY, "--width", "30m").out


def test_an_hour_is_shown_by_the_minute(workspace):
    counted, told = bins(workspace, "--since", "2024-02-14T07:00", "--until", "2024-02-14T08:00")
    assert told["width"] == 60 and counted == {"07:05": 4, "07:55": 2} and len(told["bins"]) == 60


def test_filters_hold(workspace):
    assert bins(workspace, *DAY, "--region", "ID-AC")[0] == {"07:00": 2}
    assert bins(workspace, *DAY, "--name", "b.example")[0] == {"09:00": 8}


def test_the_last_day_up_to_now_is_shown_by_itself(new_folder):
    from support.workspace import Workspace
    fresh = Workspace(new_folder("fresh"))
    hits.record(fresh, [{"time": "now", "count": 2}, {"time": "30h"}])
    told = fresh.tool.do("hits", "histogram", "--json").json()
    assert told["width"] == 3600 and told["total"] == 2 and told["bins"][-1]["hits"] + told["bins"][-2]["hits"] == 2
    assert told["from"] == "hours" and 24 <= len(told["bins"]) <= 26


def test_a_sparkline_is_one_line(workspace):
    line = on_a_terminal(workspace, "hits", "histogram", *DAY, "--spark")
    assert line == " " * 7 + "▅ █" + " " * 14 + "  17 hits, at most 11 in 1h\n"


def test_bars_are_drawn_on_a_terminal_only(workspace):
    lines = on_a_terminal(workspace, "hits", "histogram", *DAY, columns=60).splitlines()
    assert lines[2].startswith("2024-02-14T07:00:00Z     6  █") and lines[4].count("█") > lines[2].count("█")
    assert max(map(len, lines[:6])) <= 60
    plain = workspace.tool.do("hits", "histogram", *DAY).out.splitlines()
    assert plain[2] == "2024-02-14T07:00:00Z     6"


def test_hours_without_hits_in_a_row_stand_on_one_line(workspace):
    lines = workspace.tool.do("hits", "histogram", *DAY).out.splitlines()
    assert [line.split()[0] for line in lines[1:6]] == ["none", "2024-02-14T07:00:00Z", "2024-02-14T08:00:00Z", "2024-02-14T09:00:00Z", "none"]
    assert lines[1] == "none to 2024-02-14T07:00:00Z" and lines[5] == "none to 2024-02-15T00:00:00Z"


@pytest.mark.parametrize("width, source", [([], "hours"), (["--width", "30m"], "records")])
def test_bars_are_split_by_what_is_asked_for(workspace, width, source):
    told = workspace.tool("hits", "histogram", *DAY, *width, "--by", "region", "--json").json()
    assert told["by"] == "region" and told["from"] == source and told["keys"] == ["ID-JK", "ID-AC"]
    for one in told["bins"]:
        assert sum(one["parts"]) == one["hits"]
    of_aceh = {one["begin"][11:16]: one["parts"][told["keys"].index("ID-AC")] for one in told["bins"] if one["hits"]}
    assert of_aceh[{"hours": "07:00", "records": "07:30"}[source]] == 2
    table = workspace.tool.do("hits", "histogram", *DAY, *width, "--by", "region").out
    assert table.splitlines()[0].split()[:2] == ["FROM", "HITS"] and "ID-AC" in table.splitlines()[0]


def test_csv(workspace):
    rows = list(csv.DictReader(io.StringIO(workspace.tool.do("hits", "histogram", *DAY, "--csv").out, newline="")))
    assert len(rows) == 24 and rows[7] == {"begin": "2024-02-14T07:00:00.000000Z", "hits": "6"}


def test_nothing_found_is_told(workspace):
    assert workspace.tool("hits", "histogram", "--since", "2024-03-01", "--until", "2024-03-02").code == NO


@pytest.mark.parametrize("options, named", [(["--width", "fast"], "fast"), ([*DAY, "--width", "0s"], "0s"), (["--since", "2000-01-01", "--width", "1s"], "bins")])
def test_bars_that_make_no_sense_are_refused(workspace, options, named):
    assert named in workspace.tool.refused(USAGE, "hits", "histogram", *options).err
