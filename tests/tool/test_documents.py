"""The commands of the README and the guides are typed here, block after block, as they stand."""
import re

import pytest
from support import documents, made_hits, paths
from support.documents import Desk, blocks

DOCS = paths.ROOT / "docs"
# troubleshooting.md needs a resolver: tests/resolver/test_troubleshooting.py.
TYPED = {document.name: document
         for document in [paths.ROOT / "README.md", paths.ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]
         if any(block.language == "sh" for block in blocks(document)) and document.name != "troubleshooting.md"}
FEED_KEYS = {"ministry-2024": "ministry", "ministry-feed-2024": "feed"}


def record_hits(desk):
    made_hits.record(desk, [{"qname": "www.hoaks-pemilu.example", "listed": "hoaks-pemilu.example", "order": "B-1/2024",
                             "region": "ID-JK", "client": "192.0.2.0/24", "count": 5}])


def publish_feed(desk, configuration):
    """A ministry's feed with the order of the guides, and the block of configuration with that ministry's keys."""
    for name in FEED_KEYS.values():
        desk.do(f"blocklist-tool key generate --secret-key {name}.key --public-key {name}.pub --no-password")
    for trusted, name in FEED_KEYS.items():
        line = (desk.home / f"{name}.pub").read_text().splitlines()[1]
        configuration = re.sub(rf'(name = "{trusted}"\npublic_key = )"RW..."', rf'\1"{line}"', configuration)
    assert "RW..." not in configuration
    # The shipped file has a table [answer] already.
    action, tables = configuration.split("[[trust.key]]", 1)
    desk.configure("")
    option = action.split("\n")[1]
    desk.config.write_text(desk.config.read_text().replace("[answer]\n", f"[answer]\n{option}\n", 1)
                           + desk.moved("[[trust.key]]" + tables))
    desk.do("""blocklist-tool db init  # as the package does
               blocklist-tool order new --id B-1/2024 --authority Kominfo --expires "$(date -u -d +90days +%FT%TZ)" \
                   --domain hoaks-pemilu.example --output order.json
               blocklist-tool order sign order.json --yes --secret-key ministry.key
               blocklist-tool feed publish /srv/feed --name ministry --secret-key feed.key order.json""")


@pytest.mark.parametrize("name", sorted(TYPED))
def test_every_command_of_the_document_can_be_typed(name, new_folder):
    desk = Desk(new_folder("desk"), documents.language_of(TYPED[name]))
    typed = 0
    for block, output in documents.with_outputs(TYPED[name]):
        if block.mark == "setup":
            publish_feed(desk, block.text)
        elif block.language == "sh" and block.mark != "not run":
            if block.mark == "needs":
                record_hits(desk)
            if block.mark == "asks":
                desk.do_unasked(block.text)
            elif output:
                desk.check_printed(TYPED[name], block, output)
            else:
                desk.do(block.text)
            typed += 1
    reasons = [block for block in blocks(TYPED[name]) if block.mark == "not run"]
    assert typed or reasons


def test_a_block_that_is_not_typed_says_why():
    for document in TYPED.values():
        for block in blocks(document):
            assert block.mark != "not run" or len(block.what) > 20, f"{document.name}: {block.text}"
        marks = re.findall(r"^<!-- (?:not run|needs|setup|broken|asks|prints)\b.*\n(.*)", document.read_text(),
                           flags=re.MULTILINE)
        assert all(line.startswith("```") for line in marks), f"{document.name} has a mark that no block follows"


def test_no_command_stands_outside_a_block_that_is_typed():
    """No test would notice an indented block."""
    for document in [paths.ROOT / "README.md", *DOCS.glob("*.md")]:
        outside = documents.FENCE.sub("", document.read_text())
        assert not re.findall(r"^    (?:blocklist-tool|packaging/|tests/run|systemctl|apt) ?.*", outside,
                              flags=re.MULTILINE), document.name


def test_the_quick_start_blocks_and_releases(new_folder):
    for name in ("quickstart.md", "quickstart.id.md"):
        desk = Desk(new_folder("desk"))
        shown = "".join(desk.do(block.text) for block in blocks(DOCS / name)
                        if block.language == "sh" and not block.mark)
        assert "www.hoaks-pemilu.example: BLOCKED" in shown and "revoked at serial 2" in shown, shown


@pytest.mark.parametrize("name", ["quickstart", "ministrys-guide"])
def test_both_languages_have_the_same_commands(name):
    def commands(document):
        return [re.sub(r"(?: +|^)#.*|'[^']*'", "", block.text, flags=re.MULTILINE) for block in blocks(document)
                if block.language == "sh"]
    assert commands(DOCS / f"{name}.md") == commands(DOCS / f"{name}.id.md")


def test_linked_files_exist():
    for document in [paths.ROOT / "README.md", paths.ROOT / "CONTRIBUTING.md", *DOCS.glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:)([^)#]+)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_picture_of_the_readme_is_small():
    assert 10_000 < (DOCS / "picture" / "saring.png").stat().st_size < 150_000
