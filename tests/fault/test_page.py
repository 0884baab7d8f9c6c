"""docs/faults.md has the faults that tests/fault/run injects, and docs/reliability.md sums it up."""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import feeding  # noqa: E402
import page  # noqa: E402
import writing  # noqa: E402
from row import Row  # noqa: E402
from support import paths  # noqa: E402

FAULTS = (paths.ROOT / "docs" / "faults.md").read_text()
CONCLUSIONS = (paths.ROOT / "docs" / "reliability.md").read_text()


def rows():
    for group, text in re.findall(r"^## (.*)\n((?:(?!## ).*\n)*)", FAULTS, flags=re.MULTILINE):
        cells = re.findall(r"^\| (.*?) \| (.*) \| (\d+) \| .* \| (.*) \|$", text, flags=re.MULTILINE)
        for victim, fault, trials, result in cells:
            yield Row(group, victim, fault, int(trials), bad=[] if result == "kept" else [result])


def test_the_summary_is_that_of_the_table():
    found = list(rows())
    assert len(found) > 250
    begin, end = (CONCLUSIONS.index(mark) for mark in page.MARKS)
    assert CONCLUSIONS[begin + len(page.MARKS[0]) + 1:end] == page.summary(found)


def test_every_fault_of_commands_and_of_feed_servers_was_injected():
    injected = {(row.group, row.fault) for row in rows()}
    assert injected >= {(writing.GROUP, fault) for fault in writing.FAULTS}
    assert injected >= {(feeding.GROUP, fault.name) for fault in feeding.FAULTS}


def test_the_listed_test_files_exist():
    suites = [row.victim for row in rows() if row.group == page.SUITES]
    assert len(suites) > 10 and all((paths.ROOT / file).is_file() for file in suites)
