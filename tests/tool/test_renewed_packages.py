"""packaging/deb/renew publishes packages only after they were built and tried. Stand-ins build, try and publish."""
import os
import shutil
import subprocess

import pytest

from support import paths

STEPS = {
    "build": 'if [ "$1" = --check ]; then [ -e current ]; exit; fi\nmkdir -p build/deb\ntouch current\n'
             'for name in unbound unbound-module-saring saring-tool saring-doc; do\n'
             '  cp version build/deb/${name}_1.deb\ndone',
    "test": "[ ! -e broken ]",
    "publish": 'mkdir -p "$1"; cp build/deb/*.deb "$1"',
}


@pytest.fixture
def renew(new_folder):
    tree = new_folder("tree")
    scripts, programs = tree / "packaging/deb", tree / "programs"
    scripts.mkdir(parents=True)
    programs.mkdir()
    shutil.copy(paths.ROOT / "packaging/deb/renew", scripts)
    for file, text in [(scripts / name, text) for name, text in STEPS.items()] + [(programs / "apt-get", "true")]:
        file.write_text(f'#!/bin/sh\nset -e\ncd "{tree}"\necho "{file.name} $*" >>steps\n{text}\n')
        file.chmod(0o755)
    (tree / "version").write_text("1")

    def run():
        (tree / "steps").write_text("")
        environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
        code = subprocess.run([scripts / "renew", tree / "apt"], env=environment, check=False).returncode
        return code, [step.split()[0] for step in (tree / "steps").read_text().splitlines()][1:]

    return tree, run


def test_new_packages_are_built_tried_and_published(renew):
    tree, run = renew
    assert run() == (0, ["build", "build", "test", "publish"])
    assert run() == (0, ["build"])  # it only asks whether they are current
    (tree / "version").write_text("2")
    (tree / "current").unlink()
    assert run() == (0, ["build", "build", "test", "publish"])
    assert (tree / "apt/unbound_1.deb").read_text() == "2"


def test_packages_that_failed_their_trial_are_not_published(renew):
    tree, run = renew
    run()
    (tree / "version").write_text("2")
    (tree / "current").unlink()
    (tree / "broken").touch()
    assert run() == (1, ["build", "build", "test"])
    assert run() == (1, ["build", "test"])
    assert (tree / "apt/unbound_1.deb").read_text() == "1"
    (tree / "broken").unlink()
    assert run() == (0, ["build", "test", "publish"])
    assert (tree / "apt/unbound_1.deb").read_text() == "2"
