"""One version: that of project() in CMakeLists.txt, and every other place agrees."""
import re
import subprocess

from support import paths


def version() -> str:
    return re.search(r"^project\(saring VERSION (\S+)", (paths.ROOT / "CMakeLists.txt").read_text(), re.MULTILINE)[1]


def test_the_tool_says_it():
    shown = subprocess.run([str(paths.TOOL), "--version"], capture_output=True, text=True, check=True).stdout
    assert shown == f"blocklist-tool {version()}\n"


def test_the_newest_entry_of_the_changelog_is_of_it():
    newest = re.search(r"^## (\S+?),? ", (paths.ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[1]
    assert newest.rstrip(",") == version()


def test_the_packagings_are_of_it():
    debian = re.match(r"saring \((.*)-\d+\)", (paths.ROOT / "packaging/debian/changelog").read_text())[1]
    rpm = re.search(r"^Version: +(\S+)$", (paths.ROOT / "packaging/rpm/saring.spec").read_text(), re.MULTILINE)[1]
    assert (debian, rpm) == (version(), version())


def test_the_debian_package_builds_with_the_libraries_that_bootstrap_installs():
    """A build on this machine would not notice a missing dependency that is installed already."""
    libraries = (paths.ROOT / "packaging/packages/build.txt").read_text().split("# libraries",
                                                                                1)[1].split("\n\n",
                                                                                            1)[0].splitlines()[1:]
    needed = {name for name in libraries if name.endswith("-dev")}
    declared = (paths.ROOT / "packaging/debian/control").read_text().split("Build-Depends:", 1)[1].split("\n\n", 1)[0]
    missing = {name for name in needed if f" {name}," not in declared}
    assert not missing
