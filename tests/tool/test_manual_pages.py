"""The manual pages of docs/man describe every command and option, no others, and man shows them."""
import re
import subprocess

import pytest
from support import manual, paths

PAGES = sorted(manual.SOURCES.glob("*.scd"))


def test_every_command_has_a_section_and_every_section_a_command():
    assert set(manual.documented()) == set(manual.offered())


def test_every_option_is_in_the_manual_and_nothing_else():
    documented = manual.documented()
    wrong = {command: documented.get(command, set()) ^ options for command, options in manual.offered().items()}
    assert not {command: options for command, options in wrong.items() if options}


def test_every_object_has_a_page_that_the_main_one_names():
    main = (manual.SOURCES / "blocklist-tool.8.scd").read_text()
    pages = {page.name.removesuffix(".8.scd") for page in PAGES if page.name.startswith("blocklist-tool-")}
    assert pages == set(re.findall(r"^\*(blocklist-tool-\w+)\*\(8\)$", main, flags=re.MULTILINE))
    assert pages == {
        f"blocklist-tool-{command.split()[0]}"
        for command in manual.offered()
        if f"blocklist-tool-{command.split()[0]}" in pages
    }


def options(text, pattern):
    """[(table, option, value)] in order; tables that come twice count twice."""
    table, found = None, []
    for line in text.splitlines():
        heading = re.match(r"#* ?(\[\[?[a-z.]+\]\]?)(?: of .*)?$", line)
        option = re.match(pattern, line)
        if heading:
            table = heading[1]
        elif option and table:
            found.append((table, option[1], option[2]))
    return found


def test_saring_toml_5_has_every_option_with_its_default():
    conf = (paths.ROOT / "conf" / "saring.toml").read_text()
    shipped = options(re.sub(r"   +# .*", "", conf), r"#([a-z0-9_]+) = (.*)")
    tables = manual.plain((manual.SOURCES / "saring.toml.5.scd").read_text()).split("# EXAMPLE", 1)[0]
    described = options(tables, r"\*([a-z0-9_]+)\* = (.*?)(?:\+\+)?$")
    assert len(shipped) > 60
    assert described == [(table, name, value.strip()) for table, name, value in shipped]


@pytest.mark.parametrize("source", PAGES, ids=lambda source: source.stem)
def test_man_has_nothing_to_complain_of(source, tmp_path):
    page = manual.page(source, tmp_path)
    shown = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", str(page)], capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "80"})
    assert shown.returncode == 0 and shown.stderr == ""
    assert source.name.split(".")[0] in shown.stdout and "TODO" not in shown.stdout


def test_pages_refer_to_pages_that_are_there():
    ours = {page.stem for page in PAGES}
    for source in PAGES:
        for name, section in re.findall(r"\*([\w.-]+)\*\((\d)\)", source.read_text()):
            if name.startswith(("saring", "blocklist-tool")):
                assert f"{name}.{section}" in ours, f"{source.name} refers to {name}({section})"
