"""Hits that are not there though neither retention nor a purge removed them: every hits command and status say so."""
import os

import pytest

from support.made_hits import load
from support.tool import DATABASE, NO

HITS = 3000


@pytest.fixture
def filled(workspace):
    workspace.tool.do("db", "init")
    load(workspace, HITS, batch=60)
    return workspace


def cut_to(size):
    return lambda file: file.write_bytes(file.read_bytes()[:size])


def segments(workspace, ending="hits"):
    return sorted(workspace.hits.glob(f"*.{ending}"))


def summary(workspace, code=DATABASE):
    told = workspace.tool("hits", "summary", "--json")
    assert told.code == code, told
    return told.json()


def doctor(workspace):
    told = workspace.tool("doctor", "--quick", "--json", "--unbound", "/bin/false").json()
    return " ".join(one["what"] for one in told["checks"] if one["check"] == "hits.damage")


def told_everywhere(workspace, word):
    for command in (["hits", "list"], ["hits", "list", "--limit", "0"], ["hits", "summary"], ["hits", "top", "names"],
                    ["hits", "histogram", "--since", "2d"], ["hits", "report", "--since", "2d", "--json"]):
        told = workspace.tool(*command)
        assert told.code == DATABASE and word in told.out + told.err, told
    assert workspace.tool("status", "--check").code == NO
    assert "damaged" in workspace.tool("status").out and word in workspace.tool("status").out
    assert word in doctor(workspace)
    assert 'database_failing{database="hits"} 1' in workspace.tool.do("metrics").out


@pytest.mark.parametrize("break_it", [cut_to(100), lambda file: file.unlink(), cut_to(0)],
                         ids=["truncated", "deleted", "empty"])
def test_a_middle_file_that_goes_leaves_missing_hits_not_expired_ones(filled, break_it):
    files = segments(filled)
    whole = len(filled.tool("hits", "list", "--limit", "0", "--json").json()["hits"])
    break_it(files[len(files) // 2])
    left = len(filled.tool("hits", "list", "--limit", "0", "--json").json()["hits"])
    told = summary(filled)
    assert (told["kept"], told["missing"], told["expired"], told["purged"]) == (left, whole - left, 0, 0)
    assert 0 < told["missing"] < HITS
    told_everywhere(filled, f"{whole - left} hits before this file are missing")
    shipped = filled.tool("hits", "ship", "--to", "stdout", "--json")
    assert shipped.code == DATABASE and f"{whole - left} hits up to" in shipped.err
    assert "retention" not in shipped.err


def test_the_oldest_file_may_have_expired(filled):
    segments(filled)[0].unlink()
    told = summary(filled, 0)
    assert told["expired"] > 0 == told["missing"] and told["kept"] + told["expired"] == HITS
    assert "missing" not in filled.tool.do("hits", "summary").out.splitlines()[1]


@pytest.mark.parametrize("break_it", [cut_to(-300), lambda file: file.unlink()], ids=["truncated", "deleted"])
def test_the_last_file_is_known_by_the_counts(filled, break_it):
    break_it(segments(filled)[-1])
    left = len(filled.tool("hits", "list", "--limit", "0", "--json").json()["hits"])
    told = summary(filled)
    assert (told["kept"], told["missing"], told["expired"]) == (left, HITS - left, 0) and left < HITS
    told_everywhere(filled, f"{HITS - left} hits after this file's last are missing")


def test_a_purged_file_that_is_removed_misses_only_the_rest(filled):
    filled.tool.do("hits", "purge", "--order", "B-0/2024", "--yes")
    before = summary(filled, 0)
    files = segments(filled)
    files[len(files) // 2].unlink()
    filled.tool("hits", "purge", "--order", "B-1/2024", "--yes")
    told = summary(filled)
    assert told["missing"] > 0 == told["expired"]
    assert told["kept"] + told["purged"] + told["missing"] == before["recorded"] == HITS


def test_lost_counts_are_damage(filled):
    counts = segments(filled, "counts")[0]
    counts.write_bytes(counts.read_bytes()[: counts.stat().st_size // 2])
    for file in segments(filled):
        os.utime(file, (0, 0))  # not of this second
    told_everywhere(filled, "the counts by hour of")
    assert counts.name in filled.tool("hits", "summary").out


def test_changed_bytes_are_found_by_summary_and_doctor_and_ship(filled):
    file = segments(filled)[3]
    content = bytearray(file.read_bytes())
    at = content.index(b"SHLF", 300) + 80
    content[at] ^= 0x55
    file.write_bytes(content)
    assert file.name in summary(filled)["damage"][0] and "cannot be read" in summary(filled)["damage"][0]
    assert file.name in doctor(filled)
    shipped = filled.tool("hits", "ship", "--to", "stdout", "--json")
    assert shipped.code == DATABASE and "are damaged or missing in the hit log" in shipped.err
    assert "retention" not in shipped.err


def test_a_purge_removes_damaged_records_too(filled):
    file = segments(filled)[3]
    content = bytearray(file.read_bytes())
    content[content.index(b"SHLF", 300) + 80] ^= 0x55
    file.write_bytes(content)
    told = filled.tool("hits", "purge", "--client", "203.0.113.77", "--yes")
    assert told.code == 0 and file.name in told.err and "removed as well" in told.err
    assert "only the damaged ones" in told.out
    after = summary(filled, 0)
    assert after["purged"] > 0 == after["missing"] == after["expired"] and after["kept"] + after["purged"] == HITS
    assert filled.tool("hits", "purge", "--client", "203.0.113.77", "--yes").code == NO
    assert filled.tool("hits", "purge", "--client", "203.0.113.77", "--until", "2024-01-01", "--yes").code == NO
