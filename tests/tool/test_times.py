"""Times as people type and read them: lengths, dates and RFC 3339 alike, in the chosen zone; JSON in UTC."""
import os
import re
import subprocess
from datetime import datetime, timedelta, timezone

import pytest

from support import orders, paths
from support.tool import USAGE

JAKARTA = "Asia/Jakarta"


def run(workspace, *words, zone=None):
    environment = {key: value for key, value in os.environ.items() if key != "TZ"}
    if zone:
        environment["TZ"] = zone
    done = subprocess.run(
        [str(paths.TOOL), "--config", str(workspace.config), *map(str, words)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done
    return done.stdout


def in_zone(workspace, zone):
    workspace.configure(more=f'\n[display]\ntime_zone = "{zone}"\n')


def drafted(workspace, *words, zone=None):
    import json

    return json.loads(
        run(
            workspace,
            "order",
            "new",
            "--id",
            "B-1",
            "--authority",
            "Uji",
            "--domain",
            "hoax.example",
            *words,
            zone=zone,
        )
    )


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@pytest.mark.parametrize("text, days", [("90d", 90), ("2w", 14), ("36h", 1.5)])
def test_a_length_is_from_now_on_where_an_end_is_asked_for(workspace, text, days):
    expires = moment(drafted(workspace, "--expires", text)["expires"])
    assert abs(expires - datetime.now(timezone.utc) - timedelta(days=days)) < timedelta(minutes=2)


@pytest.mark.parametrize(
    "text, stored",
    [
        ("2199-03-01", "2199-03-01T00:00:00Z"),
        ("2199-03-01T07:00", "2199-03-01T07:00:00Z"),
        ("2199-03-01 07:00:30", "2199-03-01T07:00:30Z"),
        ("2199-03-01T07:00:00+07:00", "2199-03-01T00:00:00Z"),
    ],
)
def test_a_date_is_utc_where_nothing_else_is_wanted(workspace, text, stored):
    assert drafted(workspace, "--expires", text)["expires"] == stored


def test_a_date_is_of_the_zone_of_the_environment(workspace):
    assert drafted(workspace, "--expires", "2199-03-01", zone=JAKARTA)["expires"] == "2199-02-28T17:00:00Z"


def test_the_configured_zone_goes_before_the_environment(workspace):
    in_zone(workspace, "Asia/Makassar")
    assert drafted(workspace, "--expires", "2199-03-01", zone=JAKARTA)["expires"] == "2199-02-28T16:00:00Z"


@pytest.mark.parametrize(
    "words",
    [
        ["order", "list"],
        ["order", "show", orders.ID],
        ["explain", "hoax.example"],
        ["local", "list"],
        ["db", "history"],
        ["status"],
    ],
)
def test_people_read_times_in_their_zone_and_programs_in_utc(workspace, words):
    workspace.block("hoax.example")
    workspace.tool.do("local", "block", "phish.example", "--reason", "uji")
    utc, here, json = (
        run(workspace, *words),
        run(workspace, *words, zone=JAKARTA),
        run(workspace, *words, "--json", zone=JAKARTA),
    )
    utc, here = utc.split("\n{", 1)[0], here.split("\n{", 1)[0]  # the document of an order stays as it was signed
    assert re.search(r"\d\dZ", utc) and not re.search(r"\+07:00", utc), utc
    assert re.search(r"\d\d\+07:00", here) and not re.search(r"T\d\d:\d\d:\d\dZ", here), here
    assert re.search(r"\d\dZ", json) and "+07:00" not in json, json
    assert re.sub(r'"time": .*|"updated": .*|"age.*', "", json) == re.sub(
        r'"time": .*|"updated": .*|"age.*', "", run(workspace, *words, "--json")
    )


def test_a_message_of_an_error_is_read_in_the_zone_too(workspace):
    done = subprocess.run(
        [
            str(paths.TOOL),
            "--config",
            str(workspace.config),
            "order",
            "apply",
            str(workspace.signed(expires="2024-02-01T00:00:00Z")),
        ],
        env={**os.environ, "TZ": JAKARTA},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "expired 2024-02-01T07:00:00+07:00" in done.stderr, done


@pytest.mark.parametrize(
    "words",
    [
        ["order", "new", "--id", "B", "--authority", "U", "--domain", "a.example", "--expires", "{}"],
        ["local", "block", "a.example", "--reason", "x", "--expires", "{}"],
        ["list", "import", "--source", "x", "--format", "domains", "/dev/null", "--expires", "{}"],
        ["explain", "a.example", "--at", "{}"],
        ["db", "history", "--since", "{}"],
        ["hits", "list", "--since", "{}"],
    ],
)
@pytest.mark.parametrize("text", ["someday", "90x", "2024-02-30", "31/12/2024", "2024-02-14T25:00"])
def test_what_is_no_time_is_refused_everywhere_alike(workspace, words, text):
    workspace.tool.do("db", "init")
    error = workspace.tool.refused(USAGE, *[word.format(text) for word in words]).err
    assert text in error and "2024-02-14" in error, error


def test_an_unknown_time_zone_is_an_error_and_does_not_affect_resolvers(workspace):
    workspace.block("hoax.example")
    in_zone(workspace, "Asia/Jakartaa")
    error = workspace.tool.refused(USAGE, "order", "list").err
    assert "display.time_zone" in error and "Asia/Jakartaa" in error


def test_a_zone_of_the_environment_that_is_none_is_utc(workspace):
    workspace.block("hoax.example")
    assert "2024-01-01T00:00:00Z" in run(workspace, "order", "list", zone="nowhere")
