"""saring-messages(7) describes each line that the module writes to Unbound's log, and no other."""
import re

import pytest
from support import manual, paths

MODULE = paths.ROOT / "module"
TABLE = dict(re.findall(r"^    X\((SARING_\w+), (\w+)\)", (MODULE / "log_messages.h").read_text(), flags=re.MULTILINE))
PAGE = manual.plain((manual.SOURCES / "saring-messages.7.scd").read_text())
SOURCES = sorted(file for file in MODULE.rglob("*") if file.suffix in (".c", ".cc", ".h"))


def entries():
    """{identifier: (severity, text)}; an identifier that comes twice counts as missing once."""
    found = re.findall(r"^\*(SARING_\w+)\* \((\w+)\)\n((?:\t.*\n|\n(?=\t))+)", PAGE, flags=re.MULTILINE)
    assert len(found) == len({identifier for identifier, _, _ in found})
    return {identifier: (severity, text) for identifier, severity, text in found}


def test_the_page_has_every_message_with_its_severity_and_no_other():
    assert len(TABLE) > 15
    assert {identifier: severity for identifier, (severity, _) in entries().items()} == TABLE


def test_the_page_mentions_no_message_that_does_not_exist():
    assert set(re.findall(r"\bSARING_[A-Z_]+\b", PAGE)) == set(TABLE)


@pytest.mark.parametrize("identifier", TABLE)
def test_each_message_has_a_cause_and_a_remedy(identifier):
    _, text = entries()[identifier]
    assert re.search(r"^\tCause: \S", text, flags=re.MULTILINE) and re.search(
        r"^\tRemedy: \S", text, flags=re.MULTILINE
    )


def test_each_message_is_written_somewhere_and_nothing_is_logged_without_one():
    logged = [m for file in SOURCES for m in re.findall(r"\bglue_log\(\s*(\w+)", file.read_text()) if m != "enum"]
    assert set(logged) == set(TABLE)
    unnamed = [f"{file.name}: {line.strip()}" for file in SOURCES for line in file.read_text().splitlines()
               if re.search(r"\b(log_(err|warn|info)|verbose)\(", line) and "messages[message].identifier" not in line]
    assert not unnamed
